"""Publish a message and know that it is durable: bounded retries under one message id."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

import orjson
import structlog
from nats.aio.client import Client
from nats.errors import BadHeaderError, BadSubjectError, ConnectionClosedError, MaxPayloadError
from nats.errors import Error as NatsError
from opentelemetry.trace import SpanKind

from common import metrics
from common.errors import PublishFailed, RevisionConflict
from common.message import Message
from common.nats.api import (
    INSUFFICIENT_RESOURCES,
    STREAM_FULL,
    WRONG_LAST_SEQUENCE,
    JetStreamError,
    checked,
)
from common.telemetry import inject, tracer

log = structlog.get_logger(__name__)
_tracer = tracer("nats")

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 0.5
# Full or short of resources: an operator may free space, so these are worth the rest of the allowed time.
_PASSING_CODES = frozenset({INSUFFICIENT_RESOURCES, STREAM_FULL})


@dataclass(frozen=True)
class Ack:
    """The broker has stored the message. `duplicate`: it had it already, under the same message id."""

    sequence: int
    duplicate: bool


class Publisher:
    """Publishes to streams. Every attempt of one call carries the same message id, so it is stored once."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc

    async def publish(  # noqa: PLR0913 - the options of one publish
        self,
        subject: str,
        message: Message | bytes,
        *,
        stream: str,
        msg_id: str | None,
        headers: dict[str, str] | None = None,
        attempt_timeout: float = 1.0,
        total_timeout: float = 4.0,
        expected_last_subject_sequence: int | None = None,
    ) -> Ack:
        """Store a message.

        A failed call may still have stored it: only the same `msg_id` makes a later try safe. With
        `msg_id=None` a retry can store it twice, so there is only one attempt once bytes have left.

        Raises:
            PublishFailed: not confirmed within `total_timeout`, or refused.
            RevisionConflict: `expected_last_subject_sequence` is not the newest. After a lost confirmation this may
                be our own write: the broker checks the expectation before it looks for duplicates.
        """
        body = message.encode() if isinstance(message, Message) else message
        with _tracer.start_as_current_span(f"send {stream}", kind=SpanKind.PRODUCER) as span:
            span.set_attribute("messaging.system", "nats")
            span.set_attribute("messaging.destination.name", stream)
            span.set_attribute("messaging.message.body.size", len(body))
            if msg_id:
                span.set_attribute("messaging.message.id", msg_id)
            sent = _headers(message, headers, stream, msg_id, expected_last_subject_sequence)
            return await self._attempts(subject, body, sent, attempt_timeout, total_timeout)

    async def _attempts(
        self, subject: str, body: bytes, headers: dict[str, str], attempt_timeout: float, total_timeout: float
    ) -> Ack:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + total_timeout
        stream, pause, reason = headers["Nats-Expected-Stream"], FIRST_PAUSE, "not connected"
        while (left := deadline - loop.time()) > 0:
            # Not while disconnected: nats-py would buffer each attempt and send them all later.
            if self._nc.is_connected:
                outcome = await self._attempt(subject, body, headers, min(attempt_timeout, left))
                if isinstance(outcome, Ack):
                    return outcome
                reason = outcome
                if "Nats-Msg-Id" not in headers:
                    break
                metrics.PUBLISH_RETRIES.labels(stream).inc()
            await asyncio.sleep(min(pause * random.uniform(0.5, 1.0), max(deadline - loop.time(), 0)))  # noqa: S311
            pause = min(pause * 2, LONGEST_PAUSE)
        metrics.PUBLISH_FAILURES.labels(stream).inc()
        raise PublishFailed(f"{stream}: not confirmed within {total_timeout:g} s: {reason}")

    async def _attempt(self, subject: str, body: bytes, headers: dict[str, str], timeout: float) -> Ack | str:
        """One try: the ack, or why it is worth another one."""
        stream = headers["Nats-Expected-Stream"]
        try:
            reply = await self._nc.request(subject, body, timeout=timeout, headers=headers)
            answer = checked(orjson.loads(reply.data))
            return Ack(sequence=answer["seq"], duplicate=bool(answer.get("duplicate")))
        except JetStreamError as error:
            if error.code == WRONG_LAST_SEQUENCE:
                raise RevisionConflict(f"{stream}: {error}") from error
            if error.code in _PASSING_CODES or error.status == 503:
                return str(error)
            metrics.PUBLISH_FAILURES.labels(stream).inc()
            raise PublishFailed(f"{stream}: {error}") from error
        except (MaxPayloadError, BadHeaderError, BadSubjectError, ConnectionClosedError) as error:
            metrics.PUBLISH_FAILURES.labels(stream).inc()
            raise PublishFailed(f"{stream}: {type(error).__name__}: {error}") from error
        except (NatsError, OSError) as error:
            # Time-outs, no responders while a leader is elected, a full send buffer, a socket that just broke.
            return type(error).__name__


def _headers(
    message: Message | bytes,
    extra: dict[str, str] | None,
    stream: str,
    msg_id: str | None,
    expected: int | None,
) -> dict[str, str]:
    headers: dict[str, str] = {"Content-Type": "application/json"}
    if isinstance(message, Message):
        headers["X-Event-Type"] = message.type_name()
        headers["X-Schema-Version"] = str(message.VERSION)
    inject(headers)
    headers.update(extra or {})
    headers["Nats-Expected-Stream"] = stream
    if msg_id:
        headers["Nats-Msg-Id"] = msg_id
    if expected is not None:
        headers["Nats-Expected-Last-Subject-Sequence"] = str(expected)
    return headers
