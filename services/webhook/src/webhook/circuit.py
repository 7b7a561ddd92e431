"""What is known of the Chatwoot behind a tenant, so that one that is away, slow or at its limit costs others nothing.

In memory and per process: it only saves requests that would fail. Nothing depends on it for correctness.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from common import metrics
from common.breaker import Breaker, BreakerPolicy
from common.errors import Reject
from webhook.errors import ChatwootError, NotNow

log = structlog.get_logger(__name__)

_BUSY_SECONDS: Final = (0.2, 0.8)
"""How long a command waits when the tenant has as many requests under way as it may have."""

_SLOW_AT_ONCE: Final = 2
"""With so many requests that take long nobody waits for another one."""


@dataclass(frozen=True)
class CircuitPolicy:
    """`at_once`: commands of one tenant that one process carries out at the same time."""

    breaker: BreakerPolicy = field(default_factory=lambda: BreakerPolicy(failures=5, open_seconds=5.0))
    at_once: int = 16


@dataclass
class Circuit:
    """One tenant's.

    One conversation that Chatwoot cannot digest must not look like a Chatwoot that is away: failures count once per
    conversation until something succeeds.
    """

    tenant: str
    policy: CircuitPolicy
    breaker: Breaker = field(default_factory=Breaker)
    held_until: float = 0.0
    running: int = 0
    slow: int = 0
    failing: set[int] = field(default_factory=set)

    def wait(self, now: float) -> float:
        """Seconds until an attempt makes sense; 0: now."""
        shut = max(self.breaker.retry_after(now, self.policy.breaker), self.held_until - now, 0.0)
        if shut or self.running < self.policy.at_once:
            return shut
        return random.uniform(*_BUSY_SECONDS)  # noqa: S311 - jitter

    @property
    def troubled(self) -> bool:
        """Whether it was away the last time, so that the next attempt is a trial."""
        return self.breaker.opened_at is not None

    @property
    def sluggish(self) -> bool:
        """Whether requests take so long that nothing should wait for the next one."""
        return self.slow >= _SLOW_AT_ONCE

    @contextmanager
    def attempt(self, conversation: int, clock: Callable[[], float]) -> Iterator[None]:
        """Count an attempt, and learn from how it fails. Its success is told by `answered`."""
        self.breaker = self.breaker.admitted(clock())
        self.running += 1
        try:
            yield
        except NotNow as error:
            self._learn(error, conversation, clock())
            raise
        except Reject as error:
            if isinstance(error.__cause__, ChatwootError):
                self.answered()
            raise
        finally:
            self.running -= 1

    def watch(self, task: asyncio.Task[None]) -> None:
        """Count an attempt that takes long."""
        self.slow += 1
        task.add_done_callback(self._came_to_an_end)

    def answered(self) -> None:
        """Chatwoot is there."""
        self.failing.clear()
        self._turn(Breaker())

    def _came_to_an_end(self, _: asyncio.Task[None]) -> None:
        self.slow -= 1

    def _learn(self, error: NotNow, conversation: int, now: float) -> None:
        if error.scope == "limit":
            self.held_until = max(self.held_until, now + (error.delay or 1.0))
        elif error.scope == "outage" and (self.breaker.opened_at is not None or conversation not in self.failing):
            self.failing.add(conversation)
            self._turn(self.breaker.failed(now, self.policy.breaker))

    def _turn(self, breaker: Breaker) -> None:
        was_open = self.troubled
        self.breaker = breaker
        is_open = self.troubled
        if was_open != is_open:
            metrics.CIRCUIT_OPEN.labels(self.tenant).set(is_open)
            log.warning("chatwoot_circuit_changed", tenant=self.tenant, open=is_open)


class Circuits:
    """One circuit per tenant."""

    def __init__(self, policy: CircuitPolicy) -> None:
        self._policy = policy
        self._circuits: dict[str, Circuit] = {}

    def of(self, tenant: str) -> Circuit:
        """The tenant's."""
        found = self._circuits.get(tenant)
        if found is None:
            found = self._circuits[tenant] = Circuit(tenant, self._policy)
        return found
