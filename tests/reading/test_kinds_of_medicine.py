"""A medicine told only by its kind is listed once, as of a kind that is not known."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from tests.case_helpers import told

WATER = "I am 71. I take a water tablet and a stomach tablet. My calves cramp at night."


def test_a_word_for_several_classes_is_one_line():
    medicines = assess(case_from({"complaint": WATER}), draws=0).understood["medicines"]
    assert medicines == ["water tablet (kind not known)", "stomach tablet (kind not known)"]


def test_no_reason_names_a_class_that_was_not_told():
    causes = assess(case_from({"complaint": WATER}), draws=0).causes
    said = [r.words for c in causes for r in c.reasons if r.item.startswith("medicine:")]
    assert said and all(words in ("water tablet", "stomach tablet") for words in said)


def test_a_word_for_several_classes_is_one_thing_that_is_taken():
    taken = assess(case_from({"complaint": WATER}), draws=0).taken
    assert [line.name for line in taken] == ["water tablet", "stomach tablet"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("I take nerve tablets.", "nerve tablets"),
        ("I am on a heart failure tablet.", "heart failure tablet"),
        ("My bladder pills make no difference.", "bladder pills"),
        ("I use a tablet for my prostate.", "tablet for my prostate"),
        ("They gave me dizziness tablets.", "dizziness tablets"),
    ],
)
def test_a_kind_of_medicine_without_a_name_is_listed(words, kind):
    assert any(f"'{kind}'" in line for line in told(f"My legs shake. {words}").unclear)


@pytest.mark.parametrize("words", ["My husband takes nerve tablets.", "I take no nerve tablets."])
def test_a_kind_that_is_not_taken_is_not_said_to_be_taken(words):
    lines = told(f"My legs shake. {words}").unclear
    assert not any("does not say which medicine" in line for line in lines)
