"""Labelled messages: reading them from JSONL, and varying them as typists do."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

STATUSES = (
    "present", "denied", "past", "other", "feared", "ruled_out", "conditional", "figurative",
)  # fmt: skip
LEVELS = ("emergency", "today", "soon", "routine", "self_care")


@dataclass(frozen=True)
class Mention:
    """Characters `start` to `stop` of a message say `id`, told as `status`."""

    start: int
    stop: int
    id: str
    status: str


@dataclass
class Message:
    """A message with what it says.

    Attributes:
        author: the hand that wrote it; whole authors are held out.
        unlabelled: ids that its author had no label for, so that their absence says nothing.
        level: the lowest urgency that its author would accept; "" where it was not judged.
    """

    text: str
    mentions: list[Mention]
    author: str
    about: str = "self"
    level: str = "routine"
    unlabelled: frozenset[str] = frozenset()
    id: str = ""
    medicines: list[list[str]] = field(default_factory=list)


def load(folder: Path, finer: Iterable[str] = ()) -> list[Message]:
    """Every message of the folder's JSONL files.

    Args:
        folder: files of one author each.
        finer: ids that the authors of files without `"finer": true` did not know.
    """
    finer = frozenset(finer)
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            mentions = []
            for reading in row["readings"]:
                start = reading.get("start", row["text"].find(reading["words"]))
                if start < 0 or reading["status"] not in STATUSES:
                    continue
                stop = start + len(reading["words"])
                mentions.append(Mention(start, stop, reading["id"], reading["status"]))
            found.append(
                Message(
                    row["text"], mentions, row["author"], row["about"], row["urgency_min"],
                    frozenset() if row.get("finer") else finer, row["id"], row.get("medicines", []),
                )
            )  # fmt: skip
    return found


def misspelt(message: Message, chance: random.Random, rate: float) -> Message:
    """The message with some letters dropped, doubled or swapped, as fast typists do."""
    text, mentions = list(message.text), list(message.mentions)
    for _ in range(sum(chance.random() < rate for _ in range(len(text) // 5))):
        at = chance.randrange(len(text) - 1)
        if not (text[at].isalpha() and text[at + 1].isalpha()):
            continue
        kind = chance.randrange(3)
        if kind == 0:
            text[at], text[at + 1] = text[at + 1], text[at]
            continue
        if any(m.start == at and m.stop == at + 1 for m in mentions):
            continue
        move = 1 if kind == 1 else -1
        text[at : at + 1] = [text[at]] * 2 if kind == 1 else []
        mentions = [
            Mention(m.start + move * (m.start > at), m.stop + move * (m.stop > at), m.id, m.status)
            for m in mentions
        ]
    return Message("".join(text), mentions, message.author, message.about, message.level,
                   message.unlabelled)  # fmt: skip


def cut(message: Message, start: int, stop: int) -> Message:
    """A piece of a message with what stands wholly in it; how urgent it is, is then not known."""
    mentions = [
        Mention(m.start - start, m.stop - start, m.id, m.status)
        for m in message.mentions
        if m.start >= start and m.stop <= stop
    ]
    return Message(message.text[start:stop], mentions, message.author, message.about, "",
                   message.unlabelled)  # fmt: skip


def as_question(message: Message, chance: random.Random) -> Message:
    """The message as people post it: behind a salutation, and with a question mark that asks nothing."""
    lead = chance.choice(("", "", "Question: ", "Hi doctor, ", "Hello, ", "Q: ", "Dear sir, "))
    whole = joined([Message(lead, [], message.author, message.about, message.level), message], "")
    whole.unlabelled, whole.text = message.unlabelled, whole.text.rstrip()
    last = max((m.stop for m in whole.mentions), default=0)
    if last < len(whole.text) and whole.text.endswith("."):
        whole.text = whole.text[:-1]
    if not whole.text.endswith("?"):
        whole.text += "?"
    return whole


def joined(parts: list[Message], between: str = " ") -> Message:
    """Messages of one person one after the other."""
    text, mentions = "", []
    for part in parts:
        text += between if text else ""
        shift = len(text)
        mentions += [
            Mention(m.start + shift, m.stop + shift, m.id, m.status) for m in part.mentions
        ]
        text += part.text
    unlabelled = frozenset().union(*(p.unlabelled for p in parts))
    level = (
        "" if any(not p.level for p in parts) else min((p.level for p in parts), key=LEVELS.index)
    )
    return Message(text, mentions, parts[0].author, parts[0].about, level, unlabelled)
