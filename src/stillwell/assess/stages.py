"""Runs the stages after triage so that none of them can take the urgency away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from stillwell.errors import StillwellError
from stillwell.triage.rules import RED

T = TypeVar("T")


class Stages:
    """The stages of one assessment, and what had to be left out of it.

    Attributes:
        missing: the parts that failed, each with the line that says so.
        refused: what an urgent case holds that cannot be used, in the words of the error.
    """

    def __init__(self, level: str, words: Mapping[str, str]) -> None:
        self._urgent = level in RED
        self._words = words
        self.missing: dict[str, str] = {}
        self.refused: list[str] = []

    def attempt(self, part: str, work: Callable[[], T], otherwise: T) -> T:
        """What `work` returns, or `otherwise` where it fails.

        Raises:
            StillwellError: a mistake that the user can mend, where the case is not urgent; where it is,
                the report comes first and names the mistake.
        """
        try:
            return work()
        except StillwellError as error:
            if not self._urgent:
                raise
            self.refused.append(str(error))
            self.say(part)
        except Exception:  # whatever it is: the urgency must reach the person
            import logging

            log = logging.getLogger(__name__)
            log.info("the part %r of the report failed", part, exc_info=True)
            self.say(part)
        return otherwise

    def say(self, part: str) -> None:
        """Note that a part is missing."""
        self.missing.setdefault(part, self._words.get(f"missing_{part}", part))
