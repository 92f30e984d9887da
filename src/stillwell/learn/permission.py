"""Answers questions of permission or safety: may I stop this medicine, may I take these two together?

What a claim says of something else never answers them. The words of a medicine are found by the reader
of medicines, so that spelling, brands and groups are known here as they are in a case.
"""

from __future__ import annotations

from itertools import combinations

from stillwell.assess.interactions import interaction, record_of
from stillwell.case.understand import TakenMedicine, medicine_names
from stillwell.knowledge import schema as s
from stillwell.knowledge.store import Knowledge
from stillwell.learn.catalogue import questions, words
from stillwell.learn.pages import Answer, Page, sources_of
from stillwell.learn.subjects import Subjects
from stillwell.learn.terms import raw_words


def asks_permission(question: str) -> bool:
    """Whether a question asks if something may be done, or is safe.

    >>> asks_permission("can I just stop my ropinirole"), asks_permission("can low iron make legs restless")
    (True, False)
    """
    return questions().permission.fits(question)


def answers_permission(page: Page) -> bool:
    """Whether what a page says first answers a question of permission, and not only whether a claim is so.

    A claim does where an answer of its own was written, or where permission is what it is asked by.
    """
    if page.answer.kind != "claim" or page.answer.answer not in words().bare_answers:
        return True
    return any(asks_permission(text) for text in page.wordings)


class Permissions:
    """What the base says of stopping medicines, changing their doses and taking them together."""

    def __init__(self, known: Knowledge, subjects: Subjects) -> None:
        self._known = known
        self._subjects = subjects

    def answer(self, question: str) -> Answer | None:
        """The answer to a question of permission about medicines; None where it is none, or names none.

        What a child may take comes before everything else, then what two things do to each other. A medicine
        of which the base says no harm of stopping is answered "ask first".
        """
        rule = questions().permission
        if rule.is_of_child(question):
            return self._for_a_child(question)
        if rule.is_apart(question):
            return self._together(self._named(question))
        stops, changes = rule.stops(question), rule.changes(question)
        if not (stops or changes or asks_permission(question)):
            return None
        taken = self._named(question)
        prescribed = [t for t in taken if t.group in self._known.base.medicines]
        if prescribed and asks_permission(question) and stops:
            return self._stopping(prescribed)
        if prescribed and asks_permission(question) and changes:
            return self._ask_first("change", prescribed[0])
        return self._together(taken) if asks_permission(question) else None

    def ask_first(self, question: str) -> Answer | None:
        """What stands where nothing else answers a question of permission that names a medicine."""
        if not asks_permission(question):
            return None
        taken = self._named(question)
        return self._ask_first("take", taken[0]) if taken else None

    def _named(self, question: str) -> list[TakenMedicine]:
        found: list[TakenMedicine] = []
        for one in medicine_names().told(question):
            for target in one.targets:
                group, member = target.split(":")
                if group in self._known.base.medicines or group in self._known.base.supplements:
                    found.append(TakenMedicine(one.told, group, member, one_of=len(one.targets)))
        if len({t.group for t in found}) > 1:
            return found
        known = {t.group for t in found}
        return [*found, *(t for t in self._of_records(question) if t.group not in known)]

    def _of_records(self, question: str) -> list[TakenMedicine]:
        """What a question names where the reader of medicines finds nothing taken ("give my son iron")."""
        found = []
        for one in self._subjects.of(question):
            record = one.of("medicine") or one.of("supplement")
            if record is not None:
                told = " ".join(raw_words(question)[one.start : one.end])
                found.append(TakenMedicine(told, record.id, ""))
        return found

    def _for_a_child(self, question: str) -> Answer | None:
        """A dose for a child is no matter of a table: who may say it, and what the record warns of."""
        taken = self._named(question)
        if not taken:
            return None
        said, record = words().permission, record_of(self._known, taken[0])
        return Answer(
            id=f"child_{record.id}", kind="permission", answer=said.ask_for_child,
            title=said.titles["child"].format(medicine=_name(taken[0], record)),
            text=f"{said.child} {record.note}".strip(), sources=[said.judged],
        )  # fmt: skip

    def _stopping(self, taken: list[TakenMedicine]) -> Answer:
        said = words().permission
        for one in taken:
            record = record_of(self._known, one)
            harm = record.stopping
            if harm is not None and (not harm.members or one.member in ("", *harm.members)):
                return Answer(
                    id=f"stopping_{record.id}", kind="permission", answer=said.no_stop,
                    title=said.stopping.format(medicine=_name(one, record)),
                    text=f"{harm.harm} {said.how_to_stop}",
                    sources=sources_of(self._known.base, harm)
                    or [words().judgement.format(reason=harm.reason)],
                )  # fmt: skip
        return self._ask_first("stop", taken[0])

    def _ask_first(self, what: str, one: TakenMedicine) -> Answer:
        said = words().permission
        record = record_of(self._known, one)
        name = _name(one, record)
        prescribed = one.group in self._known.base.medicines
        return Answer(
            id=f"ask_first_{record.id}", kind="permission",
            answer=said.ask_prescriber if prescribed else said.ask_pharmacist,
            title=said.titles[what].format(medicine=name), text=f"{record.note} {said.not_known}".strip(),
            sources=[said.judged],
        )  # fmt: skip

    def _together(self, taken: list[TakenMedicine]) -> Answer | None:
        """The gravest meeting of two things that a question names."""
        for one, other in combinations(taken, 2):
            if one.told == other.told:
                continue
            met = interaction(self._known, one, other)
            if met is not None:
                names = [_name(t, record_of(self._known, t)) for t in (one, other)]
                said = words().permission
                return Answer(
                    id=f"together_{one.group}_{other.group}", kind="permission",
                    answer=_how(met),
                    title=said.together.format(one=names[0], other=names[1]),
                    text=f"{met.effect} {met.advice}", sources=sources_of(self._known.base, met)
                    or [words().judgement.format(reason=met.reason)],
                )  # fmt: skip
        return None


def _how(met: s.Interaction) -> str:
    """What is said first of a meeting: hours where keeping the two apart is all that it needs, else its gravity."""
    said = words().permission
    if met.space_hours is not None and met.severity != "contraindicated":
        if met.space_hours < 1:
            return said.not_at_once
        return said.apart.format(hours=f"{met.space_hours:g}")
    return said.severity[met.severity]


def _name(one: TakenMedicine, record: s.DrugClass) -> str:
    return one.member or (one.told if one.one_of > 1 else record.name)


__all__ = ["Permissions", "answers_permission", "asks_permission"]
