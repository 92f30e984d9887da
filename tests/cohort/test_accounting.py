"""Law: every row is assessed or refused with a reason; no value is guessed, and none is read from the future."""

import numpy as np
import pyarrow as pa
import pytest

from stillwell.cohort.assessed import Assessor
from stillwell.cohort.one_by_one import assess_understood
from stillwell.cohort.reading import REASONS, read_people
from tests.cohort.made import MAP, made_map, made_table, replaced

# what may stand in one place of a row of an extract, and what becomes of the row
BROKEN = [
    ("id", None, "key_missing"),
    ("id", "p1-0", "key_repeated"),
    ("age", "-3", "age_not_possible"),
    ("age", "121", "age_not_possible"),
    ("age", "forty", "age_not_possible"),
    ("age", "inf", "age_not_possible"),
    ("age", "nan", "age_not_possible"),
    ("age", "<5", "age_not_possible"),
    ("age", "", ""),
    ("age", None, ""),
    ("sex", "F?", "sex_not_understood"),
    ("sex", "3", "sex_not_understood"),
    ("sex", None, ""),
    ("cramps", "maybe", ""),
    ("cramps", "2", ""),
    ("cramps", "1e400", ""),
    ("tired", "YES", ""),
    ("tired", "😴", ""),
    ("diabetes", "-1", ""),
    ("diabetes_date", "2024-02-30", ""),
    ("diabetes_date", "soon", ""),
    ("diabetes_date", "2031-01-01", ""),
    ("metformin", "x", ""),
    ("ferritin", "12,5", ""),
    ("ferritin", "<5", ""),
    ("ferritin", "-1", ""),
    ("ferritin", "1e9", ""),
    ("ferritin_date", "1066-10-14", ""),
    ("potassium", "4,1", ""),
    ("potassium_unit", "furlong", ""),
    ("potassium_unit", "", ""),
    ("potassium_unit", None, ""),
    ("weight", "much", "weight_not_possible"),
    ("weight", "-0.98", "weight_not_possible"),
    ("weight", "inf", "weight_not_possible"),
    ("weight", "nan", "weight_not_possible"),
    ("weight", "<5", "weight_not_possible"),
    ("weight", "", ""),
    ("weight", "0", ""),
]


def as_text(table):
    columns = {
        n: [None if v is None else str(v) for v in table[n].to_pylist()] for n in table.column_names
    }
    return {n: ["" if v in (None, "nan") else v for v in column] for n, column in columns.items()}


def reasons(reading):
    return ["" if r < 0 else REASONS[r] for r in reading.reason]


@pytest.mark.parametrize(("column", "value", "reason"), BROKEN)
def test_a_broken_row_is_refused_with_its_reason_or_loses_one_value(column, value, reason):
    columns = as_text(made_table(4))
    columns[column][2] = value
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    reading = read_people(table, made_map())
    assert reasons(reading) == ["", "", reason, ""]


def test_values_without_a_unit_are_counted_and_not_guessed():
    table = replaced(made_table(50), "potassium_unit", pa.array([None] * 20 + ["mmol/L"] * 30))
    reading = read_people(table, made_map())
    assert reading.set_aside["potassium", "no_unit"] == 20
    assert {unit for test, unit in reading.people.labs if test == "potassium"} == {"mmol/L"}


def test_nothing_from_after_the_as_of_date_is_read():
    table = made_table(40)
    later = replaced(table, "ferritin_date", pa.array(["2025-01-01"] * 40))
    reading = read_people(later, made_map())
    assert not any(test == "ferritin" for test, _ in reading.people.labs)
    known = int((~np.isnan(table["ferritin"].to_numpy())).sum())
    assert reading.set_aside["ferritin", "after_as_of"] == known
    told = read_people(replaced(later, "diabetes_date", pa.array(["2025-01-01"] * 40)), made_map())
    assert (told.people.history["diabetes"] == -1).all()


def test_what_is_older_than_its_window_is_not_read():
    old = replaced(made_table(40), "ferritin_date", pa.array(["2023-12-30"] * 40))
    assert not any(test == "ferritin" for test, _ in read_people(old, made_map()).people.labs)


@pytest.mark.parametrize(("value", "read"), [("Y", False), ("1", True), ("0", True), ("", True)])
def test_a_value_neither_present_nor_absent_is_counted_and_is_not_a_denial(value, read):
    table = replaced(made_table(20), "metformin", pa.array([value] + ["0"] * 19))
    table = replaced(table, "cramps", pa.array([value] + ["0"] * 19))
    reading = read_people(table, made_map())
    for name in ("metformin", "leg_cramps"):
        assert reading.set_aside[name, "neither_present_nor_absent"] == int(not read)
    assert reading.people.medicines_open.tolist() == [not read] + [False] * 19
    told = (value == "1") * ["metformin"] if read else None
    assert reading.people.case(0).medicines == told
    assert reading.people.understood(1).medicines_known


def test_what_is_not_read_lowers_no_prior(model):
    table = replaced(made_table(8), "metformin", pa.array(["Y", "Y", "0", "0"] * 2))
    read, unread = (read_people(table, made_map(medicines_known=k)).people for k in (True, False))
    assessor = Assessor(model)
    known, not_known = assessor.assess(read), assessor.assess(unread)
    same = np.isclose(known.present, not_known.present, rtol=0, atol=1e-12).all(axis=0)
    assert same.tolist() == [True, True, False, False] * 2
    for i in range(8):
        one = assess_understood(model, read.understood(i))
        assert np.nanmax(np.abs(one.present - known.present[:, i])) < 1e-9


def test_who_died_before_the_day_is_refused():
    table = made_table(3).append_column("died", pa.array(["2024-12-30", "2024-12-31", None]))
    person = {**MAP["person"], "death_date": {"column": "died"}}
    assert reasons(read_people(table, made_map(person=person))) == ["died_before_as_of", "", ""]


def test_age_is_that_of_the_last_birthday_on_the_as_of_date():
    table = made_table(2).append_column("born", pa.array(["1984-12-30", "2025-06-01"]))
    person = {"birth_date": {"column": "born"}}
    reading = read_people(table, made_map(person=person))
    assert reading.people.age[0] == 40
    assert reasons(reading) == ["", "born_after_as_of"]
