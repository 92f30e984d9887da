"""Laws of what is taken, over 10,000 generated people: nothing above a ceiling is advised, nothing
contraindicated is advised or left unsaid when taken, no known interaction is left unsaid.

What must be said is worked out anew from the records, not by the code under test.
"""

from random import Random

import pytest

from stillwell.assess.ceilings import AUTHORITIES
from stillwell.assess.intakes import FOLIC_ACID_AS_EQUIVALENTS, NUTRIENT_OF
from stillwell.assess.supplements import supplement_line
from stillwell.assess.taken import warnings
from stillwell.case.labs import Result
from stillwell.case.model import Case, Person, Told
from stillwell.case.understand import TakenMedicine, Understood, understand
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import triage

PEOPLE = 10_000
KNOWN = knowledge()
base = KNOWN.base
CLASSES = {**base.medicines, **base.supplements}
DOSED = sorted(g for g, r in base.supplements.items() if r.dose_unit)
NUTRIENTS = sorted(n for n, r in base.nutrients.items() if r.supplement is not None)
TESTS = ("ferritin", "transferrin_saturation", "calcium_total", "potassium", "sodium", "creatinine", "egfr",
         "vitamin_b12", "magnesium", "vitamin_d_25oh", "tsh", "alt", "creatine_kinase")  # fmt: skip
FINDINGS = ("numbness_feet", "tingling_feet", "muscle_pain", "gait_unsteady")
MG = {"g": 1000.0, "mg": 1.0, "ug": 0.001}


def medicine(random: Random, group: str) -> TakenMedicine:
    member = random.choice(["", *(m.name for m in CLASSES[group].members)])
    dose = None
    if group in DOSED and random.random() < 0.7:
        dose = 10 ** random.uniform(0, 4)
    return TakenMedicine(member or group, group, member, random.random() < 0.1, dose)


def result(random: Random, test: str) -> Result:
    flag = random.choice(["low", "normal", "high"])
    low, high = base.tests[test].possible
    value = {"low": low, "high": high}.get(flag)
    return Result(test, value, "", flag, False, f"{value} {base.tests[test].unit}", None, False)


def person(random: Random) -> Understood:
    sex = random.choice([None, "female", "male"])
    age = random.choice([None, random.uniform(9, 95)])
    fertile = sex == "female" and age is not None and 15 <= age <= 50
    pregnant = fertile and random.random() < 0.4
    free = sorted(h for h in base.history if h not in ("pregnant", "breastfeeding"))
    told = Understood(Person(age=age, sex=sex, pregnant=pregnant if fertile else None))
    told.history_present = random.sample(free, random.randint(0, 3)) + ["pregnant"] * pregnant
    told.medicines = [
        medicine(random, g) for g in random.sample(sorted(base.medicines), random.randint(0, 4))
    ]
    told.supplements = [
        medicine(random, g) for g in random.sample(sorted(base.supplements), random.randint(0, 4))
    ]
    told.labs = {t: result(random, t) for t in random.sample(TESTS, random.randint(0, 3))}
    told.present = random.sample(FINDINGS, random.randint(0, 2))
    if random.random() < 0.1:
        told.unclear = ["not understood: 'I have sarcoidosis'"]
    if random.random() < 0.1:
        told.diary = "toast, grapefruit, tea"
    return told


def names(one: TakenMedicine) -> set[str]:
    return {one.group, one.member, NUTRIENT_OF.get(one.group, one.group)} - {""}


def meets(one: TakenMedicine, other: TakenMedicine) -> bool:
    return any(
        m.with_ in names(other)
        and (not m.members or not one.member or one.member in m.members)
        and (not m.others or not other.member or other.member in m.others)
        for m in CLASSES[one.group].interactions
    )


def is_so(when, told: Understood) -> bool:
    """A condition of the cautions, worked out by hand."""
    if when is None:
        return False
    if when.any is not None:
        return any(is_so(part, told) for part in when.any)
    if when.all is not None:
        return all(is_so(part, told) for part in when.all)
    if when.age_from is not None:
        return told.person.age is not None and told.person.age >= when.age_from
    if when.history is not None:
        return when.history in told.history_present
    if when.finding is not None:
        return when.finding in told.present
    if when.pregnant is not None:
        return "pregnant" in told.history_present
    if when.age_below is not None:
        return told.person.age is not None and told.person.age < when.age_below
    if when.medicine is not None:
        every = (*told.medicines, *told.supplements)
        return any(when.medicine in (m.group, m.member) and not m.stopped for m in every)
    assert when.lab is not None, when
    here = told.labs.get(when.lab)
    if here is None:
        return False
    far = when.below is not None and here.value is not None and here.value < when.below
    far |= when.above is not None and here.value is not None and here.value > when.above
    return far or (when.flag is not None and here.flag == when.flag)


def speaks_against(caution, told: Understood) -> bool:
    if is_so(caution.unless, told):
        return False
    if caution.for_whom == "not_men" and told.person.sex == "male":
        return False
    if caution.for_whom == "may_become_pregnant":
        age, mother = told.person.age, "pregnant" in told.history_present
        if told.person.sex != "female" or age is None or mother:
            return False
        return 12 <= age <= 55 and "postmenopausal" not in told.history_present
    story = "sarcoidosis" if told.unclear else ""
    ill = any(w in story for w in caution.words)
    # the words of an illness count where it was told as history, too
    return is_so(caution.when, told) or ill or (bool(told.diary) and "grapefruit" in caution.foods)


def ceiling(nutrient: str, told: Understood, bodies: tuple[str, ...]) -> float | None:
    age = told.person.age
    mother = "pregnant" in told.history_present
    rows = [
        i.amount
        for i in (base.nutrients[nutrient].intakes if nutrient in base.nutrients else [])
        if i.kind == "UL" and i.body in bodies
        and (i.ages[1] > 18 if age is None else i.ages[0] <= int(age) <= i.ages[1])
        and (i.sex == "any" or told.person.sex in (None, i.sex))
        and (mother or not (i.pregnant or i.lactating))
    ]  # fmt: skip
    rows += [
        c.amount
        for c in base.ceilings
        if c.nutrient == nutrient and c.body in bodies
        and (c.ages[1] > 18 if age is None else c.ages[0] <= int(age) <= c.ages[1])
    ]  # fmt: skip
    return min(rows, default=None)


def taken_of(nutrient: str, told: Understood) -> float:
    """Tablets of a nutrient a day in the unit of its record or ceiling, folic acid as such."""
    unit = base.nutrients[nutrient].unit if nutrient in base.nutrients else "ug"
    return sum(
        one.dose * MG[base.supplements[one.group].dose_unit] / MG[unit]
        for one in told.supplements
        if NUTRIENT_OF.get(one.group, one.group) == nutrient and one.dose and not one.stopped
    )


BODIES = {"lowest": ("US", "EFSA"), "us": ("US",), "efsa": ("EFSA",), "uk": ("UK",)}


@pytest.mark.parametrize("part", range(10))
def test_nothing_that_is_taken_goes_unsaid_and_nothing_harmful_is_advised(part: int) -> None:
    random = Random(part)
    seen = {"interaction": 0, "contraindicated": 0, "above": 0, "advised": 0}
    for _ in range(PEOPLE // 10):
        told = person(random)
        authority = random.choice(AUTHORITIES)
        said = warnings(KNOWN, told, authority=authority)
        now = [t for t in (*told.medicines, *told.supplements) if not t.stopped]
        subject = {id(t): t.member or CLASSES[t.group].name for t in now}
        stops = {n for w in said if w.stops for n in w.subjects}
        # every known interaction of two things taken is said
        for i, one in enumerate(now):
            for other in now[i + 1 :]:
                if meets(one, other) or meets(other, one):
                    pair = {subject[id(one)], subject[id(other)]}
                    together = [
                        w for w in said if w.kind == "interaction" and pair <= set(w.subjects)
                    ]
                    assert together or pair & stops, pair
                    seen["interaction"] += 1
        # everything that the person should not take is said
        for one in now:
            for caution in base.cautions.values():
                if names(one) & set(caution.taken) and speaks_against(caution, told):
                    assert any(
                        subject[id(one)] in w.subjects
                        and caution.text in w.text
                        and w.do == caution.advice
                        for w in said
                    ), (subject[id(one)], caution.id)
                    seen["contraindicated"] += 1
        # every sum of tablets above the ceiling is said, with the ceiling
        for nutrient in {NUTRIENT_OF.get(g, g) for g in DOSED}:
            limit = ceiling(nutrient, told, BODIES[authority]) or ceiling(
                nutrient, told, BODIES["lowest"]
            )
            if limit is not None and taken_of(nutrient, told) > limit * 1.001:
                assert any(w.kind == "above ceiling" and f" {limit:g} " in w.text for w in said), (
                    nutrient
                )
                seen["above"] += 1
        # nothing that is stopped is warned of
        stopped = {t.member for t in (*told.medicines, *told.supplements) if t.stopped and t.member}
        assert not stopped & {s for w in said for s in w.subjects} - set(subject.values())
        # what is advised stays under the ceiling and against no caution
        nutrient = random.choice(NUTRIENTS)
        line = supplement_line(KNOWN, told, base.nutrients[nutrient], {}, authority=authority)
        if line.dose is not None:
            seen["advised"] += 1
            limit = ceiling(nutrient, told, BODIES[authority]) or ceiling(
                nutrient, told, BODIES["lowest"]
            )
            assert limit is None or taken_of(nutrient, told) + line.dose[1] <= limit * (1 + 1e-6)
            group = {v: k for k, v in NUTRIENT_OF.items()}.get(nutrient, nutrient)
            for caution in base.cautions.values():
                if group in caution.taken and caution.severity in ("contraindicated", "serious"):
                    folic = nutrient == "folate" and "pregnant" in told.history_present
                    assert folic or not speaks_against(caution, told), (nutrient, caution.id)
    assert all(count > 20 for count in seen.values()), seen


def test_folic_acid_is_summed_as_folic_acid() -> None:
    """1000 ug of folic acid is at the ceiling, not 1.7 times above it."""
    told = Understood(
        Person(age=30),
        supplements=[TakenMedicine("folic acid", "folic_acid", "folic acid", dose=1000.0)],
    )
    assert FOLIC_ACID_AS_EQUIVALENTS > 1
    assert not [w for w in warnings(KNOWN, told) if w.kind == "above ceiling"]


@pytest.mark.parametrize(
    ("authority", "above"), [("lowest", True), ("efsa", True), ("uk", True), ("us", False)]
)
def test_the_authority_chosen_decides_the_ceiling_of_vitamin_b6(
    authority: str, above: bool
) -> None:
    told = Understood(
        Person(age=40), supplements=[TakenMedicine("B6", "vitamin_b6", "vitamin B6", dose=50.0)]
    )
    kinds = [w.kind for w in warnings(KNOWN, told, authority=authority)]
    assert kinds == (["above ceiling"] if above else ["prolonged high dose"])


def test_two_products_of_one_nutrient_add_up() -> None:
    told = Understood(
        Person(age=40),
        supplements=[
            TakenMedicine("B6", "vitamin_b6", "vitamin B6", dose=8.0),
            TakenMedicine("B complex", "vitamin_b6", "vitamin B complex", dose=8.0),
        ],
    )
    (line,) = [w for w in warnings(KNOWN, told) if w.kind == "above ceiling"]
    assert "16 mg" in line.text
    assert line.subjects == ["vitamin B6", "vitamin B complex"]


def lines(person: Person, cause: str, chance: float, **more: object):
    told = Understood(person, **more)
    record = next(n for n in base.nutrients.values() if n.low_cause == cause)
    return supplement_line(KNOWN, told, record, {cause: chance})


def lab(test: str, value: float, flag: str) -> dict[str, Result]:
    return {test: Result(test, value, "", flag, False, f"{value:g}", None, False)}


def test_a_multivitamin_does_not_hide_that_a_low_result_needs_treatment() -> None:
    several = [TakenMedicine("multivitamin", "multivitamin", "multivitamin")]
    line = lines(
        Person(age=30, sex="female"),
        "low_iron",
        0.9,
        supplements=several,
        labs=lab("ferritin", 9, "low"),
    )
    assert "see a doctor for the treatment" in line.text
    assert "multivitamin" in line.text
    assert line.dose is None


def test_a_result_in_range_beside_a_likely_lack_is_not_called_enough() -> None:
    line = lines(Person(age=50), "low_vitamin_b12", 0.9, labs=lab("vitamin_b12", 190, "normal"))
    assert line.verdict == "ask"
    assert "Not needed" not in line.text
    calm = lines(Person(age=50), "low_vitamin_b12", 0.02, labs=lab("vitamin_b12", 190, "normal"))
    assert "Not needed" in calm.text


@pytest.mark.parametrize(("value", "flag"), [(95, "low"), (190, "normal")])
def test_with_nerve_signs_b12_comes_by_injection_and_no_tablet_is_named(
    value: float, flag: str
) -> None:
    line = lines(
        Person(age=50), "low_vitamin_b12", 0.9,
        labs=lab("vitamin_b12", value, flag), present=["tingling_feet"],
    )  # fmt: skip
    assert "injection" in line.text
    assert line.dose is None


def test_iron_that_treats_a_lack_is_not_told_to_be_stopped() -> None:
    told = Understood(
        Person(age=30, sex="female"),
        supplements=[TakenMedicine("iron", "iron", "iron supplement", dose=65.0)],
        labs=lab("ferritin", 9, "low"),
    )
    (line,) = [w for w in warnings(KNOWN, told) if w.kind == "above ceiling"]
    assert line.severity == "mild"
    assert "Do not stop it" in line.do


def test_an_allergy_to_what_is_taken_is_said_first() -> None:
    told = Understood(
        Person(age=40),
        supplements=[TakenMedicine("fish oil", "omega_3", "omega-3")],
        medicines=[TakenMedicine("naproxen", "nsaids", "naproxen")],
        eating_in_words={"allergies": ["naproxen", "fish"]},
    )
    kinds = [(w.kind, w.subjects) for w in warnings(KNOWN, told)]
    assert kinds[0] == ("allergy", ["naproxen"])
    assert ("allergy", ["omega-3"]) in kinds


def test_two_tablets_of_one_class_meet_but_a_class_and_its_member_are_one() -> None:
    ibuprofen = TakenMedicine("ibuprofen", "nsaids", "ibuprofen")
    naproxen = TakenMedicine("naproxen", "nsaids", "naproxen")
    painkiller = TakenMedicine("painkiller", "nsaids", "")
    both = warnings(KNOWN, Understood(Person(), medicines=[ibuprofen, naproxen]))
    assert [w.subjects for w in both] == [["ibuprofen", "naproxen"]]
    assert not warnings(KNOWN, Understood(Person(), medicines=[painkiller, naproxen]))


def test_a_word_for_several_classes_is_warned_of_as_if_it_is_one() -> None:
    water = [
        TakenMedicine("water tablet", group, "", one_of=2)
        for group in ("thiazides", "loop_diuretics")
    ]
    sweet = [TakenMedicine("liquorice", "liquorice", "liquorice")]
    said = warnings(KNOWN, Understood(Person(), medicines=water, supplements=sweet))
    assert len(said) == 2
    assert all(w.text.startswith("If “water tablet” is") for w in said)


def test_what_is_about_to_be_started_meets_what_is_taken() -> None:
    sertraline = TakenMedicine("sertraline", "ssri", "sertraline")
    wort = TakenMedicine("St John's wort", "st_johns_wort", "St John's wort")
    (now,) = warnings(KNOWN, Understood(Person(), medicines=[sertraline], supplements=[wort]))
    (ahead,) = warnings(KNOWN, Understood(Person(), medicines=[sertraline], planned=[wort]))
    assert ahead.severity == now.severity
    assert ahead.text.startswith("Before you start St John's wort")


def test_rules_see_only_what_is_taken_now() -> None:
    def level(stopped: bool) -> str:
        lithium = TakenMedicine("lithium", "lithium", "lithium", stopped)
        told = Understood(Person(age=50), present=["tremor"], medicines=[lithium], words_told=True)
        return triage(told, KNOWN).level

    assert level(stopped=False) == "today"
    assert level(stopped=True) == "routine"


def pair(one: TakenMedicine, other: TakenMedicine) -> list[str]:
    said = warnings(KNOWN, Understood(Person(age=60), medicines=[one, other]))
    return [f"{w.text} {w.do}" for w in said if w.kind == "interaction"]


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [
        (("heart_rhythm_medicines", "amiodarone"), ("statins", "atorvastatin"), "imvastatin"),
        (("fibrates", "fenofibrate"), ("statins", "pravastatin"), "emfibrozil"),
        (("theophylline", "theophylline"), ("quinolones", "levofloxacin"), "iprofloxacin"),
    ],
)
def test_a_text_names_no_medicine_that_is_not_taken(
    one: tuple[str, str], other: tuple[str, str], wrong: str
) -> None:
    a, b = (TakenMedicine(m, g, m) for g, m in (one, other))
    assert not [line for line in pair(a, b) if wrong in line]


def test_what_is_meant_of_one_member_is_still_said_of_a_class_told_without_one() -> None:
    amiodarone = TakenMedicine("amiodarone", "heart_rhythm_medicines", "amiodarone")
    assert "Simvastatin" in pair(amiodarone, TakenMedicine("statin", "statins", ""))[0]
    simvastatin = TakenMedicine("simvastatin", "statins", "simvastatin")
    assert "Simvastatin" in pair(amiodarone, simvastatin)[0]


def test_st_johns_wort_beside_warfarin_is_not_just_stopped() -> None:
    warfarin = TakenMedicine("warfarin", "warfarin", "warfarin")
    wort = TakenMedicine("St John's wort", "st_johns_wort", "St John's wort")
    told = Understood(Person(age=60), medicines=[warfarin], supplements=[wort], words_told=True)
    (line,) = warnings(KNOWN, told)
    assert "INR clinic today" in line.do
    assert "do not just stop" in line.do
    assert triage(told, KNOWN).level == "today"


def test_several_medicines_of_one_caution_make_one_line() -> None:
    taken = [
        TakenMedicine("simvastatin", "statins", "simvastatin"),
        TakenMedicine("ramipril", "ace_inhibitors", "ramipril"),
        TakenMedicine("losartan", "arbs", "losartan"),
    ]
    told = Understood(Person(age=30, sex="female", pregnant=True), medicines=taken)
    told.history_present = ["pregnant"]
    lines = [w for w in warnings(KNOWN, told) if w.kind == "contraindicated"]
    assert [w.subjects for w in lines] == [["simvastatin", "ramipril", "losartan"]]


@pytest.mark.parametrize(
    "taken",
    [("rheumatic_medicines", "methotrexate"), ("retinoids", "isotretinoin"), ("antithyroid", "carbimazole"),
     ("other_antiepileptics", "topiramate"), ("lithium", "lithium")],
)  # fmt: skip
def test_a_medicine_that_harms_the_unborn_lifts_the_headline_to_today(
    taken: tuple[str, str],
) -> None:
    told = Understood(Person(age=30, sex="female", pregnant=True), words_told=True)
    told.history_present = ["pregnant"]
    told.medicines = [TakenMedicine(taken[1], *taken)]
    assert [w for w in warnings(KNOWN, told) if "today" in w.do]
    assert triage(told, KNOWN).level == "today"
    told.history_present = []
    told.person = Person(age=30)
    assert triage(told, KNOWN).level != "today"


def test_digoxin_poisoning_is_named() -> None:
    told = Understood(Person(age=70), present=["nausea_or_vomiting"], words_told=True)
    told.medicines = [TakenMedicine("digoxin", "digoxin", "digoxin")]
    alert = triage(told, KNOWN).alerts[0]
    assert "digoxin poisoning" in alert.why
    assert "no further digoxin" in alert.do


def test_no_take_less_stands_beside_a_stop_it() -> None:
    told = Understood(Person(age=60), history_present=["chronic_kidney_disease"])
    told.supplements = [TakenMedicine("magnesium", "magnesium", "magnesium", dose=600.0)]
    said = " ".join(w.do for w in warnings(KNOWN, told))
    assert "Stop it" in said
    assert "Take less" not in said


@pytest.mark.parametrize(
    ("entry", "dose"),
    [
        ("ferrous fumarate 210 mg", 69.3),
        ("ferrous sulfate 200 mg", 65.0),
        ("ferrous sulphate 200 mg twice a day", 130.0),
        ("ferrous sulfate 325 mg", 65.0),
        ("ferrous gluconate 300 mg", 36.0),
        ("ferrous fumarate, 65 mg elemental iron", 65.0),
        ("ferrous bisglycinate 20 mg", 20.0),
        ("zinc lozenges 13 mg, 5 a day", 65.0),
        ("vit D3 5000 units", 125.0),
    ],
)
def test_a_dose_is_read_as_the_element_a_day(entry: str, dose: float) -> None:
    (one,) = understand(Case(supplements=[entry])).supplements
    assert one.dose == pytest.approx(dose, rel=0.01)


@pytest.mark.parametrize("illness", ["sarcoidosis", "kidney stones"])
def test_an_illness_in_the_list_stays_itself(illness: str) -> None:
    told = understand(_with_history(illness))
    assert told.history_present == [illness.replace(" ", "_")]


def _with_history(illness: str) -> Case:
    return Case(history=Told(present=[illness]), supplements=["vitamin D 1000 IU"])


def test_sarcoidosis_with_vitamin_d_asks_for_calcium_this_week() -> None:
    told = understand(_with_history("sarcoidosis"))
    assert any("Sarcoidosis" in w.text and "Stop it" in w.do for w in warnings(KNOWN, told))
    assert "this week" in triage(told, KNOWN).alerts[0].do


@pytest.mark.parametrize(
    ("story", "present"),
    [
        ("My legs ache. I have sarcoidosis and take vitamin D 1000 IU.", True),
        ("My legs ache. I do not have sarcoidosis.", False),
        ("My legs ache. My mother had sarcoidosis.", False),
    ],
)
def test_sarcoidosis_in_words_is_read_exactly(story: str, present: bool) -> None:
    assert ("sarcoidosis" in understand(Case(story=story)).history_present) == present
