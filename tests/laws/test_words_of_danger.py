"""Words that tell a danger of a medicine taken are heard, in many wordings, and calmer ones are not."""

import pytest

from stillwell.case.model import Case
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import triage


def seen(words: str, **more):
    case = understand(Case(story=words, **more))
    urgency = triage(case, knowledge())
    return case, urgency, {alert.id: alert for alert in urgency.alerts}


@pytest.mark.parametrize(
    "words",
    [
        "I'm on Epilim and think I'm pregnant. My hands tremble.",
        "Taking topiramate; might I be pregnant? Legs twitch.",
        "My last period is five weeks overdue. I am on Roaccutane. My legs ache.",
        "I take carbamazepine and have missed a period. My feet tingle.",
        "Lithium for years. I possibly am expecting. I shake.",
    ],
)
def test_a_pregnancy_that_may_be_on_a_harmful_medicine_is_for_today(words):
    case, urgency, alerts = seen(words)
    assert urgency.level in ("today", "emergency")
    alert = alerts["harmful_medicine_perhaps_pregnant"]
    assert "pregnancy test" in alert.do and "Never stop" in alert.do and "{" not in alert.why
    assert case.person.sex == "female"


@pytest.mark.parametrize(
    "words",
    [
        "I take valproate. I can't be pregnant. My hands shake.",
        "I take valproate. I may be late for work. My hands shake.",
        "I take topiramate; my sister may be pregnant. My legs twitch.",
    ],
)
def test_no_pregnancy_is_made_up(words):
    assert "harmful_medicine_perhaps_pregnant" not in seen(words)[2]


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("On warfarin, and I bruise for no reason. Legs ache.", "today"),
        ("Mum is on edoxaban, she is covered in bruises. Her legs cramp.", "today"),
        ("I take Xarelto. Nosebleeds that won't stop. My legs twitch.", "today"),
        ("My gums are bleeding and I'm on warfarin. I banged my head this morning.", "emergency"),
    ],
)
def test_bleeding_on_a_blood_thinner_is_heard(words, level):
    _, urgency, alerts = seen(words)
    assert urgency.level == level
    assert "clinic today" in alerts["bleeding_on_blood_thinner"].do or level == "emergency"


@pytest.mark.parametrize(
    "words",
    [
        "I take warfarin. My gums never bleed. My legs ache.",
        "My gums bleed when I brush. My legs ache.",
    ],
)
def test_no_bleeding_is_made_up(words):
    assert "bleeding_on_blood_thinner" not in seen(words)[2]


@pytest.mark.parametrize(
    ("words", "rule", "level"),
    [
        ("Zocor, and erythromycin since Monday: my calves hurt.", "statin_made_strong_muscles", "today"),
        ("I take atorvastatin and fluconazole. Weak thighs.", "statin_made_strong_muscles", "today"),
        ("Simvastatin with clarithromycin. Sore thighs, dark urine.", "statin_made_strong_muscles", "emergency"),
        ("Foot cold and white, my leg hurts badly.", "cold_painful_leg", "emergency"),
        ("unsteady since a bang on the head", "wobbly_after_head_knock", "emergency"),
        ("Restless legs on Mirapexin. It starts earlier each day.", "augmentation", "soon"),
        ("My restless legs are treated with Requip and now I feel it in my arms as well.", "augmentation", "soon"),
        ("My words slur more and more these eight months, and my grip is weak.", "speech_changed_slowly", "today"),
        ("My speech has slowly become slurred, my calf is thin.", "speech_changed_slowly", "today"),
        ("Gradually slurred speech. I get out of breath lying down.", "speech_changed_slowly", "emergency"),
        ("My speech is slurred since this morning, arm weak for months.", "speech_changed", "emergency"),
    ],
)  # fmt: skip
def test_a_danger_is_named_at_its_level(words, rule, level):
    _, urgency, alerts = seen(words)
    assert rule in alerts and urgency.level == level


def test_rhabdomyolysis_stands_first_on_a_statin_made_strong():
    _, urgency, _ = seen("I have AF. Simvastatin 40 mg, clarithromycin since Friday, thighs ache.")
    assert urgency.alerts[0].causes == ["rhabdomyolysis"]
    assert "kidneys" in urgency.alerts[0].do


def test_a_known_rhythm_is_no_new_uneven_pulse_and_a_new_one_is():
    known, *_ = seen("I take apixaban for atrial fibrillation. My legs ache and are weak.")
    assert "irregular_or_slow_heartbeat" not in known.present
    new, *_ = seen("My pulse is uneven and skips beats. My legs are weak.")
    assert "irregular_or_slow_heartbeat" in new.present
