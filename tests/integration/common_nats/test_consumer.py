from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from support.nats_server import NatsServer, connected

from common.errors import Reject, RetryLater, StopConsuming, UnreadableMessage
from common.nats.api import call
from common.nats.connection import NatsConnection
from common.nats.consumer import Consumer, ConsumerGroup, Delivery
from common.nats.dead_letters import DeadLetters
from common.nats.provision import provision
from common.nats.publisher import Publisher
from common.nats.retry import RetryPolicy
from common.nats.topology import DEAD_LETTERS, MIB, ConsumerSpec, StreamSpec, stream_spec

pytestmark = pytest.mark.broker

WORK = StreamSpec("WORK", "for tests", ("work.*",), 64 * MIB)
ONE = ConsumerSpec("WORK", "one", "one", "work.*", ack_wait=1.0)
MANY = ConsumerSpec("WORK", "many", "many", "work.*", ack_wait=1.0, max_ack_pending=20)
QUICK = RetryPolicy(first_delay=0.02, max_delay=0.1, fault_attempts=3)

Handler = Callable[[str, Delivery], Awaitable[None]]


def decode(data: bytes) -> str:
    if data == b"?":
        raise UnreadableMessage("not a message")
    return data.decode()


class Work:
    """Publishes to WORK and consumes it with whatever handler a test needs."""

    def __init__(self, connection: NatsConnection) -> None:
        self.nc = connection.nc
        self.publisher = Publisher(connection.nc)
        self.dead = DeadLetters(connection.nc, self.publisher)
        self.consumers: list[Consumer[str]] = []
        self.handled: list[str] = []

    async def publish(self, *bodies: str, subject: str = "work.a") -> None:
        for body in bodies:
            await self.publisher.publish(
                subject, body.encode(), stream="WORK", msg_id=f"{subject}-{body}", total_timeout=20
            )

    async def consume(
        self,
        handler: Handler | None = None,
        spec: ConsumerSpec = ONE,
        concurrency: int = 1,
        policy: RetryPolicy = QUICK,
    ) -> Consumer[str]:
        consumer = Consumer(self.nc, self.publisher, spec, decode, handler or self.note, policy, concurrency)
        self.consumers.append(consumer)
        await consumer.start()
        return consumer

    async def note(self, text: str, delivery: Delivery) -> None:
        self.handled.append(text)

    async def until(self, condition: Callable[[], bool], seconds: float = 15) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.01)

    async def open_messages(self, consumer: str = "one") -> int:
        # A consumer hears of a new message a moment after its publisher did: only the stream knows of all.
        published = (await call(self.nc, "STREAM.INFO.WORK"))["state"]["last_seq"]
        settled = (await call(self.nc, f"CONSUMER.INFO.WORK.{consumer}"))["ack_floor"]["stream_seq"]
        return int(published - settled)

    async def until_settled(self, consumer: str = "one") -> None:
        async with asyncio.timeout(10):
            while await self.open_messages(consumer):
                await asyncio.sleep(0.02)


@pytest.fixture
async def work(connection: NatsConnection) -> AsyncIterator[Work]:
    dead_letters = stream_spec(DEAD_LETTERS)
    assert dead_letters is not None
    await provision(connection.nc, streams=[WORK, dead_letters], buckets=[], consumers=[ONE, MANY])
    work = Work(connection)
    yield work
    for consumer in work.consumers:
        await consumer.stop(grace=0.1)


async def test_a_handled_message_is_acknowledged_and_described(work: Work) -> None:
    seen: list[Delivery] = []

    async def handler(text: str, delivery: Delivery) -> None:
        seen.append(delivery)

    await work.publish("1")
    await work.consume(handler)
    await work.until_settled()

    assert [(each.subject, each.stream, each.consumer, each.sequence, each.attempt) for each in seen] == [
        ("work.a", "WORK", "one", 1, 1)
    ]
    assert seen[0].headers["Nats-Msg-Id"] == "work.a-1"
    assert abs(time.time() - seen[0].stored_at.timestamp()) < 5


async def test_an_unreadable_message_is_dead_lettered_and_the_next_one_handled(work: Work) -> None:
    await work.publish("?", "2")
    await work.consume()
    await work.until_settled()

    letters = await work.dead.list()
    assert work.handled == ["2"]
    assert [(each.kind, each.reason, each.data, each.attempts) for each in letters] == [
        ("unreadable", "not a message", b"?", 1)
    ]
    assert (letters[0].stream, letters[0].consumer, letters[0].input_subject) == ("WORK", "one", "work.a")


async def test_a_rejected_message_is_dead_lettered_with_its_reason(work: Work) -> None:
    async def handler(text: str, delivery: Delivery) -> None:
        raise Reject("unknown\ntenant")

    await work.publish("1")
    await work.consume(handler)
    await work.until_settled()

    assert [(each.kind, each.reason) for each in await work.dead.list()] == [("rejected", "unknown tenant")]


async def test_retry_later_waits_as_long_as_it_says_and_keeps_the_order(work: Work) -> None:
    times: list[tuple[str, float]] = []

    async def handler(text: str, delivery: Delivery) -> None:
        times.append((text, time.monotonic()))
        if text == "1" and delivery.attempt == 1:
            raise RetryLater("busy", delay=0.4)

    await work.publish("1", "2")
    await work.consume(handler)
    await work.until_settled()

    assert [text for text, _ in times] == ["1", "1", "2"]
    assert 0.4 <= times[1][1] - times[0][1] < 1.0


async def test_a_message_retried_for_too_long_is_dead_lettered(work: Work) -> None:
    async def handler(text: str, delivery: Delivery) -> None:
        raise RetryLater("busy")

    await work.publish("1")
    await work.consume(handler, policy=RetryPolicy(first_delay=0.02, max_delay=0.02, give_up_after=0.2, min_retries=3))
    await work.until_settled()

    (letter,) = await work.dead.list()
    assert letter.kind == "expired"
    assert letter.attempts >= 3


async def test_a_fault_is_retried_then_dead_lettered_without_its_text(work: Work) -> None:
    attempts: list[int] = []

    async def handler(text: str, delivery: Delivery) -> None:
        attempts.append(delivery.attempt)
        raise ValueError("a customer's words")

    await work.publish("1")
    await work.consume(handler)
    await work.until_settled()

    (letter,) = await work.dead.list()
    assert attempts == [1, 2, 3]
    assert (letter.kind, letter.reason) == ("fault", "ValueError in 3 deliveries")


async def test_when_everything_fails_faults_are_kept_until_something_succeeds(work: Work) -> None:
    broken = True

    async def handler(text: str, delivery: Delivery) -> None:
        if broken:
            raise ValueError
        work.handled.append(text)

    policy = RetryPolicy(first_delay=0.01, max_delay=0.05, fault_attempts=2, fault_streak=3)
    await work.publish(*map(str, range(8)))
    consumer = await work.consume(handler, policy=policy)
    await work.until(lambda: consumer.problem is not None)
    await asyncio.sleep(0.5)
    assert await work.dead.count() == 3
    assert consumer.problem == "one: 3 faults in a row, not one success between them"

    broken = False
    await work.until_settled()
    assert work.handled == ["3", "4", "5", "6", "7"]
    assert consumer.problem is None


async def test_a_cancelled_task_inside_a_handler_is_a_fault_and_no_hot_loop(work: Work) -> None:
    attempts: list[int] = []

    async def handler(text: str, delivery: Delivery) -> None:
        attempts.append(delivery.attempt)
        inner = asyncio.create_task(asyncio.sleep(10))
        inner.cancel()
        await inner

    await work.publish("1")
    await work.consume(handler)
    await work.until_settled()

    assert attempts == [1, 2, 3]


async def test_a_dead_lettered_message_is_not_delivered_again(work: Work) -> None:
    await work.publish("?")
    await work.consume()
    await work.until_settled()
    await asyncio.sleep(1.3)

    assert await work.dead.count() == 1
    assert (await call(work.nc, "CONSUMER.INFO.WORK.one"))["num_redelivered"] == 0


async def test_a_message_whose_dead_letter_cannot_be_stored_is_kept(work: Work, connection: NatsConnection) -> None:
    await call(work.nc, f"STREAM.DELETE.{DEAD_LETTERS}")
    await work.publish("?")
    await work.consume()
    await asyncio.sleep(4.5)
    assert await work.open_messages() == 1

    dead_letters = stream_spec(DEAD_LETTERS)
    assert dead_letters is not None
    await provision(connection.nc, streams=[dead_letters], buckets=[], consumers=[])
    await work.until_settled()
    assert await work.dead.count() == 1


async def test_stop_consuming_stops_this_consumer_and_leaves_the_message_to_others(work: Work) -> None:
    async def handler(text: str, delivery: Delivery) -> None:
        raise StopConsuming("our key was revoked")

    await work.publish("1", "2")
    group = ConsumerGroup(work.nc, work.publisher, [ONE], decode, handler, QUICK)
    await group.start()
    await work.until(lambda: group.consumers[0].stopped_because is not None)
    assert await group.check() == "one stopped: our key was revoked"

    await work.consume()
    await work.until_settled()
    assert work.handled == ["1", "2"]
    await group.stop()


async def test_a_handler_slower_than_ack_wait_keeps_its_message(work: Work) -> None:
    async def handler(text: str, delivery: Delivery) -> None:
        work.handled.append(text)
        await asyncio.sleep(4.5)

    patient = ConsumerSpec("WORK", "patient", "patient", "work.*", ack_wait=2.0)
    await provision(work.nc, streams=[], buckets=[], consumers=[patient])
    await work.publish("1")
    await work.consume(handler, spec=patient)
    await work.until_settled("patient")

    assert work.handled == ["1"]


async def test_an_idle_wait_longer_than_the_heartbeat_costs_no_extra_request(work: Work) -> None:
    consumer = await work.consume()
    await asyncio.sleep(5)
    await work.publish("1")
    await work.until_settled()

    assert work.handled == ["1"]
    assert consumer._loop.reissued == 0


async def test_no_more_handlers_run_at_once_than_allowed(work: Work) -> None:
    running = most = 0

    async def handler(text: str, delivery: Delivery) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1

    await work.publish(*map(str, range(40)))
    await work.consume(handler, spec=MANY, concurrency=5)
    await work.until_settled("many")

    assert most == 5


async def test_stop_waits_for_running_handlers_and_their_acknowledgements(work: Work) -> None:
    started = asyncio.Event()

    async def handler(text: str, delivery: Delivery) -> None:
        started.set()
        await asyncio.sleep(0.5)
        work.handled.append(text)

    await work.publish("1", "2")
    consumer = await work.consume(handler)
    await started.wait()
    await consumer.stop(grace=5)

    assert work.handled == ["1"]
    assert await work.open_messages() == 1


async def test_a_handler_that_outlasts_the_grace_gives_its_message_back_at_once(work: Work) -> None:
    started = asyncio.Event()

    async def handler(text: str, delivery: Delivery) -> None:
        started.set()
        await asyncio.sleep(60)

    slow = ConsumerSpec("WORK", "slow", "slow", "work.*", ack_wait=30)
    await provision(work.nc, streams=[], buckets=[], consumers=[slow])
    await work.publish("1")
    consumer = await work.consume(handler, spec=slow)
    await started.wait()
    await consumer.stop(grace=0.1)

    await work.consume(spec=slow)
    await work.until(lambda: work.handled == ["1"], seconds=3)


async def test_messages_already_on_their_way_to_a_stopping_consumer_go_to_another(work: Work) -> None:
    prompt = ConsumerSpec("WORK", "prompt", "prompt", "work.*", ack_wait=30, max_ack_pending=50)
    await provision(work.nc, streams=[], buckets=[], consumers=[prompt])
    first = await work.consume(spec=prompt, concurrency=50)
    await asyncio.sleep(0.2)
    publishing = asyncio.create_task(work.publish(*map(str, range(200))))
    await work.until(lambda: bool(work.handled), seconds=5)
    await first.stop()
    assert 0 < len(work.handled) < 200

    await work.consume(spec=prompt, concurrency=50)
    await publishing
    await work.until(lambda: len(set(work.handled)) == 200, seconds=5)


async def test_two_processes_share_a_partition_without_overlap_and_in_order(server: NatsServer, work: Work) -> None:
    running = 0
    by_process: dict[str, int] = defaultdict(int)

    def handler_of(process: str) -> Handler:
        async def handler(text: str, delivery: Delivery) -> None:
            nonlocal running
            running += 1
            assert running == 1
            by_process[process] += 1
            work.handled.append(text)
            await asyncio.sleep(0.002)
            running -= 1

        return handler

    await work.publish(*map(str, range(100)))
    async with connected(server) as other_connection:
        other = Work(other_connection)
        await work.consume(handler_of("first"))
        await other.consume(handler_of("second"))
        await work.until_settled()
        await other.consumers[0].stop()

    assert work.handled == [str(number) for number in range(100)]
    assert min(by_process.values()) > 10


async def test_a_broker_killed_twice_loses_nothing_and_keeps_the_order(server: NatsServer, work: Work) -> None:
    by_key: dict[str, list[int]] = defaultdict(list)

    async def handler(text: str, delivery: Delivery) -> None:
        key, _, number = text.partition(":")
        if not by_key[key] or by_key[key][-1] < int(number):
            by_key[key].append(int(number))
        await asyncio.sleep(0.001)

    async def produce(key: str) -> None:
        for number in range(60):
            await work.publish(f"{key}:{number}", subject=f"work.{key}")
            await asyncio.sleep(0.02)

    await work.consume(handler)
    producers = [asyncio.create_task(produce(key)) for key in "abcde"]
    for _ in range(2):
        await asyncio.sleep(0.7)
        await server.restart()
    await asyncio.gather(*producers)
    await work.until(lambda: sum(map(len, by_key.values())) == 300)

    assert all(numbers == list(range(60)) for numbers in by_key.values())


async def test_a_message_stored_while_the_broker_was_away_is_handled_soon_after(server: NatsServer, work: Work) -> None:
    await work.consume()
    await work.publish("1")
    await work.until_settled()
    await server.restart()
    await work.publish("2")
    started = time.monotonic()
    await work.until(lambda: work.handled[-1] == "2")

    assert time.monotonic() - started < 3


async def test_a_paused_broker_only_costs_time(server: NatsServer, work: Work) -> None:
    await work.consume()
    await work.publish("1")
    server.pause()
    await asyncio.sleep(1.5)
    server.resume()
    await work.publish("2")
    await work.until_settled()

    assert list(dict.fromkeys(work.handled)) == ["1", "2"]


async def test_a_deleted_consumer_is_reported_and_used_again_when_it_is_back(work: Work) -> None:
    consumer = await work.consume()
    await asyncio.sleep(0.1)
    await call(work.nc, "CONSUMER.DELETE.WORK.one")
    await work.until(lambda: consumer.problem is not None)
    assert "Consumer Deleted" in str(consumer.problem)

    await provision(work.nc, streams=[], buckets=[], consumers=[ONE])
    await work.publish("1")
    await work.until(lambda: work.handled == ["1"])
    assert consumer.problem is None
