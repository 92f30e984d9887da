"""From a case as told to ids, medicines and results: what was understood, and what was not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

import msgspec
from rapidfuzz import process

from stillwell.case.adjusted import with_adjusted
from stillwell.case.alarm_words import AlarmWordReader, any_of
from stillwell.case.doses import daily_dose, dose_beside, of_element
from stillwell.case.eating_in_words import eating_in
from stillwell.case.foreign import is_english
from stillwell.case.labs import Result, find_test, in_doubt, read_labs
from stillwell.case.labs_in_words import LabReader
from stillwell.case.little import is_little
from stillwell.case.medicines_in_words import MedicineNames, NamedMedicine
from stillwell.case.model import Case, Lab, Medicine, Person
from stillwell.case.person_in_words import person_in, weeks_pregnant
from stillwell.case.sentences import Grammar, Segment, Whose, is_of_kin, statements
from stillwell.case.unread import unread_sentences
from stillwell.case.vitals_in_words import VitalReading, readings_of_now, shown_findings
from stillwell.errors import CaseError
from stillwell.knowledge.phrases import tokens
from stillwell.knowledge.schema import DrugClass
from stillwell.knowledge.store import Knowledge, knowledge
from stillwell.language.claims import Claim, Claims, claims_in
from stillwell.language.durations import is_recent
from stillwell.language.marks import sentence_at

_LETTERS = re.compile(r"[^\W\d_]{2}")
FAMILY = "family_"  # items of history that are told of relatives
MEANS_BESIDE = 0.2  # probability of thoughts of suicide from which a means in the text counts
OF_MOTHERS = ("pregnant", "breastfeeding", "recent_childbirth")
OF_WOMEN = (*OF_MOTHERS, "postmenopausal", "heavy_menstrual_bleeding")
YOUNGEST_MOTHER, OLDEST_MOTHER = 10, 56  # years within which words can tell a pregnancy
SENTENCE = 5  # words from which an entry among the medicines is read as a sentence too
FELT = 0.6  # share of those who tell an illness of mood that feel it now: judgement
SURE_OF_KIN = (
    0.6  # a sign read with less, in a clause about a relative only, is the relative's: judgement
)
MUCH_UNREAD = 1 / 3  # share of a person's words: judgement
SURE = 0.97  # a reading at least so certain counts as told: judgement, no reader is measured closer


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
        planned: medicines and supplements that are thought of or about to be started, and not taken yet.
        unclear: what was not understood, or could mean two things; never dropped silently.
        noted: what counts for red flags only: what the words beside listed findings tell, and alarm
            signs that were over only of late.
        perhaps: what the words perhaps tell (probability), to be asked about; red flags see it too.
        certainty: calibrated probability, by id, that the words say what was read from them; missing:
            1, listed by the person or answered. What only follows from a reading is as certain as that.
        sounds_urgent: probability that the words as a whole tell something for `today` and for an
            `emergency`, by the trained reader; a net for alarms that no item names.
        vitals: home measurements of now, by vital.
        letters, letters_unread: how long the person's words were, and the sentences of which nothing was read.
        listed_unknown: entries of lists that were not understood.
        words_told: whether anything was told, in words or as a list.
        feared: findings and history items that the person is only afraid of ("is it MS?").
        critical_unknown: results that the laboratory calls critical, of tests that are not known here.
        diary, habits, foods, avoids, allergies, dislikes: as told, for the
            packages that know food.
        eating_in_words: what words tell of allergies, of food that is avoided (`avoids`) and of ways of
            eating (`diets`), in those words.
        intakes: usual intakes that were worked out from the diary, by nutrient.
        supplements_told: supplements as told, with their doses.
        weeks_pregnant: weeks of a pregnancy, where they were told in words.
    """

    person: Person
    present: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    history_present: list[str] = field(default_factory=list)
    history_absent: list[str] = field(default_factory=list)
    complaint: list[str] = field(default_factory=list)
    medicines: list[TakenMedicine] = field(default_factory=list)
    supplements: list[TakenMedicine] = field(default_factory=list)
    planned: list[TakenMedicine] = field(default_factory=list)
    medicines_known: bool = False
    labs: dict[str, Result] = field(default_factory=dict)
    labs_in_doubt: dict[str, tuple[Result, Result]] = field(default_factory=dict)
    from_words: dict[str, str] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)
    diary: str | list[str] | None = None
    habits: dict[str, float | str] = field(default_factory=dict)
    foods: dict[str, str] = field(default_factory=dict)
    avoids: list[str] = field(default_factory=list)
    allergies: list[str] = field(default_factory=list)
    dislikes: list[str] = field(default_factory=list)
    eating_in_words: dict[str, list[str]] = field(default_factory=dict)
    intakes: dict[str, float] = field(default_factory=dict)
    supplements_told: list[Medicine | str] = field(default_factory=list)
    weeks_pregnant: int | None = None
    noted: list[str] = field(default_factory=list)
    perhaps: dict[str, float] = field(default_factory=dict)
    certainty: dict[str, float] = field(default_factory=dict)
    sounds_urgent: dict[str, float] = field(default_factory=dict)
    vitals: dict[str, list[VitalReading]] = field(default_factory=dict)
    words_told: bool = False
    letters: int = 0
    letters_unread: int = 0
    listed_unknown: list[str] = field(default_factory=list)
    critical_unknown: list[str] = field(default_factory=list)
    feared: list[str] = field(default_factory=list)

    @property
    def all_allergies(self) -> list[str]:
        """Allergies, listed and told in words."""
        return [*self.allergies, *self.eating_in_words.get("allergies", [])]

    def sure(self, name: str) -> float:
        """How certain it is that an item was told; 1 where it is not in doubt."""
        rho = self.certainty.get(name, 1.0)
        return 1.0 if rho >= SURE else rho

    @property
    def understood_nothing(self) -> bool:
        """Something was told in words, and neither a symptom nor a result was understood."""
        held = (
            self.present
            or self.labs
            or self.labs_in_doubt
            or self.noted
            or self.vitals
            or self.critical_unknown
        )
        return self.words_told and not held

    @property
    def understood_partly(self) -> bool:
        """An entry of a list was not understood, or nothing was read of a good part of the words."""
        return bool(self.listed_unknown) or self.letters_unread > MUCH_UNREAD * self.letters


@cache
def medicine_names() -> MedicineNames:
    """The names of medicines in the built-in knowledge base."""
    return _names(knowledge())


@cache
def lab_reader() -> LabReader:
    """The reader of results in words, of the built-in knowledge base."""
    return LabReader(knowledge())


@cache
def alarm_reader() -> AlarmWordReader:
    """The exact reader of alarm signs, of the built-in knowledge base."""
    return AlarmWordReader(knowledge(), medicine_names().grammar)


def _names(known: Knowledge) -> MedicineNames:
    return MedicineNames(known.names, Grammar(known.base.lexicon, known.stems), known.english)


@dataclass
class _Readers:
    known: Knowledge
    names: MedicineNames
    labs: LabReader
    alarms: AlarmWordReader


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
    names = medicine_names() if own else _names(known)
    with_ = _Readers(
        known,
        names,
        lab_reader() if own else LabReader(known),
        alarm_reader() if own else AlarmWordReader(known, names.grammar),
    )
    done = Understood(case.person)
    done.diary, done.habits, done.foods = case.diary, case.habits, case.foods
    done.avoids, done.allergies, done.dislikes = case.avoids, case.allergies, case.dislikes
    done.supplements_told = case.supplements
    done.medicines_known = case.medicines is not None
    lists = ("findings.present", "findings.absent", "history.present", "history.absent")
    for place in lists:
        kind, _, side = place.partition(".")
        _listed(getattr(getattr(case, kind), side), place, done, known)
    listed = {*done.present, *done.absent, *done.history_present, *done.history_absent}
    extra: list[Lab] = []
    for entry in done.listed_unknown:  # no id, but perhaps an alarm in words ("cant_stand_up")
        _read_text(entry.replace("_", " "), done, with_, extra, listed, counts=False)
    done.letters = done.letters_unread = 0
    beside = bool(case.findings.present)
    words = (case.complaint, case.diet, case.story if use_story else None, *case.other)
    done.vitals = readings_of_now("\n".join(t for t in words if t), known)
    done.present += shown_findings(done.vitals, known)
    for text in (case.complaint, case.diet):
        _read_text(text, done, with_, extra, listed, counts=True)
    _read_text(case.story if use_story else None, done, with_, extra, listed, counts=not beside)
    for note in case.other:
        done.unclear.append(known.base.wording.readings["for_doctor"].format(words=note))
        _read_text(note, done, with_, extra, listed, counts=False)
    for told, target in (
        (case.medicines or [], done.medicines),
        (case.supplements, done.supplements),
    ):
        for item in told:
            read = _take_medicine(item, target, done, with_)
            said = item.name if isinstance(item, Medicine) else item
            if len(said.split()) >= SENTENCE:  # "I took 50 tablets": more than a name and a dose
                _read_text(said, done, with_, [], listed, counts=False, taken=read)
    _settle_person(done)
    labs = Case(person=done.person, labs=[*case.labs, *extra])
    done.labs, unknown = read_labs(labs, known)
    for name in [n for n, r in done.labs.items() if r.likely_unit]:
        done.labs_in_doubt[name] = in_doubt(
            done.labs.pop(name), known.base.tests[name], done.person
        )
    text = " ".join([case.complaint or "", case.story or ""])
    done.weeks_pregnant = weeks_pregnant(text)
    done.labs = with_adjusted(done.labs, _lab_names(labs, text, known), done.person, known)
    done.unclear += unknown
    done.critical_unknown = [
        lab.name for lab in labs.labs if lab.critical and find_test(lab.name, known) is None
    ]
    _count_doses(done, known)
    _withdraw(set(case.misread) - listed, done)
    _tidy(done, known)
    return done


def _lab_names(case: Case, text: str, known: Knowledge) -> dict[str, str]:
    """The names under which each result was told; of one told in prose the prose itself."""
    names: dict[str, str] = {}
    for lab in case.labs:
        test = find_test(lab.name, known)
        if test is not None:
            names[test.id] = f"{names.get(test.id, '')} {text if lab.name == test.id else lab.name}"
    return names


def _listed(items: list[str], place: str, done: Understood, known: Knowledge) -> None:
    """Take in a list of ids or plain words."""
    findings, history = known.base.findings, known.base.history
    denied = place.endswith("absent")
    for index, item in enumerate(items):
        done.words_told = True
        key = item.strip().lower().replace(" ", "_").replace("-", "_")
        if key in findings:
            (done.absent if denied else done.present).append(key)
            continue
        if key in history:
            (done.history_absent if denied else done.history_present).append(key)
            continue
        words = [] if "_" in item else claims_in(item).claims  # an id that is not known is no word
        claims = [c for c in words if c.kind in ("present", "denied", "perhaps")]
        if not claims:
            near = process.extractOne(key, [*findings, *history], score_cutoff=75)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            done.unclear.append(f"{place}[{index}]: '{item}' was not understood{hint}")
            if not denied:
                done.listed_unknown.append(item)
        for claim in claims:
            if claim.kind == "perhaps" and len(claims) > 1:
                continue
            done.from_words[claim.id] = item
            done.certainty.setdefault(claim.id, claim.probability)
            absent = denied or claim.kind == "denied"
            if claim.id in findings:
                (done.absent if absent else done.present).append(claim.id)
            else:
                (done.history_absent if absent else done.history_present).append(claim.id)


def _read_text(
    text: str | None,
    done: Understood,
    with_: _Readers,
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
    said = with_.known.base.wording.readings
    done.words_told = True
    done.person = person_in(text, done.person, with_.names.grammar)
    results = with_.labs.read(text, done.person)
    labs += results.labs
    done.unclear += results.notes
    measured = [reading.shown.lower() for all_ in done.vitals.values() for reading in all_]
    signs = with_.alarms.read(text)
    text = results.rest  # a number with its test is no word to be guessed at
    mentioned = with_.names.mentions(text)
    strange = [one.told for one in mentioned if one.counts and not one.targets]
    english = is_english(text, with_.names.english, with_.names.grammar)
    if not english:
        done.unclear.append(said["not_english"])
    told = claims_in(text) if english and _LETTERS.search(text) else Claims([], {})
    exact = _named_illnesses(text, with_)
    for item, theirs in exact.items():
        if item not in listed:
            (done.history_present if theirs else done.history_absent).append(item)
    spoken = [w for item in exact for w in with_.known.base.history[item].words]
    told = replace(
        told, claims=[c for c in told.claims if not any(w in c.words.lower() for w in spoken)]
    )
    kept = [
        c
        for c in told.claims
        if not (_is_measured(c, measured) or _cannot_be(c, done) or _only_stops(c, text, with_))
    ]
    small = with_.names.lexicon["taking"] | with_.names.lexicon["first_person"] | set(strange)
    kept = [c for c in kept if not (strange and set(tokens(c.words)) <= small)]  # "take froobax"
    told = replace(told, claims=_guarded(kept, text, done, with_))
    for sign in signs:
        done.from_words.setdefault(sign.id, sign.words)
        (done.present if counts and sign.id not in listed else done.noted).append(sign.id)
    for claim in told.of("present", "denied"):
        if claim.kind == "present":
            _take_claim(claim, done, with_.known, listed, counts)
        elif counts and claim.id not in listed:
            finding = claim.id in with_.known.base.findings
            (done.absent if finding else done.history_absent).append(claim.id)
            done.from_words.setdefault(claim.id, claim.words)
    if counts:
        _deny_kinds(told, done, with_, listed)
    alarms = set(with_.known.base.lexicon["alarm_items"])
    for claim in told.of("perhaps"):
        if claim.id in listed:
            continue
        if claim.id == "pregnant":
            done.unclear.append(said["perhaps_pregnant"])
        done.perhaps[claim.id] = max(claim.probability, done.perhaps.get(claim.id, 0.0))
        done.from_words.setdefault(claim.id, claim.words)
    for claim in told.of("not_now", "perhaps"):
        first, last = sentence_at(text, claim.start)
        if claim.how == "past" and claim.id in alarms and is_recent(text[first:last]):
            done.noted.append(claim.id)
            done.from_words.setdefault(claim.id, claim.words)
            done.unclear.append(said["of_late"].format(words=claim.words))
        elif claim.kind == "not_now":
            if claim.how == "feared" and claim.id not in done.feared:
                done.feared.append(claim.id)
            perhaps = claim.id == "pregnant" and claim.how in ("feared", "conditional")
            how = "perhaps_pregnant" if perhaps else claim.how
            done.unclear.append(said[how].format(words=claim.words))
    _note_means(text, done, with_.known)
    for level, chance in told.whole.items():
        done.sounds_urgent[level] = max(chance, done.sounds_urgent.get(level, 0.0))
    eating = eating_in(text, with_.names.grammar)
    for kind, words in eating.items():
        kept_words = done.eating_in_words.setdefault(kind, [])
        kept_words += [w for w in words if w not in kept_words]
    named = [one for one in mentioned if (one.counts or one.status == "wished") and one.targets]
    done.unclear += [said["unknown_medicine"].format(words=name) for name in strange]
    for one in named:
        if taken & {target.split(":")[0] for target in one.targets}:
            continue
        others = [o.told for o in named if o is not one]
        _take_named(one, others, done, with_)
    done.unclear += [said["other"].format(words=c.words) for c in told.of("not_theirs")]
    recognised = [one.told.lower() for one in mentioned]
    recognised += [lab.name.lower() for lab in results.labs]
    recognised += measured
    recognised += [phrase for sign in signs for phrase in sign.phrases]
    recognised += [word for words in eating.values() for word in words]
    spans = [(c.start, c.stop) for c in told.claims]
    unread = [
        part
        for part in unread_sentences(text, spans, recognised)
        if person_in(part, Person(), with_.names.grammar) == Person()
    ]
    done.unclear += [said["unread"].format(words=part) for part in unread]
    done.letters += len(text)
    done.letters_unread += sum(map(len, unread))


def _named_illnesses(text: str, with_: _Readers) -> dict[str, bool]:
    """Illnesses read by their exact names: whether the person has them, or denies them."""
    grammar, found = with_.names.grammar, dict[str, bool]()
    low = text.lower().replace("’", "'")
    heard = [i for i in with_.known.base.history.values() if any(w in low for w in i.words)]
    if not heard:
        return found
    for segment in (s for sentence in statements(text, grammar) for s in sentence):
        said = f" {' '.join(segment.words)} "
        for item in heard:
            word = next((w for w in item.words if f" {w} " in said), None)
            if word is None:
                continue
            before = said.partition(f" {word} ")[0].split()
            if segment.whose[len(before)] == Whose.PATIENT:
                found[item.id] = not set(before) & grammar.words["negation"]
    return found


def _guarded(claims: list[Claim], text: str, done: Understood, with_: _Readers) -> list[Claim]:
    """The claims without a relative's illness and without much of what is only a little; both are noted."""
    base, said = with_.known.base, with_.known.base.wording.readings
    sentences: list[list[Segment]] | None = None
    kept = []
    for claim in claims:
        there = claim.kind in ("present", "perhaps") and claim.id in base.history
        if there and is_little(claim.id, text, claim.start, base.lexicon):
            name = base.history[claim.id].name
            done.unclear.append(said["little"].format(name=name, words=claim.words))
            continue
        told = claim.kind in ("present", "perhaps")
        doubtful = told and claim.id in base.findings and claim.probability < SURE_OF_KIN
        if (there or doubtful) and not claim.id.startswith(FAMILY):
            sentences = sentences or statements(text, with_.names.grammar)
            if is_of_kin(claim.words, sentences):
                claim = replace(claim, kind="not_theirs", how="other")
        kept.append(claim)
    return kept


def _note_means(text: str, done: Understood, known: Knowledge) -> None:
    """Words of a means or a plan beside thoughts of suicide, read exactly."""
    told = {*done.present, *done.noted} | {i for i, p in done.perhaps.items() if p >= MEANS_BESIDE}
    if "suicidal_thoughts" not in told:
        return
    low = text.lower().replace("’", "'")
    found = [
        w for w in known.base.lexicon["suicide_means"] if re.search(rf"\b{re.escape(w)}\b", low)
    ]
    if found:
        done.noted.append("suicide_plan")
        done.from_words.setdefault("suicide_plan", found[0])


def _only_stops(claim: Claim, text: str, with_: _Readers) -> bool:
    """Whether words read as thoughts of suicide only tell of giving up a habit, or of doing it alone.

    Anything in the text that may tell of death or of giving up on life leaves the reading as it is.
    """
    if claim.id != "suicidal_thoughts":
        return False
    lexicon = with_.known.base.lexicon
    low = text.lower().replace("’", "'")
    if any_of(lexicon["self_harm"]).search(low):
        return False
    return all(any_of(lexicon[name]).search(low) for name in ("giving_up", "habit"))


def _cannot_be(claim: Claim, done: Understood) -> bool:
    """Whether words tell of somebody what cannot be, as a pregnant man: a misreading, not a mistake."""
    age, sex = done.person.age, done.person.sex
    aged = age is not None and not YOUNGEST_MOTHER <= age <= OLDEST_MOTHER
    return (sex == "male" and claim.id in OF_WOMEN) or (aged and claim.id in OF_MOTHERS)


def _is_measured(claim: Claim, measured: list[str]) -> bool:
    """Whether the words of a claim are a home measurement, which its exact reader judges."""
    words = claim.words.lower()
    return any(shown in words or words in shown for shown in measured)


def _deny_kinds(told: Claims, done: Understood, with_: _Readers, listed: set[str]) -> None:
    """A feeling denied without a place ("no tingling") is denied wherever its kind could be."""
    base, grammar = with_.known.base, with_.names.grammar
    kinds = [ids for name, ids in base.lexicon.items() if name.startswith("deny_")]
    spoken = {c.id for c in told.of("present", "perhaps")}
    for claim in told.of("denied"):
        if any(grammar.kind(word) == "body" for word in tokens(claim.words)):
            continue
        for kind in kinds:
            if claim.id in kind:
                done.absent += [i for i in kind if i not in spoken and i not in listed]


def _take_claim(
    claim: Claim, done: Understood, known: Knowledge, listed: set[str], counts: bool
) -> None:
    """One thing that the words say is there."""
    said = known.base.wording.readings
    finding = known.base.findings.get(claim.id)
    if claim.id in listed:
        if finding is not None and claim.id in done.absent:
            done.noted.append(claim.id)
            done.unclear.append(said["contradicted"].format(name=finding.name, words=claim.words))
        return
    if finding is not None and not counts:
        done.noted.append(claim.id)
        done.unclear.append(said["beside_list"].format(name=finding.name))
        return
    felt = known.base.history[claim.id].felt_as if claim.id in known.base.history else None
    if felt is not None and felt not in listed and counts:
        done.present.append(felt)
        done.from_words.setdefault(felt, claim.words)
        chance = FELT * claim.probability
        done.certainty[felt] = max(chance, done.certainty.get(felt, 0.0))
    done.from_words.setdefault(claim.id, claim.words)
    done.certainty[claim.id] = max(claim.probability, done.certainty.get(claim.id, 0.0))
    (done.present if finding is not None else done.history_present).append(claim.id)


def _take_named(one: NamedMedicine, others: list[str], done: Understood, with_: _Readers) -> None:
    base = with_.known.base
    many = _say_ambiguous(one.told, one.targets, done, with_.known) if one.counts else 1
    for target in one.targets if one.counts else one.targets[:1]:
        group, member = target.split(":")
        stopped = one.stopped
        if group in base.medicines:
            taken = TakenMedicine(one.told, group, member, stopped, one_of=many)
            (done.medicines if one.counts else done.planned).append(taken)
        else:
            dose = dose_beside(one.before, one.after, others, base.supplements[group])
            dose = None if _is_mixture(base.supplements[group], member) else dose
            if dose is not None:
                beside = " ".join([*one.before.split()[-4:], one.told, *one.after.split()[:6]])
                dose = of_element(beside, dose, base.supplements[group])
            taken = TakenMedicine(one.told, group, member, stopped, dose, many)
            (done.supplements if one.counts else done.planned).append(taken)


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
) -> frozenset[str]:
    """Take in one entry of a list; returns the classes that it names."""
    medicine = item if isinstance(item, Medicine) else Medicine(name=item)
    names, base = with_.names, with_.known.base
    found = names.find(medicine.name)
    stopped, status = medicine.stopped, "taking"
    words = " ".join(t for t in (medicine.name, medicine.dose, medicine.duration) if t)
    pieces = names.told(f"taking {words}")
    if pieces:
        found = found or pieces[0].targets  # "omeprazole 20 mg"
        status = names.entry_status(words, pieces[0])
        stopped = stopped or status in ("stopped", "past")
    groups = frozenset(place.split(":")[0] for place in found)
    if found and status == "other":
        done.unclear.append(base.wording.readings["other"].format(words=medicine.name))
        return groups
    if found and status == "wished" and not stopped:
        target = done.planned
    if not found:
        said = base.wording.readings["unknown_medicine"]
        done.unclear.append(said.format(words=medicine.name))
        return frozenset()
    many = _say_ambiguous(medicine.name, found, done, with_.known)
    for place in found:
        group, member = place.split(":")
        dose = None
        if group in base.supplements and not _is_mixture(base.supplements[group], member):
            dose = daily_dose(medicine.dose or medicine.name, base.supplements[group])
            if dose is not None:
                dose = of_element(words, dose, base.supplements[group])
        target.append(TakenMedicine(medicine.name, group, member, stopped, dose, many))
    return groups


def _is_mixture(group: DrugClass, member: str) -> bool:
    """Whether a product's weight tells nothing of its nutrient."""
    return any(m.mixture for m in group.members if m.name == member)


def _settle_person(done: Understood) -> None:
    """Let pregnancy told in words or as a field say the same, and refuse what cannot be."""
    person = done.person
    if person.sex == "male":  # read from words before the sex was: a misreading
        for told in (done.history_present, done.present):
            told[:] = [i for i in told if not (i in OF_WOMEN and i in done.certainty)]
    if person.pregnant:
        done.history_present.append("pregnant")
    elif person.pregnant is None and "pregnant" in done.history_present:
        person = msgspec.structs.replace(person, pregnant=True)
    elif person.pregnant is None and "pregnant" in done.history_absent:
        person = msgspec.structs.replace(person, pregnant=False)
    if person.pregnant and person.sex is None:
        person = msgspec.structs.replace(person, sex="female")
    for state in ("pregnant", "breastfeeding"):
        if state in done.history_present and person.sex == "male":
            raise CaseError("history", f"a man is said to be {state}", "Check sex and history")
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


def _withdraw(misread: set[str], done: Understood) -> None:
    """Take back what was read from words that do not mean it, as their author says."""
    for name in ("present", "absent", "history_present", "history_absent", "noted", "feared"):
        setattr(done, name, [i for i in getattr(done, name) if i not in misread])
    for item in misread:
        done.perhaps.pop(item, None)
    for name in ("medicines", "supplements", "planned"):
        read = [m for m in getattr(done, name) if m.group not in misread]
        setattr(done, name, read)


def _tidy(done: Understood, known: Knowledge) -> None:
    """Add what is implied, drop contradictions with a note, and choose the complaint."""
    findings = known.base.findings
    read = set(done.present)
    queue = list(dict.fromkeys(done.present))
    present: dict[str, list[str]] = {}
    while queue:
        name = queue.pop(0)
        if name in present:
            continue
        finding = findings[name]
        implied = list(finding.implies)
        if finding.qualifies and finding.section != "course":
            implied.append(finding.qualifies)
        present[name] = [i for i in implied if i in findings]
        queue += present[name]
    if done.certainty:
        done.certainty.update(_following(present, read, done.certainty))
    for name in list(dict.fromkeys(done.absent)):
        if name in present:
            done.unclear.append(f"'{findings[name].name}' is said to be both there and not there")
    done.present = list(present)
    done.absent = [n for n in dict.fromkeys(done.absent) if n not in present]
    for name in done.present:
        if done.sure(name) < 1.0:
            continue  # one misreading must not deny something else
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
        named = {(one.group, one.stopped) for one in unique.values() if one.member}
        # "a statin" and its name are one medicine
        kept = [o for o in unique.values() if o.member or (o.group, o.stopped) not in named]
        setattr(done, taken, kept)
    taken_now = {o.group for o in (*done.medicines, *done.supplements) if not o.stopped}
    done.planned = [p for p in dict.fromkeys(done.planned) if p.group not in taken_now]
    done.unclear = list(dict.fromkeys(done.unclear))
    candidates = [n for n in done.present if findings[n].section != "course"]
    complaint = [n for n in candidates if findings[n].complaint]
    done.complaint = complaint or candidates


def _following(
    implied: dict[str, list[str]], read: set[str], certainty: dict[str, float]
) -> dict[str, float]:
    """How certain each present item is: what follows from others at least as much as the surest."""
    sure = {name: certainty.get(name, 1.0) if name in read else 0.0 for name in implied}
    queue = list(implied)
    while queue:
        name = queue.pop()
        for other in implied[name]:
            if sure[other] < sure[name]:
                sure[other] = sure[name]
                queue.append(other)
    return sure
