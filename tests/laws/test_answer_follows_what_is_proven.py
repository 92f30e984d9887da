"""The first step follows what is proven and what cannot wait; what no result shows is tested before it is explained."""

import msgspec
import pytest

from stillwell.assess.assessment import assess
from stillwell.assess.borderline import borderline_cause
from stillwell.assess.bottom_line import bottom_line
from stillwell.assess.checklist import make_checklist
from stillwell.assess.steps import results_of, steps_for
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build
from stillwell.report.check import faults
from stillwell.report.document import CauseBlock, Item, Items, Results, Section
from stillwell.report.render import terminal
from stillwell.triage.rules import triage
from tests.case_helpers import told
from tests.laws.test_bottom_line import ranked

KNOWN = knowledge()
base = KNOWN.base
RESTLESS = "I must move my legs in bed at night, walking helps"
NUMB = "for a year my feet are numb and tingle"


def lab(name, value, unit):
    return {"name": name, "value": value, "unit": unit}


def answer(text=None, **fields):
    value = {"complaint": text, **fields} if text else fields
    return assess(case_from(value), draws=0)


def line(result, part="first"):
    return " ".join(s.text for s in result.bottom_line if s.part == part)


MEASURED_LACKS = sorted(
    n.low_cause
    for n in base.nutrients.values()
    if n.low_cause and any(m.cause == n.low_cause for t in base.tests.values() for m in t.measures)
)


@pytest.mark.parametrize("cause", MEASURED_LACKS)
def test_a_lack_that_no_result_shows_is_first_tested(cause):
    case = told("my legs feel weak and tired")
    steps = steps_for(KNOWN, case, triage(case, KNOWN), ranked({cause: (0.8, 0.5, 0.2)}))
    (about,) = (a for a in steps if a.id == cause)
    assert not about.shown
    shorts = [s.short for s in about.steps if s.short]
    assert not any("why the" in s or "repeated" in s for s in shorts)
    assert any(word in shorts[0] for word in ("measured", "test", "GP soon", "count the B6"))


@pytest.mark.parametrize("text", [RESTLESS, "48 year old woman, I must move my legs at night"])
def test_iron_is_not_called_low_without_a_test(text):
    said = line(answer(text))
    assert "why" not in said and "ferritin and transferrin saturation measured" in said


def test_a_result_that_was_set_aside_shows_nothing():
    case = told(RESTLESS, labs=[lab("ferritin", 11, "mg/L")])
    assert "ferritin" in case.labs_in_doubt
    assert results_of(base, case, "low_iron") == []
    assert "why the iron is low" not in line(answer(RESTLESS, labs=[lab("ferritin", 11, "mg/L")]))


def test_a_result_on_the_other_side_shows_no_lack():
    case = told(RESTLESS, labs=[lab("ferritin", 900, "ug/L")])
    assert results_of(base, case, "low_iron") == []


@pytest.mark.parametrize(
    ("value", "unit"), [(180, "pmol/L"), (210, "pg/mL"), (230, "pg/mL"), (95, "pmol/L")]
)
def test_lack_of_b12_with_nerve_signs_is_treated_now(value, unit):
    result = answer(NUMB, person={"age": 62}, labs=[lab("vitamin_b12", value, unit)])
    if any(a.id == "low_vitamin_b12" for a in result.steps):
        assert "B12 injections" in line(result)
    assert any(a.id == "low_vitamin_b12" for a in result.steps)


def test_a_borderline_result_is_not_said_to_show_what_an_alarm_names():
    gas = answer(
        f"{NUMB}, I feel wobbly, I use laughing gas", labs=[lab("vitamin_b12", 180, "pmol/L")]
    )
    assert gas.urgency.level == "today"
    assert not gas.bottom_line[0].text.startswith("Your results show")
    assert not any("while you take" in s.text for a in gas.steps for s in a.steps)


def test_thoughts_of_dying_call_for_company_and_for_helpers_that_are_in_sight():
    result = answer("I want to die, I have counted my tablets out")
    assert result.urgency.level == "emergency"
    assert result.bottom_line[0].text.startswith("Thank you for telling us")
    assert not build(result).section("help").folded


@pytest.mark.parametrize("value", [180, 210, 230])
def test_a_value_that_speaks_for_a_lack_is_not_called_plainly_normal(value):
    unit = "pmol/L" if value == 180 else "pg/mL"
    result = answer(NUMB, labs=[lab("vitamin_b12", value, unit)])
    (table,) = (b for b in build(result).section("results").blocks if isinstance(b, Results))
    assert table.rows[0].flag.startswith("borderline")


def test_a_value_in_the_middle_is_normal():
    case = told(NUMB, labs=[lab("vitamin_b12", 400, "pmol/L")])
    assert borderline_cause(base, case.person, case.labs["vitamin_b12"]) is None


def test_what_must_not_be_taken_is_said_in_short():
    case = {
        "person": {"age": 31, "sex": "female"},
        "complaint": RESTLESS,
        "history": {"present": ["pregnant"]},
        "supplements": [{"name": "vitamin A", "dose": "3000 ug"}],
    }
    result = answer(**case)
    assert any(w.severity == "contraindicated" for w in result.warnings)
    assert "vitamin A" in line(result)
    assert len(result.bottom_line) <= 5


def test_a_sleep_aid_from_the_shop_has_no_prescriber():
    result = answer(RESTLESS, medicines=["Nytol"], labs=[lab("ferritin", 95, "ug/L")])
    texts = [s.text for a in result.steps for s in a.steps if "iphenhydramine" in s.text]
    assert texts and not any("prescriber" in t or "never stop" in t.lower() for t in texts)


def test_where_nothing_is_sure_what_one_can_leave_out_comes_before_a_treatment():
    case = told("my eyelid and calf twitch, I drink six coffees a day and I worry")
    causes = ranked({"anxiety_or_panic": (0.35, 0.9, 0.6), "caffeine_effect": (0.2, 0.5, 0.3)})
    urgency = triage(case, KNOWN)
    sentences = bottom_line(
        KNOWN, case, urgency, causes, 0.1, steps_for(KNOWN, case, urgency, causes)
    )
    assert any(s.text.startswith("First, cut caffeine") for s in sentences)


def test_ketones_are_for_those_who_vomit_or_lose_weight():
    sugar = [lab("hba1c", 58, "mmol/mol")]
    for text, holds in ((NUMB, False), (f"{NUMB}. I keep vomiting", True)):
        case = told(text, labs=sugar, history={"present": ["diabetes"]})
        plan = steps_for(KNOWN, case, triage(case, KNOWN), ranked({"diabetes_uncontrolled": (0.8, 0.5, 0.2)}))  # fmt: skip
        assert any("ketones" in s.text for a in plan for s in a.steps) == holds or not plan[0].steps


def test_a_thyroid_out_of_range_is_dealt_with_first():
    result = answer(
        "my feet tingle and I am tired and cold",
        person={"age": 60, "sex": "female"},
        labs=[lab("tsh", 9.5, "mIU/L")],
        medicines=["levothyroxine"],
    )
    assert "thyroid" in line(result)


def test_an_overactive_thyroid_gets_its_antibodies():
    result = answer(
        "my hands shake", labs=[lab("tsh", 0.005, "mIU/L"), lab("free_t4", 42, "pmol/L")]
    )
    assert "thyroid_receptor_antibodies" in {t.id for t in result.checklist.order}


@pytest.mark.parametrize(
    ("fields", "asked", "holds"),
    [
        ({"complaint": "my legs ache, and my periods are very heavy"}, "sex", False),
        ({"complaint": "my legs ache"}, "sex", True),
        ({"complaint": "my legs ache", "person": {"age": 52, "sex": "female"}}, "pregnant", False),
        ({"complaint": "my legs ache", "person": {"age": 34, "sex": "female"}}, "pregnant", True),
        ({"complaint": "my legs ache", "person": {"age": 34, "sex": "female"}, "medicines": ["Evorel"]}, "pregnant", False),
    ],
)  # fmt: skip
def test_nothing_is_asked_that_is_known_or_follows(fields, asked, holds):
    from stillwell.assess.checklist import must_ask

    case = told(**fields)
    assert (asked in {q.ask for q in must_ask(KNOWN, case)}) == holds
    tests = {t.id for t in make_checklist(KNOWN, case, "routine", [], {}).order}
    if asked == "pregnant":
        assert ("pregnancy_test" in tests) == holds


def test_who_takes_nothing_is_not_asked_what_changed():
    case = told("my legs ache", medicines=[])
    from stillwell.assess.checklist import must_ask

    assert "after_new_medicine_or_dose_change" not in {q.ask for q in must_ask(KNOWN, case)}


def test_a_report_that_sends_to_a_place_that_is_not_there_says_so():
    result = answer("pain shoots down my leg from my back, two weeks now")
    document = build(result)
    assert not result.checklist.order
    assert faults(document, result) == []
    more = Section(id="x", title="x", part="answer", blocks=[Items(items=[Item(text="Ask for the tests below.")])])  # fmt: skip
    broken = msgspec.structs.replace(document, sections=[more, *document.sections])
    assert [f.rule for f in faults(broken, result)] == ["points_nowhere"]


PARKINSON = "My right hand shakes when it rests. I am slow, my writing has gone tiny, I lost my sense of smell years ago."


def test_no_report_is_surer_than_a_story_can_make_it():
    result = answer(PARKINSON, person={"age": 73, "sex": "male"})
    assert result.causes[0].id == "parkinson_disease" and result.causes[0].contributes > 0.95
    (block,) = (
        b
        for b in build(result).section("causes").blocks
        if isinstance(b, CauseBlock) and b.id == "parkinson_disease"
    )
    assert block.word == "very likely" and block.percent == "over 90 %"
    assert "examination" in line(result, "sure")


def test_the_plan_at_once_holds_dose_length_and_retest_of_what_a_result_shows():
    result = answer(
        RESTLESS, person={"age": 34, "sex": "female"}, labs=[lab("ferritin", 11, "ug/L")]
    )
    shown = " ".join(
        item.text
        for block in build(result).section("do").blocks
        for about in block.items
        for item in about.items
    )
    assert "65 mg" in shown and "three months" in shown and "2 to 4 weeks" in shown


def test_each_nutrient_has_one_line():
    result = answer(
        RESTLESS, person={"age": 34, "sex": "female"}, labs=[lab("ferritin", 11, "ug/L")]
    )
    leads = [i.lead for b in build(result).section("nutrients").blocks for i in b.items if i.lead]
    assert len(leads) == len(set(leads)) and "Iron" in leads


def test_an_ordinary_report_fits_a_screenful_and_keeps_its_warnings():
    result = answer(
        "48 year old woman, my legs crawl at night and I must move them, I take qwertyzol"
    )
    text = terminal.render(build(result))
    assert len(text.splitlines()) <= 130
    assert all(line.split(":")[0] in " ".join(text.split()) for line in result.unclear)


def test_an_energy_drink_is_a_drink():
    result = answer("my legs twitch, I drink 3 cans of Monster a day", supplements=["Red Bull"])
    assert "energy drink" in result.understood["drinks"]
    assert "energy drink" not in result.understood["supplements"]


def test_advice_on_food_leaves_out_what_a_person_may_not_eat():
    low = [lab("magnesium", 0.62, "mmol/L")]
    case = {"complaint": "my legs twitch and cramp at night", "labs": low}
    for allergies, holds in (([], True), (["nuts"], False)):
        result = answer(**case, allergies=allergies)
        (note,) = (n for n in result.plan.food_advice if n.startswith("magnesium"))
        assert ("Nuts" in note) == holds and "eans" in note
