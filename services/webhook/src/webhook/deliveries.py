"""The sender's durable memory: what was tried and what is done, one record per command.

Acknowledgements can be taken back by a broker crash, and such a message comes again looking like a first delivery. So
this record, and nothing the broker says, decides whether a command is carried out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import ValidationError

from common.commands import ChatwootCommand
from common.errors import Reject
from common.message import Frozen
from common.nats.bucket import Bucket
from common.subjects import conversation_key, token


class DeliveryRecord(Frozen):
    """One command.

    `attempting`: written before the request; with nothing after it the outcome is unknown. `not_applied`: the last
    request certainly had no effect, so the next one needs no look. `done`: carried out, never again.
    """

    state: Literal["attempting", "not_applied", "done"]
    settles_at: datetime
    """From then on, what a look at Chatwoot does not find will not appear any more."""
    message_id: int | None = None
    part: int = 1
    """The message this is about, of those that the channel's limits make of one command."""
    channel: str = ""
    """The channel those limits were taken from."""
    given_up: str | None = None
    """Why it will not be tried again, unless an operator replays it."""


@dataclass(frozen=True)
class Known:
    """A record with the revision that the next write must name."""

    record: DeliveryRecord
    revision: int


def delivery_key(command: ChatwootCommand) -> str:
    """Where a command's record is kept."""
    return f"{conversation_key(command.tenant, command.conversation_id)}.{token(command.command_id)}"


class Deliveries:
    """The records, in a bucket. Every write names the revision it follows, so two processes cannot both go ahead."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def get(self, command: ChatwootCommand) -> Known | None:
        """What is known of a command.

        Raises:
            Reject: the record cannot be read. Nobody can tell whether the command was carried out.
        """
        entry = await self._bucket.get(delivery_key(command))
        if entry is None:
            return None
        try:
            return Known(DeliveryRecord.model_validate_json(entry.value), entry.revision)
        except ValidationError as error:
            raise Reject("the delivery record is unreadable") from error

    async def write(self, command: ChatwootCommand, record: DeliveryRecord, after: Known | None) -> Known:
        """Write the next state of a record.

        Raises:
            RevisionConflict: another process went ahead with this command.
            PublishFailed: not confirmed in time.
        """
        key, value = delivery_key(command), record.model_dump_json().encode()
        if after is None:
            return Known(record, await self._bucket.create(key, value))
        return Known(record, await self._bucket.update(key, value, after.revision))
