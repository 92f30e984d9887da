"""What the browser itself holds to: nothing that was put into a page runs, and no page of ours breaks the policy."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from stillwell.store.accounts import Accounts
from stillwell.store.store import Store, sqlite_url
from tests.web.running import running
from tests.web.test_in_browser import STEPS, browser, context, tell

__all__ = ["browser"]
SCRIPT = "<script>window.ran = 1; document.title = 'ran'</script>"
PUT_IN = {
    "an inline script": SCRIPT,
    "a handler": '<img src="/nowhere.png" onerror="window.ran = 1">',
    "an address that runs": '<iframe src="javascript:parent.ran = 1"></iframe>',
    "a script from elsewhere": '<script src="https://evil.example/a.js"></script>',
    "a script as data": '<script src="data:text/javascript,window.ran=1"></script>',
    "an inline style": "<style>body { --ran: 1; margin-top: 77px !important }</style>",
    "a style attribute": '<p id="styled" style="margin-top: 77px">x</p>',
    "a base": '<base href="https://evil.example/">',
    "a form to elsewhere": '<form action="https://evil.example/"><input name="a"><button id="sent">x</button></form>',
    "a frame": '<iframe src="https://evil.example/"></iframe>',
    "an object": '<object data="https://evil.example/a.swf"></object>',
    "a picture from elsewhere": '<img src="https://evil.example/a.png">',
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = Store(sqlite_url(tmp_path_factory.mktemp("policy") / "page.db"))
    with running(store) as port:
        yield f"http://localhost:{port}"
    store.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a shared page, and an invitation."""
    store = Store(sqlite_url(tmp_path_factory.mktemp("shared") / "page.db"))
    code = Accounts(store).invite()
    with running(store, shared=True) as port:
        yield f"http://localhost:{port}", code
    store.close()


def listening(page: Page) -> list[str]:
    """What the browser complains about from here on."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def test_what_was_put_into_a_page_neither_runs_nor_styles(browser: Browser, address: str) -> None:
    with context(browser) as made:
        page = made.new_page()
        left: list[str] = []
        page.on("request", lambda request: left.append(request.url))
        for name, put_in in PUT_IN.items():
            said = listening(page)

            def with_it(route: Route, _: Request, put_in: str = put_in) -> None:
                answer = route.fetch()
                text = answer.text().replace("</main>", put_in + "</main>")
                route.fulfill(response=answer, body=text)  # under the page's own headers

            page.route(f"{address}/", with_it)
            page.goto(address, wait_until="networkidle")
            if page.locator("#sent").count():
                page.locator("#sent").evaluate("button => button.click()")
            page.unroute(f"{address}/")
            assert page.evaluate("window.ran") is None and page.title() != "ran", name
            assert page.evaluate("getComputedStyle(document.body).marginTop") != "77px", name
            if page.locator("#styled").count():
                style = page.evaluate(
                    "getComputedStyle(document.querySelector('#styled')).marginTop"
                )
                assert style != "77px"
            assert page.evaluate("document.baseURI").startswith(address), name
            assert any("Content Security Policy" in line for line in said), (name, said)
        assert not [url for url in left if "evil.example" in url and "/?" in url]


def test_text_does_not_become_a_script_by_way_of_a_script(browser: Browser, address: str) -> None:
    with context(browser) as made:
        page = made.new_page()
        page.goto(address)
        reached = page.evaluate(
            """() => { const found = [];
              for (const [name, does] of Object.entries({
                inner: () => { document.body.innerHTML = '<b>x</b>' },
                adjacent: () => document.body.insertAdjacentHTML('beforeend', '<b>x</b>'),
                write: () => document.write('x'),
                parse: () => new DOMParser().parseFromString('<b>x</b>', 'text/html'),
                script: () => { document.createElement('script').text = 'window.ran = 1' },
                source: () => { document.createElement('script').src = '/static/site.js' },
                timer: () => setTimeout('window.ran = 1', 0),
                policy: () => trustedTypes.createPolicy('mine', { createHTML: (a) => a }),
                again: () => trustedTypes.createPolicy('stillwell', { createHTML: (a) => a }),
              })) { try { does(); found.push(name) } catch { /* refused */ } }
              return found }"""
        )
        assert reached == []


def test_no_page_of_ours_breaks_the_policy(browser: Browser, address: str) -> None:
    with context(browser) as made:
        page = made.new_page()
        said = listening(page)
        url = tell(page, address)
        pages = [f"{url}/{step}" for step in STEPS]
        pages += [f"{url}/delete", f"{url}/share/whole.html", f"{url}/share/doctor.html"]
        pages += [f"{address}/{p}" for p in ("", "learn", "learn/compare", "data", "data/delete")]
        for place in pages:
            page.goto(place)
            page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
        person = re.search(r"/p/([\w-]+)/diary", page.request.get(f"{address}/data").text())
        assert person
        for part in ("diary", "changes", "dates"):
            page.goto(f"{address}/p/{person[1]}/{part}")
        page.goto(f"{address}/learn")
        page.goto(address + (page.locator("a[href^='/learn/']").last.get_attribute("href") or ""))
        assert said == []
        page.goto(f"{url}/share/whole.html")  # its own style holds, by its hash
        assert page.title() == "stillwell"
        assert page.evaluate("[...document.styleSheets].some(s => s.cssRules.length > 10)")


def test_a_link_to_a_source_tells_nobody_where_it_was_read(browser: Browser, address: str) -> None:
    with context(browser) as made:
        page = made.new_page()
        sent: list[dict[str, str]] = []

        def caught(route: Route) -> None:
            sent.append(route.request.headers)
            route.fulfill(body="there")

        page.route(re.compile("^https?://(?!localhost)"), caught)
        url = tell(page, address)
        for place in (f"{url}/answer", f"{address}/learn/compare"):
            page.goto(place)
            page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
            page.evaluate(
                "(url) => { const a = document.createElement('a'); a.href = url; document.body.append(a); a.click() }",
                "https://source.example/",
            )
            page.wait_for_url("https://source.example/")
        assert len(sent) == 2
        assert all("referer" not in headers for headers in sent)


def test_an_account_is_made_used_and_deleted_in_a_browser(
    browser: Browser, shared: tuple[str, str]
) -> None:
    address, code = shared
    password = "brass kettle under the fig tree"
    with context(browser) as made:
        page = made.new_page()
        said = listening(page)
        page.goto(address)
        page.get_by_role("link", name="I have an invitation").click()
        page.get_by_label("Invitation").fill(code)
        page.get_by_label("Your sign-in name").fill("ann")
        page.get_by_label("New password").fill(password)
        page.get_by_role("button", name="Make an account").click()
        assert page.evaluate("document.cookie") == ""
        url = tell(page, address)
        page.get_by_role("link", name="Account").click()
        assert page.get_by_text("You are signed in as ann.").is_visible()
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.goto(f"{url}/answer")
        assert page.url.endswith("/sign-in")
        page.get_by_label("Your sign-in name").fill("ann")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"{address}/account/delete")
        page.get_by_label("Your password now").fill(password)
        page.get_by_role("button", name="Yes, delete it all").click()
        assert page.get_by_role("heading", name="The account is deleted").is_visible()
        assert said == []
