"""The client against a small Odoo over real HTTP, on both transports, healthy and not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from support.odoo_server import DATABASE, KEY, LOGIN, FakeProduct, OdooServer

from common.breaker import BreakerPolicy
from common.tenants import OdooConnection
from odoo_api.odoo.client import ClientPolicy, OdooClient
from odoo_api.odoo.errors import (
    OdooAuthFailed,
    OdooError,
    OdooMissing,
    OdooNotJson,
    OdooRefused,
    OdooUnavailable,
)
from odoo_api.odoo.http import HttpLimits
from odoo_api.odoo.network_guard import AddressPolicy
from odoo_api.odoo.permits import NotPermitted
from odoo_api.odoo.prices import read_prices
from odoo_api.odoo.stock import read_stocks

POLICY = ClientPolicy(
    http=HttpLimits(connect_seconds=2, request_seconds=1.5, body_bytes=1_000_000),
    breaker=BreakerPolicy(failures=3, open_seconds=60),
    addresses=AddressPolicy(("127.0.0.0/8",)),
)

Connect = Callable[..., OdooClient]


def now() -> datetime:
    return datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(params=["19.0", "18.0", "saas~19.2"])
async def odoo(request: pytest.FixtureRequest) -> AsyncIterator[OdooServer]:
    products = {
        1: FakeProduct(1, 89.9, free=7),
        2: FakeProduct(2, 50.0, type="service", storable=False),
        3: FakeProduct(3, 10.0, storable=False),
        4: FakeProduct(4, 30.0, type="combo", storable=False),
        5: FakeProduct(5, 12.5, free=2.5),
    }
    async with OdooServer(version=request.param, products=products) as server:
        yield server


@pytest.fixture
async def connect(odoo: OdooServer) -> AsyncIterator[Connect]:
    made: list[OdooClient] = []

    def make(policy: ClientPolicy = POLICY, **changes: Any) -> OdooClient:
        values = {"base_url": odoo.url, "database": DATABASE, "login": LOGIN, "api_key": KEY, **changes}
        made.append(OdooClient(OdooConnection.model_validate(values), policy))
        return made[-1]

    yield make
    for client in made:
        await client.close()


async def test_transport_follows_the_version(odoo: OdooServer, connect: Connect) -> None:
    client = connect()

    loaded = await client.call("crm.lead", "load", purpose="lead", fields=["id", "name"], data=[["a.b", "x"]])

    assert loaded == {"ids": [77], "messages": []}
    assert (await client.version()).speaks_json2 is (odoo.major >= 19)


async def test_price_without_pricelists_is_the_list_price(odoo: OdooServer, connect: Connect) -> None:
    prices = await read_prices(connect(), [1, 2], Decimal(1), now=now)

    assert [(each.product_id, str(each.unit_price), each.currency) for each in prices] == [
        (1, "89.90", "BRL"),
        (2, "50.00", "BRL"),
    ]
    assert prices[0].read_at == now()


async def test_default_partner_and_given_pricelist_in_rising_order(odoo: OdooServer, connect: Connect) -> None:
    odoo.pricelists = {1: {1: 80.0}, 2: {1: 70.0}, 3: {1: 60.0}}
    odoo.partner_pricelist = {9: 2}
    client = connect()

    default = await read_prices(client, [1], Decimal(1), now=now)
    partners = await read_prices(client, [1], Decimal(1), now=now, partner_id=9)
    stranger = await read_prices(client, [1], Decimal(1), now=now, partner_id=8)
    given = await read_prices(client, [1], Decimal(2), now=now, partner_id=9, pricelist_id=3)

    assert [str(each[0].unit_price) for each in (default, partners, stranger, given)] == [
        "80.00",
        "70.00",
        "80.00",
        "60.00",
    ]
    last = [each for each in odoo.calls if each.method == "get_contextual_price"][-1]
    assert last.context == {"pricelist": 3, "quantity": 2.0}
    assert last.ids == [1]


async def test_unknown_products_are_left_out_and_an_unknown_pricelist_is_not(
    odoo: OdooServer, connect: Connect
) -> None:
    client = connect()

    assert [each.product_id for each in await read_prices(client, [99, 1], Decimal(1), now=now)] == [1]
    with pytest.raises(OdooMissing):
        await read_prices(client, [1], Decimal(1), now=now, pricelist_id=404)


async def test_stock_is_free_quantity_or_unlimited_and_a_combo_has_none(odoo: OdooServer, connect: Connect) -> None:
    stocks = {each.product_id: each for each in await read_stocks(connect(), [1, 2, 3, 4, 5, 99], now=now)}

    assert sorted(stocks) == [1, 2, 3, 5]
    assert (str(stocks[1].free_quantity), stocks[1].unlimited) == ("7", False)
    assert str(stocks[5].free_quantity) == "2.5"
    assert stocks[2].unlimited
    assert stocks[3].unlimited


async def test_the_warehouse_is_passed_on(odoo: OdooServer, connect: Connect) -> None:
    await read_stocks(connect(), [1], now=now, warehouse_id=4)

    assert odoo.calls[-1].context == {"warehouse_id": 4}


async def test_without_the_inventory_app_everything_is_unlimited(odoo: OdooServer, connect: Connect) -> None:
    odoo.fields -= {"free_qty", "is_storable"}

    stocks = await read_stocks(connect(), [1], now=now)

    assert stocks[0].unlimited


async def test_fields_are_probed_once(odoo: OdooServer, connect: Connect) -> None:
    client = connect()

    for _ in range(3):
        await read_stocks(client, [1], now=now)

    assert [each.method for each in odoo.calls].count("fields_get") == 1


async def test_an_app_installed_later_is_noticed(odoo: OdooServer) -> None:
    hidden = {"free_qty", "is_storable"}
    odoo.fields -= hidden
    at = 0.0
    connection = OdooConnection.model_validate(
        {"base_url": odoo.url, "database": DATABASE, "login": LOGIN, "api_key": KEY}
    )
    client = OdooClient(connection, POLICY, clock=lambda: at)
    before = await read_stocks(client, [1], now=now)
    odoo.fields |= hidden

    at = 301.0
    after = await read_stocks(client, [1], now=now)

    assert before[0].unlimited
    assert (after[0].unlimited, int(after[0].free_quantity)) == (False, 7)
    await client.close()


async def test_wrong_key_and_wrong_database(odoo: OdooServer, connect: Connect) -> None:
    with pytest.raises(OdooAuthFailed):
        await read_stocks(connect(api_key="x" * 40), [1], now=now)
    with pytest.raises(OdooMissing):
        await read_stocks(connect(database="other"), [1], now=now)


async def test_json_rpc_without_login_says_so(odoo: OdooServer, connect: Connect) -> None:
    client = connect(login=None)

    if odoo.major >= 19:
        await read_stocks(client, [1], now=now)
    else:
        with pytest.raises(OdooAuthFailed, match=r"odoo\.login"):
            await read_stocks(client, [1], now=now)


async def test_unknown_field_is_a_validation_error_without_debug(odoo: OdooServer, connect: Connect) -> None:
    with pytest.raises(OdooRefused) as caught:
        await connect().call("product.product", "search", purpose="products", domain=[["nope", "=", 1]])

    assert "nope" in str(caught.value)
    assert "secret traceback" not in repr(caught.value) + repr(vars(caught.value))


async def test_cost_price_is_refused_before_anything_is_sent(odoo: OdooServer, connect: Connect) -> None:
    with pytest.raises(NotPermitted):
        await connect().call("product.product", "read", purpose="stock", ids=[1], fields=["standard_price"])

    assert odoo.calls == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("hang", OdooUnavailable),
        ("bad_gateway", OdooUnavailable),
        ("error_500", OdooUnavailable),
        ("login_page", OdooNotJson),
        ("gzip", OdooNotJson),
        ("as_text", OdooNotJson),
        ("huge", OdooNotJson),
    ],
)
async def test_faults_become_their_error_in_time(
    odoo: OdooServer, connect: Connect, fault: Any, kind: type[OdooError]
) -> None:
    client = connect()
    await client.version()
    odoo.fault = fault
    started = time.monotonic()

    with pytest.raises(kind):
        await client.call("product.product", "search", purpose="products", domain=[])

    assert time.monotonic() - started < 3


async def test_a_redirect_is_never_followed(odoo: OdooServer, connect: Connect) -> None:
    client = connect()
    await client.version()
    odoo.fault = "login_page"

    with pytest.raises(OdooNotJson):
        await client.call("product.product", "search", purpose="products", domain=[])

    assert odoo.requests == 1


async def test_a_refused_connection_is_unavailable(connect: Connect) -> None:
    with pytest.raises(OdooUnavailable):
        await connect(base_url="http://127.0.0.1:9").call("product.product", "search", purpose="products", domain=[])


async def test_an_address_that_is_not_permitted_is_never_connected_to(odoo: OdooServer, connect: Connect) -> None:
    client = connect(replace(POLICY, addresses=AddressPolicy(())))

    with pytest.raises(OdooUnavailable, match="ODOO_PRIVATE_NETWORKS"):
        await client.version()

    assert odoo.requests == 0


async def test_a_read_is_repeated_after_a_conflict(odoo: OdooServer, connect: Connect) -> None:
    client = connect()
    await client.version()
    odoo.fault = "conflict_once"

    assert await client.call("product.product", "search", purpose="products", domain=[]) == [1, 2, 3, 4, 5]


async def test_the_breaker_spares_a_dead_odoo_and_lets_it_come_back(odoo: OdooServer, connect: Connect) -> None:
    client = connect(replace(POLICY, breaker=BreakerPolicy(failures=3, open_seconds=0.2)))
    await client.version()
    odoo.fault = "bad_gateway"
    for _ in range(3):
        with pytest.raises(OdooUnavailable):
            await client.call("product.product", "search", purpose="products", domain=[])
    asked = odoo.requests

    with pytest.raises(OdooUnavailable, match="not asked"):
        await client.call("product.product", "search", purpose="products", domain=[])
    assert odoo.requests == asked

    odoo.fault = "none"
    await asyncio.sleep(0.25)
    assert await client.call("product.product", "search", purpose="products", domain=[]) == [1, 2, 3, 4, 5]


async def test_errors_of_odoo_itself_do_not_open_the_breaker(odoo: OdooServer, connect: Connect) -> None:
    client = connect()

    for _ in range(5):
        with pytest.raises(OdooRefused):
            await client.call("product.product", "search", purpose="products", domain=[["nope", "=", 1]])

    assert await client.call("product.product", "search", purpose="products", domain=[]) == [1, 2, 3, 4, 5]


async def test_one_odoo_gets_at_most_four_calls_at_once(odoo: OdooServer, connect: Connect) -> None:
    odoo.delay = 0.02
    odoo.products = {each: FakeProduct(each, 1.0) for each in range(1, 21)}

    await read_prices(connect(), list(odoo.products), Decimal(1), now=now)

    assert odoo.most_running == 4


async def test_an_upgraded_server_is_noticed(odoo: OdooServer, connect: Connect) -> None:
    client = connect()
    await client.call("product.product", "search", purpose="products", domain=[])
    odoo.version = "18.0" if odoo.major >= 19 else "19.0"

    if odoo.major < 19:
        with pytest.raises(OdooNotJson):
            await client.call("product.product", "search", purpose="products", domain=[])

    assert await client.call("product.product", "search", purpose="products", domain=[]) == [1, 2, 3, 4, 5]
