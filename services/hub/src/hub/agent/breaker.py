"""A model that keeps failing is left alone for a while, so that no customer waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from common.breaker import Breaker, BreakerPolicy

POLICY: Final = BreakerPolicy(failures=3, open_seconds=30.0)


class ModelBreaker:
    """The breaker of one model; while it is open no call should be made."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._breaker = Breaker()

    @property
    def is_open(self) -> bool:
        """Whether calls should not be made."""
        return self._breaker.retry_after(self._clock(), POLICY) > 0

    def begins(self) -> None:
        """A call is made: the first one after a pause is a probe, and no other is made until it is back."""
        self._breaker = self._breaker.admitted(self._clock())

    def succeeded(self) -> None:
        """A call came back."""
        self._breaker = self._breaker.succeeded()

    def failed(self) -> None:
        """A call did not."""
        self._breaker = self._breaker.failed(self._clock(), POLICY)


class Breakers:
    """One for each model and tenant: keys differ, so do failures."""

    def __init__(self) -> None:
        self._by_name: dict[tuple[str, str], ModelBreaker] = {}

    def of(self, tenant: str, model: str) -> ModelBreaker:
        """The breaker of a model."""
        return self._by_name.setdefault((tenant, model), ModelBreaker())
