"""What patients read stays near the reading level of a twelve-year-old."""

import statistics

import readability

from stillwell.knowledge.store import knowledge


def grade(text):
    sentences = text.replace(". ", ".\n").replace(",", " ,").replace(".", " .")
    return readability.getmeasures(sentences, lang="en")["readability grades"]


def test_the_text_for_patients_is_plain():
    base = knowledge().base
    texts = [c.summary for c in base.causes.values()]
    texts += [r.why + " " + r.do for r in base.triage.values()]
    kincaid = statistics.median(grade(t)["Kincaid"] for t in texts)
    ease = statistics.median(grade(t)["FleschReadingEase"] for t in texts)
    assert kincaid <= 7.5  # US grade 7: twelve years
    assert ease >= 60
