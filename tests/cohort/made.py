"""People made for tests: at random as columns, and as a table with a map that reads it."""

import numpy as np
import pyarrow as pa

from stillwell.cohort.mapping import checked_map
from stillwell.cohort.people import DENIED, TOLD, UNKNOWN, People
from stillwell.knowledge.store import knowledge

DEFAULTS = {"findings": 12, "history": 12, "medicines": 12, "supplements": 4}


def random_people(count, seed, *, present=2, denied=4, results=6, **pools):
    """People of whom anything may be told: findings, history, medicines, supplements, results."""
    base, r = knowledge().base, np.random.default_rng(seed)
    sizes = {**DEFAULTS, **pools}
    people = People.unknown(count)
    people.age[:] = r.integers(15, 96, count)
    people.age[r.random(count) < 0.05] = np.nan
    people.sex[:] = r.integers(-1, 2, count)
    people.pregnant[r.random(count) < 0.03] = TOLD
    some = r.random(count) < 0.5
    people.weight_kg[some] = r.uniform(45, 140, some.sum())
    people.height_cm[some] = r.uniform(150, 195, some.sum())
    people.medicines_known[:] = r.random(count) < 0.7
    classes = [n for c in base.medicines.values() for n in (c.id, *(m.name for m in c.members[:1]))]
    tables = {
        "findings": list(base.findings),
        "history": list(base.history),
        "medicines": classes,
        "supplements": list(base.supplements),
    }
    for kind, names in tables.items():
        chosen = [str(n) for n in r.permutation(names)[: sizes[kind]]]
        columns = getattr(people, kind)
        for name in chosen:
            if kind in ("findings", "history"):
                told, no = (present, denied) if kind == "findings" else (3, 4)
                u = r.random(count)
                p = told / len(chosen) / 1.5, min(no / len(chosen), 0.9)
                column = np.where(u < p[0], TOLD, np.where(u > 1 - p[1], DENIED, UNKNOWN))
                columns[name] = column.astype(np.int8)
            else:
                columns[name] = r.random(count) < 1.2 / len(chosen)
    for name, test in base.tests.items():
        usual = test.reference[0]
        low = usual.low or test.possible[0] or 0.1
        high = usual.high or low * 4
        values = np.exp(r.uniform(np.log(max(low, 1e-3) * 0.6), np.log(high * 1.6), count))
        values[r.random(count) > results / len(base.tests)] = np.nan
        people.labs[name, test.unit] = np.clip(values, *test.possible)
    return people


MAP = {
    "key": "id",
    "as_of": "2024-12-31",
    "person": {"age": {"column": "age"}, "sex": {"column": "sex"}},
    "findings": {
        "leg_cramps": {"column": "cramps"},
        "fatigue": {"column": "tired", "present": ["yes"], "absent": ["no"]},
    },
    "history": {"diabetes": {"column": "diabetes", "date": "diabetes_date"}},
    "medicines": {"metformin": {"column": "metformin"}},
    "medicines_known": True,
    "labs": {
        "ferritin": {"column": "ferritin", "unit": "ug/L", "date": "ferritin_date", "days": 365},
        "potassium": {"column": "potassium", "unit_column": "potassium_unit"},
    },
    "survey": {"weight": "weight", "stratum": "stratum", "psu": "psu"},
    "by": ["region"],
    "truth": {"low_iron": {"column": "ferritin_truth", "present_below": 30}},
    "causes": ["low_iron", "low_potassium", "restless_legs_syndrome"],
}


def made_map(**changes):
    """The map of `made_table`, with some of its fields changed."""
    return checked_map({**MAP, **changes}, knowledge().base)


def made_table(count, seed=1):
    """A table with one row a person."""
    r = np.random.default_rng(seed)
    none = pa.nulls
    ferritin = np.round(np.exp(r.normal(4.0, 0.9, count)), 1)
    psu = r.integers(0, 8, count)
    return pa.table(
        {
            "id": pa.array([f"p{seed}-{i}" for i in range(count)]),
            "age": pa.array(r.integers(18, 90, count)),
            "sex": pa.array(r.choice(["female", "male"], count)),
            "cramps": pa.array(
                r.choice([0, 1, None], count, p=[0.5, 0.2, 0.3]).tolist(), pa.int8()
            ),
            "tired": pa.array(r.choice(["yes", "no", ""], count)),
            "diabetes": pa.array((r.random(count) < 0.1).astype(int)),
            "diabetes_date": pa.array(["2020-01-01"] * count),
            "metformin": pa.array((r.random(count) < 0.1).astype(int)),
            "ferritin": pa.array(np.where(r.random(count) < 0.5, ferritin, np.nan)),
            "ferritin_date": pa.array(["2024-06-01"] * count),
            "ferritin_truth": pa.array(ferritin),
            "potassium": pa.array(np.round(r.normal(4.1, 0.4, count), 2)),
            "potassium_unit": pa.array(r.choice(["mmol/L", "mEq/L"], count)),
            "weight": pa.array(r.uniform(100, 900, count)),
            "stratum": pa.array(psu // 2),
            "psu": pa.array(psu % 2),
            "region": pa.array(r.choice(["north", "south"], count)),
            "note": none(count),
        }
    )


def replaced(table, name, values):
    """The table with other values in one of its columns."""
    return table.set_column(table.column_names.index(name), name, values)
