"""A token bucket per API key, as a pure step."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TokenBucket:
    """`tokens` as of `at`; a request takes one."""

    tokens: float
    at: float

    def take(self, now: float, per_second: float, burst: float) -> tuple[TokenBucket, float]:
        """The state after a request at `now`, and the seconds it must wait (0: it may pass, its token is taken)."""
        filled = min(burst, self.tokens + (now - self.at) * per_second)
        if filled >= 1:
            return TokenBucket(filled - 1, now), 0.0
        return TokenBucket(filled, now), (1 - filled) / per_second


class RateLimiter:
    """The buckets of all keys seen; there are few keys, so none is ever forgotten."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._burst = max(1.0, 2 * per_second)
        self._buckets: dict[str, TokenBucket] = {}

    def wait(self, key_id: str, now: float) -> float:
        """Seconds this request is too early; 0: let it pass."""
        bucket = self._buckets.get(key_id, TokenBucket(self._burst, now))
        self._buckets[key_id], wait = bucket.take(now, self._per_second, self._burst)
        return wait
