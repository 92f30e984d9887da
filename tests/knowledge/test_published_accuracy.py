"""The class distributions of tests reproduce published sensitivities, specificities and likelihood ratios.

Each line gives what a study found and the interval that our distributions must fall into: the study's own
interval where it has one, else wide enough for its patients being more or less ill than ours.
"""

from math import erf, log, sqrt

import pytest

from stillwell.assess.distributions import panel_ratio
from stillwell.case.labs import Result
from stillwell.knowledge.store import knowledge

TESTS = knowledge().base.tests


def below(test, cut, row):
    """P(result under the cut-off) for one class distribution."""
    x = log(cut) if test.scale == "log" else cut
    return 0.5 * (1 + erf((x - row.mean) / (row.sd * sqrt(2))))


def healthy(test):
    return next((row for row in test.normal if row.sex == "any"), test.normal[0])


def ill(test, cause, state):
    return next(m for m in test.measures if m.cause == cause and m.state in (state, "any"))


@pytest.mark.parametrize(
    ("name", "cut", "side", "cause", "state", "low", "high"),
    [
        # Herrmann 2013 (n 1359): 75 pmol/L finds 90 % of people with MMA over 300 nmol/L
        ("holotranscobalamin", 75, "low", "low_vitamin_b12", "mild", 0.85, 0.95),
        # Heil 2012 (n 360): 32 pmol/L finds 83 % of patients with MMA over 450 nmol/L
        ("holotranscobalamin", 32, "low", "low_vitamin_b12", "severe", 0.75, 0.90),
        # dossier's rule: without inflammation hardly anyone short of iron has more than 100 ug/L
        ("ferritin", 100, "low", "low_iron", "mild", 0.95, 1.0),
    ],
)
def test_a_published_sensitivity_is_reproduced(name, cut, side, cause, state, low, high):
    p = below(TESTS[name], cut, ill(TESTS[name], cause, state))
    assert low <= (p if side == "low" else 1 - p) <= high


@pytest.mark.parametrize(
    ("name", "cut", "low", "high"),
    [
        # Herrmann 2013: at 23 pmol/L at most one in ten without a lack is under it
        ("holotranscobalamin", 23, 0.90, 1.0),
        # ferritin under 15 ug/L without inflammation is a lack: hardly any healthy person is under it
        ("ferritin", 15, 0.97, 1.0),
    ],
)
def test_a_published_specificity_is_reproduced(name, cut, low, high):
    assert low <= 1 - below(TESTS[name], cut, healthy(TESTS[name])) <= high


@pytest.mark.parametrize(
    ("value", "ratio"),
    # survey, serum B12 in bands (here their middles, pmol/L) for a raised MMA, kidneys well (n 12622)
    [(166, 5.9), (203, 3.0), (260, 1.34), (350, 0.76)],
)
def test_likelihood_ratios_of_vitamin_b12_are_near_those_of_the_survey(value, ratio):
    base = knowledge().base
    result = Result("vitamin_b12", value, "", "normal", False, "", "pmol/L", False)
    found = panel_ratio(
        base.panels["vitamin_b12_status"],
        base.causes["low_vitamin_b12"],
        base.tests,
        {"vitamin_b12": result},
        None,
        None,
    )
    assert found is not None
    likelihood, _ = found
    ours = likelihood[1] / likelihood[0]
    # our class is a lack by several markers together: it parts from the healthy more than one marker does
    assert ratio / 5 <= ours <= ratio * 2
