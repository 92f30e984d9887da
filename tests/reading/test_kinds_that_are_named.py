"""A word for several kinds of medicine is one thing, and gives way to the name once that is told."""

import pytest

from stillwell.case.model import Case
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.web.chips import chips

NAMED = [
    ("My doctor has me on a water tablet.", ["bendroflumethiazide 2.5"]),
    ("I take a water pill in the morning and get cramps.", ["furosemide 40 mg"]),
    ("cramps since I started a diuretic", ["indapamide"]),
]


@pytest.mark.parametrize(("said", "listed"), NAMED)
def test_a_name_settles_which_kind_it_is(said: str, listed: list[str]) -> None:
    read = understand(Case(complaint=said, medicines=list(listed)))
    assert len(read.medicines) == 1 and read.medicines[0].one_of == 1
    assert not [line for line in read.unclear if "can mean several" in line]


@pytest.mark.parametrize("said", [said for said, _ in NAMED])
def test_without_a_name_it_is_one_thing_in_one_line(said: str) -> None:
    read = understand(Case(complaint=said))
    taken = [c for c in chips(read, knowledge()) if c.group == "taken"]
    assert len(taken) == 1 and "|" in taken[0].id
    assert len([line for line in read.unclear if "can mean several" in line]) == 1


def test_another_medicine_settles_nothing() -> None:
    read = understand(Case(complaint="I am on a water tablet.", medicines=["simvastatin 20 mg"]))
    assert [line for line in read.unclear if "can mean several" in line]
