"""The simulator's clock: the real time plus what a test has moved it forward."""

from __future__ import annotations

import time


class Clock:
    """Tells the time of the simulated world. Signatures use the real time: receivers check them against theirs."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """Epoch seconds in the simulated world."""
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Move the simulated world forward, for example past WhatsApp's 24 hours."""
        self.offset += seconds
