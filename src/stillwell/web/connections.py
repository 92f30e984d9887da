"""One connection of a browser: nobody may hold it open without saying anything."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 10.0  # in which a request's first line and headers must have come


class Connection(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with a time limit for the head of a request.

    uvicorn limits the time between requests only: whoever sends one letter a minute would hold a connection for
    ever, and five hundred of them the whole page. What is not HTTP is answered without a line in a log.
    """

    head_s = HEAD_S
    _waits: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        # as it was said, and not as uvicorn guesses it from who listens: addresses hold the ids of records
        self.access_log = self.config.access_log
        self._waits = self.loop.call_later(self.head_s, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Read what came; a whole head ends the waiting, a started one of the next request begins it."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._stop_waiting()
        elif self._waits is None and (before is None or before.response_complete):
            self._waits = self.loop.call_later(self.head_s, self._too_slow)

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing: a stranger's wish for another protocol is no news."""

    def _stop_waiting(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None

    def _too_slow(self) -> None:
        self._waits = None
        if not self.transport.is_closing():
            self.transport.close()
