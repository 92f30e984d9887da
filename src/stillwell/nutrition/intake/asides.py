"""What a diary says beside food: when and where it was eaten, and sums of what was told already."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from stillwell.nutrition.foods.record import data


def without_asides(text: str) -> tuple[str, list[str]]:
    """A day's words without times, places and sums, and one line for each sum.

    A sum counts as one only where something was told before it: alone, it is what was eaten.

    >>> without_asides("beans on toast for tea about 5, glass of milk on the sofa")
    ('beans on toast, glass of milk', [])
    >>> without_asides("two teas, another 2 teas. 4 teas all in all")[0]
    'two teas, another 2 teas.'
    """
    said, sums = _patterns(), []
    found = said["sums"].search(text)
    while found is not None and re.search(r"[a-zA-Z]{3}", text[: found.start()]):
        sums.append(said["sum_said"].format(words=found[0].strip()))
        text = f"{text[: found.start()].rstrip(' ')}{text[found.end() :]}"
        found = said["sums"].search(text)
    for pattern in said["asides"]:
        text = pattern.sub(" ", text)
    text = re.sub(r"[ \t]+(?=[,.;:\n]|$)", "", re.sub(r"[ \t]{2,}", " ", text))
    return text.strip(), sums


@cache
def _patterns() -> dict[str, Any]:
    said = data("asides.yaml")
    return {
        "asides": [re.compile(pattern, re.IGNORECASE) for pattern in said["asides"]],
        "sums": re.compile(said["sums"], re.IGNORECASE),
        "sum_said": said["sum_said"],
    }
