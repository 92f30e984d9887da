"""Priors fitted on the survey: the form of the model, and that telling nothing changes nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from stillwell.assess.evidence import case_evidence, known_value
from stillwell.assess.fitted_prior import (
    age_basis,
    base_log_odds,
    fitted_probability,
    term_shift,
)
from stillwell.assess.model import model
from stillwell.case.model import Case, Person
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge

PRIORS = sorted(knowledge().base.fitted_priors)
ONE = np.ones(1)


@given(st.lists(st.floats(-3, 3), min_size=5, max_size=5))
def test_the_age_curve_is_the_natural_cubic_spline(values: list[float]) -> None:
    knots = np.array([18.0, 32.0, 46.0, 60.0, 75.0])
    coefficients = np.linalg.solve(age_basis(knots, list(knots)), np.array(values))
    ages = np.linspace(18, 75, 40)
    independent = CubicSpline(knots, values, bc_type="natural")
    assert np.allclose(age_basis(ages, list(knots)) @ coefficients, independent(ages), atol=1e-8)


@pytest.mark.parametrize("name", PRIORS)
def test_knowing_nothing_leaves_the_prior_of_sex_and_age(name: str) -> None:
    prior = knowledge().base.fitted_priors[name]
    unknown = {t.variable: np.array([np.nan]) for t in prior.terms}
    for age in (20.0, 50.0, 90.0):
        alone = 1 / (1 + np.exp(-base_log_odds(prior, ONE, ONE * age)))
        assert fitted_probability(prior, ONE, ONE * age, unknown) == pytest.approx(alone)


@pytest.mark.parametrize("name", PRIORS)
@given(age=st.floats(18, 100), woman=st.sampled_from([0.0, 1.0]))
def test_a_factor_shifts_by_its_odds_ratio(name: str, age: float, woman: float) -> None:
    for term in knowledge().base.fitted_priors[name].terms:
        if term.variable.startswith("history:"):
            there = term_shift(term, ONE, ONE * woman, ONE * age)
            absent = term_shift(term, 0 * ONE, ONE * woman, ONE * age)
            assert (there - absent)[0] == pytest.approx(term.coefficient)


@pytest.mark.parametrize("name", PRIORS)
def test_the_covariance_is_a_covariance(name: str) -> None:
    prior = knowledge().base.fitted_priors[name]
    covariance = np.array(prior.covariance)
    assert np.allclose(covariance, covariance.T, rtol=1e-2)
    assert np.linalg.eigvalsh(covariance).min() > -1e-4
    spread = np.sqrt(np.diag(covariance))[-len(prior.terms) :]
    assert np.allclose(spread, [t.se for t in prior.terms], rtol=0.01, atol=2e-4)


@pytest.mark.parametrize("name", PRIORS)
def test_the_checks_on_cycles_left_out_meet_the_aims(name: str) -> None:
    checks = knowledge().base.fitted_priors[name].held_out
    assert checks["ece"] <= 0.03
    assert checks["log_loss"] < checks["log_loss_age_and_sex"]


def test_a_water_tablet_makes_low_potassium_likelier_and_names_itself_as_the_reason() -> None:
    net = model()
    person = Person(age=60, sex="female")
    told = understand(Case(person=person, medicines=["hydrochlorothiazide"]))
    nothing = understand(Case(person=person, medicines=[]))
    at = net.cause_index["low_potassium"]
    with_it, without = (
        case_evidence(net, told, 0).present_prior[0, at],
        case_evidence(net, nothing, 0).present_prior[0, at],
    )
    assert with_it > 2 * without
    items = [i.item for i in case_evidence(net, told, 0).influences if i.cause == at]
    assert "medicine:thiazides:hydrochlorothiazide" in items


def test_weight_and_height_count_as_body_mass_index() -> None:
    heavy = understand(Case(person=Person(weight_kg=100, height_cm=160)))
    assert known_value("bmi", heavy) == pytest.approx(39.06, abs=0.01)
    assert known_value("bmi", understand(Case())) is None
