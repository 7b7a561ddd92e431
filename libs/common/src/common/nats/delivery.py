"""What the runtime knows of a message besides its content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from nats.aio.msg import Msg

from common.nats.api import StoredMessage


@dataclass(frozen=True)
class Delivery:
    """One delivery of a message. `attempt` counts from 1, and may start again after a broker crash."""

    subject: str
    data: bytes
    headers: dict[str, str]
    stream: str
    consumer: str
    sequence: int
    attempt: int
    stored_at: datetime

    @classmethod
    def of(cls, message: Msg) -> Self:
        """Read it off a message that a consumer delivered."""
        info = message.metadata
        return cls(
            subject=message.subject,
            data=message.data,
            headers=dict(message.headers or {}),
            stream=info.stream,
            consumer=info.consumer,
            sequence=info.sequence.stream,
            attempt=info.num_delivered,
            stored_at=info.timestamp,
        )

    @classmethod
    def again(cls, message: StoredMessage, stream: str, consumer: str, attempt: int) -> Self:
        """For a message that is read from its stream once more, after its consumer acknowledged it."""
        return cls(
            subject=message.subject,
            data=message.data,
            headers=message.headers,
            stream=stream,
            consumer=consumer,
            sequence=message.sequence,
            attempt=attempt,
            stored_at=message.stored_at,
        )
