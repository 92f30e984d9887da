"""Age and sex as people tell them: of the patient, of now, and of nobody else."""

import pytest

from stillwell.case.model import Person
from stillwell.case.person_in_words import is_child, person_in
from stillwell.case.sentences import Grammar
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build
from tests.case_helpers import told

GRAMMAR = Grammar(knowledge().base.lexicon, knowledge().stems)

TOLD = [
    ("a man of 71 with shaking legs", 71, "male"),
    ("early thirties, legs twitch", 33, None),
    ("I'm in my late 50s and my legs ache", 58, None),
    ("34/f cramps at night", 34, "female"),
    ("34 / F, legs shake", 34, "female"),
    ("hello, 29 / m, calves twitch", 29, "male"),
    ("F/41 burning feet", 41, "female"),
    ("my legs are restless. 39 f.", 39, "female"),
    ("cramps (52/M)", 52, "male"),
    ("I am 30/40 pregnant, legs cramp", None, None),
    ("I am 31 and 30/40, legs cramp", 31, None),
    ("34F restless legs", 34, "female"),
    ("M, 62, weak legs", 62, "male"),
    ("F29 tingling feet", 29, "female"),
    ("23 yr old with cramps", 23, None),
    ("67F PMHx HTN, leg cramps", 67, "female"),
    ("67 F c/o cramps", 67, "female"),
    ("67F tired legs", 67, "female"),
    ("67f tired legs", 67, "female"),
    ("67 f, legs shake", 67, "female"),
    ("Hello.\n45M weak legs", 45, "male"),
    ("legs shake, 67yF", 67, "female"),
    ("45m tired legs", 45, "male"),
    ("50 m walk and my calves hurt", None, None),
    ("fever of 101F and shaking legs", None, None),
    ("I'm turning 40 next month, legs shake", 40, None),
    ("my 5 year old daughter has leg cramps", 5, "female"),
    ("my baby is 8 months old and his legs shake", 0.667, None),
    ("3 weeks old baby with trembling legs", 0.057, None),
    ("my son is ten months and his leg twitches", 0.833, "male"),
    ("my two-year-old has leg pain", 2, None),
    ("I am seventy-one and my legs are weak", 71, None),
    ("I am a pensioner and my legs are weak", None, None),
    ("I'm 37 weeks pregnant, legs cramp", None, None),
    ("I take 80 mg and my legs hurt", None, None),
    ("my mum is 70 and has parkinsons. I have leg cramps", None, None),
    ("I have a 5 year old daughter and my legs ache", None, None),
    ("my husband shakes at night, he is 70", 70, "male"),
    ("67 year old man with leg cramps", 67, "male"),
    ("I'm a 45 yo woman, legs jump", 45, "female"),
    ("I was 12 years old when it started", None, None),
    ("diagnosed at age 30 with diabetes, legs burn", None, None),
    ("Age: 54. Sex: male. Cramps", 54, "male"),
    ("aged 66, swollen legs", 66, None),
    ("I've had diabetes for 30 years, feet numb", None, None),
    ("i'm 5 foot 8 and 80 kg, legs restless", None, None),
    ("I am 54 years old", 54, None),
    ("woman, 34, restless legs", 34, "female"),
    ("a lady in her sixties with tremor", 65, "female"),
    ("my dad (82) has weak legs", 82, "male"),
    ("my dad, 82, has weak legs", 82, "male"),
    ("my wife is 61, her calves cramp", 61, "female"),
    ("my grandmother is 91 and her legs are weak", 91, "female"),
    ("I live with my dad who is 80 years old. My legs twitch", None, None),
    ("in my 20s I had cramps", None, None),
    ("since my twenties I have had cramps", None, None),
    ("2 year old injury to my knee and leg pain", None, None),
    ("temp 103 F and shaking", None, None),
    ("20 m walk and my legs hurt", None, None),
    ("my legs hurt after 5 minutes and I am 1 of 3 kids", None, None),
    ("19 female, legs shaking", 19, "female"),
    ("hi, 27 male here with twitching", 27, "male"),
    ("I'm a guy of 50 with cramps", 50, "male"),
    ("my toddler limps", 2, None),
    ("my newborn shakes his legs", 0.05, None),
    ("as a 72-year-old retired teacher my legs ache", 72, None),
    ("I just turned 60, legs weak", 60, None),
    ("im 16 and my legs twitch", 16, None),
    ("my brother, 40, takes statins. My calves hurt", None, None),
    ("my periods are heavy and my legs are restless", None, "female"),
    ("he's 82 and can't walk", 82, None),
    ("I'm male 62 years, weak legs", 62, "male"),
    ("62 y/o M with weak legs", 62, "male"),
    ("He is 8. His calves hurt at night", 8, None),
    ("Pulse in the 50s, legs weak", None, None),
    ("my legs are 100 percent weaker", None, None),
    ("I've been on sertraline 50 for 3 weeks.", None, None),
    ("My mother died at 60. I am 44", 44, None),
    ("my sister's 30 and I'm 28, we both have cramps", 28, None),
    ("mother of 2, legs ache", None, "female"),
    ("mid forties male, tremor", 45, "male"),
    ("I have been told at 71 years old my legs are done", 71, None),
    ("8 month old with stiff legs", 0.667, None),
    ("my daughter, 14, has leg pain", 14, "female"),
    ("my girlfriend is 25 and her hands shake", 25, "female"),
    ("My partner is 48. His legs jerk at night", 48, None),
    ("i have had this for 2 years, since i was 30", None, None),
    ("i am 30 years into diabetes", None, None),
    ("I'm 40+ and my legs ache", 40, None),
    ("My wee lassie is 7 and her shins hurt", 7, "female"),
    ("Our youngest, 5, has sore legs", 5, None),
    ("My lad is 11 and his calves ache", 11, "male"),
    ("The bairn is 3 and limps", 3, None),
    ("My older son is 15 and his legs jump", 15, "male"),
    ("Lass of 24 with cold feet", 24, "female"),
    ("My foot goes dead when I kneel. Otherwise well. 43.", 43, None),
    ("Numb thigh, I'm 19 stone, 52. No back pain", 52, None),
    ("My pain is 8 out of 10. I take 40 mg", None, None),
    ("since my baby was born ten days ago my calf is swollen", None, None),
]


@pytest.mark.parametrize(("text", "age", "sex"), TOLD)
def test_age_and_sex_are_read_as_told(text, age, sex):
    person = person_in(text, Person(), GRAMMAR)
    assert (person.age, person.sex) == (age, sex)


def test_what_was_given_as_a_field_holds_against_words():
    person = person_in("I am 30 and a woman", Person(age=54.0, sex="male"), GRAMMAR)
    assert (person.age, person.sex) == (54.0, "male")


def test_a_child_is_known_by_age_and_an_adult_is_not():
    assert is_child(person_in("my two-year-old has leg pain", Person(), GRAMMAR))
    assert not is_child(person_in("I am 18, legs twitch", Person(), GRAMMAR))
    assert not is_child(Person())


def test_a_child_with_an_alarm_is_out_of_scope_and_keeps_the_alarm():
    from stillwell.assess.assessment import assess

    report = assess(told("my 5 year old daughter had a seizure"))
    assert report.urgency.level == "emergency"
    assert build(report).care.scope.startswith("Out of scope: a child")


@pytest.mark.parametrize("words", ["I am 45M with cramps", "67M PMHx HTN, leg cramps"])
def test_a_man_is_never_read_as_pregnant_or_past_the_menopause(words):
    understood = told(words)
    assert not {"pregnant", "postmenopausal"} & set(understood.history_present)


@pytest.mark.parametrize("age", ["67F", "67 f", "67 years, female", "67yo F"])
def test_an_age_field_with_the_sex_tells_both(age):
    person = told("legs shake", person={"age": age}).person
    assert (person.age, person.sex) == (67, "female")


def test_an_illness_of_a_relative_is_not_the_persons():
    done = told("My mother had a stroke in 1999 and diabetes. I have none of that. My hands shake.")
    assert not {"stroke_before", "diabetes"} & set(done.history_present)
    assert "hand_tremor" in done.present


@pytest.mark.parametrize("text", ["I drink 1 coffee a day", "one cup of coffee in the morning"])
def test_one_coffee_a_day_is_not_much_caffeine(text):
    done = told(f"My hands shake. {text}")
    assert "caffeine_high" not in done.history_present


@pytest.mark.parametrize("text", ["I drink 8 coffees a day", "a cup of coffee every hour"])
def test_many_coffees_are_much_caffeine(text):
    assert "caffeine_high" in told(f"My hands shake. {text}").history_present


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Me and the missus both get tingling feet.", "tingling_feet"),
        ("My wife and I both have restless legs at night.", "urge_to_move_legs"),
        ("My brother and me have numb feet.", "numbness_feet"),
        ("We both get leg cramps at night.", "leg_cramps"),
        ("Both of us have burning feet.", "burning_feet"),
    ],
)
def test_what_both_have_is_the_tellers_too(text, sign):
    assert sign in told(text).present


def test_what_only_the_other_takes_is_not_the_tellers():
    done = told("Me and the wife both get cramp. She takes bumetanide. I am 71 and on nowt.")
    assert not done.medicines and done.medicines_known


@pytest.mark.parametrize(
    ("words", "weeks"),
    [
        ("I'm 30 weeks, the midwife says my iron is low", 30),
        ("27/40 pregnant", 27),
        ("33+4 weeks, antenatal clinic on Friday, now 33+4 weeks", 33),
        ("blood pressure 120/40", None),
        ("I saw the midwife 6 weeks ago", None),
    ],
)
def test_weeks_of_a_pregnancy_are_read_as_midwives_write_them(words, weeks):
    from stillwell.case.person_in_words import weeks_pregnant

    assert weeks_pregnant(words) == weeks


def test_who_gave_birth_is_a_woman():
    assert told("Since giving birth last week my left calf is swollen").person.sex == "female"


@pytest.mark.parametrize("colour", ["purply", "purplish", "purple"])
def test_a_colour_is_no_sickness(colour):
    done = told(f"My left leg is swollen and {colour}, it aches.")
    assert "nausea_or_vomiting" not in {*done.present, *done.perhaps}


@pytest.mark.parametrize(
    "words",
    [
        "I walk as if I were drunk",
        "I stagger like I had eight pints",
        "people think I'm drunk, the way I walk",
        "walking like a drunken sailor",
        "my walk is like a drunk's but I never touch a drop",
    ],
)
def test_walking_like_a_drunk_is_unsteady_and_no_drinking(words):
    done = told(f"For a month {words}.")
    assert "gait_unsteady" in done.present
    assert "alcohol_heavy" not in done.history_present


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("my baby is three weeks old and my right calf is hot and swollen", None),
        ("my daughter is 6 and I get pins and needles in my feet", None),
        ("my baby is 3 weeks old and her legs tremble", 0.1),
        ("my son is 6 and his calves hurt at night", 6),
    ],
)
def test_a_childs_age_is_the_patients_only_where_the_child_is_the_patient(text, age):
    found = told(text).person.age
    assert found is None if age is None else found == pytest.approx(age, abs=0.1)


@pytest.mark.parametrize(
    "words",
    [
        "My mother has restless legs",
        "My mother has restless legs, my legs shake",
        "My father had a tremor",
        "My wife is pregnant and my legs cramp",
    ],
)
def test_a_relatives_sex_is_not_the_patients(words):
    assert told(words).person.sex is None


def test_a_relative_who_is_the_patient_gives_sex_and_age():
    person = told("My mother is 70 and her legs shake").person
    assert (person.sex, person.age) == ("female", 70)
