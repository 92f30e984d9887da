"""What one person has told the page so far, and the case that it makes."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from stillwell.assess.interview import taken_in
from stillwell.case.lab_sheet.model import Row, Unused
from stillwell.case.model import Case, Lab, Person
from stillwell.case.readers import medicine_names
from stillwell.knowledge.store import Knowledge
from stillwell.web.body_map import sentence
from stillwell.web.corrections import corrected

KIND = "journey"
SKIP = "skip"
UNKNOWN = "unknown"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: under which question, and what; `skip` and `unknown` are kept apart."""

    key: str
    answer: str


class Waiting(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A row of a lab sheet that waits to be confirmed; `use`: what the person said about it."""

    row: Row
    use: Literal["", "yes", "no"] = ""


class LabSheet(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A lab sheet that waits to be confirmed.

    Attributes:
        id: tells it from one that another window has sent.
        unused: lines that gave no row, at most as many as are shown; `more`: how many others there are.
        asked: rows that were filled in, whose unit is still to be asked.
    """

    id: str
    rows: list[Waiting] = []
    unused: list[Unused] = []
    more: int = 0
    asked: list[int] = []


class Journey(msgspec.Struct, kw_only=True, omit_defaults=True):
    """All that a person told, as they told it.

    Attributes:
        name: what the list of stories calls this one; the one thing here that was worked out, when the words were told.
        urgent_first: an alarm in the words was shown before anything else was asked; from there the steps go forward.
        misread: items that the words do not mean, as the person said when they saw them.
        places: regions of the legs that were marked on the picture, with what is felt there.
        about, medicines_told, food_told, labs_told: whether that step was answered or skipped.
        medicines: None where nobody has said whether any are taken.
        diary: days in words; `complete`: which of them were recorded wholly, so that they tell what is lacking.
        foods: phrase of a day -> the food it means; amounts: phrase -> its grams, as corrected.
        avoids_told: whether it was said what is not eaten, be it nothing.
        declined: foods that a plan shall not add; `plan`: the chosen plan (food -> times a week more or fewer).
        no_labs: the person said that there are none.
        earlier: dated results of the past, for pictures over time; no part of the case of today.
        sheet: a lab sheet that waits to be confirmed.
        for_doctor: questions for the doctor, in the person's words.
        heard: alarm signs that were told elsewhere than in the story, by box, in the person's words; they count as
            told in the story.
        enough: the person wants no further question.
        asked_out: no question was left when it was last looked; what is told afterwards of food and results raises none
            but of alarm signs.
        further: the person wants the questions that tell less, too.
        most_questions: how many were promised to come at most, in all; 0 before the first.
    """

    schema: Literal["stillwell/journey/1"] = "stillwell/journey/1"
    started: dt.date | None = None
    words: str = ""
    name: str = ""
    places: list[str] = []
    feels: list[str] = []
    urgent_first: bool = False
    misread: list[str] = []
    about: bool = False
    age: float | None = None
    sex: Literal["female", "male"] | None = None
    pregnant: bool | None = None
    medicines_told: bool = False
    medicines: list[str] | None = None
    supplements: list[str] = []
    answers: list[Answer] = []
    enough: bool = False
    asked_out: bool = False
    further: bool = False
    most_questions: int = 0
    food_told: bool = False
    diary: list[str] = []
    complete: list[bool] = []
    habits: dict[str, float | str] = {}
    foods: dict[str, str] = {}
    amounts: dict[str, float] = {}
    avoids_told: bool = False
    avoids: list[str] = []
    allergies: list[str] = []
    declined: list[str] = []
    plan: dict[str, int] = {}
    labs_told: bool = False
    labs: list[Lab] = []
    no_labs: bool = False
    earlier: list[Lab] = []
    sheet: LabSheet | None = None
    for_doctor: list[str] = []
    heard: dict[str, list[str]] = {}

    @property
    def complaint(self) -> bool:
        """Whether a trouble was told, in words, on the picture or as an alarm sign in another box."""
        return bool(self.words or self.feels or self.heard)

    @property
    def told(self) -> bool:
        """Whether anything was told that can be assessed."""
        return self.complaint or bool(self.labs)

    @property
    def person(self) -> Person:
        """Who it is about."""
        return Person(age=self.age, sex=self.sex, pregnant=self.pregnant)

    def case(self, known: Knowledge) -> Case:
        """The case, as the readers and the model take it."""
        whole = [
            day for day, all_of_it in zip(self.diary, self.complete, strict=False) if all_of_it
        ]
        diary, foods = corrected(whole, self.foods, self.amounts)
        elsewhere = [said for box in self.heard.values() for said in box]
        spoken = (self.words, sentence(self.places, self.feels), *elsewhere)
        taken = _without_signs(self.medicines, elsewhere)
        told = Case(
            person=self.person,
            complaint="\n".join(dict.fromkeys(t for t in spoken if t)) or None,
            medicines=None if taken is None else [*taken],
            supplements=[*(_without_signs(self.supplements, elsewhere) or [])],
            labs=list(self.labs),
            diary=diary or None,
            habits=dict(self.habits),
            foods=foods,
            avoids=list(self.avoids),
            allergies=list(self.allergies),
            dislikes=list(self.declined),
            misread=list(self.misread),
        )
        return taken_in(told, [(a.key, a.answer) for a in self.answers], known)

    def answered(self, key: str, answer: str) -> None:
        """Take an answer in: in the place of an earlier one to the same question, else at the end."""
        new = Answer(key=key, answer=answer)
        for place, old in enumerate(self.answers):
            if old.key == key:
                self.answers[place] = new
                return
        self.answers.append(new)

    @property
    def keys(self) -> list[str]:
        """The questions that were asked."""
        return [a.key for a in self.answers]


def _without_signs(listed: list[str] | None, told: list[str]) -> list[str] | None:
    """What is taken, without entries that tell an alarm sign and name no medicine; None where nothing is known."""
    if not listed or not told:
        return list(listed) if listed is not None else None
    names = medicine_names()
    kept = [e for e in listed if not any(t in e for t in told) or names.told(f"taking {e}")]
    return kept or None


def decoded(body: bytes) -> Journey:
    """A journey as it was kept."""
    return msgspec.json.decode(body, type=Journey)


def encoded(journey: Journey) -> bytes:
    """A journey as it is kept."""
    return msgspec.json.encode(journey)
