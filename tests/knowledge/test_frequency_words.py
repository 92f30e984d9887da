"""What words of frequency mean: the published pairs, and what the model takes from them."""

import math

import pytest
from tools.frequency_words import CLASSES, KINDS, coverage, quantile, read_pairs, weighted

from stillwell.assess.model import model
from stillwell.assess.parameters import WORDED_SD

PAIRS = read_pairs()


def test_every_pair_has_a_word_a_share_and_two_sources():
    for pair in PAIRS:
        assert pair["class"] in CLASSES
        assert pair["kind"] in KINDS
        assert 0 <= float(pair["percent"]) <= 100
        assert pair["word"]
        assert pair["word_source"]
        assert pair["count_source"]
        if pair["k"] and pair["n"]:
            k, n = float(pair["k"]), float(pair["n"])
            assert abs(100 * k / n - float(pair["percent"])) < 1.5, pair


def test_the_range_holds_for_diseases_left_out():
    held = [
        coverage([p for p in PAIRS if p["class"] == c and p["source"] == "text"]) for c in CLASSES
    ]
    inside, whole = (sum(x) for x in zip(*held, strict=True))
    assert 0.86 <= inside / whole <= 0.95


def test_a_quantile_of_equal_weights_is_the_usual_one():
    values = [(float(v), 1.0) for v in (10, 20, 30, 40, 50)]
    assert quantile(values, 0.5) == 30
    assert quantile(values, 0.1) == 10
    assert quantile(values, 0.2) == pytest.approx(15)


def test_each_disease_weighs_the_same():
    pairs = [{"disease": "a", "percent": "10"}] * 9 + [{"disease": "b", "percent": "90"}]
    assert sum(w for _, w in weighted(pairs)) == pytest.approx(2)
    assert 10 <= quantile(weighted(pairs), 0.5) <= 90


def test_a_number_made_from_a_word_is_never_surer_than_words_are():
    known = model()
    for name, cause in known.known.base.causes.items():
        for link in cause.findings:
            if link.basis == "worded":
                drawn = [
                    known.edges[link.finding][k]
                    for k in known.edges[link.finding]
                    if k[0] == known.cause_index[name]
                ]
                assert any(n.sd >= WORDED_SD for n in drawn)
                assert math.isfinite(WORDED_SD)
