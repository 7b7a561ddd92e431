"""Conversations whose commands wait: out of their partition's way, in order, for as long as it takes.

A command that cannot be carried out at once is acknowledged all the same, so that its neighbours in the partition go
on. The commands themselves stay where they are, in the stream; the record of a conversation only says from which one
to which one they wait. Whoever receives a later command of a parked conversation moves the end of the record instead
of carrying it out, so order holds. A schedule of the broker starts the next attempt, in whichever process.

Every record has somebody who will look after it: a schedule, or a message that is not acknowledged yet. So the record
is always written before its schedule, and the schedule before the acknowledgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

import structlog
from nats.aio.client import Client
from pydantic import ValidationError

from common.commands import ChatwootCommand
from common.errors import RevisionConflict
from common.message import Frozen
from common.nats.api import stored_message
from common.nats.bucket import Bucket, Entry
from common.nats.delivery import Delivery
from common.nats.publisher import Publisher
from common.nats.schedules import schedule
from common.nats.topology import CHATWOOT_COMMANDS, SENDER
from common.sending import SendingDue
from common.subjects import conversation_key, sending_due, sending_schedule

DUE_TTL: Final = 7 * 86400.0
"""Seconds that a fired schedule waits for a process. All of them may be away for a long weekend."""

_ATTEMPTS: Final = 20

log = structlog.get_logger(__name__)


class Parked(Frozen):
    """What waits in a conversation: the commands on `subject` from sequence `head` to sequence `last`."""

    tenant: str
    conversation_id: int
    subject: str
    head: int
    last: int
    attempts: int = 0
    """How often the command at the head has failed."""
    due_at: datetime
    parked_at: datetime
    reason: str = ""

    def through(self, sequence: int) -> Self:
        """With everything up to this sequence."""
        return self.model_copy(update={"last": max(self.last, sequence)})

    def after_failure(self, head: int, attempts: int, due_at: datetime, reason: str) -> Self:
        """What is in front of `head` is settled; the next attempt is due later."""
        return self.model_copy(update={"head": head, "attempts": attempts, "due_at": due_at, "reason": reason})


@dataclass(frozen=True)
class Place:
    """A record with the revision that the next write must name."""

    parked: Parked
    revision: int


class ParkingLot:
    """The records, in a bucket, and their schedules."""

    def __init__(self, nc: Client, bucket: Bucket, publisher: Publisher) -> None:
        self._nc = nc
        self._bucket = bucket
        self._publisher = publisher

    async def find(self, tenant: str, conversation_id: int) -> Place | None:
        """What waits in a conversation; None: nothing does."""
        return _place(await self._bucket.get(conversation_key(tenant, conversation_id)))

    async def join(self, place: Place, delivery: Delivery) -> bool:
        """Let a command wait behind those that do; False: they do not wait any more.

        Raises:
            RevisionConflict: the record is written by others all the time.
            PublishFailed: not stored; the command must not be acknowledged.
        """
        found: Place | None = place
        for _ in range(_ATTEMPTS):
            if found is None or delivery.sequence < found.parked.head:
                return False
            if delivery.sequence <= found.parked.last:
                # It comes again: whoever parked it may have died before the schedule was set.
                await self._set(found.parked)
                return True
            found, written = await self._write(found, found.parked.through(delivery.sequence))
            if written:
                return True
        raise RevisionConflict("the record of a parked conversation could not be written")

    async def park(self, command: ChatwootCommand, delivery: Delivery, new: Parked) -> Place:
        """Let the first command of a conversation wait, or join others that were faster.

        Raises:
            RevisionConflict: the record is written by others all the time.
            PublishFailed: not stored; the command must not be acknowledged.
        """
        key = conversation_key(command.tenant, command.conversation_id)
        for _ in range(_ATTEMPTS):
            try:
                revision = await self._bucket.create(key, new.model_dump_json().encode())
            except RevisionConflict:
                place = await self.find(command.tenant, command.conversation_id)
                if place is not None and await self.join(place, delivery):
                    return place
                continue
            await self._set(new)
            return Place(new, revision)
        raise RevisionConflict("a conversation could not be parked")

    async def postpone(self, place: Place, head: int, attempts: int, due_at: datetime, reason: str) -> None:
        """Set the next attempt, at the command with sequence `head`. Returns without a trace if nothing waits any more.

        Raises:
            PublishFailed: not stored.
        """
        found: Place | None = place
        for _ in range(_ATTEMPTS):
            if found is None or found.parked.last < head:
                return
            later = found.parked.after_failure(head, attempts, due_at, reason)
            found, written = await self._write(found, later)
            if written:
                await self._set(later)
                return
        raise RevisionConflict("the record of a parked conversation could not be written")

    async def clear(self, place: Place) -> Place | None:
        """Forget a conversation in which nothing waits; the record as it is now when more has come meanwhile."""
        parked = place.parked
        key = conversation_key(parked.tenant, parked.conversation_id)
        try:
            await self._bucket.delete(key, place.revision)
        except RevisionConflict:
            return await self.find(parked.tenant, parked.conversation_id)
        return None

    async def next_command(self, parked: Parked, head: int) -> Delivery | None:
        """The first waiting command from sequence `head` on; None: there is none."""
        query = {"next_by_subj": parked.subject, "seq": head}
        message = await stored_message(self._nc, CHATWOOT_COMMANDS, query)
        if message is None or message.sequence > parked.last:
            return None
        return Delivery.again(message, CHATWOOT_COMMANDS, SENDER, parked.attempts + 1)

    async def remind(self, parked: Parked, at: datetime) -> None:
        """Set the schedule of a record once more, for the time it names or a later one."""
        await self._set(parked, at)

    async def everything(self) -> list[Parked]:
        """All conversations that wait."""
        places = map(_place, (await self._bucket.entries()).values())
        return [each.parked for each in places if each is not None]

    async def _write(self, place: Place, parked: Parked) -> tuple[Place | None, bool]:
        """Write over a revision: the new place and True, or what somebody else wrote and False."""
        key = conversation_key(parked.tenant, parked.conversation_id)
        try:
            revision = await self._bucket.update(key, parked.model_dump_json().encode(), place.revision)
        except RevisionConflict:
            return await self.find(parked.tenant, parked.conversation_id), False
        return Place(parked, revision), True

    async def _set(self, parked: Parked, at: datetime | None = None) -> None:
        tenant, conversation = parked.tenant, parked.conversation_id
        due = SendingDue(tenant=tenant, conversation_id=conversation, due_at=at or parked.due_at)
        await schedule(
            self._publisher,
            sending_schedule(tenant, conversation),
            sending_due(tenant, conversation),
            due,
            due.due_at,
            DUE_TTL,
        )


def _place(entry: Entry | None) -> Place | None:
    if entry is None:
        return None
    try:
        return Place(Parked.model_validate_json(entry.value), entry.revision)
    except ValidationError:
        # Nobody can tell what waits. A command that finds no record is carried out, which is the lesser evil.
        log.error("parked_record_unreadable")
        return None
