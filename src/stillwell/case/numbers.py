"""Reads numbers as people and laboratories write them: bounds, decimal commas, thousands."""

from __future__ import annotations

import re

from stillwell.knowledge.kept_patterns import compiled

NUMBER = r"(?:\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?|[.,]\d+)"
_BOUND = {"<": "<", ">": ">", "≤": "<", "≥": ">", "": ""}
_WRITTEN = compiled(rf"\s*([<>≤≥]?)\s*=?\s*({NUMBER}(?:e-?\d+)?)\s*", re.IGNORECASE)


def readings(text: str) -> tuple[list[float], str]:
    """(every number that the text can mean, "<" or ">" of a bound); no number where it is none.

    "1,250" can be 1250 or 1.25; "25,000" is 25000, as no laboratory gives 25 to three decimals.

    >>> readings("<0,01")
    ([0.01], '<')
    >>> readings("1,250")
    ([1250.0, 1.25], '')
    """
    found = _WRITTEN.fullmatch(text)
    if not found:
        return [], ""
    number = found.group(2).lower().replace(" ", "")
    bound = _BOUND[found.group(1)]
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?", number):
        whole = float(number.replace(",", ""))
        if re.fullmatch(r"[1-9],\d{3}", number):
            return [whole, float(number.replace(",", "."))], bound
        return [whole], bound
    return [float(number.replace(",", "."))], bound
