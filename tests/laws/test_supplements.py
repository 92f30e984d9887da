"""Laws of safety: never above the upper level, never contraindicated, no interaction unsaid.

Over generated people of any age, with illness, results, pregnancy, medicines, supplements already taken and a
diary.
"""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.ceilings import upper_level
from stillwell.assess.diet import read_diet
from stillwell.assess.intakes import FOLIC_ACID_AS_EQUIVALENTS, Eaten, taken_doses
from stillwell.assess.supplements import (
    CLASSES,
    add_meetings_between,
    supplement_line,
)
from stillwell.case.labs import Result
from stillwell.case.model import Medicine, Person
from stillwell.case.understand import TakenMedicine, Understood
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.planner.limits import limits

KNOWN = knowledge()
base = KNOWN.base
NAMES = sorted(n for n, r in base.nutrients.items() if r.supplement is not None)
UNITS = {n: r.unit.replace("ug", "mcg") for n, r in base.nutrients.items()}
DIARIES = [
    ["bran flakes 100 g, milk 500 ml, beef steak 300 g, lentils 300 g, orange juice, bread 200 g"],
    ["white toast with jam, tea, pasta with tomato sauce, cornflakes with milk, cheese sandwich"],
]


def taken(groups: dict) -> st.SearchStrategy:
    return st.sampled_from(sorted(groups)).map(
        lambda g: TakenMedicine(g, g, groups[g].members[0].name)
    )


def result(test: str, flag: str) -> Result:
    value = {"low": base.tests[test].possible[0], "high": base.tests[test].possible[1]}.get(flag)
    return Result(test, value, "", flag, False, f"{value} {base.tests[test].unit}", None, False)


LABS = st.dictionaries(
    st.sampled_from(
        ["ferritin", "transferrin_saturation", "calcium_total", "potassium", "creatinine", "egfr",
         "vitamin_b12", "magnesium", "vitamin_d_25oh", "serum_folate"]
    ),
    st.sampled_from(["low", "normal", "high"]),
    max_size=4,
)  # fmt: skip


@st.composite
def people(draw: st.DrawFn) -> Understood:
    sex = draw(st.sampled_from([None, "female", "male"]))
    age = draw(st.none() | st.floats(9, 95))
    fertile = sex == "female" and age is not None and 15 <= age <= 50
    told = Understood(
        Person(age=age, sex=sex, pregnant=draw(st.booleans()) if fertile else None),
        history_present=draw(
            st.lists(
                st.sampled_from(
                    sorted(h for h in base.history if h not in ("pregnant", "breastfeeding"))
                ),
                max_size=4,
                unique=True,
            )
        ),
        medicines=draw(st.lists(taken(base.medicines), max_size=4)),
        supplements=draw(st.lists(taken(base.supplements), max_size=3)),
        labs={t: result(t, f) for t, f in draw(LABS).items()},
    )
    doses = draw(st.dictionaries(st.sampled_from(NAMES), st.floats(0.1, 1.5), max_size=3))
    for name, share in doses.items():
        record = base.nutrients[name]
        limit = upper_level(KNOWN, told, name)
        amount = share * (limit.amount if limit else record.supplement.dose[1])
        word = {"folate": "folic acid"}.get(name, name.replace("_", " "))
        told.supplements_told.append(Medicine(name=word, dose=f"{amount:.4f} {UNITS[name]}"))
        group = CLASSES.get(name, name)
        if group in base.supplements:
            told.supplements.append(
                TakenMedicine(word, group, base.supplements[group].members[0].name)
            )
    return told


def eaten_by(told: Understood, diary: list[str] | None) -> Eaten | None:
    return read_diet(KNOWN, replace(told, diary=diary)) if diary else None


@settings(max_examples=150, deadline=None)
@given(
    people(),
    st.sampled_from(sorted(base.nutrients)),
    st.sampled_from(sorted(base.causes)),
    st.floats(0, 1),
    st.sampled_from([None, *DIARIES]),
)
def test_the_plan_is_safe(person, name, cause, p, diary):
    nutrient = base.nutrients[name]
    eaten = eaten_by(person, diary)
    line = supplement_line(KNOWN, person, nutrient, {cause: p}, eaten)
    if nutrient.supplement is None or (person.person.age or 40) < 18:
        assert line.verdict == "no"
    offered = line.dose is not None
    assert offered == (line.dose is not None and line.verdict != "no")
    # never contraindicated
    folic = name == "folate" and "pregnan" in line.text.lower()
    for barred in nutrient.supplement.contraindicated if nutrient.supplement else []:
        kind, _, item = barred.partition(":")
        held = {
            "history": item in person.history_present,
            "lab": kind == "lab"
            and item.split(":")[0] in person.labs
            and person.labs[item.split(":")[0]].flag == item.split(":")[1],
        }.get(kind, barred == cause and p >= 0.05)
        if held and not (folic and barred == "low_vitamin_b12"):
            assert line.verdict == "no"
    if name in limits(KNOWN, person, {cause: p}).no_supplement:
        assert line.verdict == "no"
    # never above the upper level, with what is eaten and what is taken
    limit = upper_level(KNOWN, person, name)
    if offered and limit is not None:
        doses = taken_doses(KNOWN, person)[0].get(name, 0.0)
        if name == "folate":
            doses /= FOLIC_ACID_AS_EQUIVALENTS
        total = doses
        if limit.counts == "total" and eaten is not None:
            half = any(n.startswith("Your diary was not used") for n in eaten.notes)
            total = doses if half else eaten.usual[name].high
        assert total + line.dose[1] <= limit.amount * (1 + 1e-6)
        assert f"{limit.amount:g}" in line.ceiling
    # never an interaction unsaid, from either side's record
    own = {name, CLASSES.get(name, name)}
    for one in (*person.medicines, *person.supplements):
        if one.group in own:
            continue
        group = base.medicines.get(one.group) or base.supplements[one.group]
        meetings = [
            m
            for m in group.interactions
            if m.with_ in own and (not m.members or not one.member or one.member in m.members)
        ]
        mirrored = [
            m
            for o in own
            if o in base.supplements
            for m in base.supplements[o].interactions
            if m.with_ in (one.group, one.member)
            and (not m.others or not one.member or one.member in m.others)
        ]
        if meetings or mirrored:
            assert any(w.startswith(f"{one.member}:") for w in line.warnings)
        for m in meetings:
            parts = [
                p for text in (m.effect, m.advice) for p in re.split(r"\{(?:name|other)\}", text)
            ]
            assert any(all(p in w for p in parts) for w in line.warnings)
        if any(m.severity == "contraindicated" for m in (*meetings, *mirrored)):
            assert line.verdict == "no"


def test_two_supplements_that_hinder_each_other_say_so() -> None:
    person = Understood(Person(age=40, sex="female"))
    lines = [supplement_line(KNOWN, person, base.nutrients[n], {}) for n in ("iron", "calcium")]
    both = add_meetings_between(KNOWN, lines)
    assert any("calcium" in w for w in both[0].warnings)
    assert any("iron" in w for w in both[1].warnings)


def test_a_test_that_shows_it_low_is_named_and_not_asked_for_again() -> None:
    low = Result("vitamin_b12", 90.0, "", "low", True, "90 pmol/L", None, False)
    person = Understood(Person(age=40, sex="female"), labs={"vitamin_b12": low})
    line = supplement_line(KNOWN, person, base.nutrients["vitamin_b12"], {})
    assert line.verdict == "ask"
    assert "90 pmol/L" in line.text
    assert "Only if a test" not in line.text


def test_a_normal_test_needs_no_supplement() -> None:
    fine = Result("vitamin_d_25oh", 80.0, "", "normal", False, "80 nmol/L", None, False)
    person = Understood(Person(age=40, sex="female"), labs={"vitamin_d_25oh": fine})
    assert supplement_line(KNOWN, person, base.nutrients["vitamin_d"], {}).verdict == "no"


def test_pregnant_women_are_told_folic_acid_and_iron_only_if_low() -> None:
    person = Understood(Person(age=30, sex="female", pregnant=True))
    folate = supplement_line(KNOWN, person, base.nutrients["folate"], {"low_vitamin_b12": 0.2})
    iron = supplement_line(KNOWN, person, base.nutrients["iron"], {"low_iron": 0.5})
    assert folate.verdict == "yes"
    assert folate.dose == (400.0, 400.0)
    assert any("B12" in w for w in folate.warnings)
    assert iron.verdict == "if low"


@pytest.mark.parametrize("name", NAMES)
def test_an_amount_that_was_not_told_stops_a_dose_where_a_limit_is_set(name: str) -> None:
    person = Understood(
        Person(age=40, sex="male"),
        supplements=[TakenMedicine("multivitamin", "multivitamin", "multivitamin")],
    )
    line = supplement_line(KNOWN, person, base.nutrients[name], {})
    assert line.dose is None or upper_level(KNOWN, person, name) is None


def test_a_dose_told_in_a_story_counts_like_a_listed_one() -> None:
    zinc = TakenMedicine("zinc", "zinc", "zinc", dose=30.0)
    acid = TakenMedicine("folic acid", "folic_acid", "folic acid", dose=400.0)
    doses, _ = taken_doses(KNOWN, Understood(Person(age=40), supplements=[zinc, acid]))
    assert doses == {"zinc": 30.0, "folate": 400.0 * FOLIC_ACID_AS_EQUIVALENTS}
