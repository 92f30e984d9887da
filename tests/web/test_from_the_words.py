"""What the words tell of age, sex and medicines waits to be confirmed; the list names a story by its sign."""

import html
import re

import pytest
from starlette.testclient import TestClient

from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.store.store import Store
from stillwell.web import journey as journeys
from stillwell.web.journey import Journey
from stillwell.web.steps.home import name_of
from stillwell.web.taken import _named

RESTLESS = "In the evening my legs are restless and I have to move them."
READ = "We read this in your words"


def say(page: TestClient, visit: str, words: str) -> None:
    page.post(f"{visit}/words", data={"words": words})


def age_of(text: str) -> str:
    return re.search(r'<input id="age"[^>]* value="([^"]*)"', text)[1]  # type: ignore[index]


def sex_of(text: str) -> list[str]:
    return re.findall(r'name="sex" value="(\w+)"[^>]*checked', text)


def lines(text: str, field: str) -> list[str]:
    found = re.search(rf'<textarea id="{field}"[^>]*>(.*?)</textarea>', text, re.S)
    return html.unescape(found[1]).split("\n") if found and found[1] else []


def kept(store: Store, visit: str) -> Journey:
    return journeys.decoded(store.get(visit.rpartition("/")[2]).body)


# age and sex


@pytest.mark.parametrize(
    ("words", "age", "sex"),
    [
        ("I am a 67 year old man. " + RESTLESS, "67", ["male"]),
        ("34f. " + RESTLESS, "34", ["female"]),
        ("I am 41. " + RESTLESS, "41", []),
        ("My husband has restless legs in the evening, he is 58.", "58", ["male"]),
        (RESTLESS, "", []),
    ],
)
def test_age_and_sex_of_the_words_wait_to_be_confirmed(
    page: TestClient, visit: str, store: Store, words: str, age: str, sex: list[str]
) -> None:
    say(page, visit, words)
    text = page.get(f"{visit}/you").text
    assert (age_of(text), sex_of(text)) == (age, sex)
    assert (READ in text) == bool(age or sex)
    told = kept(store, visit)
    assert (told.about, told.age, told.sex) == (False, None, None), "nothing is kept unconfirmed"


def test_what_the_person_says_counts_and_not_the_words(page: TestClient, visit: str) -> None:
    say(page, visit, "I am a 67 year old man. " + RESTLESS)
    page.post(f"{visit}/you", data={"age": "", "sex": "open"})
    text = page.get(f"{visit}/you").text
    assert (age_of(text), sex_of(text)) == ("", ["open"]) and READ not in text


def test_a_wrong_age_leaves_what_was_chosen_beside_it(page: TestClient, visit: str) -> None:
    say(page, visit, "I am a 67 year old man. " + RESTLESS)
    got = page.post(f"{visit}/you", data={"age": "old", "sex": "female"})
    assert got.status_code == 422
    assert (age_of(got.text), sex_of(got.text)) == ("old", ["female"])


# medicines with how often


@pytest.mark.parametrize(
    ("told", "listed"),
    [
        ("I take metformin 1000 mg twice a day.", ["metformin 1000 mg twice a day"]),
        ("I take Metformin 1 g bd and ramipril 5mg od.", ["Metformin 1 g bd", "ramipril 5mg od"]),
        ("I am on 50 mg of sertraline every morning.", ["sertraline 50 mg every morning"]),
        ("I take cetirizine 10 mg at night.", ["cetirizine 10 mg at night"]),
        ("I take two paracetamol 500 mg four times a day.", ["paracetamol 2 x 500 mg four times a day"]),
        ("I take prednisolone 5 mg every other day.", ["prednisolone 5 mg every other day"]),
        ("I take methotrexate 10 mg once a week, on Mondays.", ["methotrexate 10 mg once a week"]),
        ("I take ibuprofen 400 mg three times a day, two tablets.", ["ibuprofen 400 mg three times a day"]),
        ("I take co-codamol 8/500, two tablets four times a day.", ["co-codamol"]),
        ("I took sertraline 50 mg until last year.", []),
    ],
)  # fmt: skip
def test_medicines_wait_with_dose_and_how_often(
    page: TestClient, visit: str, told: str, listed: list[str]
) -> None:
    say(page, visit, f"{RESTLESS} {told}")
    found = lines(page.get(f"{visit}/medicines").text, "medicines")
    assert [f[: len(w)] for f, w in zip(found, listed, strict=True)] == listed


def test_supplements_wait_in_the_letters_of_the_person(page: TestClient, visit: str) -> None:
    say(
        page, visit, f"{RESTLESS} I take vitamin D 1000 IU daily and B12 injections every 3 months."
    )
    found = lines(page.get(f"{visit}/medicines").text, "supplements")
    assert found == ["vitamin D 1000 IU daily", "B12 injections every 3 months"]


@pytest.mark.parametrize(
    "told",
    [
        "two paracetamol 500 mg four times a day",
        "paracetamol 1 g every 6 hours",
        "vitamin D 4000 IU a day",
        "magnesium citrate 400 mg twice a day",
        "2 x vitamin D 1000 IU",
        "vitamin B6 50 mg three times a day",
        "iron 65 mg every other day",
        "half a zopiclone 7.5 mg at night",
    ],
)
def test_a_line_that_is_confirmed_tells_the_amount_of_the_words(told: str) -> None:
    known = knowledge()
    words = understand(Journey(words=f"{RESTLESS} I take {told}.").case(known))
    medicines, supplements = _named(words.medicines, told), _named(words.supplements, told)
    listed = Journey(words=RESTLESS, medicines=medicines, supplements=supplements)
    again = understand(listed.case(known))
    assert [(m.group, m.dose) for m in again.supplements] == [
        (m.group, m.dose) for m in words.supplements
    ]
    assert [(p.of, p.least) for p in again.portions] == [(p.of, p.least) for p in words.portions]
    assert not [line for line in again.unclear if "also say" in line]


# results


def test_no_result_is_shown_with_digits_that_nobody_measured(page: TestClient, visit: str) -> None:
    say(page, visit, RESTLESS)
    asked = page.post(f"{visit}/tests", data={"results": "Ferritin 22 ng/mL"}).text
    sheet = re.search(r'name="sheet" value="(\w+)"', asked)
    assert sheet and 'value="22"' in asked
    page.post(f"{visit}/tests/rows", data={"sheet": sheet[1], "use-0": "yes"})
    for place in ("tests", "tests/now/0", "check", "answer", "share/doctor.md"):
        text = page.get(f"{visit}/{place}").text
        assert "22" in text and "22.0" not in text, place
    assert "22.0" not in page.get("/data").text


# the list of stories


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("My legs got weak over two days and now I cannot pass urine and I am numb between my legs.", "Numbness between the legs"),
        ("Since this morning my left leg is cold, pale and in agony.", "Cold, pale leg"),
        (RESTLESS, "Restless legs"),
        (RESTLESS + " I want to kill myself and I have a plan.", "Restless legs"),
        ("For three weeks my muscles twitch.", "Twitching muscles"),
    ],
)  # fmt: skip
def test_the_list_names_the_sign_of_an_emergency_and_no_onset(
    page: TestClient, visit: str, store: Store, words: str, name: str
) -> None:
    say(page, visit, words)
    assert kept(store, visit).name == name
    assert f"<strong>{name}</strong>" in page.get("/").text


def test_a_sign_that_was_taken_back_names_no_story(
    page: TestClient, visit: str, store: Store
) -> None:
    say(page, visit, RESTLESS + " I cannot pass urine.")
    before = kept(store, visit).name
    text = page.get(f"{visit}/urgent").text
    for item in re.findall(r'name="away" value="([^"]+)"', text):
        if item not in ("urge_to_move_legs", "evening_worse"):
            page.post(f"{visit}/urgent", data={"away": item})
    assert kept(store, visit).name != before


def test_a_story_from_before_is_named_by_its_own_words() -> None:
    assert name_of(Journey(words="my legs feel odd", age=34)) == "“my legs feel odd”, 34"
    assert name_of(Journey()) == ""


def test_the_first_page_reads_no_knowledge(
    page: TestClient, visit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(page, visit, RESTLESS)

    def never() -> None:
        raise AssertionError("the first page waited for the knowledge")

    for place in ("home", "words"):
        monkeypatch.setattr(f"stillwell.web.steps.{place}.knowledge", never, raising=False)
    monkeypatch.setattr("stillwell.web.desk.knowledge", never)
    monkeypatch.setattr("stillwell.web.work.Work._get", never)
    assert "Restless legs" in page.get("/").text
