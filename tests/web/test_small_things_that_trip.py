"""Small things of the page over which people tripped: ages, pregnancy, a child's age, lists without an end."""

import html
import re

import pytest
from starlette.testclient import TestClient

from stillwell.web.steps.words import age_of
from tests.web.test_an_alarm_on_the_page import main_of
from tests.web.test_the_way_through import tell

CALM = "In the evening my legs are restless and I have to move them, for two years."


@pytest.mark.parametrize(
    ("typed", "age"),
    [("47", 47), ("47 years", 47), ("sixty one years old", 61), ("34yo", 34), ("about 70", 70), ("18 months", 1.5)],
)  # fmt: skip
def test_an_age_is_taken_as_people_write_it(typed: str, age: float) -> None:
    assert age_of(typed) == age


@pytest.mark.parametrize("typed", ["1e2", "old", "-4", "140", "4 7", "nan"])
def test_what_is_no_age_is_none(typed: str) -> None:
    assert age_of(typed) is None


@pytest.mark.parametrize(
    "said",
    ["I am 30 weeks pregnant and my calves cramp at night.", "Pregnant with my second, my legs twitch and jump in the evening."],
)  # fmt: skip
def test_a_pregnancy_and_a_man_are_asked_about_and_neither_is_lost(
    page: TestClient, visit: str, said: str
) -> None:
    page.post(f"{visit}/words", data={"words": said})
    asked = page.post(f"{visit}/you", data={"age": "30", "sex": "male"})
    assert asked.status_code == 422 and "Are you pregnant?" in asked.text
    page.post(f"{visit}/you", data={"age": "30", "sex": "male", "pregnant": "yes"})
    assert re.search(r"[Pp]regnan", main_of(page.get(f"{visit}/answer").text))
    page.post(f"{visit}/you", data={"age": "30", "sex": "male", "pregnant": "no"})
    assert page.get(f"{visit}/answer").status_code == 200


def test_a_man_who_wrote_of_no_pregnancy_is_not_asked(page: TestClient, visit: str) -> None:
    page.post(f"{visit}/words", data={"words": CALM})
    after = page.post(f"{visit}/you", data={"age": "30 years", "sex": "male"})
    assert after.status_code == 200 and "Are you pregnant?" not in after.text


def test_that_it_is_not_made_for_a_child_is_said_at_once(page: TestClient, visit: str) -> None:
    page.post(f"{visit}/words", data={"words": "his legs ache and jump at night"})
    text = main_of(page.post(f"{visit}/you", data={"age": "5", "sex": "male"}).text)
    assert "child or teenager" in text


def test_causes_that_are_hardly_likely_are_folded_by_themselves(
    page: TestClient, visit: str
) -> None:
    tell(page, visit, CALM)
    text = html.unescape(page.get(f"{visit}/answer").text)
    shown = text.partition('id="all_causes"')[2].partition("</section>")[0]
    rare = text.partition('id="rare_causes"')[2].partition("</section>")[0]
    assert "under 1 % to under 1 %" not in shown
    assert "<details>" in rare and "causes with under 1 %" in rare and "Wilson disease" in rare


def test_only_stories_in_which_something_was_told_are_listed_and_the_latest_first(
    page: TestClient, visit: str
) -> None:
    assert 'class="records"' not in page.get("/").text
    for number in range(7):
        begun = page.post("/start", data={}, follow_redirects=False).headers["location"]
        page.post(begun, data={"words": f"my legs shake, for {number + 2} months"})
    listed = page.get("/").text
    assert len(re.findall(r'href="/s/[\w-]+/delete"', listed)) == 7
    assert "Earlier ones (2)" in listed


def test_the_link_to_report_a_mistake_is_no_verdict(page: TestClient) -> None:
    shown = re.search(r'href="(/learn/[0-9a-f]{12})"', page.get("/learn").text)
    assert shown
    text = page.get(shown[1]).text
    assert "This is wrong" not in text and "Report a mistake on this page" in text
