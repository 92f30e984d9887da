"""Runs the trained network over a text: for each token, what is told there and how."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwell.errors import StillwellError
from stillwell.knowledge.stamps import unless_changed
from stillwell.part_of import part_of

DATA = Path(__file__).parent / "data"
WINDOW = 192  # tokens read together
STEP = 128  # tokens between the beginnings of two windows
MOST = 24_000  # tokens of one text that are read: more than any story, and a bound on the time
TOGETHER = 8  # windows in one run: bounds the memory
Floats = NDArray[np.float32]


class ReaderError(StillwellError):
    """The reader's data files are missing or are not those that belong to this version."""


@dataclass(frozen=True)
class Encoding:
    """What the network says of one text of t tokens.

    Attributes:
        spans: (t, 2) first and last-plus-one character of each token.
        mention: (t, items) probability that the token tells an item.
        told: (t, statuses), mix (t, m): what an item's ways of telling are made from.
        whole: probability of each property of the message as a whole (the highest of its windows).
    """

    spans: NDArray[np.int64]
    mention: Floats
    told: Floats
    mix: Floats
    whole: dict[str, float]


class Encoder:
    """The network and what belongs to it.

    Attributes:
        items: ids of findings and history that it can tell.
        statuses: ways of telling (present, denied, past, other, feared, ruled_out ...).
        own: (items, m, statuses) what each item adds to the ways of telling.
    """

    def __init__(self, folder: Path = DATA) -> None:
        # it would report its use to its makers: the name is for all systems, the call for Windows
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        onnxruntime.disable_telemetry_events()

        try:
            self.about: dict[str, Any] = json.loads((folder / "reader.json").read_bytes())
            wrong = _other_than(folder, self.about["sha256"])
            tokenizer = (folder / "tokenizer.json").read_text("utf-8")
        except (OSError, ValueError, KeyError) as error:
            raise ReaderError(
                f"the reader's files cannot be used ({error}); install again"
            ) from None
        if wrong:
            raise ReaderError(f"{wrong} is not the file of this version; install again")
        self.items: list[str] = self.about["items"]
        self.statuses: list[str] = self.about["statuses"]
        own = np.frombuffer(base64.b64decode(self.about["own"]), dtype=np.float16)
        self.own: Floats = own.reshape(len(self.items), self.about["mixed"], -1).astype(np.float32)
        # the package would load every way to train one beside it
        self.tokenizer = part_of("tokenizers", "tokenizers").Tokenizer.from_str(tokenizer)
        self.first, self.last = (self.tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        # threads that wait busily cost more processor time than one short text saves
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if self.about.get("optimised"):  # by tools/reader/optimise.py: doing it again takes longest
            level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
            options.graph_optimization_level = level
        # by its path: as bytes it would be held twice while it loads
        self.session = onnxruntime.InferenceSession(
            str(folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, text: str) -> Encoding:
        """Read one text of any length; the time grows with its length."""
        coded = self.tokenizer.encode(text, add_special_tokens=False)
        tokens = np.array(coded.ids, dtype=np.int64)
        spans = np.array(coded.offsets, dtype=np.int64).reshape(-1, 2)
        said, whole = self._read(tokens, _windows(min(len(tokens), MOST)))
        return Encoding(
            spans,
            _sigmoid(said[0]),
            said[1],
            said[2],
            dict(zip(self.about["whole"], map(float, whole), strict=True)),
        )

    def _read(
        self, tokens: NDArray[np.int64], windows: list[tuple[int, int]]
    ) -> tuple[list[Floats], Floats]:
        """Logits of each token (mention, told, mix), and the highest of the whole, over windows.

        A token that stands in several windows is taken from the one in which it is nearest to the middle.
        """
        count = len(tokens)
        widths = (len(self.items), len(self.statuses), self.own.shape[1])
        said: list[Floats] = [np.zeros((count, width), dtype=np.float32) for width in widths]
        best = np.full(count, -1)
        alike: dict[bytes, list[tuple[int, int]]] = {}  # the same words again are read once
        for start, stop in windows:
            alike.setdefault(tokens[start:stop].tobytes(), []).append((start, stop))
        groups = list(alike.values())
        whole: Floats = np.zeros(len(self.about["whole"]), dtype=np.float32)
        for begin in range(0, len(groups), TOGETHER):
            here = groups[begin : begin + TOGETHER]
            longest = max(stop - start for (start, stop), *_ in here)
            ids = np.zeros((len(here), longest + 2), dtype=np.int64)
            mask = np.zeros(ids.shape, dtype=np.float32)
            for row, ((start, stop), *_) in enumerate(here):
                ids[row, : stop - start + 2] = [self.first, *tokens[start:stop], self.last]
                mask[row, : stop - start + 2] = 1.0
            out = self.session.run(None, {"ids": ids, "mask": mask})
            for row, group in enumerate(here):
                np.maximum(whole, _sigmoid(out[3][row]), out=whole)
                for start, stop in group:
                    places = np.arange(start, stop)
                    before = np.where(start == 0, count, places - start)
                    after = np.where(stop == count, count, stop - 1 - places)
                    inside = np.minimum(before, after)
                    better = inside > best[places]
                    best[places[better]] = inside[better]
                    for kept, found in zip(said, out[:3], strict=True):
                        kept[places[better]] = found[row, 1 : stop - start + 1][better]
        return said, whole


def _other_than(folder: Path, sums: dict[str, str]) -> str:
    """The name of a file whose content is another than that of these sums, or ""."""

    def find() -> str:
        return next((name for name in sums if _sum_of(folder / name) != sums[name]), "")

    with os.scandir(folder) as entries:
        files = [entry for entry in entries if entry.name in sums]
    wanted = " ".join(f"{name} {sums[name]}" for name in sorted(sums))
    return unless_changed(f"reader {folder} {wanted}", files, find)


def _sum_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _windows(count: int) -> list[tuple[int, int]]:
    """Overlapping windows over `count` tokens."""
    starts = list(range(0, max(1, count - WINDOW + STEP), STEP)) if count else []
    return [(start, min(start + WINDOW, count)) for start in starts]


def _sigmoid(x: Floats) -> Floats:
    result: Floats = np.float32(1.0) / (np.float32(1.0) + np.exp(-x))
    return result


_loading = Lock()


def encoder() -> Encoder:
    """The reader that ships with this version."""
    with _loading:
        return _shipped()


def load_beside() -> None:
    """Begin to load the reader on another thread: most of it is work that Python need not wait for.

    What goes wrong there is raised where `encoder` is called.
    """

    def load() -> None:
        with suppress(Exception):
            encoder()

    Thread(target=load).start()


@cache
def _shipped() -> Encoder:
    return Encoder()
