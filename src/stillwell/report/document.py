"""A report as data: sections of blocks, which small renderers turn into the forms that people read.

A document holds finished words, numbers and citations, and no markup. Its order is the order of reading: the
answer first, then the reasons, then the machinery, which renderers may fold away.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Level = Literal[
    "emergency", "today", "soon", "routine", "self_care", "partly_understood", "not_understood"
]
Part = Literal["answer", "plan", "reasons", "machinery"]
Tone = Literal["plain", "quiet", "warning", "alarm"]
Strength = Literal["", "high", "moderate", "low", "very low", "unknown"]


class Block(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One thing that a report shows."""


class Paragraph(Block, frozen=True, kw_only=True, tag="paragraph"):
    """A paragraph of finished words.

    Attributes:
        cite: keys of the document's sources.
        judgement: whether it is our judgement and no source says it.
    """

    text: str
    tone: Tone = "plain"
    cite: list[str] = []
    judgement: bool = False


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list.

    Attributes:
        lead: what the line is about, set apart from the text; may be empty.
        note: a remark below it, in smaller print.
        strength: GRADE's word for the certainty of the evidence.
    """

    text: str
    lead: str = ""
    note: str = ""
    tone: Tone = "plain"
    strength: Strength = ""
    cite: list[str] = []
    judgement: bool = False
    items: list[Item] = []


class Items(Block, frozen=True, kw_only=True, tag="items"):
    """A list, numbered where the order matters."""

    items: list[Item]
    numbered: bool = False


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alarm: why, what made it go off, what to do, by when.

    Attributes:
        lead: "if you mean ...", where it is doubtful what the person's words mean.
        because: a sentence that says what was told.
        do, within: empty where they are what the card says anyway.
    """

    why: str
    lead: str = ""
    because: str = ""
    do: str = ""
    within: str = ""
    cite: list[str] = []
    judgement: bool = False


class CareCard(Block, frozen=True, kw_only=True, tag="care"):
    """How urgent it is; the first block of every document, and on top of every page of it.

    Attributes:
        alerts: what made it urgent, the gravest first.
        rule_out: causes that must be ruled out first, whatever their probability.
        ask: plain signs that would make it urgent, as questions; `ask_words` leads them.
        scope: whom this was not made for, where the person is one of them; else empty.
    """

    level: Level
    heading: str
    now: str
    within: str
    alerts: list[Alert] = []
    more: str = ""
    rule_out: list[str] = []
    ask: list[str] = []
    ask_words: str = ""
    scope: str = ""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A probability as it is drawn: its median and the ends of its 90 % interval, 0 to 1."""

    value: float
    low: float
    high: float


class CauseBlock(Block, frozen=True, kw_only=True, tag="cause"):
    """One cause with its probability and its reasons.

    Attributes:
        rank: its place in the list, from 1.
        technical_name: empty where it is the name.
        word: likely, possible, unlikely.
        percent: the probability that it is part of the reason, no more exact than it is known;
            empty where it is hardly known.
        people: the same as a natural frequency.
        interval: the 90 % interval in words, or that it is hardly known.
        present: the probability that it is there at all, where that says something else.
        note: why it stands where it does, where its number is larger than the one above.
        narrows: what would narrow a wide interval.
        bar: None where it would contradict the order.
        reasons_for, reasons_against: what was told or measured, in words, the weightiest first.
        reasons_elsewhere: what lowers this cause only because it points more to another, with that cause.
    """

    rank: int
    id: str
    name: str
    technical_name: str
    word: str
    percent: str
    people: str
    interval: str
    bar: Bar | None
    note: str = ""
    present: str = ""
    narrows: str = ""
    reasons_for: list[str] = []
    reasons_against: list[str] = []
    reasons_elsewhere: list[str] = []
    cite: list[str] = []


class QuestionBlock(Block, frozen=True, kw_only=True, tag="question"):
    """A question whose answer would change something."""

    id: str
    text: str
    why: str = ""


class Test(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a test order."""

    name: str
    why: str
    note: str = ""
    cite: list[str] = []
    judgement: bool = False


class TestOrder(Block, frozen=True, kw_only=True, tag="order"):
    """Tests to ask for together, and tests that are better left out."""

    lead: str
    tests: list[Test]
    avoid: list[Test] = []


class ResultRow(msgspec.Struct, frozen=True, kw_only=True):
    """One result with the reference range used and where the person stands."""

    test: str
    value: str
    range: str
    flag: str
    note: str = ""


class Results(Block, frozen=True, kw_only=True, tag="results"):
    """Results of tests against the ranges that were used."""

    rows: list[ResultRow]


class Table(Block, frozen=True, kw_only=True, tag="table"):
    """A table of finished words; the first column names the row."""

    caption: str
    columns: list[str]
    rows: list[list[str]]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A source: its key in the knowledge base, its line, and its address where it has one."""

    key: str
    text: str
    link: str = ""


class Sources(Block, frozen=True, kw_only=True, tag="sources"):
    """Sources that the document cites, in the order of their first citation."""

    sources: list[Source]


AnyBlock = (
    Paragraph
    | Items
    | CareCard
    | CauseBlock
    | QuestionBlock
    | TestOrder
    | Results
    | Table
    | Sources
)


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A heading with what stands under it; a section without blocks is never made.

    Attributes:
        part: how early it is read.
        folded: folded away under its heading where a form can fold; on paper it is open.
        extra: left out on paper and on the terminal unless all is asked for.
    """

    id: str
    title: str
    part: Part
    blocks: list[AnyBlock]
    folded: bool = False
    extra: bool = False


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A whole report.

    Attributes:
        schema: its version.
        audience: `person`, or `doctor` for the summary of one page.
        footer: version of program and knowledge, and what the page does not replace.
    """

    title: str
    audience: Literal["person", "doctor"]
    care: CareCard
    sections: list[Section]
    footer: str
    language: str = "en"
    schema: str = "stillwell/document/1"

    def section(self, name: str) -> Section | None:
        """The section of an id, or None where the document has none."""
        return next((s for s in self.sections if s.id == name), None)
