"""Summaries: prevalence by the survey's design, equal to a linearisation of its own; few people are not shown."""

import numpy as np
import pyarrow as pa
import pytest

from stillwell.cohort.summary import (
    FEWEST,
    OTHER,
    _auc,
    _calibration,
    _net_benefit,
    _urgency,
    _yield,
    hidden,
    prevalence,
)
from stillwell.cohort.totals import BINS, PRESENT, SCHEMA, URGENCY, bin_of
from tests.cohort.made import made_map


def totals_table(stratum, psu, weight, p, group):
    """The totals of people, as a part holds them."""

    rows = []
    for domain, values in (("everybody", [""]), ("region", sorted(set(group)))):
        for value in values:
            for s in np.unique(stratum):
                for u in np.unique(psu[stratum == s]):
                    here = (stratum == s) & (psu == u)
                    if value:
                        here &= group == value
                    w = weight[here]
                    row = (PRESENT, domain, value, str(s), str(u), "low_iron")
                    rows.append((*row, int(here.sum()), w.sum(), (w * p[here]).sum()))
    columns = zip(*rows, strict=True)
    return pa.table(
        [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )


def linearised(stratum, psu, weight, p, here):
    """Mean and standard error of p in a group by Taylor linearisation over the whole design."""
    mean = (weight * p)[here].sum() / weight[here].sum()
    z = np.where(here, weight * (p - mean), 0.0) / weight[here].sum()
    variance = 0.0
    for s in np.unique(stratum):
        sums = [z[(stratum == s) & (psu == u)].sum() for u in np.unique(psu[stratum == s])]
        variance += len(sums) / (len(sums) - 1) * ((sums - np.mean(sums)) ** 2).sum()
    return mean, np.sqrt(variance)


def test_prevalence_and_its_error_are_those_of_the_design():
    r = np.random.default_rng(3)
    n = 400
    stratum, psu = r.integers(0, 5, n), r.integers(0, 3, n)
    weight, p = r.uniform(1, 9, n), r.beta(1, 6, n)
    group = r.choice(["north", "south"], n)
    found = prevalence(totals_table(stratum, psu, weight, p, group), made_map())
    for row in found:
        here = np.ones(n, bool) if row["domain"] == "everybody" else group == row["value"]
        mean, error = linearised(stratum, psu, weight, p, here)
        assert row["share"] == pytest.approx(mean, abs=1e-9)
        assert row["se"] == pytest.approx(error, abs=1e-9)
        assert row["low"] < mean < row["high"]


def test_a_cell_of_few_people_is_not_shown():
    r = np.random.default_rng(3)
    n = 60
    group = np.where(
        np.arange(n) < FEWEST - 1, "north", np.where(np.arange(n) < 25, "east", "south")
    )
    table = totals_table(r.integers(0, 2, n), r.integers(0, 2, n), np.ones(n), r.random(n), group)
    found = [row for row in prevalence(table, made_map()) if row["domain"] == "region"]
    # the small group is not named, and the next smallest is hidden with it: alone it would follow
    hides = {row["value"]: row.get("suppressed", False) for row in found}
    assert hides == {OTHER: True, "east": True, "south": False}
    assert all(row.keys() == {"domain", "value", "cause", "suppressed"} for row in found[:2])


@pytest.mark.parametrize(
    ("people", "rest", "hides"),
    [
        ({"a": 774, "b": 117, "c": 105, "d": 4}, 0, {"c", "d"}),
        ({"a": 774, "b": 2, "c": 1, "d": 50}, 0, {"b", "c", "d"}),
        ({"a": 774, "b": 7, "c": 8, "d": 50}, 0, {"b", "c"}),
        ({"a": 774, "b": 50, "c": 0}, 0, set()),
        ({"a": 30, "b": 40}, 3, {"a"}),
        ({"a": 30, "b": 40}, 30, set()),
        ({"a": 4}, 0, {"a"}),
    ],
)
def test_a_hidden_cell_does_not_follow_by_subtraction(people, rest, hides):
    assert hidden(people, rest) == hides


def test_calibration_has_no_group_in_which_few_have_it():
    r = np.random.default_rng(6)
    n = 800
    p = r.beta(1, 12, n)
    has = r.random(n) < p
    bins = bin_of(p)
    people, cases = np.bincount(bins, minlength=BINS), np.bincount(bins[has], minlength=BINS)
    expected = np.bincount(bins, weights=p, minlength=BINS)
    found = _calibration(people.astype(float), cases.astype(float), expected, people, cases)
    assert 1 < len(found) < 10
    shares = [row["expected"] for row in found]
    assert shares == sorted(shares)
    assert all(0 < row["observed"] < 1 for row in found)


def test_discrimination_and_yield_are_those_of_the_people_themselves():
    r = np.random.default_rng(5)
    n = 4000
    p = r.beta(1, 5, n)
    has = r.random(n) < p
    weight = np.bincount(bin_of(p), minlength=BINS).astype(float)
    cases = np.bincount(bin_of(p[has]), minlength=BINS).astype(float)
    pairs = (p[has][:, None] > p[~has][None]).mean()
    assert _auc(weight, cases) == pytest.approx(pairs, abs=2e-3)
    top = np.argsort(-p)[: n // 10]
    assert _yield(weight, cases, 0.1)["found"] == pytest.approx(
        has[top].sum() / has.sum(), abs=0.02
    )
    above = p >= 0.2
    net = (has[above].sum() - (~has[above]).sum() * 0.25) / n
    assert _net_benefit(weight, cases, 0.2)["model"] == pytest.approx(net, abs=5e-3)


def test_urgency_is_listed_by_how_urgent_it_is():
    told = ["today", "emergency", "routine", "self_care", "not_understood", "soon"]
    rows = [(URGENCY, "everybody", "", "1", "1", name, 40, 40.0, 40.0) for name in sorted(told)]
    columns = zip(*rows, strict=True)
    table = pa.table(
        [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )
    found = [row["level"] for row in _urgency(table)]
    assert found == ["emergency", "today", "soon", "routine", "self_care", "not_understood"]
