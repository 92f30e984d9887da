"""Reads one field of a person's words into what is understood of the case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from stillwell.case.asides import without_asides
from stillwell.case.claims_kept import FAMILY, Beside, believed
from stillwell.case.clinical_notes import in_known_words
from stillwell.case.dose_words import dose_words
from stillwell.case.doses import with_units
from stillwell.case.eating_in_words import eating_in
from stillwell.case.foreign import is_english
from stillwell.case.medicines_in_words import NamedMedicine
from stillwell.case.medicines_taken import take_named
from stillwell.case.misread import is_misread, is_usual_dose
from stillwell.case.model import Lab, Person
from stillwell.case.no_medicines import takes_none
from stillwell.case.other_than_ours import ANIMAL, other_than_ours
from stillwell.case.periods import HEAVY_LEGS, without_heaviness
from stillwell.case.person_in_words import is_child, person_in, written_out
from stillwell.case.readers import Readers, small_words
from stillwell.case.said_exactly import is_of_patient
from stillwell.case.sentences import (
    Segment,
    Whose,
    is_of_somebody_cared_for,
    of_teller_too,
    patient_kin,
    statements,
    with_child_first,
    without_kins_same,
)
from stillwell.case.turned_claims import (
    without_anger,
    without_carers_own,
    without_idioms,
)
from stillwell.case.understood import NotKnown, Understood
from stillwell.case.unread import unread_sentences
from stillwell.case.unread_words import parts_that_matter, times_unread
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of, tokens
from stillwell.knowledge.store import Knowledge
from stillwell.language.claims import Claim, Claims, claims_in
from stillwell.language.durations import ONSETS, is_recent
from stillwell.language.marks import asks_in, sentence_at

_LETTERS = compiled(r"[^\W\d_]{2}")
MEANS_BESIDE = 0.2  # probability of thoughts of suicide from which a means in the text counts
WORTH_READING_AGAIN = 0.3  # probability of an alarm from which other forms of the words are read
FELT = 0.6  # share of those who tell an illness of mood that feel it now: judgement


def read_words(
    text: str | None,
    understood: Understood,
    readers: Readers,
    labs: list[Lab],
    listed: set[str],
    counts: bool,
    taken: frozenset[str] = frozenset(),
) -> None:
    """Read one field of words.

    Args:
        counts: whether its findings count as the person's complaint, or for urgency alone.
        taken: classes of medicines that were read from these words already.
    """
    if text is None or not text.strip():
        return
    said, lexicon = readers.known.base.wording.readings, readers.known.base.lexicon
    understood.words_told = True
    kind = other_than_ours(text, lexicon, readers.names.grammar)
    heard = {sign.id for sign in readers.alarms.read(text)} if kind else set[str]()
    if kind:
        understood.other_than_ours = kind
    if kind == ANIMAL and not heard & set(lexicon["heard_of_animals"]):
        understood.unclear.append(said["animal"].format(words=text.strip()))
        return
    text, cross = without_anger(text, lexicon)
    understood.unclear += [said["figurative"].format(words=words) for words in cross]
    before = understood.person
    whole = with_child_first(text, readers.names.grammar)
    text = without_kins_same(whole, readers.names.grammar)
    understood.person = person_in(text, understood.person, readers.names.grammar)
    text = with_units(written_out(text, frozenset(readers.names.lexicon["trades"])))
    told = statements(text, readers.names.grammar)
    about_other = is_of_somebody_cared_for(told, readers.names.grammar)
    text, of_carer = without_carers_own(text, about_other, lexicon)
    if of_carer:
        understood.unclear.append(said["other"].format(words=of_carer))
        understood.person = person_in(text, understood.person, readers.names.grammar)
    text, well = without_asides(text, lexicon)
    if counts:
        understood.absent += [item for item in well if item not in listed]
    with_results = text
    results = readers.labs.read(text, understood.person)
    labs += results.labs
    understood.unclear += results.notes
    measured = [reading.shown.lower() for all_ in understood.vitals.values() for reading in all_]
    signs = readers.alarms.read(text)
    plain = without_heaviness(text, lexicon)
    if plain != text and any(s.id == HEAVY_LEGS for s in signs):
        still = {s.id for s in readers.alarms.read(plain)}
        signs = [s for s in signs if s.id != HEAVY_LEGS or s.id in still]
    text = results.rest  # a number with its test is no word to be guessed at
    eating = eating_in(text, readers.names.grammar)
    mentioned = [m for m in readers.names.mentions(text) if m.told not in eating["allergies"]]
    takes_no_medicine = takes_none(text, readers.names.grammar)
    text = in_known_words(of_teller_too(text, readers.names.grammar), readers.names.grammar)
    not_known = [one for one in mentioned if one.counts and not one.targets]
    strange = [one.told for one in not_known]
    english = is_english(
        text, readers.names.english, readers.names.grammar, *small_words(readers.known)
    )
    if not english:
        understood.foreign = True
        understood.unclear.append(said["not_english"])
    claims = claims_in(text) if english and _LETTERS.search(text) else Claims([], {})
    claims = without_idioms(claims, text, lexicon)
    claims = _of_child(claims, told, text, understood.person, readers)
    others = [with_results] if results.rest != with_results else []
    others += _in_plain_words(text, claims, mentioned, lexicon) if mentioned else []
    claims = replace(claims, whole=_calmest(claims.whole, others) if english else claims.whole)
    exact = _named_illnesses(text, readers)
    for item, theirs in exact.items():
        if item not in listed:
            (understood.history_present if theirs else understood.history_absent).append(item)
    spoken = [w for item in exact for w in readers.known.base.history[item].words]
    claims = replace(
        claims, claims=[c for c in claims.claims if not any(w in c.words.lower() for w in spoken)]
    )
    beside = Beside(results.labs, measured, signs, mentioned, strange)
    kept, spans = believed(claims.claims, text, beside, understood, readers)
    if english and text != whole:
        kept += _of_kin_too(whole, kept, lexicon)
    recognised = [one.told.lower() for one in mentioned]
    recognised += [lab.name.lower() for lab in results.labs]
    recognised += [*measured, takes_no_medicine]
    recognised += lexicon["normal_alone"] if results.labs else []
    recognised += [phrase for sign in signs for phrase in sign.phrases]
    recognised += [word for words in eating.values() for word in words]
    asked = [one for one in readers.asking.read(text) if one.kind != "question"]
    recognised += [one.words.lower().rstrip("? ") for one in asked]
    sure = [(c.start, c.stop) for c in kept if c.kind != "perhaps"]
    strange_word = readers.names.strange.is_unknown
    lost = parts_that_matter(text, sure, recognised, lexicon, strange_word) if english else []
    dumb = [
        part
        for part in lost
        if not any(c.kind == "present" and c.id not in ONSETS and c.words in part for c in kept)
    ]
    kept = [c for c in kept if c.id not in ONSETS or not _stands_in(c.words, dumb)]
    claims = replace(claims, claims=kept)
    kin = patient_kin(told, readers.names.grammar)
    family = _only_of_family(claims, kin, readers.known)
    understood.of_other = understood.of_other or (bool(kin or about_other) and not family)
    if family:
        understood.person = before  # "my mother has restless legs": no word of who asks
    for sign in signs:
        understood.from_words.setdefault(sign.id, sign.words)
        if sign.id in readers.known.base.history:
            understood.history_present += [sign.id] if sign.id not in listed else []
            continue
        (understood.present if counts and sign.id not in listed else understood.noted).append(
            sign.id
        )
    for claim in claims.of("present", "denied"):
        if claim.kind == "present":
            _take_claim(claim, understood, readers.known, listed, counts)
        elif counts and claim.id not in listed:
            finding = claim.id in readers.known.base.findings
            (understood.absent if finding else understood.history_absent).append(claim.id)
            understood.from_words.setdefault(claim.id, claim.words)
    if counts:
        _deny_kinds(claims, understood, readers, listed)
    alarms = set(lexicon["alarm_items"])
    for claim in claims.of("perhaps"):
        if claim.id in listed:
            continue
        if claim.id == "pregnant":
            understood.unclear.append(said["perhaps_pregnant"])
        understood.perhaps[claim.id] = max(claim.probability, understood.perhaps.get(claim.id, 0.0))
        understood.from_words.setdefault(claim.id, claim.words)
    for claim in claims.of("not_now", "perhaps"):
        first, last = sentence_at(text, claim.start)
        if claim.how == "past" and claim.id in alarms and is_recent(text[first:last]):
            understood.noted.append(claim.id)
            understood.from_words.setdefault(claim.id, claim.words)
            understood.unclear.append(said["of_late"].format(words=claim.words))
        elif claim.kind == "not_now":
            if claim.how == "feared" and claim.id not in understood.feared:
                understood.feared.append(claim.id)
            perhaps = claim.id == "pregnant" and claim.how in ("feared", "conditional")
            how = "perhaps_pregnant" if perhaps else claim.how
            understood.unclear.append(said[how].format(words=claim.words))
    _note_means(text, understood, readers.known)
    for level, chance in claims.whole.items():
        understood.sounds_urgent[level] = max(chance, understood.sounds_urgent.get(level, 0.0))
    understood.take_eating(eating)
    named = [one for one in mentioned if (one.counts or one.status == "wished") and one.targets]
    is_kind = readers.names.strange.is_kind
    understood.unclear += [
        said["unknown_kind" if is_kind(name) else "unknown_medicine"].format(words=name)
        for name in strange
    ]
    understood.not_known += [
        NotKnown(one.told, dose_words(one.after, one.before), one.stopped) for one in not_known
    ]
    lasting = [m for m in mentioned if m.status == "past" and _lasts(m, readers.known)]
    understood.unclear += _not_taken([m for m in mentioned if m not in lasting], said)
    understood.medicines_known = understood.medicines_known or bool(takes_no_medicine)
    named += [replace(one, status="stopped") for one in lasting]
    for at, one in enumerate(named):
        if at and not one.before and _groups(one) & _groups(named[at - 1]):
            # "half an iron tablet (ferrous sulfate 200 mg)": one product, told twice
            one = replace(one, before=named[at - 1].before)
        if taken & {target.split(":")[0] for target in one.targets}:
            continue
        others = [o.told for o in named if o is not one]
        take_named(one, others, understood, readers)
    understood.unclear += [said["other"].format(words=c.words) for c in claims.of("not_theirs")]
    unread = [
        part
        for part in unread_sentences(text, spans, recognised)
        if person_in(part, Person(), readers.names.grammar) == Person()
        and not (results.labs and _is_around_results(part, lexicon))
    ]
    understood.unclear += [said["unread"].format(words=part) for part in unread]
    lost = [part for part in lost if not any(part in whole for whole in unread)]
    understood.unread += lost
    understood.unclear += [said["unread"].format(words=part) for part in lost]
    times = [t for t in times_unread(text, spans, recognised) if not any(t in u for u in unread)]
    understood.unclear += [said["time_unread"].format(words=part) for part in times]
    understood.letters += len(text)
    understood.letters_unread += sum(map(len, unread))


def _of_child(
    claims: Claims, told: list[list[Segment]], text: str, person: Person, readers: Readers
) -> Claims:
    """The claims, where what was read as somebody else's is that of the child whom the text is about."""
    grammar = readers.names.grammar
    kin = patient_kin(told, grammar)
    if not is_child(person) or (kin and kin not in grammar.words["kin_child"]):
        return claims
    found = [
        replace(c, kind="present", how="present")
        if c.kind == "not_theirs" and is_of_patient(c.words.lower(), text, grammar)
        else c
        for c in claims.claims
    ]
    return replace(claims, claims=found)


def _of_kin_too(whole: str, kept: list[Claim], lexicon: Mapping[str, list[str]]) -> list[Claim]:
    """What the family has by a text from which the aside that a relative has the same was taken out."""
    if any_of(lexicon["no_family"]).search(whole.lower()):
        return []
    spoken = {c.id for c in kept}
    return [
        replace(c, start=0, stop=0)
        for c in claims_in(whole).claims
        if c.id.startswith(FAMILY)
        and c.kind == "present"
        and c.id not in spoken
        and not is_misread(c, whole, lexicon)
    ]


def _in_plain_words(
    text: str, claims: Claims, mentioned: list[NamedMedicine], lexicon: dict[str, list[str]]
) -> list[str]:
    """The text with "I take" for "I've been taking" and for a usual dose read as an overdose, where it holds such."""
    low = text.lower().replace("’", "'")
    plain = low
    for claim in claims.claims:
        if is_usual_dose(claim, mentioned, lexicon):
            names = [one.told for one in mentioned if one.told.lower() in claim.words.lower()]
            plain = plain.replace(claim.words.lower().replace("’", "'"), " and ".join(names), 1)
    plain = any_of(lexicon["taking_long"]).sub(lexicon["taking_is"][0], plain)
    return [plain] if plain != low else []


def _calmest(whole: dict[str, float], others: list[str]) -> dict[str, float]:
    """What the words are as a whole, at most what they are in other forms that tell the same.

    A sentence from which a result was cut out ("my" of "my iron is normal") is no sentence that can alarm.
    """
    if whole.get("today", 0.0) < WORTH_READING_AGAIN:
        return whole
    for text in others:
        again = claims_in(text).whole
        whole = {level: min(p, again.get(level, p)) for level, p in whole.items()}
    return whole


def _is_around_results(part: str, lexicon: dict[str, list[str]]) -> bool:
    """Whether a part of the text is only what stood around a result ("midwife said my")."""
    small = {*lexicon["around_results"], *lexicon["says_nothing"]}
    return {w for w in tokens(part) if w[0].isalpha()} <= small


def _only_of_family(claims: Claims, kin: str, known: Knowledge) -> bool:
    """Whether all that is told of a relative is an illness in the family, and nothing of a patient."""
    present = claims.of("present")
    family = [c for c in present if c.id.startswith(FAMILY)]
    ails = any(c.id in known.base.findings for c in present)
    return bool(kin) and not ails and any(kin in tokens(c.words) for c in family)


def _stands_in(words: str, parts: list[str]) -> bool:
    """Whether words of time belong to a part of the text that was not understood."""
    time = words.removeprefix("and ").removeprefix("but ")
    return any(time in part for part in parts)


def _groups(one: NamedMedicine) -> set[str]:
    return {target.split(":")[0] for target in one.targets}


def _lasts(one: NamedMedicine, known: Knowledge) -> bool:
    """Whether a medicine of the past still has effects that count ("oxaliplatin in 2019")."""
    for target in one.targets:
        group, member = target.split(":")
        effects = known.base.medicines[group].effects if group in known.base.medicines else []
        if any(e.lasts and (not e.members or not member or member in e.members) for e in effects):
            return True
    return False


def _not_taken(mentioned: list[NamedMedicine], said: dict[str, str]) -> list[str]:
    """A line for each named medicine that is neither taken, nor left of late, nor asked about."""
    listed = {m.told for m in mentioned if m.counts or (m.status == "wished" and m.targets)}
    return [
        said[f"medicine_{m.status}"].format(words=m.told) for m in mentioned if m.told not in listed
    ]


def _named_illnesses(text: str, readers: Readers) -> dict[str, bool]:
    """Illnesses read by their exact names: whether the person has them, or denies them."""
    grammar, found = readers.names.grammar, dict[str, bool]()
    low = text.lower().replace("’", "'")
    heard = [i for i in readers.known.base.history.values() if any(w in low for w in i.words)]
    if not heard:
        return found
    guessed = any_of(readers.known.base.lexicon["guessed_illness"])
    for segment in (s for sentence in statements(text, grammar) for s in sentence):
        said = f" {' '.join(segment.words)} "
        for item in heard:
            word = next((w for w in item.words if f" {w} " in said), None)
            if word is None:
                continue
            before = said.partition(f" {word} ")[0].split()
            if guessed.search(said.partition(f" {word} ")[0]):
                continue  # "reckon I've got Parkinson's" asks, and tells nothing known
            if segment.whose[len(before)] == Whose.PATIENT:
                found[item.id] = not set(before) & grammar.words["negation"]
    return found


def _note_said(text: str, understood: Understood, known: Knowledge) -> None:
    """Note thoughts of suicide that are told in so many words, and not denied."""
    lexicon = known.base.lexicon
    low = text.lower().replace("’", "'")
    for found in any_of(lexicon["suicide_said"]).finditer(low):
        first, last = sentence_at(low, found.start())
        before = re.findall(r"[\w']+", low[first : found.start()])
        spoken_of = {
            *understood.present,
            *understood.perhaps,
            *understood.noted,
            *understood.absent,
            *understood.feared,
        }
        if set(before) & {*lexicon["negation"], "he", "she", "they", "him", "who"} or (
            "suicidal_thoughts" in spoken_of or asks_in(low[first : last + 1])
        ):
            continue
        understood.noted.append("suicidal_thoughts")
        understood.from_words.setdefault("suicidal_thoughts", found[0])


def _note_means(text: str, understood: Understood, known: Knowledge) -> None:
    """Thoughts of suicide told in plain words, and a means or a plan beside them, read exactly."""
    _note_said(text, understood, known)
    spoken_of = {*understood.present, *understood.noted} | {
        i for i, p in understood.perhaps.items() if p >= MEANS_BESIDE
    }
    if "suicidal_thoughts" not in spoken_of:
        return
    low = text.lower().replace("’", "'")
    found = [
        w for w in known.base.lexicon["suicide_means"] if re.search(rf"\b{re.escape(w)}\b", low)
    ]
    if found:
        understood.noted.append("suicide_plan")
        understood.from_words.setdefault("suicide_plan", found[0])


def _deny_kinds(claims: Claims, understood: Understood, readers: Readers, listed: set[str]) -> None:
    """A feeling denied without a place ("no tingling") is denied wherever its kind could be."""
    base, grammar = readers.known.base, readers.names.grammar
    kinds = [ids for name, ids in base.lexicon.items() if name.startswith("deny_")]
    spoken = {c.id for c in claims.of("present", "perhaps")}
    for claim in claims.of("denied"):
        if any(grammar.kind(word) == "body" for word in tokens(claim.words)):
            continue
        for kind in kinds:
            if claim.id in kind:
                understood.absent += [i for i in kind if i not in spoken and i not in listed]


def _take_claim(
    claim: Claim, understood: Understood, known: Knowledge, listed: set[str], counts: bool
) -> None:
    """One thing that the words say is there."""
    said = known.base.wording.readings
    finding = known.base.findings.get(claim.id)
    if claim.id in listed:
        if finding is not None and claim.id in understood.absent:
            understood.noted.append(claim.id)
            understood.unclear.append(
                said["contradicted"].format(name=finding.name, words=claim.words)
            )
        return
    if finding is not None and not counts:
        understood.noted.append(claim.id)
        understood.unclear.append(said["beside_list"].format(name=finding.name))
        return
    felt = known.base.history[claim.id].felt_as if claim.id in known.base.history else None
    if felt is not None and felt not in listed and counts:
        understood.present.append(felt)
        understood.from_words.setdefault(felt, claim.words)
        chance = FELT * claim.probability
        understood.certainty[felt] = max(chance, understood.certainty.get(felt, 0.0))
    understood.from_words.setdefault(claim.id, claim.words)
    understood.certainty[claim.id] = max(claim.probability, understood.certainty.get(claim.id, 0.0))
    (understood.present if finding is not None else understood.history_present).append(claim.id)
