"""Finding the record of a turn: by its id, by a customer's message, or by a message of the assistant."""

from __future__ import annotations

from collections.abc import Callable

from nats.aio.client import Client

from cli.stored_messages import read_all
from common.errors import UnreadableMessage
from common.events import CHATWOOT_EVENTS as EVENTS
from common.events import ReplyObserved
from common.nats.topology import CHATWOOT_EVENTS, TURNS
from common.turns import TURN_MESSAGES, TurnRecorded


async def turn_of_message(
    nc: Client, tenant: str, message_id: int, conversation_id: int | None = None
) -> TurnRecorded | None:
    """The turn that ended a customer's message, or that wrote a message of the assistant.

    Args:
        nc: The operator's connection.
        tenant: Whose message.
        message_id: Chatwoot's id of the message.
        conversation_id: Chatwoot's number of the conversation, to read less.
    """
    place = f"{tenant}.{conversation_id or '*'}"
    found = await _newest(nc, f"turn.{place}", lambda record: message_id in record.message_ids)
    if found is not None:
        return found
    reply = await _reply(nc, place, message_id)
    return await turn_by_id(nc, reply.turn_id) if reply else None


async def turn_by_id(nc: Client, turn_id: str) -> TurnRecorded | None:
    """The turn of an id like `acme.25.3.17547`."""
    tenant, _, rest = turn_id.partition(".")
    conversation = rest.partition(".")[0]
    if not tenant or not conversation.isdigit():
        return None
    return await _newest(nc, f"turn.{tenant}.{conversation}", lambda record: record.turn_id == turn_id)


async def _newest(nc: Client, subject: str, fits: Callable[[TurnRecorded], bool]) -> TurnRecorded | None:
    found: list[TurnRecorded] = []

    def look(_: str, data: bytes, __: int) -> None:
        try:
            record = TURN_MESSAGES.decode(data)
        except UnreadableMessage:
            return
        if isinstance(record, TurnRecorded) and fits(record):
            found[:] = [record]

    await read_all(nc, TURNS, subject, look)
    return found[0] if found else None


async def _reply(nc: Client, place: str, message_id: int) -> ReplyObserved | None:
    found: list[ReplyObserved] = []

    def look(_: str, data: bytes, __: int) -> None:
        # Most events are something else: a look at the bytes saves decoding them.
        if b'"ReplyObserved"' not in data or str(message_id).encode() not in data:
            return
        try:
            event = EVENTS.decode(data)
        except UnreadableMessage:
            return
        if isinstance(event, ReplyObserved) and event.message_id == message_id:
            found[:] = [event]

    await read_all(nc, CHATWOOT_EVENTS, f"events.*.{place}", look)
    return found[0] if found else None
