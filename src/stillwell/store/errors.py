"""What can go wrong with a store, each in one line that a person can act on."""

from __future__ import annotations

from stillwell.errors import StillwellError


class StoreError(StillwellError):
    """The store cannot be used; nothing was changed."""


class MissingError(StoreError):
    """No person or record of that id."""


class StaleError(StoreError):
    """The record was changed by somebody else since it was read."""


class FullError(StoreError):
    """There is no room to keep it: the disk is full or the store is read-only."""


class BusyError(StoreError):
    """Another program holds the store."""


class UnreachableError(StoreError):
    """The database is not there, does not answer, or is none."""


class PassphraseError(StoreError):
    """The passphrase is lacking, wrong, too short, or was changed elsewhere."""


class ArchiveError(StoreError):
    """A file that is no export, or a hostile one; nothing of it was taken in."""


class AccountError(StoreError):
    """An account cannot be made or changed.

    Attributes:
        reason: a word for it: `invitation`, `name`, `taken`, `short`, `long`, `simple`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the account cannot be made or changed ({reason})")
        self.reason = reason
