"""How often a password may be tried: a few times at once, then ever more slowly."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

KEPT = 20_000  # addresses and names that are remembered
FORGOTTEN_S = 3600.0  # after which a failure no longer counts


class Limit:
    """Counts failures by address or name; each one beyond the first few doubles the wait for the next.

    Args:
        free: failures that cost nothing.
        most_s: the longest wait, in seconds.
        clock: seconds that never go back.
    """

    def __init__(
        self, free: int, most_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._free, self._most_s, self._clock = free, most_s, clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()  # count, the last one

    def wait_s(self, key: str) -> float:
        """How long the next try has to wait, in seconds."""
        count, last = self._failures.get(key, (0, 0.0))
        passed = self._clock() - last
        if count < self._free or passed > FORGOTTEN_S:
            return 0.0
        return max(0.0, min(2.0 ** min(count - self._free, 30), self._most_s) - passed)

    def failed(self, key: str) -> None:
        """Count a failure; called before a try is looked at, so that many at once gain nothing."""
        count, last = self._failures.pop(key, (0, 0.0))
        now = self._clock()
        self._failures[key] = (1 if now - last > FORGOTTEN_S else count + 1, now)
        while len(self._failures) > KEPT:
            self._failures.popitem(last=False)

    def forget(self, key: str) -> None:
        """A try was right after all."""
        self._failures.pop(key, None)


def neighbourhood(address: str) -> str:
    """An address as it is counted: IPv6 by its /64, which is one customer.

    >>> neighbourhood("192.0.2.7"), neighbourhood("2001:db8::1:2"), neighbourhood("")
    ('192.0.2.7', '2001:db8::/64', '')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
