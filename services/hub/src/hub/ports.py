"""What the hub's core needs from outside, as it needs it: narrow, so that tests can stand between any two steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from common.message import Message
from common.nats.bucket import Entry
from common.tenants import TenantProfile

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


class StateBucket(Protocol):
    """The part of `common.nats.bucket.Bucket` that is needed here."""

    async def get(self, key: str) -> Entry | None:
        """The newest value, read from the leader."""
        ...

    async def create(self, key: str, value: bytes) -> int:
        """Store the first value.

        Raises:
            RevisionConflict: there is one.
        """
        ...

    async def update(self, key: str, value: bytes, revision: int) -> int:
        """Store a value over exactly this revision.

        Raises:
            RevisionConflict: somebody wrote first.
        """
        ...


class Publishes(Protocol):
    """The part of `common.nats.publisher.Publisher` that is needed here."""

    async def publish(self, subject: str, message: Message | bytes, *, stream: str, msg_id: str | None) -> object:
        """Make a message durable, once per message id.

        Raises:
            PublishFailed: it could not be confirmed in time.
        """
        ...


class Tenants(Protocol):
    """The part of `common.tenant_directory.TenantDirectory` that is needed here."""

    def get(self, tenant: str) -> TenantProfile | None:
        """The profile; None: nobody applied that tenant."""
        ...


class SetsTimers(Protocol):
    """Starts a conversation's turn at a time, whatever happens to this process."""

    async def set(self, tenant: str, conversation_id: int, at: datetime, *, durably: bool = True) -> None:
        """Set or move the conversation's timer.

        `durably`: a timer that survives this process is not under way yet.

        Raises:
            PublishFailed: it could not be made durable.
        """
        ...


@dataclass(frozen=True)
class Ports:
    """The outside of the core, chosen by the composition root."""

    bucket: StateBucket
    publisher: Publishes
    timers: SetsTimers
    tenants: Tenants
    clock: Clock = utc_now
