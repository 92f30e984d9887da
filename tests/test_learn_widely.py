"""Questions that say more than any page knows: what people ask in their own words, and safety before all of it."""

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
        ("why do my calves cramp since I began the new job", "causes_cramps"),
        ("my legs cramp in football training what do I do", "helps_cramps_exercise"),
        ("first line treatment for essential tremor", "helps_essential_tremor"),
        ("causes of peripheral neuropathy", "origins_polyneuropathy"),
        ("are my twitching calves something serious", "red_flags_twitching"),
        ("how is guillain barre diagnosed", "tests_guillain_barre"),
        ("why are my legs weak after a stomach bug", "alarm_weak_after_infection"),
        ("why do legs ache after a virus", "causes_pain_infection"),
        ("does pantoprazole lower magnesium", "relation_proton_pump_inhibitors_low_magnesium"),
        ("can too much zinc lower copper", "relation_zinc_low_copper"),
        ("what is the average requirement for magnesium", "need_magnesium"),
        ("how much potassium is in a banana", "holds_potassium"),
        ("are eggs good for b12", "holds_vitamin_b12"),
        ("is 5000 iu vitamin d safe", "dose_vitamin_d"),
        ("what eases restless legs in pregnancy", "helps_restless_legs_pregnancy"),
        ("which foods are richest in thiamin", "food_thiamin"),
        ("food with a lot of iron", "food_iron"),
        ("does a gastric bypass lower b12", "relation_gastric_bypass_or_gastrectomy_low_vitamin_b12"),
        ("what does a raised TSH mean", "flag_tsh_high"),
        ("what does hypophosphataemia cause", "symptoms_low_phosphate"),
        ("can a blood test show restless legs", "tests_restless_legs"),
        ("are my tingling feet ms", "ms_legs"),
        ("red flags for cauda equina", "symptoms_cauda_equina_syndrome"),
        ("is leg twitching a sign of a brain tumour", "symptoms_brain_tumour"),
        ("is there medicine for shaking legs", "helps_shaking"),
        ("which vitamin deficiencies cause neuropathy", "deficiencies_polyneuropathy"),
        ("should i take iron", "ask_first_iron"),
        ("why do legs shake after a fast ride", "causes_shaking"),
        ("does biotin affect thyroid tests", "biotin_tests"),
        ("why do I fall so much lately", "urgency_falls"),
        ("twitching in my calf for two weeks do I have als", "twitching_als"),
    ],
)  # fmt: skip
def test_a_question_that_says_more_is_answered_by_what_it_asks(question: str, id: str) -> None:
    assert first(question).id == id


@pytest.mark.parametrize(
    "question",
    [
        "does tapping help leg cramps",
        "how do I stop leg cramps with pebbles",
        "can my cat have restless legs",
        "is a bamboo mat good for restless legs",
        "why do we fall in love",
    ],
)
def test_what_is_strange_stays_unknown(question: str) -> None:
    assert LIBRARY.answer(question) == []


@pytest.mark.parametrize(
    ("question", "hours"),
    [
        ("can I take iron with my thyroid tablets", 4),
        ("can I take calcium with levothyroxine", 4),
        ("levothyroxine and calcium how far apart", 4),
        ("doxycycline with magnesium", 3),
        ("does levodopa interact with iron", 2),
        ("can magnesium and gabapentin be taken together", 2),
    ],
)
def test_what_needs_only_time_between_is_not_forbidden(question: str, hours: int) -> None:
    assert first(question).answer == words().permission.apart.format(hours=hours)


def test_every_meeting_that_is_kept_apart_says_so_and_none_that_is_forbidden() -> None:
    base = knowledge().base
    for group in (*base.supplements.values(), *base.medicines.values()):
        for met in group.interactions:
            if met.space_hours is None or met.others or met.members:
                continue
            other = base.medicines.get(met.with_) or base.supplements.get(met.with_)
            if other is None:
                continue
            found = LIBRARY.answer(
                f"can i take {group.members[0].name} with {other.members[0].name}"
            )
            assert found, (group.id, met.with_)
            if met.severity != "contraindicated" and found[0].id.startswith("together_"):
                assert not found[0].answer.startswith("No, not unless"), (group.id, met.with_)


@pytest.mark.parametrize(
    "question",
    [
        "can I give my 4 year old magnesium",
        "how much iron can I give my child",
        "what dose of vitamin d is safe for my baby daughter",
        "can my son take b12 tablets",
        "how many mg ibuprofen for a 7 year old",
    ],
)
def test_a_dose_for_a_child_goes_to_a_doctor_or_pharmacist_first(question: str) -> None:
    assert first(question).answer == words().permission.ask_for_child


def test_what_a_girl_needs_to_eat_is_no_dose() -> None:
    assert first("how much iron does a 15 year old girl need").id == "need_iron"


@pytest.mark.parametrize(
    ("question", "id"),
    [
        ("b12 result 190", "result_vitamin_b12"),
        ("my ferritin is 14 is that bad", "result_ferritin"),
        ("hba1c 52", "result_hba1c"),
        ("folate 2.1", "result_serum_folate"),
        ("magnesium 0.62 mmol/l what should i do", "result_magnesium"),
    ],
)
def test_a_bare_result_is_read_and_followed_by_what_comes_next(question: str, id: str) -> None:
    answer = first(question)
    assert answer.id == id and answer.items


def test_a_number_without_its_unit_is_told_in_both() -> None:
    items = first("b12 result 190").items
    assert any("190 pg/mL: Low" in item for item in items)
    assert any("190 pmol/L" in item and "low for this purpose" in item for item in items)


def test_what_comes_next_after_a_result_is_what_the_report_says() -> None:
    steps = [step.text for step in knowledge().base.management["low_iron"].steps]
    assert set(first("ferritin 9").items) <= set(steps)


@pytest.mark.parametrize(
    "question",
    [
        "is it urgent if my mum suddenly cannot move her leg",
        "one leg is cold and pale",
        "can i wait till monday with a numb saddle area",
        "i have crushing chest pain and shaking legs",
        "what does a potassium of 2.3 mean",
    ],
)
def test_a_danger_leads_whatever_is_asked_of_it(question: str) -> None:
    assert [a.kind for a in LIBRARY.answer(question)] == ["alarm"]


def test_what_should_be_seen_soon_is_said_where_nothing_else_answers() -> None:
    assert first("is it serious if both legs get weaker every week").kind == "urgency"


def test_twitching_with_weak_or_thin_muscles_is_a_red_flag() -> None:
    base = knowledge().base
    items = first("red flags of twitching muscles").items
    for sign in ("muscle_wasting", "leg_weakness"):
        assert base.findings[sign].name in items


def test_what_helps_is_short_and_the_rest_is_folded() -> None:
    for question in (
        "what helps restless legs",
        "how do I stop leg cramps",
        "what helps shaky legs",
    ):
        answer = first(question)
        assert len(answer.items) <= 4 and answer.more


def test_nobody_is_told_that_a_supplement_brings_its_own_lack() -> None:
    for page in LIBRARY._search._pages:
        if page.answer.id == "iron":
            assert "low iron" not in page.answer.text.split("With ")[0]


def test_a_name_is_not_put_together_across_other_words() -> None:
    assert first("how much iron can i give my child").id == "child_iron"
