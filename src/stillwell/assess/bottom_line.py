"""The bottom line: three to five plain sentences, made from sourced building blocks by rules.

What it most likely is and what drives it, what else is in play, what to do first, what would settle it, and how
sure we are. Causes that belong together (a condition, what raises it, a medicine that worsens it) are one story.
All words stand in `knowledge/data/stories/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from stillwell.assess.steps import (
    SHOWN_BY_RESULT,
    CauseSteps,
    Judged,
    PlanStep,
    dangers,
    gravest,
    named_causes,
    results_of,
)
from stillwell.assess.taken import Warning
from stillwell.assess.urgency import TAKEN
from stillwell.case.person_in_words import is_child
from stillwell.case.understand import Understood
from stillwell.knowledge.base import Base, cites
from stillwell.knowledge.phrases import tokens
from stillwell.knowledge.schema import Stories, StoryLink
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import RED, SOUNDS_URGENT, Urgency
from stillwell.writing import capital

NAMED = 0.1  # no cause under this is named as likely
NO_LEAD = 0.3  # contribution under which no cause stands out
DRIVES = 0.2  # contribution from which a cause that no result shows is told to bring another on
LIKELY, ALMOST = (
    0.5,
    0.75,
)  # contribution from which it is likely, and quite sure where the range is narrow
NARROW, FAIR = 0.3, 0.6  # width of the 90 % interval up to which we are quite, and fairly, sure
SETTLES = 0.1  # expected change of a cause from which an answer is said to help to settle it
LOOKED_INTO = 0.05  # contribution from which a cause that an alarm of the next weeks names is told
NOTHING = (
    0.5  # probability that nothing listed explains it, from which that is said to be likeliest
)
OF_DESPAIR = ("suicidal_danger", "suicidal_thoughts_told")  # rules of thoughts of suicide
MOST_WORDS = 34
MOST_SENTENCES = 5
MOST_DO = (
    20  # words of what the leading alarm says to do, up to which they stand in the bottom line
)
SAYS_LITTLE = 3  # words of an alarm's advice that only sends to a doctor
MOST_RULED_OUT = 3


class Ranged(Judged, Protocol):
    """What the bottom line needs to know of a ranked cause: what the plan needs, and its 90 % interval."""

    @property
    def contributes_low(self) -> float: ...
    @property
    def contributes_high(self) -> float: ...
    @property
    def gives_way_to(self) -> str: ...
    @property
    def after(self) -> str: ...


class Asked(Protocol):
    """A question or test, and its words."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence of the bottom line; `part`: what, also, first, settle or sure; `about`: the cause that
    heads the main story; `names`: the causes that it calls likely or in play, in its order."""

    part: str
    text: str
    cite: list[str] = []
    about: str = ""
    names: list[str] = []


class _Teller:
    """The words of one case."""

    def __init__(self, base: Base, understood: Understood) -> None:
        self.base, self.told = base, understood
        self.stories: Stories = next(iter(base.stories.values()))

    def say(self, part: str, key: str, cite: Sequence[str] = (), **slots: str) -> Sentence:
        text = self.stories.words[key].format(**slots)
        return Sentence(part=part, text=capital(text), cite=list(cite))

    def fitting(
        self,
        part: str,
        key: str,
        cite: Sequence[str],
        slot: str,
        names: Sequence[str],
        **others: str,
    ) -> Sentence:
        """A sentence with as many of the names, the first at least, as its length allows."""
        for count in range(len(names), 0, -1):
            told = self.say(part, key, cite, **{slot: self.several(names[:count])}, **others)
            if len(told.text.split()) <= MOST_WORDS:
                break
        return told

    def name(self, cause: str) -> str:
        return self.stories.say.get(cause, self.base.causes[cause].name)

    def several(self, names: Sequence[str]) -> str:
        if len(names) < 2:
            return "".join(names)
        return self.stories.words["and"].format(first=", ".join(names[:-1]), last=names[-1])

    def measured(self, cause: str) -> str:
        """A cause with the results that show it: low iron (ferritin 11 ng/mL)."""
        results = self.results(cause)
        if not results:
            return self.name(cause)
        return self.stories.words["measured"].format(name=self.name(cause), results=results)

    def untested(self, cause: str) -> bool:
        """Whether tests measure a cause and none of them was told."""
        tests = [
            t.id for t in self.base.tests.values() if any(m.cause == cause for m in t.measures)
        ]
        return bool(tests) and not set(tests) & set(self.told.labs)

    def outside(self, cause: str) -> bool:
        """Whether a result that shows a cause lies outside its range, not only near the end of it."""
        shown = results_of(self.base, self.told, cause)
        return any(self.told.labs[test].flag != "normal" for test in shown)

    def results(self, cause: str) -> str:
        tests = results_of(self.base, self.told, cause)[:1]
        return self.several([f"{self.base.tests[t].name} {self.told.labs[t].shown}" for t in tests])


def bottom_line(
    known: Knowledge,
    understood: Understood,
    urgency: Urgency,
    ranked: Sequence[Ranged],
    nothing: float | None,
    steps: Sequence[CauseSteps],
    tests: Sequence[Asked] = (),
    questions: Sequence[Asked] = (),
    against: Sequence[Warning] = (),
) -> list[Sentence]:
    """The bottom line of a case, three to five sentences of at most 34 words.

    Args:
        ranked: all causes, the likeliest first; empty where they could not be worked out.
        nothing: the probability that nothing listed explains the complaint.
        steps: the plan; its first short step is what to do first.
        tests, questions: what to test and ask next, the best first.
        against: what speaks against something that is taken; what must not be taken at all is said here too.
    """
    teller = _Teller(known.base, understood)
    grave = [] if urgency.level == "emergency" else _grave(teller, against)
    if urgency.level in RED:
        answer = _alarm(teller, urgency, ranked, nothing, steps)
    elif is_child(understood.person) and urgency.understood:
        answer = [
            teller.say("what", "child"),
            teller.say("first", "child_do"),
            teller.say("sure", "sure_alarm"),
        ]
    elif not urgency.understood:
        answer = [
            teller.say("what", "not_understood"),
            teller.say("first", "not_understood_do", now=_level(teller, urgency)),
            teller.say("sure", "sure_hardly"),
        ]
    elif not understood.present:
        answer = [
            teller.say("what", "no_complaint"),
            *_also(teller, [], _lacks(teller, ranked, [])),
            _first(teller, urgency, steps, [], 0.0),
            teller.say("sure", "sure_hardly"),
        ]
    elif not ranked:
        answer = [
            teller.say("what", "not_worked_out"),
            teller.say("first", "not_understood_do", now=_level(teller, urgency)),
            teller.say("sure", "sure_hardly"),
        ]
    else:
        answer = _ordinary(teller, urgency, ranked, nothing, steps, tests, questions)
    return _with_grave(answer, grave)


def _grave(teller: _Teller, against: Sequence[Warning]) -> list[Sentence]:
    """What is taken and must not be, the first of it with what to do."""
    worst = [w for w in against if w.severity == "contraindicated"]
    if not worst:
        return []
    names = teller.several(worst[0].subjects[:2])
    cite = list(worst[0].cite)
    told = teller.say("first", "must_not_take_do", cite, names=names, do=_only_first(worst[0].do))
    if not worst[0].do or len(told.text.split()) > MOST_WORDS:
        told = teller.say("first", "must_not_take", cite, names=names)
    return [told]


def _only_first(text: str) -> str:
    """The first sentence of a text."""
    return text.split(". ")[0].rstrip(".") + "."


def _with_grave(answer: list[Sentence], grave: list[Sentence]) -> list[Sentence]:
    """The grave warning before what else is first; what would settle it gives way where there is no room."""
    if not grave:
        return answer
    place = next((i for i, s in enumerate(answer) if s.part == "first"), len(answer))
    answer = [*answer[:place], *grave, *answer[place:]]
    if len(answer) > MOST_SENTENCES:
        answer = [s for s in answer if s.part != "settle"]
    return answer[:MOST_SENTENCES]


def _ordinary(
    teller: _Teller,
    urgency: Urgency,
    ranked: Sequence[Ranged],
    nothing: float | None,
    steps: Sequence[CauseSteps],
    tests: Sequence[Asked],
    questions: Sequence[Asked],
) -> list[Sentence]:
    likely = [c for c in ranked if c.contributes >= NAMED]
    unexplained = nothing or 0.0
    story = _story(teller.base, teller.stories, ranked)
    by_name = _called(teller, story)
    told = [by_name or _what(teller, story, unexplained, ranked)]
    in_story = [c.id for c in story]
    others = [c for c in likely if c.id not in in_story]
    if not story:
        others = []
    unlisted = not story or (unexplained >= NOTHING and not _stands_out(story, unexplained))
    told += _soon(teller, urgency, in_story, ranked) or _also(
        teller, others, _lacks(teller, ranked, in_story), 0.0 if unlisted else unexplained
    )
    unsure = bool(story) and _how_sure(story[0], unexplained) == "hardly"
    easy = [c.id for c in others] if unsure else []
    first = _first(teller, urgency, steps, story, unexplained, easy, bool(tests))
    told = [s for s in told if s.text.rstrip(".") not in first.text]  # the level is said once
    told.append(first)
    by_share = sorted(story, key=lambda c: -c.contributes)
    about = [c.id for c in (*by_share, *others)] if urgency.level != "self_care" else []
    sure = bool(story) and _how_sure(story[0], unexplained) == "quite"
    settle = None if sure or unlisted else _settle(teller, about, tests, questions)
    if settle is not None:
        told.append(settle)
    told.append(_sure(teller, story, unexplained))
    return told


def _called(teller: _Teller, story: Sequence[Ranged]) -> Sentence | None:
    """What the person calls it by its name, where a history settles that cause and the numbers say less of it."""
    said = [f" {' '.join(tokens(words))} " for words in teller.told.from_words.values()]
    for cause in story:
        names = [f" {' '.join(tokens(name))} " for name in _names(teller.base, cause.id)]
        settled = teller.base.management[cause.id].settled_by == "history"
        if (
            settled
            and any(n in words for n in names for words in said)
            and cause.contributes < ALMOST
        ):
            name, cite = teller.measured(cause.id), _cite(teller, cause.id)
            said_so = teller.say("what", "called_so", cite=cite, story=name)
            return msgspec.structs.replace(said_so, about=cause.id, names=[cause.id])
    return None


def _names(base: Base, cause: str) -> list[str]:
    record = base.causes[cause]
    return [record.name, record.technical_name, *base.lexicon.get(f"asked_{cause}", [])]


def _story(base: Base, stories: Stories, ranked: Sequence[Ranged]) -> list[Ranged]:
    """The cause that the list begins with and those that belong to it; empty where none may be named as likely."""
    if not ranked or (
        ranked[0].contributes < NAMED and not any(c.gives_way_to == ranked[0].id for c in ranked)
    ):
        return []
    head = ranked[0]
    if any(c.gives_way_to == head.id for c in ranked):
        return [head]
    belong = {link.cause for link in base.causes[head.id].raised_by}
    belong |= {c for group in stories.together if head.id in group for c in group}
    belong |= {c.id for c in ranked if _raises(base, head.id, c.id)}
    members = [c for c in ranked if c.id in belong and c.id != head.id]
    members.sort(key=lambda c: -c.contributes)
    return [head, *(c for c in members if c.contributes >= NAMED)]


def _raises(base: Base, cause: str, other: str) -> bool:
    return any(link.cause == cause for link in base.causes[other].raised_by)


def _what(
    teller: _Teller, story: Sequence[Ranged], nothing: float, ranked: Sequence[Ranged] = ()
) -> Sentence:
    if not story:
        return teller.say("what", "nothing")
    head = story[0]
    told, cite = teller.measured(head.id), _cite(teller, head.id)
    because = next((c.after for c in ranked if c.gives_way_to == head.id), "")
    if because:
        said = teller.say("what", "before_others", cite=cite, story=told, because=because)
        return msgspec.structs.replace(said, about=head.id, names=[head.id])
    if nothing >= NOTHING and nothing > head.contributes:
        said = teller.say("what", "nothing_but", cite=cite, cause=teller.name(head.id))
        return msgspec.structs.replace(said, names=[head.id])
    key = {"quite": "quite", "fairly": "likely"}.get(_how_sure(head, nothing), "first")
    if head.contributes < max(NO_LEAD, nothing):
        key = "open"
    frame = len(teller.stories.words[key].split())
    joints = iter(("joined", "joined_more"))
    for text, sources in _drivers(teller, story):
        if len(f"{told} {text}".split()) + frame < MOST_WORDS:
            told = teller.stories.words[next(joints)].format(story=told, more=text)
            cite = [*cite, *sources]
    said = teller.say("what", key, cite=list(dict.fromkeys(cite)), story=told)
    return msgspec.structs.replace(said, about=head.id, names=[head.id])


def _how_sure(cause: Ranged, nothing: float) -> str:
    """quite, fairly or hardly: by the probability and the width of its 90 % interval."""
    width = cause.contributes_high - cause.contributes_low
    if cause.contributes >= ALMOST and width <= NARROW:
        return "quite"
    fairly = cause.contributes >= LIKELY and width <= FAIR and cause.contributes > nothing
    return "fairly" if fairly else "hardly"


def _drivers(teller: _Teller, story: Sequence[Ranged]) -> list[tuple[str, list[str]]]:
    """What drives the head of a story: causes that raise it, medicines that bring or worsen it, what it brings."""
    base, head = teller.base, story[0].id
    found: list[tuple[str, list[str]]] = []
    after: list[tuple[str, list[str]]] = []
    together = {c for group in teller.stories.together if head in group for c in group}
    plain: list[str] = []  # what brings it on, without words of its own
    sources: list[str] = []
    for cause in story[1:]:
        link = next((x for x in base.causes[head].raised_by if x.cause == cause.id), None)
        brought = next((x for x in base.causes[cause.id].raised_by if x.cause == head), None)
        known = bool(teller.results(cause.id))
        if not known and cause.contributes < DRIVES:
            continue
        if link is not None and _own_words(teller, cause.id, head) is None:
            if not known and teller.untested(cause.id):
                text = teller.stories.words["may_bring"].format(name=teller.name(cause.id))
                after.append((text, cites(link)))
                continue
            plain.append(teller.measured(cause.id))
            sources += cites(link)
        elif link is not None:
            found.append((_linked(teller, cause.id, head, teller.name(cause.id)), cites(link)))
        elif brought is not None:
            text = teller.stories.words["has_brought"].format(name=teller.name(cause.id))
            after.append((text, cites(brought)))
    if plain:
        text = teller.stories.words["can_bring"].format(name=teller.several(plain[:2]))
        found.append((text, sources))
    for taken in teller.told.medicines:
        group = base.medicines.get(taken.group)
        if group is None or taken.one_of > 1:
            continue
        for effect in group.effects:
            to = effect.cause == head or effect.cause in together
            raises = (effect.odds_ratio or 2.0) > 1.0
            who = not effect.members or taken.member in effect.members
            if to and raises and who and effect.holds(taken.stopped):
                name = taken.member or taken.told
                text = _linked(teller, taken.group, head, name)
                found.append((text, cites(effect)))
                break
    return [*found, *after][:2]


def _own_words(teller: _Teller, source: str, head: str) -> StoryLink | None:
    """The particular words for what drives the head, where there are any that can be filled."""
    link = next((x for x in teller.stories.links if (x.from_, x.to) == (source, head)), None)
    if link is None or ("{results}" in link.text and not teller.results(source)):
        return None
    return link


def _linked(teller: _Teller, source: str, head: str, name: str) -> str:
    link = _own_words(teller, source, head)
    if link is None:
        return teller.stories.words["medicine_can"].format(name=name)
    results = teller.results(source) if source in teller.base.causes else ""
    return link.text.format(name=name, results=results)


def _lacks(teller: _Teller, ranked: Sequence[Ranged], told: Sequence[str]) -> list[str]:
    """Causes that a result shows to be there and that explain little of the complaint."""
    return [
        c.id
        for c in ranked
        if c.present >= SHOWN_BY_RESULT
        and c.contributes < NAMED
        and c.id not in told
        and results_of(teller.base, teller.told, c.id)
    ]


def _soon(
    teller: _Teller,
    urgency: Urgency,
    story: Sequence[str],
    ranked: Sequence[Ranged],
) -> list[Sentence]:
    """What an alarm of the next weeks asks to look into.

    Of the causes that it names those which a result shows, else those likely enough to speak of, and none
    where the story explains it already.
    """
    alerts = [a for a in urgency.alerts if a.level == urgency.level == "soon"]
    if not alerts:
        return []
    named: list[str] = []
    by_id = {c.id: c for c in ranked}
    for alert in alerts:
        here = [by_id[c] for c in alert.causes if c in by_id]
        shown = [c for c in here if c.present >= SHOWN_BY_RESULT and teller.results(c.id)]
        worth = [c for c in here if c.contributes >= LOOKED_INTO or c.present >= SHOWN_BY_RESULT]
        if not set(story) & {c.id for c in here}:
            named += [c.id for c in shown or worth]
    named = sorted(dict.fromkeys(named), key=lambda c: -by_id[c].contributes)
    cite = list(dict.fromkeys(key for a in alerts for key in a.cite))
    now = _level(teller, urgency).rstrip(".")
    if not named:
        return [teller.say("also", "soon", cite, now=now)]
    names = [teller.measured(c) for c in named[:2]]
    return [teller.fitting("also", "also_soon", cite, "causes", names, now=now)]


def _also(
    teller: _Teller, others: Sequence[Ranged], lacks: Sequence[str], nothing: float = 0.0
) -> list[Sentence]:
    """What else is in play, in one sentence: other likely causes, else a lack that a result shows."""
    unknown = nothing >= NAMED
    if others:
        key = "also_unknown" if unknown else "also"
        names = [teller.measured(c.id) for c in others[:2]]
        cite = [source for c in others[:2] for source in _cite(teller, c.id)]
        said = teller.fitting("also", key, cite, "causes", names)
        named = [c.id for c, name in zip(others[:2], names, strict=True) if name in said.text]
        return [msgspec.structs.replace(said, names=named)]
    if lacks:
        cite = _cite(teller, lacks[0])
        return [teller.say("also", "lack_beside", cite=cite, name=teller.measured(lacks[0]))]
    return [teller.say("also", "else_unknown")] if unknown else []


def _first(
    teller: _Teller,
    urgency: Urgency,
    steps: Sequence[CauseSteps],
    story: Sequence[Ranged],
    nothing: float,
    easy: Sequence[str] = (),
    tests: bool = False,
) -> Sentence:
    """The first short step: what cannot wait, else what stops or treats, else what finds out.

    Of what drives the story before its head; then of other causes that a result shows. Where nothing is sure,
    what the person can leave out alone comes before any treatment. Where the head of the story is less likely
    than not, what finds out comes before what treats; where it is likelier that no cause on the list explains
    it, nothing is done about one of them first: a doctor looks.

    Args:
        nothing: the probability that nothing listed explains the complaint.
        easy: causes in play beside the story, where nothing is sure.
        tests: whether tests are ordered.
    """
    wanted = [step for cause in steps for step in cause.steps if step.leads]
    wanted += [
        step
        for cause in steps
        for step in cause.steps
        if cause.id in easy and (step.who, step.kind) == ("self", "stop")
    ]
    proven = [s.id for s in steps if teller.results(s.id)]
    if _stands_out(story, nothing):
        members = [c.id for c in story]
        raising = [c for c in members[:1] if any(_raises(teller.base, c, o) for o in members[1:])]
        order = [
            s
            for c in dict.fromkeys((*raising, *members[1:], *members[:1], *proven))
            for s in steps
            if s.id == c
        ] or [*steps]
        wanted += [s for kinds in _kinds(urgency, story[0]) for c in order for s in _of(c, kinds)]
    else:  # what a result shows is acted on all the same, and what the person takes too
        shown = [s for s in steps if s.id in proven]
        wanted += [
            s for kinds in (("stop", "treat"), ("check",)) for c in shown for s in _of(c, kinds)
        ]
        wanted += [step for cause in steps for step in _of(cause, ("stop",))]
    for step in wanted:
        if step.short:
            return teller.say("first", "do_first", cite=step.cite, step=step.short)
    if urgency.level == "routine" and teller.told.present:
        return teller.say("first", "do_look_tests" if tests else "do_look")
    now = _level(teller, urgency)
    do = urgency.alerts[0].do if urgency.alerts else ""
    if urgency.level == "soon" and SAYS_LITTLE < len(do.split()) <= MOST_DO:
        return teller.say("first", "do_level_what", now=now.rstrip("."), do=do)
    if urgency.level == "soon" and tests:
        return teller.say("first", "do_level_tests", now=now.rstrip("."))
    return teller.say("first", "do_level", now=now)


def _stands_out(story: Sequence[Ranged], nothing: float) -> bool:
    """Whether the head of a story is what to act on first: it is likelier than that nothing listed explains
    it, or another cause gives way to it, however small its number is."""
    if not story:
        return False
    head = story[0]
    return head.contributes < NAMED or head.contributes >= min(nothing, LIKELY)


def _kinds(urgency: Urgency, head: Ranged) -> tuple[tuple[str, ...], ...]:
    """Kinds of steps in the order in which they come first.

    Rest at home is no first answer to what an alarm wants looked into and nobody can name.
    """
    if head.contributes >= LIKELY:
        return ("stop", "treat"), ("check", "care")
    return (("stop",), ("check",)) if urgency.level == "soon" else (("stop",), ("check", "care"))


def _of(cause: CauseSteps, kinds: Sequence[str]) -> list[PlanStep]:
    return [step for step in cause.steps if step.kind in kinds]


def _level(teller: _Teller, urgency: Urgency) -> str:
    words = teller.base.wording.levels[urgency.wording]
    return words.now.split(". ")[0].rstrip(".") + "."


def _settle(
    teller: _Teller, about: Sequence[str], tests: Sequence[Asked], questions: Sequence[Asked]
) -> Sentence | None:
    """What would settle it: the first test of the likeliest cause in play, else the best question, else whom to see."""
    base = teller.base
    for cause in about:
        wanted = set(base.causes[cause].tests) - set(teller.told.labs)
        for test in tests:
            if test.id in wanted and test.id not in teller.told.labs:
                return teller.say("settle", "settle_test", test=test.text)
    for question in [q for q in questions if _tells(q, about)][:1]:
        told = teller.say("settle", "settle_question", question=question.text)
        if about and len(told.text.split()) <= MOST_WORDS:
            return told
    see = base.causes[about[0]].see.split(";")[0] if about else ""
    if see and see != "self-care":
        return teller.say("settle", "settle_doctor", see=see)
    return None


def _tells(question: Asked, about: Sequence[str]) -> bool:
    """Whether what the answer to a question would move most, and by enough, is one of some causes; true where
    that is not known."""
    moves, p = getattr(question, "moves", None), getattr(question, "probability", 0.0)
    if not moves:
        return moves is None
    most = max(moves, key=lambda move: abs(move.yes - move.no))
    return most.cause in about and 2 * p * (1 - p) * abs(most.yes - most.no) >= SETTLES


def _sure(teller: _Teller, story: Sequence[Ranged], nothing: float) -> Sentence:
    """How sure we are, by the probability of the head and the width of its 90 % interval."""
    if not story:
        return teller.say("sure", "sure_hardly")
    sure = _how_sure(story[0], nothing)
    if sure == "hardly":
        return teller.say("sure", "sure_hardly")
    head = story[0].id
    settled = teller.base.management[head].settled_by == "history" or bool(teller.results(head))
    key = f"sure_{sure}" if settled or sure != "quite" else "sure_unsettled"
    return teller.say("sure", key, cause=teller.name(head))


def _alarm(
    teller: _Teller,
    urgency: Urgency,
    ranked: Sequence[Ranged],
    nothing: float | None,
    steps: Sequence[CauseSteps] = (),
) -> list[Sentence]:
    """Under an alarm: what must be ruled out, what of it fits best, what to do, how sure."""
    alerts = gravest(urgency)
    cite = list(dict.fromkeys(key for a in alerts for key in a.cite))
    if alerts[0].id in OF_DESPAIR:
        besides = dangers(teller.base, teller.told, urgency)[:MOST_RULED_OUT]
        names = [teller.measured(d) if d in teller.base.causes else d for d in besides]
        return [
            teller.say("what", "despair", cite=cite),
            teller.say("first", "despair_do"),
            *([teller.fitting("also", "despair_besides", cite, "causes", names)] if names else []),
            teller.say("sure", "despair_hope"),
        ]
    if dangers(teller.base, teller.told, urgency):
        told = [_rule_out(teller, urgency, ranked, cite)]
    elif all(a.id == TAKEN for a in alerts):
        told = [teller.say("what", "alarm_taken", cite=cite)]
        story = _story(teller.base, teller.stories, ranked)
        if story and nothing is not None:
            told.append(msgspec.structs.replace(_what(teller, story, nothing, ranked), part="also"))
    else:
        low = {*teller.stories.mind} & {*teller.told.present, *teller.told.noted}
        key = "alarm_asked" if all(a.id == SOUNDS_URGENT for a in alerts) else "alarm_open"
        told = [teller.say("what", "alarm_mind") if low else teller.say("what", key, cite)]
    named = named_causes(teller.base, teller.told, urgency)
    if ranked and ranked[0].contributes >= LIKELY and ranked[0].id in named:
        head = ranked[0].id
        cause = teller.measured(head)
        told.append(teller.say("also", "alarm_fits_named", cite=_cite(teller, head), cause=cause))
    do = urgency.alerts[0].do if urgency.alerts else ""
    now = do if 0 < len(do.split()) <= MOST_DO else _level(teller, urgency)
    told.append(teller.say("first", "alarm_do", now=now))
    leads = [step for cause in steps for step in cause.steps if step.leads and step.short]
    told += [teller.say("also", "also_leads", step.cite, step=step.short) for step in leads[:1]]
    told.append(teller.say("sure", "sure_alarm"))
    return told


def _rule_out(
    teller: _Teller,
    urgency: Urgency,
    ranked: Sequence[Ranged],
    cite: Sequence[str],
) -> Sentence:
    """What must be ruled out; what a result shows is there already, and is called so."""
    first = dangers(teller.base, teller.told, urgency)[:MOST_RULED_OUT]
    likely = {c.id for c in ranked if c.present >= SHOWN_BY_RESULT}
    there = [d for d in first if d in likely and teller.outside(d)]
    names = [teller.measured(d) if d in teller.base.causes else d for d in first]
    if first[0] not in there:
        return teller.fitting("what", "rule_out", cite, "causes", names)
    shown = [teller.measured(d) for d in there]
    told = teller.fitting("what", "shown_first", cite, "causes", shown)
    rest = [name for d, name in zip(first, names, strict=True) if d not in there]
    for count in range(len(rest), 0, -1):
        more = teller.say(
            "what",
            "shown_first_more",
            cite,
            shown=teller.several(shown),
            causes=teller.several(rest[:count]),
        )
        if len(more.text.split()) <= MOST_WORDS:
            return more
    return told


def _cite(teller: _Teller, cause: str) -> list[str]:
    """The sources of how common a cause is, at most two."""
    return list(dict.fromkeys(k for p in teller.base.causes[cause].prior for k in cites(p)))[:2]
