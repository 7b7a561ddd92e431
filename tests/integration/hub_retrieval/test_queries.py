from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from common.commands import HandOffReason
from common.errors import QueryFailed
from common.facts import Source
from common.knowledge import KnowledgeItemChanged, Promotion
from common.nats.connection import NatsConnection
from common.nats.requests import ask, serve
from common.queries import QUERIES, AnswerQuery, PriceQuery, SearchQuery, StockQuery
from common.query_answers import Answer, Price, Prices, SearchHits, Stock, Stocks
from common.subjects import hub_query, odoo_query
from common.tenants import TenantProfile
from hub.answering import Reply, TurnInput
from hub.odoo_reads import OdooReads
from hub.query_service import QueryService
from hub.retrieval import KnowledgeBase

pytestmark = pytest.mark.broker

# 01:30 in UTC is still the day before in São Paulo.
NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)


class Directory:
    def get(self, tenant: str) -> TenantProfile | None:
        return TenantProfile(tenant="acme", chatwoot_account_id=1) if tenant == "acme" else None


class Recorder:
    def __init__(self) -> None:
        self.turns: list[TurnInput] = []

    async def respond(self, turn: TurnInput) -> Reply:
        self.turns.append(turn)
        reason: HandOffReason = "missing_knowledge"
        source = Source(kind="rule", id="r", title="R")
        return Reply(
            outcome="handed_off", reason="nothing", text="Um momento.", hand_off_reason=reason, sources=(source,)
        )


async def test_a_search_judges_dates_in_the_tenants_zone(hub: NatsConnection, odoo_api: NatsConnection) -> None:
    base = KnowledgeBase()
    offer = Promotion(id="o", title="Dia do tapete", text="Só hoje.", valid_until=NOW.date().replace(day=24))
    body = offer.model_dump(mode="json")
    base.apply(
        KnowledgeItemChanged(tenant="acme", kind="promotion", item_id="o", content_hash="h", changed_at=NOW, item=body),
        5,
    )
    service = QueryService(hub.nc, base, Recorder(), Directory(), now=lambda: NOW)
    await service.start()

    hits = await ask(odoo_api.nc, hub_query("search"), SearchQuery(tenant="acme", text="tapete"), expect=SearchHits)
    with pytest.raises(QueryFailed) as caught:
        await ask(odoo_api.nc, hub_query("search"), SearchQuery(tenant="bravo", text="tapete"))
    await service.stop()

    assert [(hit.kind, hit.id, hit.title) for hit in hits.results] == [("promotion", "o", "Dia do tapete")]
    assert hits.indexed_sequence == 5
    assert caught.value.code == "unknown_tenant"


async def test_an_answer_is_the_responders_reply_to_the_question_alone(
    hub: NatsConnection, odoo_api: NatsConnection
) -> None:
    responder = Recorder()
    service = QueryService(hub.nc, KnowledgeBase(), responder, Directory(), now=lambda: NOW)
    await service.start()
    query = AnswerQuery(tenant="acme", question="Tem tapete?", contact={"name": "Ana", "phone": "+5511999990000"})

    answer = await ask(odoo_api.nc, hub_query("answer"), query, expect=Answer)
    for wrong in ({"question": "  "}, {"contact": {"name": ["x"]}}):
        with pytest.raises(QueryFailed) as caught:
            await ask(odoo_api.nc, hub_query("answer"), query.model_copy(update=wrong))
        assert caught.value.code == "validation"
    await service.stop()

    assert (answer.answer, answer.outcome, answer.hand_off_reason) == ("Um momento.", "handed_off", "missing_knowledge")
    assert [source.id for source in answer.sources] == ["r"]
    (turn,) = responder.turns
    assert turn.text == "Tem tapete?"
    assert turn.contact is not None
    assert (turn.contact.name, turn.now, turn.history) == ("Ana", NOW, ())


async def test_live_values_are_read_and_not_asked_for_twice_at_once(
    hub: NatsConnection, odoo_api: NatsConnection
) -> None:
    asked: list[PriceQuery | StockQuery] = []

    async def price(query: PriceQuery) -> Prices:
        asked.append(query)
        known = [each for each in query.product_ids if each != 99]
        return Prices(
            prices=tuple(
                Price(product_id=each, unit_price=Decimal("9.90"), currency="BRL", quantity=query.quantity, read_at=NOW)
                for each in known
            )
        )

    async def stock(query: StockQuery) -> Stocks:
        asked.append(query)
        return Stocks(
            stocks=tuple(Stock(product_id=each, free_quantity=Decimal(3), read_at=NOW) for each in query.product_ids)
        )

    services = [
        await serve(odoo_api.nc, odoo_query("price"), "odoo_api", QUERIES, price),
        await serve(odoo_api.nc, odoo_query("stock"), "odoo_api", QUERIES, stock),
    ]
    reads = OdooReads(hub.nc, fresh_for=60)

    first = await reads.prices("acme", [1, 2, 99])
    again = await reads.prices("acme", [2, 3])
    many = await reads.prices("acme", [2], Decimal(12))
    await reads.prices("bravo", [2])
    stocks = await reads.stocks("acme", [1])
    for service in services:
        await service.stop()

    assert set(first) == {1, 2}
    assert first[1].unit_price == Decimal("9.90")
    assert set(again) == {2, 3}
    assert many[2].quantity == 12
    assert stocks[1].free_quantity == 3
    assert [(each.tenant, each.product_ids) for each in asked] == [
        ("acme", (1, 2, 99)),
        ("acme", (3,)),
        ("acme", (2,)),
        ("bravo", (2,)),
        ("acme", (1,)),
    ]


async def test_a_value_is_not_kept_beyond_its_moment(hub: NatsConnection, odoo_api: NatsConnection) -> None:
    asked = 0

    async def stock(query: StockQuery) -> Stocks:
        nonlocal asked
        asked += 1
        return Stocks(stocks=(Stock(product_id=1, free_quantity=Decimal(asked), read_at=NOW),))

    service = await serve(odoo_api.nc, odoo_query("stock"), "odoo_api", QUERIES, stock)
    reads = OdooReads(hub.nc, fresh_for=0)

    found = [(await reads.stocks("acme", [1]))[1].free_quantity for _ in range(2)]
    await service.stop()

    assert found == [1, 2]


async def test_nobody_to_ask_is_an_honest_error(hub: NatsConnection) -> None:
    with pytest.raises(QueryFailed) as caught:
        await OdooReads(hub.nc, timeout=1).prices("acme", [1])

    assert caught.value.code == "unavailable"


async def test_nothing_to_ask_asks_nothing(hub: NatsConnection) -> None:
    reads = OdooReads(hub.nc, timeout=1)

    assert await reads.prices("acme", []) == {}
    assert await reads.stocks("acme", []) == {}
