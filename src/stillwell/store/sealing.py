"""Encrypts records under a passphrase: AES-256-GCM, with a key by Argon2id.

Each record is encrypted on its own under a fresh nonce, and bound to its id, kind, person and revision, so that one
cannot be put in the place of another or of its own past. Not encrypted: ids, kinds, days of change, sizes.
Source of the method: NIST SP 800-38D (GCM); RFC 9106, section 4, second recommended option (Argon2id, 64 MiB, 3 passes).
"""

from __future__ import annotations

import secrets
import unicodedata
from typing import Protocol

import msgspec

from stillwell.store.errors import PassphraseError, StoreError

SHORTEST = 8
LONGEST = 1000
VERSION = b"\x01"
NONCE = 12
PROOF = b"stillwell"
NO_KEY = b"{}"
CHANGED = "the passphrase was changed elsewhere; start stillwell again"


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """How a key is made of a passphrase, with a proof that a passphrase is the right one."""

    salt: bytes
    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4
    proof: bytes = b""


class Seal(Protocol):
    """What is done to a text on its way into the database and out of it."""

    def close(self, text: bytes, *about: str | int) -> bytes:
        """The text as it is kept, bound to what it is about."""
        ...

    def open(self, kept: bytes, *about: str | int) -> bytes:
        """The text again. Raises StoreError: it is not what was kept there."""
        ...


class Unsealed:
    """Keeps texts as they are."""

    def close(self, text: bytes, *about: str | int) -> bytes:
        """The text itself."""
        return text

    def open(self, kept: bytes, *about: str | int) -> bytes:
        """The text itself. Raises PassphraseError: another window has locked it meanwhile."""
        if kept[:1] == VERSION:  # no JSON and no name begins so
            raise PassphraseError(CHANGED)
        return kept


class Sealed:
    """Keeps texts encrypted.

    Args:
        key: 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(key)

    def close(self, text: bytes, *about: str | int) -> bytes:
        """The text encrypted."""
        nonce = secrets.token_bytes(NONCE)
        return VERSION + nonce + self._cipher.encrypt(nonce, text, _bound(about))

    def open(self, kept: bytes, *about: str | int) -> bytes:
        """The text again. Raises StoreError: it was changed, or lies where it does not belong."""
        from cryptography.exceptions import InvalidTag

        nonce, rest = kept[1 : 1 + NONCE], kept[1 + NONCE :]
        try:
            if kept[:1] != VERSION or len(rest) < 16:
                raise InvalidTag
            return self._cipher.decrypt(nonce, rest, _bound(about))
        except InvalidTag:
            raise StoreError("a record cannot be opened: it was changed outside, or the passphrase was changed; start again") from None  # fmt: skip


def _bound(about: tuple[str | int, ...]) -> bytes:
    return "\x1f".join(map(str, about)).encode()


def new_seal(passphrase: str) -> tuple[Sealed, bytes]:
    """A seal under a new passphrase, and its settings as they are kept. Raises PassphraseError."""
    if not SHORTEST <= len(passphrase) <= LONGEST:
        raise PassphraseError(
            f"a passphrase has {SHORTEST} to {LONGEST} letters; four words are good"
        )
    fresh = Parameters(salt=secrets.token_bytes(16))
    seal = Sealed(_key(passphrase, fresh))
    proven = msgspec.structs.replace(fresh, proof=seal.close(PROOF, "proof"))
    return seal, msgspec.json.encode(proven)


def seal_of(kept: bytes, passphrase: str | None) -> Seal:
    """The seal of a store by its settings. Raises PassphraseError: lacking or wrong."""
    if kept == NO_KEY:
        return Unsealed()
    if passphrase is None:
        raise PassphraseError("the data is locked by a passphrase; start with --passphrase")
    try:
        found = msgspec.json.decode(kept, type=Parameters)
    except msgspec.DecodeError:
        raise StoreError("the settings of the data are damaged") from None
    if found.memory_kib > 1024 * 1024 or found.passes > 100 or not 1 <= found.lanes <= 64:
        raise StoreError("the settings of the data are damaged")
    seal = Sealed(_key(passphrase, found))
    try:
        seal.open(found.proof, "proof")
    except StoreError:
        raise PassphraseError("that is not the passphrase of this data; try again") from None
    return seal


def _key(passphrase: str, parameters: Parameters) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        unicodedata.normalize("NFC", passphrase).encode(),
        parameters.salt,
        time_cost=parameters.passes,
        memory_cost=parameters.memory_kib,
        parallelism=parameters.lanes,
        hash_len=32,
        type=Type.ID,
    )
