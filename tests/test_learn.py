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
    first = sum(ids(q)[:1] and ids(q)[0] in e for q, e in asked)
    three = sum(bool(set(ids(q)[:3]) & set(e)) for q, e in asked)
    assert first / len(asked) >= 0.85
    assert three / len(asked) >= 0.95


@pytest.mark.parametrize("question", [q for q, e in QUESTIONS if not e])
def test_what_nobody_wrote_down_is_not_answered(question: str) -> None:
    assert ids(question) == []


def test_every_claim_is_found_by_its_own_wordings() -> None:
    for claim in knowledge().base.claims.values():
        for wording in (claim.claim, *claim.asks):
            assert claim.id in ids(wording)[:3], wording


def test_spelling_mistakes_are_forgiven() -> None:
    assert ids("magnesum for crampz")[:1] == ids("magnesium for cramps")[:1]


@given(st.text(max_size=200))
def test_any_text_is_safe(text: str) -> None:
    assert len(LIBRARY.answer(text)) <= 5


def test_the_json_holds_verdict_and_sources() -> None:
    result = CliRunner().invoke(main, ["learn", "does spinach contain b12", "--json"])
    first = json.loads(result.output)[0]
    assert set(first) == {"id", "kind", "title", "verdict", "strength", "text", "sources"}
    assert first["verdict"] == "not supported"
    assert first["sources"]


def test_it_says_that_we_do_not_know() -> None:
    result = CliRunner().invoke(main, ["learn", "does wifi make legs shake"])
    assert result.exit_code == 0
    assert "don't know" in result.output
