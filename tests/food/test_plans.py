"""The smallest change of diet: targets met, limits kept, whoever the person is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.case.model import Person
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.intake import mean_nutrients, read_diary, usual_intakes
from stillwell.nutrition.plan import DIETS, avoided, candidates, needed, plans
from stillwell.nutrition.table import food

POOR = [
    "white toast with jam, black coffee, white rice 250 g, chicken breast, cola, crisps, pizza 2 slices"
] * 3
DAYS = read_diary(POOR)
USUAL = usual_intakes(knowledge(), DAYS, Person(age=34, sex="female"))
CHANGED = {c.record.id: c for c in candidates()}


def test_the_plan_closes_the_gap_and_says_how() -> None:
    found = plans(DAYS, USUAL, ["magnesium"])
    assert 1 <= len(found) <= 3
    for plan in found:
        assert plan.met == {"magnesium": True}
        assert plan.per_day["magnesium"] >= needed(USUAL["magnesium"]) * 0.97
        assert "magnesium" in plan.sentence
        assert plan.gap <= 0.01
    assert len({p.sentence for p in found}) == len(found)


def test_nothing_to_close_gives_no_plan() -> None:
    rich = read_diary(["pumpkin seeds 100 g, almonds 100 g, lentils 300 g, quinoa 300 g"] * 5)
    usual = usual_intakes(knowledge(), rich, Person(age=34, sex="female"))
    assert plans(rich, usual, ["magnesium"]) == []


@settings(max_examples=15, deadline=None)
@given(
    diets=st.lists(st.sampled_from([d for d in DIETS if d != "renal"]), max_size=2),
    wanted=st.lists(
        st.sampled_from(["magnesium", "iron", "calcium", "folate"]),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    dislikes=st.lists(st.sampled_from(["tofu", "lentils", "almonds", "quinoa"]), max_size=2),
)
def test_limits_hold_for_everybody(
    diets: list[str], wanted: list[str], dislikes: list[str]
) -> None:
    avoid = avoided(diets, [])
    now = mean_nutrients(DAYS)
    for plan in plans(DAYS, USUAL, wanted, diets=diets, dislikes=dislikes, count=2):
        added = [c for c in plan.changes if c.times > 0]
        assert all(not CHANGED[c.food].holds & avoid for c in added)
        assert not any(d in food(c.food).name.lower() for c in added for d in dislikes)
        assert all(c.times <= 7 for c in added)
        assert abs(plan.per_day["energy"]) <= 0.05 * now["energy"] + 1
        assert plan.per_day["sodium"] <= 1e-6
        for n in ("calcium", "iron"):
            if n in plan.per_day and plan.per_day[n] > 0:
                assert USUAL[n].high + plan.per_day[n] <= USUAL[n].ul + 1e-6


def test_a_renal_diet_never_adds_potassium_phosphate_or_magnesium() -> None:
    for plan in plans(DAYS, USUAL, ["iron", "calcium", "magnesium"], diets=["renal"]):
        for n in ("potassium", "phosphorus", "magnesium"):
            change = sum(
                (food(c.food).nutrients[n] or 0) * c.grams / 100 * c.times for c in plan.changes
            )
            assert change <= 1e-6


def test_what_food_cannot_do_is_said() -> None:
    found = plans(DAYS, USUAL, ["vitamin_d"], diets=["vegan"])
    assert found
    assert found[0].met["vitamin_d"] in (True, False)
    if not found[0].met["vitamin_d"]:
        assert any("vitamin D" in n for n in found[0].notes)


def test_liver_is_never_offered_in_pregnancy() -> None:
    for plan in plans(DAYS, USUAL, ["iron", "vitamin_b12"], pregnant=True):
        assert not any("liver" in c.portion for c in plan.changes if c.times > 0)


@pytest.mark.parametrize("kind", [{"diets": ["paleo-lunar"]}, {"nutrients": ["unobtainium"]}])
def test_unknown_words_are_refused(kind: dict[str, list[str]]) -> None:
    with pytest.raises(CaseError):
        plans(DAYS, USUAL, kind.get("nutrients", ["magnesium"]), diets=kind.get("diets"))
