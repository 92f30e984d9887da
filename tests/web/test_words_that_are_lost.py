"""Words of which nothing was understood are said so at once; what is taken is read out of words, to be confirmed."""

import re

import pytest
from starlette.testclient import TestClient

GERMAN = "Meine Beine zucken nachts und ich kann nicht schlafen"


@pytest.mark.parametrize("said", ["zzz qqq blah", GERMAN])
def test_it_is_said_right_after_the_words_with_three_ways_out(
    page: TestClient, visit: str, said: str
) -> None:
    after = page.post(f"{visit}/words", data={"words": said})
    assert after.url.path == f"{visit}/heard"
    text = after.text.partition("<main")[2]
    assert "We did not understand this" in text and said in text
    for way in (f"{visit}/words", f"{visit}/words?picture=yes#picture", f"{visit}/you"):
        assert f'href="{way}"' in text, way
    assert re.search(
        r'<details class="picture"[^>]* open', page.get(f"{visit}/words?picture=yes").text
    )


def test_words_that_are_understood_go_straight_on(page: TestClient, visit: str) -> None:
    after = page.post(f"{visit}/words", data={"words": "my calves cramp at night"})
    assert after.url.path == f"{visit}/you"
    assert page.get(f"{visit}/heard").url.path == f"{visit}/you"


def area(text: str, name: str) -> str:
    found = re.search(rf'<textarea id="{name}"[^>]*>([^<]*)<', text)
    assert found
    return found[1]


def test_medicines_of_the_words_stand_on_their_page_to_be_confirmed(
    page: TestClient, visit: str
) -> None:
    said = "My legs cramp at night. I take sertraline 50 mg and metformin."
    page.post(f"{visit}/words", data={"words": said})
    text = page.get(f"{visit}/medicines").text
    assert area(text, "medicines").split("\n") == ["sertraline 50 mg", "metformin"]
    assert "We read this in your words" in text
    page.post(f"{visit}/medicines", data={"choice": "some", "medicines": "metformin"})
    text = page.get(f"{visit}/medicines").text
    assert area(text, "medicines") == "metformin" and "We read this" not in text


def test_a_medicine_that_is_not_known_is_said_and_not_folded(page: TestClient, visit: str) -> None:
    page.post(f"{visit}/words", data={"words": "my calves cramp at night"})
    page.post(f"{visit}/you", data={"age": "50"})
    after = page.post(f"{visit}/medicines", data={"choice": "some", "medicines": "quuxinol 5 mg"})
    notice = after.text.partition('class="notice"')[2].partition("</div>")[0]
    assert "quuxinol" in notice
