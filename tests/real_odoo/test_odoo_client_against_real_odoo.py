"""The Odoo client against a real Odoo 19 with demo data, over both transports (19 still speaks JSON-RPC)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from support.odoo_contract import OdooContract, now
from support.odoo_identity_contract import IdentityCodeContract
from support.real_odoo import Admin, RealWorld

from common.knowledge import parse_item
from odoo_api.odoo.errors import OdooAccessDenied, OdooError, OdooMissing, OdooRefused, OdooUnavailable
from odoo_api.odoo.http import HttpLimits, JsonHttp
from odoo_api.odoo.network_guard import AddressPolicy
from odoo_api.odoo.permits import NotPermitted
from odoo_api.odoo.prices import read_prices
from odoo_api.odoo.transports import Json2, JsonRpc, OdooCall
from odoo_api.pull.reader import ProductReader
from odoo_api.pull.schedule import OVERLAP

pytestmark = pytest.mark.real_odoo


class TestRealOdoo(OdooContract, IdentityCodeContract):
    async def test_the_version_is_found_and_the_key_tells_its_user(self, world: RealWorld) -> None:
        client = world.connect()

        version = await client.version()
        answer = await client.call("res.users", "context_get", purpose="check")

        assert version.major >= 19
        assert version.speaks_json2
        assert answer["uid"] > 0

    async def test_price_comes_from_the_partners_pricelist(self, world: RealWorld) -> None:
        shop, admin = world.shop, world.admin
        switch_pricelists(admin, on=True)
        admin.call("product.pricelist", "write", ids=[shop.pricelist], vals={"active": True})
        partner = admin.make("res.partner", name="Cliente de teste", property_product_pricelist=shop.pricelist)
        try:
            odoo = world.connect()
            theirs = await read_prices(odoo, [shop.product], Decimal(10), now=now, partner_id=partner)
            anybodys = await read_prices(odoo, [shop.product], Decimal(10), now=now)
        finally:
            admin.call("res.partner", "unlink", ids=[partner])
            switch_pricelists(admin, on=False)

        assert str(theirs[0].unit_price) == "45.50"
        assert str(anybodys[0].unit_price) == "89.90"

    async def test_the_list_price_of_a_variant_has_its_extra(self, world: RealWorld) -> None:
        domain = [["product_template_attribute_value_ids.price_extra", ">", 0]]
        variant = (await world.rows("product.product", domain, ["lst_price"]))[0]

        prices = await read_prices(world.connect(), [variant["id"]], Decimal(1), now=now)

        assert prices[0].unit_price == Decimal(str(variant["lst_price"]))

    async def test_products_are_read_by_a_salesperson_and_changes_by_their_time(self, world: RealWorld) -> None:
        shop = world.shop
        reader = ProductReader(world.connect(), "pt_BR", unpublished_too=False)
        await world.write("product.product", shop.product, default_code=f"PULL-{shop.product}")
        row = (await world.rows("product.product", [["id", "=", shop.product]], ["write_date"]))[0]
        changed_at = datetime.fromisoformat(row["write_date"]).replace(tzinfo=UTC)

        everything = await reader.ids(None)
        changed = await reader.ids(changed_at + OVERLAP)
        later = await reader.ids(changed_at + OVERLAP + timedelta(seconds=2))
        items = {each["odoo_id"]: each async for chunk in reader.chunks(everything) for each in chunk.items}

        assert {shop.product, shop.service} <= set(everything)
        # The very second of the change is in the window: Odoo 19 compares whole seconds.
        assert shop.product in changed
        assert shop.product not in later
        assert items[shop.product]["sku"] == f"PULL-{shop.product}"
        assert all("list_price" not in each for each in items.values())
        assert any(each["attributes"] and each["variant_of"] for each in items.values())
        for each in items.values():
            parse_item("product", each)

    async def test_a_time_out_is_unavailable_and_takes_no_longer(self, world: RealWorld) -> None:
        client = world.connect()
        await client.version()
        started = time.monotonic()

        with pytest.raises(OdooUnavailable):
            await client.call("product.product", "search", purpose="products", domain=[], timeout=0.002)

        assert time.monotonic() - started < 1

    async def test_cost_is_never_asked_for(self, world: RealWorld) -> None:
        with pytest.raises(NotPermitted):
            await world.connect().call("product.product", "read", purpose="stock", ids=[1], fields=["standard_price"])

    @pytest.mark.parametrize(
        ("model", "method", "ids", "error"),
        [
            ("no.such.model", "search", None, OdooMissing),
            ("product.product", "no_such_method", (1,), OdooMissing),
            ("product.product", "_compute_display_name", (1,), OdooAccessDenied),
            ("product.product", "search", None, OdooRefused),
        ],
    )
    async def test_errors_of_the_transport_are_told_apart(
        self, world: RealWorld, model: str, method: str, ids: Any, error: type[OdooError]
    ) -> None:
        connection = world.connect().connection
        http = JsonHttp(connection.url, AddressPolicy(("127.0.0.0/8",)), HttpLimits(request_seconds=20), "test")
        transport = (Json2 if world.transport == "json2" else JsonRpc)(http, connection)

        with pytest.raises(error):
            await transport.call(
                OdooCall.of(model, method, ids, None, {"domain": []} if error is OdooMissing else {}), None
            )
        await http.close()


def switch_pricelists(admin: Admin, *, on: bool) -> None:
    # Off archives every pricelist, and the first one that exists decides for unknown customers: keep the shop's last.
    settings = admin.make("res.config.settings", group_product_pricelist=on)
    admin.call("res.config.settings", "execute", ids=[settings])
    if on:
        others = admin.call("product.pricelist", "search", domain=[["name", "not like", "de teste"]])
        admin.call("product.pricelist", "write", ids=others, vals={"sequence": 1})


def test_every_error_names_a_code_of_the_query_vocabulary() -> None:
    assert {each.code for each in OdooError.__subclasses__()} <= {
        "auth", "access", "missing", "validation", "conflict", "unavailable", "not_json",
    }  # fmt: skip
