"""Cases understood, remembered for the next part of the same case that a worker works out."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from stillwell.case.model import Case
from stillwell.case.understand import Understood, understand

KEPT = 16


@lru_cache(KEPT)
def read(body: bytes) -> Understood:
    """What the readers make of a case in JSON; not to be changed. Raises CaseError."""
    return understand(msgspec.json.decode(body, type=Case))
