"""Deletes everything, and looks into the files afterwards whether it is gone."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from stillwell.store.errors import StoreError
from stillwell.store.store import Store
from stillwell.store.tables import people, records

PIECE = 24  # bytes of a body that are looked for; shorter ones may stand there by chance
EVERY = 2000  # one piece is looked for in so many bytes of a body
CHUNK = 1 << 20


def delete_everything(store: Store) -> bool:
    """Delete all people and records that a store shows; a passphrase stays, for what is told next.

    Returns:
        Whether the files were searched and nothing was found; False on a server, whose files are not ours
        to read, and where others' words are in the same file.

    Raises:
        BusyError: it is deleted, but another program keeps traces of it in the journal.
        StoreError: something of it is still in the file.
    """
    with store.write(exclusive=True) as db:
        pieces: set[bytes] = set()
        for row in db.execute(select(records.c.id, records.c.body)) if store.whole else ():
            pieces.add(row.id.encode())
            body = bytes(row.body)
            pieces |= {body[n : n + PIECE] for n in range(0, len(body) - PIECE, EVERY)}
        pieces |= {name.encode() for name in db.scalars(select(people.c.id))}
        store.remove_all(db)
    store.database.forget_deleted(compact=store.whole)
    if not store.whole:
        return False
    if any(found_in(path, pieces) for path in store.database.files()):
        raise StoreError("it is deleted, but traces are still in the file; delete the file itself")
    return bool(store.database.files())


def found_in(path: Path, pieces: set[bytes]) -> bool:
    """Whether any of these stands anywhere in a file."""
    longest = max(map(len, pieces), default=0)
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            here = before + chunk
            if any(piece in here for piece in pieces if piece):
                return True
            before = here[-longest:] if longest else b""
    return False
