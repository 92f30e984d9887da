"""Applies the triage rules to a case. No rule holds a negation, so more evidence never lowers urgency."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import msgspec

from stillwell.case.labs import Result, reference_range
from stillwell.case.person_in_words import is_child
from stillwell.case.understand import Understood
from stillwell.knowledge.phrases import any_of
from stillwell.knowledge.schema import Condition, Level, Test, TriageRule
from stillwell.knowledge.store import Knowledge
from stillwell.triage.red_flags import red_flags_of
from stillwell.writing import in_a_row

LEVELS: tuple[str, ...] = get_args(Level)
CALM = ("routine", "self_care")
RED = ("emergency", "today")  # levels for which the lines kept for the doctor are read too
# probability of a reading from which an alarm sign is seen though it is not claimed
PERHAPS_ALARM = 0.25
# probability of a reading under which an alert says "if you mean": a question is no miss
SURE_ALARM = 0.6
SOUNDS_URGENT = "sounds_urgent"  # the rule of the net under the rules
IN_A_WEEK = "one week"  # what an alarm of the next weeks says where two are too many
SOON_IN_A_WEEK = "soon_in_a_week"  # its wording
MOST_ASKED = 10  # signs that are asked in all; whoever denied as many is asked no more
PARTLY = "partly_understood"  # the wording of a calm case of which much was not understood
OUTSIDE = "outside_"  # how the wordings of what is none of ours begin
NOT_UNDERSTOOD = "not_understood"  # the wording of a case of which nothing was understood


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that fired.

    Attributes:
        perhaps: words that may tell what made it fire and may not; where there are any the alert says
            "if you mean".
        always: what to do stands on the card whatever the level.
        also: plain words of what must be ruled out and is no cause of the base.
    """

    id: str
    level: str
    why: str
    do: str
    within: str
    because: list[str]
    cite: list[str]
    judgement: bool
    causes: list[str] = []
    also: list[str] = []
    perhaps: list[str] = []
    always: bool = False


class Urgency(msgspec.Struct, frozen=True, kw_only=True):
    """How urgent, and every rule that says so, most urgent first.

    Attributes:
        level: emergency, today, soon, routine or self_care; `not_understood` where it cannot be said.
        understood: whether anything was understood that urgency can be judged by. Where it is false the
            level says so too, unless a rule for the same day fired; no report may say that there is no alarm sign.
        outside: what makes it none of ours (`complaint`, `animal`, `request`), or ""; see `assess/scope.py`.
        ask: signs that nobody has spoken of and that would make it urgent, most telling first; never
            more than ten, and five where enough was understood.
        partly: whether much of what was told was not understood. No report may then say that there is
            no alarm sign in what was told, only in what was understood.
    """

    level: str
    alerts: list[Alert]
    understood: bool = True
    partly: bool = False
    outside: str = ""
    ask: list[str] = []

    @property
    def wording(self) -> str:
        """The key of the wording under which reports show it."""
        if self.level in RED:
            return self.level
        if self.outside and (self.level in CALM or not self.understood):
            return f"{OUTSIDE}{self.outside}"
        if not self.understood:
            return NOT_UNDERSTOOD
        if self.level == "soon" and any(a.within == IN_A_WEEK for a in self.alerts):
            return SOON_IN_A_WEEK
        return PARTLY if self.partly and self.level in CALM else self.level

    @property
    def open(self) -> bool:
        """Whether too little was understood to say that it is not urgent."""
        return self.wording in (NOT_UNDERSTOOD, PARTLY)


def triage(case: Understood, known: Knowledge) -> Urgency:
    """The urgency of a case: the most urgent rule that holds.

    Where none holds: `self_care` if all that was told is of the kind that people look after themselves
    (a habit, sore muscles after sport) and no result is out of its range, else `routine`.
    """
    base = known.base
    case = slow_forms(case, known)
    noted = replace(
        case,
        present=[*case.present, *case.noted],
        history_present=[*case.history_present, *case.noted],
    )
    alarms = set(base.lexicon["alarm_items"])
    doubtful = [f for f, p in case.perhaps.items() if f in alarms and p >= PERHAPS_ALARM]
    doubtful += [f for f in noted.present if case.certainty.get(f, 1.0) < SURE_ALARM]
    unsure = replace(
        noted,
        present=list(dict.fromkeys([*noted.present, *doubtful])),
        history_present=list(dict.fromkeys([*noted.history_present, *doubtful])),
    )
    noted = replace(noted, present=[f for f in noted.present if f not in doubtful])
    alerts = []
    for rule in base.triage.values():
        red = rule.level in RED or rule.always
        because = holds(rule.when, noted if red else case, known)
        if because is not None:
            alerts.append(_alert(rule, because, noted if red else case, known))
        elif red:
            alerts += _perhaps(rule, unsure, doubtful, known)
    alerts += _sounds_urgent(case, known, alerts)
    alerts.sort(
        key=lambda a: (LEVELS.index(a.level), bool(a.perhaps), _shown_late(a), _breadth(a, known))
    )
    understood = not case.understood_nothing
    if not understood:
        alerts.append(_not_understood(known))
    level = min((a.level for a in alerts if a.level in LEVELS), key=LEVELS.index, default="")
    mild = is_mild(case, known) and not is_child(case.person)  # a child is shown to a doctor
    level = level or ("self_care" if mild else "routine")
    if not understood and level not in RED:
        level = NOT_UNDERSTOOD
    most = 5 if understood and not case.understood_partly else 10
    ask = [] if level == "emergency" else red_flags_to_ask(case, known, most)
    return Urgency(
        level=level, alerts=alerts, understood=understood, partly=case.understood_partly, ask=ask
    )


def slow_forms(case: Understood, known: Knowledge) -> Understood:
    """The case where a sign told as grown over months stands in for the sudden one (lexicon `slow_forms`).

    "Slurred over five months" is another sign than "slurred", with a rule of its own; the rules for the
    sudden one are not about it.
    """
    names = known.base.lexicon["slow_forms"]
    for slow, sudden in zip(names[::2], names[1::2], strict=True):
        if slow in (*case.present, *case.noted) and "onset_sudden" not in case.present:
            case = replace(
                case,
                present=[f for f in case.present if f != sudden],
                noted=[f for f in case.noted if f != sudden],
                perhaps={f: p for f, p in case.perhaps.items() if f != sudden},
            )
    return case


def _perhaps(
    rule: TriageRule, unsure: Understood, doubtful: list[str], known: Knowledge
) -> list[Alert]:
    """The alert of a rule that holds if doubtful words, or a result of doubtful unit, mean what they may mean."""
    readings = [unsure] if doubtful else []
    for read in zip(*unsure.labs_in_doubt.values(), strict=True):
        results = dict(zip(unsure.labs_in_doubt, read, strict=True))
        readings.append(replace(unsure, labs={**unsure.labs, **results}))
    for case in readings:
        because = holds(rule.when, case, known)
        if because is not None:
            words = [_in_words(f, case, known) for f in because if f in doubtful]
            names = [i.removeprefix("lab:") for i in because]
            words += [
                f"{known.base.tests[n].name} {case.labs[n].shown}"
                for n in names
                if n in unsure.labs_in_doubt
            ]
            alert = _alert(rule, because, case, known)
            return [msgspec.structs.replace(alert, perhaps=list(dict.fromkeys(words)))]
    return []


def _in_words(item: str, case: Understood, known: Knowledge) -> str:
    """The words that told an item, or its name where it only follows from something told."""
    record = known.base.findings.get(item) or known.base.history.get(item)
    return case.from_words.get(item) or (record.name if record is not None else item)


def _sounds_urgent(case: Understood, known: Knowledge, alerts: list[Alert]) -> list[Alert]:
    """A net under the rules: the words as a whole read like an alarm, and no rule has caught it."""
    if any(alert.level in RED for alert in alerts):
        return []
    net = known.base.wording.sounds_urgent
    if case.sounds_urgent.get("today", 0.0) < net.threshold:
        return []
    if not red_flags_to_ask(
        case, known, 1
    ):  # they were asked, and none fits: no word of signs below
        said = known.base.wording.alarms
        net = msgspec.structs.replace(net, why=said["asked_why"], do=said["asked_do"])
    return [
        Alert(
            id=SOUNDS_URGENT,
            level="today",
            why=net.why,
            do=net.do,
            within=net.within,
            because=[],
            cite=[],
            judgement=True,
        )
    ]


def red_flags_to_ask(case: Understood, known: Knowledge, most: int) -> list[str]:
    """Plain signs, none told, that would make this complaint urgent: at most `most`.

    Those of the complaint's checklist come first, then those that alone complete a rule, then the general
    list of the knowledge base.
    """
    told = {*case.present, *case.absent, *case.noted}
    found: list[str] = []
    for rule in known.base.triage.values():
        if rule.level in RED:
            found += sorted(completing(rule.when, case, known))
    counts = {name: found.count(name) for name in dict.fromkeys(found)}
    first = sorted(counts, key=lambda name: -counts[name])
    general = known.base.lexicon["red_flags_to_ask"]
    if is_child(case.person):
        return [n for n in red_flags_of(known, case) if n not in told][:most]
    order = red_flags_of(known, case)
    order += [n for n in general if n in first] + [n for n in general if n not in first]
    if len({*order} & {*case.absent}) >= MOST_ASKED:
        return []
    asked = dict.fromkeys(n for n in order if n not in told and not known.base.findings[n].sign)
    return list(asked)[:most]


def is_mild(case: Understood, known: Knowledge) -> bool:
    lexicon = known.base.lexicon
    harmless = {*lexicon["self_care"], *lexicon["self_care_beside"]}
    told = [f for f in case.present if known.base.findings[f].section != "course"]
    return (
        bool(set(told) & set(lexicon["self_care"]))
        and set(told) <= harmless
        and "worsening" not in case.present
        and all(r.flag == "normal" for r in case.labs.values())
    )


def _shown_late(alert: Alert) -> bool:
    """Whether, of what can wait for days, an alert stands behind those that a result proves.

    A low potassium in hand goes before the chance that a tablet lowers sodium.
    """
    proven = bool(alert.causes) and any(item.startswith("lab:") for item in alert.because)
    return alert.level == "soon" and not proven


def _breadth(alert: Alert, known: Knowledge) -> tuple[int, bool, int]:
    """How general an alert is: a rule that names one danger knows more of this case than one that names six.

    Of those that name as many, one that a medicine or a result made fire stands first, then the one that more
    of what was told made fire.
    """
    dangers = [c for c in alert.causes if not known.base.causes[c].names_no_danger]
    particular = any(i.startswith(("medicine:", "lab:")) for i in alert.because)
    return max(1, len(dangers) + len(alert.also)), not particular, -len(alert.because)


def _not_understood(known: Knowledge) -> Alert:
    """The message where nothing was understood: it is not known whether it is urgent."""
    words = known.base.wording.levels[NOT_UNDERSTOOD]
    return Alert(
        id=NOT_UNDERSTOOD,
        level=NOT_UNDERSTOOD,
        why=words.heading,
        do=words.now,
        within=words.within,
        because=[],
        cite=[],
        judgement=True,
    )


def _alert(rule: TriageRule, because: list[str], case: Understood, known: Knowledge) -> Alert:
    cite = [rule.cite] if isinstance(rule.cite, str) else list(rule.cite or [])
    do = next((i.do for i in rule.instead if holds(i.when, case, known) is not None), rule.do)
    level, within = rule.level, rule.within
    met = holds(rule.emergency_with, case, known) if rule.emergency_with else None
    if met is not None:  # "go to hospital if ...", and it was told
        words = known.base.wording.levels["emergency"]
        level, do, within, because = "emergency", words.now, words.within, [*because, *met]
    return Alert(
        id=rule.id,
        level=level,
        why=rule.why.replace("{told}", medicines_among(because, case)),
        do=do.format(told=medicines_among(because, case)),
        within=within,
        because=list(dict.fromkeys(because)),
        cite=cite,
        judgement=rule.judgement,
        causes=_nameable(rule.causes, because, case, known),
        also=rule.also,
        always=rule.always,
    )


def _nameable(
    causes: list[str], because: list[str], case: Understood, known: Knowledge
) -> list[str]:
    """The causes of a rule without those of adults where a child tells nothing that brings them."""
    if not is_child(case.person):
        return causes
    return [
        c
        for c in causes
        if not (record := known.base.causes[c]).adults_only
        or {r.factor for r in record.risk_factors} & set(because)
    ]


def medicines_among(because: list[str], case: Understood) -> str:
    """The medicines among what made a condition hold, in the person's own words."""
    taken = (*case.medicines, *case.supplements)
    names = [
        m.member or m.told
        for item in because
        if item.startswith("medicine:")
        for m in taken
        if item.removeprefix("medicine:") in (m.group, m.member)
    ]
    return in_a_row(list(dict.fromkeys(names)))


def holds(when: Condition, case: Understood, known: Knowledge) -> list[str] | None:
    """The items that make a condition true, or None where it is not."""
    if when.all is not None:
        parts = [holds(part, case, known) for part in when.all]
        return None if any(p is None for p in parts) else [i for p in parts for i in p or []]
    if when.any is not None:
        parts = [p for part in when.any if (p := holds(part, case, known)) is not None]
        return [i for p in parts for i in p or []] if parts else None
    if when.at_least is not None:
        count, choices = when.at_least
        parts = [p for part in choices if (p := holds(part, case, known)) is not None]
        return [i for p in parts for i in p or []] if len(parts) >= count else None
    if when.lab is not None or when.result is not None:
        return _holds_of_results(when, case, known)
    if when.vital is not None:
        beyond = any(
            _beyond(reading.value, reading.bound, when)
            for reading in case.vitals.get(when.vital, [])
        )
        return [f"vital:{when.vital}"] if beyond else None
    if when.daily is not None:
        return _daily(when.daily, case, known)
    return _single(when, case)


def _single(when: Condition, case: Understood) -> list[str] | None:
    if when.finding is not None:
        return [when.finding] if when.finding in case.present else None
    if when.history is not None:
        return [when.history] if when.history in case.history_present else None
    if when.dose is not None:
        for taken in case.supplements:
            if (
                taken.group == when.dose
                and not taken.stopped
                and (taken.dose or 0) > (when.above or 0)
            ):
                return [f"medicine:{when.dose}"]
        return None
    for name, stopped in ((when.medicine, False), (when.stopped, True)):
        if name is not None:
            for taken in (*case.medicines, *case.supplements):
                if name in (taken.group, taken.member) and taken.stopped == stopped:
                    return [f"medicine:{name}"]
            return None
    if when.age_from is not None:
        old = case.person.age is not None and case.person.age >= when.age_from
        return [f"age {when.age_from} or over"] if old else None
    if when.age_below is not None:
        young = case.person.age is not None and case.person.age < when.age_below
        return [_age_under(when.age_below)] if young else None
    if when.pregnant is not None:
        return ["pregnant"] if "pregnant" in case.history_present else None
    return None


def _daily(name: str, case: Understood, known: Knowledge) -> list[str] | None:
    """Whether the entry of a medicine says that it is taken every day, and not once a week."""
    words = {key: any_of(known.base.lexicon[f"say_{key}"]) for key in ("daily", "daily_not")}
    for taken in case.medicines:
        said = taken.told.lower()
        if (
            name in (taken.group, taken.member)
            and not taken.stopped
            and words["daily"].search(said)
        ):
            return None if words["daily_not"].search(said) else [f"medicine:{name}"]
    return None


def _age_under(years: float) -> str:
    """A limit of age as people say it: in months below two years."""
    return f"age under {years:g}" if years >= 2 else f"age under {round(years * 12)} months"


def _holds_of_results(when: Condition, case: Understood, known: Knowledge) -> list[str] | None:
    if when.result is not None:
        found = [
            f"lab:{name}"
            for name, result in case.labs.items()
            if (result.critical if when.result == "critical" else result.marked)
        ]
        if when.result == "critical":
            found += case.critical_unknown
        return found or None
    result = case.labs.get(when.lab or "")
    if result is None:
        return None
    held = when.below is None and when.above is None and when.flag is None  # any result of it
    held = held or (when.flag is not None and result.flag == when.flag)
    held = held or _beyond(result.value, result.censored, when)
    held = held or _flag_says(result, when, known.base.tests[result.test])
    return [f"lab:{when.lab}"] if held else None


def _beyond(value: float | None, bound: str, when: Condition) -> bool:
    """Whether a value lies beyond a threshold; "<2.5" lies below 2.5, and ">6.5" above it."""
    if value is None:
        return False
    if when.below is not None and bound != ">":
        at_bound = bound == "<" and value <= when.below
        if at_bound or value < when.below:
            return True
    if when.above is not None and bound != "<":
        at_bound = bound == ">" and value >= when.above
        return at_bound or value > when.above
    return False


def _flag_says(result: Result, when: Condition, test: Test) -> bool:
    """Whether a bare "low" or "high" reaches a rule.

    It does where the rule's threshold is the reference limit or nearer to the middle, and where the
    laboratory calls the result critical.
    """
    if result.value is not None and not result.critical:
        return False
    usual = reference_range(test, None, None, None)
    if when.below is not None and result.flag == "low":
        return result.critical or (usual.low is not None and when.below >= usual.low)
    if when.above is not None and result.flag == "high":
        return result.critical or (usual.high is not None and when.above <= usual.high)
    return False


def completing(when: Condition, case: Understood, known: Knowledge) -> set[str]:
    """The findings, none of them told, one of which is all that a condition lacks."""
    if when.all is not None:
        open_parts = [part for part in when.all if holds(part, case, known) is None]
        return completing(open_parts[0], case, known) if len(open_parts) == 1 else set()
    if when.any is not None:
        return set().union(*(completing(part, case, known) for part in when.any))
    if when.at_least is not None:
        count, parts = when.at_least
        held = sum(holds(part, case, known) is not None for part in parts)
        if held != count - 1:
            return set()
        return set().union(
            *(completing(part, case, known) for part in parts if not holds(part, case, known))
        )
    told = {*case.present, *case.absent}
    return {when.finding} if when.finding is not None and when.finding not in told else set()
