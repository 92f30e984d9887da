"""Law: more severe evidence never lowers urgency, and every emergency rule can fire."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.case.model import Person
from stillwell.case.read import case_from
from stillwell.case.understand import TakenMedicine, Understood, understand
from stillwell.case.vitals_in_words import VitalReading
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import LEVELS, RED, triage
from tests.case_helpers import told

base = knowledge().base
FINDINGS = sorted(base.findings)


def level(present, history=(), age=None):
    case = Understood(Person(age=age), present=list(present), history_present=list(history))
    return LEVELS.index(triage(case, knowledge()).level)


HARMLESS = set(
    base.lexicon["self_care"]
)  # sore muscles after sport, jiggling: these explain, not alarm


@settings(max_examples=200, deadline=None)
@given(st.sets(st.sampled_from(FINDINGS), min_size=1, max_size=12), st.sampled_from(FINDINGS))
def test_adding_a_finding_never_lowers_urgency(present, more):
    before, after = level(present), level({*present, more})
    if more in HARMLESS:
        # a harmless explanation may turn routine into self-care, and never touches what a rule gave
        assert after <= before or (before, after) == (
            LEVELS.index("routine"),
            LEVELS.index("self_care"),
        )
    else:
        assert after <= before


@settings(max_examples=200, deadline=None)
@given(
    st.sets(st.sampled_from(FINDINGS), min_size=1, max_size=8),
    st.sampled_from(FINDINGS),
    st.sampled_from([0.1, 0.5, 1.5, 5, 9, 17]),
)
def test_a_childs_age_only_adds_urgency_and_more_findings_never_lower_it(present, more, age):
    child = level(present, age=age)
    assert child <= level(present)
    if more not in HARMLESS:
        assert level({*present, more}, age=age) <= child


@pytest.mark.parametrize(
    ("age", "expected"), [(None, "routine"), (0.2, "emergency"), (0.25, "routine"), (40, "routine")]
)
def test_an_age_limit_holds_below_it_only_and_not_where_no_age_is_told(age, expected):
    case = Understood(Person(age=age), present=["fever"])
    urgency = triage(case, knowledge())
    assert urgency.level == expected
    if expected == "emergency":
        assert urgency.alerts[0].because == ["age under 3 months", "fever"]


def satisfy(when, case):
    """The least evidence that makes a condition hold."""
    if when.all is not None:
        for part in when.all:
            satisfy(part, case)
    elif when.any is not None:
        satisfy(when.any[0], case)
    elif when.at_least is not None:
        count, parts = when.at_least
        for part in parts[:count]:
            satisfy(part, case)
    elif when.finding is not None:
        case.present.append(when.finding)
    elif when.history is not None:
        case.history_present.append(when.history)
    elif when.medicine is not None:
        case.medicines.append(TakenMedicine(when.medicine, when.medicine, when.medicine))
    elif when.stopped is not None:
        taken = TakenMedicine(when.stopped, when.stopped, when.stopped, stopped=True)
        case.medicines.append(taken)
    elif when.dose is not None:
        case.supplements.append(TakenMedicine("x", when.dose, "", dose=when.above * 1.1))
    elif when.vital is not None:
        value = when.above + 0.1 if when.above is not None else when.below - 0.1
        case.vitals.setdefault(when.vital, []).append(VitalReading(when.vital, value, "x"))
    elif when.age_from is not None:
        case.person = Person(age=when.age_from)
    elif when.age_below is not None:
        case.person = Person(age=when.age_below * 0.9)
    elif when.pregnant:
        case.history_present.append("pregnant")
    elif when.result is not None:
        lab = {"name": "potassium", "value": 2.2, "unit": "mmol/L", "critical": True}
        case.labs.update(told("x legs shake", labs=[lab]).labs)
    elif when.lab is not None:
        test = base.tests[when.lab]
        value = when.below * 0.9 if when.below else when.above * 1.1 if when.above else None
        lab = (
            {"name": when.lab, "flag": when.flag}
            if value is None
            else {"name": when.lab, "value": value, "unit": test.unit}
        )
        case.labs.update(told("x legs shake", labs=[lab]).labs)


@pytest.mark.parametrize("name", sorted(base.triage))
def test_every_rule_fires_on_the_least_evidence_that_it_names(name):
    case = Understood(Person())
    satisfy(base.triage[name].when, case)
    urgency = triage(case, knowledge())
    assert name in {a.id for a in urgency.alerts}
    assert LEVELS.index(urgency.level) <= LEVELS.index(base.triage[name].level)


WORDS = [
    ("my back hurts and I am numb between my legs", "emergency"),
    ("weakness started in my feet and is climbing up to my thighs", "emergency"),
    ("my muscles hurt after spin class and my urine is dark", "emergency"),
    ("I had a seizure", "emergency"),
    ("suddenly my face drooped and my arm is weak", "emergency"),
    ("my left calf is swollen and hurts, it is red and warm", "today"),
    ("my hands lock in spasm", "today"),
    ("my legs are restless in the evening", "routine"),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_red_flags_fire_from_plain_words(text, expected):
    assert triage(told(text), knowledge()).level == expected


def test_lab_panic_values_fire_alone():
    for name, value, unit in [
        ("potassium", 2.2, "mmol/L"),
        ("potassium", 7.0, "mmol/L"),
        ("calcium", 1.7, "mmol/L"),
        ("sodium", 115, "mmol/L"),
        ("CK", 20000, "U/L"),
    ]:
        case = told(labs=[{"name": name, "value": value, "unit": unit}])
        assert triage(case, knowledge()).level == "emergency", name


# ---- results ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lab", "least"),
    [
        ({"name": "potassium", "value": "<2.5", "unit": "mmol/L"}, "emergency"),
        ({"name": "potassium", "value": "<2.9", "unit": "mmol/L"}, "today"),
        ({"name": "potassium", "value": ">6.5", "unit": "mmol/L"}, "emergency"),
        ({"name": "potassium", "flag": "critical low"}, "emergency"),
        ({"name": "magnesium", "value": 3.5, "unit": "mmol/L"}, "soon"),
        ({"name": "crp", "value": 320, "unit": "mg/L"}, "soon"),
        ({"name": "creatinine", "value": 1100, "unit": "umol/L"}, "soon"),
    ],
)
def test_bounds_flags_and_far_out_results_fire(lab, least):
    level_given = triage(told(labs=[lab]), knowledge()).level
    assert LEVELS.index(level_given) <= LEVELS.index(least)


def test_a_bound_on_the_other_side_fires_nothing():
    lab = {"name": "potassium", "value": ">2.0", "unit": "mmol/L"}
    fired = {a.id for a in triage(told(labs=[lab]), knowledge()).alerts}
    assert not any("low" in name for name in fired)


def test_a_bare_flag_fires_only_rules_at_the_reference_limit():
    """ "Low" may be just below the range: no rule for a dangerous value holds by it alone."""
    fired = triage(told(labs=[{"name": "potassium", "flag": "low"}]), knowledge())
    assert fired.level not in ("emergency",)


def test_a_second_result_never_lowers_urgency():
    low = {"name": "potassium", "value": 2.1, "unit": "mmol/L"}
    usual = {"name": "potassium", "value": 4.0, "unit": "mmol/L"}
    assert triage(told(labs=[low, usual]), knowledge()).level == "emergency"


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("potassium 2.1 and weak legs", "emergency"),
        ("K 6.9", "emergency"),
        ("CK 25000", "emergency"),
        ("lithium level 2.4", "emergency"),
        ("blood test: sodium 114 mmol/L, feel sleepy", "emergency"),
        ("I take vitamin B6 500 mg and my feet are numb", "soon"),
        ("vitamin D 50,000 IU a day, very thirsty and cramps", "today"),
        ("20 weeks pregnant, I take retinol 25,000 IU a day, cramps", "today"),
    ],
)
def test_results_and_doses_in_words_fire(text, least):
    assert LEVELS.index(triage(told(text), knowledge()).level) <= LEVELS.index(least)


def test_a_weekly_dose_is_not_taken_for_a_daily_one():
    case = told("cramps", supplements=[{"name": "vitamin D", "dose": "25,000 IU a week"}])
    assert "far_too_much_vitamin_d" not in {a.id for a in triage(case, knowledge()).alerts}


# ---- what was not understood, what is kept for the doctor, what is mild -------------------------------


@pytest.mark.parametrize("text", ["my legs feel funny", "Meine Beine zittern nachts"])
def test_not_understood_is_not_called_free_of_alarm_signs(text):
    urgency = triage(told(text), knowledge())
    assert not urgency.understood
    assert urgency.wording == "not_understood"
    heading = knowledge().base.wording.levels[urgency.wording].heading
    assert "no alarm sign" not in heading


def test_a_red_flag_fires_though_the_rest_was_not_understood():
    urgency = triage(told("my legs feel funny. CK 25000"), knowledge())
    assert urgency.wording == "emergency"


def test_lines_kept_for_the_doctor_are_read_for_red_flags():
    case = told(findings={"present": ["leg_cramps"]}, other=["seizures yesterday"])
    assert triage(case, knowledge()).level == "emergency"
    assert "seizure" not in case.present


def test_a_habit_or_sore_muscles_after_sport_are_for_self_care():
    assert triage(told("I bounce my leg all the time"), knowledge()).level == "self_care"
    assert triage(told("sore thighs the day after the gym"), knowledge()).level == "self_care"
    assert triage(told("I bounce my leg and my feet are numb"), knowledge()).level != "self_care"


@pytest.mark.parametrize(
    "text",
    [
        "leg cramps at night, tired, pins and needles in fingers. I am pregnant and vegan",
        "my mother had a fit once. I only have cramps at night",
        "my dog had a seizure and I have cramps",
        "I pee more because I drink lots of tea, my legs are restless",
    ],
)
def test_a_harmless_story_is_not_made_urgent_by_words_that_do_not_belong_together(text):
    assert LEVELS.index(triage(told(text), knowledge()).level) >= LEVELS.index("soon")


@pytest.mark.parametrize(
    ("case", "level"),
    [
        ({"complaint": "I want to kill myself and I have the rope here"}, "emergency"),
        ({"complaint": "I don't want to live any more"}, "today"),
        ({"complaint": "\U0001f9b5 chest pain \U0001f62d"}, "today"),
        ({"medicines": ["I took 50 paracetamol tablets"]}, "emergency"),
        ({"labs": [{"name": "troponin", "value": 900, "unit": "ng/L", "critical": True}]}, "today"),
        ({"labs": [{"name": "magnesium", "value": 4, "unit": "mmol/L"}]}, "emergency"),
        ({"findings": {"present": ["leg cramps"]}, "story": "potassium 7.1 mmol/L"}, "emergency"),
        ({"complaint": "leg cramps", "other": ["potassium 7.1 mmol/L"]}, "emergency"),
    ],
)
def test_an_alarm_is_heard_wherever_it_is_told(case, level):
    urgency = triage(understand(case_from(case)), knowledge())
    assert LEVELS.index(urgency.level) <= LEVELS.index(level)


@pytest.mark.parametrize(
    "text", ["Patient denies incontinence, saddle anaesthesia. Knee pain.", "hello"]
)
def test_what_is_denied_or_empty_raises_no_alarm(text):
    assert triage(understand(case_from({"complaint": text})), knowledge()).level not in RED


def test_a_list_of_which_nothing_is_known_is_not_called_free_of_alarm_signs():
    urgency = triage(
        understand(case_from({"findings": {"present": ["zorbulated_quux"]}})), knowledge()
    )
    assert not urgency.understood
    assert 5 < len(urgency.ask) <= 10


def test_an_unknown_id_that_reads_like_an_alarm_counts_for_urgency():
    listed = {"present": ["leg_cramps", "cant_pee_at_all"]}
    urgency = triage(understand(case_from({"findings": listed})), knowledge())
    assert urgency.level == "emergency"


def test_an_unknown_id_beside_a_known_one_is_not_called_free_of_alarm_signs():
    listed = {"present": ["leg_cramps", "zorbulated_quux"]}
    urgency = triage(understand(case_from({"findings": listed})), knowledge())
    assert urgency.wording == "partly_understood"
    assert 5 < len(urgency.ask) <= 10
