"""A document as Markdown; no words of a person become markup."""

from __future__ import annotations

import re

from stillwell.report.document import (
    AnyBlock,
    CareCard,
    CauseBlock,
    Document,
    Item,
    Items,
    Paragraph,
    QuestionBlock,
    Results,
    Sources,
    Table,
    Test,
    TestOrder,
)
from stillwell.report.render.common import marks, shown, source_numbers
from stillwell.report.wording import words
from stillwell.triage.rules import RED


def literal(text: str) -> str:
    """Words in Markdown: shown as they are, never a link, a tag, a list or a heading.

    >>> literal("[x](javascript:y) <b>")
    '\\\\[x\\\\](javascript:y) &lt;b&gt;'
    >>> literal("# big"), literal("1. one")
    ('\\\\# big', '1\\\\. one')
    """
    text = re.sub(r"([\\`*_\[\]|~])", r"\\\1", " ".join(text.split()))
    text = re.sub(r"^([#+=-])", r"\\\1", text)
    text = re.sub(r"^(\d+)([.)])", r"\1\\\2", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def render(document: Document, *, everything: bool = False) -> str:
    """The text; `everything`: also what is folded away elsewhere."""
    return _Markdown(document).text(everything)


class _Markdown:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.labels = words(document.language).labels
        self.numbers = source_numbers(document)
        self.lines: list[str] = []

    def text(self, everything: bool) -> str:
        self._paragraph(f"# {literal(self.document.title)}")
        self._care(self.document.care)
        for section in shown(self.document, everything):
            self._paragraph(f"## {literal(section.title)}")
            for block in section.blocks:
                self._block(block)
                self._end()
        if self.document.care.level in RED:
            self._paragraph(f"**{literal(self.document.care.heading)}**")
        self._paragraph(literal(self.document.footer))
        return "\n".join(self.lines).strip() + "\n"

    def _end(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def _paragraph(self, line: str) -> None:
        self._end()
        self.lines += [line, ""]

    def _urgency(self, care: CareCard) -> None:
        self._paragraph(f"**{literal(care.heading)}**")
        when = f"{self.labels['when']}: {care.within}."
        self._paragraph(f"{literal(care.now)} {literal(when)}")

    def _care(self, care: CareCard) -> None:
        self._urgency(care)
        for alert in care.alerts:
            parts = [alert.lead, alert.why, alert.because, alert.do]
            if alert.within:
                parts.append(f"{self.labels['when']}: {alert.within}.")
            self._line("- ", " ".join(p for p in parts if p), alert)
        if care.more:
            self._paragraph(literal(care.more))
        if care.rule_out:
            names = literal(", ".join(care.rule_out))
            self._paragraph(f"**{self.labels['rule_out']}:** {names}.")
        if care.scope:
            self._paragraph(f"**{literal(care.scope)}**")
        if care.ask:
            self._paragraph(literal(care.ask_words))
            self.lines += [f"- {literal(question)}" for question in care.ask]

    def _line(self, start: str, text: str, cited: object) -> None:
        """A line with its strength of evidence and the numbers of its sources."""
        notes = []
        if getattr(cited, "strength", ""):
            notes.append(f"{self.labels['evidence']}: {getattr(cited, 'strength', '')}")
        if getattr(cited, "judgement", False):
            notes.append(self.labels["judgement"])
        said = f" *({literal('; '.join(notes))})*" if notes else ""
        found = marks(getattr(cited, "cite", []), self.numbers)
        body = literal(text) + said + (f"\N{NO-BREAK SPACE}{found}" if found else "")
        self.lines.append(f"{start}{body}".rstrip())

    def _block(self, block: AnyBlock) -> None:
        if isinstance(block, Paragraph):
            self._line("", block.text, block)
        elif isinstance(block, Items):
            for number, item in enumerate(block.items, 1):
                self._item(f"{number}. " if block.numbered else "- ", item)
        elif isinstance(block, CauseBlock):
            self._cause(block)
        elif isinstance(block, QuestionBlock):
            self.lines.append(f"- **{literal(block.text)}** {literal(block.why)}".rstrip())
        elif isinstance(block, TestOrder):
            self._order(block)
        elif isinstance(block, Results):
            columns = [self.labels[k] for k in ("test", "value", "range", "flag")]
            rows = [
                [r.test, r.value, f"{r.range} ({r.note})" if r.note else r.range, r.flag]
                for r in block.rows
            ]
            self._table(columns, rows)
        elif isinstance(block, Table):
            self._table(block.columns, block.rows)
        elif isinstance(block, Sources):
            for source in block.sources:
                self.lines.append(f"{self.numbers[source.key]}. {literal(source.text)}")

    def _item(self, start: str, item: Item, indent: str = "") -> None:
        colon = ":" if item.text else ""
        lead = f"**{literal(item.lead)}{colon}** " if item.lead else ""
        self._line(indent + start + lead, f"{item.text} {item.note}".strip(), item)
        for inner in item.items:
            self._item("- ", inner, indent + " " * len(start))

    def _cause(self, cause: CauseBlock) -> None:
        name = f"**{literal(cause.name)}**"
        if cause.technical_name:
            name += f" ({literal(cause.technical_name)})"
        chance = ", ".join(p for p in (cause.word, cause.percent, cause.people) if p)
        lines = [
            f"{chance}; {cause.interval}." if cause.interval else f"{chance}.",
            *(cause.note, cause.narrows, cause.present),
        ]
        self._line(f"{cause.rank}. {name}: ", " ".join(line for line in lines if line), cause)
        for label, reasons in (
            ("reasons_for", cause.reasons_for),
            ("reasons_against", cause.reasons_against),
            ("reasons_elsewhere", cause.reasons_elsewhere),
        ):
            if reasons:
                self.lines.append(f"   - {self.labels[label]}: {literal(', '.join(reasons))}")

    def _order(self, order: TestOrder) -> None:
        if order.tests:
            self._paragraph(literal(order.lead))
        for test in order.tests:
            self._test(test)
        if order.avoid:
            self._paragraph(f"{self.labels['avoid']}:")
        for test in order.avoid:
            self._test(test)

    def _test(self, test: Test) -> None:
        text = ". ".join(part.rstrip(".") for part in (test.why, test.note) if part)
        self._item("- ", Item(lead=test.name, text=text and f"{text}.", cite=test.cite))

    def _table(self, columns: list[str], rows: list[list[str]]) -> None:
        self._end()
        for row in (columns, ["---"] * len(columns), *rows):
            cells = row if row[0] == "---" else [literal(cell) for cell in row]
            self.lines.append(f"| {' | '.join(cells)} |")
