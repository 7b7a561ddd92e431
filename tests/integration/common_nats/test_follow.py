from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import pytest
from support.nats_server import NatsServer

from common.errors import UnreadableMessage
from common.nats.api import call
from common.nats.connection import NatsConnection
from common.nats.follow import Follow
from common.nats.provision import provision
from common.nats.publisher import Publisher
from common.nats.topology import MIB, StreamSpec

pytestmark = pytest.mark.broker

FACTS = StreamSpec("FACTS", "for tests", ("fact.*",), 128 * MIB)


class Index:
    """Applies what it follows, and remembers it."""

    def __init__(self, connection: NatsConnection) -> None:
        self.nc = connection.nc
        self.applied: list[tuple[int, bytes]] = []
        self.follows: list[Follow] = []

    def follow(self, filter_subject: str = "fact.>", start_sequence: int = 1) -> Follow:
        follow = Follow(self.nc, "FACTS", filter_subject, self.apply, start_sequence)
        self.follows.append(follow)
        return follow

    def apply(self, subject: str, data: bytes, headers: dict[str, str], sequence: int) -> None:
        if data == b"?":
            raise UnreadableMessage("not a fact")
        self.applied.append((sequence, data))


@pytest.fixture
async def index(connection: NatsConnection) -> AsyncIterator[Index]:
    await provision(connection.nc, streams=[FACTS], buckets=[], consumers=[])
    index = Index(connection)
    yield index
    for follow in index.follows:
        await follow.stop()


async def _until(condition: Callable[[], bool], seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def _publish(publisher: Publisher, first: int, last: int, subject: str = "fact.a", pause: float = 0) -> None:
    for number in range(first, last + 1):
        await publisher.publish(
            subject, str(number).encode(), stream="FACTS", msg_id=f"{subject}{number}", total_timeout=20
        )
        await asyncio.sleep(pause)


async def test_an_empty_stream_is_caught_up_at_once_and_followed_live(index: Index, publisher: Publisher) -> None:
    follow = index.follow()
    await follow.start()
    await asyncio.wait_for(follow.caught_up.wait(), 2)
    assert await follow.check() is None

    started = time.monotonic()
    await _publish(publisher, 1, 3)
    assert await follow.reached(3, timeout=5)

    assert time.monotonic() - started < 3
    assert index.applied == [(1, b"1"), (2, b"2"), (3, b"3")]


async def test_it_starts_at_a_sequence_and_applies_its_filter_only(index: Index, publisher: Publisher) -> None:
    await _publish(publisher, 1, 4)
    await _publish(publisher, 1, 1, subject="fact.b")
    await _publish(publisher, 5, 5)

    follow = index.follow("fact.a", start_sequence=3)
    assert follow.sequence == 2
    await follow.start()
    await asyncio.wait_for(follow.caught_up.wait(), 2)

    assert index.applied == [(3, b"3"), (4, b"4"), (6, b"5")]
    assert not await follow.reached(7, timeout=0.1)


async def test_twenty_thousand_messages_are_caught_up_in_seconds(connection: NatsConnection) -> None:
    # In memory: what is measured is the reading, not twenty thousand syncs of the disk.
    await call(connection.nc, "STREAM.CREATE.FACTS", {"name": "FACTS", "subjects": ["fact.*"], "storage": "memory"})
    index = Index(connection)
    for number in range(20_000):
        await index.nc.publish("fact.a", b"x" * 500)
        if number % 1000 == 0:
            await index.nc.flush()
    async with asyncio.timeout(30):
        while (await call(index.nc, "STREAM.INFO.FACTS"))["state"]["messages"] < 20_000:
            await asyncio.sleep(0.1)

    follow = index.follow()
    # This process's own time, which a busy machine does not lengthen; 0.6 s was measured.
    started = time.process_time()
    await follow.start()
    await asyncio.wait_for(follow.caught_up.wait(), 40)
    took = time.process_time() - started

    assert [sequence for sequence, _ in index.applied] == list(range(1, 20_001))
    assert took < 4
    await follow.stop()


async def test_killed_brokers_cost_no_message_and_no_order(
    server: NatsServer, index: Index, publisher: Publisher
) -> None:
    follow = index.follow()
    await follow.start()
    publishing = asyncio.create_task(_publish(publisher, 1, 150, pause=0.01))
    for _ in range(2):
        await asyncio.sleep(0.5)
        await server.restart()
    await publishing

    assert await follow.reached(150, timeout=15)
    assert index.applied == [(number, str(number).encode()) for number in range(1, 151)]
    assert follow.restarts >= 1
    assert follow.problem is None


async def test_a_consumer_the_broker_dropped_is_made_again(index: Index, publisher: Publisher) -> None:
    follow = index.follow()
    await follow.start()
    await _publish(publisher, 1, 2)
    assert await follow.reached(2, timeout=2)

    (name,) = (await call(index.nc, "CONSUMER.NAMES.FACTS"))["consumers"]
    await call(index.nc, f"CONSUMER.DELETE.FACTS.{name}")
    await _publish(publisher, 3, 4)

    assert await follow.reached(4, timeout=5)
    assert [sequence for sequence, _ in index.applied] == [1, 2, 3, 4]


async def test_following_waits_for_a_stream_that_is_not_there_yet(connection: NatsConnection) -> None:
    index = Index(connection)
    follow = index.follow()
    await follow.start()
    await asyncio.sleep(0.2)
    assert follow.problem == "not following FACTS"

    await provision(connection.nc, streams=[FACTS], buckets=[], consumers=[])
    await asyncio.wait_for(follow.caught_up.wait(), 5)
    await follow.stop()


async def test_an_unreadable_message_is_passed_over(index: Index, publisher: Publisher) -> None:
    follow = index.follow()
    await follow.start()
    await publisher.publish("fact.a", b"?", stream="FACTS", msg_id="?")
    await _publish(publisher, 2, 2)

    assert await follow.reached(2, timeout=2)
    assert index.applied == [(2, b"2")]


async def test_an_error_while_applying_ends_it_visibly(connection: NatsConnection, publisher: Publisher) -> None:
    await provision(connection.nc, streams=[FACTS], buckets=[], consumers=[])

    def fail(subject: str, data: bytes, headers: dict[str, str], sequence: int) -> None:
        raise ZeroDivisionError

    follow = Follow(connection.nc, "FACTS", "fact.>", fail)
    await follow.start()
    await _publish(publisher, 1, 1)
    await _until(lambda: follow.problem is not None and "ended" in follow.problem)

    assert follow.problem == "following FACTS ended: ZeroDivisionError"
    assert follow.sequence == 0
    await follow.stop()


async def test_an_asynchronous_callback_is_waited_for(connection: NatsConnection, publisher: Publisher) -> None:
    await provision(connection.nc, streams=[FACTS], buckets=[], consumers=[])
    applied: list[int] = []

    async def apply(subject: str, data: bytes, headers: dict[str, str], sequence: int) -> None:
        await asyncio.sleep(0.01)
        applied.append(sequence)

    follow = Follow(connection.nc, "FACTS", "fact.>", apply)
    await follow.start()
    await _publish(publisher, 1, 3)
    assert await follow.reached(3, timeout=2)
    assert applied == [1, 2, 3]
    await follow.stop()
