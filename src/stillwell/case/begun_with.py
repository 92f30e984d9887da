"""Beginnings told by what they began with: a medicine ("two weeks of sertraline"), an effort on a named day, or an
event to which the time is counted ("started four weeks after")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from stillwell.case.medicines_in_words import NamedMedicine
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of
from stillwell.language.claims import Claim
from stillwell.language.durations import (
    DAYS_OF_ONSET,
    ONSETS,
    WEEKDAY,
    days_told,
    onset_told,
    without_how_often,
)
from stillwell.language.marks import asks_in, sentence_at

NEW_MEDICINE = "after_new_medicine_or_dose_change"
EFFORT = ("after_unusual_exertion", "muscle_soreness_after_exercise")
NEW = 42.0  # days for which a medicine that is told with its time counts as new: judgement
TOLD = 0.7  # how surely such words tell when it began: judgement
_LEADS_TO = compiled(
    r"(?P<time>(?:\w+ ){0,2}\w+) (?:of|on|into|taking|into taking)(?: (?:my|the|a|taking|being on|high|low|dose|new)){0,3}$"
)
_GOES_ON = compiled(
    r"^(?: ?\d+ ?m?c?g)?(?: (?:a|per|each|every) day| daily| nightly)?(?: now)? "
    r"(?P<time>(?:for|since|over|only|just|about|the|last|past|nearly|almost) (?:\w+ ){0,3}\w+)"
)
_COUNTED_TO = compiled(
    r"\b(?:started|began|begun|came on|come on|kicked in|appeared|developed|set in|crept in)\b[^.!?\n]{0,25}? "
    r"(?P<time>\w+ (?:days?|weeks?|fortnights?|months?)) (?:after|later|afterwards)\b"
)
_CLOSE = compiled(
    r"[^,.;!?\n()]*(?:,(?: \w+){1,3}(?=[,.;!?\n]|$))?"
)  # to the comma, and ", last Thursday,"
_THEN_NOW = compiled(
    rf"\b{WEEKDAY}\b.{{0,200}}\b(?:it'?s|it is|today is|today'?s)(?: now| only)? {WEEKDAY}\b", re.S
)


def with_joint_beginning(
    claims: list[Claim],
    text: str,
    mentioned: Iterable[NamedMedicine],
    complaints: Iterable[str],
    lexicon: Mapping[str, list[str]],
) -> list[Claim]:
    """The claims with a beginning that is told by what it began with, where none was read surely.

    Args:
        complaints: ids of the findings that people complain of.
    """
    if any(c.id in ONSETS and c.kind in ("present", "denied", "not_now") for c in claims):
        return claims
    wanted = set(complaints)
    if not any(c.kind == "present" and c.id in wanted for c in claims):
        return claims
    low = text.lower().replace("’", "'")
    new = _on_medicine(low, mentioned, lexicon)
    told = new or _by_effort(low, claims) or _by_event(low)
    if told is None:
        return claims
    onset, start, stop = told
    kept = [c for c in claims if c.id not in ONSETS]
    if new is not None and not any(c.id == NEW_MEDICINE and c.kind == "present" for c in kept):
        kept = [c for c in kept if c.id != NEW_MEDICINE]
        kept.append(Claim(NEW_MEDICINE, "present", TOLD, text[start:stop], start, stop, "present"))
    kept.append(Claim(onset, "present", TOLD, text[start:stop], start, stop, "present"))
    return kept


Told = tuple[str, int, int]


def _on_medicine(
    low: str, mentioned: Iterable[NamedMedicine], lexicon: Mapping[str, list[str]]
) -> Told | None:
    """The beginning told by the time for which a new medicine is taken; none where it is taken for what ails."""
    low = without_how_often(low)  # "10 puffs a day of" a medicine is its dose
    for one in mentioned:
        at = low.find(one.told.lower())
        if at < 0 or one.status != "taking":
            continue
        first, last = sentence_at(low, at)
        end = at + len(one.told)
        if any_of(lexicon["taken_for_it"]).search(low[first:last]):
            continue
        before = _LEADS_TO.search(re.sub(r"[^\w']+", " ", low[first:at]).rstrip())
        after = _GOES_ON.search(re.sub(r"[^\w' ]+.*", "", low[end:last]))
        times = [found["time"] for found in (before, after) if found]
        clause = re.split(r"[.,;!?\n]", low[first:last][: end - first])[-1] + low[end:last]
        clause = re.split(r"[.,;!?\n]|\b(?:and|but|now|so)\b", clause)[0]
        begun = set(re.findall(r"[\w']+", clause)) & set(lexicon["starting_medicine"])
        if begun and onset_told(clause) == "onset_within_days":
            times.append(clause)
        counted = [days for time in times if (days := days_told(time)) is not None]
        if not counted and begun and times:
            counted = [1.0]  # "yesterday", "on Friday"
        if not counted or counted[0] > NEW:
            continue
        onset = "onset_within_days" if counted[0] <= DAYS_OF_ONSET else "onset_weeks_to_months"
        return onset, first + len(low[first:last]) - len(low[first:last].lstrip()), last
    return None


def _by_effort(low: str, claims: list[Claim]) -> Told | None:
    """The beginning told by the day of an effort ("did leg day on Saturday", "... and now it's Monday")."""
    effort = [c for c in claims if c.id in EFFORT and c.kind in ("present", "perhaps")]
    if not effort:
        return None
    named = _THEN_NOW.search(low)
    if named:
        return "onset_within_days", *named.span()
    for claim in effort:
        first, last = sentence_at(low, claim.start)
        start = max(first, *(low.rfind(mark, first, claim.start) + 1 for mark in ",("))
        behind = _CLOSE.match(low, claim.stop)
        part = low[start : min(last, behind.end() if behind else claim.stop)]
        if onset_told(part) == "onset_within_days" and not asks_in(low[first : last + 1]):
            return "onset_within_days", claim.start, claim.stop
    return None


def _by_event(low: str) -> Told | None:
    """The beginning told as a time after an event, where the event itself is dated ("since March ... 4 weeks after")."""
    found = _COUNTED_TO.search(low)
    if found is None:
        return None
    rest = low[: found.start()] + " . " + low[found.end() :]
    dated = [o for part in re.split(r"[.,;!?\n]", rest) if (o := onset_told(part)) is not None]
    if not dated or any(o not in ("onset_within_days", "onset_weeks_to_months") for o in dated):
        return None
    return dated[0], *found.span()
