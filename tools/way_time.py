"""Reckons how long somebody new needs from the first page to the doctor's page, for three stories.

    PYTHONPATH=. python tools/way_time.py [--pages] [--pictures FOLDER] [STORY ...]

Walks the page in a browser of a phone's size without scripts, and does on each page what such a person has to:
read what stands above the control that leads on, type, choose, tap. What is counted is told by the constants
below; waiting for the machine is not in it. It is a reckoning, no trial with people: it tells which page is long.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page
from tools.page_server import browsing
from tools.page_server import running as serving

from stillwell.store.store import Store, sqlite_url

WIDTH, HEIGHT = 360, 740  # of a phone, CSS px
READ_WPM = (
    200  # words read a minute, small screen, unknown matter: judgement, 238 is usual for print
)
SEEN_WPM = 1000  # a line that stood on an earlier page is only recognised: judgement
TYPE_WPM = 35  # words typed a minute on a phone
TAP_S = 4.0  # to find, decide on and touch one control
SCREEN_S = 1.0  # to move on by one screen
PASTE_TAPS = 2  # touch the box, choose "paste"
MOST_PAGES = 80

READ = """(upto) => {
  const limit = upto ? upto.getBoundingClientRect().bottom + scrollY : Infinity;
  const lines = new Map();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const around = node.parentElement;
    if (!node.textContent.trim() || !around.checkVisibility()) continue;
    if (around.closest("header.site, footer.site, .skip, .hidden, script, option, textarea, .broad")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || box.top + scrollY > limit) continue;
    const block = around.closest("p, li, h1, h2, h3, dt, dd, td, th, label, legend, summary, button, a.button, div");
    lines.set(block, (lines.get(block) || "") + " " + node.textContent);
  }
  const all = Math.ceil(document.documentElement.scrollHeight / innerHeight);
  const top = limit === Infinity ? all : Math.ceil(limit / innerHeight);
  return {lines: [...lines.values()].map((l) => l.replace(/\\s+/g, " ").trim()), all, top};
}"""


@dataclass(frozen=True)
class Story:
    """What a person of the reckoning brings.

    Attributes:
        yes: items that they answer with yes; whatever else is asked is answered with no.
        onset: how it began.
        sheet, diary: texts that they have at hand and paste.
    """

    words: str
    age: str
    sex: str
    medicines: str = ""
    yes: frozenset[str] = frozenset()
    onset: str = ""
    sheet: str = ""
    diary: str = ""


STORIES = {
    "ordinary": Story(
        words="When I lie in bed my legs feel crawly and I have to get up and walk about, then it is better for a "
        "while. It is nearly every night since last winter. I sleep badly and I am tired.",
        age="46",
        sex="Woman",
        yes=frozenset(
            [
                "urge_worse_at_rest",
                "urge_worse_evening_or_night",
                "heavy_menstrual_bleeding",
                "leg_jerks_during_sleep",
            ]
        ),
        onset="onset_weeks_to_months",
    ),
    "urgent": Story(
        words="Since this morning both my legs are getting weaker and weaker, my feet tingle, and now I can hardly "
        "climb the stairs. I had a stomach bug two weeks ago. I also cannot pee properly.",
        age="39",
        sex="Man",
        yes=frozenset(
            [
                "cannot_pass_urine",
                "generalised_weakness",
                "worsening",
                "ascending_weakness",
                "symmetrical",
            ]
        ),
        onset="onset_sudden",
    ),
    "sheet": Story(
        words="I get cramps in my calves at night, three or four times a week, and my feet prickle. "
        "It has come slowly over the last year. I am more tired than I used to be.",
        age="58",
        sex="Woman",
        medicines="metformin 1000 mg twice a day\nomeprazole 20 mg",
        yes=frozenset(["numbness_feet", "diabetes", "tingling_feet"]),
        onset="onset_years",
        sheet="Test;Result;Unit;Reference\nHaemoglobin;12.4;g/dL;12.0-15.5\nMCV;97;fL;80-98\nFerritin;48;ng/mL;15-150\n"
        "Vitamin B12;171;pg/mL;200-900\nMagnesium;0.79;mmol/L;0.70-1.00\nPotassium;4.2;mmol/L;3.5-5.1\n"
        "Creatinine;0.8;mg/dL;0.5-0.9\nHbA1c;6.9;%;4.0-6.0",
        diary="Friday: muesli with milk, two cups of coffee, a ham sandwich, an apple, spaghetti with tomato sauce, a "
        "glass of wine\nSaturday: two slices of toast with jam, tea with milk, vegetable soup with bread, a banana, "
        "baked potatoes with cheese\nSunday: porridge with milk, coffee, a cheese roll, rice with chicken and "
        "broccoli, a yogurt",
    ),
}


@dataclass
class Seen:
    """What one page took."""

    name: str
    new: int = 0
    again: int = 0
    screens: int = 0
    all_screens: int = 0
    taps: int = 0
    typed: int = 0

    @property
    def seconds(self) -> float:
        """The time of it."""
        reading = 60 * (self.new / READ_WPM + self.again / SEEN_WPM)
        return (
            reading + 60 * self.typed / TYPE_WPM + TAP_S * self.taps + SCREEN_S * (self.screens - 1)
        )


@dataclass
class Walk:
    """One story on its way."""

    page: Page
    story: Story
    pictures: Path | None = None
    lines: set[str] = field(default_factory=set)
    pages: list[Seen] = field(default_factory=list)
    been: set[str] = field(default_factory=set)
    now: Seen | None = None
    doctor: Page | None = None
    at_doctor: float | None = None
    at_help: float | None = None

    @property
    def place(self) -> str:
        """The step that is shown, of no record."""
        return re.sub(r"^https?://[^/]+(/s/[^/]+)?", "", self.page.url).split("?")[0] or "/"

    @property
    def seconds(self) -> float:
        """The time so far."""
        return sum(one.seconds for one in self.pages)

    def look(self) -> Seen:
        """The page that is open."""
        if self.now is None:
            self.now = Seen(self.place)
            if self.pictures is not None:
                name = f"{len(self.pages) + 1:02}-{self.place.strip('/').replace('/', '-') or 'start'}.png"
                self.page.screenshot(path=self.pictures / name, full_page=True)
        return self.now

    def read(self, upto: Locator | None) -> None:
        """What stands above a control is read."""
        now = self.look()
        found = self.page.evaluate(READ, upto.element_handle() if upto is not None else None)
        for line in found["lines"]:
            words = len(re.findall(r"\S*\w\S*", line))
            if line in self.lines:
                now.again += words
            else:
                now.new += words
            self.lines.add(line)
        now.screens, now.all_screens = max(now.screens, found["top"]), found["all"]

    def touch(self, control: Locator) -> None:
        """A choice on the page."""
        self.look().taps += 1
        control.click()

    def type(self, field_: Locator, text: str) -> None:
        """Words into a box."""
        now = self.look()
        now.taps += 1
        now.typed += len(text.split())
        field_.fill(text)

    def paste(self, field_: Locator, text: str) -> None:
        """A text that is at hand into a box."""
        self.look().taps += PASTE_TAPS
        field_.fill(text)

    def leave(self, control: Locator) -> None:
        """Read down to the control that leads on, and touch it."""
        self.read(control)
        self.touch(control)
        self.page.wait_for_load_state()
        self.close()

    def close(self) -> None:
        """The page is done with."""
        assert self.now is not None
        self.been.add(self.now.name)
        self.pages.append(self.now)
        self.now = None

    def button(self, name: str) -> Locator:
        """A button or a link that looks like one, by what stands on it."""
        pattern = re.compile(f"^{name}")
        main = self.page.locator("main")
        either = main.get_by_role("button", name=pattern).or_(
            main.get_by_role("link", name=pattern)
        )
        return either.first


def home(walk: Walk) -> None:
    walk.leave(walk.button("Start$"))


def words(walk: Walk) -> None:
    walk.type(walk.page.locator("#words"), walk.story.words)
    walk.leave(walk.button("Continue"))


def you(walk: Walk) -> None:
    if not walk.page.locator("#age").input_value():
        walk.type(walk.page.locator("#age"), walk.story.age)
    sex = walk.page.get_by_label(walk.story.sex, exact=True)
    if not sex.is_checked():
        walk.touch(sex)
    walk.leave(walk.button("Continue"))


def medicines(walk: Walk) -> None:
    if walk.story.medicines:
        walk.type(walk.page.locator("#medicines"), walk.story.medicines)
        walk.leave(walk.button("Continue"))
    else:
        walk.leave(walk.button("No, none"))


def urgent(walk: Walk) -> None:
    """What was understood is looked at, what is asked there is answered; in an emergency the card is enough."""
    if walk.page.locator(".care.emergency").count():
        walk.read(walk.page.locator(".care.emergency > ul li").last)
        walk.at_help = walk.seconds + walk.look().seconds
        doctor(walk)
        return
    for kind in ("[id^=sign-]", ""):
        while (asked := walk.page.locator(f".chip.perhaps{kind}")).count():
            item = asked.first.locator("button[name=yes]").get_attribute("value") or ""
            no = asked.first.locator("button[name=no]")
            if item in walk.story.yes:
                walk.touch(asked.first.locator("button[name=yes]"))
            elif no.count():
                walk.touch(no)
            else:
                walk.touch(walk.page.locator("button[name=none]"))
            walk.page.wait_for_load_state()
    walk.leave(
        walk.page.locator("main a.button").filter(has_text=re.compile("^(Continue|Go on)")).last
    )


def questions(walk: Walk) -> None:
    if walk.page.locator("#question").count() == 0:
        more_to_tell(walk)
        return
    key = walk.page.locator("input[name=key]").get_attribute("value") or ""
    if ":" not in key:
        walk.leave(walk.page.locator(f"#answer-{'yes' if key in walk.story.yes else 'no'}"))
        return
    items = key.rpartition(":")[2].split("|")
    wanted = [i for i in items if i in walk.story.yes or i == walk.story.onset]
    for item in wanted:
        walk.touch(walk.page.locator(f"#question input[value='{item}']"))
    walk.leave(walk.button("These fit|Continue") if wanted else walk.page.locator("#answer-none"))


def more_to_tell(walk: Walk) -> None:
    if walk.story.sheet and "/tests" not in walk.been:
        walk.leave(walk.button("Blood tests"))
    elif walk.story.diary and "/food/days/1" not in walk.been:
        walk.leave(walk.button("What you eat"))
    else:
        walk.leave(walk.button("See the answer"))


def food(walk: Walk) -> None:
    fresh = "/food/days/1" not in walk.been
    walk.leave(walk.button("Write what I eat" if fresh else "Continue"))


def day(walk: Walk) -> None:
    walk.paste(walk.page.locator("#day"), walk.story.diary)
    walk.leave(walk.button("Yes, that is all"))


def matches(walk: Walk) -> None:
    walk.leave(walk.button("Continue"))


def tests(walk: Walk) -> None:
    walk.paste(walk.page.locator("#results"), walk.story.sheet)
    walk.leave(walk.page.locator("button[value=read]"))


def rows(walk: Walk) -> None:
    walk.leave(walk.button("These are right"))


def check(walk: Walk) -> None:
    walk.leave(walk.button("See the answer"))


def doctor(walk: Walk) -> None:
    """By one tap to the page that is taken to the doctor or handed to the ambulance; it opens beside this one."""
    control = walk.page.locator("main a[href$='/share/doctor.html']").first
    walk.read(control)
    with walk.page.context.expect_page() as opened:
        walk.touch(control)
    walk.doctor = opened.value
    walk.doctor.wait_for_load_state()
    walk.close()
    walk.at_doctor = walk.seconds


STEPS: list[tuple[str, Callable[[Walk], None]]] = [
    (r"/", home),
    (r"/words", words),
    (r"/you", you),
    (r"/medicines", medicines),
    (r"/urgent", urgent),
    (r"/questions(/\d+)?", questions),
    (r"/food", food),
    (r"/food/days/\d+", day),
    (r"/food/matches", matches),
    (r"/tests", tests),
    (r"/tests/rows", rows),
    (r"/check", check),
    (r"/answer", doctor),
]


def walked(browser: Browser, address: str, story: Story, pictures: Path | None = None) -> Walk:
    """The whole way of a story.

    Raises:
        AssertionError: it does not end, or comes to a page nobody expects.
    """
    made = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        java_script_enabled=False,
        accept_downloads=True,
    )
    page = made.new_page()
    page.set_default_timeout(30_000)
    walk = Walk(page, story, pictures)
    page.goto(address)
    for _ in range(MOST_PAGES):
        step = next((do for at, do in STEPS if re.fullmatch(at, walk.place)), None)
        assert step is not None, f"no step is known at {walk.place}"
        step(walk)
        if walk.at_doctor is not None:
            if pictures is not None and walk.doctor is not None:
                walk.doctor.screenshot(path=pictures / "doctor.png", full_page=True)
            made.close()
            return walk
    raise AssertionError("the way does not end: " + " ".join(p.name for p in walk.pages))


def told(name: str, walk: Walk, each: bool) -> str:
    """The reckoning of a story in words."""
    lines = []
    if each:
        lines.append(
            f"{'page':<16}{'new':>6}{'again':>6}{'screens':>9}{'taps':>6}{'typed':>6}{'s':>6}"
        )
        lines += [
            f"{p.name:<16}{p.new:>6}{p.again:>6}{f'{p.screens}/{p.all_screens}':>9}{p.taps:>6}{p.typed:>6}{p.seconds:>6.0f}"
            for p in walk.pages
        ]
    total = [sum(getattr(p, k) for p in walk.pages) for k in ("new", "again", "taps", "typed")]
    asked = sum(p.name.startswith("/questions/") for p in walk.pages)
    help_ = f"; what to do is seen after {walk.at_help / 60:.1f} min" if walk.at_help else ""
    lines.append(
        f"{name}: {walk.seconds / 60:.1f} min; {len(walk.pages)} pages, {asked} questions, {total[0]} words to read "
        f"({total[1]} again), {total[2]} taps, {total[3]} words typed{help_}"
    )
    return "\n".join(lines)


def main() -> int:
    """The exit code: 1 where there is no browser."""
    said = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    said.add_argument("stories", nargs="*", choices=[*STORIES, []], default=[])
    said.add_argument("--pages", action="store_true", help="each page by itself")
    said.add_argument("--pictures", type=Path, help="a folder for a picture of each page")
    given = said.parse_args()
    with browsing() as browser, tempfile.TemporaryDirectory() as folder:
        if browser is None:
            print("no Chromium or Chrome on this machine")
            return 1
        for name in given.stories or STORIES:
            pictures = given.pictures / name if given.pictures else None
            if pictures is not None:
                pictures.mkdir(parents=True, exist_ok=True)
            store = Store(sqlite_url(Path(folder) / f"{name}.db"))
            with serving(store) as port:
                walk = walked(browser, f"http://localhost:{port}", STORIES[name], pictures)
            store.close()
            print(told(name, walk, given.pages), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
