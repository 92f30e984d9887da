"""Answers what the person asked about: each cause, deficiency, medicine or claim in two or three sentences."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from stillwell.assess.assessment import Assessment, Wished
from stillwell.assess.checklist import ordered
from stillwell.assess.ranked import Ranked
from stillwell.case.asked_in_words import Asked
from stillwell.knowledge.store import knowledge
from stillwell.report.chances import (
    HARDLY_KNOWN,
    POSSIBLE,
    WORTH_LISTING,
    percent,
    word_for,
)
from stillwell.report.document import Item, Items, Section
from stillwell.report.phrases import listed, section
from stillwell.report.sections.causes import what_narrows
from stillwell.report.wording import words
from stillwell.triage.rules import NOT_UNDERSTOOD, RED
from stillwell.writing import capital

if TYPE_CHECKING:
    from stillwell.learn.answer import Library

MOST = 4  # things that are answered
MOST_REASONS = 2
MOST_TESTS = 2
MOST_EFFECTS = 3
SEEN, OFTEN = 0.1, 0.4  # shares from which a sign is told for a cause, and from which it is missed
SAYS_MORE = 0.03  # difference between present and contributing that answers "do I have it?"


def asked(assessment: Assessment) -> list[Section]:
    """An answer to each thing asked about; in an emergency none, under another alarm only where to ask."""
    urgency = assessment.urgency
    if urgency.level == "emergency":
        return []
    if urgency.level in RED:
        items = [*_under_an_alarm(assessment)]
    else:
        items = [_of_wish(assessment, one) for one in assessment.wished]
        items += [item for one in assessment.asked for item in _answers(assessment, one)]
        items = items[:MOST]
    return section("asked", "answer", [Items(items=items)])


def _under_an_alarm(assessment: Assessment) -> Iterator[Item]:
    named = [one.name for one in assessment.wished]
    named += [_name(one) for one in assessment.asked if one.kind not in ("question", "help")]
    if named:
        names = listed(dict.fromkeys(named[:MOST]))
        yield Item(text=words().asked["alarm"].format(names=names), tone="warning")


def _of_wish(assessment: Assessment, one: Wished) -> Item:
    """Whether a medicine may be begun by this person: what speaks against it, and who decides."""
    say = words().asked
    against = [w for w in assessment.warnings if one.name in w.subjects]
    key = f"may_{one.whom}" if one.whom else "may"
    if any(w.severity == "contraindicated" for w in against):
        key = "may_not"
    known = knowledge().base.medicines[one.group]
    told = [f"{w.text} {w.do}" for w in against[:MOST_REASONS]]
    note = known.note if not told else ""
    text = " ".join(t for t in (say[key], *told, note, say["not_anothers"]) if t)
    cite = [key for w in against[:MOST_REASONS] for key in w.cite]
    return Item(lead=capital(one.name), text=text, cite=cite, judgement=not cite)


def _name(one: Asked) -> str:
    """A thing asked about as the rest of the report names it."""
    base = knowledge().base
    if one.kind == "cause":
        return base.causes[one.id].name
    if one.kind == "medicine":
        return one.member or {**base.medicines, **base.supplements}[one.id].name
    return one.words


def _answers(assessment: Assessment, one: Asked) -> Iterator[Item]:
    if one.kind == "question":
        yield from _of_claim(one)
        return
    if one.kind == "help":
        yield _of_help(assessment, one)
        return
    if one.kind == "illness":
        yield _of_illness(one)
        return
    say, wording = words().asked, assessment.urgency.wording
    if wording == NOT_UNDERSTOOD:
        yield Item(lead=capital(_name(one)), text=say["not_understood"])
        return
    if one.kind == "medicine":
        text, note = _of_medicine(assessment, one), say["prescriber"]
    else:
        text, note = _of_cause(assessment, one.id)
    if assessment.urgency.partly:
        text = f"{text} {say['partly']}"
    yield Item(lead=capital(_name(one)), text=text, note=note)


def _of_cause(assessment: Assessment, id: str) -> tuple[str, str]:
    """How likely a cause is and why, and what would tell more."""
    say = words().asked
    if _named_by_alert(assessment, id):
        return say["named_by_alert"], ""
    cause = next((c for c in assessment.causes if c.id == id), None)
    if cause is None:
        return say["not_worked_out"], ""
    p, _, _ = _chance(assessment, cause)
    text = [_how_likely(assessment, cause)]
    if cause.told and assessment.complaint:
        text.append(words().causes["present_told"])
    elif assessment.complaint and cause.present - p >= SAYS_MORE:
        text.append(say["present"].format(chance=percent(cause.present)))
    text += _why(assessment, cause)
    return " ".join(text), say["settle"].format(what=_what_settles(assessment, id))


def _what_settles(assessment: Assessment, id: str) -> str:
    """The tests of the order that measure a cause; else what would move it most, its own tests, or who examines."""
    known = knowledge()
    measures = set(known.base.causes[id].tests)
    names = [t.text for t in ordered(known, assessment.checklist) if t.id in measures]
    found = listed(dict.fromkeys(names[:MOST_TESTS])) or what_narrows(assessment, id)
    done = {line.id for line in assessment.results}
    own = [known.base.tests[t].name for t in known.base.causes[id].tests if t not in done]
    see = words().asked["examined"].format(see=known.base.causes[id].see.split(";")[0])
    return found or listed(own[:MOST_TESTS]) or see


def _chance(assessment: Assessment, cause: Ranked) -> tuple[float, float, float]:
    """The probability asked for with its range: part of the reason, or there at all where nothing is felt."""
    if assessment.complaint:
        return cause.contributes, cause.contributes_low, cause.contributes_high
    return cause.present, cause.present_low, cause.present_high


def _how_likely(assessment: Assessment, cause: Ranked) -> str:
    say = words().asked
    p, low, high = _chance(assessment, cause)
    if cause.told and not assessment.complaint:
        return words().causes["present_told"]
    if high - low >= HARDLY_KNOWN:
        return say["hardly"].format(low=percent(low), high=percent(high))
    felt = "" if assessment.complaint else "there_"
    if cause.group == "result" and p >= POSSIBLE:
        return say[f"{felt}result"]
    key = f"{felt}{_degree(p, high - low)}"
    return say[key].format(word=word_for(p, high - low), chance=percent(p, high - low))


def _degree(p: float, width: float) -> str:
    """likely, possible or unlikely as the list of causes says it, by the word that it prints."""
    say = words().chance
    word = word_for(p, width)
    return {say.likely: "likely", say.possible: "possible", say.unlikely: "unlikely"}[word]


def _why(assessment: Assessment, cause: Ranked) -> list[str]:
    """One line for a cause and one against it, by what was told or by what was not."""
    say = words().asked
    speaks_for = [r.words for r in cause.reasons if r.weight > 0][:MOST_REASONS]
    speaks_for = speaks_for or _signs(cause.id, SEEN, _told(assessment))
    against = [r.words for r in cause.reasons if r.weight < 0 and not r.better][:MOST_REASONS]
    denied = knowledge().base.wording.reasons["denied"]
    against = against or [
        denied.format(sign=name) for name in _signs(cause.id, OFTEN, _denied(assessment))
    ]
    lines = [say["for"].format(items=listed(speaks_for)) if speaks_for else say["for_none"]]
    better = next((r for r in cause.reasons if r.better), None)
    spoken_of = _told(assessment) | _denied(assessment)
    untold = _signs(cause.id, OFTEN, spoken_of, among=False)
    if against:
        lines.append(say["against"].format(items=listed(against)))
    elif better is not None:
        lines.append(say["elsewhere"].format(what=better.words, cause=better.better))
    elif untold:
        lines.append(say["not_told"].format(items=listed(untold)))
    else:
        lines.append(say["against_none"])
    return lines


def _told(assessment: Assessment) -> set[str]:
    """The names of what is there, as told."""
    return {*assessment.understood.get("present", []), *assessment.understood.get("history", [])}


def _denied(assessment: Assessment) -> set[str]:
    """The names of what was said not to be there."""
    told = assessment.understood
    return {*told.get("absent", []), *told.get("not in history", [])}


def _signs(id: str, least: float, names: set[str], *, among: bool = True) -> list[str]:
    """The signs that come with a cause in at least this share, most often first, among some names or not among them."""
    base = knowledge().base
    signs = [
        (f.p or 0.0, base.findings[f.finding].name)
        for f in base.causes[id].findings
        if (f.p or 0.0) >= least
        and base.findings[f.finding].section != "course"
        and not base.findings[f.finding].qualifies
    ]
    return [name for _, name in sorted(signs, reverse=True) if (name in names) == among][
        :MOST_REASONS
    ]


def _of_medicine(assessment: Assessment, one: Asked) -> str:
    """Whether a medicine can bring on what is likely here; what it adds the numbers do not tell."""
    say, base = words().asked, knowledge().base
    record = {**base.medicines, **base.supplements}[one.id]
    effects = [
        e.cause
        for e in record.effects
        if e.when == "take"
        and (e.p or (e.odds_ratio or 0.0) > 1.0)
        and (not e.members or not one.member or one.member in e.members)
    ]
    ranked = [c for c in assessment.causes if c.id in effects]
    if not ranked:
        return say["no_effect"]
    ranked.sort(key=lambda c: -c.contributes)
    if not _is_taken(assessment, one):
        causes = listed(c.name for c in ranked[:MOST_EFFECTS])
        return f"{say['effect'].format(causes=causes)} {say['not_taken']}"
    shown = [c for c in ranked if c.contributes >= WORTH_LISTING] or ranked[:1]
    # what it is best known for is named however unlikely: that is what was asked
    known = [c for c in ranked if c.id == effects[0] and c not in shown[:MOST_EFFECTS]]
    shown = [*shown[: MOST_EFFECTS - len(known)], *known]
    causes = listed(_with_chance(assessment, c) for c in shown[:MOST_EFFECTS])
    return f"{say['effect'].format(causes=causes)} {say['adds']}"


def _with_chance(assessment: Assessment, cause: Ranked) -> str:
    say = words().asked
    width = cause.contributes_high - cause.contributes_low
    if _named_by_alert(assessment, cause.id):
        return say["effect_alert"].format(cause=cause.name)
    if width >= HARDLY_KNOWN:
        return say["effect_hardly"].format(cause=cause.name)
    word, chance = word_for(cause.contributes, width), percent(cause.contributes, width)
    return say["effect_chance"].format(cause=cause.name, word=word, chance=chance)


def _named_by_alert(assessment: Assessment, id: str) -> bool:
    """Whether an alarm of any level, or the care card, says that a cause must be looked for."""
    alerts = any(id in alert.causes for alert in assessment.urgency.alerts)
    return alerts or knowledge().base.causes[id].name in assessment.rule_out


def _is_taken(assessment: Assessment, one: Asked) -> bool:
    return one.id in assessment.taken_classes


def _of_claim(one: Asked) -> Iterator[Item]:
    """The claim by which `learn` answers a question; nothing where none does."""
    found = _library().answer(one.words, 1)
    if found and found[0].kind == "claim":
        best = found[0]
        yield Item(lead=one.words, text=f"{best.answer} {best.text}", strength=best.strength)  # type: ignore[arg-type]


def _of_help(assessment: Assessment, one: Asked) -> Item:
    """Whether something helps: by a claim of treatment, by the result of its test, or "test first"."""
    say, base = words().asked, knowledge().base
    asked_of = [one.words, *(f"{one.words} {name}" for name in assessment.complaint[:MOST_REASONS])]
    found = [a for text in asked_of for a in _library().answer(text, 1)[:1]]
    best = next((a for a in found if a.kind == "claim"), None)
    if best is not None:
        text = f"{best.answer} {best.text}"
        return Item(lead=capital(one.words), text=text, strength=best.strength or None)  # type: ignore[arg-type]
    remedy = next((a for a in found if a.kind == "remedy"), None)
    if remedy is None:
        return Item(lead=capital(one.words), text=say["help_unknown"], judgement=True)
    nutrient = base.nutrients[remedy.id.removeprefix("remedy_")]
    tests = base.causes[str(nutrient.low_cause)].tests
    line = next((r for r in assessment.results if r.id in tests), None)
    flag = "low" if line is not None and line.below_definition else line.flag if line else ""
    if line is None or line.borderline or flag not in ("low", "normal"):
        return Item(lead=capital(one.words), text=f"{remedy.answer} {remedy.text}", judgement=True)
    text = say[f"help_result_{flag}"].format(result=f"{line.name} {line.value}")
    return Item(lead=capital(one.words), text=text, judgement=True)


def _of_illness(one: Asked) -> Item:
    """An illness that no cause here stands for: who can look for it."""
    say = words().asked
    name = f"illness_{one.id or one.words.split()[-1]}"
    text = say.get(name, say["illness"]).format(name=one.words)
    return Item(lead=capital(one.words), text=text, judgement=True)


@cache
def _library() -> Library:
    from stillwell.learn.answer import Library  # only where somebody asks

    return Library(knowledge())
