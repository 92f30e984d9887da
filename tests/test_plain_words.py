"""Plain words, misspelt too, become findings; negation is honoured; nothing is dropped silently."""

import pytest

from stillwell.knowledge.store import knowledge
from tests.case_helpers import told

SAID = [
    ("my legs jump at night when I lie down", "urge_to_move_legs"),
    ("I have to keep moving my legs in the evening, I cannot sit still", "urge_to_move_legs"),
    ("pins and needles in my feet", "tingling_feet"),
    ("my calfs cramp at nite in bed", "leg_cramps"),
    ("my hands tremble", "hand_tremor"),
    ("my legs shake when I stand", "leg_tremor"),
    ("numb toes", "numbness_feet"),
    ("my urine is dark like cola", "dark_urine"),
    ("I'm exhausted", "fatigue"),
    ("my heart is racing", "palpitations"),
    ("can't keep my legs still in the evening", "urge_to_move_legs"),
    ("charley horse in my calf", "leg_cramps"),
    ("I am numb between the legs, in the saddle area", "saddle_numbness"),
    ("my musclse twitch", "muscle_twitching"),
]


@pytest.mark.parametrize(("text", "finding"), SAID)
def test_ordinary_words_are_understood(text, finding):
    assert finding in told(text).present


@pytest.mark.parametrize(
    "text",
    ["no tingling in my feet", "I don't have tingling feet", "never tingling feet, my legs shake"],
)
def test_a_denied_finding_is_absent(text):
    case = told(text)
    assert "tingling_feet" in case.absent
    assert "tingling_feet" not in case.present


@pytest.mark.parametrize(
    "text", ["my feet are not numb", "tingling in my hands and feet, no numbness"]
)
def test_a_negation_inside_the_phrase_denies_it(text):
    assert "numbness_feet" not in told(text).present


def test_negation_ends_at_but():
    case = told("no numbness in my feet but my hands tremble")
    assert "numbness_feet" in case.absent
    assert "hand_tremor" in case.present


def test_what_is_not_understood_is_listed():
    lines = told("my legs shake. We went to see my cousin in Leeds.").unclear
    assert any("cousin in Leeds" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("PPI", "proton_pump_inhibitors"),
        ("water tablet", "thiazides"),
        ("Losec", "proton_pump_inhibitors"),
        ("sertralin", "ssri"),
    ],
)
def test_medicines_are_known_by_class_brand_and_misspelling(name, group):
    assert group in {m.group for m in told("my legs shake", medicines=[name]).medicines}


def test_an_unknown_medicine_is_named():
    assert any("florbium" in line for line in told("my legs shake", medicines=["florbium"]).unclear)


def test_onsets_exclude_each_other():
    case = told(findings={"present": ["leg_weakness", "onset_years"]})
    assert {"onset_sudden", "onset_within_days"} <= set(case.absent)


# ---- what is denied ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("no tingling", "tingling_feet"),
        ("no weakness and no numbness", "leg_weakness"),
        ("no weakness and no numbness", "numbness_feet"),
        ("not numb", "numbness_feet"),
        ("neither cramps nor tingling", "tingling_hands"),
        ("denies any pain, weakness, tingling or numbness", "numbness_feet"),
        ("no fever or chills", "shaking_chills"),
        ("tremor: no", "leg_tremor"),
        ("numbness: none, cramps: yes", "numbness_feet"),
        ("tingling - none", "tingling_feet"),
    ],
)
def test_a_denial_without_a_place_denies_every_finding_of_its_kind(text, finding):
    case = told(text)
    assert finding in case.absent
    assert finding not in case.present


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("the cramps in my calves are gone", "leg_cramps"),
        ("the trembling has stopped", "tremor"),
        ("my hands are no longer trembling", "hand_tremor"),
    ],
)
def test_what_is_over_is_not_there(text, finding):
    assert finding not in told(text).present


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("my legs hurt, not numb, and my feet tingle", "tingling_feet"),
        ("I am not sleeping because my legs jump", "poor_sleep"),
        ("I can't stop shaking", "tremor"),
        ("no numbness, but my feet tingle", "tingling_feet"),
    ],
)
def test_a_denial_ends_where_the_next_statement_begins(text, finding):
    assert finding in told(text).present


def test_a_red_flag_that_is_over_still_counts():
    """A face that drooped for ten minutes can be a warning of a stroke."""
    case = told("my face drooped for ten minutes, now it is gone")
    assert "facial_weakness" in {*case.present, *case.noted}


def test_every_general_denial_names_findings_that_exist():
    base = knowledge().base
    lists = [n for n in base.lexicon if n.startswith("deny_")]
    lists += ["red_flags_to_ask", "self_care", "self_care_beside"]
    for name in lists:
        assert set(base.lexicon[name]) <= set(base.findings), name
    assert set(base.lexicon["alarm_items"]) <= {*base.findings, *base.history}


# ---- what belongs together -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("leg cramps at night, tired, pins and needles in fingers", "carpopedal_spasm"),
        ("leg cramps at night, tired, pins and needles in fingers", "tingling_feet"),
        ("I pee a lot because I drink lots of tea, my muscles hurt", "dark_urine"),
        ("can't breathe", "inner_restlessness_whole_body"),
        ("had a baby 4 months ago, my legs jump", "onset_weeks_to_months"),
        ("I took B12 for 2 months and my legs ache", "onset_weeks_to_months"),
        ("my vision is fine, my legs ache", "hallucinations"),
    ],
)
def test_a_finding_is_not_made_of_words_of_two_statements(text, never):
    assert never not in told(text).present


def test_weak_legs_and_a_skipping_heart_are_no_heart_failure():
    assert "heart_failure" not in told("legs weak and heart skipping").history_present
    assert "heart_failure" not in told("kidney failure and heart is skipping").history_present


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("hands, feet and legs tingle", "tingling_feet"),
        ("numb, tingling feet", "numbness_feet"),
        ("burning hands and feet at night", "burning_feet"),
        ("my legs: weak and shaky", "leg_weakness"),
    ],
)
def test_a_list_of_symptoms_or_of_parts_of_the_body_belongs_together(text, finding):
    assert finding in told(text).present


# ---- whose it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "never", "own"),
    [
        ("my mother had a fit once. I only have cramps", "seizure", "leg_cramps"),
        ("my dog had a seizure and I have cramps", "seizure", "leg_cramps"),
        (
            "my husband has restless legs and kicks me; I have cramps",
            "urge_to_move_legs",
            "leg_cramps",
        ),
        ("my brother had weak legs and died. my legs tingle", "leg_weakness", "tingling_feet"),
        ("my friend can't feel his feet. my hands tremble", "numbness_feet", "hand_tremor"),
        ("the wife's legs swell; I get cramps", "leg_swelling", "leg_cramps"),
    ],
)
def test_what_others_have_is_not_the_patients_and_is_listed(text, never, own):
    case = told(text)
    assert never not in case.present
    assert own in case.present
    assert any("somebody else" in line for line in case.unclear)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("my husband is 70. he shakes at night and his legs are weak", "leg_weakness"),
        ("mum went down again in the kitchen, her legs gave way", "legs_give_way"),
        ("my wife says I kick all night", "leg_jerks_during_sleep"),
        ("my wifes mouth is drooping and she can't speak properly", "facial_weakness"),
    ],
)
def test_a_partner_or_carer_may_tell_the_story(text, finding):
    assert finding in told(text).present


def test_a_sisters_medicine_is_hers():
    assert not told("my sister takes sertraline and shakes. my legs shake too").medicines


# ---- medicines, illnesses, person ----------------------------------------------------------------


def test_a_medicine_tells_no_illness():
    case = told("I take metformin, sertraline and ramipril. my legs ache")
    assert not {"diabetes", "depression", "high_blood_pressure"} & set(case.history_present)
    assert len(case.medicines) == 3
    assert "diabetes" not in told("I take no metformin anymore, legs ache").history_absent


def test_haemochromatosis_has_its_own_name():
    assert told("I have haemochromatosis, my legs cramp").history_present == ["haemochromatosis"]


def test_a_word_for_several_classes_of_medicines_says_so():
    assert any("can mean several" in line for line in told("x", medicines=["water tablet"]).unclear)


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("67 year old man with shaky legs", 67, "male"),
        ("I am 67, male, legs shake", 67, "male"),
        ("i'm a 34 yo woman with restless legs", 34, "female"),
        ("34F, restless legs", 34, "female"),
        ("68m, weak legs", 68, "male"),
        ("my husband is 70 and his legs shake", 70, "male"),
        ("my mum is 70. my legs shake", None, None),
        ("I have had cramps for 20 years", None, None),
    ],
)
def test_age_and_sex_are_read_from_words(text, age, sex):
    person = told(text).person
    assert (person.age, person.sex) == (age, sex)


def test_what_the_person_fields_say_holds():
    assert told("67 year old man, legs shake", person={"age": 40}).person.age == 40


def test_pregnancy_is_read_from_words_and_a_guess_is_none():
    assert told("I'm 20 weeks pregnant and have leg cramps").person.pregnant is True
    assert told("not pregnant, legs cramp").person.pregnant is False
    case = told("I could be pregnant, legs cramp")
    assert "pregnant" not in case.history_present
    assert any("perhaps pregnant" in line for line in case.unclear)


# ---- nothing is lost -----------------------------------------------------------------------------


def test_words_written_in_haste_are_understood():
    """A misspelt story: shaking legs, a new mother, heavy periods."""
    case = told(
        "me legs r shakin n jumpin evry nite wen i lye down, dead tired, "
        "had a baby 4 munths ago and hevy periods"
    )
    assert {"leg_tremor", "fatigue", "heavy_menstrual_bleeding"} <= set(case.present)
    assert "recent_childbirth" in case.history_present


@pytest.mark.parametrize(
    "text", ["my legs feel funny", "Meine Beine zittern nachts", "\u6211\u7684\u817f\u53d1\u6296"]
)
def test_a_story_of_which_nothing_is_understood_says_so(text):
    case = told(text)
    assert case.understood_nothing
    assert case.perhaps or any("not understood" in line for line in case.unclear)


def test_a_story_beside_listed_findings_counts_for_urgency_only():
    case = told(
        findings={"present": ["leg_cramps"], "absent": ["leg_weakness"]},
        story="my legs are weak and my feet are numb since yesterday",
    )
    assert case.present == ["leg_cramps"]
    assert "numbness_feet" in case.noted
    assert "leg_weakness" in case.absent and "leg_weakness" not in case.present
    assert "leg_weakness" in case.noted  # against the list, and said
    assert any(line.startswith("the words also say") for line in case.unclear)


def test_what_is_only_feared_is_kept_apart_from_what_is_there() -> None:
    from stillwell.case.model import Case
    from stillwell.case.understand import understand

    done = understand(Case(complaint="my legs tingle, worried i have ms or diabetes"))
    assert {"multiple_sclerosis_known", "diabetes"} <= set(done.feared)
    assert not set(done.feared) & set(done.history_present)


@pytest.mark.parametrize(
    "text",
    ["Meine Beine zittern nachts", "me tiemblan las piernas", "mes jambes tremblent la nuit"],
)
def test_a_text_in_another_language_is_not_guessed_at(text):
    case = told(text)
    assert not (case.present or case.absent or case.perhaps or case.history_present)
    assert any("We read English only" in line for line in case.unclear)


@pytest.mark.parametrize(
    ("text", "sign"), [("mi lgs r shking bad", "leg_tremor"), ("tinglng feat", "tingling_feet")]
)
def test_misspelt_english_is_read(text, sign):
    assert sign in told(text).present
