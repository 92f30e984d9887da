"""The order of causes: what a result proves first, then what fits best, then the rest."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwell.assess.assessment import assess
from stillwell.assess.model import model
from stillwell.assess.ranking import FIT, PROVEN, ranking
from stillwell.case.read import case_from

NET = model()
SIZE = len(NET.causes)
shares = st.lists(st.floats(1e-6, 1 - 1e-6), min_size=SIZE, max_size=SIZE).map(np.array)


@given(present=shares, part=shares, prior=shares, proven=st.sets(st.sampled_from(NET.causes)))
def test_every_cause_is_listed_once_in_groups_and_each_group_by_its_number(
    present, part, prior, proven
):
    contributes = present * part
    order = ranking(NET, contributes, present, prior, frozenset(proven))
    assert sorted(v for v, _ in order) == list(range(SIZE))
    groups = [group for _, group in order]
    assert groups == sorted(groups, key=("result", "fits", "other").index)
    assert groups.count("fits") <= FIT
    for v, group in order:
        assert (group == "result") == (NET.causes[v] in proven and present[v] >= PROVEN)
    special = [v for v, _ in order if not NET.known.base.causes[NET.causes[v]].general]
    for wanted in ("result", "fits", "other"):
        listed = [contributes[v] for v, group in order if group == wanted and v in special]
        assert listed == sorted(listed, reverse=True)


@given(present=shares, part=shares)
def test_a_cause_that_the_evidence_did_not_raise_is_not_among_those_that_fit(present, part):
    """Of two that contribute alike, the one that evidence raised comes first."""
    contributes = present * part
    prior = present.copy()
    raised = int(np.argsort(-contributes)[SIZE // 2])
    prior[raised] = present[raised] / 100
    order = ranking(NET, contributes, present, prior, frozenset())
    assert dict(order)[raised] == "fits"


def test_a_critical_result_puts_its_cause_on_top():
    case = {
        "complaint": "I am confused and my legs twitch",
        "labs": [{"name": "sodium", "value": 112, "unit": "mmol/L"}],
    }
    first = assess(case_from(case), draws=0, detail=False).causes[0]
    assert (first.id, first.group) == ("low_sodium", "result")


def test_any_sign_that_was_told_counts_as_something_to_explain():
    """Confusion is no complaint of the legs, and low sodium explains it all the same."""
    case = {
        "findings": {"present": ["muscle_twitching", "confusion"]},
        "labs": [{"name": "sodium", "value": 118, "unit": "mmol/L"}],
    }
    causes = {c.id: c for c in assess(case_from(case), draws=0, detail=False).causes}
    assert causes["low_sodium"].contributes > 0.3
