"""Every page at the width of a small phone, in both themes: no violation that axe finds, nothing scrolls sideways."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.routing import Route
from tools.screenshots import Household
from tools.screenshots import running as at_home

from stillwell.store.accounts import Accounts
from stillwell.store.store import Store, sqlite_url
from stillwell.web.app import application
from tests.web.running import running
from tests.web.test_accounts import PASSWORD
from tests.web.test_screenshots import browser

__all__ = ["browser"]
WIDTH = 320
Act = Callable[[Page], object]
NO_PAGE = (
    ".zip",
    ".ics",
    ".{form}",
    "/static/",
    "/health",
    "/api/",
)  # routes that answer with no page of ours


def send(page: Page) -> None:
    """Send the last form of a page as it stands, whatever the browser would ask for first."""
    with page.expect_navigation():
        page.locator("main form").last.evaluate("form => form.submit()")


def fill(field: str, text: str) -> Act:
    def act(page: Page) -> None:
        page.locator(field).first.fill(text)
        with page.expect_navigation():
            page.locator(field).first.evaluate("field => field.form.submit()")

    return act


def look(page: Page) -> None:
    """Nothing but what the page shows."""


def steps(household: Household) -> dict[str, tuple[str, Act]]:
    """Name -> (path, what is done there): every page of one's own, with its errors and its empty states."""
    now, new, ann = f"/s/{household.now}", f"/s/{household.new}", f"/p/{household.ann}"
    sheet, urgent, bo = f"/s/{household.before}", f"/s/{household.urgent}", f"/p/{household.bo}"
    shown = [
        "/", "/learn", "/learn/compare", "/data", "/data/delete", f"/data/people/{household.ann}/remove",
        f"{now}/words", f"{now}/you", f"{now}/medicines", f"{now}/urgent", f"{now}/questions", f"{now}/questions/1",
        f"{now}/food", f"{now}/food/days/1", f"{now}/food/days/4", f"{now}/food/matches", f"{now}/food/often",
        f"{now}/food/amounts", f"{now}/food/ways", f"{now}/food/not", f"{now}/tests", f"{now}/tests/now/0",
        f"{now}/check", f"{now}/answer", f"{now}/plan", f"{now}/share", f"{now}/delete",
        f"{sheet}/tests/rows", f"{new}/you", f"{new}/medicines", f"{new}/food", f"{new}/tests",
        f"{urgent}/urgent", f"{urgent}/questions", f"{urgent}/answer", f"{urgent}/plan", f"{urgent}/share",
        f"{ann}/diary", f"{ann}/diary?all=yes", f"{ann}/changes", f"{ann}/dates",
        f"{bo}/diary", f"{bo}/changes", f"{bo}/dates",
        "/nowhere", "/s/none/words", "/p/none/diary", "/learn/none",
        f"/s/{household.lost}/heard", f"/s/{household.lost}/urgent",
    ]  # fmt: skip
    found: dict[str, tuple[str, Act]] = {path: (path, look) for path in shown}
    found |= {
        "asked": ("/learn", fill("#question", "does magnesium help night cramps?")),
        "asked in an emergency": ("/learn", fill("#question", "my face droops on one side")),
        "asked in vain": ("/learn", fill("#question", "zzzqqq")),
        "no words": (f"{new}/words", fill("#words", "")),
        "no age": (f"{new}/you", fill("#age", "old")),
        "no medicine": (f"{new}/medicines", fill("#medicines", "")),
        "no result": (f"{new}/tests", fill("#results", "hello")),
        "no day": (f"{ann}/diary", send),
        "no name": ("/", lambda page: page.locator("#person-new").check() or send_first(page)),
        "a unit that cannot be": (f"{new}/tests", unit),
    }
    return found


def send_first(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Start").click()


def unit(page: Page) -> None:
    """A result that is possible only in another unit, up to the page that asks which."""
    fill("#results", "Potassium 41 mmol/L")(page)
    if page.locator("#use-0-yes").count():
        page.locator("#use-0-yes").check()
    with page.expect_navigation():
        page.locator("main form button.button").last.click()


def phone(browser: Browser, theme: str) -> BrowserContext:
    made = browser.new_context(
        viewport={"width": WIDTH, "height": 640},
        color_scheme=theme,  # type: ignore[arg-type]
        bypass_csp=True,  # axe is no script of ours
    )
    made.set_default_timeout(60_000)
    return made


def faults(page: Page, name: str) -> str:
    """What axe finds, and what scrolls sideways; "" where all is well."""
    page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
    found = Axe().run(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    report = found.generate_report() if found.violations_count else ""
    return report + (f"{name} is {wide} wide" if wide > WIDTH else "")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_ones_own(browser: Browser, theme: str) -> None:
    wrong = {}
    with at_home() as (address, household), phone(browser, theme) as made:
        page = made.new_page()
        for name, (path, act) in steps(household).items():
            page.goto(f"{address}{path}")
            act(page)
            if found := faults(page, name):
                wrong[name] = found
        for kind in page.goto(f"{address}/learn") and learned(page):  # one record of each kind
            page.goto(f"{address}{kind}")
            if found := faults(page, kind):
                wrong[kind] = found
    assert not wrong, "\n".join(f"{name}: {text}" for name, text in wrong.items())


def learned(page: Page) -> list[str]:
    """The first record of each kind, and where one says that it is wrong."""
    lists = page.locator("main details")
    links = [lists.nth(n).locator("a").first.get_attribute("href") for n in range(lists.count())]
    paths = [link for link in links if link]
    return [*paths, f"{paths[0]}/wrong"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store]]:
    store = Store(sqlite_url(tmp_path_factory.mktemp("shared") / "page.db"))
    with running(store, shared=True) as port:
        yield f"http://localhost:{port}", store
    store.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_an_account(browser: Browser, shared: tuple[str, Store], theme: str) -> None:
    address, store = shared
    wrong = {}

    def visit(page: Page, name: str, path: str, act: Act = look) -> None:
        page.goto(f"{address}{path}")
        act(page)
        if found := faults(page, name):
            wrong[name] = found

    with phone(browser, theme) as made:
        page = made.new_page()
        visit(page, "signed out", "/")
        visit(page, "sign in", "/sign-in")
        visit(page, "invitation", "/sign-up")
        visit(page, "no such account", "/sign-in", send)
        visit(page, "no such invitation", "/sign-up", send)
        page.goto(f"{address}/sign-up")
        page.locator("#code").fill(Accounts(store).invite())
        page.locator("#name").fill(f"ann {theme}")
        page.locator("#password").fill(PASSWORD)
        send(page)
        visit(page, "the first page", "/")
        visit(page, "account", "/account")
        visit(page, "no new password", "/account", send)
        visit(page, "delete the account", "/account/delete")
        visit(page, "data", "/data")
        visit(page, "nowhere", "/nowhere")
    assert not wrong, "\n".join(f"{name}: {text}" for name, text in wrong.items())


def test_no_page_is_forgotten(store: Store) -> None:
    """Every route that answers with a page is looked at above."""
    household = Household(store)
    paths = {path.partition("?")[0] for path, _ in steps(household).values()}
    paths |= {"/sign-in", "/sign-up", "/account", "/account/delete"}
    paths |= {
        "/learn/low",
        "/learn/low/wrong",
        f"/s/{household.new}/tests/units",
    }  # gone to by a link
    routes = [
        route
        for route in application(store, warm=False, shared=True).routes
        if isinstance(route, Route)
        and "GET" in (route.methods or ())
        and not any(part in route.path for part in NO_PAGE)
    ]
    unseen = [r.path for r in routes if not any(r.path_regex.match(path) for path in paths)]
    assert len(routes) > 30 and unseen == []
