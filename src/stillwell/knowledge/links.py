"""Checks that what one record names stands in the knowledge base, by kind of record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from stillwell.knowledge import schema as s
from stillwell.knowledge.alarms import bad_rule
from stillwell.knowledge.base import Base, Where, cites, panel_side
from stillwell.knowledge.checklists import bad_checklist
from stillwell.knowledge.conditions import bad_condition
from stillwell.knowledge.management import bad_first_aid, bad_management, bad_stories
from stillwell.knowledge.taken import (
    bad_high_dose,
    bad_limits,
    bad_meeting,
    bad_told,
    bad_words_of_caution,
)


def bad_names(base: Base, kind: str, record: Any) -> Iterator[tuple[Where, str]]:
    """What is wrong with the names that a record of this kind uses, each with its place in the record."""
    for check in CHECKS.get(kind, ()):
        yield from check(base, record)


def _bad_class(base: Base, record: s.DrugClass) -> Iterator[tuple[Where, str]]:
    """Of a class of medicines or supplements."""
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
        for name in effect.members:
            if name not in members:
                yield ("effects", i), f"'{name}' is not a member of this class"
    for i, reason in enumerate(record.taken_for):
        if reason.history not in base.history:
            yield ("taken_for", i), f"the history item '{reason.history}' is not known"
        for name in reason.members:
            if name not in members:
                yield ("taken_for", i), f"'{name}' is not a member of this class"
    for i, meeting in enumerate(record.interactions):
        for text in _bad_partners(base, meeting, members):
            yield ("interactions", i), text
        for text in bad_meeting(base, record, meeting):
            yield ("interactions", i), text


def _bad_partners(base: Base, meeting: s.Interaction, members: set[str]) -> Iterator[str]:
    """Whom an interaction names: what it is with, and the members on both sides."""
    if not _can_be_taken(base, meeting.with_) and meeting.with_ not in base.nutrients:
        yield f"'{meeting.with_}' is no medicine, supplement or nutrient"
    for name in meeting.members:
        if name not in members:
            yield f"'{name}' is not a member of this class"
    other = base.medicines.get(meeting.with_) or base.supplements.get(meeting.with_)
    for name in meeting.others:
        if other is None or name not in {m.name for m in other.members}:
            yield f"'{name}' is not a member of '{meeting.with_}'"


def _bad_test(base: Base, test: s.Test) -> Iterator[tuple[Where, str]]:
    for i, m in enumerate(test.measures):
        yield from _bad_state(base, m.cause, m.state, ("measures", i))
    rule = test.counts_as_low
    if rule is not None and not any(
        (r.low or 0) < rule.below < (r.high or float("inf")) for r in test.reference
    ):
        yield ("counts_as_low",), "'below' lies outside the reference range: the range says it"


def _bad_finding(base: Base, finding: s.Finding) -> Iterator[tuple[Where, str]]:
    for field, name in (("qualifies", finding.qualifies), ("parent", finding.parent)):
        if name is not None and name not in base.findings:
            yield (field,), f"the finding '{name}' is not known"
    if finding.triage_only and finding.leak:
        yield ("leak",), "a triage_only finding is not in the model and has no leak"
    if not finding.triage_only and not finding.leak:
        yield (), "the field 'leak' is missing (only a triage_only finding has none)"
    for field in ("implies", "excludes"):
        for i, other in enumerate(getattr(finding, field)):
            if other not in base.findings:
                yield (field, i), f"the finding '{other}' is not known"


def _bad_checks_of_list(base: Base, checklist: s.Checklist) -> Iterator[tuple[Where, str]]:
    """The conditions under which a checklist orders a test or keeps it back."""
    for part in ("tests", "avoid"):
        for i, rule in enumerate(getattr(checklist, part)):
            for name in ("when", "unless"):
                condition = getattr(rule, name, None)
                if condition is not None:
                    yield from bad_condition(base, condition, (part, i, name))


def _bad_claim(base: Base, claim: s.Saying) -> Iterator[tuple[Where, str]]:
    for i, cause in enumerate(claim.causes):
        if cause not in base.causes:
            yield ("causes", i), f"the cause '{cause}' is not known"


def _bad_nutrient(base: Base, nutrient: s.Nutrient) -> Iterator[tuple[Where, str]]:
    for field in ("low_cause", "high_cause"):
        name = getattr(nutrient, field)
        if name and name not in base.causes:
            yield (field,), f"the cause '{name}' is not known"
    for i, benefit in enumerate(nutrient.benefits):
        if benefit.cause not in base.causes:
            yield ("benefits", i), f"the cause '{benefit.cause}' is not known"


def _bad_steps_of_cause(base: Base, cause: s.Cause) -> Iterator[tuple[Where, str]]:
    if cause.id not in base.management:
        yield (), f"'{cause.id}' has no steps in management/"


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
    if panel.cause not in base.causes:
        yield ("cause",), f"the cause '{panel.cause}' is not known"
    for i, marker in enumerate(panel.markers):
        if marker not in base.tests:
            yield ("markers", i), f"the test '{marker}' is not known"
    if panel.counts is not None and panel.counts.marker not in panel.markers:
        yield ("counts", "marker"), f"'{panel.counts.marker}' is no marker of the panel"
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


def _bad_first_aid(base: Base, rule: s.FirstAidRule) -> Iterator[tuple[Where, str]]:
    return bad_first_aid(base, rule, ())


CHECKS: dict[str, tuple[Callable[[Base, Any], Iterable[tuple[Where, str]]], ...]] = {
    "causes": (_bad_names_in_cause, _bad_steps_of_cause),
    "medicines": (_bad_class,),
    "supplements": (_bad_class,),
    "tests": (_bad_test,),
    "findings": (_bad_finding,),
    "alarm_words": (_bad_alarm_words,),
    "vitals": (_bad_vital,),
    "panels": (_bad_panel,),
    "cautions": (_bad_caution, bad_words_of_caution),
    "high_doses": (bad_high_dose,),
    "dose_limits": (bad_limits,),
    "triage": (bad_rule,),
    "checklists": (bad_checklist, _bad_checks_of_list),
    "management": (bad_management, bad_told),
    "first_aid": (_bad_first_aid,),
    "stories": (bad_stories,),
    "claims": (_bad_claim,),
    "fitted_priors": (_bad_fitted_prior,),
    "nutrients": (_bad_nutrient,),
}
