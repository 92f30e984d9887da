"""What other sites, other hosts and too much data meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from stillwell.web.security import HEADERS, LOOPBACK, MAX_BODY, hostname

FOREIGN = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "a@localhost",
    "",
    "localhost:x",
    "[::1",
]


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_host_is_misdirected(page: TestClient, host: str) -> None:
    assert page.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8321", "127.0.0.1:80", "[::1]:9", "LOCALHOST"]
)
def test_loopback_by_any_of_its_names_is_served(page: TestClient, host: str) -> None:
    assert page.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:1"},
        {"origin": "file://localhost"},
    ],
)
def test_another_site_cannot_send(page: TestClient, headers: dict[str, str]) -> None:
    assert page.post("/start", headers=headers).status_code == 403


def test_our_own_form_is_taken(page: TestClient) -> None:
    headers = {"sec-fetch-site": "same-origin", "origin": "http://localhost"}
    assert page.post("/start", headers=headers).status_code == 200


def test_another_site_may_link_here_but_neither_frame_nor_fetch(page: TestClient) -> None:
    link = {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
    }
    assert page.get("/", headers=link).status_code == 200
    assert page.get("/", headers={**link, "sec-fetch-dest": "iframe"}).status_code == 403
    assert page.get("/", headers={**link, "sec-fetch-mode": "no-cors"}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/site.css", "/s/none/answer"])
def test_every_answer_carries_the_policy(page: TestClient, path: str) -> None:
    found = page.get(path).headers
    for name, value in HEADERS.items():
        assert found[name] == value
    assert "unsafe" not in found["content-security-policy"]


def test_more_than_ten_megabytes_are_refused(page: TestClient) -> None:
    assert page.post("/start", content=b"x" * (MAX_BODY + 1)).status_code == 413

    def pieces():  # type: ignore[no-untyped-def]
        for _ in range(MAX_BODY // 1_000_000 + 2):
            yield b"name=" + b"x" * 1_000_000

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert page.post("/start", content=pieces(), headers=form).status_code == 413


@given(st.text(max_size=60))
def test_a_host_is_ours_only_by_its_whole_name(text: str) -> None:
    name = hostname(text)
    assert name == "" or name not in LOOPBACK or text.lower().strip("[]").startswith(name)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_method_that_a_page_has_not_is_refused(page: TestClient, visit: str, method: str) -> None:
    assert page.request(method, f"{visit}/words").status_code == 405


def test_no_word_of_health_stands_in_an_address_or_a_title(page: TestClient, visit: str) -> None:
    import re

    page.post(f"{visit}/words", data={"words": "my restless legs twitch and I have diabetes"})
    page.post(f"{visit}/you", data={"age": "34", "sex": "female"})
    for step in ("urgent", "questions", "check", "answer", "plan", "share"):
        text = page.get(f"{visit}/{step}").text
        title = re.search("<title>(.*?)</title>", text)
        assert title and not re.search("restless|twitch|diabet|leg", title[1], re.I)
        for url in re.findall('(?:href|action|src)="(/[^"]*)"', text):
            assert not re.search("restless|twitch|diabet|leg", url, re.I), url
