"""No word of health stands where it stays behind: address, title, header, cookie, log, referrer."""

import html
import logging
import random
import re
from collections.abc import Iterable

import pytest
from starlette.testclient import TestClient

from stillwell.knowledge.store import knowledge
from stillwell.web.desk import STEPS
from stillwell.web.security import HEADERS

JOURNEYS = 60
WALKED = 2  # of them to the end: what is worked out costs a third of a second
SIGNS = ("twitch", "cramp", "shake", "tingle", "burn", "feel numb", "feel weak", "feel heavy", "jerk", "ache", "swell", "feel stiff", "tremble", "feel restless", "itch")  # fmt: skip
PARTS = ("calves", "thighs", "feet", "knees", "legs", "ankles", "toes", "shins")
WHEN = ("at night", "in the evening", "on standing", "after running", "in the morning", "all day")
ILL = ("diabetes", "epilepsy", "psoriasis", "a thyroid disease", "depression", "gout", "hepatitis", "anaemia", "cancer", "asthma")  # fmt: skip
TAKEN = ("sertraline 50 mg", "lithium 400 mg", "metformin", "atorvastatin 20 mg", "salbutamol", "furosemide", "levothyroxine", "pramipexole", "omeprazole")  # fmt: skip
TESTS = ("Ferritin 11 ng/mL", "Vitamin B12 120 pg/mL", "TSH 6 mIU/L", "Potassium 3.4 mmol/L", "Magnesium 0.6 mmol/L")  # fmt: skip
EATEN = ("porridge with milk", "lentil soup", "two coffees", "beef stew", "white bread and cheese")
SHORT = 4  # letters of a word that is looked for; shorter ones stand in any id by chance
# addresses and titles that are the same for everybody, whatever they tell
OURS = {"answer", "answers", "blood", "check", "control", "data", "diary", "doctor", "export", "food", "form", "from", "home", "html", "image", "learn", "legs", "main", "medicines", "plan", "questions", "results", "share", "start", "stylesheet", "tests", "text", "urgent", "whole", "words", "account", "number", "about", "your", "page", "this", "step", "with", "what", "days"}  # fmt: skip


def story(number: int) -> dict[str, str]:
    draw = random.Random(number)
    pick = draw.choice
    return {
        "words": f"My {pick(PARTS)} {pick(SIGNS)} {pick(WHEN)} and I {pick(SIGNS)}. I have {pick(ILL)}.",
        "medicines": pick(TAKEN),
        "results": pick(TESTS),
        "day": f"{pick(EATEN)}, {pick(EATEN)}",
    }


def told_words(told: Iterable[str]) -> set[str]:
    found = {w for text in told for w in re.findall(r"[a-z]+", text.lower())}
    return {w for w in found if len(w) >= SHORT and w not in OURS}


def known_words() -> set[str]:
    """Words of the names and ids of all that we know of."""
    base = knowledge().base
    names: list[str] = []
    for table in (base.findings, base.history, base.causes, base.tests, base.medicines):
        names += [n for i, r in table.items() for n in (i.replace("_", " "), r.name)]
    return told_words(names)


class Left:
    """What stays behind of a visit."""

    def __init__(self) -> None:
        self.texts: set[tuple[str, str]] = set()

    def see(self, answer) -> None:  # type: ignore[no-untyped-def]
        for one in [*answer.history, answer]:
            self.texts.add(("address", str(one.request.url)))
            for name, value in one.headers.items():
                if name not in HEADERS and name.lower() not in {h.lower() for h in HEADERS}:
                    self.texts.add((f"header {name}", f"{name}: {value}"))
            assert one.headers["referrer-policy"] == "same-origin"
            assert "cookie" not in one.request.headers
        if "html" in answer.headers.get("content-type", ""):
            title = re.search("<title>(.*?)</title>", answer.text, re.S)
            assert title, answer.url
            self.texts.add(("title", html.unescape(title[1])))
            for url in re.findall(r'(?:href|action|src)="([^"]*)"', answer.text):
                if not url.startswith("http"):  # a source's own; no site is told where it was read
                    self.texts.add(("link", url))

    def holding(self, words: set[str]) -> list[tuple[str, str]]:
        return [
            (where, text)
            for where, text in self.texts
            if words & set(re.findall(r"[a-z]+", re.sub(r"/s/[\w-]{20}|/p/[\w-]{20}|(?<=/learn/)[0-9a-f]{12}", "", text.lower())))
        ]  # fmt: skip


def walk(page: TestClient, told: dict[str, str], whole: bool, left: Left) -> None:
    begun = page.post("/start", data={"name": "Ann", "person": "new"}, follow_redirects=False)
    visit = begun.headers["location"].rpartition("/")[0]
    left.see(begun)
    left.see(page.post(f"{visit}/words", data={"words": told["words"]}, follow_redirects=whole))
    left.see(page.post(f"{visit}/medicines", data={"choice": "some", "medicines": told["medicines"]}, follow_redirects=False))  # fmt: skip
    if not whole:
        return
    left.see(page.post(f"{visit}/tests", data={"results": told["results"]}))
    left.see(page.post(f"{visit}/food", data={"day": told["day"]}))
    asked = page.get(f"{visit}/questions")
    left.see(asked)
    if key := re.search(r'name="key" value="([^"]+)"', asked.text):
        left.see(page.post(f"{visit}/questions", data={"key": html.unescape(key[1]), "answer": "unknown"}))  # fmt: skip
        left.see(page.get(f"{visit}/questions/1?from=check"))
    for step in (*STEPS, "delete"):
        left.see(page.get(f"{visit}/{step}"))
    for form in ("html", "md", "json", "pdf"):
        left.see(page.get(f"{visit}/share/whole.{form}"))
    left.see(page.post("/learn", data={"question": f"does {told['medicines']} cause cramps?"}))


def test_sixty_journeys_leave_no_word_behind(
    page: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "stillwell", "uvicorn", "starlette", "python_multipart", "asyncio"):
        caplog.set_level(logging.DEBUG if name else logging.INFO, logger=name or None)
    left = Left()
    stories = [story(n) for n in range(JOURNEYS)]
    assert len({s["words"] for s in stories}) == JOURNEYS
    for number, told in enumerate(stories):
        walk(page, told, number % (JOURNEYS // WALKED) == 0, left)
    left.see(page.get("/"))
    left.see(page.get("/data"))
    for person in re.findall(r"/p/([\w-]+)/diary", page.get("/data").text)[:2]:
        for part in ("diary", "changes", "dates", "dates.ics"):
            left.see(page.get(f"/p/{person}/{part}"))
    some = re.findall(r'href="(/learn/[0-9a-f]{12})"', page.get("/learn").text)
    assert len(some) > 100
    for where in random.Random(1).sample(some, 12):
        left.see(page.get(where))
        left.see(page.get(f"{where}/wrong"))
    words = told_words(v for told in stories for v in told.values()) | known_words()
    assert len(words) > 500 and {"sertraline", "diabetes", "ferritin", "cramp", "calves"} <= words
    assert len(left.texts) > 300
    found = left.holding(words)
    assert found == [], found[:5]
    assert len(caplog.records) > 10
    log = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore")))  # fmt: skip
    assert not words & set(re.findall(r"[a-z]+", log.lower())) - CALM_IN_A_LOG


# words of libraries' own debug lines that are also in a name somewhere
CALM_IN_A_LOG: set[str] = set()


def test_such_a_word_would_be_found(page: TestClient) -> None:
    left = Left()
    left.see(page.get("/learn?cramp=1"))
    left.see(page.get("/nowhere/sertraline"))
    assert len(left.holding({"cramp", "sertraline"})) == 2
