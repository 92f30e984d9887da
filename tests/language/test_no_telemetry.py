"""Reading leaves nothing on the machine but our own cache, and reports to nobody."""

from __future__ import annotations

from pathlib import Path

from tests.processes import stillwell

TEXT = b"My legs shake at night and I take vitamin D 1000 IU."


def test_reading_a_text_writes_only_our_own_cache(tmp_path: Path) -> None:
    done = stillwell(
        "assess",
        "-",
        stdin=TEXT,
        HOME=str(tmp_path),
        XDG_CACHE_HOME=str(tmp_path / "cache"),
        ORT_DISABLE_TELEMETRY="",
    )
    assert done.returncode == 0, done.stderr
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    kept = {name for name in written if name.startswith("cache/stillwell")}
    assert kept
    assert written - kept == {"cache"}
