"""Leaks and causes together fit the surveys, and no leak jumps between neighbouring ages or the sexes."""

from functools import cache
from math import exp

import pytest

from stillwell.assess.marginals import BANDS, Marginals, jumps
from stillwell.assess.model import SEXES, Model
from stillwell.knowledge.base import cites
from stillwell.knowledge.store import knowledge

MARGINALS = Marginals(Model(knowledge()))


@cache
def shares(name):
    return MARGINALS.shares(name)


def words(share):
    return f"{share.sex} {share.ages}: leak {share.leak:.4f}, causes {share.causes:.4f}, all {share.all:.4f}"


@pytest.mark.parametrize("name", MARGINALS.findings)
def test_no_leak_jumps_unless_the_record_says_why(name):
    found = [f"{words(a)} | {words(b)}" for a, b in jumps(shares(name))]
    assert bool(found) == bool(MARGINALS.model.known.base.findings[name].uneven), found


SURVEYED = [n for n in MARGINALS.findings if knowledge().base.findings[n].surveys]


@pytest.mark.parametrize("name", SURVEYED)
def test_leak_and_causes_fit_the_survey_unless_the_record_says_why(name):
    for share in shares(name):
        if share.survey is not None and not share.survey.over:
            assert not share.outside, words(share)


@pytest.mark.parametrize("name", SURVEYED)
def test_what_a_survey_record_excuses_is_still_outside(name):
    for survey in knowledge().base.findings[name].surveys:
        held = [share for share in shares(name) if share.survey is survey]
        assert held, f"the survey of {survey.sex} {survey.ages} covers no band"
        assert not survey.over or any(share.outside for share in held), survey.over


@pytest.mark.parametrize("name", MARGINALS.findings)
def test_an_unlisted_cause_is_always_possible(name):
    if MARGINALS.model.known.base.findings[name].uneven:
        return  # it cannot be there in some of them at all
    for share in shares(name):
        assert not share.too_low, words(share)


def test_a_marginal_is_the_noisy_or_of_its_parts():
    """By hand for one finding and one year: one factor a cause."""
    model = MARGINALS.model
    name, sex, age = "tremor", 1, 40
    quiet = 1.0
    floor = model.average_leak[name]
    prior = model.base_priors(SEXES[sex], float(age + 18))[0]
    for i in range(len(model.causes)):
        p = 0.0
        for state in (1, 2):
            number = model.edges[name].get((i, state))
            if number is None:
                continue
            raw = 1 / (1 + exp(-number.mean))
            severe = model.severe[i]
            share = 0.0 if severe is None else 1 / (1 + exp(-severe.mean))
            p += prior[i] * (share if state == 2 else 1 - share) * max(raw - floor, 0) / (1 - floor)
        quiet *= 1 - p
    leak, brought = MARGINALS.by_year(name)
    assert brought[sex, age] == pytest.approx(1 - quiet, rel=1e-9)
    assert 0 < leak[sex, age] < 1
    assert len(shares(name)) == len(SEXES) * len(BANDS)


@pytest.mark.parametrize("name", ["fatigue", "low_mood", "poor_concentration_or_memory"])
def test_a_link_counted_in_the_survey_has_the_bar_of_its_leak(name):
    """The survey of these signs lies between two bars; a link told by the stricter alone would speak against."""
    for cause in knowledge().base.causes.values():
        for link in cause.findings:
            if link.finding == name and "nhanes" in cites(link) and not link.judgement:
                assert "several days" in (link.note or ""), f"{cause.id}: {link.note}"
