"""What the program writes: whole or not at all, for its owner only, and never over what was told."""

import os
import resource
import time

import pytest
from click.testing import CliRunner

from stillwell.cli.main import main
from stillwell.files import replacing, write_whole
from stillwell.nutrition.foods.download import Progress
from tests.processes import refused, stillwell

CASE = "# my own note\ncomplaint: leg cramps at night\nsource: {kind: test}\n"


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "self.yaml"
    path.write_text(CASE)
    return path


def run(*words, stdin=None):
    return CliRunner().invoke(main, [str(w) for w in words], input=stdin)


def test_a_report_is_never_written_over_its_case(case):
    link, twin = case.with_name("link.html"), case.with_name("twin.html")
    link.symlink_to(case)
    os.link(case, twin)
    for out in (case, link, twin):
        result = run("assess", case, "--out", out)
        assert (result.exit_code, "is the case itself" in result.output) == (2, True)
    assert case.read_text() == CASE and link.is_symlink()
    as_json = case.with_suffix(".json")
    as_json.write_text('{"complaint": "leg cramps at night"}')
    result = run("assess", as_json, "--format", "json", "--out", f"{case.parent}/")
    assert (result.exit_code, "is the case itself" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--out", ""), "is empty"),
        (("--format", "html", "--format", "md", "--out", "{}/two.html"), "2 forms"),
        (("--out", "{}/" + "x" * 300 + ".html"), "File name too long"),
        (("--out", "/dev/null"), "a device is in its place"),
        (("--out", "{}/pipe.html"), "a pipe is in its place"),
    ],
)
def test_a_place_where_no_report_can_be_is_named(case, words, problem):
    os.mkfifo(case.with_name("pipe.html"))
    before = sorted(p.name for p in case.parent.iterdir())
    result = run("assess", case, *(w.replace("{}", str(case.parent)) for w in words))
    assert result.exit_code == 2
    assert problem in result.output and result.output.count("\n") == 1
    assert sorted(p.name for p in case.parent.iterdir()) == before


def test_an_alarm_is_said_even_where_its_report_cannot_be_written(case, tmp_path):
    case.write_text("complaint: numb between the legs and back pain\n")
    result = run("assess", case, "--out", tmp_path / ("x" * 300 + ".html"))
    assert result.exit_code == 2
    alarm, error = result.output.splitlines()
    assert alarm.startswith("EMERGENCY") and "File name too long" in error


def test_links_are_replaced_and_planted_part_files_not_followed(case, tmp_path):
    victim, out = tmp_path / "victim", tmp_path / "r.html"
    victim.write_text("mine")
    out.symlink_to(victim)
    for name in ("r.html.part", "r.part"):
        (tmp_path / name).symlink_to(victim)
    assert run("assess", case, "--format", "html", "--out", out).exit_code == 0
    assert victim.read_text() == "mine"
    assert not out.is_symlink() and out.read_text().startswith("<!")


def test_reports_are_for_their_owner_only(case, tmp_path):
    umask = os.umask(0)
    try:
        out = tmp_path / "new" / "folder" / "r.md"
        assert run("assess", case, "--format", "md", "--out", out).exit_code == 0
    finally:
        os.umask(umask)
    assert out.stat().st_mode & 0o777 == 0o600
    assert {p.stat().st_mode & 0o777 for p in (out.parent, out.parent.parent)} == {0o700}


def test_a_full_disk_leaves_the_old_report_and_nothing_else(case, tmp_path):
    out = tmp_path / "rep.html"
    out.write_text("the old one")
    before = sorted(p.name for p in tmp_path.iterdir())

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    done = stillwell("assess", str(case), "--format", "html", "--out", str(out), before=full)
    assert "File too large" in refused(done)
    assert out.read_text() == "the old one"
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_whatever_breaks_off_writing_leaves_nothing(tmp_path):
    def broken_off(error):
        with replacing(tmp_path / "a") as file:
            file.write(b"half")
            raise error

    for error in (KeyboardInterrupt, ValueError, MemoryError):
        with pytest.raises(error):
            broken_off(error)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_swept_after_an_hour(tmp_path):
    old, new, other = (tmp_path / n for n in (".stillwell-a.part", ".stillwell-b.part", "c.part"))
    for path in (old, new, other):
        path.write_text("half")
    for path in (old, other):
        os.utime(path, (time.time() - 4000,) * 2)
    write_whole(tmp_path / "r", "whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == [new.name, "c.part", "r"]


OPENING = "my legs shake\n50\nf\n\n"


def test_an_interview_about_a_case_keeps_the_case(case):
    result = run("ask", "--resume", case, stdin="n\nq\n")
    answers = case.with_name("self.answers.json")
    assert result.exit_code == 0, result.output
    assert "self.yaml stays as it is" in result.output
    assert case.read_text() == CASE
    assert '"no"' in answers.read_text()
    assert answers.stat().st_mode & 0o777 == 0o600
    again = run("ask", "--resume", case, stdin="n\nq\n")
    assert again.exit_code == 2
    assert f"Go on with --resume {case.parent.name}" in again.output.replace(
        f"{case.parent.parent}/", ""
    )
    result = run("ask", "--resume", answers, stdin="q\n")
    assert "2. " in result.output


@pytest.mark.parametrize(
    ("name", "problem"),
    [("", "is empty"), ("x" * 300, "File name too long"), (".", "is a folder")],
)
def test_a_file_that_can_hold_no_answers_is_refused_before_the_first_question(name, problem):
    result = run("ask", "--resume", name, stdin=OPENING)
    assert result.exit_code == 2
    assert problem in result.output and "What is the matter" not in result.output


def test_progress_of_an_import_is_private_and_odd_content_is_none(tmp_path):
    progress = Progress(tmp_path / "i", "key")
    progress.save(offset=3)
    assert progress.load() == {"key": "key", "offset": 3}
    state = tmp_path / "i" / "state.json"
    assert state.stat().st_mode & 0o777 == 0o600
    for odd in ("[1]", "{", "\x00", "[" * 100_000):
        state.write_text(odd)
        assert progress.load() == {}
    state.unlink()
    os.mkfifo(state)
    assert progress.load() == {}
