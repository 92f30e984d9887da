"""Laws of the bottom line: three to five short sentences, no cause under 10 % called likely, alarms first."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.assessment import assess
from stillwell.assess.bottom_line import NAMED, bottom_line
from stillwell.assess.ranked import Ranked
from stillwell.assess.steps import steps_for
from stillwell.case.labs import Result
from stillwell.case.model import Person
from stillwell.case.read import case_from
from stillwell.case.understand import TakenMedicine, Understood, understand
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import RED, triage

KNOWN = knowledge()
base = KNOWN.base
STORIES = next(iter(base.stories.values()))
FOLDER = Path(__file__).parent.parent / "cases"
GIVEN = [
    *(c["given"] for p in sorted(FOLDER.glob("ordinary_*.yaml")) for c in yaml.safe_load(p.read_text())),
    *(c["given"] for c in yaml.safe_load((FOLDER / "everyday.yaml").read_text())),
]  # fmt: skip
PUBLISHED = sorted((FOLDER / "published").glob("*.yaml"))


def name(cause: str) -> str:
    return STORIES.say.get(cause, base.causes[cause].name)


def is_sound(sentences, urgency, ranked):
    """Everything that holds of every bottom line."""
    assert 3 <= len(sentences) <= 5
    for sentence in sentences:
        assert len(sentence.text.split()) < 35, sentence.text
        assert not re.search(r"[{}]|\b[a-z]+_[a-z_]+\b", sentence.text), sentence.text
        assert sentence.text[0].isupper() and sentence.text.rstrip(")")[-1] in ".?!"
        assert set(sentence.cite) <= set(base.references)
    first = sentences[0].text
    share = {c.id: c.contributes for c in ranked}
    if urgency.level in RED:
        gravest = [a for a in urgency.alerts if a.level == urgency.level]
        named = [n for a in gravest for n in (*a.also, *map(name, a.causes))]
        if (
            "Thank you" in first
        ):  # thoughts of suicide: somebody's company first, then the dangers of the body
            first += " ".join(s.text for s in sentences[1:])
        unnamed = ("alarm", "Thank you", "cannot tell from your words whether this can wait")
        assert any(n in first for n in named or unnamed)
        assert "probably" not in first and "Most likely" not in first
        every = {c for a in urgency.alerts for c in a.causes}
        for sentence in sentences[1:]:
            if "must not delay" in sentence.text:
                assert not any(f"fit {name(c)}," in sentence.text for c in every)
    else:
        head = re.match(
            r"(?:Most likely this is|This is probably|The likeliest single cause is) ([^;,(]+)",
            first,
        )
        if head:
            told = head.group(1).strip(" .")
            likely = [name(c) for c, p in share.items() if p >= NAMED]
            assert any(
                n.startswith(told) or told.startswith(n.split(",")[0].split(" (")[0])
                for n in likely
            )
        for sentence in sentences:
            if sentence.text.startswith("Also in play"):
                for cause, p in share.items():
                    if p < NAMED and f" {name(cause)}" in sentence.text:
                        others = [name(c) for c, q in share.items() if q >= NAMED]
                        assert any(name(cause) in n for n in others), sentence.text


@cache
def assessed():
    cases = [case_from(given) for given in GIVEN]
    keep = ("person", "complaint", "story", "findings", "history", "medicines", "labs")
    for path in PUBLISHED:
        case = yaml.safe_load(path.read_text())
        cases.append(case_from({k: case[k] for k in keep if k in case}))
    return [assess(case, draws=0, detail=False) for case in cases]


def test_every_labelled_case_gets_a_sound_bottom_line():
    assert len(assessed()) > 150
    for result in assessed():
        assert not {"bottom_line", "steps"} & set(result.missing)
        is_sound(result.bottom_line, result.urgency, result.causes)


def test_every_labelled_case_that_holds_a_complaint_gets_something_to_do():
    for result in assessed():
        child = result.person.age is not None and result.person.age < 18  # shown no causes
        if result.complaint and result.urgency.level != "emergency" and not child:
            assert any(about.steps for about in result.steps), result.understood


def ranked(shares: dict[str, tuple[float, float, float]]) -> list[Ranked]:
    made = []
    for cause, (p, low, high) in sorted(shares.items(), key=lambda item: -item[1][0]):
        made.append(
            Ranked(
                id=cause, name=base.causes[cause].name, technical_name="", contributes=p,
                contributes_low=p * low, contributes_high=p + (1 - p) * high,
                present=p + (1 - p) * low, present_low=0.0, present_high=1.0, before=0.1,
                reasons=[], named_by_alert=False, cite=[],
            )
        )  # fmt: skip
    return made


def result(test: str, flag: str) -> Result:
    value = {"low": base.tests[test].possible[0], "high": base.tests[test].possible[1]}.get(flag)
    return Result(test, value, "", flag, False, f"{value} {base.tests[test].unit}", None, False)


@st.composite
def people(draw: st.DrawFn) -> Understood:
    present = draw(st.lists(st.sampled_from(sorted(base.findings)), max_size=5, unique=True))
    labs = draw(
        st.dictionaries(
            st.sampled_from(sorted(base.tests)), st.sampled_from(["low", "high"]), max_size=3
        )
    )
    groups = draw(st.lists(st.sampled_from(sorted(base.medicines)), max_size=3, unique=True))
    return Understood(
        Person(
            age=draw(st.none() | st.floats(18, 95)),
            sex=draw(st.sampled_from([None, "female", "male"])),
        ),
        present=present,
        complaint=present,
        history_present=draw(
            st.lists(st.sampled_from(sorted(base.history)), max_size=3, unique=True)
        ),
        medicines=[TakenMedicine(g, g, base.medicines[g].members[0].name) for g in groups],
        labs={t: result(t, f) for t, f in labs.items()},
        words_told=draw(st.booleans()),
    )


UNIT = st.floats(0, 1)
SHARES = st.dictionaries(
    st.sampled_from(sorted(base.causes)), st.tuples(UNIT, UNIT, UNIT), min_size=0, max_size=12
)


@settings(max_examples=400, deadline=None)
@given(people(), SHARES, UNIT)
def test_every_bottom_line_is_sound(told, shares, nothing):
    urgency = triage(told, KNOWN)
    causes = ranked(shares)
    steps = steps_for(KNOWN, told, urgency, causes)
    is_sound(bottom_line(KNOWN, told, urgency, causes, nothing, steps), urgency, causes)


@pytest.mark.parametrize(
    ("case", "head", "drivers"),
    [
        (
            {"age": 34, "sex": "female", "complaint": "I must move my legs in bed at night, walking helps",
             "medicines": ["sertraline"], "labs": [{"name": "ferritin", "value": 11, "unit": "ng/mL"}]},
            "restless legs", ["ferritin 11 ng/mL", "sertraline"],
        ),
        (
            {"age": 61, "sex": "female", "complaint": "I must move my legs in bed at night, walking helps",
             "medicines": ["pramipexole"]},
            "restless legs", ["pramipexole", "augmentation"],
        ),
    ],
)  # fmt: skip
def test_a_condition_and_what_drives_it_are_one_story(case, head, drivers):
    first = assess(case_from(case), draws=20).bottom_line[0].text
    assert head in first
    assert all(driver in first for driver in drivers)


def test_what_is_not_understood_is_said_to_be_not_understood():
    told = assess(case_from({"complaint": "zorbly quuxen"}), draws=0)
    assert "did not understand" in told.bottom_line[0].text
    assert told.steps == []


def test_a_result_that_fires_an_alarm_has_its_cause_ruled_out_first():
    case = {"complaint": "my legs twitch and I am confused", "labs": [{"name": "sodium", "value": 112, "unit": "mmol/L"}]}  # fmt: skip
    first = assess(case_from(case), draws=0).bottom_line[0].text
    assert first.startswith("Your results show low sodium (sodium 112 mmol/L)")


def test_nothing_listed_is_said_where_it_is_likeliest():
    told = understand(case_from({"complaint": "my legs tremble"}))
    causes = ranked({"essential_tremor": (0.2, 0.5, 0.2), "low_iron": (0.05, 0.5, 0.2)})
    first = bottom_line(KNOWN, told, triage(told, KNOWN), causes, 0.75, [])[0].text
    assert first.startswith("Most likely none of the causes we know")


def soon_line(**fields):
    told = understand(case_from(fields))
    causes = ranked({"low_iron": (0.5, 0.3, 0.1), "anaemia_other": (0.01, 0.02, 0.01)})
    return " ".join(s.text for s in bottom_line(KNOWN, told, triage(told, KNOWN), causes, 0.1, []))


def test_an_improbable_or_explained_cause_is_not_looked_into():
    labs = [{"name": "haemoglobin", "value": 98, "unit": "g/L"}, {"name": "ferritin", "value": 6, "unit": "ug/L"}]  # fmt: skip
    text = soon_line(findings={"present": ["fatigue", "urge_to_move_legs"]}, labs=labs)
    assert "two weeks" in text
    assert name("anaemia_other") not in text


def test_none_of_the_causes_is_likeliest_only_where_that_is_at_least_even():
    told = understand(case_from({"findings": {"present": ["leg_cramps"]}}))
    causes = ranked({"nocturnal_leg_cramps": (0.2, 0.3, 0.1)})
    for nothing, said in ((0.4, False), (0.6, True)):
        line = bottom_line(KNOWN, told, triage(told, KNOWN), causes, nothing, [])
        assert ("Most likely none" in line[0].text) == said
