"""The shipped reader tells apart what is there from what is denied, past, feared or somebody else's."""

import pytest

from stillwell.language.claims import calibrated, claims_in

PRESENT = [
    ("my calves cramp every night in bed", "night_leg_cramps"),
    ("pins and needles in both my feet", "tingling_feet"),
    ("My hands shake when I hold a cup.", "hand_tremor"),
    ("I can't pass water at all since last night.", "cannot_pass_urine"),
    ("my left arm and leg have gone weak", "weakness_one_side_of_body"),
    ("Not a day goes by without cramp in my calves.", "leg_cramps"),
    ("I never had tingling in my feet until last week, now it's there all day.", "tingling_feet"),
    ("I don't want to live any more.", "suicidal_thoughts"),
]
NOT_PRESENT = [
    ("No tingling in my feet.", "tingling_feet"),
    ("My mother has diabetes, I don't.", "diabetes"),
    ("Could it be multiple sclerosis?", "multiple_sclerosis_known"),
    ("They tested me for coeliac disease and it was negative.", "coeliac_disease"),
    ("I was shaking with laughter.", "tremor"),
    ("The cramps have gone since I stopped the tablets.", "leg_cramps"),
    ("He nearly had a fit when he saw the bill.", "seizure"),
]


@pytest.mark.parametrize(("text", "item"), PRESENT)
def test_what_is_there_is_claimed(text: str, item: str) -> None:
    assert item in {c.id for c in claims_in(text).of("present")}


@pytest.mark.parametrize(("text", "item"), NOT_PRESENT)
def test_what_is_not_there_now_is_not_claimed(text: str, item: str) -> None:
    assert item not in {c.id for c in claims_in(text).of("present")}


def test_a_claim_keeps_the_words_it_came_from() -> None:
    text = "I sleep badly, and my hands tremble."
    for claim in claims_in(text).claims:
        assert text[claim.start : claim.stop] == claim.words
        assert 0.0 <= claim.probability <= 1.0


def test_one_beginning_wins() -> None:
    claims = claims_in("It began suddenly yesterday, or maybe three weeks ago, my legs are weak.")
    assert sum(c.id.startswith("onset_") for c in claims.of("present")) <= 1


def test_a_sign_at_the_end_of_a_long_story_is_read() -> None:
    story = "We went to the shop and the weather was fine. " * 120
    claims = claims_in(story + "I cannot feel anything between my legs when I wipe.")
    assert "saddle_numbness" in {c.id for c in claims.of("present")}


def test_nothing_is_read_from_nothing() -> None:
    assert claims_in("").claims == []
    assert claims_in("   \n").claims == []


def test_calibration_keeps_the_order() -> None:
    values = [calibrated(p / 100, (-0.5, 0.8)) for p in range(101)]
    assert values == sorted(values)
