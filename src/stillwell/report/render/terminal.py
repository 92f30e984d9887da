"""A document as text for a terminal of any width, with or without colour."""

from __future__ import annotations

from stillwell.report.document import (
    AnyBlock,
    Bar,
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
    Tone,
)
from stillwell.report.render.common import marks, shown, source_numbers
from stillwell.report.render.grid import grid
from stillwell.report.render.styled import Line, Piece, wrapped
from stillwell.report.render.styled import shown as as_shown
from stillwell.report.wording import words
from stillwell.triage.rules import RED

BAR_WIDTH = 30
NAMED = 5  # sections left out that are named
STYLES: dict[Tone, str] = {"plain": "", "quiet": "dim", "warning": "yellow", "alarm": "bold red"}


def render(
    document: Document, *, colour: bool = False, width: int = 80, everything: bool = False
) -> str:
    """The text, no line wider than `width` but for addresses and long words of a person.

    Args:
        everything: also what is folded away elsewhere.
    """
    return _Terminal(document, colour, width).text(everything)


class _Terminal:
    def __init__(self, document: Document, colour: bool, width: int) -> None:
        self.document = document
        self.labels = words(document.language).labels
        self.numbers = source_numbers(document)
        self.colour, self.width = colour, width
        self.out: list[str] = []

    def text(self, everything: bool) -> str:
        self._say(Line(self.document.title, "bold"))
        self._gap()
        self._care(self.document.care)
        for section in shown(self.document, everything, brief=True):
            self._gap()
            self._say(Line(section.title.upper(), "bold cyan"))
            for block in section.blocks:
                self._block(block)
        seen = {s.id for s in shown(self.document, everything, brief=True)}
        hidden = [s.title for s in self.document.sections if s.id not in seen][:NAMED]
        if hidden:
            self._gap()
            line = self.labels["not_shown"].format(sections=", ".join(hidden))
            self._say(Line(line, "dim"))
        if self.document.care.level in RED:
            self._gap()
            self._heading(self.document.care)
        self._gap()
        self._say(Line(self.document.footer, "dim"))
        return "\n".join(line.rstrip() for line in self.out) + "\n"

    def _say(self, line: Line, indent: int = 0, mark: str = "") -> None:
        """A wrapped line, its `mark` hanging at the left."""
        lead = " " * indent + (f"{mark} " if mark else "")
        for number, part in enumerate(wrapped(line, self.width - len(lead))):
            self._print([(" " * len(lead) if number else lead, ""), *part])

    def _print(self, pieces: list[Piece]) -> None:
        self.out.append(as_shown(pieces, self.colour))

    def _gap(self) -> None:
        self.out.append("")

    def _heading(self, care: CareCard) -> None:
        style = "bold red" if care.level in RED else "bold"
        self._say(Line(care.heading, style))

    def _urgency(self, care: CareCard) -> None:
        self._heading(care)
        self._say(Line(f"{care.now} {self.labels['when']}: {care.within}."))

    def _care(self, care: CareCard) -> None:
        self._urgency(care)
        for alert in care.alerts:
            parts = [alert.lead, alert.why, alert.because, alert.do]
            if alert.within:
                parts.append(f"{self.labels['when']}: {alert.within}.")
            self._point("-", self._line(" ".join(p for p in parts if p), alert))
        if care.more:
            self._say(Line(care.more, "dim"))
        if care.rule_out:
            lead = f"{self.labels['rule_out']}: "
            self._say(Line().add(lead, "bold").add(", ".join(care.rule_out) + "."))
        if care.scope:
            self._say(Line(care.scope, "bold"))
        if care.ask:
            self._gap()
            self._say(Line(care.ask_words, "bold"))
            for question in care.ask:
                self._point("-", Line(question))

    def _line(self, text: str, cited: object, style: str = "") -> Line:
        """A text with its strength of evidence and the numbers of its sources."""
        line = Line(text, style)
        notes = []
        if getattr(cited, "strength", ""):
            notes.append(f"{self.labels['evidence']}: {getattr(cited, 'strength', '')}")
        if getattr(cited, "judgement", False):
            notes.append(self.labels["judgement"])
        if notes:
            line.add(f" ({'; '.join(notes)})", "italic")
        found = marks(getattr(cited, "cite", []), self.numbers)
        if found:
            line.add(f" {found}", "dim")
        return line

    def _point(self, mark: str, line: Line, indent: int = 0) -> None:
        self._say(line, indent, mark)

    def _block(self, block: AnyBlock) -> None:
        if isinstance(block, Paragraph):
            self._say(self._line(block.text, block, STYLES[block.tone]))
        elif isinstance(block, Items):
            for number, item in enumerate(block.items, 1):
                self._item(f"{number}." if block.numbered else "-", item)
        elif isinstance(block, CauseBlock):
            self._cause(block)
        elif isinstance(block, QuestionBlock):
            self._point("?", Line().add(block.text, "bold").add(f" {block.why}"))
        elif isinstance(block, TestOrder):
            self._order(block)
        elif isinstance(block, Results):
            columns = [self.labels[k] for k in ("test", "value", "range", "flag")]
            rows = [[r.test, r.value, _with_note(r.range, r.note), r.flag] for r in block.rows]
            self._table(columns, rows)
        elif isinstance(block, Table):
            self._table(block.columns, block.rows)
        elif isinstance(block, Sources):
            for source in block.sources:
                self._point(f"[{self.numbers[source.key]}]", Line(source.text))

    def _item(self, mark: str, item: Item, indent: int = 0) -> None:
        text = Line()
        if item.lead:
            text.add(f"{item.lead}: " if item.text else item.lead, "bold")
        text.join(self._line(item.text, item, STYLES[item.tone]))
        if item.note:
            text.add(f" {item.note}")
        self._point(mark, text, indent)
        for inner in item.items:
            self._item("-", inner, indent + 2)

    def _cause(self, cause: CauseBlock) -> None:
        self._gap()
        name = Line().add(f"{cause.rank}. {cause.name}", "bold")
        self._say(name.add(f" ({cause.technical_name})" if cause.technical_name else ""))
        chance = ", ".join(p for p in (cause.word, cause.percent, cause.people) if p)
        if cause.bar:
            self._say(Line(_bar(cause.bar), "blue"), 3)
        lines = [
            f"{chance}; {cause.interval}." if cause.interval else f"{chance}.",
            *(cause.note, cause.narrows, cause.present),
        ]
        self._say(self._line(" ".join(line for line in lines if line), cause), 3)
        for label, reasons in (
            ("reasons_for", cause.reasons_for),
            ("reasons_against", cause.reasons_against),
            ("reasons_elsewhere", cause.reasons_elsewhere),
        ):
            if reasons:
                lead = Line().add(f"{self.labels[label]}: ", "bold")
                self._say(lead.add(", ".join(reasons) + "."), 3)

    def _order(self, order: TestOrder) -> None:
        if order.tests:
            self._say(Line(order.lead, "bold"))
        for test in order.tests:
            self._test(test)
        if order.avoid:
            self._say(Line(f"{self.labels['avoid']}:", "bold"))
        for test in order.avoid:
            self._test(test)

    def _test(self, test: Test) -> None:
        text = ". ".join(part.rstrip(".") for part in (test.why, test.note) if part)
        self._item("-", Item(lead=test.name, text=text and f"{text}.", cite=test.cite))

    def _table(self, columns: list[str], rows: list[list[str]]) -> None:
        for line in grid(columns, rows, self.width):
            self._print(line)


def _with_note(text: str, note: str) -> str:
    return f"{text} ({note})" if note else text


def _bar(bar: Bar) -> str:
    """The median as a bar, its 90 % range shaded."""
    cells = ["█" if (k + 0.5) / BAR_WIDTH <= bar.value else "·" for k in range(BAR_WIDTH)]
    last = BAR_WIDTH - 1
    for k in range(round(bar.low * last), round(bar.high * last) + 1):
        cells[k] = "▓" if cells[k] == "█" else "░"
    return "".join(cells)
