"""Loads the knowledge files, checks every record and every number, and collects all errors at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from stillwell.knowledge import schema as s
from stillwell.knowledge.alarms import bad_rule
from stillwell.knowledge.checklists import bad_checklist
from stillwell.knowledge.conditions import bad_condition
from stillwell.knowledge.management import bad_first_aid, bad_management, bad_stories
from stillwell.knowledge.refused import bad_reference, same_works
from stillwell.knowledge.source import Problem, Source, Where, read_yaml
from stillwell.knowledge.taken import (
    bad_high_dose,
    bad_limits,
    bad_meeting,
    bad_told,
    bad_words_of_caution,
)
from stillwell.writing import capital, in_a_row

DATA = Path(__file__).parent / "data"


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


@dataclass
class _Reading:
    base: Base = field(default_factory=Base)
    problems: list[Problem] = field(default_factory=list)
    places: dict[tuple[str, str], tuple[Source, Where]] = field(default_factory=dict)

    later: list[tuple[Any, Where, Source]] = field(default_factory=list)
    helps: list[tuple[s.Help, Where, Source]] = field(default_factory=list)
    references: dict[str, Source] = field(default_factory=dict)

    def say(self, source: Source, where: Where, text: str) -> None:
        self.problems.append(Problem(str(source.path), source.line(where), text))


def load(folder: Path = DATA) -> tuple[Base, list[Problem]]:
    """Read and check every file.

    Returns:
        The knowledge base and all problems found, sorted by file and line. The base is usable only
        where the list is empty.
    """
    reading = _Reading()
    for path in sorted(folder.rglob("*.y*ml")):
        source = read_yaml(path)
        if isinstance(source, Problem):
            reading.problems.append(source)
            continue
        _take(reading, path.relative_to(folder).parts[0], source)
    _cross_check(reading)
    return reading.base, sorted(set(reading.problems))


def _take(reading: _Reading, kind: str, source: Source) -> None:
    if kind == "references":
        _take_references(reading, source)
    elif kind in ("lexicon", "vocabulary"):
        try:
            words = msgspec.convert(source.value, dict[str, list[str]])
        except msgspec.ValidationError as error:
            reading.say(source, (), str(error))
            return
        target = reading.base.lexicon if kind == "lexicon" else reading.base.vocabulary
        for name in target.keys() & words.keys():
            reading.say(source, (name,), f"{kind} '{name}' stands in another file too")
        target.update(words)
    elif kind in s.KINDS:
        record, many = s.KINDS[kind]
        items = source.value if many else [source.value]
        if not isinstance(items, list):
            reading.say(source, (), f"a file of {kind} holds a list")
            return
        for index, item in enumerate(items):
            where: Where = (index,) if many else ()
            value = _convert(item, record, source, where, reading)
            if value is not None:
                _keep(reading, kind, value, source, where)
    else:
        reading.say(source, (), f"the folder '{kind}' is unknown: use one of {', '.join(s.KINDS)}")


def _keep(reading: _Reading, kind: str, value: Any, source: Source, where: Where) -> None:
    if kind == "wording":
        reading.base.wording = value
        return
    if kind in ("help", "population", "usual_intakes", "ceilings"):
        getattr(reading.base, kind).append(value)
        for place, number in sourced_numbers(value):
            reading.later.append((number, (*where, *place), source))
        if isinstance(value, s.Help):
            reading.helps.append((value, where, source))
        return
    table: dict[str, Any] = getattr(reading.base, kind)
    if value.id in table:
        reading.say(source, (*where, "id"), f"'{value.id}' is defined twice")
    table[value.id] = value
    reading.places[(kind, value.id)] = (source, where)
    if not s.KINDS[kind][1] and source.path.stem != value.id:
        reading.say(source, ("id",), f"the file should be called {value.id}.yaml")


def _take_references(reading: _Reading, source: Source) -> None:
    if not isinstance(source.value, dict):
        reading.say(source, (), "a file of references maps keys to references")
        return
    for key, item in source.value.items():
        value = _convert(item, s.Reference, source, (str(key),), reading)
        if value is None:
            continue
        for text in bad_reference(str(key), value):
            reading.say(source, (key,), text)
        reading.references[str(key)] = source
        known = reading.base.references.get(str(key))
        if known is not None and known != value:
            reading.say(source, (key,), f"the reference '{key}' differs from one of the same key")
        reading.base.references[str(key)] = value


def _convert(item: Any, record: type, source: Source, where: Where, reading: _Reading) -> Any:
    """Convert one record, reporting every bad field rather than the first."""
    try:
        return msgspec.convert(item, record)
    except msgspec.ValidationError as error:
        if not isinstance(item, dict):
            reading.say(source, where, str(error))
            return None
    before = len(reading.problems)
    fields = {f.encode_name: f for f in msgspec.structs.fields(record)}
    for name in item:
        if name not in fields:
            known = ", ".join(fields)
            reading.say(source, (*where, name), f"unknown field '{name}'; known: {known}")
    for name, spec in fields.items():
        if name not in item:
            if spec.required:
                reading.say(source, where, f"the field '{name}' is missing")
            continue
        parts = get_args(spec.type)
        if get_origin(spec.type) is list and isinstance(item[name], list):
            for index, part in enumerate(item[name]):
                _check_field(part, parts[0], name, source, (*where, name, index), reading)
        else:
            _check_field(item[name], spec.type, name, source, (*where, name), reading)
    if len(reading.problems) == before:  # pragma: no cover - the parts passed but the whole did not
        reading.say(source, where, "this record is not valid")
    return None


def _check_field(
    value: Any, kind: Any, name: str, source: Source, where: Where, reading: _Reading
) -> None:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        reading.say(source, where, f"{name}: {error}")


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


def _cross_check(reading: _Reading) -> None:
    base = reading.base
    for first, second in same_works(base.references):
        text = f"'{second}' is the same work as '{first}': keep one key"
        reading.say(reading.references[second], (second,), text)
    for number, at, source in reading.later:
        _check_source(number, at, source, reading)
    for record, at, source in reading.helps:
        for i, rule in enumerate(record.rules):
            if rule not in base.triage:
                reading.say(source, (*at, "rules", i), f"the triage rule '{rule}' is not known")
        for i, cause in enumerate(record.causes):
            if cause not in base.causes:
                reading.say(source, (*at, "causes", i), f"the cause '{cause}' is not known")
    for (kind, name), (source, where) in reading.places.items():
        record = getattr(base, kind)[name]
        for place, number in sourced_numbers(record):
            at = (*where, *place)
            _check_source(number, at, source, reading)
        for at, text in _bad_names(base, kind, record):
            reading.say(source, (*where, *at), text)


def _check_source(number: Any, at: Where, source: Source, reading: _Reading) -> None:
    for key in cites(number):
        if key not in reading.base.references:
            reading.say(source, at, f"the reference '{key}' is not in references/")
    is_number = isinstance(number, s.Sourced)
    interval = getattr(number, "interval", None)
    if number.judgement and getattr(number, "basis", None) is not None:
        reading.say(source, at, "a judgement has no basis")
    if isinstance(number, s.Produces):
        _check_basis(number, at, source, reading)
    if number.judgement:
        if not number.reason:
            reading.say(source, at, "a judgement needs a one-line reason")
        if is_number and interval is None:
            reading.say(source, at, "a judgement needs an interval")
    elif not cites(number):
        reading.say(source, at, "needs cite (a source that was read), or judgement with a reason")
    elif is_number and interval is None and number.n is None:
        reading.say(source, at, "a cited number needs an interval or a sample size n")
    if interval is not None and interval[0] > interval[1]:
        reading.say(source, at, "the interval is upside down")
    value = getattr(number, "p", None)
    if value is None:
        value = getattr(number, "odds_ratio", None)
    if value is None:
        value = getattr(number, "incidence_per_100000_year", None)
    if value is not None and interval is not None and not interval[0] <= value <= interval[1]:
        reading.say(source, at, f"{value} lies outside its interval {list(interval)}")


def _check_basis(link: s.Produces, at: Where, source: Source, reading: _Reading) -> None:
    if link.basis is None and not link.judgement:
        reading.say(
            source, at, "needs basis: counted, derived or worded (or judgement with a reason)"
        )
    if (link.basis == "worded") != (link.word is not None):
        reading.say(source, at, "'word' stands with basis: worded, and only there")


def _bad_names(base: Base, kind: str, record: Any) -> Iterator[tuple[Where, str]]:
    if kind == "causes":
        yield from _bad_names_in_cause(base, record)
        if record.id not in base.management:
            yield (), f"'{record.id}' has no steps in management/"
    if kind in ("medicines", "supplements"):
        if record.much is not None and record.much.history not in base.history:
            yield ("much",), f"the history item '{record.much.history}' is not known"
        members = {m.name for m in record.members}
        for i, member in enumerate(record.members):
            supplement = base.supplements.get(member.element_of or record.id)
            if member.element_of is not None and (supplement is None or not supplement.dose_unit):
                yield ("members", i), f"'{member.element_of}' is no supplement with a dose_unit"
            if member.holds and record.id not in member.holds:
                yield ("members", i), f"'holds' does not say how much {record.name} there is"
        for i, effect in enumerate(record.effects):
            if effect.cause not in base.causes:
                yield ("effects", i), f"the cause '{effect.cause}' is not known"
            if (effect.odds_ratio is None) == (effect.p is None):
                yield ("effects", i), "give either 'or' or 'p'"
            for member in effect.members:
                if member not in members:
                    yield ("effects", i), f"'{member}' is not a member of this class"
        for i, meeting in enumerate(record.interactions):
            if not _can_be_taken(base, meeting.with_) and meeting.with_ not in base.nutrients:
                yield (
                    ("interactions", i),
                    f"'{meeting.with_}' is no medicine, supplement or nutrient",
                )
            for member in meeting.members:
                if member not in members:
                    yield ("interactions", i), f"'{member}' is not a member of this class"
            other = base.medicines.get(meeting.with_) or base.supplements.get(meeting.with_)
            for member in meeting.others:
                if other is None or member not in {m.name for m in other.members}:
                    yield ("interactions", i), f"'{member}' is not a member of '{meeting.with_}'"
            for text in bad_meeting(base, record, meeting):
                yield ("interactions", i), text
    if kind == "tests":
        for i, m in enumerate(record.measures):
            yield from _bad_state(base, m.cause, m.state, ("measures", i))
        rule = record.counts_as_low
        if rule is not None and not any(
            (r.low or 0) < rule.below < (r.high or float("inf")) for r in record.reference
        ):
            yield ("counts_as_low",), "'below' lies outside the reference range: the range says it"
    if kind == "findings" and record.qualifies is not None:
        base_finding = base.findings.get(record.qualifies)
        if base_finding is None:
            yield ("qualifies",), f"the finding '{record.qualifies}' is not known"
    if kind == "findings":
        if record.triage_only and record.leak:
            yield ("leak",), "a triage_only finding is not in the model and has no leak"
        if not record.triage_only and not record.leak:
            yield (), "the field 'leak' is missing (only a triage_only finding has none)"
        if record.parent is not None and record.parent not in base.findings:
            yield ("parent",), f"the finding '{record.parent}' is not known"
        for field_name in ("implies", "excludes"):
            for i, other in enumerate(getattr(record, field_name)):
                if other not in base.findings:
                    yield (field_name, i), f"the finding '{other}' is not known"
    if kind == "alarm_words":
        yield from _bad_alarm_words(base, record)
    if kind == "vitals":
        yield from _bad_vital(base, record)
    if kind == "panels":
        if record.cause not in base.causes:
            yield ("cause",), f"the cause '{record.cause}' is not known"
        for i, marker in enumerate(record.markers):
            if marker not in base.tests:
                yield ("markers", i), f"the test '{marker}' is not known"
        yield from _bad_panel(base, record)
    if kind == "cautions":
        yield from _bad_caution(base, record)
        yield from bad_words_of_caution(base, record)
    if kind == "high_doses":
        yield from bad_high_dose(base, record)
    if kind == "dose_limits":
        yield from bad_limits(base, record)
    if kind == "triage":
        yield from bad_rule(base, record)
    if kind == "checklists":
        yield from bad_checklist(base, record)
        for part in ("tests", "avoid"):
            for i, rule in enumerate(getattr(record, part)):
                for name in ("when", "unless"):
                    condition = getattr(rule, name, None)
                    if condition is not None:
                        yield from bad_condition(base, condition, (part, i, name))
    if kind == "management":
        yield from bad_management(base, record)
        yield from bad_told(base, record)
    if kind == "first_aid":
        yield from bad_first_aid(base, record, ())
    if kind == "stories":
        yield from bad_stories(base, record)
    if kind == "claims":
        for i, cause in enumerate(record.causes):
            if cause not in base.causes:
                yield ("causes", i), f"the cause '{cause}' is not known"
    if kind == "fitted_priors":
        yield from _bad_fitted_prior(base, record)
    if kind == "nutrients":
        for field_name in ("low_cause", "high_cause"):
            name = getattr(record, field_name)
            if name and name not in base.causes:
                yield (field_name,), f"the cause '{name}' is not known"
        for i, benefit in enumerate(record.benefits):
            if benefit.cause not in base.causes:
                yield ("benefits", i), f"the cause '{benefit.cause}' is not known"


def _can_be_taken(base: Base, name: str) -> bool:
    """Whether a name is a class of medicines or supplements, or a member of one."""
    tables = (base.medicines, base.supplements)
    return any(
        name in table or any(m.name == name for g in table.values() for m in g.members)
        for table in tables
    )


def _bad_caution(base: Base, caution: s.Caution) -> Iterator[tuple[Where, str]]:
    for i, name in enumerate(caution.taken):
        if not _can_be_taken(base, name):
            yield ("taken", i), f"'{name}' is no medicine or supplement"
    for i, cause in enumerate(caution.causes):
        if cause not in base.causes:
            yield ("causes", i), f"the cause '{cause}' is not known"
    if caution.unless is not None:
        yield from bad_condition(base, caution.unless, ("unless",))
    if caution.when is not None:
        yield from bad_condition(base, caution.when, ("when",))
    elif caution.for_whom == "everyone" and not (
        caution.words or caution.foods or caution.allergies or caution.causes
    ):
        yield (), "a caution needs when, for_whom, words, foods, allergies or causes"


def _bad_alarm_words(base: Base, words: s.AlarmWords) -> Iterator[tuple[Where, str]]:
    if words.id not in base.findings and words.id not in base.history:
        yield ("id",), f"no finding or history item '{words.id}' is known"
    classes = [("ways", name) for way in words.ways for name in way]
    for field_name, name in [*classes, *(("unless", name) for name in words.unless)]:
        if name not in base.lexicon:
            yield (field_name,), f"the lexicon has no class '{name}'"
    if not words.ways or not all(words.ways):
        yield ("ways",), "each way names at least one class of the lexicon"


def _bad_vital(base: Base, vital: s.Vital) -> Iterator[tuple[Where, str]]:
    if vital.possible[0] >= vital.possible[1]:
        yield ("possible",), "the range is upside down"
    for i, word in enumerate(vital.alone):
        if word not in vital.units:
            yield ("alone", i), f"'{word}' is not one of its units"
    if vital.over is not None and vital.over not in base.vitals:
        yield ("over",), f"the vital '{vital.over}' is not known"
    for i, shown in enumerate(vital.shows):
        if shown.finding not in base.findings:
            yield ("shows", i), f"the finding '{shown.finding}' is not known"
        if (shown.above is None) == (shown.below is None):
            yield ("shows", i), "give either above or below"


def _bad_panel(base: Base, panel: s.Panel) -> Iterator[tuple[Where, str]]:
    size = len(panel.markers)
    if len(panel.correlation) != size or any(len(row) != size for row in panel.correlation):
        yield ("correlation",), f"needs {size} rows of {size} numbers"
    if not panel.defines:
        return
    for cause in base.causes.values():
        for effect in cause.labs:
            if effect.lab in panel.markers and effect.side == panel_side(
                panel, base.tests[effect.lab]
            ):
                yield (
                    ("defines",),
                    f"{effect.lab} {effect.side} stands in labs of {cause.id}: write it as "
                    f"raised_by of {panel.cause}",
                )


def panel_side(panel: s.Panel, test: s.Test) -> str | None:
    """The side of the range on which the panel's cause moves a test; None where it is not measured."""
    return measured_side(test, panel.cause)


def measured_side(test: s.Test, cause: str) -> str | None:
    """The side of the range on which a cause moves a test; None where it is not measured by it."""
    means = [m.mean for m in test.measures if m.cause == cause]
    if not means or not test.normal:
        return None
    return "low" if sum(means) / len(means) < test.normal[0].mean else "high"


def _bad_fitted_prior(base: Base, record: s.FittedPrior) -> Iterator[tuple[Where, str]]:
    if record.id not in base.causes:
        yield ("id",), f"the cause '{record.id}' is not known"
    for key in cites(record):
        if key not in base.references:
            yield ("cite",), f"the reference '{key}' is not in references/"
    size = len(record.female) + len(record.male) + len(record.terms)
    if len(record.covariance) != size or any(len(row) != size for row in record.covariance):
        yield ("covariance",), f"needs {size} rows of {size} numbers"
    known: dict[str, set[str]] = {
        "history": set(base.history),
        "medicine": set(base.medicines),
        "supplement": set(base.supplements),
    }
    for i, term in enumerate(record.terms):
        kind, _, names = term.variable.partition(":")
        for name in names.split("|"):
            if kind in known and name not in known[kind]:
                yield ("terms", i), f"'{name}' is not known"


def _bad_state(base: Base, cause: str, state: str, at: Where) -> Iterator[tuple[Where, str]]:
    if cause not in base.causes:
        yield at, f"the cause '{cause}' is not known"
    elif state != "any" and state not in base.causes[cause].states:
        yield at, f"'{state}' is no state of {cause}: {', '.join(base.causes[cause].states)}"


def _bad_names_in_cause(base: Base, cause: s.Cause) -> Iterator[tuple[Where, str]]:
    if len(cause.states) > 1 and cause.severe_share is None:
        yield ("states",), "a cause with two states needs severe_share"
    if cause.severe_rises is not None and cause.severe_share is None:
        yield ("severe_rises",), "only a cause with two states has a severe share that can rise"
    if len(cause.states) > 2 or not cause.states:
        yield ("states",), "one or two states"
    for i, prior in enumerate(cause.prior):
        if (prior.p is None) == (prior.incidence_per_100000_year is None):
            yield ("prior", i), "give either 'p' or 'incidence_per_100000_year'"
    for i, factor in enumerate(cause.risk_factors):
        if factor.factor not in base.history:
            yield ("risk_factors", i), f"the history item '{factor.factor}' is not known"
        if (factor.odds_ratio is None) == (factor.p is None):
            yield ("risk_factors", i), "give either 'or' or 'p'"
    for i, rule in enumerate(cause.gives_way):
        if rule.to not in base.causes:
            yield ("gives_way", i, "to"), f"the cause '{rule.to}' is not known"
        for name in ("when", "unless"):
            yield from bad_condition(base, getattr(rule, name), ("gives_way", i, name))
    if cause.told_by is not None and cause.told_by not in base.history:
        yield ("told_by",), f"the history item '{cause.told_by}' is not known"
    if cause.opposite is not None:
        other = base.causes.get(cause.opposite)
        if other is None or other.opposite != cause.id or other is cause:
            yield ("opposite",), f"'{cause.opposite}' is no cause whose opposite is {cause.id}"
    for i, link in enumerate(cause.raised_by):
        yield from _bad_state(base, link.cause, link.state, ("raised_by", i))
        if link.gives is not None and link.gives not in cause.states:
            yield ("raised_by", i), f"'{link.gives}' is no state of this cause"
    for field_name in ("findings", "against"):
        seen: set[tuple[str, str]] = set()
        for i, edge in enumerate(getattr(cause, field_name)):
            if edge.finding not in base.findings:
                yield (field_name, i), f"the finding '{edge.finding}' is not known"
            elif base.findings[edge.finding].triage_only:
                yield (field_name, i), f"'{edge.finding}' is triage_only: not part of the model"
            if (edge.finding, edge.state) in seen:
                yield (field_name, i), f"'{edge.finding}' stands twice for state {edge.state}"
            seen.add((edge.finding, edge.state))
            if edge.state != "any" and edge.state not in cause.states:
                yield (field_name, i), f"'{edge.state}' is no state of this cause"
    for i, produced in enumerate(cause.findings):
        if produced.p is None and (produced.k is None or produced.n is None):
            yield ("findings", i), "give 'p', or 'k' and 'n'"
    for i, lab in enumerate(cause.labs):
        if lab.lab not in base.tests:
            yield ("labs", i), f"the test '{lab.lab}' is not known"
        if lab.state != "any" and lab.state not in cause.states:
            yield ("labs", i), f"'{lab.state}' is no state of this cause"
    for i, test in enumerate(cause.tests):
        if test not in base.tests:
            yield ("tests", i), f"the test '{test}' is not known"


__all__ = ["DATA", "Base", "cites", "load", "panel_side", "sourced_numbers"]
