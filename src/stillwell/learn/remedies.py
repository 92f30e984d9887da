"""Questions whether something helps: answered by what is known of treatment, never by what only tells a cause.

"Low B12 makes feet tingle" does not say that B12 helps tingling feet: it helps where B12 is short, so a test comes
first.
"""

from __future__ import annotations

from stillwell.case.understand import medicine_names
from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base
from stillwell.knowledge.phrases import tokens
from stillwell.knowledge.store import Knowledge
from stillwell.learn.catalogue import questions, words
from stillwell.learn.pages import Answer


def asks_remedy(question: str) -> bool:
    """Whether a question asks if something helps.

    >>> asks_remedy("would b12 help tingling feet"), asks_remedy("can low b12 make feet tingle")
    (True, False)
    """
    return questions().remedy.fits(question)


def tells_of_remedy(wording: str) -> bool:
    """Whether a wording of a claim asks if something helps.

    >>> tells_of_remedy("does iron help restless legs"), tells_of_remedy("when will iron help my legs")
    (True, False)
    """
    return questions().remedy_claims.fits(wording)


class Remedies:
    """What is said of a supplement where no claim tells whether it helps."""

    def __init__(self, known: Knowledge) -> None:
        self._known = known
        self._lacks = _lacks(known.base)

    def answer(self, nutrient: s.Nutrient) -> Answer:
        """That it helps where a test shows a lack."""
        base, said = self._known.base, words().remedy
        cause = base.causes[str(nutrient.low_cause)]
        tests = [base.tests[name].name for name in cause.tests[:1] if name in base.tests]
        text = said.test.format(test=tests[0]) if tests else ""
        return Answer(
            id=f"remedy_{nutrient.id}", kind="remedy", answer=said.first,
            title=said.title.format(supplement=nutrient.name),
            text=f"{text} {said.text.format(supplement=nutrient.name, lack=cause.name)}".strip(),
            sources=[said.judged],
        )  # fmt: skip

    def nutrient(self, question: str) -> s.Nutrient | None:
        """The nutrient of the supplement that a question of help names."""
        if not asks_remedy(question):
            return None
        names, said = medicine_names(), tokens(question)
        for at in range(len(said)):
            if said[at] not in names.first_words:
                continue
            for length in range(min(names.longest_name, len(said) - at), 0, -1):
                for target in names.find(" ".join(said[at : at + length]), fuzzy=False):
                    group = target.split(":")[0]
                    if group in self._lacks:
                        return self._lacks[group]
        return None


def _lacks(base: Base) -> dict[str, s.Nutrient]:
    """The nutrient that each supplement brings to those who lack it."""
    lacks = {n.low_cause: n for n in base.nutrients.values() if n.low_cause is not None}
    found = {n.id: n for n in lacks.values()}
    for record in base.supplements.values():
        for effect in record.effects:
            if effect.cause in lacks and (effect.odds_ratio or 1.0) < 1.0:
                found.setdefault(record.id, lacks[effect.cause])
    return found
