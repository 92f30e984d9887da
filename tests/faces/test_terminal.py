"""On the terminal: nothing steers it, nothing is in an encoding it lacks, and nothing ends in a trace."""

import re
import signal
import subprocess
import time

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from stillwell.cli.main import main
from stillwell.report.render.markdown import literal
from tests.processes import PROGRAM, refused, stillwell

EVIL = r"""
complaint: leg cramps at night
medicines: ["\e[31mEVIL\e[0m", "[click](javascript:alert(7))", "<img src=x onerror=alert(1)>"]
other: ["\e]0;title\a", "\x9b2J\x9d0;x\x9c", "\u202eright to left", "**EMERGENCY**\n# Heading", "![i](http://x)"]
"""
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_nothing_that_a_case_holds_steers_the_terminal():
    done = stillwell("assess", "-", stdin=EVIL.encode())
    shown = done.stdout.decode()
    assert done.returncode == 0
    assert not STEERING.search(shown)
    assert "EVIL" in shown and "right to left" in shown and "0;title" not in shown
    assert "[click](javascript:alert(7))" in shown  # in full: a terminal follows no link
    assert not re.search(r"^(\*\*)?(EMERGENCY|# ?Heading)", shown, re.MULTILINE)


def test_errors_and_file_names_do_not_steer_it_either(tmp_path):
    for words in (("assess", "\x1b[31mno.yaml"), ("kb", "show", "\x1b]0;x\x07y"), ("\x1b[2J",)):
        assert not STEERING.search(refused(stillwell(*words)).rstrip("\n"))


def test_a_person_s_words_are_no_markdown():
    result = CliRunner().invoke(main, ["assess", "-", "--format", "md"], input=EVIL)
    assert result.exit_code == 0, result.output
    assert not STEERING.search(result.output)
    page = MarkdownIt("commonmark").render(result.output)
    assert not re.search(r'href="javascript|<img|<a href="http://x"|<h1>Heading', page)
    assert "[click](javascript:alert(7))" in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


@pytest.mark.parametrize(
    "words",
    [
        "[a](javascript:b)", "<b>x</b>", "<http://x>", "![i](u)", "**b** _i_ `c` ~~d~~", "a | b",
        "[a]: http://x", "&lt;script&gt;", "a\n# b\n- c", r"\[a](b)", "<!-- x", "a\\", "[a][b]",
        "# a", "- a", "1. a", "+ a", "===",
    ],
)  # fmt: skip
def test_literal_words_read_back_as_they_were(words):
    said = " ".join(words.split())
    for before in ("", "said: "):
        page = MarkdownIt("commonmark").render(f"- {before}{literal(words)}\n")
        text = page.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
        assert text.replace("&amp;", "&") == f"<ul>\n<li>{before}{said}</li>\n</ul>\n"


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_bars_degrade_where_the_terminal_lacks_them(encoding):
    case = "complaint: leg cramps at night\nother: [agitées ≥ 5 \U0001f600]\n"
    done = stillwell("assess", "-", stdin=case.encode(), PYTHONIOENCODING=encoding)
    shown = done.stdout.decode(encoding if encoding != "ascii" else "utf-8")
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert ("#" in shown and "█" not in shown) or encoding == "ascii"
    assert encoding != "latin-1" or ("agitées >= 5 ?" in " ".join(shown.split()))


@pytest.mark.parametrize(
    "words",
    [
        ("assess",),
        ("assess", "c.yaml", "--fromat", "html"),
        ("assess", "c.yaml", "--format", "pdf"),
        ("assess", "a", "b"),
        ("bogus",),
        ("diet", "--age", "x"),
        ("foods", "import", "/nowhere"),
        ("assess", "x" * 5000),
    ],
)
def test_errors_of_options_are_one_line(words):
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == 2
    assert result.output.startswith("stillwell: ") and result.output.count("\n") == 1
    assert len(result.output) < 1100


def test_full_and_closed_streams_are_one_line():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*PROGRAM, "compare"], stdout=full, stderr=subprocess.PIPE)
    assert "No space left" in refused(done)
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *PROGRAM, "assess", "-"], capture_output=True
    )
    assert "is closed" in refused(done)


def test_answers_that_end_before_the_first_are_one_line():
    assert "the answers ended" in refused(stillwell("ask"))


def test_words_in_another_encoding_end_in_no_trace():
    done = stillwell("ask", stdin=b"my legs shake \xff\xfe\n50\nf\n\nq\n", PYTHONUTF8="1")
    assert b"LIKELY CAUSES" in done.stdout and b"Traceback" not in done.stderr


def _interrupted(answers: bytes, wait_for: bytes, pause: float = 0.0) -> tuple[int, bytes]:
    """Exit code and all output of an interview that Ctrl-C meets a while after a text has appeared."""
    with subprocess.Popen(
        [*PROGRAM, "ask"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
    ) as program:
        program.stdin.write(answers)
        shown = b""
        while wait_for not in shown:
            more = program.stdout.read(4096)
            assert more, shown
            shown += more
        time.sleep(pause)
        program.send_signal(signal.SIGINT)
        shown += program.stdout.read()
        return program.wait(30), shown


@pytest.mark.parametrize(
    ("answers", "wait_for", "pause", "codes"),
    [
        (b"", b"What is the matter", 0.1, {130}),
        (b"my legs shake\n", b"Your age", 0.1, {130}),
        (b"my legs shake\n50\nf\n", b"Medicines", 0.1, {130}),
        (b"my legs shake\n50\nf\n\n", b"Medicines", 0.3, {0, 130}),  # at work
        (b"my legs shake\n50\nf\n\n", b"1. ", 0.1, {0}),
    ],
)
def test_ctrl_c_ends_an_interview_without_a_trace(answers, wait_for, pause, codes):
    code, shown = _interrupted(answers, wait_for, pause)
    assert b"Traceback" not in shown
    assert code in codes
    assert (code == 0) == (b"LIKELY CAUSES" in shown)
