"""Small things of written English that every part does the same way."""

from __future__ import annotations

from collections.abc import Sequence


def capital(text: str) -> str:
    """The first letter large, the rest as it is.

    >>> capital("vitamin D"), capital("")
    ('Vitamin D', '')
    """
    return text[:1].upper() + text[1:]


def in_a_row(names: Sequence[str]) -> str:
    """Names with commas, and "and" before the last.

    >>> in_a_row(["iron", "folate", "vitamin B12"])
    'iron, folate and vitamin B12'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def three_digits(value: float) -> str:
    """An amount with three digits, never in powers of ten.

    >>> three_digits(1250.4), three_digits(12.345), three_digits(0.5)
    ('1250', '12.3', '0.5')
    """
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
