"""How fast the sweep may ask one Chatwoot: a token bucket that gives way when Chatwoot says so.

Chatwoot counts requests per address, whoever's they are: replies must not wait because the sweep used them up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

BURST_SECONDS: Final = 2.0
FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 300.0
CALM_COST: Final = 2.0
"""A request that nobody waits for counts for so many: half the pace is left to those that somebody waits for."""

_SLOWEST_SHARE: Final = 1 / 16
_RECOVERY: Final = 1.02


class Pace:
    """Requests a second, `per_second` at most."""

    def __init__(self, per_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = per_second
        self._rate = per_second
        self._clock = clock
        self._tokens = self._burst
        self._filled_at = clock()
        self._not_before = 0.0
        self._pause = FIRST_PAUSE

    @property
    def rate(self) -> float:
        """Requests a second allowed now."""
        return self._rate

    def wait_seconds(self, requests: int = 1) -> float:
        """How long the next request (the last of the next ones) has to wait; 0: it need not."""
        self._fill()
        now = self._clock()
        missing = max(requests - self._tokens, 0.0) / self._rate
        return max(missing, self._not_before - now, 0.0)

    async def turn(self, *, calm: bool = False) -> None:
        """Wait until a request may be made, and take it off. `calm`: nobody waits for it."""
        while True:
            seconds = self.wait_seconds()
            if seconds <= 0:
                break
            await asyncio.sleep(seconds)
        self._tokens -= CALM_COST if calm else 1.0

    def went_well(self) -> None:
        """Chatwoot answered: be a little faster again."""
        self._pause = FIRST_PAUSE
        self._rate = min(self._rate * _RECOVERY, self._most)

    def too_fast(self, retry_after: float | None) -> None:
        """Chatwoot refused for the number of requests: be silent for a while, and then half as fast.

        `retry_after`: for how many seconds, when Chatwoot named it.
        """
        self._fill()
        self._rate = max(self._rate / 2, self._most * _SLOWEST_SHARE)
        self._tokens = 0.0
        self._not_before = self._clock() + (self._pause if retry_after is None else retry_after)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    @property
    def _burst(self) -> float:
        return max(1.0, self._most * BURST_SECONDS)

    def _fill(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
