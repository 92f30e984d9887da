"""Laws of severe results: any possible value is worked out, and no failure takes the urgency away."""

import json
import math
import random
from dataclasses import replace
from itertools import cycle, pairwise

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from stillwell.assess import assessment as whole
from stillwell.assess import posterior
from stillwell.assess.assessment import assess
from stillwell.assess.model import Model, model
from stillwell.assess.posterior import posterior_of
from stillwell.assess.size import fit_to_memory
from stillwell.case.read import case_from
from stillwell.case.understand import understand
from stillwell.cli.main import main
from stillwell.errors import CaseError
from stillwell.inference.scale import scaled, worked_out
from stillwell.inference.sweep import ImpossibleEvidenceError
from stillwell.knowledge.store import knowledge
from stillwell.report.write import FORMATS, alarm, write
from stillwell.triage.rules import LEVELS, triage
from tests.against.networks import random_evidence, random_network
from tests.case_helpers import told

base = knowledge().base
COMPLAINTS = ("my legs are weak", "leg cramps at night", "my feet tingle, hands shake", None)
PEOPLE: tuple[dict[str, object], ...] = (
    {"age": 72, "sex": "female"},
    {"age": 23, "sex": "male"},
    {"age": 45, "sex": "female", "pregnant": False},
)
UNKNOWN: tuple[dict[str, object], ...] = ({}, {"age": 60}, {"sex": "male"})


def grid(test, points=5):
    """Values over the whole possible range of a test, on its own scale, both ends among them."""
    low, high = test.possible
    steps = [k / (points - 1) for k in range(1, points - 1)]
    if test.scale == "log" and low > 0:
        return [low, *(low * (high / low) ** step for step in steps), high]
    return [low, *(low + (high - low) * step for step in steps), high]


def lab(test, value):
    return {"name": test.id, "value": value, "unit": test.unit}


def case_of(labs, complaint=None, person=None):
    value = {"labs": labs, "person": person or {}}
    return case_from(value if complaint is None else {**value, "complaint": complaint})


def whole_and_sound(case):
    """Assess a case: every part must be there, every number a probability, the urgency that of triage."""
    result = assess(case, draws=0)
    assert result.missing == {}
    for cause in result.causes:
        numbers = (cause.contributes, cause.present, *(r.weight for r in cause.reasons))
        assert all(math.isfinite(n) for n in numbers)
        assert 0 <= cause.contributes <= 1 + 1e-9 and 0 <= cause.present <= 1 + 1e-9
    assert 0 <= result.nothing_listed <= 1 + 1e-9
    alone = triage(understand(case), knowledge()).level
    assert LEVELS.index(result.urgency.level) <= LEVELS.index(alone)
    return result


def urgency_words(level):
    return base.wording.levels[level].heading


# ---- every value of every test -------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(base.tests))
def test_every_possible_value_of_a_test_is_worked_out(name):
    test = base.tests[name]
    shift = sorted(base.tests).index(name)
    for k, value in enumerate(grid(test)):
        person = PEOPLE[(k + shift) % len(PEOPLE)]
        whole_and_sound(case_of([lab(test, value)], COMPLAINTS[(k + shift) % 4], person))
    end = grid(test)[0 if shift % 2 else -1]
    whole_and_sound(case_of([lab(test, end)], COMPLAINTS[shift % 3], UNKNOWN[shift % 3]))


def test_pairs_of_results_anywhere_in_their_ranges_are_worked_out():
    choose = random.Random(20261124)
    people = cycle(PEOPLE)
    for _ in range(40):
        pair = choose.sample(sorted(base.tests), 2)
        ends = [choose.choice(grid(base.tests[name], 7)) for name in pair]
        labs = [lab(base.tests[n], v) for n, v in zip(pair, ends, strict=True)]
        whole_and_sound(case_of(labs, choose.choice(COMPLAINTS), next(people)))


@pytest.mark.parametrize("end", [0, -1])
def test_all_tests_at_one_end_of_their_ranges_are_worked_out(end):
    labs = [lab(test, grid(test)[end]) for test in base.tests.values()]
    whole_and_sound(case_of(labs, "my legs are weak", PEOPLE[0]))


@pytest.mark.parametrize(
    ("name", "value", "unit", "complaint"),
    [
        ("sodium", 109, "mmol/L", "leg cramps at night"),
        ("calcium", 14.6, "mg/dL", "weak legs, thirsty and confused"),
        ("magnesium", 4, "mmol/L", "my legs are weak"),
    ],
)
def test_results_that_once_ended_in_an_error(name, value, unit, complaint):
    case = case_of([{"name": name, "value": value, "unit": unit}], complaint)
    whole_and_sound(case)


def test_of_two_results_the_more_alarming_counts_and_both_are_named():
    labs = [{"name": "sodium", "value": v, "unit": "mmol/L"} for v in (140, 112)]
    for order in (labs, labs[::-1]):
        result = whole_and_sound(case_of(order, "my legs are weak"))
        assert result.urgency.level == "emergency"
        assert any("140" in line and "112" in line for line in result.unclear)


def test_of_two_dated_results_the_newer_counts():
    labs = [
        {"name": "sodium", "value": 112, "unit": "mmol/L", "date": "2026-01-02"},
        {"name": "sodium", "value": 140, "unit": "mmol/L", "date": "2026-03-02"},
    ]
    result = whole_and_sound(case_of(labs, "my legs are weak"))
    assert result.urgency.level != "emergency"
    assert any("140" in line and "112" in line for line in result.unclear)


@pytest.mark.parametrize(
    ("name", "cause", "values"),
    [
        ("sodium", "low_sodium", (200, 160, 139, 128, 109, 90)),
        ("magnesium", "low_magnesium", (8, 4, 0.83, 0.6, 0.2, 0.05)),
        ("potassium", "low_potassium", (12, 8, 4.0, 3.0, 2.0, 0.8)),
        ("potassium", "high_potassium", (0.8, 2.0, 4.0, 6.0, 8.0, 12)),
        ("calcium_total", "high_calcium", (0.8, 1.8, 2.36, 2.8, 3.65, 6)),
    ],
)
def test_a_value_further_towards_a_cause_never_speaks_less_for_it(name, cause, values):
    net = model()
    chance = []
    for value in values:
        case = told("my legs are weak", labs=[lab(base.tests[name], value)], person=PEOPLE[0])
        chance.append(posterior_of(net, case)[0][net.cause_index[cause]])
    # a value out of its range on the other side may be an error: it speaks a little less against
    assert all(a <= b + 0.005 for a, b in pairwise(chance)), chance
    assert chance[0] < 0.05 and chance[-1] > 0.9


def test_a_value_outside_everything_known_is_said_to_be():
    line = base.wording.limits["unheard_of"].split("{result}")[1]
    far = assess(case_of([lab(base.tests["sodium"], 90.0)], "weak legs", PEOPLE[0]), draws=0)
    near = assess(case_of([lab(base.tests["sodium"], 131.0)], "weak legs", PEOPLE[0]), draws=0)
    assert any(line in limit for limit in far.limits)
    assert not any(line in limit for limit in near.limits)


@pytest.mark.parametrize("bits", [-2000, -1300, 1500])
def test_the_posterior_does_not_depend_on_the_scale_of_the_evidence(bits):
    network = random_network(3)
    evidence = random_evidence(network, 3)
    _, _, expected = worked_out(network, evidence)

    _, _, got = worked_out(network, scaled(network, evidence, bits))
    np.testing.assert_allclose(got.state, expected.state, rtol=1e-9)


def test_evidence_that_cannot_arise_is_an_error():
    network = random_network(3)
    evidence = random_evidence(network, 3)
    nothing = np.zeros((network.n_variables, network.prior.shape[2]))
    with pytest.raises(ImpossibleEvidenceError):
        worked_out(network, replace(evidence, likelihood=nothing))


# ---- many signs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [45, len(base.findings)])
def test_many_signs_at_once_are_worked_out_and_triage_sees_them_all(count):
    signs = random.Random(count).sample(sorted(base.findings), count)
    case = case_from({"findings": {"present": signs}, "person": {"age": 50, "sex": "female"}})
    result = whole_and_sound(case)
    assert result.urgency == assess(case, draws=0, detail=False).urgency
    assert result.limits[0].startswith(base.wording.limits["too_long"].split("{")[0])


def test_a_sign_that_is_set_aside_takes_its_qualities_with_it():
    net = model()
    signs = random.Random(1).sample(sorted(base.findings), 60)
    small, left = fit_to_memory(net, told(findings={"present": signs}))
    assert left
    assert all(net.qualities[n] in small.present for n in small.present if n in net.qualities)


# ---- failures after triage --------------------------------------------------------------------------

ALARM = case_of([{"name": "potassium", "value": 7.4, "unit": "mmol/L"}], "my legs are weak")
STAGES = (
    "in_words",
    "_read_diet",
    "find_posterior",
    "redraws",
    "reasons_of",
    "steps_next",
    "ranked_causes",
    "questions_and_tests",
    "make_plan",
    "limits_of",
    "unheard",
    "understood_in_words",
    "references_of",
)


def broken_model(change):
    """A model of a copy of the knowledge base in which one number was made impossible."""
    raw = msgspec.msgpack.decode(msgspec.msgpack.encode(knowledge()), type=type(knowledge()))
    change(raw.base)
    return lambda: Model(raw)


def no_prior(copy):
    for prior in copy.causes["high_potassium"].prior:
        prior.p = math.nan
        prior.interval = None


def no_cause(copy):
    del copy.causes["low_iron"]


@pytest.mark.parametrize("change", [no_prior, no_cause])
@pytest.mark.parametrize("form", FORMATS)
def test_a_broken_network_still_shows_the_alarm(monkeypatch, change, form):
    monkeypatch.setattr(posterior, "model", broken_model(change))
    result = assess(ALARM, draws=8)
    assert result.causes == [] and result.nothing_listed is None
    assert result.urgency == assess_soundly().urgency
    assert result.understood["results"]
    text = write(result, form)
    assert base.wording.limits["missing_causes"].split(". ")[0] in " ".join(text.split())
    assert urgency_words("emergency") in text


def assess_soundly():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posterior, "model", model)
        return assess(ALARM, draws=0)


@pytest.mark.parametrize("error", [RuntimeError("broken"), MemoryError(), ZeroDivisionError()])
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_fails_costs_only_its_own_part(monkeypatch, stage, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(whole, stage, fail)
    result = assess(ALARM, draws=0)
    assert result.urgency.level == "emergency"
    assert result.missing
    for form in FORMATS:
        text = write(result, form)
        assert urgency_words("emergency") in text
        plain = " ".join(text.split())
        assert all(line.split(". ")[0].rstrip(".") in plain for line in result.missing.values())


def test_a_mistake_in_the_case_stops_only_what_is_not_urgent(monkeypatch):
    def refuse(*_):
        raise CaseError("diary", "is no list of meals", "Write one day a line")

    monkeypatch.setattr(whole, "_read_diet", refuse)
    result = assess(ALARM, draws=0)
    assert result.urgency.level == "emergency"
    assert any("diary: is no list of meals" in line for line in result.unclear)
    with pytest.raises(CaseError):
        assess(case_of([], "my legs are restless in the evening"), draws=0)


@pytest.mark.parametrize("form", FORMATS)
def test_the_command_prints_the_alarm_though_everything_after_triage_fails(monkeypatch, form):
    monkeypatch.setattr(posterior, "model", broken_model(no_cause))
    words = "complaint: my legs are weak\nlabs: [{name: potassium, value: 7.4, unit: mmol/L}]\n"
    done = CliRunner().invoke(main, ["assess", "-", "--format", form], input=words)
    assert done.exit_code == 0
    assert urgency_words("emergency") in done.output


def test_the_alarm_is_printed_though_the_report_cannot_be_kept():
    words = "complaint: my legs are weak\nlabs: [{name: potassium, value: 7.4, unit: mmol/L}]\n"
    done = CliRunner().invoke(main, ["assess", "-", "--out", "a" * 300 + ".html"], input=words)
    assert done.exit_code == 2
    assert urgency_words("emergency") in done.output


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_that_cannot_be_written_is_the_alarm_alone(form):
    sound = assess_soundly()
    broken = [msgspec.structs.replace(sound.causes[0], contributes="many")]
    text = write(msgspec.structs.replace(sound, causes=broken, limits=[object()]), form)
    assert text == alarm(sound, form)
    assert urgency_words("emergency") in text and sound.urgency.alerts[0].why in text
    if form == "json":
        assert json.loads(text)["urgency"]["level"] == "emergency"
