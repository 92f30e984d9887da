"""The JSON interface: what it answers, what it refuses, and whether it keeps to its own document."""

import json
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.applications import Starlette
from starlette.testclient import TestClient

from stillwell.store.store import Store, sqlite_url
from stillwell.web.api import openapi
from stillwell.web.app import application

API = "/api/v1"
CASE = {"complaint": "my legs are restless in the evening", "person": {"age": 34, "sex": "female"}}
NUMB = "numb between my legs and I cannot pass urine since this morning"


def test_a_case_is_assessed(page: TestClient) -> None:
    found = page.post(f"{API}/assess", json=CASE).json()
    assert found["urgency"]["level"] == "routine"
    assert found["causes"][0]["contributes_low"] <= found["causes"][0]["contributes_high"]


def test_urgency_comes_alone_where_it_is_asked_for(page: TestClient) -> None:
    assert page.post(f"{API}/triage", json={"complaint": NUMB}).json()["level"] == "emergency"


def test_words_are_read_with_what_they_were_read_from(page: TestClient) -> None:
    found = page.post(f"{API}/understand", json=CASE).json()
    assert any("restless" in chip["words"] for chip in found["chips"])


def test_a_refused_result_does_not_swallow_the_alarm(page: TestClient) -> None:
    case = {"complaint": NUMB, "labs": [{"name": "potassium", "value": 4, "unit": "furlongs"}]}
    found = page.post(f"{API}/assess", json=case)
    said = found.json()
    assert (found.status_code == 200 and said["urgency"]["level"] == "emergency") or said["urgent"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 422),
        ('{"complaint": 3}', "application/json", 422),
        ('{"nonsense": 3}', "application/json", 422),
        ('{"person": {"age": 900}}', "application/json", 422),
        ("complaint=x", "application/x-www-form-urlencoded", 415),
        ("[" * 5000, "application/json", 422),
        ('{"complaint": "\\ud800"}', "application/json", 400),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    page: TestClient, body: str, kind: str, status: int
) -> None:
    got = page.post(f"{API}/assess", content=body, headers={"content-type": kind})
    assert got.status_code == status
    assert "\n" not in got.json()["error"]


def test_the_document_names_every_operation(page: TestClient) -> None:
    found = page.get(f"{API}/openapi.json").json()
    assert set(found["paths"]) == {
        f"{API}/{name}" for name in ("assess", "triage", "report", "understand", "learn")
    }
    assert "Case" in found["components"]["schemas"]


described = schemathesis.openapi.from_dict(json.loads(openapi()))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starlette]:
    store = Store(sqlite_url(tmp_path_factory.mktemp("fuzz") / "page.db"))
    yield application(store, hosts=("testserver", "localhost"), warm=False)
    store.close()


@described.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_generated_requests_are_answered_as_the_document_says(
    case: schemathesis.Case, served: Starlette
) -> None:
    # a schema cannot say that an empty case, or a unit nobody knows, cannot be assessed: those are refused (422)
    case.call_and_validate(app=served, excluded_checks=[positive_data_acceptance])


def test_the_document_is_json() -> None:
    assert json.loads(openapi())["openapi"].startswith("3.1")
