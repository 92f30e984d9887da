"""What `stillwell learn` prints: the answer first, then why, how strong the evidence is, and the sources."""

from __future__ import annotations

import textwrap

import click

from stillwell.learn.answer import Answer
from stillwell.learn.catalogue import words
from stillwell.writing import capital

WIDTH = 80
SOURCES = 6
BESIDE = 2


def show_answers(found: list[Answer], whole: bool = False) -> None:
    """Print the best answer and name the next ones, or say that we do not know; `whole`: long lists unfolded."""
    said = words()
    if not found:
        click.echo(_filled(said.unknown))
        click.echo(_filled(said.unknown_way_out))
        return
    _show(found[0], whole)
    if len(found) > 1:
        click.echo(f"\n{said.see_also}")
    for answer in found[1 : 1 + BESIDE]:
        click.echo(_filled(f"- {first_line(answer)}", hanging=2))


def first_line(answer: Answer) -> str:
    """An answer in one line: what it is about, and what is so.

    >>> first_line(Answer(id="x", kind="claim", title="Iron helps", answer="No.", verdict="not supported"))
    '“Iron helps”: not supported. No.'
    """
    if answer.verdict:
        claim = words().verdict_is.format(claim=answer.title, verdict=answer.verdict)
        return f"{claim}. {answer.answer}"
    title = capital(answer.title)
    return f"{title}: {answer.answer}" if answer.answer else title


def _show(answer: Answer, whole: bool) -> None:
    said = words()
    title = capital(answer.title)
    click.echo(click.style(_filled(answer.answer or title), bold=True))
    if answer.verdict:
        claim = said.verdict_is.format(claim=answer.title, verdict=answer.verdict)
        click.echo(_filled(f"{claim} ({said.evidence.format(strength=answer.strength)})."))
    elif answer.answer:
        click.echo(_filled(title))
    if answer.text:
        click.echo(_filled(answer.text))
    for item in [*answer.items, *(answer.more if whole else [])]:
        click.echo(_filled(f"- {capital(item)}", hanging=2))
    if answer.more and not whole:
        click.echo(_filled(said.more.format(count=len(answer.more))))
    if answer.sources:
        click.echo(said.sources)
    for source in answer.sources[:SOURCES]:
        click.echo(_filled(f"- {source}", hanging=2))


def _filled(text: str, hanging: int = 0) -> str:
    return textwrap.fill(
        text, WIDTH, subsequent_indent=" " * hanging, break_long_words=False, break_on_hyphens=False
    )
