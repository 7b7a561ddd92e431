"""A model that keeps failing is left alone for a while, so that no customer waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

FAILURES: Final = 3
OPEN_SECONDS: Final = 30.0


class Breaker:
    """Opens after failures in a row; later lets calls through again, and opens at once when the first fails."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether calls should not be made."""
        return self._clock() < self._open_until

    def succeeded(self) -> None:
        """A call came back."""
        self._failures = 0
        self._open_until = 0.0

    def failed(self) -> None:
        """A call did not."""
        self._failures += 1
        if self._failures >= FAILURES:
            self._open_until = self._clock() + OPEN_SECONDS


class Breakers:
    """One for each model and tenant: keys differ, so do failures."""

    def __init__(self) -> None:
        self._by_name: dict[tuple[str, str], Breaker] = {}

    def of(self, tenant: str, model: str) -> Breaker:
        """The breaker of a model."""
        return self._by_name.setdefault((tenant, model), Breaker())
