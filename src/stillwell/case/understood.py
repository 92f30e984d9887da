"""A case in the knowledge base's own terms: what was understood of it, and what was not."""

from __future__ import annotations

from dataclasses import dataclass, field

from stillwell.case.asked_in_words import Asked
from stillwell.case.daily_amount import Portion
from stillwell.case.labs import Result
from stillwell.case.model import Medicine, Person
from stillwell.case.vitals_in_words import VitalReading

MUCH_UNREAD = 1 / 3  # share of a person's words: judgement
SURE = 0.97  # a reading at least so certain counts as told: judgement, no reader is measured closer


@dataclass(frozen=True)
class TakenMedicine:
    """A medicine or supplement that was recognised; `dose` a day in its class's `dose_unit`.

    `dose_least`: where the words may mean a salt or its element, the smaller dose; `dose` is the larger.
    `dose_told`: the dose in the person's own words ("50 mg twice a day"), or "".
    `one_of`: how many classes the word may stand for ("water tablet"); each is listed.
    """

    told: str
    group: str
    member: str
    stopped: bool = False
    dose: float | None = None
    one_of: int = 1
    dose_least: float | None = None
    dose_told: str = ""

    @property
    def sure_dose(self) -> float | None:
        """The dose that the person takes at least."""
        return self.dose if self.dose_least is None else self.dose_least


@dataclass(frozen=True)
class NotKnown:
    """A medicine or supplement that is taken, or was left of late, and is not known here, as it was told."""

    told: str
    dose_told: str = ""
    stopped: bool = False

    @property
    def shown(self) -> str:
        """Its name with the dose that was told."""
        return f"{self.told} {self.dose_told}".strip()


@dataclass
class Understood:
    """A case in the knowledge base's own terms.

    Attributes:
        complaint: present findings that the person complains of, most important first.
        medicines_known: whether a list of medicines was given at all (an empty one counts).
        planned: medicines and supplements that are thought of or about to be started, and not taken yet.
        not_known: what is taken and is not known here, so that nothing of it was looked at.
        unclear: what was not understood, or could mean two things; never dropped silently.
        noted: what counts for red flags only: what the words beside listed findings tell, and alarm
            signs that were over only of late.
        perhaps: what the words perhaps tell (probability), to be asked about; red flags see it too.
        certainty: calibrated probability, by id, that the words say what was read from them; missing:
            1, listed by the person or answered. What only follows from a reading is as certain as that.
        sounds_urgent: probability that the words as a whole tell something for `today` and for an
            `emergency`, by the trained reader; a net for alarms that no item names.
        vitals: home measurements of now, by vital.
        portions: what is taken of medicines whose amount a day is limited, product by product.
        of_other: the words are about somebody else than the one who tells them (a husband, a child).
        unread: parts of sentences that may matter and that nothing read.
        letters, letters_unread: how long the person's words were, and the sentences of which nothing was read.
        listed_unknown: entries of lists that were not understood.
        words_told: whether anything was told, in words or as a list.
        foreign: whether words were told in another language than English; nothing was read of them.
        feared: findings and history items that the person is only afraid of ("is it MS?").
        other_than_ours: `animal` or `request` where words were told that are about no person at all.
        asked: what the person asks about: causes, deficiencies and medicines, or questions that name none.
        critical_unknown: results that the laboratory calls critical, of tests that are not known here.
        diary, habits, foods, avoids, allergies, dislikes: as told, for the
            packages that know food.
        eating_in_words: what words tell of allergies, of food that is avoided (`avoids`) and of ways of
            eating (`diets`), in those words.
        intakes: usual intakes that were worked out from the diary, by nutrient.
        supplements_told: supplements as told, with their doses.
        own_words: complaint and story as the person wrote them.
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
    portions: list[Portion] = field(default_factory=list)
    not_known: list[NotKnown] = field(default_factory=list)
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
    own_words: str = ""
    noted: list[str] = field(default_factory=list)
    perhaps: dict[str, float] = field(default_factory=dict)
    certainty: dict[str, float] = field(default_factory=dict)
    sounds_urgent: dict[str, float] = field(default_factory=dict)
    vitals: dict[str, list[VitalReading]] = field(default_factory=dict)
    words_told: bool = False
    foreign: bool = False
    other_than_ours: str = ""
    of_other: bool = False
    unread: list[str] = field(default_factory=list)
    letters: int = 0
    letters_unread: int = 0
    listed_unknown: list[str] = field(default_factory=list)
    critical_unknown: list[str] = field(default_factory=list)
    feared: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

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
        """Something was told in words, and neither a symptom nor a result was understood.

        So it is where a person told what they feel in another language, whatever result was read beside it.
        """
        if self.foreign and not (self.present or self.noted):
            return True
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
        """An entry or what may matter was not understood, or nothing was read of a good part of the words."""
        return (
            bool(self.listed_unknown or self.unread)
            or self.letters_unread > MUCH_UNREAD * self.letters
        )

    def take_eating(self, eating: dict[str, list[str]]) -> None:
        """Take in what words tell of allergies and ways of eating, each word once."""
        for kind, words in eating.items():
            kept = self.eating_in_words.setdefault(kind, [])
            kept += [w for w in words if w not in kept]
