"""One search over all that is known, and a page for each record."""

import re

import pytest
from starlette.testclient import TestClient

from stillwell.knowledge.store import knowledge
from stillwell.web.steps.learn import address, as_html, records


def test_a_plain_question_is_answered_by_the_claim_that_answers_it(page: TestClient) -> None:
    text = page.post("/learn", data={"question": "does spinach contain b12"}).text
    assert '<p class="lead">No.' in text


def test_what_nobody_has_read_is_said_to_be_unknown(page: TestClient) -> None:
    assert (
        "We do not know" in page.post("/learn", data={"question": "does wifi make legs shake"}).text
    )


def test_a_name_leads_to_its_page(page: TestClient) -> None:
    text = page.post("/learn", data={"question": "restless legs"}).text
    found = re.search(r'href="(/learn/[0-9a-f]{12})"', text)
    assert found
    assert "How common" in page.get(found[1]).text


@pytest.mark.parametrize("kind", ["cause", "test", "nutrient", "medicine", "supplement", "claim"])
def test_every_record_has_a_page_whose_sources_can_be_reached(page: TestClient, kind: str) -> None:
    shown = [r for r in records().values() if r.kind == kind]
    assert shown
    for record in shown[:: max(1, len(shown) // 8)]:
        got = page.get(f"/learn/{address(record)}")
        assert got.status_code == 200
        targets = set(re.findall(r'href="#(source-\d+)"', got.text))
        assert targets <= set(re.findall(r'id="(source-\d+)"', got.text)), record.id


def test_addresses_are_as_many_as_records_and_name_nothing() -> None:
    assert len(records()) > 500
    assert all(re.fullmatch("[0-9a-f]{12}", a) for a in records())


def test_what_is_wrong_is_prepared_here_with_record_and_version(page: TestClient) -> None:
    record = next(r for r in records().values() if r.id == "low_iron")
    text = page.get(f"/learn/{address(record)}/wrong").text
    assert "low_iron" in text and knowledge().digest[:12] in text


def test_hostile_markdown_is_shown_as_text() -> None:
    assert "<script" not in as_html("# x\n<script>alert(1)</script>\n")


def test_an_unknown_page_is_not_found(page: TestClient) -> None:
    assert page.get("/learn/000000000000").status_code == 404


def test_the_comparison_is_a_page(page: TestClient) -> None:
    assert page.get("/learn/compare").text.count("<table>") >= 2


def test_an_alarm_in_a_question_is_the_red_card_with_numbers_to_call(page: TestClient) -> None:
    said = "I cannot pass urine and my legs are weak"
    text = page.post("/learn", data={"question": said}).text
    card = text.partition('class="care emergency"')[2].partition("</section>")[0]
    assert "EMERGENCY" in card and 'href="tel:112"' in card
    calm = page.post("/learn", data={"question": "restless legs"}).text
    assert "tel:" not in calm


def test_no_page_names_a_command_of_the_terminal(page: TestClient) -> None:
    asked = ["I cannot pass urine and my legs are weak", "why do my legs ache"]
    texts = [page.post("/learn", data={"question": q}).text for q in asked]
    texts += [
        page.get(f"/learn/{where}").text for where, r in records().items() if r.kind == "claim"
    ]
    texts += [page.get(where).text for where in ("/", "/learn", "/data", "/data/delete")]
    for text in texts:
        assert not re.search(r"stillwell (assess|learn|food|data|interview)\b|--[a-z]{3}", text)
