"""The whole way in a real browser: by keyboard, without scripts, on a phone, in both themes.

Needs an installed Chromium or Chrome; without one these tests are skipped and say so.
"""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from tools.page_server import browsing

from stillwell.store.store import Store, sqlite_url
from tests.web.running import running

STORY = "In the evening my legs are restless and I have to move them. Walking helps. I am tired."
URGENT = "My legs got weak over two days and now I cannot pass urine and I am numb between my legs."
STEPS = ("words", "you", "medicines", "urgent", "questions", "food", "tests", "check", "answer", "plan", "share")  # fmt: skip
MOST_QUESTIONS = 20


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server over a database of its own."""
    store = Store(sqlite_url(tmp_path_factory.mktemp("page") / "page.db"))
    with running(store) as port:
        yield f"http://localhost:{port}"
    store.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as started:
        if started is None:
            pytest.skip("no Chromium or Chrome on this machine")
        yield started


def context(browser: Browser, *, script: bool = True, theme: str = "light", width: int = 375) -> BrowserContext:  # fmt: skip
    made = browser.new_context(
        viewport={"width": width, "height": 700},
        java_script_enabled=script,
        color_scheme=theme,  # type: ignore[arg-type]
        bypass_csp=script and theme == "dark",  # axe is no script of ours
    )
    made.set_default_timeout(30_000)
    return made


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue", exact=True).click()


def tell(page: Page, address: str, story: str = STORY) -> str:
    """From the first page to the check of what was understood; returns the journey's address."""
    page.goto(address)
    page.get_by_role("button", name="Start").click()
    page.get_by_label("What is the matter with your legs?").fill(story)
    go_on(page)
    if page.url.endswith("/urgent"):
        return page.url.rpartition("/")[0]
    page.get_by_label("How old are you?").fill("34")
    page.get_by_label("Woman", exact=True).check()
    go_on(page)
    page.get_by_role("button", name="No, none at all").click()
    page.wait_for_url("**/urgent")
    return page.url.rpartition("/")[0]


def answer_all(page: Page) -> int:
    """Answer every question with "none" or "no"; returns how many there were."""
    for number in range(MOST_QUESTIONS + 1):
        page.wait_for_selector("#question, a.button")
        if page.locator("#question").count() == 0:
            return number
        heading = page.locator("legend h1").inner_text()
        page.locator("#answer-none, #answer-no").first.click()
        page.locator("legend h1", has_text=re.compile(f"^{re.escape(heading)}$")).wait_for(
            state="detached"
        )
    raise AssertionError("the questions do not end")


def test_without_scripts_a_story_reaches_the_doctors_page(browser: Browser, address: str) -> None:
    with context(browser, script=False) as made:
        page = made.new_page()
        url = tell(page, address)
        page.get_by_role("link", name="Continue").click()
        assert 1 <= answer_all(page) <= MOST_QUESTIONS
        page.goto(f"{url}/answer")
        assert page.locator("#answer").inner_text().startswith("In short")
        with made.expect_page() as opened:
            page.get_by_role("link", name="Page for the doctor").click()
        assert "Summary for the doctor" in opened.value.locator("h1").inner_text()
        page.get_by_role("link", name="Save or print it").click()
        assert page.get_by_role("heading", name="Take it to your doctor").is_visible()


def test_with_scripts_an_answer_moves_the_bars_and_the_address_stays_true(
    browser: Browser, address: str
) -> None:
    with context(browser, width=1100) as made:
        page = made.new_page()
        problems: list[str] = []
        page.on("console", lambda said: problems.append(said.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        tell(page, address)
        page.get_by_role("link", name="Continue").click()
        page.wait_for_selector("#question")
        before = page.locator("#so-far").inner_text()
        assert answer_all(page) >= 1
        page.go_back()
        page.wait_for_selector("#question, a.button")
        assert "%" in before
        assert problems == []


def test_by_keyboard_alone_the_first_questions_are_answered(browser: Browser, address: str) -> None:
    with context(browser) as made:
        page = made.new_page()
        page.goto(address)
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('button.first')"):
                break
        page.keyboard.press("Enter")
        page.wait_for_selector("#words")
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "words":
                break
        page.keyboard.type(STORY)
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('button.button')"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url("**/you")


def test_an_emergency_says_its_level_to_a_screen_reader(browser: Browser, address: str) -> None:
    with context(browser) as made:
        page = made.new_page()
        tell(page, address, URGENT)
        card = page.get_by_role("region", name="How urgent")
        assert card.is_visible() and "EMERGENCY" in card.inner_text()
        top = card.bounding_box()
        assert top is not None and top["y"] < 300


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_an_accessibility_violation_or_scrolls_sideways(
    browser: Browser, address: str, theme: str
) -> None:
    made = browser.new_context(
        viewport={"width": 320, "height": 640},
        color_scheme=theme,
        bypass_csp=True,  # type: ignore[arg-type]
    )
    made.set_default_timeout(30_000)
    page = made.new_page()
    url = tell(page, address)
    pages = [f"{url}/{step}" for step in STEPS]
    pages += [
        address,
        f"{address}/learn",
        f"{address}/learn/compare",
        f"{url}/delete",
        f"{address}/nowhere",
    ]
    for place in pages:
        page.goto(place)
        page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, place
    made.close()


def test_nothing_is_asked_of_another_origin(browser: Browser, address: str) -> None:
    with context(browser) as made:
        page = made.new_page()
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        url = tell(page, address)
        for step in STEPS:
            page.goto(f"{url}/{step}")
        page.goto(f"{address}/learn")
        assert sent and all(one.startswith((address, "data:")) for one in sent)


def test_the_first_page_is_light(address: str) -> None:
    import gzip
    import urllib.request

    def weight(path: str) -> int:
        return len(gzip.compress(urllib.request.urlopen(address + path).read()))

    text = urllib.request.urlopen(address + "/").read().decode()
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', text)
    assert len(parts) >= 4
    assert weight("/") + sum(map(weight, parts)) <= 60_000
    script = urllib.request.urlopen(address + "/static/site.js").read()
    assert len(script) <= 6_000


def test_in_an_emergency_the_question_is_seen_without_scrolling(
    browser: Browser, address: str
) -> None:
    with context(browser) as made:
        page = made.new_page()
        page.set_viewport_size({"width": 375, "height": 740})
        url = tell(page, address, URGENT)
        page.goto(f"{url}/questions")
        heading = page.locator("legend h1").bounding_box()
        first = page.locator("#question .choice").first.bounding_box()
        assert heading and first and first["y"] + first["height"] <= 740


def test_a_part_of_the_figure_is_marked_by_a_tap_without_scripts(
    browser: Browser, address: str
) -> None:
    with context(browser, script=False) as made:
        page = made.new_page()
        page.goto(address)
        page.get_by_role("button", name="Start").click()
        page.get_by_text("Show it on a picture").click()
        page.locator(".place.calf.left").scroll_into_view_if_needed()
        drawn = page.locator(".place.calf.left svg").bounding_box()
        assert drawn
        page.mouse.click(drawn["x"] + drawn["width"] / 2, drawn["y"] + drawn["height"] / 2)
        assert page.locator("#place-calf_left").is_checked()
        fill = page.locator(".place.calf.left path")
        other = page.locator(".place.calf.right path")
        assert fill.evaluate("p => getComputedStyle(p).fill") != other.evaluate(
            "p => getComputedStyle(p).fill"
        )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_emergency_is_white_on_strong_red_by_day_and_by_night(
    browser: Browser, address: str, theme: str
) -> None:
    def luminance(colour: str) -> float:
        parts = [int(n) / 255 for n in re.findall(r"\d+", colour)[:3]]
        lit = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2]

    with context(browser, theme=theme) as made:
        page = made.new_page()
        tell(page, address, URGENT)
        card = page.locator(".care.emergency")
        ground = card.evaluate("c => getComputedStyle(c).backgroundColor")
        ink = card.evaluate("c => getComputedStyle(c).color")
        red, green, blue = (int(n) for n in re.findall(r"\d+", ground)[:3])
        assert ink == "rgb(255, 255, 255)" and red > 3 * max(green, blue)
        assert 1.05 / (luminance(ground) + 0.05) >= 4.5


def test_on_a_wide_screen_the_steps_stand_in_one_row(browser: Browser, address: str) -> None:
    with context(browser, width=1100) as made:
        page = made.new_page()
        tell(page, address)
        tops = page.eval_on_selector_all(
            ".broad li", "all => all.map(l => l.getBoundingClientRect().top)"
        )
        assert len(tops) == len(STEPS) and max(tops) - min(tops) < 4


SMALL = """() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden])")]
  .filter((e) => e.checkVisibility() && !e.closest("p:not(.back):not(.acts):not(.small), .skip") || e.closest(".back, .act"))
  .map((e) => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect()])
  .filter(([, r]) => r.width > 1 && (r.width < 23.9 || r.height < 23.9))
  .map(([text, r]) => `${text} ${Math.round(r.width)}x${Math.round(r.height)}`)"""


def test_what_is_tapped_by_itself_is_large_enough(browser: Browser, address: str) -> None:
    """At least 24 x 24 CSS px (WCAG 2.2, 2.5.8); links inside a sentence are as high as its line."""
    with context(browser, width=360) as made:
        page = made.new_page()
        visit = tell(page, address)
        small = {}
        for step in ("words", "you", "urgent", "questions", "check", "answer", "plan", "share"):
            page.goto(f"{visit}/{step}")
            found = page.evaluate(SMALL)
            if found:
                small[step] = found
        assert not small


def test_the_browsers_way_back_leads_to_the_question_before(browser: Browser, address: str) -> None:
    with context(browser) as made:
        page = made.new_page()
        visit = tell(page, address)
        page.goto(f"{visit}/questions")
        for number in (1, 2, 3):
            page.get_by_text(f"Question {number}.").wait_for()
            page.locator("#answer-none, #answer-no").first.click()
        page.get_by_text("Question 4.").wait_for()
        for number in (3, 2, 1):
            page.go_back()
            page.get_by_text(f"Question {number}.").wait_for()


def test_putting_right_what_was_understood_keeps_the_place(browser: Browser, address: str) -> None:
    with context(browser) as made:
        page = made.new_page()
        visit = tell(page, address)
        page.goto(f"{visit}/urgent")
        page.get_by_text("Something is not right").click()
        last = page.get_by_role("button", name="Not right").last
        last.scroll_into_view_if_needed()
        before = page.evaluate("scrollY")
        last.click()
        page.wait_for_load_state()
        assert before > 0 and abs(page.evaluate("scrollY") - before) < 150
