"""Turns of speech in meal text, put into the form that amounts are read in."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

VULGAR = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
SPOKEN = [
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"(\d),(\d{3})\b", r"\1\2"),
        (r"\b(?:made|cooked|mixed)(?: up)? with (?:hot |boiling )?water\b", ""),
        (r"\bhalf a dozen\b|\bhalf dozen\b", "6"),
        (r"\ba dozen\b", "12"),
        (r"\bhalf (and|n|&) half\b", "halfandhalf"),
        (r"(\d),(\d{1,2})(?=\s*(?:l|lit(?:re|er)s?|kg|g|ml|cups?|pints?)\b)", r"\1.\2"),
        (r"\b(\d+|one|two|three|four|five|six) and a half\b", r"\1 1/2"),
        (r"\bthree quarters of an?\b", "3/4"),
        (r"(\d)\s*[-–]\s*\d+(?= |$)", r"\1"),  # 2-3 eggs
        (
            r"\b(?:from|at) (?:the|a|my|our|last) (?!(?:tin|can|jar|pouch|bag|pot)\b)\w[^,()]*?(?=,|\(| with\b|$)",
            "",
        ),
        (
            r"\bin (?:the|an?) (?:air ?fryer|oven|pan|microwave|office|car|morning|evening|slow cooker)\b",
            "",
        ),
        (r"^(\D+?)\s*\((\d+)\)\s*$", r"\2 \1"),  # rice cakes (2)
        (r"^(\D+?),?(?: like| about)? (\d+) of (?:them|those|these)\b", r"\2 \1"),
        (
            r"\b(?:after|before|post|pre)[ -](?:the |my )?(?:work ?out|gym|run|training|work|bed)\b",
            "",
        ),
        (r"\b(?:9|10|11)\s*(?:inch(?:es)?\b|\")(?=.*pizza)", "medium"),
        (r"\b1[2-8]\s*(?:inch(?:es)?\b|\")(?=.*pizza)", "large"),
        (r"\b(\d+(?:\.\d+)?)\s*(?:inch(?:es)?\b|\"|cm\b)", " "),
    )
]


def clean(text: str) -> str:
    """Text with fractions, accents and turns of speech in the form that amounts are read in."""
    for sign, plain in VULGAR.items():
        text = text.replace(sign, f" {plain} ")
    text = normalize("NFKD", text)  # jalapeño, crème
    text = "".join(c for c in text if not combining(c))
    for pattern, plain in SPOKEN:
        text = pattern.sub(plain, text)
    return text
