"""How well words are read: labelled messages against what was understood of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from stillwell.assess.labelled_files import Message
from stillwell.assess.shares import ALL, Miss, Share, Tally, wording
from stillwell.case.medicines_in_words import MedicineNames
from stillwell.case.read import case_from
from stillwell.case.understand import TakenMedicine, Understood, medicine_names, understand
from stillwell.errors import StillwellError
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import LEVELS, NOT_UNDERSTOOD, RED, Urgency, triage

FELT = ("movement", "sensation", "strength_and_gait", "general")  # sections of findings, but course
FINDINGS, HISTORY = "findings", "history"
SECTIONS = (*FELT, FINDINGS, "course", HISTORY, ALL)
OF_SECTIONS = (
    *("recall", "precision", "false_claims"),
    *("wrong_denials", "denials_read", "denials_invented"),
)
OF_MESSAGES = (
    *("empty_claimed", "medicines_read", "medicines_wrong"),
    *("urgency_below", "urgency_below_as_level", "urgency_above", "urgency_high"),
    *("urgent_told", "emergency_told", "refused"),
)
OF_NEGATIVES = "negative_claimed"
FAULTS = (
    *("false_claims", "wrong_denials", "denials_invented", "empty_claimed", "medicines_wrong"),
    *("urgency_below", "urgency_below_as_level", "urgency_above", "urgency_high", "refused"),
    OF_NEGATIVES,
)


class ReadingEvaluation(msgspec.Struct, frozen=True, kw_only=True):
    """Shares over all messages of a file.

    Attributes:
        n: messages, `kinds`: of each kind of label.
        sections: section (`findings`: all but course; `all`) -> figure -> share.
        figures: what counts by message.
        levels: lowest acceptable urgency -> share of messages told less.
        negatives: kind of negative -> share of messages with something claimed that must not be.
        misses: figure -> the messages behind it.
    """

    n: int
    kinds: dict[str, int]
    sections: dict[str, dict[str, Share]]
    figures: dict[str, Share]
    levels: dict[str, Share]
    negatives: dict[str, Share]
    misses: dict[str, list[Miss]]


@dataclass(frozen=True)
class Outcome:
    """What became of a message: what was understood, and how urgent it was said to be.

    Attributes:
        refused: why nothing could be made of it; then nothing was read.
    """

    understood: Understood | None
    urgency: Urgency | None
    refused: str = ""

    @property
    def level(self) -> str:
        """The level of urgency, or `refused`."""
        return self.urgency.level if self.urgency is not None else "refused"

    @property
    def wording(self) -> str:
        """How the report words it."""
        return self.urgency.wording if self.urgency is not None else "refused"


def read_words(message: Message, known: Knowledge) -> Outcome:
    """Read a message as a person's own complaint."""
    try:
        understood = understand(case_from({"complaint": message.text}), known)
        return Outcome(understood, triage(understood, known))
    except StillwellError as error:
        return Outcome(None, None, str(error))


def evaluate_reading(
    messages: list[Message], known: Knowledge, progress: Callable[[int], None] | None = None
) -> ReadingEvaluation:
    """Read every message and compare with its labels."""
    judge = Judge(known, messages)
    for done, message in enumerate(messages, start=1):
        judge.take(message, read_words(message, known))
        if progress is not None:
            progress(done)
    return judge.evaluation()


class Judge:
    """Compares what was read with the labels, message by message.

    Args:
        messages: all of the file; an id outside the vocabulary of labels, or a finer one, counts
            only where some message is labelled with it: else the file was written without it.
    """

    def __init__(self, known: Knowledge, messages: Iterable[Message]) -> None:
        self.known = known
        self.names = medicine_names()
        self.tally = Tally(FAULTS)
        self.kinds: dict[str, int] = {}
        labelled = {i for m in messages for i in (*m.told, *m.fair, *m.denied, *m.never)}
        ids = {*known.base.findings, *known.base.history}
        vocabulary = {i for name in ("findings", "history") for i in known.base.vocabulary[name]}
        finer = {f.id for f in known.base.findings.values() if f.triage_only}
        self.uncounted = (ids - vocabulary | finer | set(wording().finer)) - labelled
        self.wider = _wider(known)

    def take(self, message: Message, outcome: Outcome) -> None:
        """Count one message."""
        self.kinds[message.kind] = self.kinds.get(message.kind, 0) + 1
        got = outcome.understood
        self._count("refused", bool(outcome.refused), message, outcome.refused)
        self._take_claims(message, {*got.present, *got.history_present} if got else set())
        self._take_denials(message, got)
        if message.medicines is not None:
            taken = [*got.medicines, *got.supplements] if got else []
            self._take_medicines(message, message.medicines, taken)
        self._take_urgency(message, outcome)

    def evaluation(self) -> ReadingEvaluation:
        """The shares of all messages taken so far."""
        tally = self.tally
        sections = {section: tally.shares(OF_SECTIONS, section) for section in SECTIONS}
        figures = tally.shares(OF_MESSAGES)
        levels = {level: tally.share("urgency_below", level) for level in LEVELS}
        negatives = tally.groups(OF_NEGATIVES)
        return ReadingEvaluation(
            n=sum(self.kinds.values()),
            kinds=self.kinds,
            sections={name: shares for name, shares in sections.items() if shares},
            figures=figures,
            levels={level: share for level, share in levels.items() if share.whole},
            negatives=negatives,
            misses=tally.misses(),
        )

    def fair(self, message: Message) -> set[str]:
        """Ids that a reader may take from the words beside those that are told."""
        seen = {*message.told, *message.fair}
        queue = list(seen)
        while queue:
            for more in self.wider.get(queue.pop(), ()):
                if more not in seen:
                    seen.add(more)
                    queue.append(more)
        return seen - message.told - message.never

    def _count(self, figure: str, is_part: bool, message: Message, what: str, *groups: str) -> None:
        self.tally.count(figure, is_part, *groups, id=message.id, text=message.text, what=what)

    def _by_id(self, figure: str, is_part: bool, message: Message, one: str) -> None:
        """Count an id in its section."""
        finding = self.known.base.findings.get(one)
        section = finding.section if finding is not None else HISTORY
        felt = [FINDINGS] if section in FELT else []
        self._count(figure, is_part, message, one, section, *felt, ALL)

    def _take_claims(self, message: Message, read: set[str]) -> None:
        claimed = read - self.uncounted
        wrong = claimed - message.told - self.fair(message)
        for one in sorted(message.told):
            self._by_id("recall", one in claimed, message, one)
        for one in sorted(claimed & message.told | wrong):
            self._by_id("precision", one in message.told, message, one)
        for one in sorted(message.never):
            self._by_id("false_claims", one in claimed, message, one)
        if message.empty:
            self._count("empty_claimed", bool(wrong), message, _joined(wrong))
        if message.of_kind:
            false = claimed & message.never
            self._count(OF_NEGATIVES, bool(false), message, _joined(false), message.of_kind)

    def _take_denials(self, message: Message, got: Understood | None) -> None:
        booked = {*got.absent, *got.history_absent} if got else set()
        # one time course that is told rules out others: nobody denied those
        findings = self.known.base.findings
        ruled_out = {x for f in (got.present if got else []) for x in findings[f].excludes}
        booked -= self.uncounted
        for one in sorted(message.told):
            self._by_id("wrong_denials", one in booked, message, one)
        for one in sorted(message.denied):
            self._by_id("denials_read", one in booked, message, one)
        for one in sorted(booked - ruled_out):
            invented = one not in message.never and one not in message.told
            self._by_id("denials_invented", invented, message, one)

    def _take_medicines(
        self, message: Message, labels: tuple[str, ...], taken: list[TakenMedicine]
    ) -> None:
        wanted = [_targets(label, self.names) for label in labels]
        for label, targets in zip(labels, wanted, strict=True):
            read = any(_is_one_of(one, targets) for one in taken)
            self._count("medicines_read", read, message, label)
        for told in dict.fromkeys(one.told for one in taken):
            meant = [one for one in taken if one.told == told]
            right = any(_is_one_of(one, targets) for one in meant for targets in wanted)
            if right or any(one.member for one in meant):
                self._count("medicines_wrong", not right, message, told)

    def _take_urgency(self, message: Message, outcome: Outcome) -> None:
        level, least = outcome.level, message.urgency_min
        place = LEVELS.index(level) if level in LEVELS else len(LEVELS)
        what = f"{outcome.wording} for {least}"
        if least != LEVELS[-1]:  # nothing is below the last
            below = place > LEVELS.index(least)
            calm = below and outcome.wording != NOT_UNDERSTOOD
            self._count("urgency_below", below, message, what, least, ALL)
            self._count("urgency_below_as_level", calm, message, what)
        if message.urgency_max is None:
            if least not in RED and least != "soon":
                self._count("urgency_high", level in RED, message, what)
        elif message.urgency_max != LEVELS[0]:
            above = place < LEVELS.index(message.urgency_max)
            self._count("urgency_above", above, message, f"{level} for {message.urgency_max}")
        if least in RED:
            self._count("urgent_told", level in RED, message, what)
        if least == LEVELS[0]:
            self._count("emergency_told", level == least, message, what)


def _joined(ids: set[str]) -> str:
    return " ".join(sorted(ids))


def _wider(known: Knowledge) -> dict[str, list[str]]:
    """Id -> what is fair to read where it is told: what it implies, is a kind of, or qualifies."""
    wider = {name: list(more) for name, more in wording().fair.items()}
    for finding in known.base.findings.values():
        more = [*finding.implies, finding.parent, finding.qualifies]
        wider.setdefault(finding.id, []).extend(one for one in more if one)
    for item in known.base.history.values():
        wider.setdefault(item.id, []).extend([item.parent] if item.parent else [])
    return wider


def _targets(label: str, names: MedicineNames) -> set[str]:
    """A labelled medicine as "class:member", as "class:" where it is a class, and as told."""
    ways = [" ".join(way.replace("_", " ").lower().split()) for way in label.split("/")]
    return {target for way in ways for target in (way, *names.find(way))}


def _is_one_of(taken: TakenMedicine, targets: set[str]) -> bool:
    names = {f"{taken.group}:{taken.member}", f"{taken.group}:", taken.told.lower()}
    return bool(names & targets)
