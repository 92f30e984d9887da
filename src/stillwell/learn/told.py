"""A question as the reader of cases understands it, and how urgent that is: worked out once for all who ask."""

from __future__ import annotations

from functools import lru_cache

from stillwell.case.model import Case
from stillwell.case.understand import Understood, understand
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import Urgency, triage

KEPT = 16  # texts; one question is asked by several of its parts


class Told:
    """What texts tell of a person."""

    def __init__(self, known: Knowledge) -> None:
        self.known = known
        self._understood = lru_cache(maxsize=KEPT)(self._understand)
        self._urgency = lru_cache(maxsize=KEPT)(self._triage)

    def understood(self, text: str) -> Understood:
        """A text as understood.

        Raises:
            CaseError: it cannot be read.
        """
        return self._understood(text)

    def urgency(self, text: str) -> Urgency:
        """How urgent what it tells is."""
        return self._urgency(text)

    def _understand(self, text: str) -> Understood:
        return understand(Case(complaint=text), self.known)

    def _triage(self, text: str) -> Urgency:
        return triage(self.understood(text), self.known)
