"""A token bucket per caller, as a pure step, and what a caller is told about it."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

_MOST_REMEMBERED: Final = 10_000
"""Forgetting a bucket fills it; only one that was not used for a long time is forgotten."""


@dataclass(frozen=True)
class TokenBucket:
    """`tokens` as of `at`; a request takes one."""

    tokens: float
    at: float

    def filled(self, now: float, per_second: float, burst: float) -> float:
        """The tokens at `now`."""
        return min(burst, self.tokens + (now - self.at) * per_second)

    def take(self, now: float, per_second: float, burst: float) -> tuple[TokenBucket, float]:
        """The state after a request at `now`, and the seconds it must wait (0: it may pass, its token is taken)."""
        filled = self.filled(now, per_second, burst)
        if filled >= 1:
            return TokenBucket(filled - 1, now), 0.0
        return TokenBucket(filled, now), (1 - filled) / per_second


@dataclass(frozen=True)
class Standing:
    """How a caller stands after a request. `wait`: seconds the request came too early; 0: it may pass."""

    limit: int
    remaining: int
    reset_seconds: float
    wait: float

    def headers(self) -> dict[str, str]:
        """`RateLimit-*`: what may come at once, what of it is left, and when all of it is back."""
        window = math.ceil(self.reset_seconds)
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(window),
        }
        return {**told, "Retry-After": str(math.ceil(self.wait))} if self.wait > 0 else told


class RateLimiter:
    """The buckets of all callers seen."""

    def __init__(self, per_second: float, burst: float | None = None) -> None:
        """`burst`: what may come at once; two seconds' worth when it is not said."""
        self._per_second = per_second
        self._burst = max(1.0, 2 * per_second if burst is None else burst)
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def take(self, caller: str, now: float) -> Standing:
        """Count a request."""
        bucket, wait = self._bucket(caller, now).take(now, self._per_second, self._burst)
        self._buckets[caller] = bucket
        self._buckets.move_to_end(caller)
        while len(self._buckets) > _MOST_REMEMBERED:
            self._buckets.popitem(last=False)
        return self._standing(bucket.tokens, wait)

    def look(self, caller: str, now: float) -> Standing:
        """How a request would stand, without counting one."""
        tokens = self._bucket(caller, now).filled(now, self._per_second, self._burst)
        return self._standing(tokens, 0.0 if tokens >= 1 else (1 - tokens) / self._per_second)

    def _bucket(self, caller: str, now: float) -> TokenBucket:
        return self._buckets.get(caller, TokenBucket(self._burst, now))

    def _standing(self, tokens: float, wait: float) -> Standing:
        return Standing(int(self._burst), int(tokens), (self._burst - tokens) / self._per_second, wait)
