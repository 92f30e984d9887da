"""The commands that take a household's data along, bring it back, lock it and delete it."""

from __future__ import annotations

from pathlib import Path

import click

from stillwell.characters import plain
from stillwell.errors import CaseError
from stillwell.files import read_bytes, same_file, write_whole
from stillwell.store.archive import MOST_BYTES
from stillwell.store.erase import delete_everything
from stillwell.store.errors import PassphraseError
from stillwell.web.serve import opened
from stillwell.web.takeout import bring_back, export


def ask_passphrase(new: bool) -> str:
    """Ask at the terminal, without showing what is typed; a new one twice."""
    text = "New passphrase" if new else "Passphrase"
    return str(click.prompt(text, hide_input=True, confirmation_prompt=new, err=True))


def save(path: Path, data: str | None, locked: bool) -> None:
    """Write everything into one zip. Raises CaseError, StoreError."""
    if data is not None and same_file(path, data):
        raise CaseError("FILE", f"'{path}' is the data itself", "Give another name")
    store = opened(data, ask_passphrase if locked else None, new=False)
    try:
        body = export(store)
    finally:
        store.close()
    try:
        write_whole(path, body)
    except OSError as error:
        way = "Choose a folder you may write to"
        raise CaseError("FILE", f"{path}: {error.strerror}", way) from None
    click.echo(f"written: {plain(str(path))} (not locked: keep it in a safe place)", err=True)


def bring(path: Path, data: str | None, locked: bool) -> None:
    """Take an exported zip in. Raises CaseError, StoreError."""
    body = read_bytes(path, "FILE", MOST_BYTES)
    store = opened(data, ask_passphrase if locked else None)
    try:
        taken = bring_back(store, body)
    finally:
        store.close()
    click.echo(
        f"{taken.added} new, {taken.replaced} replaced by later ones, {taken.left} already here"
    )


def erase(data: str | None, sure: bool) -> None:
    """Delete everything, after asking. Raises StoreError."""
    if not sure and not click.confirm("Delete everything for good?", default=False, err=True):
        click.echo("nothing was deleted", err=True)
        return
    # what is locked can be deleted by whoever holds the file anyway; but not by a slip: the passphrase is asked for
    try:
        store = opened(data, new=False)
    except PassphraseError:
        store = opened(data, ask_passphrase)
    try:
        searched = delete_everything(store)
    finally:
        store.close()
    click.echo(
        "deleted; nothing of it is left in the file" if searched else "deleted on the server"
    )


def passphrase(data: str | None, remove: bool) -> None:
    """Set, change or take away the passphrase. Raises StoreError."""
    try:
        store = opened(data, new=False)
    except PassphraseError:
        store = opened(data, ask_passphrase)
    try:
        if remove and not store.locked:
            raise PassphraseError("the data has no passphrase")
        store.lock(None if remove else ask_passphrase(True))
    finally:
        store.close()
    click.echo("the data is open now" if remove else "the data is locked now")


def invite(data: str | None, locked: bool) -> None:
    """Print a code for one account. Raises StoreError."""
    from stillwell.store.accounts import Accounts

    store = opened(data, ask_passphrase if locked else None)
    try:
        click.echo(Accounts(store).invite())
    finally:
        store.close()
