from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest
from support.odoo_api_bench import OdooApiBench

from common.errors import QueryFailed
from common.nats.requests import ask
from common.queries import PriceQuery, StockQuery
from common.query_answers import Prices, Stocks

pytestmark = pytest.mark.broker


async def test_prices_and_stock_are_read_live_for_the_hub(bench: OdooApiBench) -> None:
    await bench.start()
    hub = await bench.connected("hub")

    prices = await ask(hub.nc, "odoo.query.price", PriceQuery(tenant="acme", product_ids=(1, 99)), expect=Prices)
    stocks = await ask(hub.nc, "odoo.query.stock", StockQuery(tenant="acme", product_ids=(1, 2)), expect=Stocks)
    bench.odoo.products[1].free = 0
    sold_out = await ask(hub.nc, "odoo.query.stock", StockQuery(tenant="acme", product_ids=(1,)), expect=Stocks)

    assert [(each.product_id, str(each.unit_price), each.currency) for each in prices.prices] == [(1, "89.90", "BRL")]
    assert [(each.product_id, int(each.free_quantity), each.unlimited) for each in stocks.stocks] == [
        (1, 7, False),
        (2, 0, True),
    ]
    assert sold_out.stocks[0].free_quantity == 0


@pytest.mark.parametrize(
    ("tenant", "ids", "quantity", "code"),
    [
        ("beta", (1,), 1, "not_configured"),
        ("nobody", (1,), 1, "unknown_tenant"),
        ("acme", (1,), 0, "validation"),
        ("acme", (0,), 1, "validation"),
        ("acme", tuple(range(1, 52)), 1, "validation"),
    ],
)
async def test_queries_that_cannot_be_answered_say_why(
    bench: OdooApiBench, tenant: str, ids: tuple[int, ...], quantity: int, code: str
) -> None:
    await bench.start()
    hub = await bench.connected("hub")
    query = PriceQuery(tenant=tenant, product_ids=ids, quantity=Decimal(quantity))

    with pytest.raises(QueryFailed) as caught:
        await ask(hub.nc, "odoo.query.price", query)

    assert caught.value.code == code


async def test_a_changed_connection_takes_effect_without_a_restart(bench: OdooApiBench) -> None:
    await bench.start()
    hub = await bench.connected("hub")
    query = StockQuery(tenant="acme", product_ids=(1,))
    await ask(hub.nc, "odoo.query.stock", query)

    await bench.apply("acme", 1, odoo=bench.odoo_section(api_key="w" * 40))
    await asyncio.sleep(1.5)
    with pytest.raises(QueryFailed) as caught:
        await ask(hub.nc, "odoo.query.stock", query)
    await bench.apply("acme", 1, odoo=bench.odoo_section())
    await asyncio.sleep(1.5)
    healed = await ask(hub.nc, "odoo.query.stock", query, expect=Stocks)

    assert caught.value.code == "auth"
    assert healed.stocks[0].free_quantity == 7


async def test_a_hanging_odoo_is_unavailable_within_its_time_limit(bench: OdooApiBench) -> None:
    await bench.start()
    hub = await bench.connected("hub")
    bench.odoo.fault = "hang"

    with pytest.raises(QueryFailed) as caught:
        await ask(hub.nc, "odoo.query.stock", StockQuery(tenant="acme", product_ids=(1,)), timeout=3)

    assert caught.value.code == "unavailable"
    assert "within 1 s" in str(caught.value)


async def test_two_instances_share_the_queries(bench: OdooApiBench) -> None:
    await bench.start()
    await bench.start()
    hub = await bench.connected("hub")

    query = StockQuery(tenant="acme", product_ids=(1,))
    answers = await asyncio.gather(*(ask(hub.nc, "odoo.query.stock", query) for _ in range(20)))
    await bench.stop(0)
    after = await ask(hub.nc, "odoo.query.stock", query)

    assert len(answers) == 20
    assert isinstance(after, Stocks)
    # Each instance made a client of its own: both probed the version, so both got queries.
    assert [each.method for each in bench.odoo.calls].count("fields_get") >= 2
