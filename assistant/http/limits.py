"""How often one address may ask, and how much it may send."""

from __future__ import annotations

import ipaddress
import math
import threading
from collections import OrderedDict

__all__ = ["RateLimiter", "address_of"]

ADDRESSES = 10_000  # remembered at most: an attacker with many addresses must not fill the memory


def address_of(client: tuple[str, int] | None) -> str:
    """The address that a limit counts for: an IPv6 caller's whole /64 is one household."""
    host = client[0] if client else "unknown"
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return host
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
    return host


class RateLimiter:
    """A bucket of requests for each address, filled again steadily.

    Args:
        per_minute: Requests a minute, and at once; 0 for no limit.
    """

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, now: float) -> int:
        """Count one request.

        Args:
            address: Whose.
            now: Seconds on a steady clock.

        Returns:
            0 when it may pass, else the whole seconds to wait.
        """
        if not self.per_minute:
            return 0
        with self._lock:
            left = self._left(address, now)
            self._buckets.pop(address, None)
            allowed = left >= 1
            self._buckets[address] = (left - 1 if allowed else left, now)
            if len(self._buckets) > ADDRESSES:
                self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) * 60 / self.per_minute))

    def empty(self, address: str, now: float) -> bool:
        """Whether an address has used up its requests; counts nothing."""
        with self._lock:
            return bool(self.per_minute) and self._left(address, now) < 1

    def _left(self, address: str, now: float) -> float:
        left, at = self._buckets.get(address, (float(self.per_minute), now))
        return min(float(self.per_minute), left + max(0.0, now - at) * self.per_minute / 60)
