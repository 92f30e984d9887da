"""An alarm sign told in any box of words raises the care card, with the words that did."""

import datetime as dt
import html

import pytest
from starlette.testclient import TestClient

from stillwell.store.store import Store
from tests.web.test_an_alarm_on_the_page import main_of
from tests.web.test_the_way_through import tell

CALM = "In the evening my legs are restless and I have to move them, for two years."
BOXES = {
    "medicines": ("medicines", {"choice": "some", "medicines": "ramipril 5 mg\n{said}"}),
    "supplements": ("medicines", {"choice": "some", "supplements": "{said}"}),
    "food": ("food/days/1", {"day": "tea and toast. {said}", "how": "all"}),
    "refused food": ("food/days/1", {"day": "tea and toast. {said}"}),
    "not eaten": ("food/not", {"choice": "some", "avoids": "{said}"}),
    "for the doctor": ("share", {"mine": "Should I stop the statin?\n{said}"}),
    "results": ("tests", {"results": "Ferritin 40 ng/mL\n{said}"}),
    "refused results": ("tests", {"results": "{said}"}),
}
SAID = (
    "I have not been able to pee since last night",
    "my mouth droops on the left and one arm will not lift since this morning",
    "I passed out and now I have a tight pain in my chest",
)


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("said", SAID)
def test_an_alarm_in_any_box_raises_the_card_and_says_which_words(
    page: TestClient, visit: str, box: str, said: str
) -> None:
    tell(page, visit, CALM)
    step, form = BOXES[box]
    sent = {name: value.format(said=said) for name, value in form.items()}
    text = html.unescape(main_of(page.post(f"{visit}/{step}", data=sent).text))
    assert 'class="care emergency"' in text, text[:600]
    assert "You wrote this" in text and said.rpartition("and ")[2][:20] in text


def test_what_was_heard_counts_as_told_until_the_box_says_otherwise(
    page: TestClient, visit: str
) -> None:
    tell(page, visit, CALM)
    page.post(f"{visit}/share", data={"mine": SAID[0]})
    assert "pass urine" in main_of(page.get(f"{visit}/urgent").text)
    assert 'class="care emergency"' in page.get(f"{visit}/answer").text
    page.post(f"{visit}/share", data={"mine": "Should I have a blood test?"})
    assert 'class="care emergency"' not in page.get(f"{visit}/answer").text


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("medicines", {"choice": "some", "medicines": "ramipril 5 mg\nlithium\ninsulin, metformin"}),
        ("food/days/1", {"day": "hot chilli, blood orange, crushed tomatoes, a bloody mary", "how": "all"}),
        ("food/not", {"choice": "some", "avoids": "blood pudding\nhot curry"}),
        ("share", {"mine": "Could it be a clot?\nIs it MS? My aunt had a stroke."}),
        ("tests", {"results": "Ferritin 40 ng/mL\nfasting sample, taken at 8"}),
    ],
)  # fmt: skip
def test_what_is_usual_in_a_box_raises_none(
    page: TestClient, visit: str, step: str, form: dict[str, str]
) -> None:
    tell(page, visit, CALM)
    text = main_of(page.post(f"{visit}/{step}", data=form).text)
    assert 'class="care emergency"' not in text and 'class="care today"' not in text


@pytest.mark.parametrize("field", ["note", "triggers", "tried"])
def test_the_diary_is_heard_for_a_week(
    page: TestClient, visit: str, store: Store, field: str
) -> None:
    diary = f"/p/{store.people()[0].id}/diary"
    said = "numb where I sit and I wet the bed"
    day = dt.date.today() - dt.timedelta(days=1)
    text = main_of(page.post(diary, data={"day": str(day), field: said}).text)
    assert 'class="care emergency"' in text and said in text
    assert 'href="tel:112"' in text
    old = dt.date.today() - dt.timedelta(days=40)
    page.post(diary, data={"day": str(old), field: said})
    page.post(diary, data={"day": str(day), "note": "a quiet night"})
    assert 'class="care emergency"' not in main_of(page.get(diary).text)


def test_a_sentence_among_the_medicines_is_no_unknown_medicine(
    page: TestClient, visit: str
) -> None:
    tell(page, visit, CALM)
    said = "forgot to say, I cannot pass water since yesterday and my bottom is numb"
    page.post(f"{visit}/medicines", data={"choice": "some", "medicines": f"ramipril 5 mg\n{said}"})
    for step in ("urgent", "answer"):
        text = html.unescape(page.get(f"{visit}/{step}").text)
        assert "is a medicine that is not known" not in text
        assert "list it under findings" not in text
    doctor = html.unescape(page.get(f"{visit}/share/doctor.html").text)
    assert "not known to us" not in doctor
    problem = doctor.partition("The problem")[2][:400]
    assert "pass urine" in problem and "numb" in problem.lower()
    assert problem.index("pass urine") < (problem.find("urge to move") % 1000)
    title = doctor.partition("<h1")[2].partition("</h1>")[0].lower()
    assert "urine" in title or "numb" in title, title


def test_a_text_that_is_too_long_is_kept_whole_and_heard_whole(
    page: TestClient, visit: str
) -> None:
    filler = "".join(f"On day {n} my legs were restless in the evening. " for n in range(450))
    said = "Now I cannot pass urine and I am numb between my legs."
    assert len(filler) > 20_000
    assert "maxlength" not in page.get(f"{visit}/words").text
    after = page.post(f"{visit}/words", data={"words": filler + said})
    assert after.status_code == 422
    text = main_of(after.text)
    assert text.count("Nothing was cut off") == 1
    assert said in text.partition("<textarea")[2]
    assert 'class="care emergency"' in text and f'action="{visit}/words"' in text


def test_a_long_box_beside_others_loses_none_of_them(
    page: TestClient, visit: str, store: Store
) -> None:
    diary = f"/p/{store.people()[0].id}/diary"
    after = page.post(
        diary, data={"day": str(dt.date.today()), "tried": "a walk", "note": "zz " * 900}
    )
    assert after.status_code == 422
    assert 'name="tried" value="a walk"' in after.text and "zz zz" in after.text
