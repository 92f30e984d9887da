"""The commands, as a user runs them."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from stillwell.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "restless_evenings.yaml"


def run(*words, stdin=None):
    return CliRunner().invoke(main, list(words), input=stdin)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    forms = [w for f in ("terminal", "html", "md", "json") for w in ("--format", f)]
    result = run("assess", str(EXAMPLE), *forms, "--out", str(folder))
    assert result.exit_code == 0, result.output
    return {p.suffix[1:]: p.read_text() for p in folder.iterdir()}


def test_all_forms_are_written_with_the_same_order(reports):
    titles = [
        "In short",
        "Next step",
        "What to do",
        "Food and supplements",
        "See a doctor sooner",
        "Likely causes",
        "Your results",
        "What was understood",
        "What we cannot know",
        "Sources",
    ]
    for form in ("txt", "html", "md"):
        text = reports[form].lower()
        places = []
        for title in titles:
            if (form, title) == ("txt", "Sources"):  # a screen leaves them to --all
                continue
            mark = {"txt": "\n", "md": "\n## ", "html": "<h2>"}[form]
            places.append(text.find(f"{mark}{title}".lower()))
        assert -1 not in places and places == sorted(places), form
    causes = [c["name"] for c in json.loads(reports["json"])["causes"][:3]]
    for form in ("txt", "html", "md"):
        text = reports[form].lower().replace("**", "")
        places = [text.find(f"{place}. {name}".lower()) for place, name in enumerate(causes, 1)]
        assert -1 not in places and places == sorted(places), form


def test_a_case_with_a_diary_is_written_in_every_form(tmp_path):
    days = [
        "porridge with milk, banana, tea x3, cheese sandwich, apple, spaghetti bolognese",
        "2 slices of toast, coffee x2, tuna sandwich, crisps, chicken curry with rice",
        "corn flakes with milk, orange juice, jacket potato with beans, fish and chips",
        "muesli with milk, ham sandwich, apple, pepperoni pizza, ice cream",
    ]
    diary = "".join(f'- "{day}"\n' for day in days)
    person = "person: {age: 48, sex: female}\ncomplaint: calf cramps at night\n"
    case = tmp_path / "week.yaml"
    case.write_text(f"{person}diary:\n{diary}")
    forms = [w for f in ("terminal", "html", "md", "json") for w in ("--format", f)]
    result = run("assess", str(case), *forms, "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    found = json.loads((tmp_path / "out" / "week.json").read_text())
    assert found["diet"]["plans"]


def test_the_terminal_report_fits_80_columns_without_colour(reports):
    assert "\x1b" not in reports["txt"]
    too_long = [
        line for line in reports["txt"].splitlines() if len(line) > 80 and "http" not in line
    ]
    assert too_long == []


def test_the_page_is_self_contained_and_labelled(reports):
    page = reports["html"]
    assert not re.search(r"<(script|link|img|iframe)|src=|url\(", page)
    assert '<html lang="en">' in page
    assert "viewport" in page
    assert page.count("<svg") == page.count('role="img"') + page.count('aria-hidden="true"')
    assert "prefers-color-scheme" in page


def test_no_report_says_you_have(reports):
    for text in reports.values():
        assert not re.search(r"\byou have (a|an|low|restless|got)\b", text.lower())


@pytest.mark.parametrize(
    ("units", "shown"), [("brought", "12.4 g/dL"), ("si", "124 g/L"), ("us", "12.4 g/dL")]
)
def test_results_are_printed_in_the_units_asked_for(units, shown):
    result = run("assess", str(EXAMPLE), "--units", units)
    assert f"Haemoglobin {shown}" in " ".join(result.output.split())


def test_the_dry_run_says_what_was_understood():
    result = run(
        "assess", "-", "--dry-run", stdin="my legs shake. The ferry to Oban leaves at nine."
    )
    assert "legs" in result.output.split("NOT USED")[0]
    assert "NOT USED" in result.output


def test_the_dry_run_names_what_is_taken_once():
    told = (
        "medicines: [sertraline 50 mg, Zoloft, ramipril]\nsupplements: [vitamin D 1000 IU, B12]\n"
    )
    output = run("assess", "-", "--dry-run", stdin=told).output
    assert "sertraline (sertraline)" not in output and "vitamin_d" not in output
    assert "Zoloft (sertraline)" in output
    assert "vitamin D 1000 IU" in output


def test_bad_input_is_one_line_and_exit_code_2(tmp_path):
    for content in ("person: {age: 400}", "complaint: [", "x: 1"):
        path = tmp_path / "case.yaml"
        path.write_text(content)
        result = run("assess", str(path))
        assert result.exit_code == 2
        assert len(result.output.strip().splitlines()) == 1
        assert result.output.startswith("stillwell: ")


OPENING = "my legs shake\n50\nf\n\n"


def answers(path):
    return json.loads(path.read_text())["answers"]


def test_the_interview_asks_and_reports(tmp_path):
    kept = tmp_path / "answers.json"
    result = run("ask", "--resume", str(kept), stdin=OPENING + "w\nnone\n3\nb\nn\n?\nq\n")
    assert result.exit_code == 0, result.output
    assert "Because: these cannot wait" in result.output
    assert "LIKELY CAUSES" in result.output
    assert json.loads(kept.read_text())["case"]["complaint"] == "my legs shake"
    assert [answer for _, answer in answers(kept)] == ["none", "none", "unknown"]


@pytest.mark.parametrize(
    ("words", "expected", "strange"),
    [
        ("both my legs are weak", "cannot walk or stand", "hives"),
        ("my back hurts and my legs tingle", "cannot pass urine", "missed dialysis"),
        ("I have to move my legs in the evening", "blood in the stool", "loss of vision"),
    ],
)
def test_the_first_page_holds_the_red_flags_of_the_complaint(words, expected, strange):
    result = run("ask", stdin=f"{words}\n50\nm\nnone\n" + "?\n" * 4 + "q\n")
    page = result.output.split("Do any of these fit now?")[1].split("[numbers")[0]
    assert expected in page
    assert strange not in page


def test_how_it_began_is_one_question_that_takes_none(tmp_path):
    kept = tmp_path / "answers.json"
    result = run("ask", "--resume", str(kept), stdin=OPENING + "none\nnone\n" + "n\n" * 30)
    assert result.output.count("How did it begin?") == 1
    assert not [key for key, _ in answers(kept) if key.startswith("onset_")]


def test_what_no_doctor_leaves_out_is_asked(tmp_path):
    kept = tmp_path / "answers.json"
    run("ask", "--resume", str(kept), stdin="my legs shake\n30\nf\n\n" + "none\n" * 30)
    asked = "|".join(key for key, _ in answers(kept))
    for item in ("pregnant", "alcohol_heavy", "diabetes", "family_tremor", "vegetarian", "results"):
        assert item in asked, item


def test_nobody_who_cannot_be_pregnant_is_asked():
    for person in ("30\nm", "70\nf"):
        result = run("ask", stdin=f"my legs shake\n{person}\n\n" + "none\n" * 30)
        assert "pregnan" not in result.output.split("LIKELY CAUSES")[0]


def test_results_are_taken_in_and_said_where_nothing_was_understood(tmp_path):
    kept = tmp_path / "answers.json"
    opening = "I have to move my legs in the evening\n50\nm\nnone\n"
    stdin = opening + "none\n" * 4 + "ferritin 11 ng/mL\nq\n"
    result = run("ask", "--resume", str(kept), stdin=stdin)
    assert ["results", "ferritin 11 ng/mL"] in answers(kept)
    assert re.search(r"Ferritin\s+11 ng/mL", result.output)
    result = run("ask", stdin=opening + "none\n" * 4 + "all was fine\nq\n")
    assert "No result was understood" in result.output


def test_an_answer_can_be_changed_at_any_time(tmp_path):
    kept = tmp_path / "answers.json"
    stdin = OPENING + "none\n4\nchange 2\n1\nchange 9\nq\n"
    result = run("ask", "--resume", str(kept), stdin=stdin)
    assert answers(kept)[1][1] == "onset_sudden"
    assert "There is no answer 9 yet" in result.output


def test_a_red_flag_told_in_the_interview_is_an_emergency_at_once():
    opening = "both my legs are weak\n50\nm\nnone\n"
    shown = run("ask", stdin=opening + "q\n").output
    page = shown.split("Do any of these fit now?")[1]
    number = re.search(r"(\d+) weakness climbing", page)[1]
    result = run("ask", stdin=opening + f"{number}\nn\n")
    assert "EMERGENCY" in result.output
    assert "2. " not in result.output.split("Go on with the questions")[0].split("1. ")[1]


def test_an_emergency_is_said_at_once_and_ends_the_questions():
    opening = "my back hurts, both legs are weak and I am numb between my legs\n50\nf\n\n"
    result = run("ask", stdin=opening + "n\n")
    assert "EMERGENCY" in result.output
    assert "Go on with the questions all the same?" in result.output
    assert "LIKELY CAUSES" not in result.output and "\nFOOD AND" not in result.output


def test_an_interview_goes_on_where_it_stopped(tmp_path):
    kept = tmp_path / "answers.json"
    run("ask", "--resume", str(kept), stdin=OPENING + "n\nn\nq\n")
    result = run("ask", "--resume", str(kept), stdin="b\nq\n")
    assert "3. " in result.output and "2. " in result.output
    assert len(answers(kept)) == 1


def test_an_interview_kept_by_an_older_version_goes_on(tmp_path):
    kept = tmp_path / "answers.json"
    case = {"complaint": "my legs shake", "person": {"age": 50, "sex": "female"}}
    kept.write_text(json.dumps({"case": case, "answers": [["hand_tremor", "yes"]]}))
    result = run("ask", "--resume", str(kept), stdin="change 1\nn\nq\n")
    assert result.exit_code == 0, result.output
    assert answers(kept) == [["hand_tremor", "no"]]


def test_words_that_are_no_answer_are_asked_again():
    result = run("ask", stdin=OPENING + "quite a lot\n99\nnone\nq\n")
    assert result.output.count("Please give numbers from 1 to") == 2


def test_answers_that_cannot_be_kept_are_said_before_the_first_question():
    result = run("ask", "--resume", "/proc/nowhere/a.json", stdin=OPENING)
    assert result.exit_code == 2
    assert "resume: " in result.output


def test_evaluation_counts_and_hides_the_labels(tmp_path):
    case = """
id: t1
person: {age: 30, sex: female}
story: My hands tremble and my heart races.
findings: {present: [hand_tremor, palpitations, weight_loss, heat_intolerance, goitre_or_eye_signs], absent: []}
history: {present: [], absent: []}
medicines: []
labs: [{name: tsh, value: 0.01, unit: mU/L}]
truth: {primary: hyperthyroidism, acceptable: [hyperthyroidism], urgency: soon}
"""
    (tmp_path / "t1.yaml").write_text(case)
    result = run("evaluate", str(tmp_path), "--json")
    found = json.loads(result.output)
    assert (found["n"], found["top1"]) == (1, 1.0)
    assert {"id", "rank", "ranked", "urgency_expected", "urgency_given"} <= set(found["cases"][0])
    story = json.loads(run("evaluate", str(tmp_path), "--from-story", "--json").output)
    assert 0 < story["recognised"] <= 1


def test_a_labelled_case_that_cannot_be_read_is_a_miss_and_not_the_end(tmp_path):
    truth = "truth: {primary: low_iron, acceptable: [low_iron], urgency: soon}\n"
    (tmp_path / "a.yaml").write_text("person: {age: -3}\nstory: my legs cramp\n" + truth)
    (tmp_path / "b.yaml").write_text("person: {age: 30}\nstory: my legs cramp\n" + truth)
    found = json.loads(run("evaluate", str(tmp_path), "--json").output)
    assert found["n"] == 2
    assert found["cases"][0]["reason"].startswith("could not be read: ")
    assert found["cases"][1]["ranked"]


@pytest.mark.parametrize(
    "words",
    [
        ("kb", "check"),
        ("kb", "stats", "--json"),
        ("kb", "show", "low_magnesium"),
        ("kb", "show", "magnesium"),
        ("compare",),
        ("--version",),
        ("--help",),
    ],
)
def test_the_other_commands_run(words):
    result = run(*words)
    assert result.exit_code == 0, result.output
    assert result.output


def test_show_names_the_nearest(tmp_path):
    result = run("kb", "show", "low_magnesum")
    assert result.exit_code == 2
    assert "low magnesium" in result.output


def test_schemas_are_current(tmp_path):
    docs = Path(__file__).parents[2] / "docs" / "schema"
    run("kb", "schema", str(tmp_path))
    for path in tmp_path.iterdir():
        assert path.read_text() == (docs / path.name).read_text(), (
            f"run: stillwell kb schema {docs}"
        )


@pytest.mark.parametrize(("authority", "ceiling"), [("efsa", "12 mg"), ("uk", "10 mg")])
def test_the_authority_chosen_decides_the_ceiling_that_is_said(authority, ceiling):
    case = "complaint: my feet tingle\nperson: {age: 50}\nsupplements: [{name: vitamin B6, dose: 50 mg}]\n"
    done = run("assess", "-", "--format", "json", "--authority", authority, stdin=case)
    assert done.exit_code == 0, done.output
    texts = [w["text"] for w in json.loads(done.stdout)["warnings"] if w["kind"] == "above ceiling"]
    assert len(texts) == 1
    assert ceiling in texts[0]


def test_the_opening_of_the_interview_takes_help_and_back():
    shown = run("ask", stdin="?\nmy legs shake\n50\nm\nyes\nback\nf\nidk\nq\n").output
    assert "Say in a sentence what your legs do" in shown.split("Your age")[0]
    assert "URGENT" not in shown and "EMERGENCY" not in shown
    assert "Write the names with commas" in shown
    assert "'back'" not in shown and "'yes'" not in shown and "'idk'" not in shown


def test_foods_match_reads_a_file_of_meals(tmp_path):
    path = tmp_path / "week.txt"
    path.write_text("porridge with milk\n\nham sandwich\n")
    result = run("foods", "match", str(path))
    assert result.exit_code == 0
    assert "NOT FOUND" not in result.output
    assert "porridge" in result.output and "ham sandwich" in result.output


def test_a_dose_without_a_unit_is_told_how_to_write_it(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("complaint: leg cramps\nsupplements:\n- {name: magnesium, dose: 400}\n")
    result = run("assess", str(path))
    assert result.exit_code == 2
    assert "400 mg" in result.output and "README" not in result.output
