"""A document as text for a terminal of any width, with or without colour."""

from __future__ import annotations

from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

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
        self.out = StringIO()
        self.console = Console(
            file=self.out,
            width=width,
            force_terminal=colour,
            no_color=not colour,
            color_system="standard" if colour else None,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
        )

    def text(self, everything: bool) -> str:
        self._say(Text(self.document.title, style="bold"))
        self._gap()
        self._care(self.document.care)
        for section in shown(self.document, everything, brief=True):
            self._gap()
            self._say(Text(section.title.upper(), style="bold cyan"))
            for block in section.blocks:
                self._block(block)
        seen = {s.id for s in shown(self.document, everything, brief=True)}
        hidden = [s.title for s in self.document.sections if s.id not in seen][:NAMED]
        if hidden:
            self._gap()
            line = self.labels["not_shown"].format(sections=", ".join(hidden))
            self._say(Text(line, style="dim"))
        if self.document.care.level in RED:
            self._gap()
            self._heading(self.document.care)
        self._gap()
        self._say(Text(self.document.footer, style="dim"))
        lines = self.out.getvalue().replace("\N{NO-BREAK SPACE}", " ").splitlines()
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def _say(self, line: Text, indent: int = 0, mark: str = "") -> None:
        """A wrapped line, its `mark` hanging at the left."""
        lead = " " * indent + (f"{mark} " if mark else "")
        for number, part in enumerate(_wrapped(line, self.console.width - len(lead))):
            start = " " * len(lead) if number else lead
            self.console.print(Text(start).append_text(part), soft_wrap=True)

    def _gap(self) -> None:
        self.console.print()

    def _heading(self, care: CareCard) -> None:
        style = "bold red" if care.level in RED else "bold"
        self._say(Text(care.heading, style=style))

    def _urgency(self, care: CareCard) -> None:
        self._heading(care)
        self._say(Text(f"{care.now} {self.labels['when']}: {care.within}."))

    def _care(self, care: CareCard) -> None:
        self._urgency(care)
        for alert in care.alerts:
            parts = [alert.lead, alert.why, alert.because, alert.do]
            if alert.within:
                parts.append(f"{self.labels['when']}: {alert.within}.")
            self._point("-", self._line(" ".join(p for p in parts if p), alert))
        if care.more:
            self._say(Text(care.more, style="dim"))
        if care.rule_out:
            lead = f"{self.labels['rule_out']}: "
            self._say(Text.assemble((lead, "bold"), ", ".join(care.rule_out) + "."))
        if care.scope:
            self._say(Text(care.scope, style="bold"))
        if care.ask:
            self._gap()
            self._say(Text(care.ask_words, style="bold"))
            for question in care.ask:
                self._point("-", Text(question))

    def _line(self, text: str, cited: object, style: str = "") -> Text:
        """A text with its strength of evidence and the numbers of its sources."""
        line = Text(text, style=style)
        notes = []
        if getattr(cited, "strength", ""):
            notes.append(f"{self.labels['evidence']}: {getattr(cited, 'strength', '')}")
        if getattr(cited, "judgement", False):
            notes.append(self.labels["judgement"])
        if notes:
            line.append(f" ({'; '.join(notes)})", style="italic")
        found = marks(getattr(cited, "cite", []), self.numbers)
        if found:
            line.append(f"\N{NO-BREAK SPACE}{found}", style="dim")
        return line

    def _point(self, mark: str, line: Text, indent: int = 0) -> None:
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
            self._point("?", Text.assemble((block.text, "bold"), f" {block.why}"))
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
                self._point(f"[{self.numbers[source.key]}]", Text(source.text))

    def _item(self, mark: str, item: Item, indent: int = 0) -> None:
        text = Text()
        if item.lead:
            text.append(f"{item.lead}: " if item.text else item.lead, style="bold")
        text.append_text(self._line(item.text, item, STYLES[item.tone]))
        if item.note:
            text.append(f" {item.note}")
        self._point(mark, text, indent)
        for inner in item.items:
            self._item("-", inner, indent + 2)

    def _cause(self, cause: CauseBlock) -> None:
        self._gap()
        name = Text(f"{cause.rank}. {cause.name}", style="bold")
        self._say(Text.assemble(name, f" ({cause.technical_name})" if cause.technical_name else ""))
        chance = ", ".join(p for p in (cause.word, cause.percent, cause.people) if p)
        if cause.bar:
            self._say(Text(_bar(cause.bar), style="blue"), 3)
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
                lead = (f"{self.labels[label]}: ", "bold")
                self._say(Text.assemble(lead, ", ".join(reasons) + "."), 3)

    def _order(self, order: TestOrder) -> None:
        if order.tests:
            self._say(Text(order.lead, style="bold"))
        for test in order.tests:
            self._test(test)
        if order.avoid:
            self._say(Text(f"{self.labels['avoid']}:", style="bold"))
        for test in order.avoid:
            self._test(test)

    def _test(self, test: Test) -> None:
        text = ". ".join(part.rstrip(".") for part in (test.why, test.note) if part)
        self._item("-", Item(lead=test.name, text=text and f"{text}.", cite=test.cite))

    def _table(self, columns: list[str], rows: list[list[str]]) -> None:
        grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
        for column in columns:
            grid.add_column(column, overflow="fold")
        for row in rows:
            grid.add_row(*(Text(cell) for cell in row))
        self.console.print(grid)


def _wrapped(line: Text, width: int) -> list[Text]:
    """The line cut at spaces; a word longer than `width`, as an address, is left whole."""
    cuts: list[int] = []
    place = used = 0
    for word in line.plain.split(" "):
        if used and used + 1 + cell_len(word) > width:
            cuts.append(place)
            used = 0
        used += cell_len(word) + (1 if used else 0)
        place += len(word) + 1
    parts = list(line.divide(cuts))
    for part in parts:
        part.rstrip()
    return parts


def _with_note(text: str, note: str) -> str:
    return f"{text} ({note})" if note else text


def _bar(bar: Bar) -> str:
    """The median as a bar, its 90 % range shaded."""
    cells = ["█" if (k + 0.5) / BAR_WIDTH <= bar.value else "·" for k in range(BAR_WIDTH)]
    last = BAR_WIDTH - 1
    for k in range(round(bar.low * last), round(bar.high * last) + 1):
        cells[k] = "▓" if cells[k] == "█" else "░"
    return "".join(cells)
