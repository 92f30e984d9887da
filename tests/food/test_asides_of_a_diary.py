"""When and where something was eaten is no food, and a sum of what was told is not eaten again."""

import pytest

from stillwell.nutrition.intake.diary_text import read_telling


def eaten(text: str) -> list[tuple[str, float]]:
    return [
        (item.foods[0].name, item.foods[0].grams) for item in read_telling(text).items if item.foods
    ]


@pytest.mark.parametrize(
    ("told", "plain"),
    [
        ("beans on toast for tea about 5", "beans on toast"),
        ("fish and chips for my tea at six", "fish and chips"),
        ("porridge first thing", "porridge"),
        ("two digestives on the sofa", "two digestives"),
        ("handful of nuts about 3pm", "handful of nuts"),
        ("cheese sandwich at my desk at half past twelve", "cheese sandwich"),
        ("a glass of milk last thing at night", "a glass of milk"),
        ("crisps in the car on the way home", "crisps"),
        ("tomato soup when I got in", "tomato soup"),
        ("another 2 teas", "2 teas"),
        ("three teas in total", "three teas"),
    ],
)
def test_times_and_places_are_no_food(told: str, plain: str) -> None:
    assert eaten(told) == eaten(plain) != []
    assert all(item.foods for item in read_telling(told).items)


@pytest.mark.parametrize(
    "told",
    [
        "tea for two",
        "300 g rice",
        "a bowl of weetabix",
        "bed and breakfast tea",
        "half a bar of chocolate",
    ],
)
def test_what_is_food_stays(told: str) -> None:
    assert eaten(told)


def test_a_sum_is_said_and_not_added() -> None:
    day = read_telling("two teas with breakfast, another 2 teas after lunch. 4 teas all in all")
    assert sum(item.foods[0].grams for item in day.items) == 960
    assert any("sum" in line for line in day.troubles)
