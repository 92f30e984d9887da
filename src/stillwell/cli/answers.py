"""What a person types in the interview: an answer as it is kept, or a command."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stillwell.assess.interview import NONE, Page

COMMANDS = {
    "back": ("b", "back"),
    "why": ("w", "why"),
    "quit": ("q", "quit", "stop", "report"),
}
HELP = ("?", "help", "h")
UNKNOWN = (
    "?", "d", "don't know", "dont know", "i don't know", "i dont know", "do not know", "idk", "dunno",
    "dk", "no idea", "not sure", "unsure", "maybe", "sometimes", "unknown",
)  # fmt: skip
SKIP = ("s", "skip")
YES = ("y", "yes", "yeah", "yep", "yup", "ya", "yea", "sure", "true")
NO = (
    "n", "no", "nope", "nah", "none", "none of these", "none of them", "nothing", "nil", "no thanks",
    "neither", "not really", "0", "-",
)  # fmt: skip


@dataclass(frozen=True)
class Command:
    """What is wanted instead of an answer; `number` is the answer to change."""

    name: str
    number: int = 0


def parse(raw: str, page: Page) -> str | Command | None:
    """What was typed, as it is kept, a command, or None where it is neither.

    Enter is "none" where several are offered, and "don't know" to a yes/no question.
    """
    text = raw.strip().lower().replace("’", "'").rstrip(".!")
    change = re.fullmatch(r"(?:change|c)\s*(\d{1,3})", text)
    if change:
        return Command("change", int(change[1]))
    for name, words in COMMANDS.items():
        if text in words:
            return Command(name)
    if text in UNKNOWN or (not text and page.kind == "yes_no"):
        return "unknown"
    if text in SKIP:
        return "skip"
    if page.kind == "yes_no":
        return "yes" if text in YES else "no" if text in NO else None
    if not text or text in NO:
        return NONE
    if page.kind == "results":
        return raw.strip()
    if text in YES and len(page.items) == 1:
        return page.items[0]
    return _chosen(text, page)


def _chosen(text: str, page: Page) -> str | None:
    """The items of the numbers typed, or None where one is no number of the page."""
    if not re.fullmatch(r"\d+(?:(?:\s*(?:,|and|&)\s*|\s+)\d+)*[.,]?", text):
        return None
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    if any(not 1 <= n <= len(page.items) for n in numbers):
        return None
    if page.kind == "one_of" and len(set(numbers)) > 1:
        return None
    return "|".join(page.items[n - 1] for n in dict.fromkeys(numbers))


def command_in(raw: str) -> str | None:
    """The command that words at an open question are, "help" for help, None where they are an answer."""
    text = raw.strip().lower()
    if text in HELP:
        return "help"
    return next((name for name, words in COMMANDS.items() if text in words), None)


__all__ = ["NO", "UNKNOWN", "YES", "Command", "command_in", "parse"]
