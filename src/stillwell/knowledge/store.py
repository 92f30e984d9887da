"""The compiled knowledge base: a binary cache beside the files, checked by their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

import msgspec

from stillwell import __version__
from stillwell.errors import StillwellError
from stillwell.knowledge.loader import DATA, Base, load
from stillwell.knowledge.phrases import Phrase, compile_pattern, stem
from stillwell.knowledge.schema import Finding, HistoryItem
from stillwell.knowledge.source import Problem

FORMAT = 23
KEPT = 3  # caches kept side by side
COMMON = 50  # occurrences in the frequency list below which a word may be a misspelling


class KnowledgeError(StillwellError):
    """The knowledge files hold errors; `problems` lists them all."""

    def __init__(self, problems: list[Problem]) -> None:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}. Run 'stillwell kb check' to see every problem")
        self.problems = problems


class Knowledge(msgspec.Struct, kw_only=True):
    """Everything the program knows, ready to use.

    Attributes:
        base: the records by kind and id.
        phrases: patterns of plain speech for findings and history items.
        names: medicine and supplement names, brands and words -> "class:member" or "class:".
        english: words in common use, each between line ends (frequency list of pyspellchecker):
            what stands there is a word of its own and no misspelling of another.
        stems: stems of the words of names and word classes, so that a start need not work them out.
        digest: SHA-256 of the files it was made from.
    """

    base: Base
    phrases: list[Phrase]
    names: dict[str, list[str]]
    english: str
    stems: dict[str, str]
    digest: str


def digest_of(folder: Path) -> str:
    """SHA-256 over names and contents of all knowledge files."""
    whole = hashlib.sha256(f"{FORMAT}".encode())
    for path in sorted(folder.rglob("*.y*ml")):
        whole.update(str(path.relative_to(folder)).encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def compile_knowledge(folder: Path = DATA) -> Knowledge:
    """Load, check and compile the files.

    Raises:
        KnowledgeError: with every problem found.
    """
    base, problems = load(folder)
    phrases: list[Phrase] = []
    spoken: list[Finding | HistoryItem] = [*base.findings.values(), *base.history.values()]
    for record in spoken:
        for texts, excludes in ((record.words, False), (record.not_words, True)):
            for text in texts:
                try:
                    phrases.append(compile_pattern(record.id, text, base.lexicon, excludes))
                except (KeyError, ValueError) as error:
                    problems.append(Problem(f"words of {record.id}", 1, f"'{text}': {error}"))
    if problems:
        raise KnowledgeError(sorted(problems))
    names = _names(base)
    spoken_words = {
        w for words in (*base.lexicon.values(), names) for n in words for w in n.split()
    }
    return Knowledge(
        base=base,
        phrases=phrases,
        names=names,
        stems={w: stem(w) for w in sorted(spoken_words)},
        english=_common_english(),
        digest=digest_of(folder),
    )


def _common_english() -> str:
    from spellchecker import SpellChecker  # takes a quarter of a second: only when compiling

    counts = SpellChecker(language="en", distance=1).word_frequency.dictionary
    words = sorted(word for word, count in counts.items() if count >= COMMON and len(word) >= 4)
    return "\n" + "\n".join(words) + "\n"


def _names(base: Base) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for table in (base.medicines, base.supplements):
        for group in table.values():
            for word in (group.name, group.id.replace("_", " "), *group.words):
                names.setdefault(word.lower(), []).append(f"{group.id}:")
            for member in group.members:
                for word in (member.name, *member.brands):
                    names.setdefault(word.lower(), []).append(f"{group.id}:{member.name}")
    # a class named like its member (metformin) is that member
    return {
        name: [
            t
            for t in sorted(set(targets))
            if not (t.endswith(":") and any(o != t and o.startswith(t) for o in targets))
        ]
        for name, targets in names.items()
    }


def cache_file(digest: str) -> Path:
    """Where the compiled form of these files is kept."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "stillwell" / f"knowledge-{__version__}-{digest[:16]}.msgpack"


@cache
def knowledge(folder: Path = DATA) -> Knowledge:
    """The compiled knowledge base, from the cache where it is current.

    A cache file is named by the content it was made from and put in place in one move, so a
    half-written or foreign file is never read as whole: what cannot be decoded is made again.
    """
    digest = digest_of(folder)
    path = cache_file(digest)
    try:
        found = msgspec.msgpack.decode(path.read_bytes(), type=Knowledge)
        if found.digest == digest:
            return found
    except (OSError, msgspec.MsgspecError):
        pass
    made = compile_knowledge(folder)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.msgpack.encode(made))
        os.replace(temporary, path)
        kept = sorted(path.parent.glob("knowledge-*.msgpack"), key=lambda p: p.stat().st_mtime)
        for old in kept[:-KEPT]:  # another checkout may use one of the newest
            old.unlink(missing_ok=True)
    except OSError:
        pass  # a cache that cannot be kept costs time, not answers
    return made
