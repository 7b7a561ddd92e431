from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from support.nats_server import NatsServer, connected

from common.errors import QueryFailed
from common.message import Message
from common.nats.connection import NatsConnection
from common.nats.requests import Service, ask, ask_all, serve
from common.queries import QUERIES, IndexStatusQuery, PriceQuery, StockQuery
from common.query_answers import ANSWERS, IndexStatus, Price, Prices, SearchHits

pytestmark = pytest.mark.broker

QUERY = PriceQuery(tenant="acme", product_ids=(1,))
PRICES = Prices(
    prices=(
        Price(
            product_id=1,
            unit_price=Decimal("19.90"),
            currency="BRL",
            quantity=Decimal(1),
            read_at=datetime(2026, 11, 24, tzinfo=UTC),
        ),
    )
)

Handler = Callable[[PriceQuery], Awaitable[Message]]


async def _serve(connection: NatsConnection, handler: Handler, concurrency: int = 32) -> Service:
    return await serve(connection.nc, "odoo.query.price", "odoo_api", QUERIES, handler, concurrency=concurrency)


async def _answer(query: PriceQuery) -> Message:
    assert query == QUERY
    return PRICES


async def test_a_query_is_answered(connection: NatsConnection) -> None:
    service = await _serve(connection, _answer)

    assert await ask(connection.nc, "odoo.query.price", QUERY, ANSWERS, 2.0) == PRICES
    assert (await ask(connection.nc, "odoo.query.price", QUERY, expect=Prices)).prices == PRICES.prices
    await service.stop()


async def test_nobody_serving_is_unavailable_at_once(connection: NatsConnection) -> None:
    started = time.monotonic()

    with pytest.raises(QueryFailed) as failure:
        await ask(connection.nc, "odoo.query.price", QUERY)

    assert failure.value.code == "unavailable"
    assert time.monotonic() - started < 1.5


async def test_no_answer_in_time_is_unavailable(connection: NatsConnection) -> None:
    async def too_slow(query: PriceQuery) -> Message:
        await asyncio.sleep(30)
        return PRICES

    service = await _serve(connection, too_slow)

    with pytest.raises(QueryFailed) as failure:
        await ask(connection.nc, "odoo.query.price", QUERY, timeout=0.2)

    assert failure.value.code == "unavailable"
    await service.stop(grace=0.1)


async def test_a_refusal_keeps_its_code_and_message(connection: NatsConnection) -> None:
    async def refuse(query: PriceQuery) -> Message:
        raise QueryFailed("auth", "the API key was revoked")

    service = await _serve(connection, refuse)

    with pytest.raises(QueryFailed, match=r"^auth: the API key was revoked$") as failure:
        await ask(connection.nc, "odoo.query.price", QUERY)

    assert failure.value.code == "auth"
    await service.stop()


async def test_a_fault_of_the_server_is_answered_without_its_text(connection: NatsConnection) -> None:
    async def fail(query: PriceQuery) -> Message:
        raise ValueError("a customer's words")

    service = await _serve(connection, fail)
    started = time.monotonic()

    with pytest.raises(QueryFailed, match=r"^unavailable: internal error: ValueError$"):
        await ask(connection.nc, "odoo.query.price", QUERY)

    assert time.monotonic() - started < 1.5
    await service.stop()


async def test_an_unreadable_query_and_an_unexpected_answer_are_named(connection: NatsConnection) -> None:
    service = await _serve(connection, _answer)

    reply = await connection.nc.request("odoo.query.price", b"?")
    assert b'"unreadable"' in reply.data
    with pytest.raises(QueryFailed, match="Prices instead of SearchHits"):
        await ask(connection.nc, "odoo.query.price", QUERY, expect=SearchHits)
    await service.stop()


async def test_a_query_of_another_kind_is_unreadable(connection: NatsConnection) -> None:
    service = await _serve(connection, _answer)

    with pytest.raises(QueryFailed) as failure:
        await ask(connection.nc, "odoo.query.price", StockQuery(tenant="acme", product_ids=(1,)))

    assert failure.value.code == "unavailable"
    await service.stop()


async def test_no_more_queries_run_at_once_than_allowed_and_a_flood_is_refused(connection: NatsConnection) -> None:
    running = most = 0

    async def slowly(query: PriceQuery) -> Message:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1
        return PRICES

    service = await _serve(connection, slowly, concurrency=4)
    answers = await asyncio.gather(
        *(ask(connection.nc, "odoo.query.price", QUERY) for _ in range(30)), return_exceptions=True
    )

    assert most == 4
    assert sum(answer == PRICES for answer in answers) == 20
    assert sum("too many queries" in str(answer) for answer in answers) == 10
    await service.stop()


async def test_two_processes_share_the_queries_of_a_queue(server: NatsServer, connection: NatsConnection) -> None:
    by_process = [0, 0]

    def count(process: int) -> Handler:
        async def handler(query: PriceQuery) -> Message:
            by_process[process] += 1
            return PRICES

        return handler

    async with connected(server) as other:
        services = [await _serve(connection, count(0)), await _serve(other, count(1))]
        await asyncio.gather(*(ask(connection.nc, "odoo.query.price", QUERY) for _ in range(60)))
        for service in services:
            await service.stop()

    assert sum(by_process) == 60
    assert min(by_process) > 5


async def test_everybody_without_a_queue_is_heard(server: NatsServer, connection: NatsConnection) -> None:
    def hub(name: str) -> Callable[[IndexStatusQuery], Awaitable[Message]]:
        async def handler(query: IndexStatusQuery) -> Message:
            return IndexStatus(hub_id=name, indexed_sequence=7, reached=True)

        return handler

    query = IndexStatusQuery(tenant="acme", at_least_sequence=7)
    async with connected(server) as other:
        services = [
            await serve(each.nc, "hub.query.index-status", "", QUERIES, hub(name))
            for name, each in (("a", connection), ("b", other))
        ]
        started = time.monotonic()
        expected = await ask_all(connection.nc, "hub.query.index-status", query, 10.0, expected=2)
        assert time.monotonic() - started < 1.5
        everybody = await ask_all(connection.nc, "hub.query.index-status", query, 0.2)
        for service in services:
            await service.stop()

    for answers in (expected, everybody):
        assert {answer.hub_id for answer in answers if isinstance(answer, IndexStatus)} == {"a", "b"}


async def test_asking_everybody_where_nobody_is_ends_at_once(connection: NatsConnection) -> None:
    started = time.monotonic()

    assert await ask_all(connection.nc, "hub.query.index-status", IndexStatusQuery(tenant="acme"), 5.0) == []
    assert time.monotonic() - started < 1.5


async def test_stop_lets_running_answers_finish(connection: NatsConnection) -> None:
    started = asyncio.Event()

    async def slowly(query: PriceQuery) -> Message:
        started.set()
        await asyncio.sleep(0.3)
        return PRICES

    service = await _serve(connection, slowly)
    asking = asyncio.create_task(ask(connection.nc, "odoo.query.price", QUERY))
    await started.wait()
    await service.stop()

    assert await asking == PRICES
    with pytest.raises(QueryFailed, match="nobody serves"):
        await ask(connection.nc, "odoo.query.price", QUERY)


async def test_a_service_answers_again_after_the_broker_was_killed(
    server: NatsServer, connection: NatsConnection
) -> None:
    service = await _serve(connection, _answer)
    await server.restart()
    async with asyncio.timeout(10):
        while not connection.nc.is_connected:
            await asyncio.sleep(0.05)

    assert await ask(connection.nc, "odoo.query.price", QUERY) == PRICES
    await service.stop()
