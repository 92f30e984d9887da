"""How coarsely a probability is said: the wider its 90 % range, the fewer digits."""

from __future__ import annotations

ROUGH, COARSE = 0.1, 0.3  # widths from which numbers are rounded to 5 and to 10 per cent


def rounding_step(width: float) -> int:
    """The step in per cent to which a number is rounded that has a 90 % range of a width.

    >>> rounding_step(0.05), rounding_step(0.2), rounding_step(0.5)
    (1, 5, 10)
    """
    return 10 if width >= COARSE else 5 if width >= ROUGH else 1


def rounded(p: float, width: float) -> int:
    """Per cent, to the step that its range allows.

    >>> rounded(0.177, 0.05), rounded(0.177, 0.2), rounded(0.177, 0.5)
    (18, 20, 20)
    """
    step = rounding_step(width)
    return step * round(100 * p / step)
