"""The reader's data files are those of this version, and small."""

import shutil

import pytest

from stillwell.knowledge.store import knowledge
from stillwell.language.encoder import DATA, Encoder, ReaderError

LARGEST = 25_000_000  # bytes that all files may have


def test_a_file_that_was_changed_is_refused(tmp_path) -> None:
    folder = shutil.copytree(DATA, tmp_path / "data")
    changed = bytearray((folder / "reader.onnx").read_bytes())
    changed[len(changed) // 2] ^= 1
    (folder / "reader.onnx").write_bytes(bytes(changed))
    with pytest.raises(ReaderError, match=r"reader\.onnx"):
        Encoder(folder)


def test_missing_files_are_told_in_one_line(tmp_path) -> None:
    with pytest.raises(ReaderError) as told:
        Encoder(tmp_path)
    assert "\n" not in str(told.value)


def test_every_item_of_the_reader_is_known_and_every_item_known_can_be_read() -> None:
    base = knowledge().base
    assert {*base.findings, *base.history} - set(Encoder().items) == base.read_exactly
    assert set(Encoder().items) <= {*base.findings, *base.history}


def test_the_files_stay_small() -> None:
    assert sum(p.stat().st_size for p in DATA.iterdir()) <= LARGEST
