"""Each kind of question gets the kind of answer that it asks for, and no bare yes or no beside the point."""

import pytest

from stillwell.knowledge.store import knowledge
from stillwell.learn.answer import Library
from stillwell.learn.catalogue import words
from stillwell.learn.pages import Answer

LIBRARY = Library(knowledge())


def first(question: str) -> Answer:
    return LIBRARY.answer(question)[0]


@pytest.mark.parametrize(
    ("question", "id"),
    [
        ("what is restless legs syndrome", "restless_legs_syndrome"),
        ("what is neuropathy", "polyneuropathy"),
        ("explain orthostatic tremor", "orthostatic_tremor"),
        ("I was given pregabalin, what is it for", "gabapentinoids"),
        ("how much vitamin D do I need a day", "need_vitamin_d"),
        ("what is the daily requirement of magnesium", "need_magnesium"),
        ("can too much vitamin D harm me", "too_much_vitamin_d"),
        ("is a tsh of 6 too high", "result_tsh"),
        ("what does a potassium of 3.3 mean", "result_potassium"),
        ("what's a normal b12 level", "range_vitamin_b12"),
        ("how do restless legs differ from night cramps", "apart_restless_legs_syndrome_nocturnal_leg_cramps"),
        ("is it parkinson's or essential tremor", "apart_parkinson_disease_essential_tremor"),
        ("when should I go to hospital with weak legs", "red_flags_weakness"),
        ("which blood tests should be done for tingling feet", "tests_tingling"),
        ("which foods hold vitamin b12 for vegans", "food_vitamin_b12"),
        ("foods with calcium without dairy", "food_calcium"),
        ("can neuropathy be cured", "helps_polyneuropathy"),
        ("why do my calves twitch after running", "causes_twitching_exercise"),
        ("what causes leg cramps in pregnancy", "causes_cramps_pregnancy"),
        ("why are my feet burning at night", "causes_burning"),
        ("could diabetes cause shaky legs", "relation_diabetes_shaking"),
        ("does nytol make restless legs worse", "relation_sedating_antihistamines_restless_legs"),
        ("how do I know if it is restless legs", "symptoms_restless_legs_syndrome"),
        ("which vitamin helps tingling feet", "deficiencies_tingling"),
    ],
)  # fmt: skip
def test_the_answer_is_of_the_kind_that_is_asked_for(question: str, id: str) -> None:
    assert first(question).id == id


def test_the_need_is_that_of_the_person_who_asks() -> None:
    woman = first("how much iron does a 30 year old woman need").items
    man = first("how much iron does a 30 year old man need").items
    assert woman == ["You: 18 mg (United States), 16 mg (Europe), 14.8 mg (United Kingdom)"]
    assert man == ["You: 8 mg (United States), 11 mg (Europe), 8.7 mg (United Kingdom)"]


def test_a_result_inside_its_range_that_counts_as_low_is_not_called_normal_and_left_there() -> None:
    answer = first("my ferritin is 18, is that low")
    assert answer.answer == words().measured.borderline
    assert "below 30" in answer.text


def test_a_question_whether_to_take_something_at_a_result_tells_the_result_and_who_decides() -> (
    None
):
    kinds = [a.kind for a in LIBRARY.answer("should I take iron if my ferritin is 25")]
    assert kinds[:2] == ["result", "permission"]


def test_no_food_of_animals_stands_in_the_list_for_vegans() -> None:
    items = " ".join(first("best foods with b12 for a vegan").items)
    assert "soy milk" in items
    assert not any(word in items for word in ("salmon", "egg", "beef", "yogurt", "clam"))


@pytest.mark.parametrize(
    "question",
    [q for claim in knowledge().base.claims.values() for q in claim.asks if q.split()[0] in {"why", "what", "how"}],
)  # fmt: skip
def test_why_what_and_how_are_never_answered_by_a_bare_yes_or_no(question: str) -> None:
    assert first(question).answer not in words().bare_answers


def test_a_claim_about_a_nutrient_answers_no_question_that_does_not_name_it() -> None:
    assert "b6_tingling" not in [a.id for a in LIBRARY.answer("can you heal neuropathy")]


@pytest.mark.parametrize(
    "said", ["took too many paracetamol", "face drooping and slurred speech since breakfast"]
)
def test_an_emergency_told_without_a_person_comes_before_any_answer(said: str) -> None:
    assert first(said).kind == "alarm"


@pytest.mark.parametrize(
    "asked", ["symptoms of a stroke", "can a clot make a leg swell", "magnesium for cramps"]
)
def test_a_question_about_a_danger_is_no_emergency(asked: str) -> None:
    assert all(answer.kind != "alarm" for answer in LIBRARY.answer(asked))


@pytest.mark.parametrize(
    "said",
    [
        "suicidal because of restless legs",
        "what does a potassium of 6.5 mean",
        "is a sodium of 115 dangerous",
        "one calf is swollen, red and painful",
    ],
)
def test_a_danger_in_short_words_or_in_a_result_comes_before_what_it_means(said: str) -> None:
    assert first(said).kind == "alarm"


@pytest.mark.parametrize(
    "question",
    [
        "will essential tremor get worse",
        "can alcohol withdrawal cause shakes",
        "does restless legs go away",
    ],
)
def test_the_no_of_another_question_is_not_said(question: str) -> None:
    assert not first(question).answer.startswith("No")


def test_two_things_taken_together_are_answered_by_their_meeting() -> None:
    assert first("st johns wort and sertraline together safe?").answer.startswith(
        "No, do not take them together"
    )
