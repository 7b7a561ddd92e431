from __future__ import annotations

import asyncio
import time

import pytest
from support.nats_server import NatsServer

from common.errors import PublishFailed, RevisionConflict
from common.nats.api import call, stored_message
from common.nats.connection import NatsConnection
from common.nats.provision import provision
from common.nats.publisher import Ack, Publisher
from common.nats.topology import MIB, StreamSpec
from common.turns import TurnDue

pytestmark = pytest.mark.broker

WORK = StreamSpec("WORK", "for tests", ("work.*",), 64 * MIB)


@pytest.fixture(autouse=True)
async def stream(connection: NatsConnection) -> None:
    await provision(connection.nc, streams=[WORK], buckets=[], consumers=[])


async def _count(connection: NatsConnection) -> int:
    return int((await call(connection.nc, "STREAM.INFO.WORK"))["state"]["messages"])


async def test_the_same_message_id_is_stored_once(connection: NatsConnection, publisher: Publisher) -> None:
    first = await publisher.publish("work.a", b"1", stream="WORK", msg_id="x")
    second = await publisher.publish("work.a", b"1", stream="WORK", msg_id="x")

    assert first == Ack(sequence=1, duplicate=False)
    assert second == Ack(sequence=1, duplicate=True)


async def test_type_and_version_travel_in_headers(connection: NatsConnection, publisher: Publisher) -> None:
    message = TurnDue.model_validate({"tenant": "acme", "conversation_id": 1, "due_at": "2026-11-24T10:00:00Z"})

    await publisher.publish("work.a", message, stream="WORK", msg_id="x", headers={"X-Mine": "é"})

    stored = await stored_message(connection.nc, "WORK", {"seq": 1})
    assert stored is not None
    assert stored.headers["X-Event-Type"] == "TurnDue"
    assert stored.headers["X-Schema-Version"] == "1"
    assert stored.headers["Content-Type"] == "application/json"
    assert stored.headers["X-Mine"] == "é"
    assert stored.data == message.encode()


async def test_messages_published_while_the_broker_is_killed_are_stored_exactly_once(
    server: NatsServer, connection: NatsConnection, publisher: Publisher
) -> None:
    async def one(number: int) -> Ack:
        await asyncio.sleep(number * 0.005)
        return await publisher.publish(
            "work.a", str(number).encode(), stream="WORK", msg_id=f"m{number}", total_timeout=15
        )

    tasks = [asyncio.create_task(one(number)) for number in range(300)]
    for _ in range(2):
        await asyncio.sleep(0.4)
        await server.restart()
    acks = await asyncio.gather(*tasks)

    assert await _count(connection) == 300
    assert sorted(ack.sequence for ack in acks) == list(range(1, 301))


async def test_a_paused_broker_costs_time_but_no_copy(
    server: NatsServer, connection: NatsConnection, publisher: Publisher
) -> None:
    server.pause()
    asyncio.get_running_loop().call_later(1.5, server.resume)

    ack = await publisher.publish("work.a", b"1", stream="WORK", msg_id="x", attempt_timeout=0.5, total_timeout=8)

    assert ack.sequence == 1
    await asyncio.sleep(0.2)
    assert await _count(connection) == 1


async def test_without_a_broker_it_fails_in_time_and_leaves_nothing_behind(
    server: NatsServer, connection: NatsConnection, publisher: Publisher
) -> None:
    server.kill()
    await asyncio.sleep(0.1)
    started = time.monotonic()

    with pytest.raises(PublishFailed, match="not connected"):
        await publisher.publish("work.a", b"1", stream="WORK", msg_id="x", total_timeout=1.5)

    assert 1.4 < time.monotonic() - started < 2.5
    await server.restart()
    async with asyncio.timeout(10):
        while not connection.nc.is_connected:
            await asyncio.sleep(0.05)
    assert await _count(connection) == 0


async def test_without_a_stream_it_fails_in_time(connection: NatsConnection, publisher: Publisher) -> None:
    with pytest.raises(PublishFailed, match="NoResponders"):
        await publisher.publish("nowhere.a", b"1", stream="NOWHERE", msg_id="x", total_timeout=0.5)


async def test_a_message_meant_for_another_stream_is_refused_at_once(
    connection: NatsConnection, publisher: Publisher
) -> None:
    started = time.monotonic()

    with pytest.raises(PublishFailed, match="expected stream"):
        await publisher.publish("work.a", b"1", stream="OTHER", msg_id="x")

    assert time.monotonic() - started < 1


async def test_a_message_over_the_size_limit_is_refused_at_once(
    connection: NatsConnection, publisher: Publisher
) -> None:
    started = time.monotonic()

    with pytest.raises(PublishFailed, match="MaxPayloadError"):
        await publisher.publish("work.a", b"x" * (2 * MIB), stream="WORK", msg_id="x")

    assert time.monotonic() - started < 1


async def test_a_full_stream_refuses_and_takes_messages_again_after_a_purge(
    connection: NatsConnection, publisher: Publisher
) -> None:
    small = StreamSpec("SMALL", "for tests", ("small.*",), MIB)
    await provision(connection.nc, streams=[small], buckets=[], consumers=[])
    body = b"x" * 300_000
    for number in range(3):
        await publisher.publish("small.a", body, stream="SMALL", msg_id=str(number))

    with pytest.raises(PublishFailed, match="maximum bytes"):
        await publisher.publish("small.a", body, stream="SMALL", msg_id="4", total_timeout=0.5)

    await call(connection.nc, "STREAM.PURGE.SMALL")
    assert not (await publisher.publish("small.a", body, stream="SMALL", msg_id="4")).duplicate


async def test_a_compare_and_set_that_lost_says_so(connection: NatsConnection, publisher: Publisher) -> None:
    await publisher.publish("work.a", b"1", stream="WORK", msg_id="1", expected_last_subject_sequence=0)

    with pytest.raises(RevisionConflict):
        await publisher.publish("work.a", b"2", stream="WORK", msg_id="2", expected_last_subject_sequence=0)
    second = await publisher.publish("work.a", b"2", stream="WORK", msg_id="3", expected_last_subject_sequence=1)

    assert second.sequence == 2
