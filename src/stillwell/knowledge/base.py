"""The whole knowledge base as one record, and what is asked of any record of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from stillwell.knowledge import schema as s
from stillwell.writing import capital, in_a_row

Where = tuple[str | int, ...]


class Base(s.Struct, kw_only=True):
    """The whole knowledge base, by kind and id."""

    causes: dict[str, s.Cause] = {}
    findings: dict[str, s.Finding] = {}
    history: dict[str, s.HistoryItem] = {}
    tests: dict[str, s.Test] = {}
    panels: dict[str, s.Panel] = {}
    vitals: dict[str, s.Vital] = {}
    alarm_words: dict[str, s.AlarmWords] = {}
    medicines: dict[str, s.DrugClass] = {}
    supplements: dict[str, s.DrugClass] = {}
    nutrients: dict[str, s.Nutrient] = {}
    cautions: dict[str, s.Caution] = {}
    ceilings: list[s.Ceiling] = []
    high_doses: dict[str, s.HighDose] = {}
    dose_limits: dict[str, s.LimitedMedicine] = {}
    triage: dict[str, s.TriageRule] = {}
    checklists: dict[str, s.Checklist] = {}
    claims: dict[str, s.Saying] = {}
    management: dict[str, s.Management] = {}
    first_aid: dict[str, s.FirstAidRule] = {}
    stories: dict[str, s.Stories] = {}
    help: list[s.Help] = []
    population: list[s.AgeShare] = []
    usual_intakes: list[s.UsualIntake] = []
    fitted_priors: dict[str, s.FittedPrior] = {}
    wording: s.Wording = msgspec.field(default_factory=s.Wording)
    references: dict[str, s.Reference] = {}
    lexicon: dict[str, list[str]] = {}
    vocabulary: dict[str, list[str]] = {}

    @property
    def read_exactly(self) -> frozenset[str]:
        """Findings and history items that exact readers find in words, and the trained reader does not know."""
        by_name = (item.id for item in self.history.values() if item.words)
        exact = ("suicide_plan", "pressure_falls_on_standing")
        return frozenset([*exact, *self.alarm_words, *by_name])

    def general_steps(self, cause: str) -> list[s.Step]:
        """What is done about a cause whoever has it, what helps before what finds it out, in words for all.

        What a step calls missing are all of its tests: nothing is known of the reader's results.
        """
        steps = [step for step in self.management[cause].steps if step.when is None]
        return [self.for_all(step) for step in sorted(steps, key=lambda s: s.kind == "check")]

    def for_all(self, step: s.Step) -> s.Step:
        """A step in words for all readers."""
        names = in_a_row([self.tests[name].name for name in step.tests])
        return msgspec.structs.replace(
            step, text=capital(step.text.format(missing=names, told="such a medicine or result"))
        )


def sourced_numbers(record: Any, where: Where = ()) -> Iterator[tuple[Where, Any]]:
    """Every record below `record` that must carry a source, with its place."""
    if isinstance(record, msgspec.Struct):
        alone = isinstance(record, s.Panel) and len(record.markers) == 1  # holds no number
        if hasattr(record, "judgement") and not alone:
            yield where, record
        for spec in msgspec.structs.fields(record):
            yield from sourced_numbers(getattr(record, spec.name), (*where, spec.encode_name))
    elif isinstance(record, list | tuple):
        for index, item in enumerate(record):
            yield from sourced_numbers(item, (*where, index))


def cites(record: Any) -> list[str]:
    """The reference keys of a record."""
    cite = getattr(record, "cite", None)
    return [cite] if isinstance(cite, str) else list(cite or [])


def panel_side(panel: s.Panel, test: s.Test) -> str | None:
    """The side of the range on which the panel's cause moves a test; None where it is not measured."""
    return measured_side(test, panel.cause)


def measured_side(test: s.Test, cause: str) -> str | None:
    """The side of the range on which a cause moves a test; None where it is not measured by it."""
    means = [m.mean for m in test.measures if m.cause == cause]
    if not means or not test.normal:
        return None
    return "low" if sum(means) / len(means) < test.normal[0].mean else "high"
