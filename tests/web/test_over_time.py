"""The diary, results on their ranges, what changed and why, and dates to look again."""

import datetime as dt
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from starlette.testclient import TestClient

from stillwell.case.model import Lab
from stillwell.store.store import Store
from stillwell.web.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Value, chart
from stillwell.web.diary import KIND, DiaryDay, decoded
from stillwell.web.diary import encoded as kept_day
from stillwell.web.journey import KIND as STORY
from stillwell.web.journey import Journey, encoded

RESTLESS = "In the evening my legs are restless and I have to move them."
TODAY = dt.date.today()


@pytest.fixture
def ann(store: Store) -> str:
    return store.add_person("Ann")


def story(store: Store, person: str, day: dt.date, *labs: Lab, words: str = RESTLESS) -> str:
    told = Journey(started=day, words=words, age=34, sex="female", about=True, labs=list(labs))
    return store.add(person, STORY, encoded(told)).id


def ferritin(value: float, unit: str = "ng/mL") -> Lab:
    return Lab(name="Ferritin", value=value, unit=unit)


def note(page: TestClient, ann: str, day: dt.date, **fields: str):  # type: ignore[no-untyped-def]
    return page.post(f"/p/{ann}/diary", data={"day": day.isoformat(), **fields})


# the diary


def test_not_recorded_is_neither_0_nor_none(page: TestClient, store: Store, ann: str) -> None:
    note(page, ann, TODAY, severity="0", tried_none="yes")
    note(page, ann, TODAY - dt.timedelta(1), night="yes", triggers="coffee\n\nsitting long")
    (today, before) = [decoded(r.body) for r in store.records(ann, KIND)][::-1]
    by_day = {d.day: d for d in (today, before)}
    zero, other = by_day[TODAY], by_day[TODAY - dt.timedelta(1)]
    assert (zero.severity, zero.disturbed, zero.triggers, zero.tried) == (0, None, None, [])
    assert (other.severity, other.disturbed, other.tried) == (None, True, None)
    assert other.triggers == ["coffee", "sitting long"]
    rows = re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", page.get(f"/p/{ann}/diary").text, re.S)
    assert "not recorded" in rows[0] and ">0<" in rows[0] and "none" in rows[0]
    assert rows[1].count("not recorded") == 2 and ">0<" not in rows[1]


def test_a_day_told_again_is_the_same_day(page: TestClient, store: Store, ann: str) -> None:
    note(page, ann, TODAY, severity="3")
    shown = page.get(f"/p/{ann}/diary?day={TODAY}").text
    assert re.search(r'id="severity-3" checked', shown)
    note(page, ann, TODAY, severity="7")
    (record,) = store.records(ann, KIND)
    assert (record.revision, decoded(record.body).severity) == (2, 7)
    page.post(f"/p/{ann}/diary", data={"remove": record.id})
    assert store.records(ann, KIND) == []


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"day": "yesterday", "severity": "3"}, "day"),
        ({"day": "2999-01-01", "severity": "3"}, "day"),
        ({"day": "", "severity": "3"}, "day"),
        ({"day": TODAY.isoformat()}, "severity-none"),
        ({"day": TODAY.isoformat(), "severity": "11"}, "severity-none"),
        ({"day": TODAY.isoformat(), "severity": "-1"}, "severity-none"),
        ({"day": TODAY.isoformat(), "severity": "²"}, "severity-none"),
    ],
)
def test_what_is_no_day_is_said_and_not_kept(
    page: TestClient, store: Store, ann: str, fields: dict[str, str], target: str
) -> None:
    got = page.post(f"/p/{ann}/diary", data=fields)
    assert got.status_code == 422 and f'href="#{target}"' in got.text
    assert f'id="{target}"' in got.text
    assert store.records(ann, KIND) == []


def test_what_was_typed_stays_when_the_day_is_wrong(page: TestClient, ann: str) -> None:
    got = page.post(f"/p/{ann}/diary", data={"day": "x", "severity": "4", "note": "long walk"})
    assert "long walk" in got.text and 'id="severity-4" checked' in got.text


def test_nobody_elses_day_is_removed(page: TestClient, store: Store, ann: str) -> None:
    note(page, ann, TODAY, severity="3")
    bob = store.add_person("Bob")
    page.post(f"/p/{bob}/diary", data={"remove": store.records(ann, KIND)[0].id})
    assert len(store.records(ann, KIND)) == 1


def test_the_picture_says_what_the_table_says_and_needs_no_style(
    page: TestClient, ann: str
) -> None:
    for n, mark in enumerate(["2", "5", "", "4", "6"]):
        note(page, ann, TODAY - dt.timedelta(n), severity=mark, note="x")
    text = page.get(f"/p/{ann}/diary").text
    svg = ElementTree.fromstring(re.search(r"<svg class=\"chart\".*?</svg>", text, re.S)[0])  # type: ignore[index]
    assert svg.get("role") == "img" and "from 0 to 10" in (svg.get("aria-label") or "")
    assert len(svg.findall("circle")) == 4
    assert len(svg.findall("polyline")) == 2, "the line breaks where nothing was recorded"
    assert "style=" not in text and "<style" not in text
    assert "recorded on 4, from 2 to 6, the middle one 4.5" in text


# results over time


def test_repeated_results_stand_on_their_range_in_one_unit(
    page: TestClient, store: Store, ann: str
) -> None:
    story(
        store, ann, dt.date(2026, 3, 1), ferritin(12, "ug/L"), Lab(name="TSH", value=2, unit="mU/L")
    )
    story(store, ann, dt.date(2026, 9, 1), ferritin(38))
    text = page.get(f"/p/{ann}/diary").text
    assert "Ferritin over time, in ng/mL" in text and "15 to 300" in text
    assert "12 ug/L" in text and "38 ng/mL" in text
    assert "TSH over time" not in text, "one result is no course"
    svg = ElementTree.fromstring(re.search(r"<svg class=\"chart\".*?</svg>", text, re.S)[0])  # type: ignore[index]
    (band,) = [r for r in svg.findall("rect") if r.get("class") == "band"]
    low, high = [float(c.get("cy") or 0) for c in svg.findall("circle")]
    bottom = float(band.get("y") or 0) + float(band.get("height") or 0)
    assert low > bottom > high, "12 lies below the range, 38 in it"


def test_dated_results_of_one_sheet_are_a_course(page: TestClient, store: Store, ann: str) -> None:
    old = Lab(name="Ferritin", value=10, unit="ng/mL", date=dt.date(2025, 1, 1))
    new = Lab(name="Ferritin", value=30, unit="ng/mL", date=dt.date(2026, 1, 1))
    story(store, ann, dt.date(2026, 2, 1), old, new)
    text = page.get(f"/p/{ann}/diary").text
    assert "1 Jan 2025" in text and "1 Jan 2026" in text


# what changed


def test_a_changed_result_and_what_it_moves_are_told_with_the_reason(
    page: TestClient, store: Store, ann: str
) -> None:
    story(store, ann, dt.date(2026, 3, 1), ferritin(12))
    story(store, ann, dt.date(2026, 9, 1), ferritin(38))
    text = page.get(f"/p/{ann}/changes").text
    assert "Ferritin: 12 ng/mL → 38 ng/mL" in text
    row = re.search(r'<th scope="row">Restless legs</th>.*?</tr>', text, re.S)
    assert row
    before, now = [int(n) for n in re.findall(r"(\d+) %", row[0])]
    assert before > now > 0
    assert "ferritin 12 ng/mL → ferritin 38 ng/mL" in row[0]


def test_the_same_story_twice_shows_no_change(page: TestClient, store: Store, ann: str) -> None:
    for month in (3, 9):
        story(store, ann, dt.date(2026, month, 1), ferritin(12))
    text = page.get(f"/p/{ann}/changes").text
    assert "No result is new" in text and "No likely cause moved" in text


def test_one_story_has_nothing_to_be_compared_with(
    page: TestClient, store: Store, ann: str
) -> None:
    assert "only one story" in page.get(f"/p/{ann}/changes").text
    story(store, ann, dt.date(2026, 3, 1))
    assert "only one story" in page.get(f"/p/{ann}/changes").text


def test_an_emergency_shows_its_card_and_no_calming_number(
    page: TestClient, store: Store, ann: str
) -> None:
    story(store, ann, dt.date(2026, 3, 1))
    numb = "numb between my legs since this morning and I cannot pass urine"
    story(store, ann, dt.date(2026, 9, 1), words=numb)
    text = page.get(f"/p/{ann}/changes").text
    assert 'class="care emergency"' in text and not re.search(r"\d %", text)


def test_any_two_of_several_stories_are_compared(page: TestClient, store: Store, ann: str) -> None:
    ids = [
        story(store, ann, dt.date(2026, m, 1), ferritin(v)) for m, v in ((1, 8), (2, 20), (3, 90))
    ]
    text = page.get(f"/p/{ann}/changes", params={"before": ids[0], "after": ids[2]}).text
    assert "8 ng/mL → 90 ng/mL" in text
    assert "20 ng/mL → 90 ng/mL" in page.get(f"/p/{ann}/changes").text


def test_another_persons_story_is_not_compared(page: TestClient, store: Store, ann: str) -> None:
    bob = store.add_person("Bob")
    other = story(store, bob, dt.date(2026, 1, 1), ferritin(99))
    for month in (3, 9):
        story(store, ann, dt.date(2026, month, 1), ferritin(12))
    assert "99" not in page.get(f"/p/{ann}/changes", params={"before": other}).text


# dates


def test_the_dates_of_the_plan_come_as_a_calendar_that_tells_others_nothing(
    page: TestClient, store: Store, ann: str
) -> None:
    day = dt.date(2026, 9, 1)
    story(store, ann, day, ferritin(8))
    got = page.get(f"/p/{ann}/dates.ics")
    assert got.headers["content-type"].startswith("text/calendar")
    assert got.content == page.get(f"/p/{ann}/dates.ics").content, "no clock in it"
    events = list(Calendar.from_ical(got.content).walk("VEVENT"))
    assert events
    for event in events:
        assert not re.search("iron|ferritin|blood|legs", str(event["summary"]), re.I)
        assert day < event.decoded("dtstart") <= day + dt.timedelta(days=400)
    found = {str(e["description"]): e.decoded("dtstart") for e in events}
    shown = page.get(f"/p/{ann}/dates").text
    assert "15 September 2026" in shown and "after 2 to 4 weeks" in shown
    again = next(d for text, d in found.items() if "after 2 to 4 weeks" in text)
    assert again == day + dt.timedelta(days=14)


def test_nobody_has_no_diary(page: TestClient) -> None:
    for path in ("diary", "changes", "dates", "dates.ics"):
        assert page.get(f"/p/none/{path}").status_code == 404


def test_without_a_story_there_are_no_dates(page: TestClient, ann: str) -> None:
    assert page.get(f"/p/{ann}/dates").status_code == 404


def test_what_is_told_both_times_is_no_reason_for_a_change(
    page: TestClient, store: Store, ann: str
) -> None:
    story(store, ann, dt.date(2026, 3, 1), ferritin(20), words=f"{RESTLESS} I am tired.")
    story(store, ann, dt.date(2026, 9, 1), ferritin(38), words=f"{RESTLESS} My periods are heavy.")
    text = page.get(f"/p/{ann}/changes").text
    assert "no longer: tiredness" in text and "new: heavy periods" in text
    assert "an urge to move the legs" not in text


def test_a_long_diary_shows_a_month_and_all_where_it_is_asked_for(
    page: TestClient, store: Store, ann: str
) -> None:
    for n in range(40):
        body = kept_day(DiaryDay(day=TODAY - dt.timedelta(n), severity=n % 11))
        store.add(ann, KIND, body)
    rows = [page.get(f"/p/{ann}/diary{q}").text.count('name="remove"') for q in ("", "?all=yes")]
    assert rows == [31, 40]


# the picture


values = st.floats(0.001, 1e6, allow_nan=False)
ends = st.none() | values


@given(
    st.lists(st.tuples(st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)), st.none() | values), max_size=30),
    st.tuples(ends, ends),
)  # fmt: skip
def test_every_value_lies_inside_its_picture(
    points: list[tuple[dt.date, float | None]], band: tuple[float | None, float | None]
) -> None:
    if band[0] is not None and band[1] is not None:
        band = (min(band[0], band[1]), max(band[0], band[1]))  # type: ignore[type-var]
    drawn = chart([Value(d, v) for d, v in sorted(points, key=lambda p: p[0])], band=band)
    assert len(drawn.dots) == sum(v is not None for _, v in points)
    for x, y, _ in drawn.dots:
        assert LEFT <= x <= WIDTH - RIGHT and TOP <= y <= HEIGHT - BOTTOM
    for y, _ in drawn.values:
        assert TOP <= y <= HEIGHT - BOTTOM
    if drawn.band:
        assert drawn.band[1] >= 0


# what changed, for the doctor


def doctors(page: TestClient, story: str) -> str:
    return page.get(f"/s/{story}/share/doctor.md").text


def changed_part(text: str) -> str:
    found = re.search(r"^## What changed since last time$(.*?)^## ", text, re.S | re.M)
    return found[1] if found else ""


def test_the_doctors_page_tells_what_changed_since_the_visit_before(
    page: TestClient, store: Store, ann: str
) -> None:
    told = f"{RESTLESS} I take metformin 500 mg."
    story(store, ann, dt.date(2026, 1, 1), ferritin(8))
    first = story(store, ann, dt.date(2026, 3, 1), ferritin(12), words=f"{told} I am tired.")
    then = story(
        store, ann, dt.date(2026, 9, 1), ferritin(38), words=f"{told} I take cetirizine 10 mg."
    )
    part = changed_part(doctors(page, then))
    assert "1 March 2026" in part and "Ferritin 12 ng/mL → 38 ng/mL" in part
    assert re.search(r"Restless legs \d+ % → \d+ %", part, re.I)
    assert "new: cetirizine 10 mg" in part and "metformin" not in part.lower()
    assert "not told again: " in part and "tiredness" in part
    assert "8 ng/mL → 12 ng/mL" in changed_part(doctors(page, first)), "each against the one before"
    pdf = page.get(f"/s/{then}/share/doctor.pdf").content
    assert pdf.startswith(b"%PDF")
    assert "What changed since" not in page.get(f"/s/{then}/share/tests.md").text


def test_the_first_visit_and_a_second_one_of_the_same_day_tell_no_change(
    page: TestClient, store: Store, ann: str
) -> None:
    bob = store.add_person("Bob")
    story(store, bob, dt.date(2026, 1, 1), ferritin(99))
    one = story(store, ann, dt.date(2026, 3, 1), ferritin(12))
    two = story(store, ann, dt.date(2026, 3, 1), ferritin(14))
    for told in (one, two):
        assert "What changed" not in doctors(page, told)


def test_in_an_emergency_the_doctor_sees_no_calming_number_of_what_changed(
    page: TestClient, store: Store, ann: str
) -> None:
    story(store, ann, dt.date(2026, 3, 1), ferritin(12))
    numb = "numb between my legs since this morning and I cannot pass urine"
    then = story(store, ann, dt.date(2026, 9, 1), words=numb)
    part = changed_part(doctors(page, then))
    assert "not told again: " in part and " % → " not in part


def test_an_earlier_story_that_cannot_be_worked_out_is_said_and_stops_nothing(
    page: TestClient, store: Store, ann: str
) -> None:
    story(store, ann, dt.date(2026, 3, 1), Lab(name="Sodium", value=140_000, unit="mmol/L"))
    then = story(store, ann, dt.date(2026, 9, 1), ferritin(12))
    text = doctors(page, then)
    assert "can no longer be worked out" in changed_part(text)


def test_the_page_of_changes_names_medicines_and_signs(
    page: TestClient, store: Store, ann: str
) -> None:
    story(store, ann, dt.date(2026, 3, 1), words=f"{RESTLESS} I am tired. I take sertraline 50 mg.")
    story(store, ann, dt.date(2026, 9, 1), words=f"{RESTLESS} I take sertraline 100 mg.")
    text = page.get(f"/p/{ann}/changes").text
    assert "New: sertraline 100 mg" in text and "Not told again: sertraline 50 mg" in text
    assert "Not told again: tiredness" in text


def test_the_dates_of_an_emergency_stand_under_its_card(
    page: TestClient, store: Store, ann: str
) -> None:
    numb = "numb between my legs since this morning and I cannot pass urine"
    story(store, ann, dt.date(2026, 9, 1), words=numb)
    text = page.get(f"/p/{ann}/dates").text
    assert 'class="care emergency"' in text and 'href="tel:999"' in text
