"""Geometry of a small picture of values over days; a template draws it, and a table beside it says the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 12, 28
SPARE = 0.06  # of the scale, above and below


@dataclass(frozen=True)
class Value:
    """A value of a day; None breaks the line: nothing was recorded."""

    day: dt.date
    value: float | None
    text: str = ""


@dataclass(frozen=True)
class Chart:
    """Where everything lies, in a box of WIDTH by HEIGHT.

    Attributes:
        lines: `points` of a polyline each; one ends where nothing was recorded.
        dots: x, y and what is said of it.
        band: upper edge and height of the reference range; None where there is none.
        days, values: places and texts of the scales.
    """

    lines: list[str] = field(default_factory=list)
    dots: list[tuple[float, float, str]] = field(default_factory=list)
    band: tuple[float, float] | None = None
    days: list[tuple[float, str]] = field(default_factory=list)
    values: list[tuple[float, str]] = field(default_factory=list)


def chart(
    points: Sequence[Value],
    *,
    scale: tuple[float, float] | None = None,
    band: tuple[float | None, float | None] | None = None,
    every_day: bool = False,
) -> Chart:
    """A picture of values.

    Args:
        points: in order of their days.
        scale: lowest and highest value of the scale; taken from the values and the band where None.
        band: the reference range; an open end is None.
        every_day: a day that is lacking breaks the line, as a value that is lacking does.
    """
    known = [p for p in points if p.value is not None]
    if not known:
        return Chart()
    low, high = scale or _scale([p.value for p in known if p.value is not None], band)
    first, last = known[0].day, known[-1].day
    span = max(1, (last - first).days)

    def x(day: dt.date) -> float:
        middle = first == last
        share = 0.5 if middle else (day - first).days / span
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    runs: list[list[Value]] = [[]]
    before: dt.date | None = None
    for point in points:
        gap = every_day and before is not None and (point.day - before).days > 1
        if point.value is None or gap:
            runs.append([])
        if point.value is not None:
            runs[-1].append(point)
        before = point.day
    shaded = None
    if band is not None and band != (None, None):
        upper = y(band[1]) if band[1] is not None else float(TOP)
        lower = y(band[0]) if band[0] is not None else float(HEIGHT - BOTTOM)
        shaded = (upper, round(lower - upper, 1))
    return Chart(
        lines=[
            " ".join(f"{x(p.day)},{y(p.value or 0)}" for p in run) for run in runs if len(run) > 1
        ],
        dots=[(x(p.day), y(p.value or 0), p.text) for p in known],
        band=shaded,
        days=[(x(d), f"{d:%-d %b %Y}") for d in dict.fromkeys((first, last))],
        values=[(y(v), f"{v:g}") for v in _ticks(low, high)],
    )


def _scale(
    values: list[float], band: tuple[float | None, float | None] | None
) -> tuple[float, float]:
    """From a little below the lowest to a little above the highest value; the nearer end of the range is in it."""
    low, high = min(values), max(values)
    ends = [e for e in band or () if e is not None]
    near = min(ends, key=lambda e: min(abs(e - low), abs(e - high)), default=None)
    if near is not None:
        low, high = min(low, near), max(high, near)
    spare = (high - low) * SPARE or abs(high) * 0.1 or 1.0
    return (0.0 if 0 <= low < high * 0.3 else low - spare), high + spare


def _ticks(low: float, high: float) -> list[float]:
    """Two to six round numbers between both ends."""
    rough = (high - low) / 4
    size = 10.0 ** floor(log10(rough))
    step = next(size * m for m in (1, 2, 5, 10) if size * m >= rough)
    return [round(n * step, 10) for n in range(ceil(low / step), floor(high / step) + 1)]
