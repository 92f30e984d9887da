"""Results that were given and not confirmed: every page that would calm says that they wait."""

import html

import pytest
from starlette.testclient import TestClient

from tests.web.test_an_alarm_on_the_page import main_of
from tests.web.test_the_way_through import tell

CALM = "In the evening my legs are restless and I have to move them, for two years."


@pytest.mark.parametrize(
    "result", ["Potassium 7.5 mmol/L", "Sodium 112 mmol/L", "Glucose 1.9 mmol/L"]
)
def test_a_result_that_would_be_critical_is_said_before_it_is_confirmed(
    page: TestClient, visit: str, result: str
) -> None:
    tell(page, visit, CALM)
    page.post(f"{visit}/tests", data={"results": result})
    for step in ("tests/rows", "check", "answer", "plan", "share"):
        text = html.unescape(main_of(page.get(f"{visit}/{step}").text))
        assert "If this result is right" in text and result in text, step
    doctor = html.unescape(page.get(f"{visit}/share/doctor.html").text)
    assert "Not confirmed by the patient" in doctor and "If right, this is urgent" in doctor


def test_an_ordinary_result_that_waits_is_said_where_it_is_missing(
    page: TestClient, visit: str
) -> None:
    tell(page, visit, CALM)
    page.post(f"{visit}/tests", data={"results": "Ferritin 40 ng/mL"})
    for step in ("answer", "plan", "share"):
        text = main_of(page.get(f"{visit}/{step}").text)
        assert "One result waits for your yes" in text and "If this result is right" not in text
    assert "One result waits" not in main_of(page.get(f"{visit}/food").text)
    page.post(f"{visit}/tests", data={"act": "forget"})
    assert "waits for your yes" not in page.get(f"{visit}/answer").text
