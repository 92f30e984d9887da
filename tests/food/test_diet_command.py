"""`stillwell diet`: what was understood, how sure, what is missing, what is too much."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from stillwell.cli.main import main
from stillwell.nutrition.intake.habits import questions

DIARY = "Monday: 2 eggs, toast, coffee x3, pasta 300 g with cheese, banana, milk 300 ml"
WOMAN = ["--age", "34", "--sex", "female"]


def diet(text: str, *more: str, answers: str | None = None):
    given = text if answers is None else answers
    return CliRunner().invoke(
        main, ["diet", *([] if answers else ["-"]), *WOMAN, *more], input=given
    )


def test_each_phrase_shows_its_food_its_grams_and_how_sure() -> None:
    out = diet(DIARY).output
    assert "Egg, whole" in out
    assert " 100 g" in out
    assert "%" in out.splitlines()[1]


def test_what_is_missing_is_said_in_numbers(tmp_path: Path) -> None:
    out = diet(DIARY + "\nxyzzyplugh, 3 flurbs of rice").output
    assert "at least" in out
    assert "NOT COUNTED: xyzzyplugh" in out
    assert "flurbs" in out


def test_a_match_is_corrected_by_option_and_by_the_case(tmp_path: Path) -> None:
    rows = json.loads(diet(DIARY, "--correct", "toast=fndds/lentils-nfs", "--json").output)
    assert any(f["foods"] and f["foods"][0]["id"] == "fndds/lentils-nfs" for f in rows["foods"])
    path = tmp_path / "case.yaml"
    path.write_text("diary: toast, milk 300 ml\nfoods: {toast: lentils}\n")
    rows = json.loads(CliRunner().invoke(main, ["diet", str(path), "--json"]).output)
    assert rows["foods"][0]["foods"][0]["name"].startswith("Lentils")


def test_an_id_that_is_not_in_the_table_is_refused() -> None:
    result = diet(DIARY, "--correct", "toast=fndds/no-such-food")
    assert result.exit_code == 2
    assert "no-such-food" in result.output


def test_too_much_coffee_and_tablets_are_said() -> None:
    out = diet("coffee x10, pasta 300 g with cheese, milk 300 ml, pizza 300 g, zinc 60 mg").output
    assert "caffeine: you take in" in out
    assert "zinc: you take in" in out
    assert "ABOVE the upper level" in out


def test_alcohol_has_a_row_with_its_limit() -> None:
    out = diet("bottle of wine 750 ml, pasta 300 g with cheese, milk 300 ml, pizza 300 g").output
    row = next(line for line in out.splitlines() if line.startswith("alcohol"))
    assert " g (" in row


def test_the_form_is_asked_and_blank_answers_are_left_out() -> None:
    answers = ["7", "", "daily", "nonsense", "2"] + [""] * (len(questions()) - 4)
    result = diet("", "--habits", answers="\n".join(answers) + "\n")
    assert result.exit_code == 0
    assert "no number of times" in result.output
    assert "calcium" in result.output


def test_other_reference_bodies_and_life_stages() -> None:
    us, efsa = (
        json.loads(diet(DIARY, "--body", b, "--json").output)["intakes"] for b in ("US", "EFSA")
    )
    need = [{r["nutrient"]: r["advised"] for r in rows} for rows in (us, efsa)]
    assert need[0]["magnesium"] == 320
    assert need[1]["magnesium"] == 300
    smoker = json.loads(diet(DIARY, "--with", "smoking", "--json").output)["intakes"]
    assert {r["nutrient"]: r["advised"] for r in smoker}["vitamin_c"] == 110


@pytest.mark.parametrize(
    "options",
    [["--age", "-5"], ["--age", "400"], ["--age", "nan"], ["--sex", "male", "--pregnant"], ["--correct", "toast"]],
)  # fmt: skip
def test_an_impossible_option_is_refused_in_one_line(options: list[str]) -> None:
    result = CliRunner().invoke(main, ["diet", "-", *options], input=DIARY)
    assert result.exit_code == 2


def test_without_anything_the_way_out_is_named() -> None:
    result = CliRunner().invoke(main, ["diet"])
    assert result.exit_code == 2
    assert "--habits" in result.output


def test_an_implausible_diary_does_not_move_the_diagnosis() -> None:
    from stillwell.assess.diet import read_diet
    from stillwell.case.model import Case, Person
    from stillwell.case.understand import understand
    from stillwell.knowledge.store import knowledge

    for diary in (
        "Brötchen mit Butter\nLinseneintopf\nFrikadelle\nyogurt",
        "black coffee, an apple",
    ):
        told = understand(
            Case(person=Person(age=34, sex="female"), complaint="cramps", diary=diary)
        )
        eaten = read_diet(knowledge(), told)
        assert eaten is not None
        assert told.intakes == {}
        assert any("was not used" in note for note in eaten.notes)


def test_supplements_of_a_case_enter_the_intakes(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        f"person: {{age: 34, sex: female}}\ndiary: '{DIARY}'\n"
        "supplements: [{name: vitamin D, dose: 1000 IU}, {name: magnesium, dose: 300 mg}, multivitamin]\n"
    )
    rows = json.loads(CliRunner().invoke(main, ["diet", str(path), "--json"]).output)
    tablets = {r["nutrient"]: r["tablets"] for r in rows["intakes"]}
    assert tablets["vitamin_d"] == 25
    assert tablets["magnesium"] == 300
    assert any("multivitamin" in note for note in rows["notes"])


@pytest.mark.parametrize(
    "text",
    ["nothing, i fasted", "I had nothing. Fasted.", "skipped breakfast; no lunch; no dinner"],
)
def test_a_day_without_food_is_refused_in_one_line(text: str) -> None:
    result = diet(text)
    assert result.exit_code != 0
    assert len(result.output.strip().splitlines()) == 1
    assert "%" not in result.output


def test_no_chance_of_too_little_stands_beside_a_diary_that_is_not_used() -> None:
    out = diet("a slice of toast and a banana").output
    assert "was not used" in out
    assert "100%" not in out.partition("Usual intake")[2]
    assert out.index("was not used") < out.index("Usual intake")
