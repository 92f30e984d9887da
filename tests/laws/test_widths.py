"""The numbers that make a range wide: named by what they explain of it."""

import numpy as np

from stillwell.assess.posterior import find_posterior, redraws
from stillwell.assess.widths import MOST, WORTH, widths
from stillwell.case.read import case_from
from stillwell.case.understand import understand

STORY = {
    "complaint": "I must move my legs in bed at night, walking helps. I am tired.",
    "person": {"age": 34},
}


def ranges(draws):
    found = find_posterior(understand(case_from(STORY)), draws)
    return found, redraws(found)


def test_each_number_named_makes_its_share_of_the_range():
    found, drawn = ranges(300)
    named = widths(found, drawn)
    assert any(named.values())
    for cause, numbers in named.items():
        assert len(numbers) <= MOST
        assert [n.share for n in numbers] == sorted((n.share for n in numbers), reverse=True)
        assert all(WORTH <= n.share <= 1 for n in numbers), cause


def test_the_share_is_the_squared_correlation_worked_out_apart():
    found, drawn = ranges(300)
    network = found.small.network
    names = [found.causal_model.causes[int(v)] for v in found.keep]
    checked = 0
    for cause, numbers in widths(found, drawn).items():
        target = drawn.share[1:, found.causal_model.cause_index[cause]].clip(1e-9, 1 - 1e-9)
        for one in numbers:
            if one.kind != "prior":
                continue
            prior = network.prior[1:, names.index(one.cause), 1:].sum(axis=1).clip(1e-9, 1 - 1e-9)
            r = np.corrcoef(np.log(prior / (1 - prior)), np.log(target / (1 - target)))[0, 1]
            assert abs(r * r - one.share) < 0.002
            checked += 1
    assert checked


def test_few_redraws_name_nothing():
    assert widths(*ranges(20)) == {}
