"""The smallest change of diet: targets met, limits kept, whoever the person is."""

from dataclasses import replace
from threading import Event, Thread

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwell.assess.diet import diet_advice, read_diet
from stillwell.case.labs import Result
from stillwell.case.model import Person
from stillwell.case.understand import TakenMedicine, Understood
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.foods.table import food
from stillwell.nutrition.intake.usual import read_diary, usual_intakes
from stillwell.nutrition.planner.diet_problem import MOST_PORTIONS, DietProblem
from stillwell.nutrition.planner.gaps import WORSE, chance_after, counts_food, needed
from stillwell.nutrition.planner.limits import data_rules, diets, in_diary, limits, said_limits
from stillwell.nutrition.planner.plan import HELPS, plans
from stillwell.nutrition.planner.pool import candidates, is_eaten, week
from stillwell.nutrition.planner.solver import MOST_CHANGES, NODES, Solver

KNOWN = knowledge()
POOR = [
    "white toast with jam, black coffee, white rice 250 g, chicken breast, cola, crisps, pizza 2 slices, "
    "apple pie, sausages"
] * 3
DAYS = read_diary(POOR)
USUAL = usual_intakes(KNOWN, DAYS, Person(age=34, sex="female"))
CHANGED = {c.record.id: c for c in candidates()}
TARGETS = [
    "magnesium",
    "iron",
    "calcium",
    "folate",
    "vitamin_b12",
    "vitamin_d",
    "potassium",
    "zinc",
]


def told(**more) -> Understood:
    person = more.pop("person", Person(age=34, sex="female"))
    return replace(Understood(person), diary=POOR, **more)


def advice(case: Understood, nutrients: list[str]):
    eaten = read_diet(KNOWN, case)
    assert eaten is not None
    return diet_advice(KNOWN, case, eaten, {}, nutrients=nutrients), eaten


def per_day(plan, nutrient: str) -> float:
    """The change of a nutrient a day, worked out from the changes alone."""
    return sum(
        (food(c.food).nutrients.get(nutrient) or 0) * c.grams / 100 * c.times / 7
        for c in plan.changes
    )


def test_the_plan_closes_the_gap_and_says_how() -> None:
    found = plans(DAYS, USUAL, ["magnesium"])
    assert len(found) == 3
    for plan in found:
        assert plan.met == {"magnesium": True}
        assert plan.per_day["magnesium"] >= needed(USUAL["magnesium"]) * 0.97
        assert plan.chance["magnesium"] <= 0.105 < plan.before["magnesium"]
        assert "magnesium" in plan.sentence
        assert 1 <= len(plan.changes) <= MOST_CHANGES
        assert any("No smaller change" in n or "fixed number of steps" in n for n in plan.notes)
    assert len({p.sentence for p in found}) == 3


def test_nothing_to_close_gives_no_plan() -> None:
    rich = read_diary(["pumpkin seeds 100 g, almonds 100 g, lentils 300 g, quinoa 300 g"] * 5)
    usual = usual_intakes(KNOWN, rich, Person(age=34, sex="female"))
    assert plans(rich, usual, ["magnesium"]) == []


HISTORY = [
    "chronic_kidney_disease", "dialysis", "coeliac_disease", "vegan", "vegetarian", "breastfeeding",
    "liver_disease", "eating_disorder", "postmenopausal", "gastric_bypass_or_gastrectomy",
]  # fmt: skip
WORDS = [
    "nuts",
    "tree nuts",
    "soya",
    "seafood",
    "fish",
    "milk",
    "eggs",
    "cashew",
    "sesame seeds",
    "beans",
]


@st.composite
def cases(draw: st.DrawFn) -> Understood:
    sex = draw(st.sampled_from(["female", "male", None]))
    age = draw(st.integers(10, 90))
    medicine = st.sampled_from(
        [
            "warfarin",
            "potassium_sparing_diuretics",
            "maoi",
            "levothyroxine",
            "metformin",
            "ace_inhibitors",
        ]
    ).map(lambda g: TakenMedicine(g, g, KNOWN.base.medicines[g].members[0].name))
    labs = draw(
        st.dictionaries(
            st.sampled_from(["ferritin", "calcium_total", "potassium", "creatinine", "egfr"]),
            st.sampled_from(["low", "normal", "high"]),
            max_size=2,
        )
    )
    return told(
        person=Person(age=age, sex=sex, pregnant=(sex == "female" and 18 <= age <= 45 and draw(st.booleans())) or None),
        history_present=draw(
            st.lists(st.sampled_from(HISTORY), max_size=2, unique=True).map(
                lambda h: [x for x in h if not (x == "breastfeeding" and (sex != "female" or age > 50))]
            )
        ),
        medicines=draw(st.lists(medicine, max_size=2)),
        labs={t: Result(t, None, "", f, False, f, None, False) for t, f in labs.items()},
        avoids=draw(st.lists(st.sampled_from(sorted(diets())), max_size=1)),
        allergies=draw(st.lists(st.sampled_from(WORDS), max_size=2)),
        dislikes=draw(st.lists(st.sampled_from(WORDS), max_size=1)),
        supplements_told=draw(st.lists(st.sampled_from(["calcium 1200 mg", "iron 40 mg", "zinc 30 mg"]), max_size=2)),
    )  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), st.lists(st.sampled_from(TARGETS), min_size=1, max_size=4, unique=True))
def test_limits_hold_for_everybody(case: Understood, wanted: list[str]) -> None:
    found, eaten = advice(case, wanted)
    kept = limits(KNOWN, case, {})
    if (case.person.age or 0) < 18 or "eating_disorder" in case.history_present:
        assert found.plans == []
        assert kept.no_plan in found.notes
        return
    assert all(line in found.notes for line in kept.say)
    energy = eaten.usual["energy"].median
    for plan in found.plans:
        added = [c for c in plan.changes if c.times > 0]
        assert len(plan.changes) <= MOST_CHANGES
        for c in added:
            item = CHANGED[c.food]
            assert not kept.forbids(item.holds, f"{item.record.name} {item.portion}")
            assert c.times <= item.most
        for group, most in kept.most.items():
            assert sum(c.times for c in added if group in CHANGED[c.food].holds) <= most
        assert abs(per_day(plan, "energy")) <= 0.05 * energy + 1e-3
        assert per_day(plan, "sodium") <= 1e-3
        assert per_day(plan, "caffeine") <= 1e-6
        for n in kept.no_more:
            assert per_day(plan, n) <= 1e-3, n
        for n, usual in eaten.usual.items():
            change = per_day(plan, n)
            if usual.ul and counts_food(usual) and change > 0 and n not in ("sodium", "caffeine"):
                assert usual.high + change <= usual.ul * (1 + 1e-6), n
            after = chance_after(usual, change)
            if after is not None and usual.inadequate is not None:
                assert after <= max(0.1, usual.inadequate + WORSE) + 1e-3, n
        for n in plan.met:
            assert (
                n in plan.sentence.replace("vitamin ", "vitamin_").lower()
                or n.split("_")[-1].upper() in plan.sentence
            )
        if not all(plan.met.values()):
            assert plan.clash or any("Food alone" in note for note in plan.notes)
    for n in wanted:
        if n in kept.no_more:
            assert any("not raised" in note for note in found.notes)


def test_a_nutrient_asked_for_by_name_keeps_the_medical_limits() -> None:
    kidney = told(history_present=["chronic_kidney_disease"])
    found, _ = advice(kidney, ["magnesium", "potassium"])
    assert found.plans == []
    assert any("kidney" in n.lower() for n in found.notes)
    pregnant = told(person=Person(age=30, sex="female", pregnant=True))
    found, _ = advice(pregnant, ["vitamin_b12", "iron"])
    assert found.plans
    assert not any("liver" in c.portion for p in found.plans for c in p.changes)
    coeliac = told(history_present=["coeliac_disease"])
    found, _ = advice(coeliac, ["iron", "folate"])
    assert not any(
        CHANGED[c.food].holds & {"gluten", "oats"}
        for p in found.plans
        for c in p.changes
        if c.times > 0
    )


def test_results_limit_a_plan_like_a_diagnosis() -> None:
    high = {"potassium": Result("potassium", 5.9, "", "high", True, "5.9 mmol/L", None, False)}
    found, _ = advice(told(labs=high), ["potassium", "magnesium"])
    for plan in found.plans:
        assert per_day(plan, "potassium") <= 1e-3


def test_what_is_taken_already_counts() -> None:
    _, without = advice(told(), ["magnesium"])
    found, taking = advice(told(supplements_told=["magnesium 300 mg"]), ["magnesium"])
    assert needed(taking.usual["magnesium"]) < needed(without.usual["magnesium"])
    assert found.plans == [] or found.plans[0].per_day["magnesium"] < 100


def test_warfarin_keeps_greens_as_they_are() -> None:
    greens = replace(told(), diary=[*POOR[:2], POOR[2] + ", spinach 100 g, broccoli"])
    warfarin = replace(greens, medicines=[TakenMedicine("w", "warfarin", "warfarin")])
    found, _ = advice(warfarin, ["folate", "magnesium"])
    for plan in found.plans:
        for c in plan.changes:
            assert "greens" not in (CHANGED[c.food].holds if c.food in CHANGED else ())
            assert not in_diary("greens", f"{c.portion} {food(c.food).name}")
    assert any("Warfarin" in n for n in found.notes)


def test_what_food_cannot_do_is_said_with_how_far_it_comes() -> None:
    found = plans(DAYS, USUAL, ["vitamin_d"], limits=said_limits(["vegan"]))
    assert found
    if not found[0].met["vitamin_d"]:
        assert any("This brings vitamin D to about" in n for n in found[0].notes)
        assert found[0].clash


@pytest.mark.parametrize(
    ("word", "groups"),
    [
        ("tree nuts", {"nuts"}), ("nuts", {"nuts", "peanuts"}), ("soya", {"soy"}), ("soybeans", {"soy"}),
        ("seafood", {"fish", "shellfish"}), ("cashew", {"nuts"}), ("almond", {"nuts"}), ("dairy-free", {"dairy"}),
        ("crustaceans", {"shellfish"}), ("sesame seeds", {"sesame"}), ("seeds", {"sesame", "seeds"}),
        ("coeliac", {"gluten", "oats"}), ("walnuts", {"nuts"}), ("wheat", {"gluten"}), ("milk", {"dairy"}),
    ],
)  # fmt: skip
def test_an_allergy_is_understood_in_everyday_words(word: str, groups: set[str]) -> None:
    assert groups <= set(said_limits([], allergies=[word]).groups)


@pytest.mark.parametrize("field", ["avoids", "allergies", "dislikes"])
def test_an_unknown_word_is_refused_with_the_field_and_what_is_near(field: str) -> None:
    with pytest.raises(CaseError) as error:
        said_limits([], **{field: ["carnivorus"]})
    assert f"{field}[0]" in str(error.value)
    with pytest.raises(CaseError, match="peanut"):
        said_limits([], **{field: ["peenuts"]})


def test_an_allergy_to_a_medicine_is_no_bad_food() -> None:
    found = limits(KNOWN, told(allergies=["penicillin"]), {})
    assert any("penicillin" in line for line in found.say)


def test_a_dislike_rules_out_that_food_and_no_more() -> None:
    found = said_limits([], dislikes=["salmon"])
    assert found.forbids(frozenset({"fish"}), "Fish, salmon, baked")
    assert not found.forbids(frozenset({"fish"}), "Fish, trout, baked")
    assert found.forbids(frozenset(), "salmon pie")
    assert not said_limits([], dislikes=["peas"]).forbids(frozenset(), "Peanuts, dry roasted")


def test_prices_make_dear_foods_a_larger_change() -> None:
    plain = plans(DAYS, USUAL, ["magnesium"], count=1)[0]
    first = next(c for c in plain.changes if c.times > 0)
    words = CHANGED[first.food].portion
    dear = plans(DAYS, USUAL, ["magnesium"], count=1, prices={words: 50.0, "e": 0.5})
    assert dear[0].cost is not None
    assert dear[0].changes != plain.changes


def test_every_medical_rule_has_a_source_or_says_that_it_is_judged() -> None:
    for rule in data_rules():
        assert rule.get("cite") or rule.get("judgement"), rule["id"]


@pytest.mark.parametrize(
    "kind", [{"diets": ["paleo-lunar"]}, {"nutrients": ["unobtainium"]}, {"level": 0}]
)
def test_unknown_words_are_refused(kind: dict) -> None:
    with pytest.raises(CaseError):
        plans(
            DAYS,
            USUAL,
            kind.get("nutrients", ["magnesium"]),
            limits=said_limits(kind.get("diets", [])),
            level=kind.get("level", 0.1),
        )


def test_the_same_plan_comes_from_a_busy_machine_as_from_a_quiet_one() -> None:
    """The search is bounded by its steps: nothing in it looks at a clock."""
    asked = ["vitamin_d", "vitamin_b12", "folate", "potassium", "zinc"]
    quiet = plans(DAYS, USUAL, asked)
    stop = Event()
    busy = [Thread(target=_spin, args=(stop,)) for _ in range(3)]
    for thread in busy:
        thread.start()
    try:
        again = plans(DAYS, USUAL, asked)
    finally:
        stop.set()
        for thread in busy:
            thread.join()
    assert msgspec.json.encode(quiet) == msgspec.json.encode(again)
    solver = Solver(DietProblem(DAYS, USUAL, {"magnesium": 50.0}, said_limits([]), 0.1, {}).problem)
    assert solver.highs.getOptionValue("time_limit")[1] == float("inf")
    assert solver.highs.getOptionValue("mip_max_nodes")[1] == NODES


def _spin(stop: Event) -> None:
    while not stop.is_set():
        sum(range(10_000))


def test_a_plan_is_headed_by_what_it_does_and_counts_what_changes() -> None:
    for plan in plans(DAYS, USUAL, ["magnesium"]):
        row = next(t for t in plan.totals if t.nutrient == "magnesium")
        assert plan.headline.startswith(
            f"Raises magnesium from {row.before:.0f} to {row.after:.0f} mg"
        )
        assert f"{plan.before['magnesium']:.0%} to {plan.chance['magnesium']:.0%}" in plan.headline
        assert plan.portions == sum(abs(c.times) for c in plan.changes)
        assert plan.effort.startswith(f"{plan.portions} portions")
        added = [c for c in plan.changes if c.times > 0]
        assert {b.food for b in plan.shopping} == {c.food for c in added}
        assert all(
            b.grams == round(c.grams * c.times) for b, c in zip(plan.shopping, added, strict=True)
        )
        assert {*plan.eaten_already, *plan.new_foods} == {c.portion for c in added}
        assert {t.nutrient for t in plan.totals} == set(USUAL)


def test_a_plan_that_closes_nothing_says_so() -> None:
    strict = ["vegan", "renal"]
    found = plans(
        DAYS, USUAL, ["vitamin_d"], limits=said_limits(strict, dislikes=["milk", "soya", "almonds"])
    )
    for plan in found:
        fell = plan.before["vitamin_d"] - plan.chance["vitamin_d"]
        assert plan.closes == (fell >= HELPS)
        assert ("closes no gap" in plan.headline) == (not plan.closes)
        assert ("This closes the gap" in plan.headline) == all(plan.met.values())


def test_what_is_eaten_anyway_comes_before_foods_never_named() -> None:
    named = read_diary([POOR[0] + ", almonds 20 g, spinach 60 g"] * 3)
    usual = usual_intakes(KNOWN, named, Person(age=34, sex="female"))
    first = plans(named, usual, ["magnesium"], count=1)[0]
    assert set(first.eaten_already) & {"a handful of almonds", "half a cup of cooked spinach"}
    plain = plans(DAYS, USUAL, ["magnesium"], count=1)[0]
    assert not set(plain.eaten_already) & {"a handful of almonds", "half a cup of cooked spinach"}


@pytest.mark.parametrize(
    "nutrients", [["iron", "vitamin_d"], ["calcium", "magnesium", "vitamin_d"], ["potassium"]]
)
def test_ways_are_small_sorted_and_more_than_one_swap_apart(nutrients: list[str]) -> None:
    found = plans(DAYS, USUAL, nutrients)
    assert found
    assert [p.portions for p in found] == sorted(p.portions for p in found)
    assert all(p.portions <= MOST_PORTIONS for p in found)
    for at, one in enumerate(found):
        for other in found[:at]:
            first, second = ([c for c in p.changes if c.times > 0] for p in (one, other))
            apart = [c for c in first if not any(alike(c, d) for d in second)]
            apart += [c for c in second if not any(alike(c, d) for d in first)]
            assert len(apart) > 2, (one.sentence, other.sentence)


def alike(one, other) -> bool:
    """Whether two added foods carry the same last word, as milk and lactose-free milk do."""
    return one.food == other.food or one.portion.split()[-1] == other.portion.split()[-1]


@pytest.mark.parametrize(
    ("diary", "eaten", "new"),
    [
        ("porridge with oat milk, tea", "a bowl of oatmeal", "a glass of milk"),
        ("cornflakes with milk", "a glass of milk", "a glass of lactose-free milk"),
        (
            "cornflakes with milk",
            "a bowl of fortified corn flakes",
            "a bowl of fortified bran flakes",
        ),
        ("white toast with cheddar", "a slice of cheddar", "two slices of wholemeal bread"),
        ("chicken curry with white rice", "a chicken breast", "a cup of brown rice"),
    ],
)
def test_foods_said_to_be_eaten_already_are(diary: str, eaten: str, new: str) -> None:
    foods = {c.portion: c for c in candidates()}
    told_week = week(read_diary(diary), frozenset())
    assert is_eaten(foods[eaten], told_week)
    assert not is_eaten(foods[new], told_week)
