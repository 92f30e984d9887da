"""What is known: one search over all of it, a page for each record, and what to do where it is wrong."""

from __future__ import annotations

import hashlib
import re
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell import __version__
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.learn.answer import Answer, Library
from stillwell.learn.records import comparison
from stillwell.learn.records.names import KINDS, Names, Record
from stillwell.learn.records.pages import page
from stillwell.web.desk import desk_of, told
from stillwell.web.wording import words

SHOWN = ("cause", "test", "nutrient", "medicine", "supplement", "claim")
MOST = 400  # letters of a question
FOUND = 8
_TABLE = re.compile(r"(?:<h2>(?P<title>[^<]*)</h2>\s*)?<table>(?P<rows>.*?)</table>", re.S)
_MARK = re.compile(r"\[(\d+(?:, \d+)*)\]")


async def learn(request: Request) -> Response:
    """The search, and everything there is by kind."""
    desk = desk_of(request)
    if request.method == "GET":
        return desk.page(
            "learn.html.j2", question="", answers=None, found=[], kinds=by_kind(), where=address
        )
    form = await request.form()
    question = told(form.get("question"), MOST)
    answers, found = await run_in_threadpool(asked, question)
    return desk.page(
        "learn.html.j2",
        question=question,
        answers=answers,
        level=alarm_level(answers),
        found=found,
        kinds=by_kind(),
        where=address,
    )


async def record(request: Request) -> Response:
    """The page of one record."""
    shown = records().get(request.path_params["page"])
    if shown is None:
        raise HTTPException(404)
    text = await run_in_threadpool(page, knowledge().base, shown)
    return desk_of(request).page(
        "record.html.j2", shown=shown, body=as_html(text), address=address(shown)
    )


async def wrong(request: Request) -> Response:
    """A text that says what is wrong, made here and sent by nobody but the person."""
    shown = records().get(request.path_params["page"])
    if shown is None:
        raise HTTPException(404)
    text = words()["learn"]["issue"].format(
        kind=shown.kind, id=shown.id, version=__version__, knowledge=knowledge().digest[:12]
    )
    return desk_of(request).page("wrong.html.j2", shown=shown, text=text, address=address(shown))


async def compare(request: Request) -> Response:
    """The classic comparison."""
    text = await run_in_threadpool(lambda: comparison.comparison(knowledge().base, markdown=True))
    return desk_of(request).page("compare.html.j2", body=as_html(text))


def asked(question: str) -> tuple[list[Answer], list[Record]]:
    """What answers a question, and the records that it names."""
    if not question:
        return [], []
    answers = library().answer(question)
    try:
        named = _names().find(question)
    except CaseError:
        named = []
    named = named or mentioned(question)
    pages = [r for a in answers for r in [_of_answer(a)] if r is not None]
    return answers, list({(r.kind, r.id): r for r in [*named, *pages]}.values())[:FOUND]


def mentioned(question: str) -> list[Record]:
    """The nutrients, else the supplements, tests and medicines that a sentence names."""
    said = f" {' '.join(re.findall(r'[a-z0-9-]+', question.lower()))} "
    for kind in ("nutrient", "supplement", "test", "medicine"):
        found = [
            r
            for r in records().values()
            if r.kind == kind
            and any(f" {n.lower()} " in said for n in (r.name, r.id.replace("_", " ")))
        ]
        if found:
            return found
    return []


def alarm_level(answers: list[Answer]) -> str:
    """How urgent an alarm is that a question tells, or "" where it tells none."""
    if not answers or answers[0].kind != "alarm":
        return ""
    levels = knowledge().base.wording.levels
    return next((n for n, level in levels.items() if level.heading == answers[0].answer), "today")


def _of_answer(answer: Answer) -> Record | None:
    kinds = {"food": "nutrient"}.get(answer.kind, answer.kind)
    name = answer.id.removeprefix("food_")
    return next(
        (r for r in records().values() if r.id == name and r.kind in (kinds, "supplement")), None
    )


@cache
def library() -> Library:
    """The knowledge, ready to be asked."""
    return Library(knowledge())


@cache
def _names() -> Names:
    return Names(knowledge().base)


@cache
def records() -> dict[str, Record]:
    """Every record that has a page, by its address; which tells nothing of what it is about."""
    base = knowledge().base
    found = (
        Record(kind, name, value)
        for kind in KINDS
        for name, value in getattr(base, KINDS[kind]).items()
    )
    return {address(r): r for r in found}


def address(shown: Record) -> str:
    """A record's address: no word of health stands in an address, nor so in a browser's history."""
    return hashlib.sha256(f"{shown.kind}:{shown.id}".encode()).hexdigest()[:12]


@cache
def by_kind() -> dict[str, list[tuple[str, str]]]:
    """Names and addresses of the records of each kind, in the order of the alphabet."""
    lists: dict[str, list[tuple[str, str]]] = {kind: [] for kind in SHOWN}
    for where, shown in records().items():
        if shown.kind in lists:
            lists[shown.kind].append((shown.name, where))
    return {kind: sorted(names, key=lambda n: n[0].lower()) for kind, names in lists.items()}


def as_html(text: str) -> Markup:
    """Markdown of our own as HTML, each number of a source a link to it."""
    body, _, sources = text.partition("\n## Sources\n")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    shown = str(linked(Markup(parser.render(body))))
    shown = _TABLE.sub(_scrolling, shown)
    if not sources:
        return Markup(shown)
    lines = [line.partition(". ") for line in sources.splitlines() if line.strip()]
    listed = "".join(
        f'<li id="source-{number}" value="{number}">{parser.renderInline(rest)}</li>'
        for number, _, rest in lines
    )
    heading = words()["learn"]["sources"]
    return Markup(f"{shown}<h2>{heading}</h2><ol class='small'>{listed}</ol>")


def _scrolling(found: re.Match[str]) -> str:
    """A table that can be scrolled sideways by itself, named by the heading above it."""
    title = found["title"] or words()["learn"]["table"]
    heading = f"<h2>{title}</h2>" if found["title"] else ""
    frame = f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">'
    return f"{heading}{frame}<table>{found['rows']}</table></div>"


def linked(text: str) -> Markup:
    """Text with the numbers of sources in it as links to them."""
    return Markup(_MARK.sub(_linked, str(escape(text))))


def _linked(found: re.Match[str]) -> str:
    links = (f'<a href="#source-{n}">{n}</a>' for n in found[1].split(", "))
    return f'<span class="small marks">[{", ".join(links)}]</span>'


routes = [
    Route("/learn", learn, methods=["GET", "POST"]),
    Route("/learn/compare", compare),
    Route("/learn/{page}", record),
    Route("/learn/{page}/wrong", wrong),
]
