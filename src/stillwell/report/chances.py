"""Probabilities in words: no more digits and no more certainty than they have."""

from __future__ import annotations

from stillwell.assess.rounding import ROUGH, rounded, rounding_step
from stillwell.report.wording import words

LIKELY = 0.5
POSSIBLE = 0.1
WORTH_LISTING = 0.01  # below this a cause is not printed in the main list
HARDLY_KNOWN = 0.6  # width of a 90 % range from which the number says next to nothing


def word_for(p: float, width: float = 0.0) -> str:
    """likely, possible or unlikely; by the rounded number, so that word and number agree."""
    say = words().chance
    p = rounded(p, width) / 100
    if p >= LIKELY:
        return say.likely
    return say.possible if p >= POSSIBLE else say.unlikely


def percent(p: float | None, width: float = 0.0) -> str:
    """A probability in per cent.

    Args:
        width: of its 90 % range; the wider, the coarser the number.

    >>> percent(0.404), percent(0.404, 0.4), percent(0.97, 0.4), percent(0.001), percent(0.9999)
    ('40 %', 'about 40 %', 'over 90 %', 'under 1 %', 'over 99 %')
    """
    say = words().chance
    if p is None:
        return say.unknown
    step, n = rounding_step(width), rounded(p, width)
    if n < step:
        return say.under.format(n=step)
    if n > 100 - step:
        return say.over.format(n=100 - step)
    return (say.exact if step == 1 else say.about).format(n=n)


def people(p: float, width: float = 0.0) -> str:
    """A natural frequency: of 10, or of 100 where 10 is too coarse; "" where the range is too wide.

    >>> people(0.36), people(0.99), people(0.04), people(0.5, 0.9)
    ('about 4 in 10 people who tell this story', 'more than 9 in 10 people who tell this story', 'about 4 in 100 people who tell this story', '')
    """
    say, n = words().chance, rounded(p, width)
    if width >= HARDLY_KNOWN or n < rounding_step(width):
        return "" if width >= ROUGH else say.fewest
    if n >= 95:
        return say.most
    if n >= 10 and (n % 10 == 0 or rounding_step(width) == 1):
        return say.tenths.format(n=min(9, (n + 5) // 10))
    return say.hundredths.format(n=n)


def interval(low: float | None, high: float | None) -> str:
    """A 90 % range in words, or that it is hardly known; "" where it has no width.

    >>> interval(0.12, 0.4), interval(0.001, 0.08), interval(0.01, 0.97)
    ('most likely between 12 % and 40 %', 'most likely below 8 %', 'we hardly know: anywhere from 1 % to 97 %')
    """
    say = words().chance
    if low is None or high is None:
        return say.unknown
    if round(100 * low) == round(100 * high):
        return ""
    pattern = say.range
    if high - low >= HARDLY_KNOWN:
        pattern = say.hardly
    elif round(100 * low) < 1:
        pattern = say.below
    elif round(100 * high) > 99:
        pattern = say.above
    return pattern.format(low=percent(low), high=percent(high))
