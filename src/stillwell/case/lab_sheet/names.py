"""Which test the name on a sheet means: one, two, none, or perhaps one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from stillwell.case.lab_names import find_test, names_of_tests
from stillwell.case.lab_sheet.words import plain, words
from stillwell.knowledge.schema import Test

NEAREST = 3
KEPT = 4096  # names whose meaning is kept
CLOSE = 70  # of 100, from which a name is offered


@dataclass(frozen=True)
class Named:
    """`test` where the name is certain; `near`, names of tests that may be meant, where it is not."""

    test: Test | None = None
    near: tuple[str, ...] = field(default=())
    why: str = ""  # key of the wording
    word: str = ""


@cache
def _names() -> dict[str, Test]:
    return {_key(name): test for name, test in names_of_tests(words().known).items()}


@cache
def _starts() -> frozenset[str]:
    return frozenset(name[:2] for name in (*_names(), *(_key(o) for o in words().other_tests)))


@cache
def _others() -> frozenset[str]:
    return frozenset(_key(name) for name in words().other_tests)


def _key(name: str) -> str:
    """A name without case, brackets, charges, hyphens and dots at the ends."""
    text = plain(name)
    text = re.sub(r"(?<=[a-z])\s?\d?\+{1,2}(?=$|[\s)])", "", text)
    text = re.sub(r"[()\[\]_\-/:]|,(?=\s|$)", " ", text)
    return " ".join(text.split()).strip(" .*#")


@lru_cache(maxsize=KEPT)
def is_name(text: str) -> bool:
    """Whether this is the name of a blood test, known here or not."""
    key = _key(text)
    return key[:2] in _starts() and (key in _names() or key in _others())


@lru_cache(maxsize=KEPT)
def named(name: str) -> Named:
    """The test that a name on a sheet means."""
    shown = plain(name)
    key = _key(name)
    fluid = words().fluid.search(f" {shown} ")
    if fluid and key not in _names():
        return Named(why="other_fluid", word=fluid[0])
    if key in _others():
        return Named(why="unknown_test")
    if key in words().two_tests:
        return Named(near=(words().two_tests[key],), why="two_tests")
    bare = _without_asides(key)
    if bare in words().two_tests:
        return Named(near=(words().two_tests[bare],), why="two_tests")
    for candidate in (key, bare):
        if candidate in _names():
            return Named(test=_names()[candidate])
        if candidate in _others():
            return Named(why="unknown_test")
    return _in_parts(shown) or _near(bare or key)


def _without_asides(key: str) -> str:
    kept = [w for w in key.split() if w.strip(".,") not in words().aside and w not in words().aside]
    return " ".join(kept)


def _in_parts(shown: str) -> Named | None:
    """ "Natrium (Na)" is one test by two names; "Calcium / Albumin" is two."""
    parts = [_without_asides(_key(p)) for p in re.split(r"[()\[\]/,;]", shown)]
    parts = [p for p in parts if p]
    if len(parts) < 2:
        return None
    tests = [_names().get(p) for p in parts]
    if None in tests:
        return None
    ids = {t.id for t in tests if t is not None}
    if len(ids) == 1:
        return Named(test=tests[0])
    return Named(near=tuple(sorted({t.name for t in tests if t})), why="two_tests")


@lru_cache(maxsize=KEPT)
def _near(key: str) -> Named:
    """A name that is none: what it may be, misspelt or with a word beside it."""
    guess = find_test(key, words().known) if len(key) >= 6 else None
    if guess is not None:
        return Named(near=(guess.name,), why="misspelt")
    near = process.extract(key, list(_names()), scorer=fuzz.WRatio, score_cutoff=CLOSE, limit=12)
    near = [n for n in near if len(n[0]) > 2 or n[0] in key.split()]
    found = tuple(dict.fromkeys(_names()[n].name for n, *_ in near))[:NEAREST]
    return Named(near=found, why="nearest_test" if found else "unknown_test")
