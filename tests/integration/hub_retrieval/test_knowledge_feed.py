from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
from support.catalogue import catalogue
from support.knowledge_items import changed
from support.nats_server import NatsServer, connected

from common.knowledge import Item, KnowledgeItemChanged, KnowledgeItemDeleted, KnowledgeKind, Product, Rule
from common.message import Message
from common.nats.connection import NatsConnection
from common.nats.publisher import Publisher
from common.nats.requests import ask_all
from common.nats.topology import KNOWLEDGE
from common.queries import IndexStatusQuery
from common.query_answers import IndexStatus
from common.subjects import hub_query
from common.subjects import knowledge as knowledge_subject
from hub.knowledge_feed import KnowledgeFeed
from hub.retrieval import KnowledgeBase

pytestmark = pytest.mark.broker

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def store(publisher: Publisher, kind: KnowledgeKind, item: Item, tenant: str = "acme") -> int:
    message = changed(kind, item, tenant)
    return await store_raw(publisher, knowledge_subject(tenant, kind, item.id), message)


async def store_raw(publisher: Publisher, subject: str, message: Message | bytes) -> int:
    ack = await publisher.publish(subject, message, stream=KNOWLEDGE, msg_id=None)
    return ack.sequence


@pytest.fixture
def base() -> KnowledgeBase:
    return KnowledgeBase()


@pytest.fixture
async def feed(hub: NatsConnection, base: KnowledgeBase) -> AsyncIterator[KnowledgeFeed]:
    feed = KnowledgeFeed(hub.nc, base, "hub-1")
    yield feed
    await feed.stop()


async def eventually(feed: KnowledgeFeed, sequence: int) -> None:
    async with asyncio.timeout(10):
        while feed.sequence < sequence:
            await asyncio.sleep(0.01)


def found(base: KnowledgeBase, text: str) -> list[str]:
    return [hit.item.id for hit in base.tenant("acme").products(text, today=TODAY)]


async def test_what_was_there_at_the_start_is_searchable_when_start_returns(
    publisher: Publisher, base: KnowledgeBase, feed: KnowledgeFeed
) -> None:
    await store(publisher, "product", Product(id="p1", name="Martelo de Unha"))
    await store(publisher, "rule", Rule(id="r1", title="Frete", text="Grátis acima de 199 reais."))

    await feed.start()

    assert feed.caught_up.is_set()
    assert await feed.check() is None
    assert found(base, "martelo") == ["p1"]
    assert base.tenant("acme").rules("frete", today=TODAY)[0].item.id == "r1"


async def test_an_empty_stream_is_caught_up_at_once(feed: KnowledgeFeed) -> None:
    async with asyncio.timeout(5):
        await feed.start()


async def test_changes_and_deletions_are_followed_live(
    publisher: Publisher, base: KnowledgeBase, feed: KnowledgeFeed
) -> None:
    await feed.start()
    await store(publisher, "product", Product(id="p1", name="Martelo"))
    await eventually(feed, await store(publisher, "product", Product(id="p1", name="Alicate")))
    assert (found(base, "martelo"), found(base, "alicate")) == ([], ["p1"])

    gone = KnowledgeItemDeleted(tenant="acme", kind="product", item_id="p1", changed_at=NOW)
    await eventually(feed, await store_raw(publisher, knowledge_subject("acme", "product", "p1"), gone))

    assert found(base, "alicate") == []
    assert base.sequence == feed.sequence == 3


async def test_what_cannot_be_understood_is_skipped_and_stops_nothing(
    publisher: Publisher, base: KnowledgeBase, feed: KnowledgeFeed
) -> None:
    good = KnowledgeItemChanged(
        tenant="acme",
        kind="product",
        item_id="p",
        content_hash="h",
        changed_at=NOW,
        item={"id": "p", "name": "Serrote"},
    )
    await store_raw(publisher, "knowledge.acme.product.cut", b'{"type": "Knowl')
    await store_raw(publisher, "knowledge.acme.product.no-name", good.model_copy(update={"item": {"id": "no-name"}}))
    await store_raw(publisher, "knowledge.bravo.product.p", good)
    await store(publisher, "product", Product(id="p2", name="Martelo"))

    await feed.start()

    assert feed.sequence == base.sequence == 4
    assert found(base, "martelo") == ["p2"]
    assert found(base, "serrote") == []
    assert base.tenant("bravo").count("product") == 0


async def test_every_hub_answers_how_far_it_is_once_it_is_there(
    server: NatsServer, publisher: Publisher, odoo_api: NatsConnection, feed: KnowledgeFeed
) -> None:
    async with connected(server, "hub") as second:
        other = KnowledgeFeed(second.nc, KnowledgeBase(), "hub-2")
        await feed.start()
        await other.start()
        query = IndexStatusQuery(tenant="acme", at_least_sequence=1)
        asking = asyncio.create_task(ask_all(odoo_api.nc, hub_query("index-status"), query, 5.0, expected=2))
        await asyncio.sleep(0.2)
        assert not asking.done()

        await store(publisher, "product", Product(id="p1", name="Martelo"))
        answers = await asking
        await other.stop()

    assert {answer.hub_id for answer in answers if isinstance(answer, IndexStatus) and answer.reached} == {
        "hub-1",
        "hub-2",
    }


async def test_following_goes_on_after_the_broker_was_killed(
    server: NatsServer, publisher: Publisher, base: KnowledgeBase, feed: KnowledgeFeed
) -> None:
    await store(publisher, "product", Product(id="p1", name="Martelo"))
    await feed.start()

    await server.restart()
    async with asyncio.timeout(20):
        sequence = 0
        while not sequence:
            try:
                sequence = await store(publisher, "product", Product(id="p2", name="Alicate"))
            except Exception:  # noqa: BLE001 - the broker is still coming up
                await asyncio.sleep(0.2)
        await eventually(feed, sequence)

    assert (found(base, "martelo"), found(base, "alicate")) == (["p1"], ["p2"])


async def test_a_large_sync_leaves_the_event_loop_free(
    publisher: Publisher, base: KnowledgeBase, feed: KnowledgeFeed
) -> None:
    await feed.start()
    stock = catalogue(1_500)
    longest, stop = 0.0, asyncio.Event()
    # What other tests of this process left is nothing that a hub has to look through.
    gc.collect()
    gc.freeze()

    async def watch() -> None:
        nonlocal longest
        while not stop.is_set():
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)

    watching = asyncio.create_task(watch())
    slots = asyncio.Semaphore(64)

    async def send(item: Product) -> int:
        async with slots:
            return await store(publisher, "product", item)

    await eventually(feed, max(await asyncio.gather(*(send(each.item) for each in stock))))
    stop.set()
    await watching
    gc.unfreeze()

    assert base.tenant("acme").count("product") == len(stock)
    assert longest < 0.25
