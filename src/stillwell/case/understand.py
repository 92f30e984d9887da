"""From a case as told to ids, medicines and results: what was understood, and what was not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from unicodedata import combining, normalize

import msgspec
from rapidfuzz import process

from stillwell.case.doses import daily_dose, dose_beside
from stillwell.case.labs import Result, read_labs
from stillwell.case.labs_in_words import LabReader
from stillwell.case.medicines_in_words import NamedMedicine
from stillwell.case.model import Case, Lab, Medicine, Person
from stillwell.case.person_in_words import person_in
from stillwell.case.vitals_in_words import VitalReading, readings_of_now, shown_findings
from stillwell.case.words import Reader
from stillwell.errors import CaseError
from stillwell.knowledge.store import Knowledge, knowledge

_FOREIGN = re.compile(r"[^\W\d_a-zß]+(?:\s+[^\W\d_a-zß]+)*", re.IGNORECASE)


@dataclass(frozen=True)
class TakenMedicine:
    """A medicine or supplement that was recognised; `dose` a day in its class's `dose_unit`.

    `one_of`: how many classes the word may stand for ("water tablet"); each is listed.
    """

    told: str
    group: str
    member: str
    stopped: bool = False
    dose: float | None = None
    one_of: int = 1


@dataclass
class Understood:
    """A case in the knowledge base's own terms.

    Attributes:
        complaint: present findings that the person complains of, most important first.
        medicines_known: whether a list of medicines was given at all (an empty one counts).
        unclear: what was not understood, or could mean two things; never dropped silently.
        vitals: home measurements of now, by vital.
        noted: what the lines kept for the doctor tell; it counts for red flags only.
        words_told: whether anything was told in words.
        diary, habits, foods, avoids, allergies, dislikes: as told, for the
            packages that know food.
        intakes: usual intakes that were worked out from the diary, by nutrient.
        supplements_told: supplements as told, with their doses.
    """

    person: Person
    present: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    history_present: list[str] = field(default_factory=list)
    history_absent: list[str] = field(default_factory=list)
    complaint: list[str] = field(default_factory=list)
    medicines: list[TakenMedicine] = field(default_factory=list)
    supplements: list[TakenMedicine] = field(default_factory=list)
    medicines_known: bool = False
    labs: dict[str, Result] = field(default_factory=dict)
    from_words: dict[str, str] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)
    diary: str | list[str] | None = None
    habits: dict[str, float | str] = field(default_factory=dict)
    foods: dict[str, str] = field(default_factory=dict)
    avoids: list[str] = field(default_factory=list)
    allergies: list[str] = field(default_factory=list)
    dislikes: list[str] = field(default_factory=list)
    intakes: dict[str, float] = field(default_factory=dict)
    supplements_told: list[Medicine | str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    vitals: dict[str, list[VitalReading]] = field(default_factory=dict)
    words_told: bool = False

    @property
    def understood_nothing(self) -> bool:
        """Something was told in words, and neither a symptom nor a result was understood."""
        return self.words_told and not (self.present or self.labs or self.noted or self.vitals)


@cache
def reader() -> Reader:
    """The phrase reader of the built-in knowledge base."""
    return Reader(knowledge())


@cache
def lab_reader() -> LabReader:
    """The reader of results in words, of the built-in knowledge base."""
    return LabReader(knowledge())


@dataclass
class _Readers:
    known: Knowledge
    words: Reader
    labs: LabReader


def understand(case: Case, known: Knowledge | None = None, *, use_story: bool = True) -> Understood:
    """Translate a case.

    What is listed holds; the words of complaint and diet add to it, and where no finding is listed those
    of the story.

    Args:
        use_story: read the story's words too.

    Raises:
        CaseError: a result that is not possible, or a unit that is not known.
    """
    known = known or knowledge()
    own = known is knowledge()
    with_ = _Readers(
        known, reader() if own else Reader(known), lab_reader() if own else LabReader(known)
    )
    done = Understood(case.person)
    done.diary, done.habits, done.foods = case.diary, case.habits, case.foods
    done.avoids, done.allergies, done.dislikes = case.avoids, case.allergies, case.dislikes
    done.supplements_told = case.supplements
    done.medicines_known = case.medicines is not None
    _told(case.findings.present, "findings.present", done, done.present, known, with_.words)
    _told(case.findings.absent, "findings.absent", done, done.absent, known, with_.words)
    _told(case.history.present, "history.present", done, done.history_present, known, with_.words)
    _told(case.history.absent, "history.absent", done, done.history_absent, known, with_.words)
    listed = {*done.present, *done.absent, *done.history_present, *done.history_absent}
    extra: list[Lab] = []
    story = case.story if use_story else None
    if story and case.findings.present:
        _note_story(story, done, with_, listed)
        story = None
    whole = "\n".join(t for t in (case.complaint, case.diet, case.story, *case.other) if t)
    done.vitals = readings_of_now(whole, known)
    done.present += shown_findings(done.vitals, known)
    for text in (case.complaint, case.diet, story):
        if text and text.strip():
            done.words_told = True
            _read_text(text, done, with_, extra, listed)
    for note in case.other:
        done.unclear.append(f"not used (kept for the doctor): {note}")
        done.noted += with_.words.read(note).ids()
    for told, target in (
        (case.medicines or [], done.medicines),
        (case.supplements, done.supplements),
    ):
        for item in told:
            _take_medicine(item, target, done, with_)
    _settle_person(done)
    labs = Case(person=done.person, labs=[*case.labs, *extra])
    done.labs, unknown = read_labs(labs, known)
    done.unclear += unknown
    _count_doses(done, known)
    _tidy(done, known)
    return done


def _told(
    items: list[str],
    place: str,
    done: Understood,
    target: list[str],
    known: Knowledge,
    matcher: Reader,
) -> None:
    findings, history = known.base.findings, known.base.history
    denied = place.endswith("absent")
    for index, item in enumerate(items):
        key = item.strip().lower().replace(" ", "_").replace("-", "_")
        if key in findings:
            (done.absent if denied else done.present).append(key)
        elif key in history:
            (done.history_absent if denied else done.history_present).append(key)
        else:
            reading = matcher.read(item)
            ids = reading.ids(False) or reading.ids(True)
            if not ids:
                near = process.extractOne(key, [*findings, *history], score_cutoff=75)
                hint = f"; did you mean '{near[0]}'?" if near else ""
                done.unclear.append(f"{place}[{index}]: '{item}' was not understood{hint}")
            for name in ids:
                done.from_words[name] = item
                if name in findings:
                    (done.absent if denied or reading.ids(True) else done.present).append(name)
                else:
                    (done.history_absent if denied else done.history_present).append(name)


def _read_text(
    text: str, done: Understood, with_: _Readers, labs: list[Lab], listed: set[str]
) -> None:
    findings = with_.known.base.findings
    done.person = person_in(text, done.person, with_.words.grammar)
    results = with_.labs.read(text, done.person)
    labs += results.labs
    done.unclear += results.notes
    reading = with_.words.read(results.rest)
    for name in reading.ids(False):
        if name == "pregnant" and _perhaps_pregnant(text, with_.words):
            done.unclear.append("perhaps pregnant: not counted as pregnant; a test would tell")
        elif name not in listed:
            (done.present if name in findings else done.history_present).append(name)
    for name in reading.ids(True):
        if name not in listed:
            (done.absent if name in findings else done.history_absent).append(name)
    for match in reading.matches:
        done.from_words.setdefault(match.target, match.text)
    named = with_.words.named_medicines(results.rest)
    for one in named:
        others = [o.told for o in named if o is not one]
        _take_named(one, others, done, with_)
    done.unclear += [f"not understood: '{part}'" for part in reading.unused]
    done.unclear += [f"said of somebody else, so not used: '{p}'" for p in reading.of_others]
    done.unclear += [f"not understood: '{part}'" for part in _foreign(text)]


def _note_story(text: str, done: Understood, with_: _Readers, listed: set[str]) -> None:
    """A story beside listed findings: the list holds; what else it says counts for urgency only."""
    findings = with_.known.base.findings
    more = [name for name in with_.words.read(text).ids() if name not in listed]
    done.noted += more
    named = [findings[name].name for name in more if name in findings]
    if named:
        done.unclear.append(
            "the story also says, counted only for how urgent it is (list it under findings to use "
            f"it): {', '.join(named)}"
        )


def _foreign(text: str) -> list[str]:
    """Parts in letters that the reader does not know."""
    plain = "".join(c for c in normalize("NFKD", text) if not combining(c))
    return [m[0].strip() for m in _FOREIGN.finditer(plain)]


def _perhaps_pregnant(text: str, matcher: Reader) -> bool:
    doubt = "|".join(map(re.escape, sorted(matcher.lexicon["perhaps"])))
    return bool(re.search(rf"\b(?:{doubt})\b[^.!?]{{0,20}}\bpregnan", text.lower()))


def _take_named(one: NamedMedicine, others: list[str], done: Understood, with_: _Readers) -> None:
    base = with_.known.base
    many = _say_ambiguous(one.told, one.targets, done, with_.known)
    for target in one.targets:
        group, member = target.split(":")
        stopped = one.stopped
        if group in base.medicines:
            taken = TakenMedicine(one.told, group, member, stopped, one_of=many)
            done.medicines.append(taken)
        else:
            dose = dose_beside(one.before, one.after, others, base.supplements[group])
            taken = TakenMedicine(one.told, group, member, stopped, dose, many)
            done.supplements.append(taken)


def _say_ambiguous(told: str, targets: list[str], done: Understood, known: Knowledge) -> int:
    """How many classes a word stands for ("water tablet"); where several, say so."""
    groups = list(dict.fromkeys(t.split(":")[0] for t in targets))
    if len(groups) > 1:
        table = {**known.base.medicines, **known.base.supplements}
        ways = ", ".join(table[g].name for g in groups)
        done.unclear.append(
            f"'{told}' can mean several ({ways}), so only what they all do counts: the name on the "
            "box would tell"
        )
    return len(groups)


def _take_medicine(
    item: Medicine | str, target: list[TakenMedicine], done: Understood, with_: _Readers
) -> None:
    medicine = item if isinstance(item, Medicine) else Medicine(name=item)
    matcher, base = with_.words, with_.known.base
    found = matcher.name(medicine.name)
    if not found:
        pieces = matcher.named_medicines(medicine.name)
        found = pieces[0].targets if pieces else []  # "omeprazole 20 mg"
    if not found:
        done.unclear.append(f"the medicine '{medicine.name}' is not known here")
        return
    many = _say_ambiguous(medicine.name, found, done, with_.known)
    for place in found:
        group, member = place.split(":")
        dose = None
        if group in base.supplements:
            dose = daily_dose(medicine.dose or medicine.name, base.supplements[group])
        target.append(TakenMedicine(medicine.name, group, member, medicine.stopped, dose, many))


def _settle_person(done: Understood) -> None:
    """Let pregnancy told in words or as a field say the same, and refuse what cannot be."""
    person = done.person
    if person.pregnant:
        done.history_present.append("pregnant")
    elif person.pregnant is None and "pregnant" in done.history_present:
        person = msgspec.structs.replace(person, pregnant=True)
    elif person.pregnant is None and "pregnant" in done.history_absent:
        person = msgspec.structs.replace(person, pregnant=False)
    if person.pregnant and person.sex is None:
        person = msgspec.structs.replace(person, sex="female")
    for state, said in (("pregnant", "pregnant"), ("breastfeeding", "breastfeeding")):
        if state in done.history_present and person.sex == "male":
            raise CaseError("history", f"a man is said to be {said}", "Check sex and history")
    done.person = person


def _count_doses(done: Understood, known: Knowledge) -> None:
    """Doses decide whether a supplement counts as much of it."""
    for taken in done.supplements:
        much = (
            known.base.supplements[taken.group].much
            if taken.group in known.base.supplements
            else None
        )
        if much is None or taken.dose is None or taken.stopped:
            continue
        if taken.dose > much.above:
            done.history_present.append(much.history)
        elif much.history in done.history_present and much.history in done.from_words:
            done.history_present.remove(much.history)


def _tidy(done: Understood, known: Knowledge) -> None:
    """Add what is implied, drop contradictions with a note, and choose the complaint."""
    findings = known.base.findings
    queue = list(dict.fromkeys(done.present))
    present: dict[str, None] = {}
    while queue:
        name = queue.pop(0)
        if name in present:
            continue
        present[name] = None
        finding = findings[name]
        implied = list(finding.implies)
        if finding.qualifies and finding.section != "course":
            implied.append(finding.qualifies)
        queue += [i for i in implied if i in findings]
    for name in list(dict.fromkeys(done.absent)):
        if name in present:
            done.unclear.append(f"'{findings[name].name}' is said to be both there and not there")
    done.present = list(present)
    done.absent = [n for n in dict.fromkeys(done.absent) if n not in present]
    for name in done.present:
        for other in findings[name].excludes:
            if other not in present and other not in done.absent:
                done.absent.append(other)
    done.history_present = list(dict.fromkeys(done.history_present))
    done.history_absent = [
        n for n in dict.fromkeys(done.history_absent) if n not in done.history_present
    ]
    for taken in ("medicines", "supplements"):
        unique: dict[tuple[str, str, bool], TakenMedicine] = {}
        for one in getattr(done, taken):
            key = (one.group, one.member, one.stopped)
            if key not in unique or (one.dose or 0.0) >= (unique[key].dose or 0.0):
                unique[key] = one
        setattr(done, taken, list(unique.values()))
    done.unclear = list(dict.fromkeys(done.unclear))
    candidates = [n for n in done.present if findings[n].section != "course"]
    complaint = [n for n in candidates if findings[n].complaint]
    done.complaint = complaint or candidates
