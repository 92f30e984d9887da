"""A short food-frequency form as evidence on usual intakes.

Twenty-odd kinds of food are no whole diet. An answer shifts what people of that sex and age eat, by the
difference from how often they eat that food; what is not answered stays as in the population. A difference in
answers is partly error (regression calibration, Carroll et al. 2006, doi:10.1201/9781420010138) and energy is
partly kept. A diary beside it is then drawn to the shifted mean instead of the population's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.errors import CaseError
from stillwell.knowledge.schema import UsualIntake
from stillwell.nutrition.foods.record import NUTRIENTS, data
from stillwell.nutrition.foods.table import food
from stillwell.nutrition.intake.diary_text import ASK_BELOW
from stillwell.nutrition.intake.meals import match_phrase

MOST_A_WEEK = 70.0
OTHER_USUAL = 0.1  # times a week of a food that the form does not ask for: judgement
FREQUENCY_CV = 0.9  # how much answers differ between people, as a share of the mean: judgement
MOST_EXPLAINED = (
    0.6  # of the variance between people (correlation of a form with the truth of 0.77)
)
WORDS = {
    "never": 0.0, "no": 0.0, "none": 0.0, "rarely": 0.25, "seldom": 0.25, "hardly ever": 0.25, "monthly": 0.25,
    "sometimes": 1.0, "weekly": 1.0, "once": 1.0, "twice": 2.0, "often": 4.0, "most days": 5.0,
    "daily": 7.0, "every day": 7.0, "each day": 7.0, "every other day": 3.5, "yes": 3.0,
}  # fmt: skip
PER = {
    "day": 7.0,
    "daily": 7.0,
    "d": 7.0,
    "week": 1.0,
    "weekly": 1.0,
    "wk": 1.0,
    "w": 1.0,
    "month": 0.233,
    "year": 0.0192,
}
TIMES = re.compile(
    r"(once|twice|thrice|an?|\d+(?:\.\d+)?)(?:\s*[-–]\s*(\d+(?:\.\d+)?))?\s*(?:x|times?|glasses|cups|portions|pieces|slices)?"
    r"\s*(?:/|a|per|each|every|in a)?\s*(day|daily|week|weekly|wk|month|year)?"
)


@dataclass(frozen=True)
class Question:
    """One question of the form: a kind of food, its portion, and how often people eat it."""

    id: str
    ask: str
    portion: str
    words: tuple[str, ...]
    per_portion: dict[str, float]
    usual: dict[str, float]


@dataclass
class Answers:
    """What was answered: question -> times a week; other foods; what cannot be used, a line each."""

    times: dict[str, float] = field(default_factory=dict)
    others: list[tuple[str, dict[str, float], float]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.times or self.others)


@dataclass(frozen=True)
class Shift:
    """What the form says of one nutrient: the mean in units a day, and the share of variance explained."""

    more: float
    explained: float


@cache
def questions() -> tuple[Question, ...]:
    """The form."""
    usual = data("habits_usual.yaml")
    found = []
    for row in data("habits.yaml")["questions"]:
        brings = dict.fromkeys(NUTRIENTS, 0.0)
        for part in row["foods"]:
            values = food(part["id"]).nutrients
            for n in NUTRIENTS:
                brings[n] += (values[n] or 0.0) * part["grams"] / 100
        at = usual.get(row["id"], row["expected"])
        found.append(
            Question(
                row["id"], row["ask"], row["portion"], tuple(row["words"]), brings,
                {s: float(at[s]) for s in ("female", "male")},
            )
        )  # fmt: skip
    return tuple(found)


@cache
def _model() -> dict[str, Any]:
    rows = data("habits.yaml")
    return {k: float(rows[k]["amount"]) for k in ("slope", "energy_kept")}


def times_a_week(answer: float | str) -> float:
    """Times a week, from a number or from words ("daily", "2 a day", "once a month").

    Raises:
        CaseError: not a number of times, or more than 70 a week.
    """
    value = answer
    if isinstance(answer, str):
        text = " ".join(answer.lower().split())
        if text in WORDS:
            value = WORDS[text]
        else:
            found = TIMES.fullmatch(text)
            if found is None:
                raise CaseError(
                    "habits",
                    f"'{answer}' is no number of times",
                    "Write 3, daily, 2 a day or never",
                )
            spoken = {"once": 1.0, "twice": 2.0, "thrice": 3.0, "a": 1.0, "an": 1.0}
            number = spoken.get(found[1]) or float(found[1])
            if found[2]:
                number = (number + float(found[2])) / 2
            value = number * PER[found[3] or "week"]
    if not isinstance(value, int | float) or not 0 <= value <= MOST_A_WEEK:
        raise CaseError(
            "habits", f"{answer} times a week is not possible", "Give times a week, 0 to 70"
        )
    return float(value)


def read_habits(habits: dict[str, float] | dict[str, float | str]) -> Answers:
    """Habits of a case (kind of food -> how often). A line that cannot be used is named, the rest is kept.

    Raises:
        CaseError: nothing of it can be used.
    """
    found = Answers()
    for words, answer in habits.items():
        try:
            times = times_a_week(answer)
        except CaseError as error:
            found.troubles.append(f"{words}: {str(error).removeprefix('habits: ')}")
            continue
        question = question_named(words)
        if question is not None:
            found.times[question.id] = found.times.get(question.id, 0.0) + times
            continue
        item = match_phrase(words)[0]
        if not item.foods or item.foods[0].confidence < ASK_BELOW:
            found.troubles.append(f"{words}: not a food that is known here")
            continue
        values = food(item.foods[0].id).nutrients
        grams = item.foods[0].grams
        found.others.append(
            (words, {n: (values[n] or 0.0) * grams / 100 for n in NUTRIENTS}, times)
        )
    if not found:
        why = f": {found.troubles[0]}" if found.troubles else ""
        raise CaseError(
            "habits",
            f"holds no food{why}",
            "Give foods with times a week, for example: oily fish: 1",
        )
    return found


def question_named(words: str) -> Question | None:
    """The question that a person's words name; None where the form does not ask for that food."""
    said = words.strip().lower().replace("_", " ")
    listed = {w: q for q in questions() for w in (q.id.replace("_", " "), *q.words)}
    if said in listed:
        return listed[said]
    near = process.extractOne(
        said, list(listed), scorer=OSA.normalized_similarity, score_cutoff=0.84
    )
    return listed[near[0]] if near and len(said) > 4 else None


def population_mean(row: UsualIntake) -> float:
    """Mean usual intake of people of one sex and age, in the nutrient's unit."""
    power = 1 / row.power
    spread = row.between + row.within
    return float(row.mean**power * (1 + 0.5 * power * (power - 1) * spread / row.mean**2))


def shifts(answers: Answers, rows: dict[str, UsualIntake], sex: str | None) -> dict[str, Shift]:
    """What the answers say of each nutrient, relative to people of that sex and age.

    Args:
        rows: how intakes vary among those people, by nutrient.
    """
    slope, kept = _model()["slope"], _model()["energy_kept"]
    mean = {n: population_mean(row) for n, row in rows.items()}
    told: list[tuple[dict[str, float], float, float]] = []
    for question in questions():
        if question.id in answers.times:
            at = question.usual
            usual = at[sex] if sex else (at["female"] + at["male"]) / 2
            told.append((question.per_portion, answers.times[question.id], usual))
    told += [(brings, times, OTHER_USUAL) for _, brings, times in answers.others]
    found = {}
    for nutrient, row in rows.items():
        more = explained = 0.0
        for brings, times, usual in told:
            swapped = kept * brings["energy"] * mean[nutrient] / mean["energy"]
            effect = (brings[nutrient] - (0.0 if nutrient == "energy" else swapped)) / 7
            if nutrient == "energy":
                effect *= 1 - kept
            more += slope * (times - usual) * effect
            explained += (slope * FREQUENCY_CV * usual * effect) ** 2
        # between-person variance in the nutrient's own unit
        steep = mean[nutrient] / (row.power * row.mean)
        found[nutrient] = Shift(more, min(explained / (row.between * steep**2), MOST_EXPLAINED))
    return found
