"""A relative who has the same, doses that are no beginning, a near fall, a pattern of numbness, and what was only perhaps
meant: each keeps what was told and adds nothing."""

import pytest
from click.testing import CliRunner

from stillwell.assess.in_words import told_present
from stillwell.case.read import case_from
from stillwell.case.understand import understand
from stillwell.cli.main import main
from stillwell.knowledge.store import knowledge

ONSETS = {"onset_sudden", "onset_within_days", "onset_weeks_to_months", "onset_years"}


def told(words):
    return understand(case_from({"complaint": words}))


@pytest.mark.parametrize("kin", ["sister", "gran", "uncle", "dad"])
@pytest.mark.parametrize(
    "words", ["my {} had it too, calves twitch", "Calves twitch. My {} has the same."]
)
def test_a_relative_with_the_same_gives_the_patient_neither_a_sex_nor_another_illness(words, kin):
    read = told(words.format(kin))
    assert read.person.sex is None and not read.of_other
    assert "muscle_twitching" in read.present
    assert "family_restless_legs" not in read.history_present


def test_what_is_told_beside_a_relative_with_the_same_is_not_lost():
    alone, beside = told("my legs jerk"), told("my brother had the same, my legs jerk")
    assert alone.present and set(alone.present) <= set(beside.present)


def test_restless_legs_of_a_relative_stay_family_history():
    assert "family_restless_legs" in told("restless legs, my aunt has them too").history_present


@pytest.mark.parametrize(
    "words",
    ["3 evenings a week my legs twitch", "Legs restless, five nights out of seven",
     "I use 6 puffs a day of salbutamol and my hands shake", "Calves ache after a day at the shop"],
)  # fmt: skip
def test_how_often_is_no_beginning(words):
    assert not ONSETS & set(told(words).present)


def test_a_near_fall_is_no_fall_and_a_fall_is_one():
    assert "falls" not in told("I almost fell on Friday, my legs are weak").present
    assert "falls" in told("I fell twice on Friday, my legs are weak").present


def test_numb_hands_and_feet_are_not_shown_as_tingling():
    read = told("stocking and glove numbness")
    shown = told_present(knowledge().base, read)
    assert {"numbness_feet", "numbness_hands"} <= set(shown)
    assert "tingling_hands" not in shown


def test_what_is_only_perhaps_meant_leaves_a_trace():
    said = CliRunner().invoke(
        main, ["assess", "-", "--dry-run"], input="a pressure going down my leg"
    )
    assert "perhaps meant" in said.output or "NOT USED" in said.output
