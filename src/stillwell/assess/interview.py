"""Which question comes next in an interview, and what an answer adds to the case.

The order: what the words may have meant; the red flags of the complaint on one page; how it began; what no
doctor leaves out, on two pages, and results; then the most informative question, until none is worth its
trouble.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from stillwell.assess.assessment import Assessment
from stillwell.assess.checklist import choices_of, must_ask
from stillwell.case.model import Case, Told
from stillwell.case.readers import lab_reader
from stillwell.case.understand import Understood
from stillwell.knowledge.store import Knowledge
from stillwell.triage.red_flags import red_flags_of

WORTH_BITS = 0.05  # expected information under which a question is not worth its trouble: judgement
FIRST_BITS = 0.15  # the same for a first answer, after which more can be asked for: judgement, docs/assess.md
UNSURE = 0.6  # probability that the words say something under which it is asked about
DOUBTFUL = 4  # questions about what the words may have meant
LEAST_LETTERS = 4  # of one word that is asked about by itself
MOST_FITS = 7
MOST_BACKGROUND = 9
NONE = "none"
OPEN = ("unknown", "skip")

Kind = Literal["yes_no", "any_of", "one_of", "results"]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One question: yes or no to one item, any or one of several items, or results in words.

    Attributes:
        topic: which words it is asked in; the item itself, where it is a yes/no question.
        items: findings or history items, in the order in which they are shown.
    """

    kind: Kind
    topic: str
    items: list[str] = []
    text: str = ""
    why: str = ""

    @property
    def key(self) -> str:
        """What an answer is kept under; it tells which items were shown."""
        if self.kind in ("yes_no", "results"):
            return self.topic
        return f"{self.kind}:{self.topic}:{'|'.join(self.items)}"


def page_of(key: str, known: Knowledge) -> Page:
    """The page of an answer that was kept, to ask it again."""
    said = known.base.wording.interview
    kind, _, rest = key.partition(":")
    if kind in ("any_of", "one_of"):
        topic, _, items = rest.partition(":")
        return Page(
            kind="any_of" if kind == "any_of" else "one_of",
            topic=topic,
            items=[i for i in items.split("|") if i],
            text=said.get(topic, topic),
            why=said.get(f"{topic}_why", ""),
        )
    if key == "results":
        return Page(kind="results", topic=key, text=said["results"], why=said["results_why"])
    base = known.base
    table = base.findings if key in base.findings else base.history
    return Page(kind="yes_no", topic=key, text=table[key].question if key in table else key)


def taken_in(case: Case, answers: Iterable[tuple[str, str]], known: Knowledge) -> Case:
    """The case with the answers taken in."""
    yes: list[str] = []
    no: list[str] = []
    labs = list(case.labs)
    for key, answer in answers:
        kind, _, rest = key.partition(":")
        if kind in ("any_of", "one_of"):
            if answer in OPEN:
                continue
            items = rest.partition(":")[2].split("|")
            chosen = [i for i in answer.split("|") if i in items]
            yes += chosen
            if kind == "any_of":  # of the ways to begin the chosen one denies the others by itself
                no += [i for i in items if i not in chosen]
        elif key == "results":
            labs += [] if answer in (NONE, *OPEN) else lab_reader().read(answer, case.person).labs
        elif answer in ("yes", "no"):
            (yes if answer == "yes" else no).append(key)
    history = known.base.history
    told = msgspec.structs.replace(
        case,
        findings=_with(case.findings, yes, no, lambda i: i not in history),
        history=_with(case.history, yes, no, lambda i: i in history),
        labs=labs,
    )
    if not case.findings.present and case.story:
        # beside answers the story stays the person's own complaint, as it was before the first one
        words = " ".join(t for t in (case.complaint, case.story) if t)
        told = msgspec.structs.replace(told, complaint=words, story=None)
    return told


def _with(told: Told, yes: list[str], no: list[str], mine) -> Told:  # type: ignore[no-untyped-def]
    return Told(
        present=[*told.present, *(i for i in yes if mine(i))],
        absent=[*told.absent, *(i for i in no if mine(i))],
    )


def next_page(
    told: Understood,
    result: Assessment,
    keys: Iterable[str],
    known: Knowledge,
    worth: float = WORTH_BITS,
) -> Page | None:
    """The next question, or None where none is worth its trouble.

    Args:
        result: the assessment so far, with its questions.
        keys: what was asked already, by `Page.key`.
        worth: expected information (bits) under which a question is not asked.
    """
    asked = list(keys)
    done = {name for key in asked for name in (key, *key.rpartition(":")[2].split("|"))}
    topics = {key.split(":")[1] for key in asked if ":" in key} | {"results"} & set(asked)
    said = known.base.wording
    for name in _doubtful(told, known):
        if name not in done:
            text = said.alarms["you_wrote"].format(
                words=told.from_words[name], question=known.base.findings[name].question
            )
            return Page(kind="yes_no", topic=name, text=text, why=said.interview["doubt"])
    for page in _pages(told, known, done):
        if page.topic not in topics:
            return page
    onsets = choices_of(known, "onset")
    for question in result.questions:
        item = known.base.findings[question.id]
        if question.id in done or question.id in onsets or item.sign:
            continue
        if question.bits < worth:
            return None
        return Page(kind="yes_no", topic=question.id, text=question.text, why=question.why)
    return None


def _pages(told: Understood, known: Knowledge, done: set[str]) -> list[Page]:
    """The pages that come before single questions, those with nothing left to ask taken out."""
    musts = {q.ask: q for q in must_ask(known, told) if q.ask not in done}
    flags = [f for f in red_flags_of(known, told) if f not in done]
    findings = known.base.findings  # what only an examination shows nobody can answer at home
    fits = [i for i in musts if i in findings and i not in flags and not findings[i].sign]
    background = [i for i in musts if i in known.base.history]
    background += [c for c in (musts["diet"].choices[:2] if "diet" in musts else [])]
    pages = [_page(known, "any_of", "red_flags", flags)]
    if "onset" in musts:
        pages.append(_page(known, "one_of", "onset", musts["onset"].choices))
    pages.append(_page(known, "any_of", "fits", fits[-MOST_FITS:]))
    pages.append(
        _page(known, "any_of", "background", list(dict.fromkeys(background))[:MOST_BACKGROUND])
    )
    kept = [page for page in pages if page.items]
    return [*kept, page_of("results", known)] if "results" in musts else kept


def _page(known: Knowledge, kind: Kind, topic: str, items: list[str]) -> Page:
    return page_of(f"{kind}:{topic}:{'|'.join(items)}", known)


def _doubtful(told: Understood, known: Knowledge) -> list[str]:
    """Findings that the words perhaps tell: alarm signs first, then the likeliest; a few of them."""
    alarms = set(known.base.lexicon["alarm_items"])
    unsure = {n: p for n, p in told.certainty.items() if n in told.present and p < UNSURE}
    unsure |= {n: p for n, p in told.perhaps.items() if n not in told.present}
    found = [n for n in unsure if n in known.base.findings and n in told.from_words]
    found = [n for n in found if n in alarms or _says_something(told.from_words[n])]
    return sorted(found, key=lambda n: (n not in alarms, -unsure[n]))[:DOUBTFUL]


def _says_something(words: str) -> bool:
    """Whether words are more than one of the small ones ("off"), which quoted alone mean nothing to anybody."""
    return " " in words.strip() or len(words.strip()) >= LEAST_LETTERS


__all__ = ["NONE", "OPEN", "Page", "next_page", "page_of", "taken_in"]
