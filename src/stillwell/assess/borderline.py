"""Results inside their range that speak for a cause all the same: the grey zone of B12, ferritin, potassium.

The report calls a result by its range, the model by how often such a value comes with and without a cause.
Where the two part, the report says so, so that nobody reads "normal" beside a likely lack.
"""

from __future__ import annotations

from stillwell.assess.distributions import panel_ratio
from stillwell.case.labs import Result
from stillwell.case.model import Person
from stillwell.knowledge.base import Base, measured_side

SPEAKS_FOR = 3.0  # likelihood ratio from which a value counts as pointing to a cause: judgement


def borderline_cause(base: Base, person: Person, result: Result) -> str | None:
    """The cause for which a value inside its range speaks, or None.

    The value must be at least `SPEAKS_FOR` times as frequent with the cause as without it, by the same
    densities that the model uses; or lie below the limit under which it counts as low, and not speak
    against the cause.

    >>> from stillwell.case.read import case_from
    >>> from stillwell.case.understand import understand
    >>> from stillwell.knowledge.store import knowledge
    >>> def cause_of(**lab):
    ...     told = understand(case_from({"complaint": "my legs twitch", "labs": [lab]}))
    ...     return borderline_cause(knowledge().base, told.person, told.labs[lab["name"]])
    >>> cause_of(name="vitamin_b12", value=180, unit="pmol/L")
    'low_vitamin_b12'
    >>> cause_of(name="vitamin_b12", value=400, unit="pmol/L")
    """
    if result.flag != "normal" or result.value is None:
        return None
    best, most = None, 0.0
    for panel in base.panels.values():
        if result.test not in panel.markers:
            continue
        if measured_side(base.tests[result.test], panel.cause) is None:
            continue
        alone = {result.test: result}
        cause = base.causes[panel.cause]
        read = panel_ratio(panel, cause, base.tests, alone, person.sex, person.age)
        ratio = 0.0 if read is None else float(read[0][1:].max() / read[0][0])
        least = 1.0 if result.below_definition is not None else SPEAKS_FOR
        if ratio >= max(least, most):
            best, most = panel.cause, ratio
    return best


__all__ = ["borderline_cause"]
