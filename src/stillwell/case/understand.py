"""From a case as told to ids, medicines and results: what was understood, and what was not."""

from __future__ import annotations

from rapidfuzz import process

from stillwell.case.adjusted import with_adjusted
from stillwell.case.alarm_words import AlarmWordReader
from stillwell.case.asked_in_words import AskedReader
from stillwell.case.dose_words import without_dose
from stillwell.case.eating_in_words import eating_in
from stillwell.case.labs import find_test, in_doubt, read_labs
from stillwell.case.labs_in_words import LabReader
from stillwell.case.medicines_taken import count_doses, join_doses, name_kinds, take_medicine
from stillwell.case.model import Case, Lab, Medicine
from stillwell.case.person_in_words import weeks_pregnant
from stillwell.case.readers import (
    Readers,
    alarm_reader,
    asked_reader,
    lab_reader,
    medicine_names,
    names_of,
)
from stillwell.case.settled import may_be_pregnant, settle_person, tidied, withdraw
from stillwell.case.standing_pressure import FINDING
from stillwell.case.understood import TakenMedicine, Understood
from stillwell.case.vitals_in_words import pressure_falls, readings_of_now, shown_findings
from stillwell.case.words_read import read_words
from stillwell.knowledge.store import Knowledge, knowledge
from stillwell.language.claims import claims_in

LEAST_LETTERS = 4  # letters from which an entry is compared with what is known
SENTENCE = (
    5  # words beside its dose from which an entry among the medicines is read as a sentence too
)


def understand(case: Case, known: Knowledge | None = None, *, use_story: bool = True) -> Understood:
    """Translate a case.

    Every field of words is read by the same readers. What is listed holds: where findings are listed,
    what story and `other` tell beside them counts for urgency only, as does what the person's words say
    against a listed denial; results, medicines and the person in them count wholly.

    Args:
        use_story: read the story's words too.

    Raises:
        CaseError: a result that is not possible, or a unit that is not known.
    """
    known = known or knowledge()
    own = known is knowledge()
    names = medicine_names() if own else names_of(known)
    readers = Readers(
        known,
        names,
        lab_reader() if own else LabReader(known),
        alarm_reader() if own else AlarmWordReader(known, names.grammar),
        asked_reader() if own else AskedReader(known.base, names),
    )
    understood = Understood(case.person)
    understood.diary, understood.habits, understood.foods = case.diary, case.habits, case.foods
    diary = [case.diary] if isinstance(case.diary, str) else list(case.diary or [])
    understood.take_eating(eating_in(". ".join(diary), names.grammar))
    understood.avoids, understood.allergies, understood.dislikes = (
        case.avoids,
        case.allergies,
        case.dislikes,
    )
    understood.supplements_told = case.supplements
    understood.medicines_known = case.medicines is not None
    lists = ("findings.present", "findings.absent", "history.present", "history.absent")
    for place in lists:
        kind, _, side = place.partition(".")
        _listed(getattr(getattr(case, kind), side), place, understood, known)
    listed = {
        *understood.present,
        *understood.absent,
        *understood.history_present,
        *understood.history_absent,
    }
    extra: list[Lab] = []
    for (
        entry
    ) in understood.listed_unknown:  # no id, but perhaps an alarm in words ("cant_stand_up")
        read_words(entry.replace("_", " "), understood, readers, extra, listed, counts=False)
    understood.letters = understood.letters_unread = 0
    beside = bool(case.findings.present)
    words = (case.complaint, case.diet, case.story if use_story else None, *case.other)
    understood.vitals = readings_of_now("\n".join(t for t in words if t), known)
    understood.present += shown_findings(understood.vitals, known)
    fall = pressure_falls("\n".join(t for t in words if t), known)
    if fall:
        understood.present.append(FINDING)
        understood.from_words[FINDING] = fall
    for text in (case.complaint, case.diet):
        read_words(text, understood, readers, extra, listed, counts=True)
    read_words(
        case.story if use_story else None, understood, readers, extra, listed, counts=not beside
    )
    for note in case.other:
        understood.unclear.append(known.base.wording.readings["for_doctor"].format(words=note))
        read_words(note, understood, readers, extra, listed, counts=False)
    for entries, target in (
        (case.medicines or [], understood.medicines),
        (case.supplements, understood.supplements),
    ):
        for item in entries:
            read = take_medicine(item, target, understood, readers)
            said = item.name if isinstance(item, Medicine) else item
            if (
                len(without_dose(said).split()) >= SENTENCE
            ):  # "I took 50 tablets of ...": a sentence
                read_words(said, understood, readers, [], listed, counts=False, taken=read)
    if any(words):
        understood.asked = readers.asking.of_case(
            "\n".join(t for t in words if t), understood.feared
        )
    settle_person(understood)
    labs = Case(person=understood.person, labs=[*case.labs, *extra])
    understood.labs, unknown = read_labs(labs, known)
    for name in [n for n, r in understood.labs.items() if r.likely_unit]:
        understood.labs_in_doubt[name] = in_doubt(
            understood.labs.pop(name), known.base.tests[name], understood.person
        )
    text = " ".join([case.complaint or "", case.story or ""])
    understood.own_words = ". ".join(
        part.strip().rstrip(".") for part in (case.complaint, case.story) if part and part.strip()
    )
    understood.weeks_pregnant = weeks_pregnant(text) if may_be_pregnant(understood.person) else None
    understood.labs = with_adjusted(
        understood.labs, _lab_names(labs, text, known), understood.person, known
    )
    understood.unclear += unknown
    understood.critical_unknown = [
        lab.name for lab in labs.labs if lab.critical and find_test(lab.name, known) is None
    ]
    name_kinds(understood, known)
    join_doses(understood)
    count_doses(understood, known)
    withdraw(set(case.misread) - listed, understood)
    tidied(understood, known)
    return understood


def _lab_names(case: Case, text: str, known: Knowledge) -> dict[str, str]:
    """The names under which each result was told; of one told in prose the prose itself."""
    names: dict[str, str] = {}
    for lab in case.labs:
        test = find_test(lab.name, known)
        if test is not None:
            names[test.id] = f"{names.get(test.id, '')} {text if lab.name == test.id else lab.name}"
    return names


def _listed(items: list[str], place: str, understood: Understood, known: Knowledge) -> None:
    """Take in a list of ids or plain words."""
    findings, history = known.base.findings, known.base.history
    said = known.base.wording.readings
    denied = place.endswith("absent")
    for index, item in enumerate(items):
        understood.words_told = True
        key = item.strip().lower().replace(" ", "_").replace("-", "_")
        if key in findings:
            (understood.absent if denied else understood.present).append(key)
            continue
        if key in history:
            (understood.history_absent if denied else understood.history_present).append(key)
            continue
        words = [] if "_" in item else claims_in(item).claims  # an id that is not known is no word
        claims = [c for c in words if c.kind in ("present", "denied", "perhaps")]
        if not claims:
            near = None
            if len(key) >= LEAST_LETTERS:  # "zzz" is near to anything that holds it
                near = process.extractOne(key, [*findings, *history], score_cutoff=75)
            understood.unclear.append(
                said["entry_near" if near else "entry"].format(
                    place=place, index=index, words=item, near=near[0] if near else ""
                )
            )
            if not denied:
                understood.listed_unknown.append(item)
        for claim in claims:
            if claim.kind == "perhaps" and len(claims) > 1:
                continue
            understood.from_words[claim.id] = item
            understood.certainty.setdefault(claim.id, claim.probability)
            absent = denied or claim.kind == "denied"
            if claim.id in findings:
                (understood.absent if absent else understood.present).append(claim.id)
            else:
                (understood.history_absent if absent else understood.history_present).append(
                    claim.id
                )


__all__ = ["TakenMedicine", "Understood", "medicine_names", "understand"]
