"""Places where people who saw the page for the first time went wrong, each put right."""

import datetime as dt
import re

from starlette.testclient import TestClient

from stillwell.case.lab_names import find_test
from stillwell.knowledge.store import knowledge
from stillwell.store.store import Store
from stillwell.web import journey
from tests.web.test_the_way_through import RESTLESS, key_of, tell


def test_somebody_new_without_a_name_is_not_filed_under_another(
    page: TestClient, visit: str, store: Store
) -> None:
    after = page.post("/start", data={"person": "new", "name": " "})
    assert after.status_code == 422 and "Write their name" in after.text
    new = re.search(r'<input[^>]*value="new"[^>]*>', after.text)
    assert new and "checked" in new[0]
    assert [p.name for p in store.people()] == ["Ann"]
    assert page.post("/start", data={"person": "new", "name": "Bo"}).status_code == 200
    assert {p.name for p in store.people()} == {"Ann", "Bo"}


def test_a_day_that_was_saved_is_not_offered_for_another_day(
    page: TestClient, visit: str, store: Store
) -> None:
    diary = f"/p/{store.people()[0].id}/diary"
    today = dt.date.today()
    after = page.post(diary, data={"day": str(today), "night": "yes", "triggers": "wine"})
    form = after.text.partition("<form")[2].partition("</form>")[0]
    assert "wine" not in form and f'value="{today}"' not in form
    assert 'role="status"' in after.text
    loaded = page.get(f"{diary}?day={today}").text.partition("<form")[2].partition("</form>")[0]
    assert "wine" in loaded and 'type="date"' not in loaded  # its day cannot be changed by mistake


def rows_of(page: TestClient, visit: str, results: str) -> str:
    return page.post(f"{visit}/tests", data={"results": results}).text


def test_where_a_unit_is_asked_for_there_are_units_to_choose_from(
    page: TestClient, visit: str
) -> None:
    text = rows_of(page, visit, "Quuxine 33 mg/L")
    sheet = re.search(r'name="sheet" value="(\w+)"', text)
    assert sheet
    data = {"sheet": sheet[1], "use-0": "yes", "test-0": "ferritin", "value-0": "33", "unit-0": ""}
    after = page.post(f"{visit}/tests/rows", data=data)
    assert after.status_code == 422 and "Choose the unit" in after.text
    select = after.text.partition('<select id="unit-0"')[2].partition("</select>")[0]
    assert "ug/L" in select or "ng/mL" in select
    assert 'name="unit_other-0"' in after.text
    page.post(f"{visit}/tests/rows", data={**data, "unit_other-0": "ng/mL"})
    assert "ferritin" in page.get(f"{visit}/tests").text.lower()
    assert "33 ng/mL" in page.get(f"{visit}/tests").text


def test_a_number_that_could_not_be_read_is_left_for_the_person_to_write(
    page: TestClient, visit: str
) -> None:
    text = rows_of(page, visit, "CK 1?0 U/L\nFerritin 11 ng/mL")
    doubted = re.search(r'name="value-0" value="([^"]*)"', text)
    sure = re.search(r'name="value-1" value="([^"]*)"', text)
    assert doubted and doubted[1] == ""
    assert sure and sure[1] == "11"


def test_short_names_that_laboratories_print_are_known() -> None:
    for name, test in (
        ("25-OH Vit D", "vitamin_d_25oh"),
        ("Vit. D (25-OH)", "vitamin_d_25oh"),
        ("Calcium corr.", "calcium_total"),
        ("Calcium (adj.)", "calcium_total"),
    ):
        found = find_test(name, knowledge())
        assert found is not None and found.id == test, name


def test_who_has_no_results_is_not_asked_for_them_again(page: TestClient, visit: str) -> None:
    tell(page, visit, "my legs feel heavy in the evening, since a year")
    asks = "Which blood results do you have already?"
    assert asks in page.get(f"{visit}/answer").text
    page.post(f"{visit}/tests", data={"act": "none"})
    assert asks not in page.get(f"{visit}/answer").text


def test_each_question_says_how_many_come_at_most_and_there_are_no_more(
    page: TestClient, visit: str
) -> None:
    tell(page, visit)
    first = left = None
    for number in range(1, 22):
        text = page.get(f"{visit}/questions").text
        key = key_of(text)
        if key is None:
            break
        assert f"Question {number}." in text
        told = re.search(r"At most (\w+) more", text)
        left = (1 if told[1] == "one" else int(told[1])) if told else 0
        first = left if first is None else first
        page.post(f"{visit}/questions", data={"key": key, "answer": "skip"})
    assert first and left is not None and left <= 1 < first


def test_the_share_page_has_one_main_button_and_its_files_name_no_health(
    page: TestClient, visit: str
) -> None:
    tell(page, visit)
    text = page.get(f"{visit}/share").text.partition("<main")[2]
    bare = re.sub(r"<details>.*?</details>", "", text, flags=re.S)
    assert len(re.findall(r'<a class="button', bare)) == 1
    got = page.get(f"{visit}/share/doctor.pdf").headers["content-disposition"]
    assert got == f'attachment; filename="page-{dt.date.today()}.pdf"'


def test_how_much_of_a_nutrient_leads_to_its_page(page: TestClient) -> None:
    text = page.post("/learn", data={"question": "how much iron should I take"}).text
    found = re.search(r'href="(/learn/[0-9a-f]{12})">Iron<', text.partition("Pages about it")[2])
    assert found and "We do not know" not in text
    assert page.get(found[1]).status_code == 200


def test_what_a_story_is_about_stands_in_the_list_and_in_no_title_or_address(
    page: TestClient, visit: str
) -> None:
    tell(page, visit)
    text = page.get("/").text
    listed = text.partition('class="records"')[2].partition("</ul>")[0]
    assert re.search(r"<strong>Restless legs, 34</strong>", listed)
    title = re.search(r"<title>([^<]*)", text)
    assert title and "estless" not in title[1]
    assert not [u for u in re.findall(r'href="([^"]*)"', text) if "restless" in u.lower()]


def test_two_stories_of_one_day_are_not_compared(
    page: TestClient, visit: str, store: Store
) -> None:
    person = store.people()[0].id
    for day in (dt.date(2026, 5, 1), dt.date(2026, 5, 1)):
        told = journey.Journey(words=RESTLESS, about=True, started=day)
        store.add(person, journey.KIND, journey.encoded(told))
    assert "stories of one day only" in page.get(f"/p/{person}/changes").text
    later = journey.Journey(words=RESTLESS, about=True, started=dt.date(2026, 6, 1))
    store.add(person, journey.KIND, journey.encoded(later))
    text = page.get(f"/p/{person}/changes").text
    assert "1 May 2026 and 1 June 2026" in text


def test_the_main_button_of_the_answer_stands_before_what_is_folded(
    page: TestClient, visit: str
) -> None:
    tell(page, visit)
    text = page.get(f"{visit}/answer").text.partition("<main")[2]
    assert text.index('class="button"') < text.index("<summary><h2>")
