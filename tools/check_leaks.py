"""How common each finding is by the model in each sex and age band, against the survey where there is one.

    python tools/check_leaks.py [FINDING ...] [--flagged]

A line holds one finding, sex and band: leak, what the listed causes bring, both together, and the survey's share
with what it leaves open. Flags: `outside` the survey's interval (`known` where the record says why), `jump` of
the leak above threefold to the next band or the other sex, `low` where hardly any unlisted cause is left.
The shares are exact for independent causes (stillwell/assess/marginals.py).
"""

from __future__ import annotations

import argparse

from stillwell.assess.marginals import Marginals, Share, jumps
from stillwell.assess.model import Model
from stillwell.knowledge.store import knowledge


def flags(share: Share, jumped: list[Share]) -> list[str]:
    """What is the matter with one share."""
    found = []
    if share.outside:
        found.append("outside (known)" if share.survey and share.survey.over else "outside")
    if share in jumped:
        found.append("jump")
    if share.too_low:
        found.append("low")
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("findings", nargs="*")
    parser.add_argument("--flagged", action="store_true", help="only lines with a flag")
    chosen = parser.parse_args()
    marginals = Marginals(Model(knowledge()))
    print(f"{'finding':38}{'sex':8}{'ages':8}{'leak %':>8}{'causes':>8}{'all':>8}  survey")
    for name in chosen.findings or marginals.findings:
        shares = marginals.shares(name)
        jumped = [share for pair in jumps(shares) for share in pair]
        for share in shares:
            marks = flags(share, jumped)
            if chosen.flagged and not marks:
                continue
            survey = ""
            if share.survey and share.survey.interval:
                low, high = share.survey.interval
                survey = f"{100 * share.survey.p:.3g} ({100 * low:.3g}-{100 * high:.3g})"
            ages = f"{share.ages[0]}-{share.ages[1]}"
            print(
                f"{name:38}{share.sex:8}{ages:8}{100 * share.leak:8.3g}{100 * share.causes:8.3g}"
                f"{100 * share.all:8.3g}  {survey:22}{', '.join(marks)}".rstrip()
            )


if __name__ == "__main__":
    main()
