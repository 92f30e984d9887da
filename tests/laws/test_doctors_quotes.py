"""The words on which an alarm rests stand on the doctor's page in full, wherever in the story they were told."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.report.build import build
from stillwell.report.document import Items, Paragraph, Table
from stillwell.report.quotes import QUOTED, quotes_of

CHAT = (
    "We moved house in the spring, and the garden has been a lot of work. "
    "My sister came to stay and we painted the kitchen together, which I enjoyed very much. "
    "The cat is well again. I sleep about seven hours and I eat porridge in the morning. "
    "My calves cramp now and then at night, mostly after a long walk with the dog by the river. "
)
ALARMS = [
    "Since this morning I cannot feel myself wipe after the toilet",
    "Half an hour ago the left side of my face dropped and my words came out slurred",
    "I am also getting a crushing pain in my chest that goes into my arm",
]


def page(story):
    found = assess(case_from({"story": story}), draws=16)
    return found, build(found, "doctor")


def text_of(document, section):
    parts = next(s for s in document.sections if s.id == section).blocks
    return " ".join(b.text for b in parts if isinstance(b, Paragraph))


@pytest.mark.parametrize("alarm", ALARMS)
@pytest.mark.parametrize("last", [True, False])
def test_the_sentence_of_an_alarm_is_quoted_first_and_in_full(alarm, last):
    story = f"{CHAT}{alarm}." if last else f"{CHAT}{alarm}. {CHAT}"
    found, document = page(story)
    told = text_of(document, "problem")
    assert found.urgency.level in ("emergency", "today")
    assert alarm in told
    assert told.index(alarm) < told.index("painted the kitchen")


def test_a_short_story_is_quoted_once_and_whole():
    _, document = page(f"{ALARMS[0]}. My calves cramp at night.")
    assert text_of(document, "problem").count(ALARMS[0]) == 1


def test_what_was_cut_is_marked_and_never_the_words_of_the_alarm():
    quotes = quotes_of(f"{CHAT}{CHAT}My left leg is cold and white. {CHAT}", ["leg is cold"])
    assert quotes.behind_alarms == ["My left leg is cold and white."]
    assert quotes.rest.startswith("We moved house") and quotes.rest.endswith("…")
    assert len(quotes.rest) <= QUOTED + 2


def test_a_story_without_a_full_stop_is_quoted_around_the_alarm():
    endless = "and then we went on to the next shop " * 30
    quotes = quotes_of(f"{endless}I could not speak for a bit {endless}", ["could not speak"])
    (quote,) = quotes.behind_alarms
    assert "I could not speak for a bit" in quote
    assert quote.startswith("…") and quote.endswith("…")


def test_words_that_do_not_stand_in_the_story_are_quoted_all_the_same():
    assert quotes_of("My legs ache.", ["cannot stand up"]).behind_alarms == ["cannot stand up"]


EMERGENCIES = [
    (f"{ALARMS[0]}. Both legs tingle and my back hurts.", "cauda equina syndrome"),
    ("I take simvastatin and clarithromycin, my thighs are sore and weak and my urine is brown like cola.", "rhabdomyolysis"),
    ("Half an hour ago my right arm and leg went weak and my speech is slurred.", "stroke"),
]  # fmt: skip


@pytest.mark.parametrize(("story", "danger"), EMERGENCIES)
def test_in_an_emergency_only_what_the_alarm_names_is_listed_and_by_its_medical_name(story, danger):
    found, document = page(story)
    assert found.urgency.level == "emergency"
    assert danger in " ".join(document.care.rule_out).lower()
    assert danger in text_of(document, "differential").lower()
    named = {c.technical_name.lower() for c in found.causes if c.name in found.rule_out}
    part = next(s for s in document.sections if s.id == "differential")
    rows = [row for b in part.blocks if isinstance(b, Table) for row in b.rows]
    assert rows and {row[0].lower() for row in rows} <= named
    medicines = next(s for s in document.sections if s.id == "medicines")
    lines = [i.text for b in medicines.blocks if isinstance(b, Items) for i in b.items]
    assert "%" not in str([rows, lines])


def test_every_danger_of_a_rule_that_is_no_cause_has_a_technical_name_or_is_plain_already():
    from stillwell.knowledge.store import knowledge
    from stillwell.report.wording import words

    plain = {
        "a dangerous reaction to a medicine", "a deep foot infection", "a serious infection", "a severe infection",
        "an infected bite", "an infected foot", "an infection", "an overdose", "an overdose or a poison",
        "baclofen withdrawal", "carbon monoxide poisoning", "hypothermia", "meningitis", "poisoning",
        "pre-eclampsia", "shock", "tetanus",
    }  # fmt: skip
    told = {name for rule in knowledge().base.triage.values() for name in rule.also}
    technical = words().doctor.technical
    assert told - set(technical) - plain == set()
    assert set(technical) - told == set()
