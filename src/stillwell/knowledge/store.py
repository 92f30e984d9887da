"""The compiled knowledge base: a binary cache beside the files, checked by their content."""

from __future__ import annotations

import gc
import hashlib
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec

from stillwell import __version__
from stillwell.errors import CaseError, StillwellError
from stillwell.files import (
    cache_folder,
    is_own_file,
    make_folder,
    only_owner_writes,
    read_bytes,
    sweep,
    write_whole,
)
from stillwell.knowledge.alarms import silent_alarms
from stillwell.knowledge.base import Base
from stillwell.knowledge.loader import DATA, load
from stillwell.knowledge.phrases import stem
from stillwell.knowledge.source import Problem
from stillwell.knowledge.stamps import files_below, unless_changed

FORMAT = 37  # of what is compiled; raised whenever the records change
KEPT = 3  # caches kept side by side
LARGEST = 64_000_000  # bytes of a cache; one that is larger is none of ours
ENDINGS = (".yaml", ".yml")  # of knowledge files
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
        names: medicine and supplement names, brands and words -> "class:member" or "class:".
        english: words in common use, each between line ends (frequency list of pyspellchecker):
            what stands there is a word of its own and no misspelling of another.
        stems: stems of the words of names and word classes, so that a start need not work them out.
        digest: SHA-256 of the files it was made from.
    """

    base: Base
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
    if problems:
        raise KnowledgeError(sorted(problems))
    names = _names(base)
    spoken_words = {
        w for words in (*base.lexicon.values(), names) for n in words for w in n.split()
    }
    return Knowledge(
        base=base,
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
    return cache_folder() / f"knowledge-{__version__}-{digest[:16]}.msgpack"


_SUM = hashlib.sha256().digest_size


@cache
def knowledge(folder: Path = DATA) -> Knowledge:
    """The compiled knowledge base, from the cache where it is current and can be trusted.

    A cache file is named by the content it was made from, holds a checksum over its own, and is put in
    place in one move. It is used only where nobody but the user can have written it, where its
    checksum is right, and where the alarms that must never be lost fire in it; else it is made again.
    """
    digest = unless_changed(
        f"knowledge {FORMAT} {folder}", files_below(folder, ENDINGS), lambda: digest_of(folder)
    )
    path = cache_file(digest)
    found = _kept(path, digest)
    if found is not None:
        return found
    made = compile_knowledge(folder)
    try:
        _keep(path, made)
    except OSError as error:
        import logging  # a cache that cannot be kept costs time, not answers

        reason = error.strerror or str(error)
        logging.getLogger(__name__).warning(
            "stillwell: the knowledge base cannot be kept in %s (%s): every start will take longer",
            path.parent,
            reason,
        )
    return made


def _kept(path: Path, digest: str) -> Knowledge | None:
    """What a cache file holds, or None where there is none that can be trusted."""
    try:
        if not (only_owner_writes(path.parent) and is_own_file(path)):
            return None
        data = read_bytes(path, most=LARGEST)
        sum_of, content = data[:_SUM], memoryview(data)[_SUM:]
        if hashlib.sha256(content).digest() != sum_of:
            return None
        found = _decoded(content)
    except (OSError, CaseError, msgspec.MsgspecError):
        return None
    return found if found.digest == digest and not silent_alarms(found.base.triage) else None


def _decoded(content: memoryview) -> Knowledge:
    """The knowledge base from its binary form, without looking for garbage among what is being made."""
    looking = gc.isenabled()
    gc.disable()
    try:
        return msgspec.msgpack.decode(content, type=Knowledge)
    finally:
        if looking:
            gc.enable()


def _keep(path: Path, made: Knowledge) -> None:
    """Put a cache file in its place. Raises OSError: also where others may write its folder."""
    make_folder(path.parent)
    _make_own(path.parent)
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.lstat().st_mode):
            path.unlink()  # a pipe or a link in the place of the file
    content = msgspec.msgpack.encode(made)
    write_whole(path, hashlib.sha256(content).digest() + content)
    for left in ("*.part", "*.building"):
        sweep(path.parent, left)
    kept = sorted(path.parent.glob("knowledge-*.msgpack"), key=lambda p: p.lstat().st_mtime)
    for old in kept[:-KEPT]:  # another checkout may use one of the newest
        old.unlink(missing_ok=True)


def _make_own(folder: Path) -> None:
    """Take from others the right to write one's own folder. Raises OSError: it is somebody else's."""
    found = folder.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_mode & 0o022:
        with suppress(PermissionError):
            folder.chmod(0o700)
    if not only_owner_writes(folder):
        raise OSError(0, "the folder is a link or another user's")
