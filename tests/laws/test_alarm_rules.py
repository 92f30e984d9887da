"""Law: signs of an emergency are called one, and common harmless ones are not (tests/cases/alarms.yaml)."""

from pathlib import Path

import pytest
import yaml

from stillwell.case.read import case_from
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import LEVELS, triage

ROWS = yaml.safe_load((Path(__file__).parents[1] / "cases" / "alarms.yaml").read_text())
KEYS = {"given", "history", "medicines", "stopped", "age", "least", "most"}


def name_of(row):
    parts = [*row["given"], *row.get("history", []), *row.get("medicines", [])]
    parts += [f"stopped {m}" for m in row.get("stopped", [])]
    return "+".join([*parts, *([f"age {row['age']}"] if "age" in row else [])])


def urgency_of(row):
    told = {
        "findings": {"present": row["given"]},
        "history": {"present": row.get("history", [])},
        "medicines": [
            *row.get("medicines", []),
            *({"name": m, "stopped": True} for m in row.get("stopped", [])),
        ],
    }
    if "age" in row:
        told["person"] = {"age": row["age"]}
    return triage(understand(case_from(told)), knowledge())


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_the_level_lies_between_the_least_and_the_most_acceptable(row):
    assert set(row) <= KEYS
    urgency = urgency_of(row)
    level = LEVELS.index(urgency.level)
    assert LEVELS.index(row["most"]) <= level <= LEVELS.index(row["least"]), [
        (a.id, a.level) for a in urgency.alerts
    ]


def test_the_table_holds_enough_of_both_kinds():
    harmless = [r for r in ROWS if LEVELS.index(r["most"]) >= LEVELS.index("today")]
    assert len(ROWS) >= 300
    assert sum(r["least"] == "self_care" for r in harmless) >= 75


# emergencies of heart, lung, throat and bone, which the model of causes does not hold
NOT_MODELLED = {"suicidal_danger"}  # nothing to rule out: the danger is what was told


def measured(when):
    """Whether a condition holds a home measurement, which may come from anything."""
    parts = [*(when.all or []), *(when.any or []), *(when.at_least or (0, []))[1]]
    return when.vital is not None or any(measured(part) for part in parts)


def test_every_emergency_names_what_must_be_ruled_out():
    rules = knowledge().base.triage.values()
    named = {r.id for r in rules if r.causes or r.also or measured(r.when)}
    unnamed = {r.id for r in rules if r.level == "emergency"} - named
    assert unnamed == NOT_MODELLED


@pytest.mark.parametrize("rule", ["suicidal_thoughts_told", "suicidal_danger"])
def test_crisis_lines_stand_in_the_advice_and_in_the_help(rule):
    base = knowledge().base
    lines = [h for h in base.help if rule in h.rules]
    for number in ("116 123", "988", "13 11 14", "1737", "14416", "112"):
        assert number in base.triage[rule].do
        assert any(number in f"{h.name} {h.what}" for h in lines), number


@pytest.mark.parametrize(
    ("value", "present", "level"),
    [
        (134, ["night_leg_cramps"], "soon"),
        (131, ["leg_cramps"], "soon"),
        (132, ["leg_cramps", "nausea_or_vomiting"], "today"),
        (133, ["leg_cramps", "confusion"], "emergency"),
        (129, ["leg_cramps"], "today"),
        (124, ["leg_cramps"], "today"),
    ],
)
def test_a_little_low_sodium_waits_unless_the_brain_or_the_stomach_shows_it(value, present, level):
    told = {
        "findings": {"present": present},
        "medicines": ["indapamide"],
        "labs": [{"name": "sodium", "value": value, "unit": "mmol/L"}],
    }
    assert triage(understand(case_from(told)), knowledge()).level == level
