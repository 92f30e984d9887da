"""Law: nobody has both ends of one quantity, whatever is told; a result beyond one end rules the other out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.model import model
from stillwell.assess.posterior import posterior_of
from stillwell.case.labs import reference_range
from stillwell.knowledge.store import knowledge
from tests.case_helpers import told

BASE = knowledge().base
PAIRS = sorted(
    {tuple(sorted((c.id, c.opposite))) for c in BASE.causes.values() if c.opposite is not None}
)
FINDINGS = sorted(
    {f.finding for pair in PAIRS for c in pair for f in BASE.causes[c].findings}
    & set(model().findings)
)
MEDICINES = ["furosemide", "spironolactone", "ramipril", "levothyroxine", "lithium", "prednisolone"]
# one test of each pair that both causes are measured by, in the order of the pair's names
TESTS = {
    test.id: (low, high)
    for pair in PAIRS
    for test in BASE.tests.values()
    if {m.cause for m in test.measures} >= set(pair)
    for low, high in [
        sorted(pair, key=lambda c: next(m.mean for m in test.measures if m.cause == c))
    ]
}


def present(**fields):
    shares, _, _ = posterior_of(model(), told(**fields))
    return dict(zip(model().causes, shares.tolist(), strict=True))


@st.composite
def stories(draw):
    names = draw(st.lists(st.sampled_from(FINDINGS), min_size=1, max_size=4, unique=True))
    return {
        "person": {
            "age": draw(st.integers(18, 90)),
            "sex": draw(st.sampled_from(["female", "male"])),
        },
        "findings": {"present": names},
        "history": {
            "present": draw(st.lists(st.sampled_from(["chronic_kidney_disease", "diabetes"])))
        },
        "medicines": draw(st.lists(st.sampled_from(MEDICINES), max_size=3, unique=True)),
    }


def test_every_pair_names_each_other_and_the_network_holds_them():
    named = {tuple(sorted(model().causes[i] for i in group)) for group in model().exclusions}
    assert named == set(PAIRS)
    assert {("high_calcium", "low_calcium"), ("high_potassium", "low_potassium")} <= named


@settings(max_examples=15, deadline=None)
@given(stories())
def test_the_chances_of_opposite_states_never_add_up_to_more_than_one(story):
    shares = present(**story)
    for one, other in PAIRS:
        assert shares[one] + shares[other] <= 1 + 1e-9


@settings(max_examples=25, deadline=None)
@given(stories(), st.sampled_from(sorted(TESTS)), st.booleans(), st.floats(0.05, 1), st.booleans())
def test_a_result_beyond_one_end_rules_the_other_out(story, test, high, far, bare):
    low_cause, high_cause = TESTS[test]
    bounds = reference_range(BASE.tests[test], story["person"]["sex"], None, None)
    least, most = BASE.tests[test].possible
    edge = bounds.high if high else bounds.low
    value = edge + far * ((most if high else least) - edge) * 0.3
    lab = {"name": test, "value": value, "unit": BASE.tests[test].unit}
    if bare:
        lab = {"name": test, "flag": "high" if high else "low"}
    shares = present(**story, labs=[lab])
    assert shares[low_cause if high else high_cause] < 0.001
    for one, other in PAIRS:
        assert shares[one] + shares[other] <= 1 + 1e-9


@pytest.mark.parametrize(
    ("value", "cause"), [(6.9, "high_potassium"), (2.2, "low_potassium"), (5.6, "high_potassium")]
)
def test_a_potassium_beyond_its_range_shows_its_own_end_alone(value, cause):
    shares = present(
        complaint="my legs are weak and cramp",
        labs=[{"name": "potassium", "value": value, "unit": "mmol/L"}],
    )
    other = BASE.causes[cause].opposite
    assert shares[cause] > 0.99
    assert shares[other] < 1e-4


def test_two_results_that_contradict_each_other_rule_neither_end_out():
    labs = [
        {"name": "calcium_total", "value": 2.0, "unit": "mmol/L"},
        {"name": "calcium_ionised", "value": 1.5, "unit": "mmol/L"},
    ]
    shares = present(complaint="my legs tingle", labs=labs)
    assert shares["low_calcium"] > 1e-6 and shares["high_calcium"] > 1e-6
