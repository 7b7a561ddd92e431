"""The JetStream API as raw requests: nats-py's own classes lack fields that we rely on, and drop them silently."""

from __future__ import annotations

import asyncio
import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

from common.errors import NotReady, OdooAiError

WRONG_LAST_SEQUENCE = 10071
INSUFFICIENT_RESOURCES = 10023
INSUFFICIENT_STORAGE = 10047
STREAM_NOT_FOUND = 10059
CONSUMER_NOT_FOUND = 10014
MESSAGE_NOT_FOUND = 10037
STREAM_FULL = 10077
NOTHING_TO_DELETE = 10057

_ABSENT = frozenset({STREAM_NOT_FOUND, CONSUMER_NOT_FOUND, MESSAGE_NOT_FOUND})
_PREFIX = "$JS.API."
_ATTEMPT_SECONDS = 1.0
_PAUSE_SECONDS = 0.05


class JetStreamError(OdooAiError):
    """The broker refused a JetStream request; `code` is its `err_code`."""

    def __init__(self, code: int, status: int, description: str) -> None:
        self.code = code
        self.status = status
        super().__init__(f"{description} ({code})")


class BrokerUnavailable(NotReady):
    """No answer from the broker: no connection, no leader, or no permission (the last shows in the log only)."""


async def call(nc: Client, endpoint: str, body: dict[str, Any] | None = None, *, timeout: float = 5.0) -> Any:
    """Send a request to `$JS.API.<endpoint>` and return the decoded answer.

    Raises:
        JetStreamError: the broker refused.
        BrokerUnavailable: no answer in time.
    """
    payload = orjson.dumps(body) if body else b""
    try:
        reply = await nc.request(_PREFIX + endpoint, payload, timeout=timeout)
    except NoRespondersError as error:
        raise BrokerUnavailable(f"{endpoint}: no JetStream, or no leader") from error
    except (NatsError, OSError) as error:
        raise BrokerUnavailable(f"{endpoint}: {type(error).__name__}") from error
    return checked(orjson.loads(reply.data))


async def find(nc: Client, endpoint: str, body: dict[str, Any] | None = None, *, timeout: float = 4.0) -> Any | None:
    """Like `call` for something that only reads: tried again while the broker is away, until `timeout`.

    Returns:
        The answer; None when the broker says that there is no such thing.

    Raises:
        JetStreamError: the broker refused.
        BrokerUnavailable: no answer in time.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    failure = BrokerUnavailable(f"{endpoint}: not connected")
    while (left := deadline - loop.time()) > 0:
        # An answer that was under way when the broker went down never comes: one long attempt would wait for it.
        if nc.is_connected:
            try:
                return await call(nc, endpoint, body, timeout=min(_ATTEMPT_SECONDS, left))
            except JetStreamError as error:
                if error.code in _ABSENT:
                    return None
                raise
            except BrokerUnavailable as error:
                failure = error
        await asyncio.sleep(_PAUSE_SECONDS)
    raise failure


async def need(nc: Client, endpoint: str, body: dict[str, Any] | None = None, *, timeout: float = 4.0) -> Any:
    """Like `find`, for what has to be there.

    Raises:
        NotReady: there is no such thing, or no answer in time.
        JetStreamError: the broker refused.
    """
    answer = await find(nc, endpoint, body, timeout=timeout)
    if answer is None:
        raise NotReady(f"{endpoint}: not there")
    return answer


def checked(answer: Any) -> Any:
    """The answer, unless it is an error.

    Raises:
        JetStreamError: it is one.
    """
    error = answer.get("error")
    if error:
        raise JetStreamError(error.get("err_code", 0), error.get("code", 0), error.get("description", "unknown error"))
    return answer


@dataclass(frozen=True)
class StoredMessage:
    """A message as a stream keeps it."""

    subject: str
    sequence: int
    headers: dict[str, str]
    data: bytes
    stored_at: datetime


async def stored_message(
    nc: Client, stream: str, query: dict[str, Any], *, timeout: float = 4.0
) -> StoredMessage | None:
    """Read one message from the stream's leader; None: there is none.

    Args:
        nc: The connection.
        stream: The stream.
        query: `{"seq": n}`, `{"last_by_subj": subject}` or `{"next_by_subj": filter, "seq": n}`.
        timeout: In seconds.

    Raises:
        BrokerUnavailable: no answer in time.
    """
    answer = await find(nc, f"STREAM.MSG.GET.{stream}", query, timeout=timeout)
    if answer is None:
        return None
    message = answer["message"]
    return StoredMessage(
        subject=message["subject"],
        sequence=int(message["seq"]),
        headers=_decode_headers(message.get("hdrs", "")),
        data=base64.b64decode(message.get("data", "")),
        stored_at=datetime.fromisoformat(message["time"]),
    )


def _decode_headers(encoded: str) -> dict[str, str]:
    try:
        raw = base64.b64decode(encoded).decode("utf-8", "replace")
    except binascii.Error:
        return {}
    pairs = (line.partition(":") for line in raw.split("\r\n")[1:] if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}
