"""Claims that exact words turn: ways of speaking, spasm in panic, "cold turkey" from what is no drink."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from stillwell.knowledge.phrases import any_of
from stillwell.language.claims import Claim, Claims, claims_in
from stillwell.language.marks import sentence_at

SPASM = "carpopedal_spasm"
OVERBREATHING = "hyperventilation"
WEAK = frozenset(
    ["leg_weakness", "generalised_weakness", "fatigable_weakness", "proximal_weakness"]
)
EFFORT = frozenset(["muscle_soreness_after_exercise", "after_unusual_exertion"])
DARK_URINE, SORE = "dark_urine", "muscle_soreness_after_exercise"
NO_WALKING, PROXIMAL = "cannot_walk_or_stand", "proximal_weakness"
STOPPED_DRINK = "stopped_alcohol"


def without_idioms(told: Claims, text: str, lexicon: Mapping[str, list[str]]) -> Claims:
    """The claims, where ways of speaking ("jump out of my skin") tell nothing of death or despair.

    The text is read a second time with a plain phrase in their place; what that reading does not find of
    the items in `not_by_idiom` was told by the way of speaking alone.
    """
    wary = set(lexicon["not_by_idiom"])
    if not any(c.id in wary for c in told.of("present", "perhaps")):
        return told
    low = text.lower().replace("’", "'")
    plain = low
    kinds = (
        ("idioms_of_longing", "longing_is"),
        ("idioms_of_shame", "shame_is"),
        ("idioms", "idiom_is"),
    )
    for ways, is_ in kinds:
        plain = any_of(lexicon[ways]).sub(lexicon[is_][0], plain)
    if plain == low:
        return told
    again = claims_in(plain)
    kept = {c.id: c for c in again.claims if c.id in wary}
    claims = [kept.get(c.id) if c.id in wary else c for c in told.claims]
    whole = {level: min(p, again.whole.get(level, p)) for level, p in told.whole.items()}
    return Claims([c for c in claims if c is not None], whole)


def without_anger(text: str, lexicon: Mapping[str, list[str]]) -> tuple[str, list[str]]:
    """(the text, the ways of being cross that it held): "could murder my flatmate" tells of no harm and no despair.

    Any word of earnest (a means, a plan, voices, fear of it, a baby) leaves every word as it stands.
    """
    low = text.lower().replace("’", "'")
    ways = any_of(lexicon["idioms_of_anger"])
    found = [m[0] for m in ways.finditer(low)]
    if not found or any_of(lexicon["meant_in_earnest"]).search(low):
        return text, []
    return ways.sub(lexicon["anger_is"][0], low), found


def as_part_of_panic(claim: Claim, text: str, lexicon: Mapping[str, list[str]]) -> Claim:
    """Spasm of the hands that is told only of panic, as the over-breathing that it comes of; else the claim."""
    if claim.id != SPASM or claim.kind not in ("present", "perhaps"):
        return claim
    first, last = sentence_at(text, claim.start)
    sentence = text[first:last].lower().replace("’", "'")
    whole = text.lower().replace("’", "'")
    if not any_of(lexicon["panic_then"]).search(sentence) or any_of(lexicon["panic_not"]).search(
        whole
    ):
        return claim
    return replace(claim, id=OVERBREATHING)


def is_of_other_than_drink(
    claim: Claim, text: str, left: list[str], lexicon: Mapping[str, list[str]]
) -> bool:
    """Whether "I stopped ..." read as alcohol tells of a medicine or another habit, and of no drink.

    Args:
        left: names of the medicines that the text says were left.
    """
    if claim.id != STOPPED_DRINK:
        return False
    low = re.sub(r"[^\w' ]+", " ", text.lower().replace("’", "'"))
    if any_of(lexicon["of_drink"]).search(low):
        return False
    return bool(left) or any_of(lexicon["left_instead"]).search(low) is not None


def is_heaviness(claim: Claim, lexicon: Mapping[str, list[str]]) -> bool:
    """Whether legs told only as heavy ("like lead") were read as weak; heaviness is a finding of its own."""
    words = set(re.findall(r"[a-z']+", claim.words.lower()))
    there = claim.id in WEAK and claim.kind in ("present", "perhaps")
    if not there or words <= set(lexicon["only_heavy"]):
        return there
    low = claim.words.lower().replace("’", "'")
    weak = {*lexicon["weak"]} - {"heavy"}
    lost = any_of(
        [*weak, *lexicon["weak_indeed"], *lexicon["on_stairs"], *lexicon["walks_no_more"]]
    )
    # "won't work right, like lead" tells of more than weight
    denied = words & {*lexicon["negation"], "can't", "cant", "cannot", "won't", "wont"}
    heavy = any_of(lexicon["say_heavy"]).search(low) is not None
    return heavy and not denied and not lost.search(low)


def as_weak_on_stairs(claim: Claim, text: str, lexicon: Mapping[str, list[str]]) -> Claim:
    """Legs that fail on stairs or out of a chair, read as "cannot walk or stand": weak at hip and thigh.

    Where the same sentence tells of walking, standing or falling, the claim stays.
    """
    if claim.id != NO_WALKING or claim.kind not in ("present", "perhaps"):
        return claim
    first, last = sentence_at(text, claim.start)
    sentence = text[first:last].lower().replace("’", "'")
    on_stairs = any_of(lexicon["on_stairs"]).search(sentence)
    if not on_stairs or any_of(lexicon["walks_no_more"]).search(sentence):
        return claim
    return replace(claim, id=PROXIMAL)


def as_sore(claims: list[Claim], text: str, lexicon: Mapping[str, list[str]]) -> list[Claim]:
    """The claims, where muscles told as sore after exercise, and not as weak, are sore: "can barely get downstairs".

    Any word of strength that is lost, of dark urine or of legs that give way leaves the weakness as it was read.
    """
    low = text.lower().replace("’", "'")
    read = any(c.id in EFFORT and c.kind == "present" for c in claims)
    if not read and not any_of(lexicon["hard_effort"]).search(low):
        return claims
    if any_of(lexicon["weak_indeed"]).search(low) or any(
        c.id == DARK_URINE and c.kind in ("present", "perhaps") for c in claims
    ):
        return claims
    found = []
    for claim in claims:
        first, last = sentence_at(text, claim.start)
        weak = claim.id in WEAK and claim.kind in ("present", "perhaps")
        if weak and any_of(lexicon["sore_words"]).search(low[first:last]):
            found.append(replace(claim, id=SORE))
        else:
            found.append(claim)
    return found


def is_moved_on_purpose(claim: Claim, text: str, lexicon: Mapping[str, list[str]]) -> bool:
    """Whether a movement is one that the teller makes: "I shake my hand out", "we shook hands"."""
    if claim.id not in lexicon["moved_on_purpose_items"] or claim.kind not in (
        "present",
        "perhaps",
    ):
        return False
    low = text.lower().replace("’", "'")
    acts = list(any_of(lexicon["moved_on_purpose"]).finditer(low))
    if not any(m.start() < claim.stop and m.end() > claim.start for m in acts):
        return False
    inside = {at for act in acts for at in range(*act.span())}
    rest = "".join(" " if at in inside else low[at] for at in range(claim.start, claim.stop))
    moves = {*lexicon["shake"], *lexicon["twitch"], *lexicon["jerk"], "flap", "flaps", "flapping"}
    return not set(re.findall(r"[a-z']+", rest)) & moves


def without_carers_own(
    text: str, about_kin: bool, lexicon: Mapping[str, list[str]]
) -> tuple[str, str]:
    """(the text about somebody cared for, what the carer says of themselves in it).

    Args:
        about_kin: whether the text is about somebody else, told by a carer.
    """
    if not about_kin:
        return text, ""
    fine, others = (
        any_of(lexicon["carer_fine"]),
        any_of([*lexicon["third_person"], *lexicon["kin"]]),
    )
    own, kept = [], []
    for part in re.split(r"(?<=[.!?\n])", text):
        low = part.lower().replace("\u2019", "'")
        if not fine.search(low):
            kept.append(part)
        elif others.search(low):
            own.append(fine.search(low)[0])  # type: ignore[index]
            kept.append(fine.sub(" ", low))
        else:
            own.append(part)
    return "".join(kept), " ".join(p.strip() for p in own)
