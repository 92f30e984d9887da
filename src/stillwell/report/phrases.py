"""Small things that every section says the same way."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stillwell.case.model import Person
from stillwell.case.person_in_words import is_child
from stillwell.report.document import AnyBlock, Part, Section
from stillwell.report.wording import words
from stillwell.writing import capital


def who(person: Person) -> str:
    """Age and sex as far as they are known, and a pregnancy ("woman, 67")."""
    say = words().doctor
    age = "" if person.age is None else f"{person.age:.0f}"
    if is_child(person):
        text = say.child[person.sex or "any"].format(age=age)
    elif person.sex and age:
        text = say.sex_age[person.sex].format(age=age)
    elif person.sex:
        text = say.sex[person.sex]
    else:
        text = say.age.format(age=age) if age else say.nobody
    return f"{text}, {say.pregnant}" if person.pregnant else text


def sentence(text: str) -> str:
    """A phrase as a sentence: a capital in front and a stop behind; "" stays "".

    >>> sentence("it changes what may be taken")
    'It changes what may be taken.'
    """
    return capital(text) + ("" if not text or text[-1] in ".!?" else ".")


def amount(value: float) -> str:
    """An amount with no more digits than it deserves."""
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}".removesuffix(".0")


def sentences(text: str) -> list[str]:
    """The sentences of a text.

    >>> sentences("Call an ambulance. Sit down!")
    ['Call an ambulance.', 'Sit down!']
    """
    return [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part]


def listed(items: Iterable[str]) -> str:
    """Items with commas between them."""
    return ", ".join(items)


def section(
    name: str,
    part: Part,
    blocks: Iterable[AnyBlock | None],
    *,
    folded: bool = False,
    extra: bool = False,
) -> list[Section]:
    """A section under its heading; none where there is nothing to put under it."""
    found = [block for block in blocks if block is not None and not _empty(block)]
    if not found:
        return []
    title = words().sections[name]
    folded = folded or extra
    return [Section(id=name, title=title, part=part, blocks=found, folded=folded, extra=extra)]


def _empty(block: AnyBlock) -> bool:
    """Whether a list or a table has no line."""
    lines = [getattr(block, name, None) for name in ("items", "rows", "tests", "avoid", "sources")]
    known = [line for line in lines if line is not None]
    return bool(known) and not any(known)
