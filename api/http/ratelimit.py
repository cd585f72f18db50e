"""Rate limit: a token bucket per client, in bounded memory.

A caller with a verified token has a bucket per client and subject; whoever has none shares one per
network address, so that trying tokens does not open new buckets.
"""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.metrics import Metrics
from api.http.problems import Problem


class TokenBuckets:
    """Token buckets by key. The least recently used bucket is forgotten when there are too many."""

    def __init__(
        self,
        per_minute: int,
        burst: int | None = None,
        max_keys: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`per_minute` tokens flow in each minute, up to `burst` (a minute's worth unless given).

        Raises ValueError unless all are positive.
        """
        self._capacity = float(burst if burst is not None else per_minute)
        if per_minute <= 0 or self._capacity < 1 or max_keys <= 0:
            raise ValueError("rate, burst and number of keys must be positive")
        self._per_second = per_minute / 60
        self._max_keys = max_keys
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Takes one token; returns 0.0 when there was one, else the seconds until there will be."""
        with self._lock:
            now = self._clock()
            level, at = self._buckets.pop(key, (self._capacity, now))
            level = min(self._capacity, level + (now - at) * self._per_second)
            wait = 0.0 if level >= 1 else (1 - level) / self._per_second
            self._buckets[key] = (level - 1 if wait == 0.0 else level, now)
            if len(self._buckets) > self._max_keys:
                self._buckets.popitem(last=False)
            return wait

    def __len__(self) -> int:
        return len(self._buckets)


class RateLimit:
    """ASGI middleware: answers 429 with Retry-After when the caller's bucket is empty.

    Stands inside the authentication, which has put the verified caller on the request's state.
    """

    def __init__(
        self, app: ASGIApp, buckets: TokenBuckets, metrics: Metrics, exempt: Collection[str] = ()
    ) -> None:
        """`exempt`: paths that are never limited (health, readiness, metrics)."""
        self.app = app
        self._buckets = buckets
        self._metrics = metrics
        self._exempt = frozenset(exempt)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or raises Problem `rate-limited`."""
        if scope["type"] == "http" and scope["path"] not in self._exempt:
            wait = self._buckets.take(bucket_key(scope))
            if wait > 0:
                self._metrics.rate_limited.inc()
                raise Problem.of("rate-limited", headers={"Retry-After": str(max(1, math.ceil(wait)))})
        await self.app(scope, receive, send)


def bucket_key(scope: Scope) -> str:
    """Whose bucket a request draws on: the verified caller's, else the network address's (IPv6: its /64)."""
    caller: Any = scope.get("state", {}).get("caller")
    if caller is not None:
        return f"caller {caller.client_id} {caller.subject}"
    peer = scope.get("client")
    try:
        address = ipaddress.ip_address(peer[0] if peer else "")
    except ValueError:
        return "address unknown"
    if address.version == 6:
        return f"address {ipaddress.ip_network((address, 64), strict=False).network_address}"
    return f"address {address}"
