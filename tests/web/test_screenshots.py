"""The pages look as their pictures in docs/screenshots do: `make screenshots` takes them anew.

Compared as blurs of colour, so that edges of letters and another number move nothing, and a lost style sheet does.
"""

import json
from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser
from tools import screenshots

CELL = 40  # points of a picture that become one
ALIKE = 6.0  # mean difference of colour, of 255: the same letters 0.6, without a style sheet 13 and more
SAME_LETTERS = 0.01  # share by which words may be wider or narrower


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with screenshots.browsing() as found:
        if found is None:
            pytest.skip("no Chromium or Chrome on this machine, so no picture is compared")
        yield found


def apart(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are apart, blurred: 0 for the same, 255 for black and white."""
    size = (one.width // CELL, one.height // CELL)
    blurred = [p.convert("RGB").resize(size, Image.Resampling.BOX) for p in (one, other)]
    return sum(ImageStat.Stat(ImageChops.difference(*blurred)).mean) / 3


def kept(name: str) -> Image.Image:
    return Image.open(screenshots.FOLDER / name)


def test_every_page_looks_like_its_picture(browser: Browser) -> None:
    was = json.loads((screenshots.FOLDER / screenshots.LETTERS).read_text())
    widths = screenshots.letters(browser)
    if any(abs(w / before - 1) > SAME_LETTERS for w, before in zip(widths, was, strict=True)):
        pytest.skip("this machine's letters are not those of the pictures: lines break elsewhere")
    far = {}
    with screenshots.running() as (address, household):
        for name, taken in screenshots.pictures(browser, address, household.pages):
            assert kept(name).size == taken.size, name
            distance = apart(kept(name), taken)
            if distance > ALIKE:
                far[name] = distance
    assert far == {}, "run `make screenshots`, and look at what changed"


def test_a_page_without_its_style_and_one_in_the_other_theme_are_told_apart(
    browser: Browser,
) -> None:
    with screenshots.running() as (address, household):
        page = browser.new_page(viewport={"width": 360, "height": screenshots.WIDTHS[360]})
        page.route("**/*.css", lambda route: route.abort())
        page.goto(f"{address}{household.pages['question']}")
        bare = screenshots.picture(page)
        page.close()
    assert apart(kept("question-360-light.webp"), bare) > ALIKE
    assert apart(kept("question-360-light.webp"), kept("question-360-dark.webp")) > 10 * ALIKE


def test_the_pictures_are_few_and_small() -> None:
    found = sorted(screenshots.FOLDER.glob("*.webp"))
    assert len(found) == 12 * len(screenshots.WIDTHS) * len(screenshots.THEMES)
    assert sum(file.stat().st_size for file in found) < 2_500_000
