"""What patients read stays near the reading level of a twelve-year-old."""

import re
import statistics

import pytest
import readability

from stillwell.knowledge.store import knowledge
from stillwell.web.wording import words as page_words


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


SENTENCE = 4  # words from which a text of a page is more than a label
SHORTEST = 40  # words of a page below which a grade says nothing


def sentences_of(told):
    """Every sentence of a page, in the order of its catalogue, with a plain word where a value is put in."""
    if isinstance(told, dict):
        return [s for v in told.values() for s in sentences_of(v)]
    if isinstance(told, list):
        return [s for v in told for s in sentences_of(v)]
    text = re.sub(r"\{\w+\}", "it", str(told)).strip()
    if len(text.split()) < SENTENCE:
        return []
    return [text if text[-1] in ".?!" else f"{text}."]


def pages_of(catalogue):
    """Name -> what the page itself says; the steps of food are pages of their own."""
    found = {}
    for name, said in catalogue.items():
        if name == "food":
            found |= {f"food/{step}": own for step, own in said.items()}
        else:
            found[name] = said
    return {name: " ".join(sentences_of(said)) for name, said in found.items()}


@pytest.mark.parametrize("shared", [False, True])
def test_each_page_says_its_own_words_plainly(shared):
    pages = {n: t for n, t in pages_of(page_words(shared)).items() if len(t.split()) >= SHORTEST}
    grades = {name: round(grade(text)["Kincaid"], 1) for name, text in pages.items()}
    assert len(grades) >= 15
    assert {name: mark for name, mark in grades.items() if mark > 8} == {}  # US grade 8


def test_a_hard_text_is_told_from_a_plain_one():
    hard = "Notwithstanding the considerations mentioned previously, practitioners should contemplate alternatives."
    assert (
        grade(hard)["Kincaid"]
        > 12
        > 4
        > grade("Tell it in your own words. We read it here.")["Kincaid"]
    )
