"""Which of the network's claims hold beside what exact readers read in the same words, and what others become.

Each filter knows one kind of misreading; what is left out or turned is noted where the person should see it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from stillwell.case.alarm_words import AlarmSign
from stillwell.case.alcohol import is_little_alcohol
from stillwell.case.asked_symptoms import asked_as_there
from stillwell.case.awake import with_awake
from stillwell.case.beginnings import with_beginning
from stillwell.case.begun_with import with_joint_beginning
from stillwell.case.births import with_birth
from stillwell.case.body_parts import with_parts_told
from stillwell.case.eating_in_words import reactions_told
from stillwell.case.fluids import without_little_drunk
from stillwell.case.flushes import without_flushes
from stillwell.case.labs import read_labs
from stillwell.case.little import is_little
from stillwell.case.medicines_in_words import NamedMedicine
from stillwell.case.misread import (
    as_doubtful,
    as_guessed,
    dated_by_what_ails,
    is_misread,
    is_usual_dose,
)
from stillwell.case.model import Case, Lab
from stillwell.case.named_only import (
    is_known_rhythm,
    is_of_food,
    is_only_a_name,
    is_only_small_words,
    tells_nothing_doubtful,
)
from stillwell.case.periods import with_periods
from stillwell.case.readers import Readers
from stillwell.case.relief import with_relief
from stillwell.case.rest_tremor import as_shaking_at_rest
from stillwell.case.said_exactly import LAST, PREFIX, with_exact
from stillwell.case.sentences import Grammar, Segment, Whose, is_of_kin, statements
from stillwell.case.settled import OF_MOTHERS, OF_WOMEN, may_be_pregnant
from stillwell.case.sides import with_side
from stillwell.case.turned_claims import (
    OVERBREATHING,
    SPASM,
    as_part_of_panic,
    as_sore,
    as_weak_on_stairs,
    is_heaviness,
    is_moved_on_purpose,
    is_of_other_than_drink,
)
from stillwell.case.understood import Understood
from stillwell.knowledge.phrases import any_of, either, tokens
from stillwell.language.claims import Claim
from stillwell.language.marks import sentence_at

SALTS_OF_SPASM = frozenset(["calcium_total", "calcium_ionised", "magnesium", "potassium"])
AFTER_MENOPAUSE = "postmenopausal"
MENOPAUSE_FROM = 40  # years; earlier it is premature by definition, and told by its name
ALCOHOL = "alcohol_heavy"
HARM_TO_OTHERS = "thoughts_of_harming_others"
OF_DYING = ("suicidal_thoughts", "suicide_plan", "low_mood")
FAMILY = "family_"  # items of history that are told of relatives
SURE_OF_KIN = (
    0.6  # a sign read with less, in a clause about a relative only, is the relative's: judgement
)


@dataclass(frozen=True)
class Beside:
    """What exact readers read in the same words.

    Attributes:
        measured: home measurements, as told.
        strange: names of medicines that are not known.
    """

    labs: list[Lab]
    measured: list[str]
    signs: list[AlarmSign]
    mentioned: list[NamedMedicine]
    strange: list[str]


def believed(
    claims: list[Claim], text: str, beside: Beside, understood: Understood, readers: Readers
) -> tuple[list[Claim], list[tuple[int, int]]]:
    """The claims that hold, and the places of all words that were read, flushes and kin among them."""
    lexicon = readers.known.base.lexicon
    mentioned, strange = beside.mentioned, set(beside.strange)
    left = [one.told for one in mentioned if one.status == "stopped"]
    guessed = lexicon["guessed_from_signs"]
    kept = [
        c
        for c in claims
        if not (
            _is_measured(c, beside.measured)
            or _cannot_be(c, text, understood, readers)
            or _only_stops(c, text, readers)
            or _is_of_others(c, text, beside.signs, readers)
            or is_of_other_than_drink(c, text, left, lexicon)
            or (c.id in guessed and _is_word_of_sign(c, beside.signs))
            or is_heaviness(c, lexicon)
            or is_misread(c, text, lexicon)
            or is_only_small_words(c, text, bool(beside.labs), readers)
            or is_moved_on_purpose(c, text, lexicon)
            or is_usual_dose(c, mentioned, lexicon)
            or tells_nothing_doubtful(c, claims, readers)
        )
    ]
    kept = with_awake(kept, text, lexicon)
    kept = with_parts_told(kept, text, understood, lexicon)
    kept = with_periods(kept, text, lexicon)
    kept, drunk = without_little_drunk(kept, text, lexicon)
    kept = dated_by_what_ails(kept, text, mentioned, lexicon, readers.names.grammar)
    kept = with_beginning(kept, text, mentioned, readers.known.base, readers.names.grammar)
    findings = readers.known.base.findings
    exact = [i for i in findings if f"{PREFIX}{i}" in lexicon or f"{LAST}{i}" in lexicon]
    kept = with_exact(kept, text, lexicon, exact, readers.names.grammar)
    kept = asked_as_there(kept, text, lexicon, findings)
    kept = with_birth(kept, text, understood.person, lexicon)
    complaints = [i for i, finding in findings.items() if finding.complaint]
    kept = with_joint_beginning(kept, text, mentioned, complaints, lexicon)
    kept = with_side(kept, text, complaints, lexicon)
    kept = [as_guessed(as_doubtful(c, text, lexicon), text, lexicon) for c in kept]
    kept = as_shaking_at_rest(kept, text, lexicon)
    kept = [as_weak_on_stairs(c, text, lexicon) for c in kept]
    kept = _each_once(as_sore(kept, text, lexicon))
    kept = with_relief(kept, text, lexicon)
    kept = _panic_told(kept, text, understood, readers, beside.labs)
    reacts = reactions_told(text, readers.names.grammar)
    small = readers.names.lexicon["taking"] | readers.names.lexicon["first_person"] | strange
    kept = [
        c
        for c in kept
        if not (
            is_only_a_name(c, mentioned, readers)
            or is_known_rhythm(c, text, mentioned, readers)
            or is_of_food(c, reacts, readers)
            or (strange and set(tokens(c.words)) <= small)  # "take froobax"
        )
    ]
    spans = [(c.start, c.stop) for c in kept] + drunk
    kept, flushes = without_flushes(kept, text, lexicon)
    said = readers.known.base.wording.readings["flush"]
    understood.unclear += [said.format(words=words) for words in flushes]
    said = readers.known.base.wording.readings["little_drunk"]
    understood.unclear += [said.format(words=text[a:b].strip()) for a, b in drunk]
    return _guarded(kept, text, understood, readers), spans


def _is_measured(claim: Claim, measured: list[str]) -> bool:
    """Whether the words of a claim are a home measurement, which its exact reader judges."""
    words = claim.words.lower()
    return any(shown in words or words in shown for shown in measured)


def _cannot_be(claim: Claim, text: str, understood: Understood, readers: Readers) -> bool:
    """Whether words tell of somebody what cannot be, as a pregnant man: a misreading, not a mistake.

    Periods that stopped at 22 are no menopause, unless that is named.
    """
    person = understood.person
    if person.sex == "male" and claim.id in OF_WOMEN:
        return True
    if claim.id == AFTER_MENOPAUSE and (person.age or MENOPAUSE_FROM) < MENOPAUSE_FROM:
        low = text.lower()
        return not any_of(readers.known.base.lexicon["menopause_named"]).search(low)
    return claim.id in OF_MOTHERS and not may_be_pregnant(person)


def _only_stops(claim: Claim, text: str, readers: Readers) -> bool:
    """Whether words read as thoughts of suicide only tell of giving up a habit, or of doing it alone.

    Anything in the text that may tell of death or of giving up on life leaves the reading as it is.
    """
    if claim.id != "suicidal_thoughts":
        return False
    lexicon = readers.known.base.lexicon
    low = text.lower().replace("’", "'")
    if any_of(lexicon["self_harm"]).search(low):
        return False
    return all(any_of(lexicon[name]).search(low) for name in ("giving_up", "habit"))


def _is_of_others(claim: Claim, text: str, signs: list[AlarmSign], readers: Readers) -> bool:
    """Whether words read as thoughts of suicide tell of killing somebody else, and nothing of oneself."""
    if claim.id not in OF_DYING or all(sign.id != HARM_TO_OTHERS for sign in signs):
        return False
    first, last = sentence_at(text, claim.start)
    return not any_of(readers.known.base.lexicon["of_oneself"]).search(text[first:last].lower())


def _is_word_of_sign(claim: Claim, signs: list[AlarmSign]) -> bool:
    """Whether an unsure finding was guessed from the very words in which an exact sign is told."""
    words = " ".join(tokens(claim.words))
    return (
        claim.kind in ("present", "perhaps")
        and claim.probability < SURE_OF_KIN
        and any(words in sign.words or sign.words in words for sign in signs)
    )


def _each_once(claims: list[Claim]) -> list[Claim]:
    """The claims, of two of one item the surer where one was turned into the other."""
    best: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        key = (claim.id, claim.kind)
        if key not in best or claim.probability > best[key].probability:
            best[key] = claim
    told = {name for name, kind in best if kind == "present"}
    return [c for (name, kind), c in best.items() if kind != "perhaps" or name not in told]


def _panic_told(
    claims: list[Claim],
    text: str,
    understood: Understood,
    readers: Readers,
    labs: list[Lab],
) -> list[Claim]:
    """The claims, with spasm that is told only of panic as the over-breathing it comes of.

    Beside a result of calcium or magnesium that is not normal it stays spasm.
    """
    base, found = readers.known.base, list[Claim]()
    salts = [lab for lab in labs if lab.name in SALTS_OF_SPASM]
    if salts and any(c.id == SPASM for c in claims):
        read, _ = read_labs(Case(person=understood.person, labs=salts), readers.known)
        if len(read) < len({lab.name for lab in salts}) or any(
            result.flag != "normal" for result in read.values()
        ):
            return claims
    for claim in claims:
        turned = as_part_of_panic(claim, text, base.lexicon)
        if turned is not claim:
            understood.unclear.append(base.wording.readings["in_panic"].format(words=claim.words))
        found.append(turned)
    spoken = {c.id: c for c in found if c.id != OVERBREATHING}
    breathing = [c for c in found if c.id == OVERBREATHING]
    best = sorted(breathing, key=lambda c: (c.kind == "present", c.probability))[-1:]
    return [*spoken.values(), *best] if len(breathing) > 1 else found


def _guarded(
    claims: list[Claim], text: str, understood: Understood, readers: Readers
) -> list[Claim]:
    """The claims without a relative's illness and without much of what is only a little; both are noted."""
    base, said = readers.known.base, readers.known.base.wording.readings
    sentences: list[list[Segment]] | None = None
    kept = []
    for claim in claims:
        there = claim.kind in ("present", "perhaps") and claim.id in base.history
        if there and (
            is_little(claim.id, text, claim.start, base.lexicon)
            or (claim.id == ALCOHOL and is_little_alcohol(text, claim.start, base.lexicon))
        ):
            name = base.history[claim.id].name
            understood.unclear.append(said["little"].format(name=name, words=claim.words))
            continue
        if there and claim.id.startswith(FAMILY) and not _names_family(claim, text, readers):
            continue
        claimed = claim.kind in ("present", "perhaps")
        doubtful = claimed and claim.id in base.findings and claim.probability < SURE_OF_KIN
        if (there or doubtful) and not claim.id.startswith(FAMILY):
            sentences = sentences or statements(text, readers.names.grammar)
            if is_of_kin(claim.words, sentences):
                claim = replace(claim, kind="not_theirs", how="other")
        kept.append(claim)
    return kept


def _names_family(claim: Claim, text: str, readers: Readers) -> bool:
    """Whether the sentence that is read as of the family names a relative at all ("RLS myself" does not)."""
    words = readers.names.lexicon
    first, last = sentence_at(text, claim.start)
    said = {w.removesuffix("'s") for w in tokens(text[first:last])}
    said |= {w.removesuffix("s") for w in said}
    family = words["kin"] - words["no_family"]
    if said & words["no_family"]:
        return bool(said & family)
    if not said & (family | words["third_person"] | words["family_words"]):
        return False
    shared = said & (words["family_words"] | words["shared"]) or _kin_having(family).search(
        text[first:last].lower()
    )
    if shared:
        return True
    told = {w for w in tokens(claim.words) if w[0].isalpha()} - words["says_nothing"] - words["kin"]
    return bool(told) and not _is_all_patients(claim.words, text, readers.names.grammar)


@lru_cache(maxsize=2)
def _kin_having(kin: frozenset[str]) -> re.Pattern[str]:
    """A relative with a word of having or getting behind it ("my dad had them", and not "I had my son")."""
    return re.compile(
        rf"\b(?:{either(kin)})s?(?: \w+)? (?:has|had|have|got|gets|get|suffers?|suffered|did|does|do|takes?)\b"
    )


def _is_all_patients(words: str, text: str, grammar: Grammar) -> bool:
    """Whether what is felt, in words read as of the family, is all told of the patient ("since my mum died my legs
    are restless")."""
    said = set(tokens(words))
    whose = [
        segment.whose[at]
        for sentence in statements(text, grammar)
        for segment in sentence
        for at, word in enumerate(segment.words)
        if word in said and grammar.kind(word)
    ]
    return bool(whose) and all(one is Whose.PATIENT for one in whose)
