"""Medicines in words: taken, left, long past, wished for, and words that are none."""

import pytest

from stillwell.case.model import Case
from stillwell.case.understand import medicine_names, understand
from tests.case_helpers import told

NAMES = medicine_names()

TOLD = [
    ("I take ramipril and simvastatin for my heart", ["ramipril taking", "simvastatin taking"]),
    ("my legs are the same and it is even worse at night", []),
    ("i cannot even walk", []),
    ("I have got the pills lined up", []),
    ("my leg blew up like a balloon", []),
    ("should I take magnesium?", []),
    ("would B12 help", []),
    ("does magnesium help cramps", []),
    ("I take magnesium 400 mg every night", ["magnesium taking"]),
    ("magnesium 250mg, zinc and B12", ["magnesium taking", "zinc taking", "b12 taking"]),
    ("I stopped sertraline two weeks ago", ["sertraline stopped"]),
    ("I used to take amitriptyline", []),
    ("I took statins years ago", []),
    ("I was on fluoxetine in 2012", []),
    ("I am not on statins or metformin", []),
    ("no statins, no metformin", []),
    ("my mum takes thyroxine. my legs cramp", []),
    ("I refused statins", []),
    ("I'm allergic to ciprofloxacin", []),
    ("my doctor wants to put me on gabapentin", []),
    ("my doctor recommended iron tablets", []),
    ("could my statin be the cause", ["statin taking"]),
    (
        "I'm on blood pressure tablets and a water tablet",
        ["blood pressure tablets taking", "water tablet taking"],
    ),
    ("I take antidepressants", ["antidepressants taking"]),
    ("I drink coffee and eat a lot of liquorice", ["liquorice taking"]),
    ("metformin 500 mg twice a day", ["metformin taking"]),
    ("lisinopril makes my calves cramp", ["lisinopril taking"]),
    ("I want to stop sertraline because of shaking", ["sertraline taking"]),
    ("I ran out of clonazepam", ["clonazepam stopped"]),
    (
        "Medicines: amlodipine, iron, omeprazole",
        ["amlodipine taking", "iron taking", "omeprazole taking"],
    ),
    ("Currently taking: ramipril 5 mg, B12", ["ramipril taking", "b12 taking"]),
    ("my iron is low", []),
    ("foods rich in potassium", []),
    ("I eat potassium rich foods", []),
    ("can I take ibuprofen with ramipril", ["ramipril taking"]),
    ("I have been taking levothyroxin 50 for years", ["levothyroxin taking"]),
    ("no relief with gabapentin", ["gabapentin taking"]),
    ("I never miss my levodopa", ["levodopa taking"]),
    ("I read that statins cause cramps", []),
    ("people on statins get cramps", []),
    ("I no longer take pregabalin", ["pregabalin stopped"]),
    ("pregabalin was stopped last week", ["pregabalin stopped"]),
    ("my husband takes warfarin, he has leg cramps", ["warfarin taking"]),
    ("thinking of starting iron", []),
    ("I started vitamin D last month", ["vitamin d taking"]),
    ("my vitamin D is fine", []),
    ("two energy drinks a day", ["energy drinks taking"]),
    ("I do balloons every weekend", ["balloons taking"]),
    ("reliever inhaler twice a day", ["reliever taking", "inhaler taking"]),
    ("relieved by rest", []),
    ("on propranolol 40mg bd", ["propranolol taking"]),
    ("I use a blue inhaler", ["blue inhaler taking"]),
    ("I had chemo last year", []),
    ("nothing helped, not even magnesium", []),
    ("I tried quinine but it did not help", []),
    ("been on sertraline since last year", ["sertraline taking"]),
    ("ferrous sulphate 200 mg tds", ["ferrous sulphate taking"]),
    ("started sertraline 3 years ago", ["sertraline taking"]),
]

STATUSES = [
    ("I used to take amitriptyline", "past"),
    ("I was on fluoxetine in 2012", "past"),
    ("should I take ibuprofen?", "wished"),
    ("my doctor recommended iron tablets", "wished"),
    ("would B12 tablets help", "wished"),
    ("I refused statins", "other"),
    ("I am not on metformin", "other"),
    ("people on statins get cramps", "other"),
    ("I stopped sertraline last week", "stopped"),
    ("I take sertraline", "taking"),
]

MISSPELT = [
    ("levothyroxin", "levothyroxine"),
    ("gabapentine", "gabapentin"),
    ("simvastatine", "simvastatin"),
]
NO_MEDICINE = [
    "even",
    "evening",
    "same",
    "relieved",
    "pills",
    "balloon",
    "better",
    "nothing",
    "walking",
    "doctor",
    "morning",
    "tremors",
    "started",
]


@pytest.mark.parametrize(("text", "expected"), TOLD)
def test_what_is_taken_or_left_of_late_is_listed(text, expected):
    assert [f"{m.told} {m.status}" for m in NAMES.named(text)] == expected


@pytest.mark.parametrize(("text", "status"), STATUSES)
def test_each_medicine_has_its_status(text, status):
    assert [m.status for m in NAMES.told(text)] == [status]


@pytest.mark.parametrize(("written", "meant"), MISSPELT)
def test_a_misspelt_medicine_is_found(written, meant):
    assert NAMES.find(written) == NAMES.find(meant) != []


@pytest.mark.parametrize("word", NO_MEDICINE)
def test_a_common_word_is_no_misspelt_medicine(word):
    assert [m.told for m in NAMES.told(f"I take it and {word} my legs ache")] == []


def test_a_word_for_several_classes_is_one_medicine():
    found = NAMES.named("I take blood pressure tablets")
    assert len(found) == 1
    assert len({target.split(":")[0] for target in found[0].targets}) > 1


@pytest.mark.parametrize(
    ("brand", "generic"),
    [("Thyronorm", "levothyroxine"), ("Eptoin", "phenytoin"), ("Ecosprin", "aspirin")],
)
def test_indian_brands_are_known(brand, generic):
    assert [t.split(":")[1] for t in NAMES.find(brand)] == [generic]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("warfarin (stopped 2019)", "stopped"),
        ("I took methotrexate 10 mg weekly, stopped 2 months ago", "past"),
        ("lithium until 2020", "stopped"),
        ("My husband takes lithium", "other"),
        ("My legs ache. My mum is on digoxin.", "other"),
        ("My husband takes lithium. He is confused.", "taking"),
        ("I start St John's wort tomorrow", "wished"),
        ("Going to start St John's wort tomorrow", "wished"),
        ("I take lithium, stopped smoking in March", "taking"),
        ("sertraline 50 mg since March", "taking"),
    ],
)
def test_a_note_beside_a_name_tells_who_takes_it_and_when(text: str, status: str) -> None:
    assert [m.status for m in NAMES.told(text)] == [status]


@pytest.mark.parametrize(
    "entry", ["warfarin (stopped 2019)", "methotrexate (stopped 2 months ago)"]
)
def test_an_entry_that_was_stopped_is_not_taken(entry: str) -> None:
    (one,) = understand(Case(medicines=[entry])).medicines
    assert one.stopped


def test_an_entry_of_a_relative_is_said_and_not_counted() -> None:
    told = understand(Case(medicines=["lithium (my husband's)", "digoxin 125"]))
    assert [m.member for m in told.medicines] == ["digoxin"]
    assert any("husband" in line for line in told.unclear)


def test_what_is_about_to_be_started_is_planned_and_not_taken() -> None:
    told = understand(Case(supplements=["St John's wort (starting tomorrow)"]))
    assert not told.supplements
    assert [p.member for p in told.planned] == ["St John's wort"]


UNKNOWN = [
    ("I take josamycin 500mg and letrozole", ["josamycin", "letrozole"]),
    ("on sitagliptin, ivabradine and mirabegron", ["sitagliptin", "ivabradine", "mirabegron"]),
    ("I take turmeric and CoQ10", ["coq10"]),
    ("froobax 20mg for my chest", ["froobax"]),
    ("I take ramipril and froobax", ["froobax"]),
    ("Meds: ramipril, zonktrilomab, statin", ["zonktrilomab"]),
    ("my aunt takes letrozole. should I take turmeric?", []),
    ("my spine hurts since April when I take the stairs", []),
    ("I take Tuesday off, takeing my son to school, it takes ages", []),
    ("I eat garlic and ginger", []),
    ("I take tablets for acidity and take longer to recover", []),
]


@pytest.mark.parametrize(("text", "names"), UNKNOWN)
def test_a_medicine_that_is_not_known_is_listed_and_no_other_word_is(text, names):
    done = told(f"My legs ache. {text}")
    listed = [
        line for line in done.unclear if "effects and interactions were not looked at" in line
    ]
    assert [line.split("'")[1] for line in listed] == names


def test_a_medicine_in_a_list_that_is_not_known_is_said_so():
    done = told(medicines=["frobnizole 5 mg"])
    assert any("'frobnizole 5 mg' is a medicine that is not known" in line for line in done.unclear)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("waterpill", "thiazides"),
        ("rosuva", "statins"),
        ("glyburide", "sulfonylureas"),
        ("co-codamol", "opioids"),
        ("co-careldopa", "levodopa"),
        ("blood thinner", "warfarin"),
    ],
)
def test_what_people_call_a_medicine_is_that_medicine(name, group):
    assert group in [m.group for m in told(f"My legs ache. I take a {name} daily").medicines]


def test_the_name_of_a_medicine_that_is_not_known_tells_nothing_else():
    done = told("67F tired legs. I take froobax 20mg and sertraline.")
    assert not any("froobax" in words for words in done.from_words.values())


NONE_TAKEN = [
    "no medication",
    "I'm on nothing",
    "she is on nowt",
    "I don't take owt",
    "he doesn't take any tablets",
    "I am on no pills",
    "not taking anything",
    "Medication: none",
    "never take tablets",
]
NOT_NONE = [
    "no tablets have helped",
    "I don't take anything for it",
    "my mother takes no tablets",
    "no new medication",
    "I have no tablets left",
    "it began when I was on nothing",
]


@pytest.mark.parametrize("words", NONE_TAKEN)
def test_who_takes_no_medicine_is_not_asked_which(words):
    assert told(f"My legs ache, {words}.").medicines_known


@pytest.mark.parametrize("words", NOT_NONE)
def test_words_that_only_sound_like_no_medicine_leave_the_question_open(words):
    assert not told(f"My legs ache. And {words}.").medicines_known


def test_a_past_course_of_chemotherapy_still_counts_for_the_nerves():
    done = told("I had chemo (cisplatin) in 2018. My feet are numb.")
    assert [(m.member, m.stopped) for m in done.medicines] == [("cisplatin", True)]


def test_a_medicine_of_the_past_is_said_and_not_counted():
    done = told("My legs jump. I had fluoxetine in 2012.")
    assert not done.medicines
    assert any("of the past" in line and "fluoxetine" in line for line in done.unclear)


@pytest.mark.parametrize(
    "words",
    [
        "I stopped taking simvastatin two years ago.",
        "Quit taking atorvastatin 3 years ago.",
        "I gave up rosuvastatin a decade ago.",
        "I came off pravastatin years ago.",
        "I used to be on fluvastatin.",
    ],
)
def test_what_was_stopped_long_ago_is_neither_taken_nor_lately_stopped(words):
    done = told(f"{words} My legs cramp.")
    assert not done.medicines and not done.planned
    assert any("past" in line for line in done.unclear)
    assert "after_stopping_medicine_or_substance" not in {*done.present, *done.perhaps}


@pytest.mark.parametrize(
    "words",
    [
        "Next week I start ramipril.",
        "From Monday I'm starting lisinopril.",
        "Tomorrow I begin perindopril.",
        "My doctor is thinking of putting me on enalapril.",
        "The GP wants to put me on captopril.",
    ],
)
def test_what_is_to_be_started_is_planned_and_not_new(words):
    done = told(f"{words} My legs cramp.")
    assert not done.medicines and [p.group for p in done.planned] == ["ace_inhibitors"]
    assert "after_new_medicine_or_dose_change" not in {*done.present, *done.perhaps}


@pytest.mark.parametrize(
    "words",
    [
        "They talk of putting me on pramipexole",
        "my neurologist is considering rasagiline",
        "consultant mentioned opicapone",
        "someone said fasiprolam",
        "asdf",
    ],
)
def test_a_name_or_letters_that_are_no_word_tell_no_symptom(words):
    done = told(f"My legs twitch. {words}.")
    assert set(done.present) <= {"muscle_twitching"}
    assert not {"suicidal_thoughts", "recreational_stimulants", "liver_disease"} & set(done.perhaps)


@pytest.mark.parametrize(
    ("words", "group", "dose"),
    [
        ("I take D3 10,000 IU a day with K2.", "vitamin_d", 250),
        ("K2 and D3 2000 iu twice daily.", "vitamin_d", 100),
        ("On vit d 4000.", "vitamin_d", 100),
        ("I take vitamin D 800", "vitamin_d", 20),
        ("I take ZMA at night.", "zinc", 30),
        ("I take Floradix.", "iron", None),
        ("Taking Forceval and Pregnacare.", "multivitamin", None),
    ],
)
def test_products_by_their_short_names_are_read_with_their_dose(words, group, dose):
    done = told(f"{words} My legs cramp.")
    assert {s.group: s.dose for s in done.supplements}.get(group, "lost") == dose
    assert "pregnant" not in done.history_present and done.present == ["leg_cramps"]


@pytest.mark.parametrize(
    "food", ["liver pate for iron", "spinach for the iron", "kidneys for my iron"]
)
def test_food_for_a_nutrient_is_no_tablet_and_no_illness(food):
    done = told(f"I eat {food}. My legs are restless.")
    assert not done.supplements and "haemochromatosis" not in done.history_present


@pytest.mark.parametrize(
    "name", ["fenugreek", "nattokinase", "hawthorn", "pyrazinamide", "black cohosh"]
)
def test_a_product_that_is_not_known_is_named_and_no_symptom(name):
    done = told(f"I take {name}. My legs cramp.")
    assert any(name in line and "not known here" in line for line in done.unclear)
    assert done.present == ["leg_cramps"] and not done.perhaps
