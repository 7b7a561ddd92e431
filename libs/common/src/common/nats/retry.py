"""What to do after a handler raised: pure decisions, so that every rule is a table in a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from common.errors import (
    NotReady,
    PublishFailed,
    QueryFailed,
    Reject,
    RetryLater,
    RevisionConflict,
    StopConsuming,
    UnreadableMessage,
)

_LONGEST_EXPONENT = 30
_PASSING_QUERY_CODES = frozenset({"unavailable", "conflict"})


@dataclass(frozen=True)
class RetryPolicy:
    """How patient a consumer is. Times in seconds.

    A partition consumer is blocked while a message of it waits, so `max_delay` stays small there.
    """

    first_delay: float = 0.5
    max_delay: float = 15.0
    fault_attempts: int = 5
    """Deliveries after which a fault (an error nobody foresaw) is dead-lettered."""
    give_up_after: float = 15 * 60
    """Age from which a message that is still to be retried later is dead-lettered."""
    min_retries: int = 5
    """Deliveries every message gets, however old: after a long outage nothing is given up at first sight."""
    fault_streak: int = 25
    """Messages dead-lettered as faults, without one success between them, after which faults are only retried: a bad
    release must not send all traffic to the dead letters."""


@dataclass(frozen=True)
class Ack:
    """Done."""


@dataclass(frozen=True)
class Retry:
    """Deliver again after `delay` seconds."""

    delay: float
    fault: bool


@dataclass(frozen=True)
class DeadLetter:
    """Copy to the dead letters with this reason, then terminate."""

    reason: str
    kind: str
    """`rejected`, `unreadable`, `fault` or `expired`."""


@dataclass(frozen=True)
class Stop:
    """Give the message back and stop the consumer."""

    reason: str


class FaultStreak:
    """Counts faults that were dead-lettered since the last success, over all consumers that share it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.length = 0

    @property
    def too_long(self) -> bool:
        """Whether everything seems to fail."""
        return self.length >= self._limit

    def failed(self) -> None:
        """A message was dead-lettered as a fault."""
        self.length += 1

    def succeeded(self) -> None:
        """A message was handled."""
        self.length = 0


Step: TypeAlias = Ack | Retry | DeadLetter | Stop


def backoff(attempt: int, rand: float, policy: RetryPolicy) -> float:
    """Seconds before the next delivery: doubling from the first delay, capped, with jitter of one half.

    Args:
        attempt: How often the message has been delivered, from 1.
        rand: A random number in [0, 1).
        policy: The limits.
    """
    exponent = min(max(attempt - 1, 0), _LONGEST_EXPONENT)
    ceiling = min(policy.max_delay, policy.first_delay * 2**exponent)
    return float(ceiling * (0.5 + rand / 2))


def next_step(error: BaseException | None, attempt: int, age: float, policy: RetryPolicy, rand: float) -> Step:
    """Decide from what the handler raised (None: it returned), the delivery count and the message's age."""
    match error:
        case None:
            return Ack()
        case StopConsuming():
            return Stop(str(error))
        case Reject():
            return DeadLetter(str(error), "rejected")
        case UnreadableMessage():
            return DeadLetter(str(error), "unreadable")
        case RetryLater():
            return _later(error, attempt, age, policy, rand, error.delay)
        # The broker or a neighbour is away: no reason to give up on the message, however often it happens.
        case PublishFailed() | NotReady() | RevisionConflict():
            return _later(error, attempt, age, policy, rand, None)
        case QueryFailed() if error.code in _PASSING_QUERY_CODES:
            return _later(error, attempt, age, policy, rand, None)
        case _:
            return _fault(error, attempt, policy, rand)


def _later(
    error: BaseException, attempt: int, age: float, policy: RetryPolicy, rand: float, delay: float | None
) -> Step:
    if age >= policy.give_up_after and attempt >= policy.min_retries:
        return DeadLetter(f"given up after {age:.0f} s: {error}", "expired")
    return Retry(backoff(attempt, rand, policy) if delay is None else delay, fault=False)


def _fault(error: BaseException, attempt: int, policy: RetryPolicy, rand: float) -> Step:
    if attempt >= policy.fault_attempts:
        # The type alone: the text of an unforeseen error may quote a customer.
        return DeadLetter(f"{type(error).__name__} in {attempt} deliveries", "fault")
    return Retry(backoff(attempt, rand, policy), fault=True)
