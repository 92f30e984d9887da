"""From a case as told to ids, medicines and results: what was understood, and what was not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import process

from stillwell.case.labs import Result, find_test, read_labs
from stillwell.case.model import Case, Lab, Medicine, Person
from stillwell.case.words import Reader
from stillwell.errors import CaseError
from stillwell.knowledge.store import Knowledge, knowledge

_LAB_IN_WORDS = re.compile(
    r"(?P<name>[a-z][a-z0-9 \-]{0,24}?)\s*(?:is|was|of|:|=|at)?\s*"
    r"(?P<value>[<>]?\d+(?:[.,]\d+)?)\s*(?P<unit>[a-zµμ%]+(?:/[a-z0-9.]+){1,2}|%|fL)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TakenMedicine:
    """A medicine or supplement that was recognised."""

    told: str
    group: str
    member: str
    stopped: bool = False


@dataclass
class Understood:
    """A case in the knowledge base's own terms.

    Attributes:
        complaint: present findings that the person complains of, most important first.
        medicines_known: whether a list of medicines was given at all (an empty one counts).
        unclear: what was not understood, or could mean two things; never dropped silently.
        diary, habits, avoids, allergies, dislikes: as told, for the packages that know food.
        intakes: usual intakes that were worked out from the diary, by nutrient.
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
    habits: dict[str, float] = field(default_factory=dict)
    avoids: list[str] = field(default_factory=list)
    allergies: list[str] = field(default_factory=list)
    dislikes: list[str] = field(default_factory=list)
    intakes: dict[str, float] = field(default_factory=dict)


@cache
def reader() -> Reader:
    """The phrase reader of the built-in knowledge base."""
    return Reader(knowledge())


def understand(
    case: Case, known: Knowledge | None = None, *, use_story: bool | None = None
) -> Understood:
    """Translate a case.

    Args:
        use_story: read the story's words even where findings are listed. By default the story is
            read only where no findings are.

    Raises:
        CaseError: a result that is not possible, or a unit that is not known.
    """
    known = known or knowledge()
    matcher = reader() if known is knowledge() else Reader(known)
    done = Understood(case.person)
    done.diary, done.habits = case.diary, case.habits
    done.avoids, done.allergies, done.dislikes = case.avoids, case.allergies, case.dislikes
    done.medicines_known = case.medicines is not None
    _told(case.findings.present, "findings.present", done, done.present, known, matcher)
    _told(case.findings.absent, "findings.absent", done, done.absent, known, matcher)
    _told(case.history.present, "history.present", done, done.history_present, known, matcher)
    _told(case.history.absent, "history.absent", done, done.history_absent, known, matcher)
    texts = [case.complaint, case.diet]
    if use_story or (use_story is None and not case.findings.present):
        texts.append(case.story)
    extra: list[Lab] = []
    for text in texts:
        if text:
            _read_text(text, done, known, matcher, extra)
    for note in case.other:
        done.unclear.append(f"not used (kept for the doctor): {note}")
    for told, target in (
        (case.medicines or [], done.medicines),
        (case.supplements, done.supplements),
    ):
        for item in told:
            _take_medicine(item, target, done, matcher)
    if case.person.pregnant:
        done.history_present.append("pregnant")
    labs = Case(person=case.person, labs=[*case.labs, *extra])
    done.labs, unknown = read_labs(labs, known)
    done.unclear += unknown
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
    text: str, done: Understood, known: Knowledge, matcher: Reader, labs: list[Lab]
) -> None:
    rest = text
    for found in _LAB_IN_WORDS.finditer(text):
        name = found["name"].strip()
        words = name.split()
        for start in range(len(words)):
            test = find_test(" ".join(words[start:]), known)
            if test is not None and (len(name) > 1):
                labs.append(Lab(name=test.id, value=found["value"], unit=found["unit"]))
                rest = rest.replace(found[0], " ")
                break
    reading = matcher.read(rest)
    findings = known.base.findings
    for name in reading.ids(False):
        (done.present if name in findings else done.history_present).append(name)
    for name in reading.ids(True):
        (done.absent if name in findings else done.history_absent).append(name)
    for match in reading.matches:
        done.from_words.setdefault(match.target, match.text)
    for words, target, stopped in matcher.medicines(rest):
        group, member = target.split(":")
        bucket = done.medicines if group in known.base.medicines else done.supplements
        bucket.append(TakenMedicine(words, group, member, stopped))
    done.unclear += [f"not understood: '{part}'" for part in reading.unused]


def _take_medicine(
    item: Medicine | str, target: list[TakenMedicine], done: Understood, matcher: Reader
) -> None:
    medicine = item if isinstance(item, Medicine) else Medicine(name=item)
    found = matcher.name(medicine.name)
    if not found:
        pieces = matcher.medicines(medicine.name)
        found = [pieces[0][1]] if pieces else []  # "omeprazole 20 mg"
    if not found:
        done.unclear.append(f"the medicine '{medicine.name}' is not known here")
        return
    for place in found:
        group, member = place.split(":")
        target.append(TakenMedicine(medicine.name, group, member, medicine.stopped))


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
        unique = {(m.group, m.member, m.stopped): m for m in getattr(done, taken)}
        setattr(done, taken, list(unique.values()))
    if "breastfeeding" in done.history_present and done.person.sex == "male":
        raise CaseError("history", "a man is said to be breastfeeding", "Check sex and history")
    candidates = [n for n in done.present if findings[n].section != "course"]
    complaint = [n for n in candidates if findings[n].complaint]
    done.complaint = complaint or candidates
