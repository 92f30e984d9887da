"""Take everything along, bring it back, delete it, and who is here."""

import csv
import io
import re
import zipfile
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest
from click.testing import CliRunner, Result
from starlette.testclient import TestClient

from stillwell.cli.main import main
from stillwell.store.errors import PassphraseError
from stillwell.store.store import Store, sqlite_url
from stillwell.web.app import application
from stillwell.web.serve import opened
from stillwell.web.takeout import KINDS, export
from tests.processes import refused, stillwell
from tests.web.test_blood_tests import confirm

STORY = "My legs are restless, my cat is called Grimalkin"


@pytest.fixture
def told(page: TestClient, visit: str) -> str:
    page.post(f"{visit}/words", data={"words": STORY}, follow_redirects=False)
    page.post(f"{visit}/you", data={"age": "34", "sex": "female"}, follow_redirects=False)
    form = {"choice": "some", "medicines": "=cmd|x\nsertraline"}
    ann = re.search("/p/([^/]+)/diary", page.get("/").text)
    page.post(f"/p/{ann[1]}/diary", data={"day": "2026-01-02", "severity": "0", "note": "Mooncalf"})
    page.post(f"{visit}/medicines", data=form, follow_redirects=False)
    page.post(f"{visit}/tests", data={"results": "Ferritin 11 ng/mL"}, follow_redirects=False)
    confirm(page, visit)
    return visit


def taken_along(page: TestClient) -> bytes:
    got = page.get("/data/export.zip")
    assert got.headers["content-type"] == "application/zip"
    return got.content


def bring(page: TestClient, data: bytes):  # type: ignore[no-untyped-def]
    return page.post("/data/import", files={"file": ("my health.zip", data, "application/zip")})


def test_the_zip_holds_a_page_tables_and_a_schema(page: TestClient, told: str) -> None:
    with zipfile.ZipFile(io.BytesIO(taken_along(page))) as found:
        names = set(found.namelist())
        read = {name: found.read(name).decode("utf-8-sig") for name in names}
    assert {"index.html", "data.json", "schema/journey.schema.json", "tables/results.csv"} <= names
    assert "Grimalkin" in read["index.html"] and "Grimalkin" in read["data.json"]
    assert not re.search(r"<(script|link|img|iframe)|(src|href)=|url\(", read["index.html"])
    rows = list(csv.DictReader(io.StringIO(read["tables/results.csv"])))
    assert [(r["test"].lower(), r["value"], r["unit"]) for r in rows] == [
        ("ferritin", "11.0", "ng/mL")
    ]
    stories = list(csv.DictReader(io.StringIO(read["tables/stories.csv"])))
    assert stories[0]["medicines"] == "'=cmd|x; sertraline", "no formula for a spreadsheet"
    assert stories[0]["not_eaten"] == ""
    (day,) = csv.DictReader(io.StringIO(read["tables/diary.csv"]))
    assert (day["severity_0_to_10"], day["night_disturbed"], day["tried"]) == ("0", "", "")
    assert "Mooncalf" in read["index.html"]


def test_what_is_exported_fits_its_own_schema(page: TestClient, told: str) -> None:
    with zipfile.ZipFile(io.BytesIO(taken_along(page))) as found:
        data = msgspec.json.decode(found.read("data.json"))
        whole = msgspec.json.decode(found.read("schema/export.schema.json"))
        kinds = {k: msgspec.json.decode(found.read(f"schema/{k}.schema.json")) for k in KINDS}
    jsonschema_rs.validate(whole, data)
    for record in data["records"]:
        jsonschema_rs.validate(kinds[record["kind"]], record["body"])
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(whole, {**data, "people": 3})


def test_what_is_brought_back_is_the_same_byte_for_byte(
    page: TestClient, store: Store, told: str, tmp_path: Path
) -> None:
    data = taken_along(page)
    other = Store(sqlite_url(tmp_path / "other.db"))
    with TestClient(application(other, warm=False), base_url="http://localhost") as fresh:
        got = bring(fresh, data)
        assert got.status_code == 200 and "2 new" in got.text
        assert taken_along(fresh) == data == taken_along(page)
        assert "0 new" in bring(fresh, data).text
        assert STORY in fresh.get(f"{told}/words").text
    other.close()


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_export_is_refused_beside_the_field(page: TestClient, data: bytes) -> None:
    got = bring(page, data)
    assert got.status_code == 422 and 'href="#file"' in got.text


def test_a_story_that_is_none_is_not_brought_back(page: TestClient, told: str) -> None:
    with zipfile.ZipFile(io.BytesIO(taken_along(page))) as found:
        text = found.read("data.json").replace(b'"age":34.0', b'"age":"old"')
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        out.writestr("data.json", text)
    page.post(f"{told}/delete")
    got = bring(page, made.getvalue())
    assert got.status_code == 422 and "age" in got.text
    assert page.get(f"{told}/words").status_code == 404


def test_everything_is_deleted_only_after_it_is_asked_and_is_gone_from_the_file(
    page: TestClient, store: Store, told: str
) -> None:
    assert "cannot be undone" in page.get("/data/delete").text
    assert page.post("/data/delete").status_code == 422
    assert page.get(f"{told}/words").status_code == 200
    words = [b"Grimalkin", b"Mooncalf", b"sertraline", b"erritin", b"Ann"]
    held = b"".join(p.read_bytes() for p in store.database.files())
    assert all(word in held for word in words)
    got = page.post("/data/delete", data={"sure": "yes"})
    assert got.status_code == 200 and "We looked through the file" in got.text
    held = b"".join(p.read_bytes() for p in store.database.files())
    assert not any(word in held for word in words)
    assert page.get(f"{told}/words").status_code == 404
    assert page.post("/start").status_code == 200


def test_people_are_added_renamed_and_removed(page: TestClient, store: Store, told: str) -> None:
    page.post("/data/people", data={"name": "Bob <b>"})
    ann, bob = store.people()
    text = page.get("/data").text
    assert "Bob &lt;b&gt;" in text and bob.name == "Bob <b>"
    page.post(f"/data/people/{bob.id}", data={"name": "Robert"})
    assert [p.name for p in store.people()] == ["Ann", "Robert"]
    assert page.post(f"/data/people/{bob.id}", data={"name": " "}).status_code == 422
    assert "Ann" in page.get(f"/data/people/{ann.id}/remove").text
    assert page.get(f"{told}/words").status_code == 200, "asking deletes nothing"
    page.post(f"/data/people/{ann.id}/remove")
    assert page.get(f"{told}/words").status_code == 404
    assert [p.name for p in store.people()] == ["Robert"]
    for path in ("none", "none/remove"):
        assert page.post(f"/data/people/{path}").status_code == 404


def test_home_leads_to_the_data(page: TestClient, visit: str) -> None:
    assert 'href="/data"' in page.get("/").text


# on the command line


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["data", *words], input=typed)


def test_the_commands_take_along_bring_back_and_delete(
    page: TestClient, store: Store, told: str, tmp_path: Path
) -> None:
    first, second = str(store.database.path), str(tmp_path / "second.db")
    file = tmp_path / "all.zip"
    assert run("export", str(file), "--data", first).exit_code == 0
    assert file.read_bytes() == export(store) and file.stat().st_mode & 0o777 == 0o600
    assert "2 new" in run("import", str(file), "--data", second).output
    assert Path(second).stat().st_mode & 0o777 == 0o600
    again = Store(sqlite_url(Path(second)))
    assert export(again) == file.read_bytes()
    again.close()
    assert "nothing was deleted" in run("delete", "--data", second, typed="n\n").output
    assert b"Grimalkin" in Path(second).read_bytes()
    assert run("delete", "--yes", "--data", second).exit_code == 0
    assert b"Grimalkin" not in Path(second).read_bytes()


def test_the_passphrase_is_asked_for_and_never_shown(store: Store, tmp_path: Path) -> None:
    store.add_person("Annabella")
    path = str(store.database.path)
    words, other = "horse battery staple", "other good words"
    done = run("passphrase", "--data", path, typed=f"{words}\n{words}\n")
    assert done.exit_code == 0 and words not in done.output
    assert b"Annabella" not in Path(path).read_bytes()
    file = str(tmp_path / "all.zip")
    assert "start with --passphrase" in run("export", file, "--data", path).output
    wrong = run("export", file, "--data", path, "--passphrase", typed="wrong words\n")
    assert wrong.exit_code == 2 and "not the passphrase" in wrong.output
    assert run("export", file, "--data", path, "--passphrase", typed=f"{words}\n").exit_code == 0
    changed = run("passphrase", "--data", path, typed=f"{words}\n{other}\n{other}\n")
    assert changed.exit_code == 0
    opened = run("passphrase", "--remove", "--data", path, typed=f"{other}\n")
    assert opened.exit_code == 0 and b"Annabella" in Path(path).read_bytes()
    assert "no passphrase" in run("passphrase", "--remove", "--data", path).output


def test_what_the_commands_cannot_use_is_said_in_one_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.zip"
    wrong.write_bytes(b"no zip")
    data, nowhere = str(tmp_path / "a.db"), str(tmp_path / "none" / "a.db")
    for words, said in (
        (("import", str(wrong), "--data", data), "no whole zip"),
        (("import", nowhere, "--data", data), "cannot be read"),
        (("export", "x.zip", "--data", str(wrong)), "no database"),
        (("export", data, "--data", data), "is the data itself"),
        (("export", "x.zip", "--data", nowhere), "there is nothing at"),
        (("delete", "--yes", "--data", nowhere), "there is nothing at"),
        (("import", str(wrong), "--data", nowhere), "no folder"),
    ):
        done = run(*words)
        assert done.exit_code == 2 and said in done.output, done.output
        assert done.output.count("\n") == 1


def test_serving_with_a_passphrase_locks_what_was_open_and_asks_once(tmp_path: Path) -> None:
    asked: list[bool] = []

    def ask(new: bool) -> str:
        asked.append(new)
        return "horse battery staple"

    path = str(tmp_path / "a.db")
    opened(path).close()
    for _ in range(2):
        store = opened(path, ask)
        assert store.locked
        store.close()
    assert asked == [True, False]
    with pytest.raises(PassphraseError):
        opened(path)


def test_the_passphrase_is_no_argument() -> None:
    done = stillwell("serve", "--passphrase", "horse battery staple")
    assert "unexpected extra argument" in refused(done)
