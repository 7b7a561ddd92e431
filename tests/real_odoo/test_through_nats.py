"""The hub's questions and orders, answered by running services from a real Odoo."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path

import pytest
from support.nats_server import NatsServer
from support.odoo_api_bench import OdooApiBench
from support.odoo_contract import lead, quotation
from support.odoo_server import OdooServer
from support.real_odoo import DATABASE, KEY, LOGIN, URL, Admin, ShopKeeper

from common.errors import QueryFailed
from common.nats.odoo_orders import OdooOrders
from common.nats.publisher import Publisher
from common.nats.requests import ask
from common.nats.topology import ODOO_COMMANDS, ODOO_WRITER
from common.odoo_answers import IdentityVerdict, OrderStatuses, Partners, QuotePreview
from common.odoo_commands import Person
from common.queries import (
    OrderStatusQuery,
    PartnerQuery,
    PriceQuery,
    QuotePreviewQuery,
    QuoteRequestLine,
    StockQuery,
    VerifyIdentityQuery,
)
from common.query_answers import Prices, Stocks

pytestmark = [pytest.mark.real_odoo, pytest.mark.broker]

SECTION = {"base_url": URL, "database": DATABASE, "login": LOGIN, "api_key": KEY}


@pytest.fixture
async def bench(admin: Admin, keeper: ShopKeeper, tmp_path: Path) -> AsyncIterator[OdooApiBench]:
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(NatsServer.with_users(tmp_path / "nats", provisioned=True))
        unused = await stack.enter_async_context(OdooServer())
        bench = OdooApiBench(broker, unused, stack)
        await bench.open()
        await bench.apply("loja", 3, odoo=SECTION)
        yield bench


async def test_price_stock_quote_order_and_identity_are_answered(bench: OdooApiBench, keeper: ShopKeeper) -> None:
    await bench.start(odoo_request_seconds=20.0)
    nc, shop = (await bench.connected("hub")).nc, keeper.shop
    ten = Decimal(shop.bulk)
    price = PriceQuery(tenant="loja", product_ids=(shop.product,), quantity=ten, pricelist_id=shop.pricelist)
    stock = StockQuery(tenant="loja", product_ids=(shop.product,), by_warehouse=True)
    lines = (QuoteRequestLine(product_id=shop.product, quantity=Decimal(2)),)
    quote = QuotePreviewQuery(tenant="loja", lines=lines, partner_id=shop.customer)
    order = OrderStatusQuery(tenant="loja", partner_id=shop.customer, reference=shop.order.lower())
    partner = PartnerQuery(tenant="loja", phone=shop.phone)
    digits = "".join(filter(str.isdigit, shop.document))
    claim = VerifyIdentityQuery(tenant="loja", claim=digits[-4:], phone=shop.phone)

    prices = await ask(nc, "odoo.query.price", price, timeout=20, expect=Prices)
    stocks = await ask(nc, "odoo.query.stock", stock, timeout=20, expect=Stocks)
    preview = await ask(nc, "odoo.query.quote_preview", quote, timeout=20, expect=QuotePreview)
    status = await ask(nc, "odoo.query.order_status", order, timeout=20, expect=OrderStatuses)
    found = await ask(nc, "odoo.query.partner", partner, timeout=20, expect=Partners)
    verdict = await ask(nc, "odoo.query.verify_identity", claim, timeout=20, expect=IdentityVerdict)

    assert str(prices.prices[0].unit_price) == shop.price_of_bulk
    assert {each.name: each.free_quantity for each in stocks.stocks[0].warehouses}.items() >= (
        shop.free_by_warehouse.items()
    )
    assert str(preview.total) == str(Decimal(shop.price_of_one) * 2)
    assert [(each.reference, str(each.total)) for each in status.orders] == [(shop.order, shop.order_total)]
    assert [each.partner_id for each in found.matches] == [shop.customer]
    assert (verdict.verified, verdict.partner_id) == (True, shop.customer)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"api_key": "0" * 40}, "auth"),
        ({"database": "no-such-database"}, "missing"),
        ({"base_url": "http://127.0.0.1:9"}, "unavailable"),
    ],
)
async def test_what_is_wrong_with_the_connection_is_told(
    bench: OdooApiBench, changes: dict[str, str], code: str
) -> None:
    await bench.apply("loja", 3, odoo={**SECTION, **changes})
    await bench.start(odoo_request_seconds=20.0)
    nc = (await bench.connected("hub")).nc

    with pytest.raises(QueryFailed) as caught:
        await ask(nc, "odoo.query.stock", StockQuery(tenant="loja", product_ids=(1,)), timeout=20)

    assert caught.value.code == code


async def test_two_services_create_the_same_lead_once(bench: OdooApiBench, admin: Admin) -> None:
    await asyncio.gather(bench.start(odoo_request_seconds=20.0), bench.start(odoo_request_seconds=20.0))
    nc, key = (await bench.connected("hub")).nc, uuid.uuid4().hex
    command = lead(key, title=f"Pelo NATS {key[:8]}")

    # As after the broker's duplicate window: each copy is delivered, to whichever service.
    for number in range(6):
        await Publisher(nc).publish(command.subject, command, stream=ODOO_COMMANDS, msg_id=f"{key}-{number}")
    result = await OdooOrders(nc).result("loja", key, wait_seconds=30)
    await bench.settled(ODOO_COMMANDS, ODOO_WRITER)

    stored = admin.call("crm.lead", "search", domain=[["name", "=", command.title]])
    assert result is not None
    assert stored == [result.record_id]


async def test_a_quotation_is_created_from_the_customers_yes(bench: OdooApiBench, keeper: ShopKeeper) -> None:
    await bench.start(odoo_request_seconds=20.0)
    hub, key, shop = OdooOrders((await bench.connected("hub")).nc), uuid.uuid4().hex, keeper.shop

    await hub.submit(quotation(key, (shop.product, 2), person=Person(partner_id=shop.customer), note="Confirmado"))
    result = await hub.result("loja", key, wait_seconds=30)

    assert result is not None
    assert (result.outcome, str(result.total)) == ("done", str(Decimal(shop.price_of_one) * 2))
    row = keeper.admin.call("sale.order", "read", ids=[result.record_id], fields=["name", "state"])[0]
    assert (row["name"], row["state"]) == (result.reference, "draft")
