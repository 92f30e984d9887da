"""The 90 % range of redraws."""

import numpy as np
import pytest

from stillwell.assess.parameters import range_90


@pytest.mark.parametrize("draws", [1, 2, 11, 201])
def test_a_range_ends_at_the_quantiles(draws):
    values = np.random.default_rng(draws).random((draws, 5))
    np.testing.assert_allclose(
        np.stack(range_90(values)), np.quantile(values, [0.05, 0.95], axis=0), rtol=1e-14
    )


def test_a_range_of_even_steps():
    low, high = range_90(np.arange(101.0))
    assert (low, high) == (5.0, 95.0)
