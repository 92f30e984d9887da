"""The Python interface: words, plain data or a `Case` in, an `Assessment` that writes itself out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

import msgspec

from stillwell.assess.assessment import DRAWS
from stillwell.assess.assessment import Assessment as _Assessment
from stillwell.assess.assessment import assess as _assess
from stillwell.case.model import Case, Lab
from stillwell.case.read import case_from
from stillwell.case.rest import rest_of
from stillwell.case.understand import understand
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.report.write import write
from stillwell.triage.rules import RED, triage

Units = Literal["brought", "si", "us"]


class Assessment(_Assessment, frozen=True, kw_only=True):
    """Everything that a report shows, which can write itself in each of the report's forms.

    Attributes are those of `stillwell.assess.assessment.Assessment`: `urgency` (with `level`),
    `causes` (best first), `nothing_listed`, `questions`, `tests`, `plan`, `understood` ...
    """

    @classmethod
    def of(cls, assessment: _Assessment) -> Self:
        """The same assessment with its ways to be written."""
        return cls(**{name: getattr(assessment, name) for name in assessment.__struct_fields__})

    def to_html(self) -> str:
        """The report as one HTML page, complete in itself."""
        return write(self, "html")

    def to_markdown(self) -> str:
        """The report as Markdown."""
        return write(self, "md")

    def to_text(self, width: int = 80) -> str:
        """The report as plain text of lines of at most `width` letters."""
        return write(self, "terminal", width=width)

    def to_json(self) -> str:
        """The assessment as JSON, as `stillwell assess --format json` prints it."""
        return write(self, "json")

    def to_dict(self) -> dict[str, Any]:
        """The assessment as plain dicts, lists, strings and numbers."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain


def assess(
    case: str | Mapping[str, Any] | Case | None = None,
    /,
    *,
    age: float | None = None,
    sex: Literal["female", "male"] | None = None,
    pregnant: bool | None = None,
    labs: Mapping[str, float | str] | Sequence[Mapping[str, Any]] | None = None,
    medicines: Sequence[str] | str | None = None,
    draws: int = DRAWS,
    detail: bool = True,
    units: Units = "brought",
    **fields: Any,
) -> Assessment:
    """Assess one person.

    Args:
        case: what they say in their own words, a mapping of a case's fields, or a `Case`.
        age: years.
        labs: test -> result with its unit ("11 ng/mL"), or a list of mappings of a `Lab`'s fields.
        medicines: names, generic or brand.
        draws: redraws of all uncertain numbers for the ranges (0: none, and quicker).
        detail: also work out reasons and next steps.
        units: how results are printed: as they were brought, SI, or US units.
        fields: any other field of a case (history, findings, diet, diary, supplements ...).

    Raises:
        CaseError: a field cannot be used; names the field, what is wrong and the way out. Where
            the rest of the case, whatever the field, is urgent the error carries that as a note (`__notes__`).
        TypeError: `case` is of another type.

    Examples:

        >>> result = assess("my legs shake", age=34, sex="female", draws=0, detail=False)
        >>> result.urgency.level
        'routine'
        >>> 0 < result.causes[0].contributes < 1
        True
    """
    given = {
        **{"age": age, "sex": sex, "pregnant": pregnant, "labs": labs, "medicines": medicines},
        **fields,
    }
    try:
        told = _case(case, {name: value for name, value in given.items() if value is not None})
        return Assessment.of(_assess(told, draws=draws, detail=detail, units=units))
    except CaseError as error:
        alarm = alarm_despite(error)
        if alarm:
            error.add_note(alarm)
        raise


def _case(case: str | Mapping[str, Any] | Case | None, fields: dict[str, Any]) -> Case:
    """One case of what was given first and by name. Raises CaseError, TypeError."""
    if isinstance(case, Case):
        if fields:
            way = "Give the fields to the Case, or a dict in its place"
            error = CaseError(min(fields), "stands beside a Case", way)
            error.rest = case
            raise error
        return case
    if isinstance(case, Mapping):
        told = {str(name): _plain(value) for name, value in case.items()}
    elif isinstance(case, str):
        told = {"complaint": case}
    elif case is None:
        told = {}
    else:
        kind = type(case).__name__
        raise TypeError(
            f"case is a {kind}: give words (str), a dict of a case's fields, or a stillwell.Case; "
            "a file is read by stillwell.case.read.read_case(path)"
        )
    for name in fields:
        person = told.get("person")
        if name in told or (isinstance(person, dict) and name in person):
            error = CaseError(name, "is given twice", "Give it in the dict or by name, once")
            both = {f"{k} by name": _plain(v) for k, v in fields.items()}
            error.rest = rest_of({**told, **both}, case_from)
            raise error
    return case_from({**told, **{name: _plain(value) for name, value in fields.items()}})


def _plain(value: Any) -> Any:
    """A value with plain dicts, lists and numbers in the place of other mappings, tuples and arrays."""
    if isinstance(value, msgspec.Struct):
        return msgspec.to_builtins(value)
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in value]
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:  # a number of an array
        return value.item()
    return value


def alarm_despite(error: CaseError) -> str | None:
    """Where something cannot be used: what is urgent in the rest of the case, which must still be heard.

    >>> error = CaseError("person.age", "should be at most 120")
    >>> error.rest = Case(complaint="my legs are restless in the evening")
    >>> alarm_despite(error) is None
    True
    """
    rest = error.rest
    if not isinstance(rest, Case):
        return None
    labs = [lab for lab in rest.labs if _is_possible(lab)]
    try:
        understood = understand(msgspec.structs.replace(rest, labs=labs))
    except CaseError:
        return None
    urgency = triage(understood, knowledge())
    if urgency.level not in RED or not urgency.alerts:
        return None
    heading = knowledge().base.wording.levels[urgency.wording].heading
    return f"{heading}: {urgency.alerts[0].do} {urgency.alerts[0].why}"


def _is_possible(lab: Lab) -> bool:
    """Whether a result can be used by itself."""
    try:
        understand(Case(labs=[lab]))
    except CaseError:
        return False
    return True
