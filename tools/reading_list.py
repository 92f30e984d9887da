"""What to read next: the numbers that make the ranges of labelled cases widest, over all of them.

For every case of a folder (default: those of the tests) the shares of each range that single numbers make
(`stillwell.assess.widths`) are weighed by the width of the range and added up by number. The list names what would have
to be known better, how it stands now (counted, derived, worded, judged) and its source.

    python tools/reading_list.py [FOLDER ...] [--top 30]
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np

from stillwell.assess.evaluate import labelled
from stillwell.assess.posterior import find_posterior, redraws
from stillwell.assess.widths import Width, widths
from stillwell.case.understand import understand
from stillwell.errors import StillwellError
from stillwell.knowledge.base import Base, cites
from stillwell.knowledge.store import knowledge

FOLDERS = [Path(__file__).parent.parent / "tests" / "cases" / "published"]
DRAWS = 200


def standing(base: Base, one: Width) -> str:
    """How a number came about, and the keys of its sources."""
    cause = base.causes.get(one.cause)
    if one.kind == "prior" and cause is not None:
        rows = cause.prior
    elif cause is not None:
        rows = [link for link in cause.findings if link.finding == one.finding]
    else:
        rows = base.findings[one.finding].leak if one.finding in base.findings else []
    ways = {"judged" if r.judgement else r.basis or "cited" for r in rows}
    keys = dict.fromkeys(key for r in rows for key in cites(r))
    return f"{'/'.join(sorted(ways)) or 'fitted'}: {', '.join(list(keys)[:3]) or '-'}"


def reading_list(folders: list[Path]) -> Counter[tuple[str, str, str]]:
    """Width of range, in probability, that each number makes over all cases of the folders."""
    total: Counter[tuple[str, str, str]] = Counter()
    for folder in folders:
        for case, _ in labelled(folder):
            try:
                found = find_posterior(understand(case), DRAWS)
                drawn = redraws(found)
            except StillwellError:
                continue
            low, high = np.quantile(drawn.share, [0.05, 0.95], axis=0)
            for cause, numbers in widths(found, drawn).items():
                v = found.causal_model.cause_index[cause]
                for one in numbers:
                    total[one.kind, one.cause, one.finding] += one.share * float(high[v] - low[v])
    return total


def main() -> None:
    """Print the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=FOLDERS)
    parser.add_argument("--top", type=int, default=30)
    told = parser.parse_args()
    base = knowledge().base
    for (kind, cause, finding), width in reading_list(told.folders).most_common(told.top):
        one = Width(kind=kind, cause=cause, finding=finding, share=0.0)  # type: ignore[arg-type]
        print(f"{width:6.2f}  {kind:8}{cause:32}{finding:36}{standing(base, one)}")


if __name__ == "__main__":
    main()
