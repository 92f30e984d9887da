"""Takes the pictures of the page in docs/screenshots: twelve pages, two widths, two themes.

    PYTHONPATH=. python tools/screenshots.py [FOLDER]

Starts the page over a household that is made up anew each time, and needs an installed Chromium or Chrome.
The same pictures are taken and compared in tests/web/test_screenshots.py.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page
from tools.page_server import browsing
from tools.page_server import running as serving

from stillwell.case.model import Lab
from stillwell.store.store import Store, sqlite_url
from stillwell.web import diary, journey
from stillwell.web.diary import DiaryDay
from stillwell.web.journey import Answer, Journey

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
WIDTHS = {360: 1150, 1280: 900}  # width -> height of the picture
THEMES = ("light", "dark")
QUALITY = 60
LETTERS = "letters.json"  # of the machine that took the pictures
STORY = (
    "I am a 34 year old woman. In the evening my legs are restless and I have to move them. Walking helps. "
    "It began in spring. I am tired, and my periods are heavy. I take sertraline 50 mg once a day."
)
URGENT = "My legs got weak over two days and now I cannot pass urine and I am numb between my legs."
SHEET = """Test            Result   Unit     Range       Previous
Ferritin        11       ng/mL    15-150      34
Haemoglobin     11.9 L   g/dL     12.0-15.5   12.8
TSH             2.1      mIU/L    0.4-4.0     1.9
Vit. B12        3?0      pg/mL    200-900
Quuxine         33       mg/L     10-50
"""
DAYS = [
    "porridge with milk, two coffees, a cheese sandwich, chicken curry with rice, an apple, 2 glasses of wine",
    "toast with butter, tea with milk, lentil soup, a banana, salmon with potatoes and broccoli",
    "cornflakes with milk, coffee, a ham sandwich, crisps, spaghetti with tomato sauce, a yogurt",
]
QUESTION = "does magnesium help night cramps?"
ANSWERS = {"wake_at_night": "no", "leg_cramps": "no"}


class Household:
    """The people of the pictures, and the addresses of their pages."""

    def __init__(self, store: Store) -> None:
        today = dt.date.today()
        self.ann, self.bo = store.add_person("Ann"), store.add_person("Bo")
        taken = {"about": True, "age": 34, "sex": "female", "medicines_told": True}
        taken |= {"medicines": ["sertraline 50 mg once a day"], "words": STORY}
        taken |= {"name": "Restless legs"}
        before = Journey(
            **taken,  # type: ignore[arg-type]
            started=today - dt.timedelta(90),
            labs=[Lab(name="Ferritin", value=11, unit="ng/mL")],
        )
        now = Journey(
            **taken,  # type: ignore[arg-type]
            started=today,
            food_told=True,
            diary=DAYS,
            complete=[True] * len(DAYS),
            labs_told=True,
            labs=[
                Lab(name="Ferritin", value=38, unit="ng/mL"),
                Lab(name="TSH", value=2.1, unit="mIU/L"),
            ],
            answers=[Answer(key=k, answer=a) for k, a in ANSWERS.items()],
        )
        self.before = self._kept(store, self.ann, before)
        self.now = self._kept(store, self.ann, now)
        self.new = self._kept(store, self.ann, Journey(started=today, words=STORY))
        urgent = Journey(
            started=today, words=URGENT, urgent_first=True, name="Numbness between the legs"
        )
        self.urgent = self._kept(store, self.bo, urgent)
        self.lost = self._kept(store, self.bo, Journey(started=today, words="qwrt zxcv bnm"))
        for n in range(16):
            day = DiaryDay(
                day=today - dt.timedelta(n),
                severity=None if n == 5 else (3 + 2 * n) % 9,
                disturbed=n % 3 == 0,
                triggers=["coffee after six"] if n % 4 == 0 else None,
                tried=["a walk"] if n % 5 == 0 else None,
            )
            store.add(self.ann, diary.KIND, diary.encoded(day))

    @staticmethod
    def _kept(store: Store, person: str, told: Journey) -> str:
        return store.add(person, journey.KIND, journey.encoded(told)).id

    @property
    def pages(self) -> dict[str, str]:
        """Name of the picture -> path of the page."""
        return {
            "start": "/",
            "words": f"/s/{self.new}/words",
            "medicines": f"/s/{self.new}/medicines",
            "emergency": f"/s/{self.urgent}/urgent",
            "question": f"/s/{self.now}/questions",
            "food": f"/s/{self.now}/food/amounts",
            "results": f"/s/{self.before}/tests/rows",
            "check": f"/s/{self.now}/check",
            "answer": f"/s/{self.now}/answer",
            "plan": f"/s/{self.now}/plan",
            "diary": f"/p/{self.ann}/diary",
            "learn": "/learn",
        }


@contextmanager
def running() -> Iterator[tuple[str, Household]]:
    """The page over a household of its own: its address, and who lives there."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(sqlite_url(Path(folder) / "page.db"))
        household = Household(store)
        with serving(store) as port:
            address = f"http://localhost:{port}"
            sent = urllib.parse.urlencode({"results": SHEET}).encode()
            urllib.request.urlopen(f"{address}/s/{household.before}/tests", sent, timeout=60).read()
            yield address, household
        store.close()


def pictures(
    browser: Browser, address: str, pages: dict[str, str]
) -> Iterator[tuple[str, Image.Image]]:
    """Each page at each width in each theme: the name of its file, and the upper part of the page."""
    for theme in THEMES:
        for width, height in WIDTHS.items():
            made = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=theme,  # type: ignore[arg-type]
                reduced_motion="reduce",
            )
            page = made.new_page()
            page.set_default_timeout(60_000)
            for name, path in pages.items():
                page.goto(f"{address}{path}", wait_until="networkidle")
                if name == "learn":  # what is asked stands in no address
                    page.get_by_role("searchbox").fill(QUESTION)
                    page.get_by_role("button", name="Ask").click()
                    page.wait_for_load_state("networkidle")
                yield f"{name}-{width}-{theme}.webp", picture(page)
            made.close()


def letters(browser: Browser) -> list[int]:
    """How wide some words are in this machine's own letters: what another font lays out otherwise."""
    page = browser.new_page()
    page.set_content(
        "<style>span { font: 100px system-ui, sans-serif }</style>"
        "<span>What is making my legs shake?</span><br><span><b>Continue 0123456789</b></span>"
    )
    widths = page.eval_on_selector_all(
        "span", "all => all.map(s => s.getBoundingClientRect().width)"
    )
    page.close()
    return [round(width) for width in widths]


def picture(page: Page) -> Image.Image:
    """What of a page stands in its window."""
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def main() -> int:
    """The exit code: 1 where there is no browser."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    with browsing() as browser:
        if browser is None:
            print("no Chromium or Chrome on this machine: no picture was taken")
            return 1
        folder.mkdir(parents=True, exist_ok=True)
        (folder / LETTERS).write_text(json.dumps(letters(browser)) + "\n")
        with running() as (address, household):
            for name, taken in pictures(browser, address, household.pages):
                taken.save(folder / name, quality=QUALITY, method=6)
    size = sum(file.stat().st_size for file in folder.glob("*.webp"))
    print(re.sub(r"\B(?=(\d{3})+$)", " ", str(size)), "bytes in", folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
