"""What words of frequency in medical texts mean: "common" against the share that was counted.

Reads `data/frequency_words/pairs.csv` (a word in one text, a count of the same sign in the same disease in another or
the same work) and prints, for each class of words and kind of sign, the weighted median and the central 90 % of the
counted shares. Every disease weighs the same within a class, so that one well-studied disease does not decide.
The central range is checked on diseases left out, one at a time: the share of their pairs inside it should be 90 %.

    python tools/frequency_words.py
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from pathlib import Path

PAIRS = Path(__file__).parent.parent / "data" / "frequency_words" / "pairs.csv"
CLASSES = ("always", "usual", "common", "some", "listed", "rare")
KINDS = ("symptom", "sign", "course", "event")
TAIL = 0.05
FEWEST = 10  # pairs from which a row of a table is worth printing


def read_pairs(path: Path = PAIRS) -> list[dict[str, str]]:
    """The pairs; `percent` is the counted share, `source` tells texts from Orphanet's classes."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def weighted(pairs: list[dict[str, str]]) -> list[tuple[float, float]]:
    """(share, weight) sorted by share; each disease weighs one."""
    size = Counter(p["disease"] for p in pairs)
    return sorted((float(p["percent"]), 1 / size[p["disease"]]) for p in pairs)


def quantile(values: list[tuple[float, float]], q: float) -> float:
    """The weighted quantile, between neighbours by straight line (Hazen's positions)."""
    total = sum(w for _, w in values)
    at, before = 0.0, None
    for value, weight in values:
        position = (at + weight / 2) / total
        if position >= q:
            if before is None:
                return value
            low, low_position = before
            return low + (value - low) * (q - low_position) / (position - low_position)
        before = (value, position)
        at += weight
    return values[-1][0]


def coverage(pairs: list[dict[str, str]]) -> tuple[int, int]:
    """How many pairs of diseases left out lie inside the central 90 % of the others' shares, of how many."""
    inside = 0
    for disease in {p["disease"] for p in pairs}:
        rest = weighted([p for p in pairs if p["disease"] != disease])
        low, high = quantile(rest, TAIL), quantile(rest, 1 - TAIL)
        inside += sum(low <= float(p["percent"]) <= high for p in pairs if p["disease"] == disease)
    return inside, len(pairs)


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    z = 1.959964
    middle = (k + z * z / 2) / (n + z * z)
    half = z * math.sqrt(k * (n - k) / n + z * z / 4) / (n + z * z)
    return middle - half, middle + half


def table(pairs: list[dict[str, str]], by_kind: bool) -> list[str]:
    """Rows of a Markdown table: class, kind, pairs, diseases, median, central half, central 90 %, held-out."""
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for pair in pairs:
        groups[pair["class"], pair["kind"] if by_kind else "any"].append(pair)
    rows = []
    for name in CLASSES:
        for kind in KINDS if by_kind else ("any",):
            found = groups.get((name, kind), [])
            if len(found) < FEWEST:
                continue
            values = weighted(found)
            q = [quantile(values, x) for x in (0.05, 0.25, 0.5, 0.75, 0.95)]
            k, n = coverage(found)
            diseases = len({p["disease"] for p in found})
            rows.append(
                f"| {name} | {kind} | {n} | {diseases} | {q[2]:.0f} | {q[1]:.0f} to {q[3]:.0f} | "
                f"{q[0]:.0f} to {q[4]:.0f} | {100 * k / n:.0f} % |"
            )
    return rows


def main() -> None:
    """Print the tables and the coverage of all classes together."""
    head = (
        "| word | kind of sign | pairs | diseases | median % | central half | central 90 % | held out inside |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    for source, title in (("text", "Texts"), ("orphanet", "Classes of Orphanet")):
        pairs = [p for p in read_pairs() if p["source"] == source]
        print(f"{title}\n\n{head}")
        print("\n".join(table(pairs, by_kind=False)))
        print("\n".join(table(pairs, by_kind=True)))
        held = [coverage([p for p in pairs if p["class"] == c]) for c in CLASSES]
        held = [h for h in held if h[1] >= FEWEST]
        k, n = sum(h[0] for h in held), sum(h[1] for h in held)
        low, high = wilson(k, n)
        print(
            f"\nheld out, all classes: {k} of {n}, {100 * k / n:.0f} % ({100 * low:.0f} to {100 * high:.0f})\n"
        )


if __name__ == "__main__":
    main()
