"""Checks of the files that say what is done about a cause, and how the bottom line tells it."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base, Where
from stillwell.knowledge.checklists import orders_of
from stillwell.knowledge.conditions import bad_condition, is_medicine

MOST_WORDS = 22  # of a step's short form, which stands in a sentence of at most 34
# the sentences of the bottom line, with the slots that each is filled with
WORDS: dict[str, set[str]] = {
    "rule_out": {"causes"},
    "shown_first": {"causes"},
    "shown_first_more": {"shown", "causes"},
    "alarm_open": set(),
    "alarm_taken": set(),
    "alarm_mind": set(),
    "alarm_fits_named": {"cause"},
    "alarm_do": {"now"},
    "quite": {"story"},
    "likely": {"story"},
    "first": {"story"},
    "open": {"story"},
    "nothing": set(),
    "nothing_but": {"cause"},
    "called_so": {"story"},
    "before_others": {"story", "because"},
    "not_understood": set(),
    "not_worked_out": set(),
    "not_understood_do": {"now"},
    "child": set(),
    "despair": set(),
    "despair_do": set(),
    "despair_besides": {"causes"},
    "despair_hope": set(),
    "child_do": set(),
    "no_complaint": set(),
    "can_bring": {"name"},
    "medicine_can": {"name"},
    "may_bring": {"name"},
    "has_brought": {"name"},
    "must_not_take_do": {"names", "do"},
    "must_not_take": {"names"},
    "joined": {"story", "more"},
    "joined_more": {"story", "more"},
    "also": {"causes"},
    "also_soon": {"now", "causes"},
    "soon": {"now"},
    "also_unknown": {"causes"},
    "else_unknown": set(),
    "lack_beside": {"name"},
    "do_first": {"step"},
    "do_level": {"now"},
    "do_level_tests": {"now"},
    "do_level_what": {"now", "do"},
    "do_look": set(),
    "alarm_asked": set(),
    "also_leads": {"step"},
    "do_look_tests": set(),
    "settle_test": {"test"},
    "settle_question": {"question"},
    "settle_doctor": {"see"},
    "sure_quite": {"cause"},
    "sure_unsettled": {"cause"},
    "sure_fairly": {"cause"},
    "sure_hardly": set(),
    "sure_alarm": set(),
    "and": {"first", "last"},
    "measured": {"name", "results"},
}


def bad_management(base: Base, record: s.Management) -> Iterator[tuple[Where, str]]:
    """What is wrong with the steps of one cause."""
    if record.id not in base.causes:
        yield ("id",), f"the cause '{record.id}' is not known"
    if not any(step.kind in ("check", "care", "stop") and _always(step) for step in record.steps):
        yield ("steps",), "needs a step without a condition that is no treatment"
    if not any(step.short and _always(step) for step in record.steps):
        yield ("steps",), "needs a step without a condition that has a short form"
    for i, step in enumerate(record.steps):
        for test in step.tests:
            if test not in base.tests:
                yield ("steps", i, "tests"), f"the test '{test}' is not known"
        for name in step.asks:
            if name not in orders_of(base):
                yield ("steps", i, "asks"), f"the order line '{name}' is not known"
        if step.nutrient and step.nutrient not in base.nutrients:
            yield ("steps", i, "nutrient"), f"the nutrient '{step.nutrient}' is not known"
        if len(step.short.split()) > MOST_WORDS:
            yield ("steps", i, "short"), f"more than {MOST_WORDS} words"
        for text in (step.text, step.short):
            if _slots(text) - {"told", "missing"} or ("{told}" in text and step.when is None):
                yield ("steps", i), "the slots are {missing}, and {told} in a step with a condition"
            if "{missing}" in text and not step.tests:
                yield ("steps", i), "{missing} needs the tests of the step"
    yield from bad_urgent_tests(base, record.now)
    for i, line in enumerate(record.until_help):
        yield from bad_first_aid(base, line, ("until_help", i))
    for name in ("steps", "home", "back"):
        for i, line in enumerate(getattr(record, name)):
            for when in ("when", "unless"):
                condition = getattr(line, when)
                if condition is not None:
                    yield from bad_condition(base, condition, (name, i, when))


def bad_urgent_tests(base: Base, tests: list[s.UrgentTest]) -> Iterator[tuple[Where, str]]:
    """What is wrong with tests that cannot wait."""
    for i, test in enumerate(tests):
        for cause in test.not_before:
            if cause not in base.causes:
                yield ("now", i, "not_before"), f"the cause '{cause}' is not known"


def bad_first_aid(base: Base, line: s.FirstAid, at: Where) -> Iterator[tuple[Where, str]]:
    """What is wrong with a line of first aid."""
    for when in ("when", "unless"):
        condition = getattr(line, when)
        if condition is not None:
            yield from bad_condition(base, condition, (*at, when))
    if _slots(line.text) - {"told"} or ("{told}" in line.text and line.when is None):
        yield at, "the only slot is {told}, in a line with a condition"
    if isinstance(line, s.FirstAidRule) and line.when is None:
        yield at, "first aid before that of any cause needs a condition"


def _always(step: s.Step) -> bool:
    bound = step.when or step.unless or step.tests or step.nutrient
    return not bound and step.shown is None


def bad_stories(base: Base, record: s.Stories) -> Iterator[tuple[Where, str]]:
    """What is wrong with the words of the bottom line."""
    for cause in record.say:
        if cause not in base.causes:
            yield ("say", cause), f"the cause '{cause}' is not known"
    for name in record.mind:
        if name not in base.findings:
            yield ("mind",), f"the finding '{name}' is not known"
    for i, group in enumerate(record.together):
        for j, cause in enumerate(group):
            if cause not in base.causes:
                yield ("together", i, j), f"the cause '{cause}' is not known"
    for i, link in enumerate(record.links):
        if link.to not in base.causes:
            yield ("links", i, "to"), f"the cause '{link.to}' is not known"
        if link.from_ not in base.causes and not is_medicine(base, link.from_):
            yield ("links", i, "from"), f"'{link.from_}' is neither a cause nor a medicine"
        if _slots(link.text) - {"name", "results"}:
            yield ("links", i, "text"), "the only slots are {name} and {results}"
    for name, slots in WORDS.items():
        if name not in record.words:
            yield ("words",), f"the sentence '{name}' is missing"
        elif _slots(record.words[name]) != slots:
            yield ("words", name), f"needs the slots {sorted(slots)}"
    for name in record.words:
        if name not in WORDS:
            yield ("words", name), f"'{name}' is no sentence of the bottom line"


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
