"""The chapter of docs/validation.md on leaks: how common signs are by the model and by surveys."""

from __future__ import annotations

from statistics import mean

from stillwell.assess.assessment import assess
from stillwell.assess.marginals import Marginals, Share, jumps
from stillwell.assess.model import model
from stillwell.case.read import case_from

PEOPLE = (("female", 35), ("male", 65))
ALONE = (
    ("fatigue",),
    ("leg_pain",),
    ("leg_cramps",),
    ("tingling_feet",),
    ("muscle_twitching",),
    ("tremor",),
    ("numbness_feet",),
    ("burning_feet",),
    ("back_pain",),
    ("headache",),
    ("muscle_pain",),
    ("leg_weakness",),
    ("dizziness",),
    ("palpitations",),
    ("poor_sleep",),
    ("leg_pain", "fatigue"),
    ("leg_cramps", "muscle_twitching"),
    ("tingling_feet", "numbness_feet"),
    ("leg_weakness", "fatigue"),
)
FOOT = (
    "Open: signs of the feet come together also where no listed cause is. In the survey (2001-2004, 40 and over) of "
    "1604 people without diabetes, low B12, weak kidneys, much alcohol or a prescription medicine 5.5 % had numb and "
    "6.4 % painful or tingling feet, 3.2 % both: an odds ratio of 40, where the leaks of the model are independent of "
    "each other. Of people with diabetes and numb feet 43 % (n 133) fail the thread test where they tingle too and 40 % "
    "(n 82) where they do not, so the denial tells hardly anything; the model takes diabetic nerve damage of a woman of "
    "65 with diabetes and numb feet from 66 % to 54 % for no tingling, and to 43 % for no burning and no leg pain as "
    "well. One background cause of all foot signs that is never listed, counted in 'nothing listed', would mend it; "
    "its place in the ranking, in contributions and in the questions reaches through the whole engine, so it is not "
    "done. Signs of one cause that come together (told and untold nerve damage) are the other half of it."
)


def nothing(findings: tuple[str, ...], sex: str, age: int) -> float:
    """How probable it is that nothing listed explains these signs, told alone."""
    told = {"person": {"sex": sex, "age": age}, "findings": {"present": list(findings)}}
    found = assess(case_from(told), draws=0, detail=False).nothing_listed
    return 0.0 if found is None else found


def leaks_chapter() -> list[str]:
    """Shares by the model against surveys, and what is left to causes that are not listed."""
    marginals = Marginals(model())
    shares = {name: marginals.shares(name) for name in marginals.findings}
    held = [share for found in shares.values() for share in found if share.survey]
    outside = [share for share in held if share.outside]
    names = sorted({share.finding for share in outside})
    uneven = [name for name, found in shares.items() if any(jumps(found))]
    out = ["## How common signs are", "",
           "The leak of a sign and what all causes bring it by their priors must add up to what surveys counted in all "
           "adults. `tools/check_leaks.py` prints every sign by sex and age band; `tests/knowledge/test_leaks.py` "
           "holds it.", "",
           f"Signs with a survey: {len({share.finding for share in held})} in {len(held)} bands of sex and age; "
           f"{len(held) - len(outside)} bands inside what the survey leaves open. Outside, with the reason in the "
           f"record (the listed causes bring too much): {', '.join(names)}. Leaks that differ more than threefold "
           f"between neighbouring ages or the sexes: {', '.join(uneven)}.", "",
           "Probability that nothing listed explains it, where these signs are all that is told:", "",
           "| signs | woman of 35 | man of 65 |", "| --- | --- | --- |"]  # fmt: skip
    for findings in ALONE:
        cells = " | ".join(f"{nothing(findings, sex, age):.0%}" for sex, age in PEOPLE)
        out.append(f"| {', '.join(findings)} | {cells} |")
    out += ["", "Largest excess of what the listed causes bring over the survey:", ""]
    worst = sorted(names, key=lambda n: -excess([s for s in outside if s.finding == n]))
    out += [f"- {n}: {excess([s for s in outside if s.finding == n]):.1f} times" for n in worst[:5]]
    return [*out, "", FOOT, ""]


def excess(shares: list[Share]) -> float:
    """By how many times the model is above the survey's own figure."""
    return mean(share.all / share.survey.p for share in shares if share.survey)
