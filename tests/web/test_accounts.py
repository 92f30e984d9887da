"""On a server that others can reach: accounts, sessions, and nothing of one account for another."""

import re
import time
from collections.abc import Iterator

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from stillwell.store import sessions
from stillwell.store.accounts import Accounts
from stillwell.store.errors import MissingError
from stillwell.store.owned import Owned
from stillwell.store.store import Store
from stillwell.store.trail import ACTIONS
from stillwell.web.app import application
from stillwell.web.limits import Limit, neighbourhood
from tests.web.conftest import BASE

PASSWORD = "brass kettle under the fig tree"
STORY = "my calves cramp at night since spring"


@pytest.fixture
def shared(store: Store) -> Iterator[TestClient]:
    with TestClient(application(store, warm=False, shared=True), base_url=BASE) as client:
        yield client


def another(client: TestClient, base: str = BASE, **options: object) -> TestClient:
    """Another browser at the same server."""
    return TestClient(client.app, base_url=base, **options)  # type: ignore[arg-type]


def join(client: TestClient, store: Store, name: str, password: str = PASSWORD) -> TestClient:
    code = Accounts(store).invite()
    sent = {"code": code, "name": name, "password": password}
    answer = client.post("/sign-up", data=sent)
    assert answer.status_code == 200 and answer.url.path == "/", answer.text
    return client


def tell(client: TestClient) -> tuple[str, str]:
    """Ids of a record and of its person."""
    begun = client.post("/start", data={"name": "Ann"}, follow_redirects=False)
    record = begun.headers["location"].split("/")[2]
    client.post(f"/s/{record}/words", data={"words": STORY})
    person = re.search(r"/p/([\w-]+)/diary", client.get("/data").text)
    assert person
    client.post(f"/p/{person[1]}/diary", data={"day": "2026-01-02", "severity": "4"})
    return record, person[1]


def routes(client: TestClient) -> list[Route]:
    return [r for r in client.app.routes if isinstance(r, Route)]  # type: ignore[attr-defined]


def fill(path: str, **ids: str) -> str:
    known = {
        "number:int": "1",
        "scope": "doctor",
        "form": "pdf",
        "name": "site.css",
        "page": "x",
        "which": "labs",
        "place:int": "0",
        **ids,
    }
    return re.sub(r"\{([^}]+)\}", lambda found: known[found[1]], path)  # fmt: skip


def test_nothing_is_served_to_whoever_is_not_signed_in(shared: TestClient, store: Store) -> None:
    record, person = tell(join(another(shared), store, "ann"))
    closed = 0
    for route in routes(shared):
        if route.path in ("/sign-in", "/sign-up", "/health", "/static/{name}"):
            continue
        path = fill(route.path, record=record, person=person)
        for method in route.methods or ():
            answer = shared.request(method, path, follow_redirects=False)
            way_in = answer.status_code == 303 and answer.headers["location"] == "/sign-in"
            assert way_in or (answer.status_code == 401 and path.startswith("/api/")), (
                method,
                path,
            )
            closed += 1
    assert closed > 40


def test_no_route_gives_a_record_or_person_to_another_account(
    shared: TestClient, store: Store
) -> None:
    ann = join(another(shared), store, "ann")
    record, person = tell(ann)
    bob = join(another(shared), store, "bob")
    before = [(r.id, r.revision) for r in store.records(person)], store.people()
    tried = 0
    for route in routes(shared):
        if not re.search(r"\{(record|person)", route.path):
            assert set(re.findall(r"\{(\w+)", route.path)) <= {"name", "page"}, route.path
            continue
        path = fill(route.path, record=record, person=person)
        for method in route.methods or ():
            answer = bob.request(method, path, data={"name": "Eve", "words": "x"} if method == "POST" else None)  # fmt: skip
            assert answer.status_code == 404, (method, path, answer.status_code)
            assert "Ann" not in answer.text and "cramp" not in answer.text
            tried += 1
    assert tried > 40
    assert ([(r.id, r.revision) for r in store.records(person)], store.people()) == before
    for path in ("/", "/data", "/data/delete", "/account"):
        assert "Ann" not in bob.get(path).text and record not in bob.get(path).text
    assert b"cramp" not in bob.get("/data/export.zip").content


def test_every_way_to_a_row_is_closed_to_another_account(shared: TestClient, store: Store) -> None:
    """Each method of the store, public and of transactions, either sees its own or refuses."""
    record, person = tell(join(another(shared), store, "ann"))
    bob = Accounts(store).sign_up(Accounts(store).invite(), "bob", PASSWORD)
    for account in (bob.id, ""):
        mine = Owned(store, account)
        for does, given in (
            (mine.get, (record,)),
            (mine.put, (record, b"{}", 2)),
            (mine.delete, (record,)),
            (mine.rename, (person, "Eve")),
            (mine.remove_person, (person,)),
            (mine.add, (person, "journey", b"{}")),
        ):
            with pytest.raises(MissingError):
                does(*given)  # type: ignore[operator]
        assert mine.people() == [] and mine.records(person) == []
        with store.database.read() as db:
            assert mine.people_in(db) == [] and mine.records_in(db) == []
    public = {n for n in vars(Store) if not n.startswith("_")}
    looked_at = {
        *("get", "put", "delete", "rename", "remove_person", "add", "people", "records"),
        *("people_in", "records_in", "insert_person", "insert_record", "remove_all", "noted"),
        *("close", "lock", "locked", "row", "write", "whole", "add_person"),
    }
    assert public == looked_at  # a new way must be looked at here


def test_an_export_of_another_account_is_not_taken_in(shared: TestClient, store: Store) -> None:
    ann = join(another(shared), store, "ann")
    record, _ = tell(ann)
    taken = ann.get("/data/export.zip").content
    bob = join(another(shared), store, "bob")
    answer = bob.post("/data/import", files={"file": ("a.zip", taken)})
    assert answer.status_code == 422 and "somebody else" in answer.text
    assert bob.get(f"/s/{record}/words").status_code == 404
    assert ann.post("/data/import", files={"file": ("a.zip", taken)}).status_code == 200


def test_deleting_everything_deletes_only_ones_own(shared: TestClient, store: Store) -> None:
    ann, bob = join(another(shared), store, "ann"), join(another(shared), store, "bob")
    record, _ = tell(ann)
    theirs, _ = tell(bob)
    assert bob.post("/data/delete", data={"sure": "yes"}).status_code == 200
    assert bob.get(f"/s/{theirs}/words").status_code == 404
    assert STORY in ann.get(f"/s/{record}/words").text
    assert bob.post("/account/delete", data={"old": "wrong"}).status_code == 422
    assert bob.post("/account/delete", data={"old": PASSWORD}).status_code == 200
    assert bob.get("/", follow_redirects=False).headers["location"] == "/sign-in"
    assert bob.post("/sign-in", data={"name": "bob", "password": PASSWORD}).status_code == 422
    assert STORY in ann.get(f"/s/{record}/words").text


def test_an_invitation_opens_one_account(shared: TestClient, store: Store) -> None:
    code = Accounts(store).invite()
    sent = {"code": code.lower().replace("-", " "), "name": "ann", "password": PASSWORD}
    for wrong in (
        {"code": "AAAAA-AAAAA-AAAAA-AAAAA"},
        {"code": ""},
        {"name": ""},
        {"name": "a" * 81},
    ):
        assert another(shared).post("/sign-up", data={**sent, **wrong}).status_code == 422
    for password in ("short", "a" * 1001, "aaaaaaaaaaaaaaaaaaaa", "annannannannann1"):
        assert (
            another(shared).post("/sign-up", data={**sent, "password": password}).status_code == 422
        )
    assert another(shared).post("/sign-up", data=sent).status_code == 200
    again = another(shared).post("/sign-up", data={**sent, "name": "eve"})
    assert again.status_code == 422 and "has been used" in again.text
    taken = another(shared).post("/sign-up", data={**sent, "code": Accounts(store).invite(), "name": " ANN "})  # fmt: skip
    assert taken.status_code == 422 and "taken" in taken.text


def test_a_password_and_a_token_are_kept_as_hashes_only(shared: TestClient, store: Store) -> None:
    ann = join(another(shared), store, "ann")
    token = ann.cookies["stillwell"]
    assert store.database.path is not None
    kept = b"".join(p.read_bytes() for p in store.database.files())
    assert b"$argon2id$" in kept
    assert PASSWORD.encode() not in kept and token.encode() not in kept


def test_the_cookie_is_for_this_site_alone(shared: TestClient, store: Store) -> None:
    code = Accounts(store).invite()
    sent = {"code": code, "name": "ann", "password": PASSWORD}
    plain = shared.post("/sign-up", data=sent, follow_redirects=False).headers["set-cookie"].lower()
    assert plain.startswith("stillwell=") and "httponly" in plain and "samesite=strict" in plain
    assert "secure" not in plain and "path=/" in plain and "domain" not in plain
    sent = {"name": "ann", "password": PASSWORD}
    tls = another(shared, "https://localhost").post("/sign-in", data=sent, follow_redirects=False)
    cookie = tls.headers["set-cookie"].lower()
    assert cookie.startswith("__host-stillwell=") and "secure" in cookie and "domain" not in cookie
    assert tls.headers["strict-transport-security"].startswith("max-age=")


def test_a_session_ends_idle_or_old(
    shared: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = another(shared)  # a browser that keeps its cookie for ever
    ann.cookies.set("stillwell", join(another(shared), store, "ann").cookies["stillwell"])
    now = time.time()

    def at(seconds: float) -> int:
        monkeypatch.setattr(sessions.time, "time", lambda: now + seconds)
        return ann.get("/", follow_redirects=False).status_code

    assert at(sessions.IDLE_S - 60) == 200
    assert at(2 * sessions.IDLE_S - 200) == 200  # it was used meanwhile
    assert at(3 * sessions.IDLE_S + 200) == 303
    monkeypatch.undo()
    back = another(shared)
    back.post("/sign-in", data={"name": "ann", "password": PASSWORD})
    ann.cookies.set("stillwell", back.cookies["stillwell"])
    now = time.time()
    for hour in range(1, 24):
        if at(hour * (sessions.IDLE_S - 10)) == 303:
            break
    assert hour == sessions.WHOLE_S // sessions.IDLE_S + 1


def test_signing_out_everywhere_and_a_new_password_end_all_other_sessions(
    shared: TestClient, store: Store
) -> None:
    first, second = join(another(shared), store, "ann"), another(shared)
    old = first.cookies["stillwell"]
    second.post("/sign-in", data={"name": "ann", "password": PASSWORD})
    assert second.get("/", follow_redirects=False).status_code == 200
    new = "seven small boats at the harbour"
    assert first.post("/account/password", data={"old": "no", "password": new}).status_code == 422
    assert (
        first.post("/account/password", data={"old": PASSWORD, "password": "x"}).status_code == 422
    )
    assert (
        first.post("/account/password", data={"old": PASSWORD, "password": new}).status_code == 200
    )
    assert first.cookies["stillwell"] != old
    assert second.get("/", follow_redirects=False).status_code == 303
    assert second.post("/sign-in", data={"name": "ann", "password": PASSWORD}).status_code == 422
    assert second.post("/sign-in", data={"name": "Ann ", "password": new}).status_code == 200
    second.post("/sign-out", data={"where": "everywhere"})
    assert first.get("/", follow_redirects=False).status_code == 303
    assert second.get("/", follow_redirects=False).status_code == 303


def test_signing_out_ends_the_session_at_the_server(shared: TestClient, store: Store) -> None:
    ann = join(another(shared), store, "ann")
    token = ann.cookies["stillwell"]
    ann.post("/sign-out")
    thief = another(shared)
    thief.cookies.set("stillwell", token)
    assert thief.get("/", follow_redirects=False).status_code == 303


def test_guessing_becomes_slow(shared: TestClient, store: Store) -> None:
    join(another(shared), store, "ann")
    eve = another(shared)
    answers = [
        eve.post("/sign-in", data={"name": "ann", "password": f"guess {n}"}) for n in range(8)
    ]
    assert [a.status_code for a in answers[:5]] == [422] * 5
    slow = [a for a in answers if a.status_code == 429]
    assert slow and all(int(a.headers["retry-after"]) >= 1 for a in slow)
    right = eve.post("/sign-in", data={"name": "ann", "password": PASSWORD})
    assert right.status_code == 429  # not even the right one, so that nothing is learnt


def test_each_failure_doubles_the_wait_up_to_a_limit() -> None:
    now = [0.0]
    limit = Limit(free=3, most_s=60, clock=lambda: now[0])
    waits = []
    for _ in range(14):
        waits.append(limit.wait_s("a"))
        now[0] += waits[-1]
        limit.failed("a")
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    assert limit.wait_s("b") == 0
    now[0] += 3601
    assert limit.wait_s("a") == 0
    limit.failed("a")
    assert limit.wait_s("a") == 0
    assert neighbourhood("::ffff:192.0.2.1") == "192.0.2.1"
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:2")


def test_the_trail_names_actions_and_ids_and_no_words(shared: TestClient, store: Store) -> None:
    ann = join(another(shared), store, "ann")
    record, person = tell(ann)
    ann.get(f"/s/{record}/words")
    ann.get("/data/export.zip")
    another(shared).post("/sign-in", data={"name": "ann", "password": "wrong"})
    ann.post(f"/s/{record}/delete")
    text = ann.get("/account").text
    for said in ("Account made", "Person added", "Begun", "Changed", "Read", "Everything taken along", "Wrong password", "Deleted"):  # fmt: skip
        assert f"<td>{said}</td>" in text, said
    assert text.count(record) >= 3 and person in text
    assert store.database.path is not None
    with store.database.read() as db:
        rows = db.exec_driver_sql("SELECT action, about FROM trail").all()
    assert all((action in ACTIONS and about in ("", record, person)) or len(about) == 20 for action, about in rows)  # fmt: skip
    bob = join(another(shared), store, "bob")
    assert record not in bob.get("/account").text


def test_on_ones_own_machine_nothing_of_it_shows(page: TestClient, visit: str) -> None:
    for path in ("/sign-in", "/sign-up", "/account", "/account/delete"):
        assert page.get(path).status_code == 404
    home = page.get("/")
    assert "Account" not in home.text and "Sign" not in home.text and "own machine" in home.text
    assert "set-cookie" not in home.headers


def test_what_was_told_before_there_were_accounts_belongs_to_none(
    page: TestClient, visit: str, store: Store
) -> None:
    with TestClient(application(store, warm=False, shared=True), base_url=BASE) as shared:
        ann = join(another(shared), store, "ann")
        assert ann.get(f"{visit}/words").status_code == 404
        assert "Ann" not in ann.get("/data").text
        assert "server that others use" in ann.get("/").text
