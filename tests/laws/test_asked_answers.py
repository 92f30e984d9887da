"""What is asked about gets a line for it, a line against it and what would tell more; a medicine gets a verdict."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.report.build import build
from stillwell.report.document import Items


def answers(text: str, **person: object) -> dict[str, tuple[str, str]]:
    document = build(assess(case_from({"complaint": text, "person": person}), draws=0))
    part = document.section("asked")
    blocks = part.blocks if part else []
    return {i.lead: (i.text, i.note) for b in blocks if isinstance(b, Items) for i in b.items}


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("My eyelid and thigh twitch. Is it motor neurone disease?", "Motor neuron disease"),
        ("My soles tingle. Could it be diabetes?", "High blood sugar"),
        ("My hands shake when I pour tea. Do I have Parkinson's disease?", "Parkinson's disease"),
    ],
)
def test_a_cause_asked_about_is_weighed_both_ways_and_says_what_tells_more(text, lead):
    said = {name.lower(): value for name, value in answers(text, age=55).items()}
    body, note = next(v for name, v in said.items() if lead.lower()[:9] in name)
    assert body.count("For it:") == 1 and body.count("Against it:") == 1
    assert note.startswith("What would tell more: ") and not note.endswith(": ")


def test_a_medicine_asked_about_in_pregnancy_is_not_allowed_by_silence():
    said = answers(
        "I'm 20 weeks pregnant, my legs crawl at night. May I take pramipexole? A friend has some."
    )
    text = said["Pramipexole"][0]
    assert text.startswith("No, not in pregnancy") and "somebody else" in text


def test_a_medicine_asked_about_is_left_to_the_prescriber():
    said = answers("My legs crawl at night. Can I take gabapentin from my brother?", age=44)
    assert "Only if your doctor prescribes it" in said["Gabapentin"][0]


@pytest.mark.parametrize(
    ("text", "lead", "denied"),
    [
        ("My calf twitches but I have no weakness. Is it ALS?", "motor neuron", "weak legs"),
        ("My legs are not weak at all, only my eyelid and thigh twitch. Could this be motor neurone disease?", "motor neuron", "weak legs"),
        ("I get cramps at night. No tingling and no numbness in my feet. Could it be a lack of B12?", "low vitamin b12", "tingling"),
        ("My hand shakes when I hold a cup. I am not slow and not stiff. Is it Parkinson's?", "parkinson", "stiff"),
    ],
)  # fmt: skip
def test_a_sign_that_was_denied_never_speaks_for_what_is_asked_about(text, lead, denied):
    said = {name.lower(): value for name, value in answers(text, age=44).items()}
    body = next(v for name, v in said.items() if lead in name)[0].lower()
    speaks_for, _, against = body.partition("against it:")
    assert denied not in speaks_for
    assert "was not told" not in against or denied not in against


def test_what_was_denied_and_usually_comes_with_it_speaks_against_it():
    said = answers("My calf twitches. No weak legs. Is it ALS?", age=44)
    body = next(v for name, v in said.items() if "otor neuron" in name)[0]
    assert "not there: weak legs" in body.partition("Against it:")[2]
