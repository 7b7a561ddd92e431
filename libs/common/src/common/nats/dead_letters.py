"""Messages no consumer could handle: how they are stored, and how an operator lists, replays and drops them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from nats.aio.client import Client

from common.nats.api import NOTHING_TO_DELETE, JetStreamError, StoredMessage, call, find, stored_message
from common.nats.delivery import Delivery
from common.nats.publisher import Ack, Publisher
from common.nats.topology import DEAD_LETTERS, stream_spec
from common.subjects import dead_letter

_PREFIX = "X-Dead-"
_LONGEST_REASON = 500


@dataclass(frozen=True)
class DeadLetterEntry:
    """One dead letter. `sequence` is its own, in DEAD_LETTERS; `headers` are those of the original message."""

    sequence: int
    stored_at: datetime
    stream: str
    consumer: str
    input_subject: str
    original_sequence: int
    original_stored_at: str
    attempts: int
    kind: str
    reason: str
    headers: dict[str, str]
    data: bytes


async def publish_dead_letter(
    publisher: Publisher, delivery: Delivery, consumer: str, *, reason: str, kind: str
) -> Ack:
    """Store a full copy with the reason and the subject it can be published on again.

    Raises:
        PublishFailed: it is not stored; the original must not be terminated.
    """
    stream, headers = delivery.stream, delivery.headers
    spec = stream_spec(stream)
    about = {
        "Stream": stream,
        "Consumer": consumer,
        "Sequence": str(delivery.sequence),
        "Subject": spec.input_subject(delivery.subject) if spec else delivery.subject,
        "Stored-At": delivery.stored_at.isoformat(),
        "Attempts": str(delivery.attempt),
        "Kind": kind,
        "Reason": " ".join(reason.split())[:_LONGEST_REASON],
        "Msg-Id": headers.get("Nats-Msg-Id", ""),
    }
    kept = {key: value for key, value in headers.items() if not key.startswith(("Nats-", _PREFIX))}
    return await publisher.publish(
        dead_letter(stream, consumer),
        delivery.data,
        stream=DEAD_LETTERS,
        msg_id=f"dead:{stream}:{consumer}:{delivery.sequence}",
        headers=kept | {_PREFIX + key: value for key, value in about.items()},
    )


class DeadLetters:
    """The operator's view. Needs the rights of the admin user."""

    def __init__(self, nc: Client, publisher: Publisher) -> None:
        self._nc = nc
        self._publisher = publisher

    async def list(
        self, *, stream: str | None = None, consumer: str | None = None, limit: int = 100, after: int = 0
    ) -> list[DeadLetterEntry]:
        """The oldest dead letters after a sequence, of one stream and consumer if given."""
        found: list[DeadLetterEntry] = []
        async for entry in self._walk(_filter(stream, consumer), after):
            found.append(entry)
            if len(found) >= limit:
                break
        return found

    async def show(self, sequence: int) -> DeadLetterEntry | None:
        """One dead letter; None: there is none of that sequence."""
        return await self._get({"seq": sequence})

    async def replay(self, sequence: int, body: bytes | None = None) -> Ack:
        """Publish the message again on the subject it first came in on, then drop the dead letter.

        The message gets a new id that depends on the dead letter and the body: replaying twice does not repeat it.

        Args:
            sequence: Of the dead letter.
            body: Replaces the message's body, for one that has been mended.

        Raises:
            LookupError: there is no such dead letter.
            PublishFailed: not stored; the dead letter is kept.
        """
        entry = await self.show(sequence)
        if entry is None:
            raise LookupError(f"no dead letter {sequence}")
        data = entry.data if body is None else body
        digest = hashlib.sha256(data).hexdigest()[:16]
        ack = await self._publisher.publish(
            entry.input_subject,
            data,
            stream=entry.stream,
            msg_id=f"replay:{sequence}:{digest}",
            headers={**entry.headers, "X-Replay-Of": str(sequence)},
        )
        await self.drop(sequence)
        return ack

    async def drop(self, sequence: int) -> bool:
        """Delete a dead letter for good. False: there was none."""
        try:
            await call(self._nc, f"STREAM.MSG.DELETE.{DEAD_LETTERS}", {"seq": sequence})
        except JetStreamError as error:
            if error.code == NOTHING_TO_DELETE:
                return False
            raise
        return True

    async def count(self) -> int:
        """How many there are."""
        info = await find(self._nc, f"STREAM.INFO.{DEAD_LETTERS}")
        return int(info["state"]["messages"]) if info else 0

    async def _walk(self, subject: str, after: int) -> AsyncIterator[DeadLetterEntry]:
        sequence = after
        while entry := await self._get({"next_by_subj": subject, "seq": sequence + 1}):
            yield entry
            sequence = entry.sequence

    async def _get(self, query: dict[str, object]) -> DeadLetterEntry | None:
        message = await stored_message(self._nc, DEAD_LETTERS, query)
        return _entry(message) if message else None


def _filter(stream: str | None, consumer: str | None) -> str:
    _, first, second = dead_letter(stream or "any", consumer or "any").split(".")
    return f"dead.{first if stream else '*'}.{second if consumer else '*'}"


def _entry(message: StoredMessage) -> DeadLetterEntry:
    headers = message.headers
    about = {key.removeprefix(_PREFIX): value for key, value in headers.items() if key.startswith(_PREFIX)}
    return DeadLetterEntry(
        sequence=message.sequence,
        stored_at=message.stored_at,
        stream=about.get("Stream", ""),
        consumer=about.get("Consumer", ""),
        input_subject=about.get("Subject", ""),
        original_sequence=int(about.get("Sequence", 0)),
        original_stored_at=about.get("Stored-At", ""),
        attempts=int(about.get("Attempts", 0)),
        kind=about.get("Kind", ""),
        reason=about.get("Reason", ""),
        headers={key: value for key, value in headers.items() if not key.startswith(("Nats-", _PREFIX))},
        data=message.data,
    )
