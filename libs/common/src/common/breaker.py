"""A circuit breaker as a pure state machine: time is an argument, and a step gives a new value."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class BreakerPolicy:
    """Open after `failures` in a row; after `open_seconds` let one call through to see."""

    failures: int = 5
    open_seconds: float = 10.0


@dataclass(frozen=True)
class Breaker:
    """Closed while `opened_at` is None; open until its time is over; then half open, with one probe at a time."""

    failures: int = 0
    opened_at: float | None = None
    probe_at: float | None = None

    def retry_after(self, now: float, policy: BreakerPolicy) -> float:
        """Seconds until a call would be let through; 0 when it would be now."""
        if self.opened_at is None:
            return 0.0
        # A probe that never reported back (its task was cancelled) must not keep the breaker shut for good.
        waits = self.opened_at if self.probe_at is None else self.probe_at
        return max(0.0, waits + policy.open_seconds - now)

    def admitted(self, now: float) -> Breaker:
        """The state after a call was let through."""
        return self if self.opened_at is None else replace(self, probe_at=now)

    def succeeded(self) -> Breaker:
        """The state after the other side answered, whatever it said."""
        return Breaker()

    def failed(self, now: float, policy: BreakerPolicy) -> Breaker:
        """The state after it could not be reached."""
        failures = self.failures + 1
        opens = self.opened_at is not None or failures >= policy.failures
        return Breaker(failures=failures, opened_at=now if opens else None)
