"""`stillwell learn`: questions in ordinary words find the claims that answer them, or nothing."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from stillwell.cli.main import main
from stillwell.knowledge.store import knowledge
from stillwell.learn.answer import Library

QUESTIONS = yaml.safe_load((Path(__file__).parent / "cases" / "questions.yaml").read_text())
LIBRARY = Library(knowledge())


def ids(question: str) -> list[str]:
    return [a.id for a in LIBRARY.answer(question)]


def test_most_questions_are_answered_first_and_nearly_all_among_three() -> None:
    asked = [(q, e) for q, e in QUESTIONS if e]
    assert len(asked) >= 55
    first = sum(ids(q)[0] in e for q, e in asked if ids(q))
    three = sum(bool(set(ids(q)[:3]) & set(e)) for q, e in asked)
    assert first / len(asked) >= 0.85
    assert three / len(asked) >= 0.95


@pytest.mark.parametrize("question", [q for q, e in QUESTIONS if not e])
def test_what_nobody_wrote_down_is_not_answered(question: str) -> None:
    assert ids(question) == []


def test_every_claim_is_found_by_its_own_wordings() -> None:
    alarmed = []
    for claim in knowledge().base.claims.values():
        for wording in (claim.claim, *claim.asks):
            found = ids(wording)[:3]
            if found[:1] and found[0].startswith("alarm_"):
                alarmed.append(wording)
            else:
                assert claim.id in found, wording
    assert len(alarmed) <= 2, alarmed  # "shaking when I stop drinking" is one


def test_spelling_mistakes_are_forgiven() -> None:
    assert ids("magnesum for crampz")[:1] == ids("magnesium for cramps")[:1]


@given(st.text(max_size=200))
def test_any_text_is_safe(text: str) -> None:
    assert len(LIBRARY.answer(text)) <= 5


def test_the_json_holds_verdict_and_sources() -> None:
    result = CliRunner().invoke(main, ["learn", "does spinach contain b12", "--json"])
    first = json.loads(result.output)[0]
    says = {"answer", "verdict", "strength", "text", "items", "more", "sources"}
    assert set(first) == {"id", "kind", "title", *says}
    assert first["verdict"] == "not supported"
    assert first["sources"]


def test_it_says_that_we_do_not_know() -> None:
    result = CliRunner().invoke(main, ["learn", "does wifi make legs shake"])
    assert result.exit_code == 0
    assert "We do not know" in result.output


MEASURED = yaml.safe_load(
    (Path(__file__).parent / "cases" / "learn_questions.yaml").read_text(encoding="utf-8")
)


def test_questions_nobody_wrote_down_are_answered_rightly_or_not_at_all() -> None:
    asked = MEASURED["answerable"]
    assert len(asked) + len(MEASURED["unanswerable"]) >= 120
    first = [(ids(q)[:1], e) for q, e in asked]
    assert sum(bool(f) and f[0] in e for f, e in first) / len(asked) >= 0.9
    assert sum(bool(f) and f[0] not in e for f, e in first) / len(asked) <= 0.05


def test_what_we_do_not_know_is_said_so() -> None:
    answered = [q for q in MEASURED["unanswerable"] if ids(q)]
    assert len(answered) / len(MEASURED["unanswerable"]) <= 0.05, answered


def test_a_list_names_what_the_knowledge_base_says() -> None:
    base = knowledge().base
    listed = LIBRARY.answer("which vitamin deficiency makes legs shake?")[0]
    assert listed.kind == "list" and listed.sources
    names = {c.name for c in base.causes.values() if c.id.startswith("low_")}
    assert {item.split(":")[0] for item in listed.items} <= names
    assert any("magnesium" in item for item in listed.items)
    assert any("low iron" in i for i in LIBRARY.answer("which foods help restless legs")[0].items)


def test_a_list_is_not_given_to_a_question_that_asks_for_more() -> None:
    assert ids("how do I stop leg cramps")[0] == "helps_cramps"
    assert ids("how do I stop leg cramps in pregnancy")[0] == "pregnancy_cramps_magnesium"
    assert ids("how do I stop leg cramps with crystals") == []


def test_a_complaint_that_no_claim_speaks_of_is_answered_from_the_numbers() -> None:
    found = LIBRARY.answer("can low calcium cause tingling feet")[0]
    assert found.kind in ("relation", "claim")
    numbers = LIBRARY.answer("can low calcium make legs weak")[0]
    assert numbers.kind == "relation" and numbers.answer and numbers.sources


def test_the_answer_stands_first_and_dangers_are_not_denied() -> None:
    b6 = LIBRARY.answer("can too much b6 cause tingling")[0]
    assert b6.answer == "Yes."
    assert not LIBRARY.answer("is a lot of vitamin b6 safe")[0].answer.startswith("Yes")
    assert LIBRARY.answer("is magnesium safe with kidney disease")[0].answer.startswith("Not for")


def test_learn_and_report_give_the_same_verdict() -> None:
    base = knowledge().base
    said = {c.claim: c for c in base.claims.values()}
    told = [c for cause in base.causes.values() for c in cause.claims]
    shared = [(c, said[c.claim]) for c in told if c.claim in said]
    assert len(shared) >= 6
    for told_there, told_here in shared:
        assert (told_there.verdict, told_there.strength) == (told_here.verdict, told_here.strength)


def test_every_topic_and_list_names_what_exists() -> None:
    from stillwell.learn.catalogue import questions, words

    base = knowledge().base
    for topic in questions().topics.values():
        assert set(topic.findings) <= set(base.findings) and set(topic.causes) <= set(base.causes)
    assert {rule.kind for rule in questions().lists} | {"origins"} == set(words().lists)


@pytest.mark.parametrize(
    "question",
    [
        "can I just stop my ropinirole",
        "is it safe to stop gabapentin suddenly",
        "may i quit zoloft",
        "do i need to stop my prednisolone",
        "should I come off my clonazepam",
        "can i skip my bisoprolol",
    ],
)
def test_a_medicine_whose_stopping_harms_is_never_said_to_be_stopped(question: str) -> None:
    first = LIBRARY.answer(question)[0]
    assert first.answer == "No, do not stop it on your own." and first.sources, first


def test_a_question_of_permission_is_never_answered_by_the_verdict_of_a_claim() -> None:
    base = knowledge().base
    forms = ["can i stop my {}", "is it safe to take {}", "should i stop {}", "may i take {}"]
    for group in base.medicines.values():
        for form in forms:
            found = LIBRARY.answer(form.format(group.members[0].name))
            assert found, (form, group.id)
            assert not found[0].answer.startswith(("Yes", "It can")), (form, group.id, found[0])
            if "stop" in form and group.stopping and not group.stopping.members:
                assert found[0].answer.startswith("No, do not stop"), (form, group.id)


def test_two_things_that_meet_badly_are_told_apart_from_those_that_do_not() -> None:
    assert LIBRARY.answer("can i take cbd oil with sertraline")[0].id.startswith("together_")
    assert LIBRARY.answer("is st johns wort safe with citalopram")[0].answer.startswith("No")


def test_an_alarm_in_a_question_comes_before_any_answer() -> None:
    found = LIBRARY.answer("my leg is swollen and hot and i cant breathe right what do i do")
    assert [a.kind for a in found] == ["alarm"] and "EMERGENCY" in found[0].answer
    assert LIBRARY.answer("can low calcium make my feet tingle")[0].kind != "alarm"


def test_misspelt_phrases_are_understood() -> None:
    assert ids("what helps restles legs") == ids("what helps restless legs")


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("my dad had parkinsons will i get it", "parkinson_family"),
        ("im vegan what should i eat for iron", "vegan_iron"),
        ("does magnesium work for growing pains", "growing_pains_magnesium"),
        ("my muscles twitch all over but im not weak is it als", "twitching_als"),
        ("is it okay to have tonic water every night for my cramps", "quinine_tonic"),
    ],
)
def test_what_readers_asked_in_vain_is_answered(question: str, wanted: str) -> None:
    assert ids(question)[0] == wanted


def test_a_list_of_lacks_says_of_the_others_too_what_is_known_of_them():
    """Who asks which vitamin it is has B12 and D in mind, whether or not they bring the complaint."""
    items = LIBRARY.answer("what vitamin deficiency causes trembling legs?")[0].items
    for name in ("Low vitamin B12", "Low vitamin D", "Low magnesium"):
        assert any(item.lower().startswith(name.lower()) for item in items), items
    b12 = next(item for item in items if item.lower().startswith("low vitamin b12"))
    assert "tingling" in b12 and "do not say" in b12
