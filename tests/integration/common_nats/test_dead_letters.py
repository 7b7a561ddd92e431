from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from common.errors import Reject
from common.nats.connection import NatsConnection
from common.nats.consumer import ConsumerGroup, Delivery
from common.nats.dead_letters import DeadLetters, publish_dead_letter
from common.nats.provision import provision
from common.nats.publisher import Publisher
from common.nats.topology import CHATWOOT_EVENTS, DEAD_LETTERS, HUB_EVENTS, STREAMS, consumers_of
from common.subjects import chatwoot_event

pytestmark = pytest.mark.broker


@pytest.fixture
async def dead(connection: NatsConnection, publisher: Publisher) -> DeadLetters:
    streams = [each for each in STREAMS if each.name in (CHATWOOT_EVENTS, DEAD_LETTERS)]
    await provision(connection.nc, streams=streams, buckets=[], consumers=consumers_of(HUB_EVENTS))
    return DeadLetters(connection.nc, publisher)


def _delivery(sequence: int, stream: str = CHATWOOT_EVENTS) -> Delivery:
    return Delivery(
        subject="events.58.acme.1",
        data=b"{}",
        headers={"Nats-Msg-Id": "cw:1", "traceparent": "00-a-b-01", "X-Event-Type": "T"},
        stream=stream,
        consumer="hub-events-58",
        sequence=sequence,
        attempt=2,
        stored_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


async def test_a_mended_message_is_replayed_to_where_it_first_came_in(
    connection: NatsConnection, publisher: Publisher, dead: DeadLetters
) -> None:
    handled: list[tuple[bytes, Delivery]] = []

    async def handler(data: bytes, delivery: Delivery) -> None:
        if data == b"broken":
            raise Reject("it is broken")
        handled.append((data, delivery))

    group = ConsumerGroup(connection.nc, publisher, HUB_EVENTS, lambda data: data, handler)
    await group.start()
    await publisher.publish(
        chatwoot_event("acme", 7), b"broken", stream=CHATWOOT_EVENTS, msg_id="cw:1", headers={"X-Event-Type": "T"}
    )
    async with asyncio.timeout(5):
        while not await dead.count():
            await asyncio.sleep(0.02)
    (letter,) = await dead.list(stream=CHATWOOT_EVENTS, consumer=HUB_EVENTS)
    assert letter.input_subject == "chatwoot.event.acme.7"
    assert letter.reason == "it is broken"

    ack = await dead.replay(letter.sequence, b"mended")
    async with asyncio.timeout(5):
        while not handled:
            await asyncio.sleep(0.02)

    assert not ack.duplicate
    ((data, delivery),) = handled
    assert data == b"mended"
    assert delivery.headers["X-Event-Type"] == "T"
    assert delivery.headers["X-Replay-Of"] == str(letter.sequence)
    assert not any(key.startswith("X-Dead-") for key in delivery.headers)
    assert await dead.count() == 0
    await group.stop()


async def test_a_copy_is_stored_once_and_tells_everything(publisher: Publisher, dead: DeadLetters) -> None:
    for _ in range(2):
        await publish_dead_letter(publisher, _delivery(5), HUB_EVENTS, reason="why\r\nX-Bad: 1", kind="rejected")

    (letter,) = await dead.list()
    assert letter == await dead.show(letter.sequence)
    assert (letter.stream, letter.consumer, letter.kind) == (CHATWOOT_EVENTS, HUB_EVENTS, "rejected")
    assert letter.reason == "why X-Bad: 1"
    assert (letter.original_sequence, letter.attempts) == (5, 2)
    assert letter.original_stored_at == "2026-11-24T00:00:00+00:00"
    assert letter.headers["traceparent"] == "00-a-b-01"


async def test_letters_are_listed_by_stream_and_consumer_and_in_pages(publisher: Publisher, dead: DeadLetters) -> None:
    for sequence in range(1, 6):
        await publish_dead_letter(publisher, _delivery(sequence), HUB_EVENTS, reason="x", kind="fault")
    await publish_dead_letter(publisher, _delivery(1, "CHATWOOT_COMMANDS"), "sender", reason="x", kind="fault")

    first = await dead.list(stream=CHATWOOT_EVENTS, limit=2)
    rest = await dead.list(stream=CHATWOOT_EVENTS, after=first[-1].sequence)

    assert [each.original_sequence for each in (*first, *rest)] == [1, 2, 3, 4, 5]
    assert [each.consumer for each in await dead.list(consumer="sender")] == ["sender"]
    assert await dead.count() == 6


async def test_dropping_and_replaying_what_is_not_there_says_so(publisher: Publisher, dead: DeadLetters) -> None:
    await publish_dead_letter(publisher, _delivery(1), HUB_EVENTS, reason="x", kind="fault")

    assert await dead.drop(1)
    assert not await dead.drop(1)
    assert await dead.show(1) is None
    with pytest.raises(LookupError, match="no dead letter 1"):
        await dead.replay(1)
