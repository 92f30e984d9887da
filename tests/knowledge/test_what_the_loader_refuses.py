"""The loader names file and line of everything wrong, all at once."""

import shutil

import pytest

from stillwell.cli.knowledge_commands import counts, uncovered
from stillwell.knowledge.loader import DATA, load
from stillwell.knowledge.store import KnowledgeError, compile_knowledge, knowledge


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def problems_after(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return [p for p in load(folder)[1] if p.path.endswith(name.split("/")[-1])]


def test_the_built_in_knowledge_has_no_problem_and_covers_the_vocabulary(known):
    assert load()[1] == []
    assert uncovered(known.base) == []


BAD = [
    ("summary:", "sumary:", "unknown field 'sumary'"),
    ("cite: jfp_hypomg", "note: x", "needs cite"),
    ("cite: jfp_hypomg", "cite: nobody2020", "'nobody2020' is not in references"),
    ("interval: [0.015, 0.03]", "interval: [0.03, 0.05]", "outside its interval"),
    ("finding: muscle_twitching", "finding: muscle_twiching", "'muscle_twiching' is not known"),
    ("state: severe", "state: deadly", "no state of this cause"),
    ("layer: nutrient", "layer: vitamin", "Invalid enum value"),
    ("factor: alcohol_heavy", "factor: booze", "'booze' is not known"),
]


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_a_bad_line_is_named_with_its_line_number(folder, old, new, message):
    found = problems_after(folder, "causes/low_magnesium.yaml", old, new)
    assert any(message in p.text for p in found), found
    line = (folder / "causes/low_magnesium.yaml").read_text().splitlines()
    hit = next(p for p in found if message in p.text)
    assert 1 <= hit.line <= len(line)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("medicines/antacids.yaml", "element_of: calcium", "element_of: chalk", "is no supplement"),
        ("supplements/vitamin_b6.yaml", "holds: {vitamin_b6: 50,", "holds: {", "does not say how"),
        ("supplements/zinc.yaml", "cite: d_atomic_weights", "note: x", "needs cite"),
    ],
)
def test_a_salt_or_a_mixture_without_what_it_holds_is_refused(folder, name, old, new, message):
    found = problems_after(folder, name, old, new)
    assert any(message in p.text for p in found), found


def test_all_errors_are_listed_at_once(folder):
    problems_after(folder, "causes/low_magnesium.yaml", "summary:", "sumary:")
    problems_after(folder, "causes/low_iron.yaml", "layer: nutrient", "layer: metal")
    with pytest.raises(KnowledgeError) as error:
        compile_knowledge(folder)
    assert len({p.path for p in error.value.problems}) >= 2


def test_a_judgement_without_a_reason_is_refused(folder):
    path = folder / "causes/overexertion.yaml"
    path.write_text(path.read_text().replace(", reason: ", ", note: ", 1))
    assert any("needs a one-line reason" in p.text for p in load(folder)[1])


def test_a_broken_cache_is_made_again(tmp_path, monkeypatch, known):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    knowledge.cache_clear()
    knowledge()
    cached = next((tmp_path / "stillwell").glob("*.msgpack"))
    cached.write_bytes(cached.read_bytes()[:1000])
    knowledge.cache_clear()
    assert len(knowledge().base.causes) == len(known.base.causes)
    assert cached.stat().st_size > 1000
    knowledge.cache_clear()


def test_counts_add_up(known):
    found = counts(known.base)
    assert found["medicines"] >= 60
    by_basis = [found[f"links_{name}"] for name in ("counted", "derived", "worded", "judged")]
    assert sum(by_basis) == found["finding_links"]
    assert min(by_basis) > 0
    assert (
        found["read_in_full"] + found["read_abstract"] + found["read_page_or_part"]
        == found["references"]
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("red_flags: [stopped_alcohol", "red_flags: [stoped_alcohol", "'stoped_alcohol' is not"),
        ("red_flags: [stopped_alcohol", "red_flags: [asterixis", "needs an examination"),
        ("ask: family_tremor", "ask: family", "no finding, history item or field"),
        ("order: [thyroid]", "order: [thyrod]", "the order line 'thyrod' is not known"),
        ("opens: [tremor,", "opens: [tremmor,", "the finding 'tremmor' is not known"),
        ("cite: x1_murtagh_tremor", "cite: nobody2020", "is not in references/"),
        ("order: dopamine_scan, when", "order: dopamine, when", "'dopamine' is not known"),
    ],
)
def test_a_checklist_names_only_what_is_known(folder, old, new, problem):
    found = problems_after(folder, "checklists/tremor.yaml", old, new)
    assert any(problem in p.text for p in found), found
    assert all(p.line > 1 for p in found)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("medicines/gout_medicines.yaml", "{with: vitamin_b12, severity: mild, members: [colchicine], effect: \"Long",
         "{with: vitamin_b12, severity: mild, effect: \"Colchicine for long", "the words name colchicine"),
        ("medicines/macrolides.yaml", "others: [ciclosporin, tacrolimus, sirolimus, everolimus], effect: \"{other}",
         "effect: \"Tacrolimus", "the words name tacrolimus"),
        ("medicines/maoi.yaml", "severity: contraindicated, level: today", "severity: contraindicated", "needs a level"),
        ("medicines/ssri.yaml", "level: today", "level: soon", 'the words say "today"'),
        ("cautions/cautions.yaml", "level: today", "level: routine", "level"),
        ("management/vessels_hormones_organs.yaml", "{medicine: ciclosporin}, {medicine: tacrolimus}",
         "{medicine: ciclosporin_tacrolimus}", "would name any of 'ciclosporin_tacrolimus'"),
        ("high_doses/high_doses.yaml", "{history: wilson_disease_known}", "{history: wilsons}", "'wilsons' is not known"),
    ],
)  # fmt: skip
def test_a_line_about_a_medicine_says_whom_it_is_about_and_how_urgent_it_is(
    folder, name, old, new, said
):
    assert any(said in p.text for p in problems_after(folder, name, old, new))


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("management/nerves_spine_muscles.yaml", "not_before: [compressive_myelopathy", "not_before: [pressed_cord",
         "the cause 'pressed_cord' is not known"),
        ("checklists/every_complaint.yaml", "{medicine: metformin}", "{medicine: metphormin}", "'metphormin'"),
    ],
)  # fmt: skip
def test_what_keeps_a_test_or_a_question_back_names_only_what_is_known(
    folder, name, old, new, said
):
    found = problems_after(folder, name, old, new)
    assert any(said in p.text for p in found), found


def test_a_judgement_has_no_basis(folder):
    path = folder / "causes/overexertion.yaml"
    path.write_text(
        path.read_text().replace("judgement: true", "judgement: true, basis: counted", 1)
    )
    assert any("a judgement has no basis" in p.text for p in load(folder)[1])
