from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from common.nats.api import BrokerUnavailable
from common.nats.retry import Ack, DeadLetter, Retry, RetryPolicy, Step, Stop, backoff, next_step

POLICY = RetryPolicy(first_delay=1, max_delay=8, fault_attempts=3, give_up_after=100, min_retries=4)


@pytest.mark.parametrize(
    ("error", "attempt", "age", "expected"),
    [
        (None, 9, 1e9, Ack()),
        (StopConsuming("revoked"), 1, 0, Stop("revoked")),
        (Reject("no such tenant"), 1, 0, DeadLetter("no such tenant", "rejected")),
        (UnreadableMessage("not JSON"), 1, 0, DeadLetter("not JSON", "unreadable")),
        (RetryLater("busy"), 1, 0, Retry(0.5, fault=False)),
        (RetryLater("busy"), 3, 0, Retry(2.0, fault=False)),
        (RetryLater("busy", delay=33), 3, 0, Retry(33, fault=False)),
        (RetryLater("busy", delay=0), 3, 0, Retry(0, fault=False)),
        (RetryLater("busy"), 3, 1000, Retry(2.0, fault=False)),
        (RetryLater("busy"), 4, 99, Retry(4.0, fault=False)),
        (RetryLater("busy"), 4, 100, DeadLetter("given up after 100 s: busy", "expired")),
        (PublishFailed("S"), 50, 0, Retry(4.0, fault=False)),
        (BrokerUnavailable("S"), 50, 0, Retry(4.0, fault=False)),
        (NotReady("S"), 50, 0, Retry(4.0, fault=False)),
        (RevisionConflict("S"), 50, 0, Retry(4.0, fault=False)),
        (QueryFailed("unavailable", "odoo_api"), 50, 0, Retry(4.0, fault=False)),
        (QueryFailed("auth", "key"), 1, 0, Retry(0.5, fault=True)),
        (QueryFailed("auth", "key"), 3, 0, DeadLetter("QueryFailed in 3 deliveries", "fault")),
        (ValueError("a customer's words"), 2, 0, Retry(1.0, fault=True)),
        (ValueError("a customer's words"), 3, 0, DeadLetter("ValueError in 3 deliveries", "fault")),
    ],
)
def test_every_error_has_its_step(error: Exception | None, attempt: int, age: float, expected: Step) -> None:
    assert next_step(error, attempt, age, POLICY, rand=0.0) == expected


@given(attempt=st.integers(0, 10**9), rand=st.floats(0, 1, exclude_max=True))
def test_backoff_stays_between_half_the_first_delay_and_the_cap(attempt: int, rand: float) -> None:
    assert POLICY.first_delay / 2 <= backoff(attempt, rand, POLICY) <= POLICY.max_delay


def test_backoff_doubles_until_the_cap() -> None:
    assert [backoff(attempt, 0.999999, POLICY) for attempt in range(1, 6)] == pytest.approx([1, 2, 4, 8, 8], rel=1e-5)
