"""`stillwell evaluate` on files of labelled messages: what it counts, what it prints, what it refuses."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from stillwell.assess.evaluate_reading import Judge, Outcome
from stillwell.assess.evaluate_rewordings import FIGURES
from stillwell.assess.evaluate_rewordings import take as take_pair
from stillwell.assess.evaluate_triage import FAULTS, Told
from stillwell.assess.evaluate_triage import take as take_situation
from stillwell.assess.labelled_files import Message, Pair, Situation, read_messages
from stillwell.assess.shares import Tally, wilson, wording
from stillwell.case.model import Person
from stillwell.case.understand import TakenMedicine, Understood
from stillwell.cli.main import main
from stillwell.triage.rules import Urgency

PLAIN = Message(
    id="m1",
    kind="message",
    text="words",
    told=frozenset({"leg_cramps"}),
    fair=frozenset(),
    denied=frozenset(),
    never=frozenset(),
    empty=False,
    of_kind="",
    medicines=None,
    urgency_min="routine",
    urgency_max=None,
)


def run(*words):
    return CliRunner().invoke(main, ["evaluate", *map(str, words)])


def outcome(level="routine", understood=True, **read):
    return Outcome(
        Understood(Person(), **read), Urgency(level=level, alerts=[], understood=understood)
    )


def judged(known, message, got, others=()):
    judge = Judge(known, [message, *others])
    judge.take(message, got)
    return judge.evaluation()


def of(shares, figure):
    return shares[figure].part, shares[figure].whole


def test_the_interval_of_a_share_is_wilsons():
    from scipy.stats import binomtest

    for part, whole in ((0, 20), (1, 29), (15, 148), (81, 263), (7, 7)):
        found = wilson(part, whole)
        other = binomtest(part, whole).proportion_ci(0.95, method="wilson")
        assert (found.low, found.high) == pytest.approx((other.low, other.high), abs=1e-6)
    assert wilson(0, 0).share is None


def test_ids_and_figures_of_the_table_exist(known):
    ids = {*known.base.findings, *known.base.history}
    table = wording()
    assert {*table.fair, *table.finer, *(i for more in table.fair.values() for i in more)} <= ids
    assert set(FIGURES) == set(table.figures["rewordings"])


def test_told_and_read_counts_in_its_section_and_in_all(known):
    found = judged(known, PLAIN, outcome(present=["leg_cramps", "fatigue"]))
    assert of(found.sections["movement"], "recall") == (1, 1)
    assert of(found.sections["movement"], "precision") == (1, 1)
    assert of(found.sections["general"], "precision") == (0, 1)
    assert of(found.sections["all"], "precision") == (1, 2)
    assert [m.what for m in found.misses["precision"]] == [["fatigue"]]
    assert "recall" not in found.misses


def test_what_is_implied_or_fair_counts_neither_way(known):
    message = replace(PLAIN, told=frozenset({"night_leg_cramps", "vegan"}))
    read = outcome(present=["night_leg_cramps", "leg_cramps"], history_present=["low_fish"])
    found = judged(known, message, read)
    assert of(found.sections["all"], "precision") == (1, 1)
    assert of(found.sections["history"], "recall") == (0, 1)


def test_a_fair_id_that_must_not_be_read_is_a_false_claim(known):
    message = replace(
        PLAIN, told=frozenset({"night_leg_cramps"}), never=frozenset({"leg_cramps", "fever"})
    )
    found = judged(known, message, outcome(present=["leg_cramps"]))
    assert of(found.sections["all"], "false_claims") == (1, 2)
    assert of(found.sections["all"], "precision") == (0, 1)


@pytest.mark.parametrize("finer", ["joint_pain", "tremor", "recent_long_journey"])
def test_an_id_that_labels_may_not_know_counts_only_where_one_uses_it(known, finer):
    history = [finer] if finer in known.base.history else []
    read = outcome(
        present=[i for i in ("leg_cramps", finer) if i not in history], history_present=history
    )
    assert of(judged(known, PLAIN, read).sections["all"], "precision") == (1, 1)
    other = replace(PLAIN, id="m2", never=frozenset({finer}))
    assert of(judged(known, PLAIN, read, [other]).sections["all"], "precision") == (1, 2)


def test_denials_wrong_read_and_invented_are_told_apart(known):
    message = replace(PLAIN, denied=frozenset({"fever"}), never=frozenset({"fever"}))
    read = outcome(
        present=["onset_sudden"], absent=["leg_cramps", "fever", "fatigue", "onset_years"]
    )
    found = judged(known, message, read)
    assert of(found.sections["all"], "wrong_denials") == (1, 1)
    assert of(found.sections["all"], "denials_read") == (1, 1)
    # the sudden onset rules out the slow one: nobody had to deny it
    assert of(found.sections["all"], "denials_invented") == (1, 3)
    assert found.misses["denials_invented"][0].what == ["fatigue"]


def test_a_medicine_is_right_by_class_brand_or_name(known):
    message = replace(PLAIN, medicines=("statin", "ibuprofen/naproxen", "insulin"))
    taken = [
        TakenMedicine("Lipitor", "statins", "atorvastatin"),
        TakenMedicine("naproxen", "nsaids", "naproxen"),
        TakenMedicine("digoxin", "digoxin", "digoxin"),
        TakenMedicine("antidepressants", "ssri_snri", ""),
    ]
    found = judged(known, message, outcome(medicines=taken))
    assert of(found.figures, "medicines_read") == (2, 3)
    assert of(found.figures, "medicines_wrong") == (1, 3)
    assert found.misses["medicines_wrong"][0].what == ["digoxin"]


@pytest.mark.parametrize(
    ("least", "most", "level", "understood", "expected"),
    [
        ("emergency", "emergency", "soon", True, {"urgency_below": (1, 1), "urgent_told": (0, 1)}),
        ("today", "emergency", "today", True, {"urgency_below": (0, 1), "urgent_told": (1, 1)}),
        ("routine", "soon", "emergency", True, {"urgency_above": (1, 1)}),
        ("routine", None, "today", True, {"urgency_high": (1, 1)}),
        ("soon", "today", "routine", False, {"urgency_below": (1, 1), "urgency_below_as_level": (0, 1)}),
    ],
)  # fmt: skip
def test_urgency_is_held_against_its_bounds(known, least, most, level, understood, expected):
    message = replace(PLAIN, urgency_min=least, urgency_max=most)
    found = judged(known, message, outcome(level, understood, present=["leg_cramps"]))
    assert {figure: of(found.figures, figure) for figure in expected} == expected


def test_what_is_refused_has_read_nothing_and_told_nothing(known):
    message = replace(PLAIN, urgency_min="emergency")
    found = judged(known, message, Outcome(None, None, "too long"))
    assert of(found.sections["all"], "recall") == (0, 1)
    assert of(found.figures, "urgency_below") == (1, 1)
    assert of(found.figures, "refused") == (1, 1)


def test_a_negative_with_a_claim_is_counted_by_its_kind(known):
    message = replace(
        PLAIN, told=frozenset(), never=frozenset({"fever"}), empty=True, of_kind="past"
    )
    found = judged(known, message, outcome(present=["fever"]))
    assert of(found.figures, "empty_claimed") == (1, 1)
    assert of(found.negatives, "past") == (1, 1)


def test_triage_figures_tell_calm_ignorance_and_crash_apart():
    tally = Tally(FAULTS)
    for at, (expected, said) in enumerate(
        [
            ("emergency", Told("today", "today")),
            ("emergency", Told("routine", "routine")),
            ("today", Told("routine", "not_understood")),
            ("today", Told("crashed", "ValueError: bad")),
            ("routine", Told("today", "today")),
        ]
    ):
        take_situation(tally, Situation(f"s{at}", "words", {}, expected), said)
    parts = {
        figure: of(tally.shares([figure]), figure)
        for figure in ("caught", "enough", "emergency_as_such", "told_no_alarm", "crashed")
    }
    assert parts == {
        "caught": (1, 4),
        "enough": (0, 4),
        "emergency_as_such": (0, 2),
        "told_no_alarm": (1, 4),
        "crashed": (1, 5),
    }
    assert of(tally.shares(["said_unknown"]), "said_unknown") == (1, 4)
    assert [m.id for m in tally.misses()["false_alarms"]] == ["s4"]


def test_a_pair_changes_by_cause_by_urgency_or_not_at_all():
    tally = Tally(FIGURES)
    before = Told("today", "today", "low_iron")
    take_pair(tally, Pair("a", "x", "y", "thanks"), before, before)
    take_pair(tally, Pair("b", "x", "y", "thanks"), before, Told("routine", "routine", "stroke"))
    take_pair(tally, Pair("c", "x", "y", ""), before, Told("refused", "too long"))
    assert of(tally.shares(FIGURES), "urgency_lower") == (1, 2)
    assert of(tally.shares(FIGURES, "thanks"), "first_cause_changed") == (1, 2)
    assert of(tally.shares(FIGURES), "refused") == (1, 3)


MESSAGE = {
    "id": "a", "text": "I get leg cramps at night.", "present": ["leg_cramps"], "absent": [],
    "history": [], "not_claimed": [], "may": ["night_leg_cramps"], "urgency_min": "routine",
    "note": "",
}  # fmt: skip
QUESTION = {
    "id": "b", "kind": "ours", "text": "I take atorvastatin and my calves cramp.",
    "present": ["leg_cramps"], "fair": [], "absent": [], "history": [], "medicines": ["statin"],
    "others": [], "urgency_min": "routine", "urgency_max": "soon",
}  # fmt: skip


def lines(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_file_with_both_kinds_of_labels_is_read_and_shown(tmp_path, known):
    path = lines(tmp_path / "m.jsonl", MESSAGE, QUESTION)
    assert [m.kind for m in read_messages(path, known)] == ["message", "question"]
    found = json.loads(run("--reading", path, "--json").output)
    assert found["kinds"] == {"message": 1, "question": 1}
    assert found["figures"]["medicines_read"]["part"] == 1
    shown = run("--reading", path, "--misses", "recall").output.splitlines()
    heads = next(line for line in shown if line.startswith("section"))
    row = next(line for line in shown if line.startswith("movement"))
    assert heads.index("recall") == row.index(
        f"{found['sections']['movement']['recall']['part']}/2"
    )


def test_misses_list_the_messages_behind_a_figure(tmp_path):
    wrong = {**MESSAGE, "present": ["goitre_or_eye_signs"], "text": "my calves cramp at night"}
    result = run("--reading", lines(tmp_path / "m.jsonl", wrong), "--misses", "recall")
    assert "recall: 1\n  a | my calves cramp at night | goitre_or_eye_signs" in result.output


def test_situations_are_assessed_whole(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text(
        "id,text,age,sex,expected_level\n"
        's1,"leg cramps, my potassium is 2.0 mmol/L",40,male,emergency\n'
        "s2,potassium 7.1 mmol/L,,,emergency\n"
    )
    found = json.loads(run("--triage", path, "--json").output)
    assert found["figures"]["emergency_as_such"]["part"] == 2
    assert found["figures"]["crashed"]["part"] == 0


def test_pairs_of_one_meaning_and_of_two_are_told_apart(tmp_path):
    text = "potassium 7.1 mmol/L and weak legs"
    path = lines(
        tmp_path / "p.jsonl",
        {"text": text, "reworded": f"{text} ", "how": "space"},
        {"text": text, "reworded": "my leg bounces when I am bored", "how": "other"},
    )
    found = json.loads(run("--rewordings", path, "--json").output)["how"]
    assert found["space"]["urgency_changed"]["part"] == 0
    assert found["other"]["urgency_lower"]["part"] == 1
    assert found["all"]["first_cause_changed"]["whole"] == 2


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("no json", "line 2: is no JSON object"),
        ("[1]", "line 2: is no JSON object"),
        ({**MESSAGE, "present": ["leg_cramp"]}, "line 2, present: 'leg_cramp' is no finding"),
        ({**MESSAGE, "absent": "fever"}, "line 2, absent: should be a list of words"),
        ({**MESSAGE, "urgency_min": "urgent"}, "line 2, urgency_min: 'urgent' is no level"),
        ({**MESSAGE, "text": 3}, "line 2, text: should be words"),
        ({"id": "x", "text": "y"}, "line 2, labels: are of neither known kind"),
    ],
)
def test_a_bad_line_is_named_in_one_line(tmp_path, row, line):
    path = tmp_path / "m.jsonl"
    path.write_text(json.dumps(MESSAGE) + "\n" + (row if isinstance(row, str) else json.dumps(row)))
    result = run("--reading", path)
    assert result.exit_code == 2
    assert line in result.output and result.output.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id,text\na,b\n", "has no column 'age'"),
        ("id,text,age,sex,expected_level\na,b,old,,soon\n", "line 2, age: 'old' is no number"),
        ("id,text,age,sex,expected_level\na,b,nan,,soon\n", "line 2, age: nan is no age"),
        ("id,text,age,sex,expected_level\na,b,1,,red\n", "expected_level: 'red' is no level"),
        ("id,text,age,sex,expected_level\na,b\n", "line 2, expected_level: is missing"),
        ('id,text,age,sex,expected_level\na,"b"c,1,,soon\n', "is no CSV"),
        ("id,text,age,sex,expected_level\n", "holds no labelled line"),
    ],
)
def test_a_bad_table_is_named_in_one_line(tmp_path, text, line):
    path = tmp_path / "s.csv"
    path.write_text(text)
    result = run("--triage", path)
    assert result.exit_code == 2
    assert line in result.output and result.output.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "needs one thing to evaluate"),
        (("--reading", "a", "--triage", "b"), "needs one thing to evaluate"),
        (("--reading", "nowhere.jsonl"), "nowhere.jsonl: cannot be read"),
        (("--triage", "a.csv", "--misses", "recall"), "'recall' is no figure of --triage"),
        (("--triage", "a.csv", "--from-story"), "--from-story: is for a folder of cases"),
    ],
)
def test_options_that_do_not_fit_end_in_one_line(words, line):
    result = run(*words)
    assert result.exit_code == 2
    assert line in result.output and result.output.count("\n") == 1
