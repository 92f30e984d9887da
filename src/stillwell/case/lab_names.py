"""Finds the laboratory test that a name means, and refuses tests of other fluids than blood."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.knowledge.schema import Test
from stillwell.knowledge.store import Knowledge

_BARE = re.compile(r"[a-z0-9 -]*").fullmatch
FUZZY_FROM = 6  # letters below which a name is matched exactly


_named: list[tuple[dict[str, Test], dict[str, Test]]] = []  # the tests last asked for, their names


def names_of_tests(knowledge: Knowledge) -> Mapping[str, Test]:
    """Every name of a test, in lower case, with the test."""
    tests = knowledge.base.tests
    if not _named or _named[0][0] is not tests:
        names = {
            _plain(w): t for t in tests.values() for w in (t.id.replace("_", " "), t.name, *t.words)
        }
        _named[:] = [(tests, names)]
    return _named[0][1]


def find_test(name: str, knowledge: Knowledge) -> Test | None:
    """The test that a laboratory or a person calls by this name.

    Short names are matched exactly; a longer one may be misspelt by a letter or two, but not begin
    with another letter, or kalium would be lithium.
    """
    if name in knowledge.base.tests:
        return knowledge.base.tests[name]
    if other_specimen(name, knowledge):
        return None
    names = names_of_tests(knowledge)
    key = _plain(name)
    small = knowledge.base.lexicon["lab_filler"]
    bare = " ".join(w for w in key.split() if w not in small)
    for candidate in (key, bare):
        if candidate in names:
            return names[candidate]
    if len(bare) < FUZZY_FROM:
        return None
    near = process.extract(
        bare,
        [n for n in names if n[0] == bare[0] and len(n) >= FUZZY_FROM],
        scorer=OSA.distance,
        score_cutoff=1 if len(bare) < 9 else 2,
        limit=3,
    )
    found = {names[n].id: names[n] for n, distance, _ in near if distance == near[0][1]}
    return next(iter(found.values())) if len(found) == 1 else None


def other_specimen(name: str, knowledge: Knowledge) -> str:
    """The word by which a name is of urine, spinal fluid or the like, or "" where it is of blood."""
    key = f" {_plain(name)} "
    for word in knowledge.base.lexicon["other_specimen"]:
        if word in key and re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", key):
            return word
    return ""


def nearest_test(name: str, knowledge: Knowledge) -> str:
    """The id of the test whose name looks most like this one, or ""."""
    near = process.extractOne(_plain(name), list(names_of_tests(knowledge)), score_cutoff=60)
    return names_of_tests(knowledge)[near[0]].id if near else ""


def _plain(name: str) -> str:
    """Lower case, without underscores, charges ("Ca++") and dots."""
    text = name.lower()
    if _BARE(text):  # as most names are
        return " ".join(text.split())
    text = re.sub(r"[_:]+", " ", text)
    text = re.sub(r"(?<=[a-z])\s?\d?\+{1,2}", "", text)
    text = re.sub(r"(?<=[a-z])\.(?![^\s)])", "", text)  # "corr." and "vit. d"
    return " ".join(re.sub(r"[()\[\]]", " ", text).split())
