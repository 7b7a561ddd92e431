"""Timers that the broker keeps: durable, one per subject, replaced by publishing again."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from common.message import Message
from common.nats.publisher import Ack, Publisher
from common.nats.topology import SCHEDULES

_CANCEL_TTL = "1s"


async def schedule(
    publisher: Publisher,
    schedule_subject: str,
    target_subject: str,
    message: Message,
    at: datetime,
    ttl: float,
) -> Ack:
    """Have the broker publish `message` on `target_subject` at a time; one that has passed fires at once.

    Publishing on the same `schedule_subject` replaces the schedule. The broker's timer is some 0.1-0.3 s late.

    Args:
        publisher: Where to publish.
        schedule_subject: Identifies the timer.
        target_subject: Where the message goes when it is due; in the same stream.
        message: What to publish then; headers of now (the trace) go with it.
        at: When.
        ttl: Seconds that the produced message lives, when nobody consumes it.

    Raises:
        PublishFailed: not stored in time; it may be all the same.
    """
    headers = {
        "Nats-Schedule": f"@at {_rfc3339(at)}",
        "Nats-Schedule-Target": target_subject,
        "Nats-Schedule-TTL": f"{max(1, round(ttl))}s",
    }
    return await publisher.publish(
        schedule_subject, message, stream=SCHEDULES, msg_id=_fresh_id(schedule_subject), headers=headers
    )


async def cancel(publisher: Publisher, schedule_subject: str) -> Ack:
    """Remove the timer of a subject, if there is one: a message without a schedule takes its place, and expires.

    Raises:
        PublishFailed: not stored in time.
    """
    # The roll-up also removes the schedule's own message: it would come back to life in a server that restarts.
    headers = {"Nats-TTL": _CANCEL_TTL, "Nats-Rollup": "sub"}
    return await publisher.publish(
        schedule_subject, b"", stream=SCHEDULES, msg_id=_fresh_id(schedule_subject), headers=headers
    )


def _fresh_id(subject: str) -> str:
    # The id only has to survive the retries of one call: setting a timer to the same time again is not a duplicate.
    return f"{subject}:{uuid.uuid4().hex}"


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
