"""What a diary's words say beside foods: nothing is dropped, nothing that is not a food is counted."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.errors import CaseError
from stillwell.nutrition.intake.diary import read_diary, understood, unknown_foods
from stillwell.nutrition.intake.diary_text import ASK_BELOW, read_telling


def names(text: str) -> list[str]:
    return [i.foods[0].name for i in read_telling(text).items if i.foods]


@pytest.mark.parametrize(
    ("text", "eaten", "not_eaten"),
    [
        ("coffee, no milk", ["Coffee"], ["milk"]),
        ("coffee without milk", ["Coffee"], ["milk"]),
        ("eggs 2, but no bacon", ["Egg"], ["bacon"]),
        ("skipped lunch but had cake", ["Cake"], ["skipped lunch"]),
        ("2 rice cakes with no butter", ["Rice cake"], ["butter"]),
        ("nothing", [], ["nothing"]),
    ],
)
def test_what_was_not_eaten_is_not_counted_and_is_told(text, eaten, not_eaten) -> None:
    told = read_telling(text)
    found = [i.foods[0].name for i in told.items if i.foods]
    assert len(found) == len(eaten)
    assert all(name.startswith(start) for name, start in zip(found, eaten, strict=True))
    assert told.denied == not_eaten


@pytest.mark.parametrize("text", ["as usual", "same as yesterday", "xyzzyplugh"])
def test_what_is_not_known_is_listed_and_counts_as_eaten(text: str) -> None:
    day = read_diary(f"toast\n{text}")[0]
    assert day.not_counted == 1
    assert unknown_foods([day])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("200 mcg spinach", "mcg"),
        ("eggs 5 µg", "µg"),
        ("5 furlongs of spinach", "furlongs"),
        ("3 flurbs of rice", "flurbs"),
        ("10 stone of butter", "stone"),
        ("1e9 eggs", "1e9"),
        ("3/0 eggs", "3/0"),
        ("2 kg salt", "sodium"),
        ("1 l vodka", "alcohol"),
        ("40 kg of spinach", "40.0 kg"),
        ("-3 eggs", "negative"),
    ],
)
def test_an_amount_that_cannot_be_gets_one_line_and_the_rest_is_kept(text, named) -> None:
    told = read_telling(f"toast, {text}, coffee")
    assert len(told.troubles) == 1
    assert named in told.troubles[0]
    assert "\n" not in told.troubles[0]
    assert len([i for i in told.items if i.foods]) == 2


def test_a_diary_of_nothing_but_bad_lines_is_refused_and_names_the_first() -> None:
    with pytest.raises(CaseError, match=r"40\.0 kg"):
        read_diary("40 kg of spinach")


def test_a_tablet_in_a_diary_is_a_dose_not_a_food() -> None:
    told = read_telling("toast, vitamin d 1000 IU, magnesium 300 mg")
    assert told.doses == {"vitamin_d": 25.0, "magnesium": 300.0}
    assert len(told.items) == 1


def test_a_meal_named_by_one_word_becomes_its_foods() -> None:
    assert len(names("full english breakfast")) >= 7


def test_a_decimal_comma_is_read() -> None:
    item = read_telling("1,5 l of water").items[0]
    assert item.foods[0].grams == pytest.approx(1500)


def test_an_unsure_match_is_asked_about_and_counted_once_it_is_chosen() -> None:
    text = "toast, zorbled crunchy moon lentil thing"
    before = read_diary(text)[0]
    assert all(i.foods[0].confidence >= ASK_BELOW for i in before.items if i.foods)
    phrase = next(i.text for i in before.items if not i.foods)
    after = read_diary(text, {phrase: "fndds/lentils-nfs"})[0]
    assert [i.foods[0].id for i in after.items if i.text == phrase] == ["fndds/lentils-nfs"]
    assert after.not_counted == 0
    dropped = read_diary(text, {phrase: "none"})[0]
    assert phrase in dropped.denied


def test_a_diary_little_of_which_is_understood_is_doubted() -> None:
    days = read_diary("Brötchen mit Butter\nLinseneintopf\nFrikadelle\nJoghurt\napple")
    found = understood(days, 1800)
    assert any("understood" in d for d in found.doubts)


def test_a_diary_of_too_few_calories_is_doubted_and_a_full_one_is_not() -> None:
    little = understood(read_diary("black coffee, an apple"), 1800)
    full = understood(
        read_diary("pizza 400 g, pasta 300 g, cheese sandwich, milk 300 ml, banana"), 1800
    )
    assert little.doubts
    assert not full.doubts


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "2 eggs",
                "no milk",
                "3 flurbs of rice",
                "as usual",
                "toast",
                "1e9 eggs",
                "nothing",
                "qqqzzz",
            ]
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_piece_of_a_diary_is_eaten_unknown_denied_or_in_trouble(pieces: list[str]) -> None:
    told = read_telling(", ".join(pieces))
    assert len(told.items) + len(told.troubles) + len(told.denied) == len(pieces)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=string.printable, max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    told = read_telling(text)
    assert all(0 <= i.foods[0].grams <= 5000 for i in told.items if i.foods)
