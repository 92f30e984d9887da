"""From first words to what is taken to the doctor."""

import html
import re

from starlette.testclient import TestClient

RESTLESS = "In the evening my legs are restless and I have to move them. My periods are heavy."


def key_of(text: str) -> str | None:
    found = re.search(r'name="key" value="([^"]+)"', text)
    return html.unescape(found[1]) if found else None


def tell(page: TestClient, visit: str, words: str = RESTLESS) -> None:
    page.post(f"{visit}/words", data={"words": words})
    page.post(f"{visit}/you", data={"age": "34", "sex": "female"})
    page.post(f"{visit}/medicines", data={"choice": "some", "medicines": "sertraline 50 mg"})


def test_a_story_leads_step_by_step_to_an_answer(page: TestClient, visit: str) -> None:
    page.post(f"{visit}/words", data={"words": RESTLESS})
    assert page.get(f"{visit}/words").text.count(RESTLESS) == 1
    after = page.post(f"{visit}/you", data={"age": "34", "sex": "female"})
    assert after.url.path.endswith("/medicines")
    after = page.post(f"{visit}/medicines", data={"choice": "none"})
    assert after.url.path.endswith("/urgent")
    assert "an urge to move the legs" in after.text
    asked = page.post(f"{visit}/tests", data={"results": "Ferritin 11 ng/mL"}).text
    sheet = re.search(r'name="sheet" value="(\w+)"', asked)
    assert sheet
    page.post(f"{visit}/tests/rows", data={"sheet": sheet[1], "use-0": "yes"})
    answer = page.get(f"{visit}/answer").text
    assert "restless legs" in answer.lower() and "11 ng/mL" in answer
    assert page.get(f"{visit}/plan").status_code == 200


def test_an_emergency_comes_before_any_question(page: TestClient, visit: str) -> None:
    words = "my legs are numb between the thighs since today and I cannot pass urine"
    after = page.post(f"{visit}/words", data={"words": words})
    assert after.url.path.endswith("/urgent")
    assert 'class="care emergency"' in after.text
    # and it stands on every later page
    for step in ("you", "medicines", "questions", "food", "tests", "check", "plan", "share"):
        assert 'class="care emergency"' in page.get(f"{visit}/{step}").text, step


def test_the_interview_ends_by_itself_and_asks_nothing_twice(page: TestClient, visit: str) -> None:
    tell(page, visit)
    seen: list[str] = []
    for _ in range(25):
        text = page.get(f"{visit}/questions").text
        key = key_of(text)
        if key is None:
            break
        seen.append(key)
        none = "none" if 'value="none"' in text else "no"
        page.post(f"{visit}/questions", data={"key": key, "answer": none})
    assert 1 <= len(seen) <= 20
    assert len(set(seen)) == len(seen)
    assert "No more questions" in text


def test_unknown_and_skipped_are_two_answers(page: TestClient, visit: str) -> None:
    tell(page, visit)
    for answer in ("unknown", "skip"):
        key = key_of(page.get(f"{visit}/questions").text)
        page.post(f"{visit}/questions", data={"key": key, "answer": answer})
    checked = page.get(f"{visit}/check").text
    assert "I don&#39;t know" in checked or "I don't know" in checked
    assert "Skipped" in checked


def test_nothing_chosen_is_said_and_nothing_is_kept(page: TestClient, visit: str) -> None:
    tell(page, visit)
    key = key_of(page.get(f"{visit}/questions").text)
    after = page.post(f"{visit}/questions", data={"key": key})
    assert after.status_code == 422 and "Choose an answer" in after.text
    assert key_of(page.get(f"{visit}/questions").text) == key


def test_an_answer_can_be_changed_from_the_list(page: TestClient, visit: str) -> None:
    tell(page, visit)
    key = key_of(page.get(f"{visit}/questions").text)
    page.post(f"{visit}/questions", data={"key": key, "answer": "skip"})
    change = re.search(r'href="([^"]+/questions/1\?from=check)"', page.get(f"{visit}/check").text)
    assert change
    after = page.post(change[1], data={"key": key, "answer": "unknown"})
    assert after.url.path.endswith("/check") and "Skipped" not in after.text


def test_what_was_misread_is_taken_away_and_put_back(page: TestClient, visit: str) -> None:
    page.post(f"{visit}/words", data={"words": "my calves cramp at night and I am tired"})
    assert "tiredness" in page.get(f"{visit}/urgent").text
    chips = page.post(f"{visit}/urgent", data={"away": "fatigue"}).text
    assert 'name="back" value="fatigue"' in chips and 'name="away" value="fatigue"' not in chips
    chips = page.post(f"{visit}/urgent", data={"back": "fatigue"}).text
    assert 'name="away" value="fatigue"' in chips


def test_two_windows_keep_what_each_told(page: TestClient, visit: str) -> None:
    tell(page, visit)
    first = key_of(page.get(f"{visit}/questions").text)
    page.post(f"{visit}/questions", data={"key": first, "answer": "skip"})
    second = key_of(page.get(f"{visit}/questions").text)
    # the older window answers its own question again after the newer one went on
    page.post(f"{visit}/questions", data={"key": second, "answer": "unknown"})
    page.post(f"{visit}/questions", data={"key": first, "answer": "unknown"})
    checked = page.get(f"{visit}/check").text
    assert "Skipped" not in checked


def test_an_age_that_is_none_is_said_beside_what_was_typed(page: TestClient, visit: str) -> None:
    after = page.post(f"{visit}/you", data={"age": "two hundred"})
    assert after.status_code == 422
    assert "two hundred" in after.text and "is no age" in after.text


def test_the_picture_alone_is_enough_to_go_on(page: TestClient, visit: str) -> None:
    after = page.post(
        f"{visit}/words", data={"feel": ["cramps"], "place": ["calf_left", "calf_right"]}
    )
    assert after.url.path.endswith("/you")
    assert "leg cramps" in page.get(f"{visit}/urgent").text


def test_a_result_that_is_not_understood_is_said(page: TestClient, visit: str) -> None:
    after = page.post(f"{visit}/tests", data={"results": "all fine I think"})
    assert after.status_code == 422 and "No result was understood" in after.text


def test_own_questions_stand_on_the_doctors_page(page: TestClient, visit: str) -> None:
    tell(page, visit)
    page.post(f"{visit}/share", data={"mine": "Could it be the tablets?\n\nMay I still drive?"})
    assert "May I still drive?" in page.get(f"{visit}/share/doctor.md").text
    data = page.get(f"{visit}/share/doctor.pdf")
    assert data.headers["content-type"] == "application/pdf" and data.content[:5] == b"%PDF-"


def test_deleted_is_gone(page: TestClient, visit: str) -> None:
    tell(page, visit)
    assert "cannot be brought back" in page.get(f"{visit}/delete").text
    page.post(f"{visit}/delete")
    assert page.get(f"{visit}/answer").status_code == 404
