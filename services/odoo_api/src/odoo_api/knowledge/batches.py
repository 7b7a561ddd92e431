"""Many messages stored as one: all of them or none, with one write to the disk instead of one each.

With `sync_interval: always` a broker confirms a few thousand single messages per second, whatever the concurrency. An
atomic batch is staged, checked as a whole against the expected sequences, and made durable once before it is confirmed:
about ten times as many.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import orjson
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError

from common.errors import OdooAiError
from common.message import Message
from common.nats.api import checked
from common.nats.topology import KNOWLEDGE
from common.telemetry import inject

log = structlog.get_logger(__name__)

CONTENT_HASH_HEADER: Final = "X-Content-Hash"

# The broker takes at most 1,000 messages; the bytes wait in the client's buffer, which all other traffic shares.
_MOST_MESSAGES: Final = 500
_MOST_BYTES: Final = 2 * 1024 * 1024
_BEGIN_SECONDS: Final = 2.0
_COMMIT_SECONDS: Final = 4.0


@dataclass(frozen=True)
class Change:
    """One message for one subject, to be stored only if `before` is still the newest sequence there (0: none)."""

    subject: str
    message: Message
    digest: str
    """The content hash of the item; empty for a tombstone."""
    before: int


@dataclass(frozen=True)
class Encoded:
    """A change with its bytes."""

    change: Change
    body: bytes


def batched(changes: Iterable[Change]) -> Iterator[list[Encoded]]:
    """Encode changes and put them together, bounded in number and bytes."""
    batch: list[Encoded] = []
    size = 0
    for change in changes:
        encoded = Encoded(change, change.message.encode())
        if batch and (len(batch) == _MOST_MESSAGES or size + len(encoded.body) > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(encoded)
        size += len(encoded.body)
    if batch:
        yield batch


async def store_batch(nc: Client, batch: Sequence[Encoded]) -> int | None:
    """Store a batch; answers the sequence of its last message.

    None: it was refused, or it is not known whether it was stored. Each change must then be stored on its own, which
    finds out what is there.
    """
    batch_id = uuid.uuid4().hex
    try:
        for number, encoded in enumerate(batch[:-1], start=1):
            headers = _headers(encoded, batch_id, number)
            if number == 1:
                # The first one is answered: a broker or stream that knows no batches says so here.
                reply = await nc.request(encoded.change.subject, encoded.body, _BEGIN_SECONDS, headers=headers)
                if reply.data:
                    checked(orjson.loads(reply.data))
            else:
                await nc.publish(encoded.change.subject, encoded.body, headers=headers)
        last = batch[-1]
        headers = {**_headers(last, batch_id, len(batch)), "Nats-Batch-Commit": "1"}
        reply = await nc.request(last.change.subject, last.body, _COMMIT_SECONDS, headers=headers)
        return int(checked(orjson.loads(reply.data))["seq"])
    except (OdooAiError, NatsError, OSError) as error:
        log.warning("knowledge_batch_not_confirmed", size=len(batch), error=type(error).__name__, reason=str(error))
        return None


def digest_header(digest: str) -> dict[str, str]:
    """The content hash beside the content: who only compares need not read it."""
    return {CONTENT_HASH_HEADER: digest} if digest else {}


def _headers(encoded: Encoded, batch_id: str, number: int) -> dict[str, str]:
    message = encoded.change.message
    return inject(
        {
            "Content-Type": "application/json",
            "X-Event-Type": message.type_name(),
            "X-Schema-Version": str(message.VERSION),
            **digest_header(encoded.change.digest),
            "Nats-Expected-Stream": KNOWLEDGE,
            "Nats-Expected-Last-Subject-Sequence": str(encoded.change.before),
            "Nats-Batch-Id": batch_id,
            "Nats-Batch-Sequence": str(number),
        }
    )
