"""Law: the headline is never calmer than any line about what is taken, whatever is taken."""

import re

import pytest

from stillwell.assess.taken import warnings
from stillwell.assess.urgency import with_taken
from stillwell.assess.warning import Warning
from stillwell.case.model import Person
from stillwell.case.understand import TakenMedicine, Understood
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import LEVELS, RED, triage
from tests.case_helpers import told

KNOWN = knowledge()
base = KNOWN.base
CLASSES = {**base.medicines, **base.supplements}
TODAY = re.compile(r"\b(today|tonight)\b")


def one(group: str, members: list[str]) -> TakenMedicine:
    member = members[0] if members else CLASSES[group].members[0].name
    return TakenMedicine(member, group, member)


def with_name(name: str, members: list[str]) -> TakenMedicine | None:
    if name in CLASSES:
        return one(name, members)
    for group, record in CLASSES.items():
        if any(m.name == name for m in record.members):
            return one(group, [name])
    return None


def headline(case: Understood) -> tuple[str, list[Warning]]:
    found = warnings(KNOWN, case)
    return with_taken(KNOWN, triage(case, KNOWN), found).level, found


def test_no_pair_of_the_base_is_headed_more_calmly_than_its_line() -> None:
    seen = 0
    for group, record in CLASSES.items():
        for meeting in record.interactions:
            other = with_name(meeting.with_, meeting.others)
            if other is None:
                continue
            pair = [one(group, meeting.members), other]
            case = Understood(Person(age=60))
            case.medicines = [t for t in pair if t.group in base.medicines]
            case.supplements = [t for t in pair if t.group in base.supplements]
            level, found = headline(case)
            for w in found:
                assert LEVELS.index(level) <= LEVELS.index(w.level), (w.subjects, level)
                if TODAY.search(f"{w.text} {w.do}") or w.severity == "contraindicated":
                    assert level in (*RED, "soon"), w.text
                if TODAY.search(f"{w.text} {w.do}"):
                    assert level in RED, w.text
                    seen += 1
    assert seen > 100


def test_no_caution_of_the_base_is_headed_more_calmly_than_its_line() -> None:
    for caution in base.cautions.values():
        if caution.when is None or caution.when.history is None:
            continue
        for name in caution.taken:
            taken = with_name(name, [])
            case = Understood(Person(age=30, sex="female"))
            case.history_present = [caution.when.history]
            case.medicines = [taken]
            level, found = headline(case)
            line = next(w for w in found if caution.text in w.text)
            assert LEVELS.index(level) <= LEVELS.index(caution.level), (caution.id, name)
            assert line.level == caution.level


def test_what_is_only_thought_of_is_answered_and_raises_no_alarm() -> None:
    case = Understood(Person(age=60))
    case.medicines = [one("maoi", ["rasagiline"])]
    case.planned = [one("five_htp", ["5-HTP"])]
    level, found = headline(case)
    assert found and level == "routine"


@pytest.mark.parametrize(
    ("fields", "level", "said"),
    [
        ({"medicines": ["azathioprine", "allopurinol"]}, "today", "bone marrow"),
        ({"medicines": ["azathioprine", "febuxostat"]}, "today", "bone marrow"),
        ({"medicines": ["azathioprine", "colchicine"]}, "routine", ""),
        ({"medicines": ["methotrexate 10 mg daily"]}, "emergency", ""),
        ({"medicines": ["methotrexate 10 mg once a week"]}, "routine", ""),
        ({"medicines": ["methotrexate", "folic acid daily"]}, "routine", ""),
        ({"medicines": ["colchicine", "clarithromycin"]}, "today", "poisonous"),
        ({"medicines": ["apixaban", "rifampicin"]}, "today", "strokes"),
        ({"medicines": ["methadone", "rifampicin"]}, "today", "withdrawal"),
        ({"medicines": ["tamoxifen", "paroxetine"]}, "soon", "breast cancer"),
        ({"medicines": ["tamoxifen", "sertraline"]}, "routine", ""),
        ({"medicines": ["clopidogrel", "omeprazole"]}, "soon", "clots"),
        ({"medicines": ["clopidogrel", "lansoprazole"]}, "routine", ""),
        ({"medicines": ["clozapine", "ciprofloxacin"]}, "today", "build up"),
        ({"medicines": ["quinine", "magnesium"], "history": {"present": ["myasthenia_known"]}}, "today", "myasthenia"),
        ({"medicines": ["propranolol"], "history": {"present": ["asthma"]}}, "today", "airways"),
        ({"medicines": ["naproxen"], "history": {"present": ["peptic_ulcer"]}}, "today", "ulcer"),
        ({"medicines": ["dapsone"], "history": {"present": ["g6pd_deficiency"]}}, "today", "red blood cells"),
        ({"medicines": ["codeine"], "history": {"present": ["breastfeeding"]}}, "today", "milk"),
        ({"medicines": ["isotretinoin"], "history": {"present": ["tries_for_child"]}}, "today", "unborn"),
        ({"medicines": ["isotretinoin"], "history": {"present": ["tries_for_child"]}, "person": {"sex": "male"}}, "routine", ""),
    ],
)  # fmt: skip
def test_what_a_pharmacist_would_ring_about_heads_the_report(fields, level, said) -> None:
    found_level, found = headline(told("my calves cramp", **fields))
    assert found_level == level
    assert not said or any(said in f"{w.text} {w.do}" for w in found)


@pytest.mark.parametrize(
    ("medicines", "wrong"),
    [
        (["allopurinol", "clarithromycin"], "Colchicine"),
        (["azathioprine", "clarithromycin"], "builds up"),
        (["azathioprine", "fluconazole"], "builds up"),
        (["mycophenolate", "potassium"], "potassium"),
        (["febuxostat", "vitamin B12"], "B12"),
        (["leflunomide", "trimethoprim"], "blood count"),
    ],
)
def test_a_line_about_one_member_is_not_said_of_another(medicines, wrong) -> None:
    assert not [
        w for w in headline(told("my calves cramp", medicines=medicines))[1] if wrong in w.text
    ]


def test_zinc_of_wilson_disease_and_b6_beside_isoniazid_are_never_stopped() -> None:
    wilson = headline(told("my legs shake", supplements=["zinc 150 mg"],
                           history={"present": ["wilson_disease_known"]}))[1]  # fmt: skip
    b6 = headline(told("burning feet", medicines=["isoniazid"], supplements=["vitamin B6 25 mg"]))[
        1
    ]
    for found in (wilson, b6):
        assert found
        assert not [w for w in found if re.search(r"\b(Take less|Stop it)\b", w.do)]
    assert any("Never" in w.do for w in wilson)


def test_stopped_b6_beside_isoniazid_sends_to_the_clinic_today() -> None:
    case = told("burning feet for three weeks. I am on isoniazid. I stopped the pyridoxine")
    urgency = triage(case, KNOWN)
    assert urgency.level == "today"
    assert "start it again" in urgency.alerts[0].do
    assert not [w for w in warnings(KNOWN, case) if "vitamin B6" in w.subjects]


def test_potassium_with_several_tablets_is_one_line() -> None:
    found = headline(told("cramps", medicines=["ramipril", "spironolactone", "trimethoprim"],
                          supplements=["potassium"]))[1]  # fmt: skip
    lines = [w for w in found if w.kind == "interaction" and "potassium" in w.subjects]
    assert [set(w.subjects) for w in lines] == [
        {"potassium", "ramipril", "spironolactone", "trimethoprim"}
    ]
    sentences = re.split(r"(?<=[.!?])\s+", lines[0].text)
    assert len(set(sentences)) == len(sentences)


def test_what_must_be_stopped_is_not_also_spaced() -> None:
    found = headline(told("cramps", supplements=["iron", "vitamin C"],
                          history={"present": ["haemochromatosis"]}))[1]  # fmt: skip
    assert any("Stop it" in w.do for w in found)
    assert not [w for w in found if w.kind == "interaction"]


@pytest.mark.parametrize(
    ("story", "item"),
    [
        ("I have Wilson's disease and my legs shake", "wilson_disease_known"),
        ("I have myasthenia gravis. My legs are weak", "myasthenia_known"),
        ("I have G6PD deficiency and my calves cramp", "g6pd_deficiency"),
        ("PKU diet since birth, my legs jump", "phenylketonuria"),
        ("I have asthma and my legs ache", "asthma"),
        ("osteoporosis since 2019, my legs ache", "osteoporosis"),
        ("I have primary hyperparathyroidism, my legs ache", "primary_hyperparathyroidism"),
        ("I have acute intermittent porphyria and weak legs", "porphyria"),
        ("I had a stomach ulcer, my legs ache", "peptic_ulcer"),
        ("we are trying for a baby and my legs cramp", "tries_for_child"),
    ],
)
def test_an_illness_that_changes_what_is_safe_is_read_by_name(story: str, item: str) -> None:
    assert item in told(story).history_present
    denied = re.sub(r"^(I have|I had|We are|we are) ", r"I never had ", story)
    if denied != story and item != "tries_for_child":
        assert item not in told(denied).history_present
