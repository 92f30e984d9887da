"""The HTML report in a real browser: accessible, readable on a phone, and nothing from outside.

Needs an installed Chromium or Chrome; without one these tests are skipped and say so.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright
from tools.page_server import BROWSERS

from stillwell.assess.assessment import assess
from stillwell.case.read import read_case
from stillwell.report.write import write

EXAMPLE = Path(__file__).parents[2] / "examples" / "restless_evenings.yaml"


@pytest.fixture(scope="module", params=["light", "dark"])
def page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        pytest.skip("no Chromium or Chrome on this machine")
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(write(assess(read_case(EXAMPLE)), "html"), encoding="utf-8")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        phone = started.new_page(
            viewport={"width": 320, "height": 640}, color_scheme=request.param, bypass_csp=True
        )
        phone.asked = []  # type: ignore[attr-defined]
        phone.on("request", lambda sent: phone.asked.append(sent.url))  # type: ignore[attr-defined]
        phone.goto(path.as_uri())
        yield phone
        started.close()


def test_it_has_no_accessibility_violation(page: Page) -> None:
    page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_it_fits_a_phone_without_scrolling_sideways(page: Page) -> None:
    page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_it_loads_nothing_but_itself(page: Page) -> None:
    assert all(url.startswith("file:") for url in page.asked)  # type: ignore[attr-defined]
    assert len(page.asked) == 1  # type: ignore[attr-defined]


def test_urgency_stands_first_and_reasons_open_by_keyboard(page: Page) -> None:
    first = page.locator("main > section").first
    assert first.get_attribute("aria-label") == "How urgent"
    page.eval_on_selector_all("details", "all => all.forEach(d => d.open = false)")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None


def test_the_print_is_four_pages_at_most_and_the_doctor_s_one(page: Page) -> None:
    """Skia writes one uncompressed /Page object for each page of the print."""
    result = assess(read_case(EXAMPLE))
    for audience, most in (("person", 4), ("doctor", 1)):
        page.set_content(write(result, "html", audience=audience))
        printed = page.pdf(format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= most, audience
