"""Requests that no browser sends: each is refused in a word, none fails, none hangs, none is written down."""

import gzip
import io
import logging
import re
import socket
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from stillwell.store.store import Store, sqlite_url
from stillwell.web.connections import Connection
from stillwell.web.desk import STEPS
from tests.web.running import ask, running

MARK = "xylophone"  # in every hostile request, and in no log
H = f"Host: localhost\r\nX-Mark: {MARK}\r\nConnection: close\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
JSON = "Content-Type: application/json\r\n"


def get(target: str, headers: str = "") -> bytes:
    return f"GET {target} HTTP/1.1\r\n{H}{headers}\r\n".encode("latin-1")


def post(target: str, body: bytes, headers: str = FORM, method: str = "POST") -> bytes:
    head = f"{method} {target} HTTP/1.1\r\n{H}{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("latin-1") + body


def raw(text: str) -> bytes:
    return text.encode("latin-1")


def parts(*bodies: bytes, edge: str = "edge", headers: str | None = None) -> bytes:
    body = b"".join(b"--edge\r\n" + b + b"\r\n" for b in bodies) + b"--edge--\r\n"
    kind = f"Content-Type: multipart/form-data; boundary={edge}\r\n"
    return post("VISIT/words", body, headers or kind)


def part(name: str, value: bytes, more: str = "") -> bytes:
    return raw(f'Content-Disposition: form-data; name="{name}"{more}\r\n\r\n') + value


def a_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("data.json", b"0" * 5_000_000)
    return made.getvalue()


def upload(body: bytes, name: str = "a.zip") -> bytes:
    one = part("file", body, f'; filename="{name}"\r\nContent-Type: application/zip')
    whole = b"--edge\r\n" + one + b"\r\n--edge--\r\n"
    return post("/data/import", whole, "Content-Type: multipart/form-data; boundary=edge\r\n")


def chunked(target: str, body: str, headers: str = FORM) -> bytes:
    return raw(f"POST {target} HTTP/1.1\r\n{H}{headers}Transfer-Encoding: chunked\r\n\r\n{body}")


REQUESTS: dict[str, bytes] = {
    # addresses
    "steps up": get("/static/../../../../etc/passwd"),
    "encoded steps up": get("/static/%2e%2e%2f%2e%2e%2fetc/passwd"),
    "twice encoded steps up": get("/static/%252e%252e%252fetc%252fpasswd"),
    "backslashes": get("/static/..%5c..%5cwindows%5cwin.ini"),
    "overlong encoding of a dot": get("/static/%c0%ae%c0%ae/passwd"),
    "an absolute path in a name": get("/static//etc/passwd"),
    "an encoded slash in an id": get("/s/a%2fb/words"),
    "a NUL in an address": get("/s/a%00b/words"),
    "a NUL in a static name": get("/static/site.css%00.png"),
    "line ends in an address": get("/s/a%0d%0aSet-Cookie:%20a=b/words"),
    "broken percent encoding": get("/s/%zz%/words"),
    "half a letter": get("/s/%ff%fe/words"),
    "letters beyond ASCII": get("/s/\xe4\xf6/words"),
    "a space in the target": get("/s/a b/words"),
    "an empty id": get("/s//words"),
    "dots as an id": get("/s/../answer"),
    "a very long id": get("/s/" + "a" * 5000 + "/words"),
    "a very long query": get("/?q=" + "a" * 5000),
    "SQL as an id": get("/s/'%20OR%20'1'='1/words"),
    "a template as an id": get("/s/%7B%7B7*7%7D%7D/words"),
    "the number of an answer that is negative": get("VISIT/questions/-1"),
    "a number too large for a machine": get("VISIT/questions/" + "9" * 400 + "x"),
    "an unknown form of a report": get("VISIT/share/doctor.exe"),
    "a scope that steps up": get("VISIT/share/..%2f..%2fdoctor.pdf"),
    "an unknown page of knowledge": get("/learn/..%2f..%2fcauses"),
    "a person that is nobody": get("/p/nobody/diary"),
    "an absolute target elsewhere": get("http://evil.example/"),
    "an absolute target here": get("http://localhost/"),
    "a star as target": raw(f"OPTIONS * HTTP/1.1\r\n{H}\r\n"),
    "a tunnel": raw(f"CONNECT evil.example:443 HTTP/1.1\r\n{H}\r\n"),
    # hosts and heads
    "no Host": raw("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
    "two Hosts": get("/", "Host: evil.example\r\n"),
    "a foreign Host": raw("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
    "a Host with a path": raw("GET / HTTP/1.1\r\nHost: localhost/x\r\nConnection: close\r\n\r\n"),
    "a Host with a user": raw("GET / HTTP/1.1\r\nHost: a@localhost\r\nConnection: close\r\n\r\n"),
    "a huge head": get("/", "X-Huge: " + "a" * 200_000 + "\r\n"),
    "ten thousand heads": get("/", "".join(f"X-{n}: a\r\n" for n in range(10_000))),
    "a head without a name": get("/", ": a\r\n"),
    "a NUL in a head": get("/", "X-A: a\x00b\r\n"),
    "a space before the colon": get("/", "Transfer-Encoding : chunked\r\n"),
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)),
    "HTTP/2 at once": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/9": raw(f"GET / HTTP/9.9\r\n{H}\r\n"),
    "an unknown method": raw(f"BREW /start HTTP/1.1\r\n{H}\r\n"),
    "TRACE": raw(f"TRACE / HTTP/1.1\r\n{H}\r\n"),
    "another method by a header": post("/", b"a=b", FORM + "X-HTTP-Method-Override: DELETE\r\n"),
    "another method by a field": post("VISIT/check", b"_method=DELETE"),
    "DELETE of a record": raw(f"DELETE VISIT/words HTTP/1.1\r\n{H}\r\n"),
    "PROPFIND": raw(f"PROPFIND VISIT/words HTTP/1.1\r\n{H}\r\n"),
    "another address by a header": get("/nowhere", "X-Original-URL: /data\r\nX-Rewrite-URL: /data\r\n"),
    # who sends
    "another site's form": post("/start", b"name=a", FORM + "Origin: http://evil.example\r\n"),
    "a sandbox's form": post("/start", b"name=a", FORM + "Origin: null\r\n"),
    "a form of the same machine's other port": post("/start", b"name=a", FORM + "Origin: http://localhost:1\r\n"),
    "a cross-site form": post("/data/delete", b"sure=yes", FORM + "Sec-Fetch-Site: cross-site\r\n"),
    "a frame": get("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n"),
    # where a request ends
    "two lengths": raw(f"POST /start HTTP/1.1\r\n{H}Content-Length: 6\r\nContent-Length: 5\r\n\r\nname=a"),
    "a length and chunks": raw(f"POST /start HTTP/1.1\r\n{H}{FORM}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /data HTTP/1.1\r\n\r\n"),
    "chunks and a length": raw(f"POST /start HTTP/1.1\r\n{H}{FORM}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\nGET\r\n0\r\n\r\n"),
    "an unknown coding": raw(f"POST /start HTTP/1.1\r\n{H}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    "two codings": raw(f"POST /start HTTP/1.1\r\n{H}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
    "a negative length": raw(f"POST /start HTTP/1.1\r\n{H}Content-Length: -1\r\n\r\n"),
    "a length with a plus": raw(f"POST /start HTTP/1.1\r\n{H}Content-Length: +6\r\n\r\nname=a"),
    "a length that is no number": raw(f"POST /start HTTP/1.1\r\n{H}Content-Length: six\r\n\r\n"),
    "a length beyond all": raw(f"POST /start HTTP/1.1\r\n{H}Content-Length: 99999999999999\r\n\r\n"),
    "a chunk of no size": chunked("/start", "z\r\nname=a\r\n0\r\n\r\n"),
    "a chunk longer than it says": chunked("/start", "2\r\nname=abcdef\r\n0\r\n\r\n"),
    # what is sent
    "eleven megabytes": raw(f"POST /start HTTP/1.1\r\n{H}{FORM}Content-Length: 11000000\r\n\r\nname=a"),
    "a field of two megabytes": post("VISIT/words", b"words=" + b"a" * 2_000_000),
    "too many letters": post("VISIT/words", b"words=" + b"a" * 30_000),
    "a field ten thousand times": post("VISIT/words", b"&".join([b"place=hip_left"] * 10_000)),
    "ten thousand fields": post("VISIT/words", b"&".join(b"f%d=a" % n for n in range(10_000))),
    "a name of a megabyte": post("VISIT/words", b"a" * 1_100_000 + b"=b"),
    "JSON where a form is": post("VISIT/words", b'{"words": "a"}', JSON),
    "XML where a form is": post("VISIT/words", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "Content-Type: application/xml\r\n"),
    "no type at all": post("VISIT/words", b"words=a", ""),
    "two types": post("VISIT/words", b"words=a", JSON + FORM),
    "packed words": post("VISIT/words", gzip.compress(b"words=" + b"a" * 100_000), FORM + "Content-Encoding: gzip\r\n"),
    "a question that is none": post("VISIT/questions/abc", b"key=a"),
    "an age with a script": post("VISIT/you", b"age=" + quote("<script>alert(1)</script>").encode()),
    "an age of NaN": post("VISIT/you", b"age=nan"),
    "an age beyond numbers": post("VISIT/you", b"age=1e999"),
    # parts
    "no boundary": post("VISIT/words", b"--edge--", "Content-Type: multipart/form-data\r\n"),
    "an empty boundary": post("VISIT/words", b"----", "Content-Type: multipart/form-data; boundary=\r\n"),
    "a boundary of a thousand letters": post("VISIT/words", b"--edge--", "Content-Type: multipart/form-data; boundary=" + "e" * 1000 + "\r\n"),
    "another boundary than said": parts(part("words", b"a"), edge="other"),
    "two thousand parts": parts(*[part("words", b"a")] * 2000),
    "two thousand files": parts(*[part("words", b"a", '; filename="a"')] * 2000),
    "a part's name of a megabyte": parts(part("a" * 1_100_000, b"b")),
    "a part of two megabytes": parts(part("words", b"a" * 2_000_000)),
    "a part without a name": parts(b"Content-Disposition: form-data\r\n\r\na"),
    "a part without heads": parts(b"\r\nwords"),
    "a part that never ends": post("VISIT/words", b"--edge\r\n" + part("words", b"a"), "Content-Type: multipart/form-data; boundary=edge\r\n"),
    "a file where words are": parts(part("words", b"a", '; filename="../../a.txt"')),
    "a bomb": upload(a_zip()),
    "half a zip": upload(a_zip()[:200]),
    "no zip": upload(b"PK\x03\x04" + b"\x00" * 500),
    "a page instead of a zip": upload(b"<script>alert(1)</script>", "../../../a.html"),
    # JSON
    "deep JSON": post("/api/v1/assess", b"[" * 100_000, JSON),
    "deep objects": post("/api/v1/assess", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, JSON),
    "half JSON": post("/api/v1/assess", b'{"complaint": "', JSON),
    "JSON of broken letters": post("/api/v1/assess", b'{"complaint": "\xff\xfe"}', JSON),
    "a form where JSON is": post("/api/v1/assess", b"complaint=a"),
    "a number beyond numbers": post("/api/v1/assess", b'{"person": {"age": 1e999}}', JSON),
    "an unknown field": post("/api/v1/assess", b'{"__proto__": {"admin": true}}', JSON),
    "a list where a case is": post("/api/v1/triage", b"[1, 2, 3]", JSON),
    "nothing where a case is": post("/api/v1/triage", b"", JSON),
    "a question of a million letters": post("/api/v1/learn", b'{"question": "' + b"a" * 1_000_000 + b'"}', JSON),
    "GET where POST is": get("/api/v1/assess"),
    "an operation that is none": post("/api/v1/../../start", b"{}", JSON),
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """The port of a real server, and the address of a journey on it."""
    store = Store(sqlite_url(tmp_path_factory.mktemp("hostile") / "page.db"))
    with running(store, log_level="debug") as port:
        begun = ask(port, post("/start", b"name=Ann"))
        found = re.search(rb"location: (\S+)/words\r\n", begun)
        assert found
        yield port, found[1].decode()
    store.close()


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All logs, at the level that tells most."""
    caplog.set_level(logging.DEBUG)
    return caplog


def test_there_are_more_than_sixty_of_them() -> None:
    assert len(set(REQUESTS.values())) == len(REQUESTS) >= 60


@pytest.mark.parametrize("name", REQUESTS)
def test_what_no_browser_sends_is_refused(
    server: tuple[int, str], written: pytest.LogCaptureFixture, name: str
) -> None:
    port, visit = server
    answer = ask(port, REQUESTS[name].replace(b"VISIT", visit.encode()))
    status = re.match(rb"HTTP/1\.1 (\d+) ", answer)
    assert status and 400 <= int(status[1]) < 500, answer[:200]
    assert (
        answer.count(b"HTTP/1.1 ") == 1
    )  # one request was answered, and no second one hidden in it
    assert b"Traceback" not in answer and MARK.encode() not in answer
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert b"set-cookie" not in head
    if b"invalid http request" not in answer.lower():  # which the protocol itself refuses
        assert b"content-security-policy: default-src 'none'" in head
    said = [r for r in written.records if r.name.startswith(("uvicorn", "stillwell"))]
    for record in said:
        text = record.getMessage()
        assert record.exc_info is None and record.levelno < logging.ERROR, text
        assert MARK not in text and "passwd" not in text and "script" not in text


def test_the_page_still_serves_after_all_of_them(server: tuple[int, str]) -> None:
    port, visit = server
    assert ask(port, get("/")).startswith(b"HTTP/1.1 200")
    assert ask(port, get(f"{visit}/words")).startswith(b"HTTP/1.1 200")


def test_parts_within_parts_are_words_like_any_others(server: tuple[int, str]) -> None:
    port, visit = server
    kind = b"Content-Type: multipart/mixed; boundary=in"
    inner = b"--in\r\nContent-Disposition: form-data; name=age\r\n\r\n7\r\n--in--"
    body = parts(b'Content-Disposition: form-data; name="words"\r\n' + kind + b"\r\n\r\n" + inner)
    ask(port, body.replace(b"VISIT", visit.encode()))
    assert b"Content-Disposition: form-data; name=age" in ask(port, get(f"{visit}/words"))
    assert b'value="7"' not in ask(port, get(f"{visit}/you"))


def test_requests_in_a_row_are_each_answered_once(server: tuple[int, str]) -> None:
    port, _ = server
    first = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    foreign = b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    answers = ask(port, first + first + foreign + first)
    found = re.findall(rb"HTTP/1\.1 (\d+) ", answers)
    assert found == [b"200", b"200", b"421"]  # the refusal closes; nothing after it is read


class TestSlow:
    """Who says little, slowly, holds nothing."""

    @pytest.fixture(autouse=True)
    def _hurry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Connection, "head_s", 0.5)

    def drip(self, port: int, start: bytes, drops: bytes) -> tuple[float, bytes]:
        """Send the start, then a letter every tenth of a second; how long it lasted, and the answer."""
        began = time.monotonic()
        found = b""
        with socket.create_connection(("127.0.0.1", port), 0.1) as connection:
            connection.sendall(start)
            for drop in drops:
                try:
                    connection.sendall(bytes([drop]))
                    piece = connection.recv(4096)
                    if not piece:
                        break
                    found += piece
                except TimeoutError:
                    continue
                except (ConnectionResetError, BrokenPipeError):
                    break
        return time.monotonic() - began, found

    def test_a_head_that_drips_is_cut_off(self, server: tuple[int, str]) -> None:
        lasted, answer = self.drip(
            server[0], b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"X-A: " + b"a" * 60
        )
        assert lasted < 4 and answer == b""

    def test_a_connection_that_says_nothing_is_cut_off(self, server: tuple[int, str]) -> None:
        with socket.create_connection(("127.0.0.1", server[0]), 4) as connection:
            assert connection.recv(10) == b""

    def test_a_second_head_that_drips_is_cut_off(self, server: tuple[int, str]) -> None:
        first = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
        lasted, answer = self.drip(server[0], first + b"GET / HT", b"T" * 60)
        assert lasted < 4 and answer.count(b"HTTP/1.1 ") == 1

    def test_many_of_them_keep_nobody_else_out(self, server: tuple[int, str]) -> None:
        held = [socket.create_connection(("127.0.0.1", server[0]), 4) for _ in range(60)]
        for one in held:
            one.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        assert ask(server[0], get("/health")).startswith(b"HTTP/1.1 200")
        for one in held:
            assert one.recv(10) == b""
            one.close()

    def test_a_body_that_stops_is_answered_and_cut_off(self, tmp_path: Path) -> None:
        store = Store(sqlite_url(tmp_path / "page.db"))
        with running(store, piece_s=0.4) as port:
            head = f"POST /start HTTP/1.1\r\n{H}{FORM}Content-Length: 100\r\n\r\nname="
            answer = ask(port, head.encode())
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert store.people() == []
        store.close()


BAD = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>&{{7*7}}\u202egnp\u2066.exe\u200f\x1b[31m\x07\ufeffend"


def test_what_is_told_is_never_a_part_of_the_page(page: TestClient, visit: str) -> None:
    page.post(f"{visit}/you", data={"age": "34", "sex": "female"})
    page.post(
        f"{visit}/medicines",
        data={
            "choice": "some",
            "medicines": f"sertraline {BAD}",
            "supplements": f"magnesium {BAD}",
        },
    )
    page.post(f"{visit}/food", data={"day": f"bread {BAD}", "avoids": BAD})
    page.post(f"{visit}/tests", data={"results": f"Ferritin 11 ng/mL {BAD}"})
    page.post(f"{visit}/words", data={"words": f"my legs cramp at night {BAD}"})
    page.post(f"{visit}/share", data={"mine": BAD})
    page.post("/start", data={"person": "new", "name": BAD})
    person = page.get("/data").text
    found = re.search(r"/p/([\w-]+)/diary", person)
    assert found
    for day in ("", BAD):
        page.post(
            f"/p/{found[1]}/diary",
            data={
                "day": day or "2026-01-02",
                "severity": "4",
                "note": BAD,
                "triggers": BAD,
                "tried": BAD,
            },
        )
    shown = [page.get(f"{visit}/{s}") for s in STEPS if s != "questions"]
    shown += [
        page.get(a)
        for a in (
            "/",
            "/data",
            "/data/delete",
            f"/p/{found[1]}/diary",
            f"/p/{found[1]}/dates",
            f"{visit}/delete",
        )
    ]
    shown += [page.get(f"{visit}/share/{s}.html") for s in ("doctor", "whole")]
    shown += [
        page.post("/learn", data={"question": BAD}),
        page.post(f"{visit}/you", data={"age": BAD[:20]}),
    ]
    shown += [page.post(f"{visit}/tests", data={"results": BAD})]
    told = 0
    for answer in shown:
        assert answer.status_code in (200, 422), answer.url
        text = answer.text
        told += "alert(1)" in text
        assert "<script>alert" not in text and "<img src=x" not in text, answer.url
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08\x0b-\x1f]", text), (
            answer.url
        )
    assert told >= 8  # it is shown, as the words it is
