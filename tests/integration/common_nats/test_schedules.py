from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from support.nats_server import NatsServer

from common.nats.api import call
from common.nats.connection import NatsConnection
from common.nats.consumer import Consumer, Delivery
from common.nats.provision import provision
from common.nats.publisher import Publisher
from common.nats.schedules import cancel, schedule
from common.nats.topology import HUB_TURNS, SCHEDULES, consumer_spec, stream_spec
from common.subjects import turn_due, turn_schedule
from common.turns import TURN_MESSAGES, TurnDue

pytestmark = pytest.mark.broker


class Turns:
    """Consumes due turns and remembers when each came."""

    def __init__(self) -> None:
        self.due: list[tuple[TurnDue, Delivery, datetime]] = []

    async def note(self, turn: TurnDue, delivery: Delivery) -> None:
        self.due.append((turn, delivery, datetime.now(UTC)))

    async def until(self, count: int, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while len(self.due) < count:
                await asyncio.sleep(0.01)


@pytest.fixture
async def turns(connection: NatsConnection, publisher: Publisher) -> AsyncIterator[Turns]:
    spec = stream_spec(SCHEDULES)
    assert spec is not None
    await provision(connection.nc, streams=[spec], buckets=[], consumers=[consumer_spec(HUB_TURNS)])
    turns = Turns()
    consumer = Consumer(connection.nc, publisher, HUB_TURNS, _decode, turns.note, concurrency=8)
    await consumer.start()
    yield turns
    await consumer.stop()


def _decode(data: bytes) -> TurnDue:
    message = TURN_MESSAGES.decode(data)
    assert isinstance(message, TurnDue)
    return message


async def _schedule(publisher: Publisher, conversation: int, delay: float) -> TurnDue:
    at = datetime.now(UTC) + timedelta(seconds=delay)
    turn = TurnDue(tenant="acme", conversation_id=conversation, due_at=at)
    await schedule(publisher, turn_schedule("acme", conversation), turn_due("acme", conversation), turn, at, ttl=3600)
    return turn


async def test_a_message_comes_when_it_is_due_and_not_before(publisher: Publisher, turns: Turns) -> None:
    turn = await _schedule(publisher, 7, delay=0.7)
    await turns.until(1)

    ((came, delivery, at),) = turns.due
    assert came == turn
    assert delivery.subject == "due.turn.acme.7"
    assert delivery.headers["X-Event-Type"] == "TurnDue"
    assert 0 <= (at - turn.due_at).total_seconds() < 1


async def test_scheduling_again_replaces_the_timer(publisher: Publisher, turns: Turns) -> None:
    await _schedule(publisher, 7, delay=0.4)
    second = await _schedule(publisher, 7, delay=1.2)
    await turns.until(1)
    await asyncio.sleep(0.5)

    assert [turn for turn, _, _ in turns.due] == [second]


async def test_a_time_that_has_passed_fires_at_once_and_the_same_timer_can_be_set_again(
    publisher: Publisher, turns: Turns
) -> None:
    for count in (1, 2):
        await _schedule(publisher, 7, delay=-5)
        await turns.until(count, seconds=2)


async def test_a_cancelled_timer_does_not_fire_and_leaves_nothing(
    connection: NatsConnection, publisher: Publisher, turns: Turns
) -> None:
    await _schedule(publisher, 7, delay=0.6)
    await cancel(publisher, turn_schedule("acme", 7))
    await cancel(publisher, turn_schedule("acme", 8))
    await asyncio.sleep(2.2)

    assert turns.due == []
    assert (await call(connection.nc, "STREAM.INFO.SCHEDULES"))["state"]["messages"] == 0


async def test_a_timer_that_was_due_while_the_broker_was_away_fires_when_it_is_back(
    server: NatsServer, publisher: Publisher, turns: Turns
) -> None:
    turn = await _schedule(publisher, 7, delay=0.5)
    server.kill()
    await asyncio.sleep(1)
    await server.start()
    await turns.until(1)

    assert turns.due[0][0] == turn
