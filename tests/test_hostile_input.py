"""Input that means harm, or looks as if it did: it is read as far as it can be, or refused in one line."""

import hashlib
import json
import os
import socket
import time
from pathlib import Path

import msgspec
import pytest

from stillwell.case.read import MOST_LETTERS, case_from, parse_case, read_case
from stillwell.case.understand import understand
from stillwell.errors import CaseError
from stillwell.knowledge import store
from stillwell.knowledge.alarms import MUST_FIRE, silent_alarms
from stillwell.nutrition.foods.official import import_official
from stillwell.triage.rules import triage
from tests.processes import refused, stillwell


@pytest.fixture
def pipe(tmp_path):
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    return path


def test_a_pipe_in_the_place_of_any_file_is_refused_and_not_waited_for(pipe):
    for words in (("assess",), ("diet",), ("plan",), ("foods", "import"), ("ask", "--resume")):
        assert "is a pipe" in refused(stillwell(*words, str(pipe), seconds=30)), words


def test_devices_sockets_and_folders_are_refused(tmp_path):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "s"))
        for path in ("/dev/zero", "/dev/null", tmp_path / "s", tmp_path):
            with pytest.raises(CaseError):
                read_case(path)
    with pytest.raises(CaseError, match="is a device"):
        import_official(Path("/dev/zero"), print)


def test_endless_standard_input_is_refused():
    with open("/dev/zero", "rb") as endless:
        assert "too large" in refused(stillwell("assess", "-", stdin=endless))


@pytest.mark.parametrize("range_", ["1.1.1-2.2.2", "< .", "..-.."])
def test_a_reference_that_is_no_range_is_named(range_):
    lab = {"name": "sodium", "value": 140, "unit": "mmol/L", "reference": range_}
    with pytest.raises(CaseError, match=r"reference of sodium: .* is no range. Write 3.5-5.0"):
        understand(case_from({"labs": [lab]}))


def test_an_endless_reference_is_refused_at_once():
    lab = {"name": "sodium", "value": 140, "unit": "mmol/L", "reference": "1" * 50_000}
    start = time.perf_counter()
    with pytest.raises(CaseError, match=r"labs\[0\].reference: is longer than 100 characters"):
        case_from({"labs": [lab]})
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("field", ["complaint", "story", "diet", "diary"])
def test_each_text_has_one_limit_that_the_error_names(field):
    text = "leg " * (MOST_LETTERS // 4)
    assert getattr(case_from({field: text}), field) == text
    with pytest.raises(CaseError, match=f"{field}: is longer than 60,000 characters"):
        case_from({field: text + "x"})


def test_lists_and_lists_of_texts_have_limits_too():
    for value, place in (
        ({"medicines": ["x"] * 501}, "medicines: holds 501 items"),
        ({"findings": {"present": ["x"] * 501}}, "findings.present: holds 501 items"),
        ({"other": ["x" * 20_001] * 3}, "other: is longer than 60,000"),
        ({"labs": [{"name": "x" * 501, "flag": "low"}]}, r"labs[0].name: is longer than 500"),
        ({"medicines": ["x" * 501]}, r"medicines[0]: is longer than 500"),
    ):
        with pytest.raises(CaseError) as error:
            case_from(value)
        assert place in str(error.value)


def test_an_endless_bad_value_is_shown_by_its_start_and_end():
    lab = {"name": "sodium", "value": 140, "unit": "q" * 499}
    with pytest.raises(CaseError) as error:
        understand(case_from({"labs": [lab]}))
    assert "qqq" in str(error.value) and "…" in str(error.value)
    assert len(str(error.value)) < 700
    with pytest.raises(CaseError) as error:
        case_from({"z" * 10_000: 1, "complaint": "x"})
    assert len(str(error.value)) < 700


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("complaint: x\nperson: {weight_kg: -1}", "should be more than 2"),
        ("complaint: x\nperson: {age: 121}", "should be at most 120"),
        ("complaint: !!binary aGk=", "raw bytes"),
    ],
)
def test_the_validator_speaks_plainly(text, says):
    with pytest.raises(CaseError, match=says) as error:
        parse_case(text.encode())
    assert "Expected" not in str(error.value) and "`" not in str(error.value)


PLAIN = "numb between the legs and back pain"


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace(" ", "\u00a0"),
        PLAIN.replace(" ", "\u2009"),
        PLAIN.replace("numb", "nu\u200bmb").replace("pain", "pa\u00adin"),
        PLAIN.replace("back", "ba\u2060ck"),
        PLAIN.replace("legs", "\u202elegs\u202c"),
        PLAIN.replace("back", "\uff42\uff41\uff43\uff4b"),
        "\ufeff" + PLAIN,
        PLAIN.replace("back", "\x1b[31mback\x1b[0m"),
        PLAIN.replace("back", "\x9b31mback"),
    ],
)
def test_spaces_and_letters_of_web_pages_hide_no_alarm(text, known):
    assert parse_case(text.encode()).complaint == PLAIN
    told = understand(parse_case(f'complaint: "{text}"'.encode()))
    assert triage(told, known).level == "emergency"


def test_what_is_a_person_s_own_writing_stays():
    words = "jambes agitées, 10⁹/L, ½ tablet, 5 µg, 👩‍⚕️ said so"
    assert parse_case(words.encode()).complaint == words


def test_escaped_characters_of_json_are_read_and_halves_of_them_refused():
    for words in ("my legs shake \U0001f600", r"a \ud83d\ude00 b", "\\\U0001f600"):
        assert parse_case(json.dumps({"complaint": words}).encode()).complaint == words
    assert parse_case(b'{"complaint": "legs\\u0000 shake"}').complaint == "legs shake"
    with pytest.raises(CaseError, match="not valid YAML at line 1"):
        parse_case(b'{"complaint": "my legs shake \\ud800"}')
    assert case_from({"complaint": "shake \ud800"}).complaint == "shake \ufffd"


def test_a_csv_file_that_is_no_utf_8_is_named(tmp_path):
    path = tmp_path / "meals.csv"
    path.write_bytes("text\ncaf\xe9 latte\n".encode("latin-1"))
    assert "is not text in UTF-8" in refused(stillwell("foods", "match", str(path)))
    path.write_text('text\n"' + "x" * 200_000 + '"\n')
    assert "is no CSV file" in refused(stillwell("foods", "match", str(path)))


# The knowledge cache


@pytest.fixture(scope="module")
def content(known):
    return msgspec.msgpack.encode(known)


@pytest.fixture
def cached(tmp_path, content):
    """A sound cache file in a folder of its own."""
    folder = tmp_path / "stillwell"
    folder.mkdir(mode=0o700)
    path = folder / "knowledge.msgpack"
    path.write_bytes(hashlib.sha256(content).digest() + content)
    path.chmod(0o600)
    return path


def _without_alarms(content: bytes) -> bytes:
    whole = msgspec.msgpack.decode(content)
    rules = whole["base"]["triage"]
    whole["base"]["triage"] = {
        n: r for n, r in rules.items() if r["level"] not in ("emergency", "today")
    }
    return msgspec.msgpack.encode(whole)


def test_a_sound_cache_is_used(cached, known):
    found = store._kept(cached, known.digest)
    assert found is not None and found.base.triage.keys() == known.base.triage.keys()


def _flip(path, content):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _pipe(path, content):
    path.unlink()
    os.mkfifo(path)


def _link(path, content):
    path.rename(path.with_suffix(".real"))
    path.symlink_to(path.with_suffix(".real"))


def _tampered(path, content):
    fewer = _without_alarms(content)
    path.write_bytes(hashlib.sha256(fewer).digest() + fewer)


@pytest.mark.parametrize(
    "harm",
    [
        _flip,
        _pipe,
        _link,
        _tampered,
        lambda path, content: path.write_bytes(path.read_bytes()[:-100]),
        lambda path, content: path.write_bytes(b""),
        lambda path, content: path.chmod(0o666),
        lambda path, content: path.parent.chmod(0o777),
    ],
)
def test_a_cache_that_others_can_have_written_or_that_is_damaged_is_not_used(
    harm, cached, content, known
):
    harm(cached, content)
    assert store._kept(cached, known.digest) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_cache_of_another_user_is_not_used(cached, known):
    os.chown(cached, 12345, 12345)
    assert store._kept(cached, known.digest) is None


def test_a_cache_without_alarms_is_made_again_and_the_alarm_stays(tmp_path, content, known):
    path = tmp_path / "stillwell" / store.cache_file(known.digest).name
    path.parent.mkdir(mode=0o775)
    path.parent.chmod(0o775)
    _tampered(path, content)
    path.chmod(0o600)
    (path.parent / "tmpabc.part").write_text("left by a run that was killed")
    os.utime(path.parent / "tmpabc.part", (1, 1))
    (path.parent / "tmpnew.part").write_text("in the making")
    done = stillwell("assess", "-", stdin=PLAIN.encode(), XDG_CACHE_HOME=str(tmp_path))
    assert b"EMERGENCY" in done.stdout, done.stderr
    assert store._kept(path, known.digest) is not None
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    left = sorted(p.name for p in path.parent.iterdir())
    others = ("patterns-", "data-", "stamps")
    assert [name for name in left if not name.startswith(others)] == [path.name, "tmpnew.part"]


def test_the_alarms_that_must_fire_are_checked_fast_and_fire_in_triage_too(known):
    start = time.perf_counter()
    assert silent_alarms(known.base.triage) == []
    assert time.perf_counter() - start < 0.05  # 0.4 ms on an idle core
    for case in MUST_FIRE:
        labs = [
            {"name": name, "value": value, "unit": known.base.tests[name].unit}
            for name, value in case.results.items()
        ]
        told = understand(case_from({"findings": {"present": [*case.findings]}, "labs": labs}))
        assert triage(told, known).level == case.level, case


def test_each_alarm_s_loss_is_seen(known):
    for case in MUST_FIRE:
        lost = {
            n: msgspec.structs.replace(r, level="routine") for n, r in known.base.triage.items()
        }
        assert case in silent_alarms(lost)


def test_an_interview_file_is_checked_like_a_case(tmp_path):
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({"case": {"complaint": "x" * 60_001}, "answers": []}))
    assert "complaint: is longer than 60,000" in refused(stillwell("ask", "--resume", str(path)))
