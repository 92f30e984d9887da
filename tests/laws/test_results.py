"""Laws of laboratory results: what they say of the state, and how far out they are."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.distributions import grade_result, panel_ratio
from stillwell.assess.model import model
from stillwell.assess.posterior import posterior_of
from stillwell.case.labs import Result
from stillwell.case.read import case_from
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge

base = knowledge().base


def chances(complaint: str, **labs: tuple[float, str]) -> dict[str, float]:
    """P(present) of each cause for a woman of 50 with this complaint and these results."""
    net = model()
    case = case_from(
        {
            "person": {"age": 50, "sex": "female"},
            "complaint": complaint,
            "labs": [{"name": n, "value": v, "unit": u} for n, (v, u) in labs.items()],
        }
    )
    present, _, _ = posterior_of(net, understand(case))
    return dict(zip(net.causes, present.tolist(), strict=True))


@pytest.mark.parametrize(
    ("test", "value", "unit", "cause"),
    [
        ("sodium", 118, "mmol/L", "low_sodium"),
        ("potassium", 2.6, "mmol/L", "low_potassium"),
        ("potassium", 6.4, "mmol/L", "high_potassium"),
        ("calcium_total", 1.7, "mmol/L", "low_calcium"),
        ("calcium_total", 3.1, "mmol/L", "high_calcium"),
        ("magnesium", 0.4, "mmol/L", "low_magnesium"),
        ("phosphate", 0.3, "mmol/L", "low_phosphate"),
    ],
)
def test_a_value_that_defines_a_cause_shows_it(test, value, unit, cause):
    assert chances("my legs are weak", **{test: (value, unit)})[cause] > 0.9


@pytest.mark.parametrize(
    ("test", "value", "unit", "cause"),
    [
        ("sodium", 140, "mmol/L", "low_sodium"),
        ("potassium", 4.2, "mmol/L", "low_potassium"),
        ("magnesium", 0.85, "mmol/L", "low_magnesium"),
        ("vitamin_d_25oh", 90, "nmol/L", "low_vitamin_d"),
    ],
)
def test_a_value_in_the_middle_of_the_range_speaks_against_it(test, value, unit, cause):
    before = chances("my legs are weak")[cause]
    assert chances("my legs are weak", **{test: (value, unit)})[cause] < before / 2


@settings(max_examples=25, deadline=None)
@given(st.floats(121, 134))
def test_a_lower_sodium_never_makes_low_sodium_less_likely(value):
    lower = chances("my legs cramp", sodium=(value - 2, "mmol/L"))["low_sodium"]
    assert lower >= chances("my legs cramp", sodium=(value, "mmol/L"))["low_sodium"] - 1e-6


def result(value: float, censored: str = "") -> Result:
    return Result(
        "creatine_kinase", value, censored, "high", value > 1000, str(value), "U/L", False
    )


@settings(max_examples=50, deadline=None)
@given(st.floats(1_000, 11_000), st.floats(1.2, 5.0))
def test_a_higher_creatine_kinase_points_more_to_muscle_breakdown(value, factor):
    base = model().known.base
    test = base.tests["creatine_kinase"]

    def odds(at: float) -> float:
        grade = grade_result(test, "high", result(at), base.causes)
        assert grade is not None
        return grade.causes[("rhabdomyolysis", "any")] / grade.causes[("overexertion", "any")]

    assert odds(value * factor) > odds(value)


def test_the_grade_of_a_result_is_a_set_of_probabilities():
    base = model().known.base
    for value, censored in ((300.0, ""), (5_000.0, ""), (80_000.0, ">")):
        grade = grade_result(
            base.tests["creatine_kinase"], "high", result(value, censored), base.causes
        )
        assert grade is not None
        assert all(0 < p <= 1 for p in (grade.leak, *grade.causes.values()))


CERTAIN = math.log(10_000)  # above this a likelihood ratio changes nothing


def _panels_of_one_marker():
    for panel in base.panels.values():
        cause = base.causes[panel.cause]
        for marker in panel.markers:
            test = base.tests[marker]
            means = [m.mean for m in test.measures if m.cause == cause.id]
            if means and test.normal:
                yield pytest.param(panel, cause, test, means, id=f"{panel.id}-{marker}")


@pytest.mark.parametrize(("panel", "cause", "test", "means"), _panels_of_one_marker())
def test_a_result_further_out_never_speaks_less_for_its_cause(panel, cause, test, means):
    healthy = test.normal[0].mean
    high = max(means, key=lambda m: abs(m - healthy)) > healthy
    furthest = max(means) if high else min(means)
    end = test.possible[1] if high else max(test.possible[0], 1e-6)
    if test.scale == "log":
        furthest = math.exp(furthest)
    ratios = []
    for value in np.linspace(furthest, end, 40):
        result = Result(test.id, float(value), "", "high", True, "", test.unit, False)
        found = panel_ratio(panel, cause, base.tests, {test.id: result}, None, None)
        if found is None:
            pytest.skip("the panel needs a class of every state")
        ratios.append(min(math.log(found[0][1:].max() / found[0][0]), CERTAIN))
    falls = [(round(a, 4), round(b, 4)) for a, b in itertools.pairwise(ratios) if b < a - 0.02]
    assert not falls
