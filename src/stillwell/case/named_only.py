"""Tells which claims were guessed from the name of a medicine, or from letters that are no word at all."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stillwell.case.medicines_in_words import NamedMedicine
from stillwell.case.readers import Readers
from stillwell.case.settled import OF_MOTHERS
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of, tokens
from stillwell.language.claims import Claim
from stillwell.language.durations import ONSETS
from stillwell.language.marks import sentence_at

_DOSE = compiled(
    r"\d*(?:mg|mcg|ug|g|iu|ml|units?|k|a|day|daily|per|x|tablets?|capsules?)|[a-z]?\d+"
)
GUESS = 0.6  # probability under which what unknown letters were read as is a guess: judgement
UNEVEN = "irregular_or_slow_heartbeat"
OF_MEDICINES = {
    "after_new_medicine_or_dose_change": ("wished", "past", "other"),
    "after_stopping_medicine_or_substance": ("past", "wished", "other"),
}


def is_only_a_name(claim: Claim, mentioned: list[NamedMedicine], readers: Readers) -> bool:
    """Whether words tell no symptom and no illness, but only the name of a medicine or unknown letters.

    What a medicine tells of an illness of the person ("insulin") stays where it is read surely. That a
    medicine is new, or was stopped, is not told by one that is only thought of or long past.
    """
    if claim.kind not in ("present", "perhaps"):
        return False
    words = [w for w in tokens(claim.words) if any(c.isalpha() for c in w)]
    names = [one for one in mentioned if set(tokens(one.told)) & set(words)]
    classes = dict(pair.split(" = ") for pair in readers.known.base.lexicon["history_of_class"])
    if claim.id in classes and names:  # "paracetamol for my back" is no opioid
        group = classes[claim.id]
        return not any(target.split(":")[0] == group for one in names for target in one.targets)
    if claim.id in OF_MEDICINES:
        return bool(names) and all(one.status in OF_MEDICINES[claim.id] for one in names)
    known = {w for one in mentioned for w in tokens(one.told)}
    small = readers.names.lexicon["taking"] | readers.names.lexicon["denial_link"]
    rest = [w for w in words if w not in known and w not in small and not _DOSE.fullmatch(w)]
    dosed = any(_DOSE.fullmatch(w) for w in words) and any(c.isdigit() for c in claim.words)
    if not rest and (names or dosed):
        finding = claim.id in readers.known.base.findings
        return finding or claim.kind == "perhaps" or claim.id in OF_MOTHERS
    if not rest or claim.probability >= GUESS:
        return False
    kind, is_unknown = readers.names.grammar.kind, readers.names.strange.is_unknown
    return all(not kind(w) and is_unknown(w) for w in rest)


def is_only_small_words(claim: Claim, text: str, results: bool, readers: Readers) -> bool:
    """Whether something is read in a bare number or in small words alone ("or so", "myself", "52").

    Args:
        results: whether results were read in the text, of which words are left ("bloods came back").

    Such words tell nothing by themselves; beside any word of self-harm, thoughts of suicide stand.
    """
    if claim.kind not in ("present", "perhaps"):
        return False
    lexicon = readers.known.base.lexicon
    low = text.lower().replace("’", "'")
    if claim.id == "suicidal_thoughts" and any_of(lexicon["self_harm"]).search(low):
        return False
    words = [w for w in re.findall(r"[\w']+", claim.words.lower().replace("’", "'"))]
    letters = [w for w in words if any(c.isalpha() for c in w)]
    if not letters:
        return claim.id not in ONSETS
    small = set(lexicon["says_nothing"])
    if results and set(letters) & {"bloods", "test", "tests", "result", "results"}:
        small |= set(lexicon["around_results"])
    return set(letters) <= small


def tells_nothing_doubtful(claim: Claim, claims: Iterable[Claim], readers: Readers) -> bool:
    """Whether a sign is only doubtfully read in words that hold nothing of it: "want me to", "my legs keep".

    Small words and verbs that only lead to another tell nothing. With a part of the body they tell nothing where a
    surer reading explains them: "my legs keep jerking", read as jerks, is no fit by "my legs keep".
    """
    if claim.kind != "perhaps":
        return False
    lexicon, grammar = readers.known.base.lexicon, readers.names.grammar
    small = {*lexicon["says_nothing"], *lexicon["leads_on"]}
    rest = [w for w in tokens(claim.words) if w[0].isalpha() and w not in small]
    if not rest:
        return bool(set(tokens(claim.words)) & {*lexicon["leads_on"]})
    return all(grammar.kind(w) == "body" for w in rest) and any(
        other.kind == "present"
        and other.id != claim.id
        and other.probability > claim.probability
        and other.start <= claim.start
        and claim.stop < other.stop
        for other in claims
    )


def is_known_rhythm(
    claim: Claim, text: str, mentioned: list[NamedMedicine], readers: Readers
) -> bool:
    """Whether an uneven pulse is told only as an illness that is known ("warfarin for AF"), and not as new."""
    if claim.id != UNEVEN or claim.kind not in ("present", "perhaps"):
        return False
    lexicon = readers.known.base.lexicon
    words = {w for w in tokens(claim.words) if any(c.isalpha() for c in w)}
    first, last = sentence_at(text, claim.start)
    sentence = text[first:last].lower().replace("’", "'")
    named = {w for one in mentioned for w in tokens(one.told)}
    words -= named | readers.names.lexicon["taking"]
    only = bool(words) and words <= set(lexicon["known_rhythm"])
    return only and not any_of(lexicon["rhythm_is_new"]).search(sentence)


def is_of_food(claim: Claim, reactions: list[str], readers: Readers) -> bool:
    """Whether a finding only tells what a food or medicine always does, or an item is not named at all.

    "Can't have gluten" names no coeliac disease, "hit my head" no headache (lexicon `named_by_<id>`).

    Args:
        reactions: segments that tell such reactions ("come out in hives with shellfish").
    """
    if claim.kind not in ("present", "perhaps"):
        return False
    words = " ".join(w for w in tokens(claim.words) if w not in ",.;:!?()")
    if claim.id in readers.known.base.findings and any(words in told for told in reactions):
        return True
    lexicon = readers.names.lexicon
    named = lexicon.get("named_by_" + claim.id)
    return named is not None and not named & set(words.split())
