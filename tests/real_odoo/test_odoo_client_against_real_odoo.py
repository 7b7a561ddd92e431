"""The Odoo client against a real Odoo 19 with demo data, over both transports (19 still speaks JSON-RPC).

Skipped unless `REAL_ODOO_URL` and `REAL_ODOO_KEY` are set: `scripts/with_real_odoo.sh pytest tests/real_odoo`.
"""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from common.errors import QueryFailed
from common.queries import PriceQuery, Prices, StockQuery, Stocks
from common.tenants import OdooConnection, TenantProfile
from odoo_api.connections import OdooConnections
from odoo_api.odoo.client import ClientPolicy, OdooClient, TransportChoice
from odoo_api.odoo.errors import (
    OdooAccessDenied,
    OdooAuthFailed,
    OdooError,
    OdooMissing,
    OdooRefused,
    OdooUnavailable,
)
from odoo_api.odoo.fields import FieldNotAllowed
from odoo_api.odoo.network_guard import AddressPolicy
from odoo_api.odoo.prices import read_prices
from odoo_api.odoo.stock import read_stocks
from odoo_api.query_service import OdooQueries

URL = os.environ.get("REAL_ODOO_URL", "")
KEY = os.environ.get("REAL_ODOO_KEY", "")
pytestmark = [
    pytest.mark.real_odoo,
    pytest.mark.skipif(not (URL and KEY), reason="REAL_ODOO_URL and REAL_ODOO_KEY are not set"),
]

UNKNOWN_ID = 99_999_999


def now() -> datetime:
    return datetime.now(UTC)


def connect(transport: TransportChoice = "auto", **changes: str) -> OdooClient:
    connection = OdooConnection.model_validate(
        {
            "base_url": URL,
            "database": os.environ.get("REAL_ODOO_DATABASE", "odoo"),
            "login": os.environ.get("REAL_ODOO_LOGIN", "admin"),
            "api_key": KEY,
            **changes,
        }
    )
    return OdooClient(connection, ClientPolicy(transport=transport, addresses=AddressPolicy(("127.0.0.0/8",))))


@pytest.fixture(params=["json2", "jsonrpc"])
def transport(request: pytest.FixtureRequest) -> TransportChoice:
    choice: TransportChoice = request.param
    return choice


@pytest.fixture
async def odoo(transport: TransportChoice) -> AsyncIterator[OdooClient]:
    client = connect(transport)
    yield client
    await client.close()


@dataclass(frozen=True)
class Shop:
    """What a test sells: one storable product with 12 on hand and 5 reserved, and a service."""

    product: int
    service: int
    pricelist: int


@pytest.fixture
async def shop(odoo: OdooClient) -> AsyncIterator[Shop]:
    product = await make(
        odoo, "product.product", name="Cadeira de teste", list_price=89.9, type="consu", is_storable=True
    )
    service = await make(odoo, "product.product", name="Montagem de teste", list_price=50.0, type="service")
    rule = {
        "applied_on": "0_product_variant",
        "product_id": product,
        "min_quantity": 10,
        "compute_price": "fixed",
        "fixed_price": 45.5,
    }
    pricelist = await make(odoo, "product.pricelist", name="Atacado de teste", item_ids=[[0, 0, rule]])
    await put_on_shelf(odoo, product, 12)
    order = await reserve(odoo, product, 5)
    yield Shop(product, service, pricelist)
    await odoo.call("sale.order", "action_cancel", ids=[order])
    await odoo.call("product.pricelist", "unlink", ids=[pricelist])
    await odoo.call("product.product", "write", ids=[product, service], vals={"active": False})


async def make(odoo: OdooClient, model: str, **values: Any) -> int:
    created = await odoo.call(model, "create", vals_list=[values])
    assert isinstance(created[0], int)
    return int(created[0])


async def put_on_shelf(odoo: OdooClient, product: int, quantity: float) -> None:
    warehouse = (await odoo.call("stock.warehouse", "search", domain=[], limit=1, order="id"))[0]
    # Only what lies in the warehouse's main location can be reserved for an order.
    domain = [["warehouse_id", "=", warehouse], ["usage", "=", "internal"], ["name", "=", "Stock"]]
    location = (await odoo.call("stock.location", "search", domain=domain))[0]
    quant = await make(odoo, "stock.quant", product_id=product, location_id=location, inventory_quantity=quantity)
    await odoo.call("stock.quant", "action_apply_inventory", ids=[quant])


async def reserve(odoo: OdooClient, product: int, quantity: float) -> int:
    partner = (await odoo.call("res.partner", "search", domain=[], limit=1))[0]
    line = {"product_id": product, "product_uom_qty": quantity}
    order = await make(odoo, "sale.order", partner_id=partner, order_line=[[0, 0, line]])
    await odoo.call("sale.order", "action_confirm", ids=[order])
    return order


async def test_version_is_found_and_json2_is_chosen() -> None:
    client = connect()

    version = await client.version()
    answer = await client.call("res.users", "context_get")

    assert version.major >= 19
    assert version.speaks_json2
    assert answer["uid"] > 0
    await client.close()


async def test_price_follows_pricelist_and_quantity(odoo: OdooClient, shop: Shop) -> None:
    one = await read_prices(odoo, [shop.product], Decimal(1), now=now, pricelist_id=shop.pricelist)
    ten = await read_prices(odoo, [shop.product], Decimal(10), now=now, pricelist_id=shop.pricelist)

    assert str(one[0].unit_price) == "89.90"
    assert str(ten[0].unit_price) == "45.50"
    assert ten[0].currency == "USD"
    assert ten[0].quantity == 10
    assert (now() - ten[0].read_at).total_seconds() < 30


async def test_price_comes_from_the_partners_pricelist(odoo: OdooClient, shop: Shop) -> None:
    await switch_pricelists(odoo, on=True)
    partner = await make(odoo, "res.partner", name="Cliente de teste", property_product_pricelist=shop.pricelist)
    try:
        theirs = await read_prices(odoo, [shop.product], Decimal(10), now=now, partner_id=partner)
        anybodys = await read_prices(odoo, [shop.product], Decimal(10), now=now)
    finally:
        await odoo.call("res.partner", "unlink", ids=[partner])
        await switch_pricelists(odoo, on=False)

    assert str(theirs[0].unit_price) == "45.50"
    assert str(anybodys[0].unit_price) == "89.90"


async def switch_pricelists(odoo: OdooClient, *, on: bool) -> None:
    # Off archives every pricelist, and the first one that exists decides for unknown customers: keep the shop's last.
    settings = await make(odoo, "res.config.settings", group_product_pricelist=on)
    await odoo.call("res.config.settings", "execute", ids=[settings])
    if on:
        others = await odoo.call("product.pricelist", "search", domain=[["name", "not like", "de teste"]])
        await odoo.call("product.pricelist", "write", ids=others, vals={"sequence": 1})


async def test_price_without_pricelist_is_the_list_price_with_the_variants_extra(odoo: OdooClient) -> None:
    variants = await odoo.call(
        "product.product",
        "search_read",
        domain=[["product_template_attribute_value_ids.price_extra", ">", 0]],
        fields=["id", "lst_price"],
        limit=1,
    )

    prices = await read_prices(odoo, [variants[0]["id"]], Decimal(1), now=now)

    assert prices[0].unit_price == Decimal(str(variants[0]["lst_price"]))


async def test_unknown_product_is_left_out(odoo: OdooClient, shop: Shop) -> None:
    ids = [UNKNOWN_ID, shop.product]

    prices = await read_prices(odoo, ids, Decimal(1), now=now)
    stocks = await read_stocks(odoo, ids, now=now)

    assert [each.product_id for each in prices] == [shop.product]
    assert [each.product_id for each in stocks] == [shop.product]


async def test_free_stock_is_on_hand_minus_reserved(odoo: OdooClient, shop: Shop) -> None:
    stocks = {each.product_id: each for each in await read_stocks(odoo, [shop.product, shop.service], now=now)}

    assert stocks[shop.product].free_quantity == 7
    assert not stocks[shop.product].unlimited
    assert stocks[shop.service].unlimited


async def test_stock_of_a_warehouse_is_its_own(odoo: OdooClient, shop: Shop) -> None:
    first, *others = await odoo.call("stock.warehouse", "search", domain=[], order="id")

    there = await read_stocks(odoo, [shop.product], now=now, warehouse_id=first)
    elsewhere = [await read_stocks(odoo, [shop.product], now=now, warehouse_id=each) for each in others]

    assert there[0].free_quantity == 7
    assert all(each[0].free_quantity == 0 for each in elsewhere)


async def test_wrong_key_is_an_authentication_error(transport: TransportChoice) -> None:
    client = connect(transport, api_key="0" * 40)

    with pytest.raises(OdooAuthFailed):
        await read_stocks(client, [1], now=now)

    await client.close()


async def test_wrong_database_is_missing(transport: TransportChoice) -> None:
    client = connect(transport, database="no-such-database")

    with pytest.raises(OdooMissing):
        await read_stocks(client, [1], now=now)

    await client.close()


async def test_unknown_field_is_a_validation_error_without_traceback(odoo: OdooClient) -> None:
    with pytest.raises(OdooRefused) as caught:
        await odoo.call("product.product", "search", domain=[["no_such_field", "=", 1]])

    assert "no_such_field" in str(caught.value)
    assert "Traceback" not in repr(caught.value.__dict__) + str(caught.value)


async def test_unknown_model_and_method_are_missing(odoo: OdooClient) -> None:
    with pytest.raises(OdooMissing):
        await odoo.call("no.such.model", "search", domain=[])
    with pytest.raises(OdooMissing):
        await odoo.call("product.product", "no_such_method", ids=[1])


async def test_private_method_is_denied(odoo: OdooClient) -> None:
    with pytest.raises(OdooAccessDenied):
        await odoo.call("product.product", "_compute_display_name", ids=[1])


async def test_missing_argument_is_a_validation_error(odoo: OdooClient) -> None:
    with pytest.raises(OdooRefused):
        await odoo.call("product.product", "search")


async def test_time_out_is_unavailable_and_takes_no_longer(odoo: OdooClient) -> None:
    started = time.monotonic()

    with pytest.raises(OdooUnavailable):
        await odoo.call("product.product", "search", domain=[], timeout=0.002)

    assert time.monotonic() - started < 1


async def test_cost_price_is_never_read(odoo: OdooClient) -> None:
    with pytest.raises(FieldNotAllowed):
        await odoo.call("product.product", "read", ids=[1], fields=["standard_price"])
    with pytest.raises(FieldNotAllowed):
        await odoo.call("product.product", "read", ids=[1])


class OneTenant:
    """A directory with one tenant whose Odoo is the real one."""

    def __init__(self, connection: OdooConnection) -> None:
        self._connection = connection

    def get(self, tenant: str) -> TenantProfile | None:
        return TenantProfile(tenant=tenant, chatwoot_account_id=1, has_odoo=True)

    def odoo(self, tenant: str) -> OdooConnection | None:
        return self._connection


async def test_queries_answer_from_the_real_odoo(odoo: OdooClient, shop: Shop) -> None:
    connections = OdooConnections(OneTenant(odoo.connection), lambda _: odoo)
    queries = OdooQueries(connections, now)

    prices = await queries.answer(
        PriceQuery(tenant="loja", product_ids=(shop.product,), quantity=Decimal(10), pricelist_id=shop.pricelist)
    )
    stocks = await queries.answer(StockQuery(tenant="loja", product_ids=(shop.product,)))
    with pytest.raises(QueryFailed) as caught:
        await queries.answer(PriceQuery(tenant="loja", product_ids=(shop.product,), pricelist_id=UNKNOWN_ID))

    assert isinstance(prices, Prices)
    assert str(prices.prices[0].unit_price) == "45.50"
    assert isinstance(stocks, Stocks)
    assert stocks.stocks[0].free_quantity == 7
    assert caught.value.code == "missing"


async def test_parallel_calls_do_not_get_in_each_others_way(odoo: OdooClient, shop: Shop) -> None:
    many = [shop.product, shop.service] * 5

    prices = await read_prices(odoo, many, Decimal(1), now=now)

    assert sorted(each.product_id for each in prices) == sorted({shop.product, shop.service})


def test_every_error_names_a_code_of_the_query_vocabulary() -> None:
    assert {each.code for each in OdooError.__subclasses__()} <= {
        "auth", "access", "missing", "validation", "conflict", "unavailable", "not_json",
    }  # fmt: skip
