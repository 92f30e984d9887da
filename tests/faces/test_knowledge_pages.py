"""`kb show`, `compare` and `foods rich-in`: any printed name finds a page that a person can read."""

import re

import pytest
from click.testing import CliRunner

from stillwell.cli.main import main
from stillwell.errors import CaseError
from stillwell.learn.records.comparison import _comparison, comparison
from stillwell.learn.records.names import KINDS, Names
from stillwell.learn.records.pages import filled, page


@pytest.fixture(scope="module")
def names(known):
    return Names(known.base)


def shown(*words: str) -> str:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(
    ("told", "kind", "id"),
    [
        ("RLS", "cause", "restless_legs_syndrome"),
        ("restless legs", "cause", "restless_legs_syndrome"),
        ("Low Vitamin B12", "cause", "low_vitamin_b12"),
        ("b12 deficiency", "cause", "low_vitamin_b12"),
        ("omeprazole", "medicine", "proton_pump_inhibitors"),
        ("Losec", "medicine", "proton_pump_inhibitors"),
        ("iron stores", "test", "ferritin"),
        ("nutrient:magnesium", "nutrient", "magnesium"),
        ("supplement:magnesium", "supplement", "magnesium"),
        ("do bananas help leg cramps", "claim", "banana_cramps"),
        ("leg_tremor", "finding", "leg_tremor"),
        ("cauda_equina", "rule", "cauda_equina"),
    ],
)
def test_a_record_is_found_by_any_name_of_it(names, told, kind, id) -> None:
    found = names.find(told)[0]
    assert (found.kind, found.id) == (kind, id)


def test_every_printed_name_finds_its_record(known, names) -> None:
    for kind, table in KINDS.items():
        for id, value in getattr(known.base, table).items():
            for name in (id, getattr(value, "name", id)):
                found = {(r.kind, r.id) for r in names.find(name)}
                assert (kind, id) in found, name


@pytest.mark.parametrize(("told", "near"), [("ferritn", "ferritin"), ("omeprazol", "omeprazole")])
def test_a_misspelt_name_is_answered_with_the_nearest(names, told, near) -> None:
    with pytest.raises(CaseError, match=f"Nearest: '{near}'"):
        names.find(told)
    with pytest.raises(CaseError, match="not in the knowledge base"):
        names.find("xyzzy")


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_record_has_a_page_for_people(known, names, kind) -> None:
    for id in getattr(known.base, KINDS[kind]):
        record = next(r for r in names.find(f"{kind}:{id}") if r.id == id)
        text = page(known.base, record)
        assert text.startswith("# ") and "{{" not in text and not re.search(r"None(?! of)", text), (
            id
        )
        assert all(
            len(line) <= 80 or " " not in line.strip("- ") for line in filled(text).split("\n")
        )


def test_a_test_and_a_medicine_are_read_and_not_parsed() -> None:
    ferritin = shown("kb", "show", "ferritin")
    assert "## Usual range" in ferritin and "ug/L" in ferritin and "## Sources" in ferritin
    tablets = shown("kb", "show", "omeprazole")
    assert "low magnesium: odds 1.71 times" in tablets and "[2]" in tablets
    assert "Others of this name: " in shown("kb", "show", "magnesium")


def test_the_comparison_is_a_table_of_common_columns_in_80_letters(known) -> None:
    text = shown("compare")
    assert all(len(line) <= 80 or line.strip().startswith("http") for line in text.split("\n"))
    for head in ("How common", "feels", "Where", "When", "Tested by", "helps", "Seek help"):
        assert head in text
    for cause in _comparison().causes:
        assert text.count(known.base.causes[cause].name.split()[0]) >= 4


def test_the_comparison_in_markdown_holds_the_same_rows(known) -> None:
    text = comparison(known.base, markdown=True)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    tables = len(_comparison().tables)
    assert len(rows) == tables * (2 + len(_comparison().causes))
    assert len({row.count(" | ") for row in rows}) == 1


def test_the_comparison_names_only_what_exists(known) -> None:
    what = _comparison()
    assert set(what.causes) <= set(known.base.causes)
    assert {*what.where, *what.when} <= set(known.base.findings)


def test_a_nutrient_is_known_by_its_other_names() -> None:
    first = shown("foods", "rich-in", "b12").splitlines()[0]
    assert first == shown("foods", "rich-in", "vitamin B-12").splitlines()[0]
    assert first == shown("foods", "rich-in", "cobalamin").splitlines()[0]
    refused = CliRunner().invoke(main, ["foods", "rich-in", "magnesum"])
    assert "Did you mean 'magnesium'" in refused.output + str(refused.exception)
