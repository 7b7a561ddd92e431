from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from support.simulated import World

KEY = "simulated-odoo-api-key"
QUEEN = 2003
TOWEL = 2301
BLENDER = 101


class Json2:
    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def __call__(self, call: str, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        return await self.http.post(f"/json/2/{call}", json=body, headers=headers)


@pytest.fixture
async def odoo(world: World) -> AsyncIterator[Json2]:
    headers = {"Authorization": f"bearer {KEY}", "X-Odoo-Database": "demo"}
    async with httpx.AsyncClient(base_url=f"{world.simulator.url}/odoo", headers=headers) as http:
        yield Json2(http)


async def test_version_is_told_without_a_key(odoo: Json2) -> None:
    answer = await odoo.http.get("/web/version", headers={"Authorization": ""})

    assert answer.json() == {"version_info": [19, 0, 0, "final", 0, ""], "version": "19.0"}


async def test_products_are_read_with_names_of_what_they_point_to(odoo: Json2) -> None:
    fields = ["display_name", "default_code", "lst_price", "categ_id", "free_qty", "currency_id", "barcode"]
    row = (await odoo("product.product/read", ids=[BLENDER], fields=fields)).json()[0]

    assert row == {
        "id": BLENDER,
        "display_name": "[LIQ-BF-VM-127] Liquidificador Beija-Flor 1,4 L (Vermelho, 127 V)",
        "default_code": "LIQ-BF-VM-127",
        "lst_price": 189.9,
        "categ_id": [1, "Eletroportáteis"],
        "free_qty": 14.0,
        "currency_id": [6, "BRL"],
        "barcode": "7896543001016",
    }


async def test_free_stock_depends_on_the_warehouse(odoo: Json2) -> None:
    async def free(context: dict[str, Any]) -> Any:
        fields = ["free_qty", "qty_available"]
        row = (await odoo("product.product/read", ids=[BLENDER], fields=fields, context=context)).json()[0]
        return row["free_qty"], row["qty_available"]

    assert await free({}) == (14.0, 16.0)
    assert await free({"warehouse_id": 1}) == (4.0, 4.0)
    assert await free({"warehouse_id": 2}) == (10.0, 12.0)


async def test_price_follows_pricelist_quantity_and_date(odoo: Json2) -> None:
    async def price(product: int, **context: Any) -> Any:
        return (await odoo("product.product/get_contextual_price", ids=[product], context=context)).json()

    assert await price(TOWEL) == 59.9
    assert await price(TOWEL, pricelist=1, quantity=5) == 59.9
    assert await price(TOWEL, pricelist=1, quantity=6) == 53.91
    assert await price(TOWEL, pricelist=2) == pytest.approx(50.91, abs=0.01)
    assert await price(TOWEL, pricelist=2, quantity=12) == pytest.approx(46.72, abs=0.01)
    assert await price(QUEEN, pricelist=1) == 279.9
    assert await price(QUEEN, pricelist=1, date="2020-01-01 12:00:00") == 329.9


async def test_search_reads_domains_orders_and_pages(odoo: Json2) -> None:
    async def skus(domain: list[Any], **more: Any) -> list[str]:
        answer = await odoo("product.product/search_read", domain=domain, fields=["default_code"], **more)
        return [each["default_code"] for each in answer.json()]

    assert await skus([["default_code", "=", "LIQ-BF-VM-127"]]) == ["LIQ-BF-VM-127"]
    assert await skus([["name", "ilike", "TUCANO"]], order="default_code desc", limit=2, offset=1) == [
        "AIR-TU-PT-127",
        "AIR-TU-BR-220",
    ]
    assert await skus(["|", ["barcode", "=", "7896543001016"], ["id", "in", [102]]]) == [
        "LIQ-BF-VM-127",
        "LIQ-BF-VM-220",
    ]
    assert await skus(["!", ["active", "=", True]]) == ["BUL-VZ-1L"]
    assert await skus([["default_code", "=", "BUL-VZ-1L"]]) == []
    assert await skus([["default_code", "=", "BUL-VZ-1L"]], context={"active_test": False}) == ["BUL-VZ-1L"]
    assert len(await skus([["categ_id", "child_of", 2]])) == len(
        await skus([["categ_id.complete_name", "=like", "Cozinha%"]])
    )


@pytest.mark.parametrize("written", ["995550102", "5550102"])
async def test_partners_are_found_by_the_last_digits_however_the_phone_is_written(odoo: Json2, written: str) -> None:
    domain = [["phone_mobile_search", "ilike", written]]
    answer = await odoo("res.partner/search_read", domain=domain, fields=["name"])

    assert [each["name"] for each in answer.json()] == ["João Batista Ferreira"]


async def test_orders_are_found_only_below_the_partner(odoo: Json2) -> None:
    async def orders(partner: int) -> list[str]:
        domain = [["partner_id", "child_of", partner]]
        answer = await odoo("sale.order/search_read", domain=domain, fields=["name", "state", "partner_id"])
        return [each["name"] for each in answer.json()]

    assert await orders(11) == ["S00101", "S00102"]
    assert await orders(14) == []


async def test_fields_are_told_with_the_wanted_attributes(odoo: Json2) -> None:
    answer = await odoo("product.product/fields_get", allfields=["free_qty", "nope"], attributes=["type", "store"])

    assert answer.json() == {"free_qty": {"type": "float", "store": False}}


@pytest.mark.parametrize(
    ("call", "body", "status", "name", "message"),
    [
        ("nope.model/read", {"ids": [1]}, 404, "werkzeug.exceptions.NotFound", "the model 'nope.model' does not exist"),
        (
            "res.partner/nope",
            {},
            404,
            "werkzeug.exceptions.NotFound",
            "The method 'res.partner.nope' does not exist",
        ),
        ("res.partner/_compute", {}, 403, "odoo.exceptions.AccessError", "Private methods"),
        (
            "res.partner/search",
            {},
            422,
            "werkzeug.exceptions.UnprocessableEntity",
            "missing a required argument: 'domain'",
        ),
        (
            "res.partner/search",
            {"ids": [1], "domain": []},
            422,
            "werkzeug.exceptions.UnprocessableEntity",
            "cannot call res.partner.search with ids",
        ),
        (
            "res.partner/read",
            {"ids": [11], "context": {"lang": "xx_YY"}},
            422,
            "odoo.exceptions.UserError",
            "Invalid language code: xx_YY",
        ),
        ("res.partner/search", {"domain": [["nope", "=", 1]]}, 500, "builtins.ValueError", "Invalid field"),
        ("product.product/read", {"ids": [101], "fields": ["nope"]}, 500, "builtins.ValueError", "Invalid field"),
        (
            "product.product/get_contextual_price",
            {"ids": [101, 102]},
            500,
            "builtins.ValueError",
            "Expected singleton: product.product(101, 102)",
        ),
    ],
)
async def test_errors_are_the_measured_ones(
    odoo: Json2, call: str, body: dict[str, Any], status: int, name: str, message: str
) -> None:
    answer = await odoo(call, **body)

    assert answer.status_code == status
    assert answer.json()["name"] == name
    assert answer.json()["message"].startswith(message)
    assert "Traceback" in answer.json()["debug"]


async def test_doors_that_stay_shut(world: World, odoo: Json2) -> None:
    no_key = await odoo("res.partner/read", headers={"Authorization": ""}, ids=[11])
    wrong_key = await odoo("res.partner/read", headers={"Authorization": "Bearer wrong"}, ids=[11])
    wrong_database = await odoo("res.partner/read", headers={"X-Odoo-Database": "nope"}, ids=[11])
    wrong_type = await odoo.http.post(
        "/json/2/res.partner/read", content=b"ids=1", headers={"Content-Type": "text/plain"}
    )
    no_json = await odoo.http.post(
        "/json/2/res.partner/read", content=b"{", headers={"Content-Type": "application/json"}
    )
    await world.control.call("PATCH", "/odoo/databases/demo", {"denied_models": ["sale.order"]})
    denied = await odoo("sale.order/search_read", domain=[])

    assert (no_key.status_code, wrong_key.status_code, wrong_key.json()["message"]) == (401, 401, "Invalid apikey")
    assert (wrong_database.status_code, wrong_database.headers["content-type"].split(";")[0]) == (404, "text/html")
    assert (wrong_type.status_code, wrong_type.headers["content-type"].split(";")[0]) == (415, "text/html")
    assert no_json.status_code == 400
    assert (denied.status_code, denied.json()["name"]) == (403, "odoo.exceptions.AccessError")


async def test_unknown_id_is_an_empty_list(odoo: Json2) -> None:
    answer = await odoo("product.product/read", ids=[999999], fields=["name"])

    assert (answer.status_code, answer.json()) == (200, [])


async def test_stock_and_price_can_be_changed_and_only_prices_touch_the_write_date(world: World, odoo: Json2) -> None:
    async def read() -> Any:
        fields = ["lst_price", "free_qty", "write_date"]
        return (await odoo("product.product/read", ids=[BLENDER], fields=fields)).json()[0]

    world.simulator.state.odoo.databases["demo"].rows["product.product"][BLENDER]["write_date"] = "2020-01-01 00:00:00"
    await world.control.change_product("LIQ-BF-VM-127", stock={1: (1, 1), 2: (2, 0)})
    after_stock = await read()
    changed = await world.control.change_product("LIQ-BF-VM-127", list_price=200)
    after_price = await read()

    assert (after_stock["free_qty"], after_stock["write_date"]) == (2.0, "2020-01-01 00:00:00")
    assert (after_price["lst_price"], changed["price"]) == (200.0, 200.0)
    assert after_price["write_date"] > "2026"


async def test_odoo_18_redirects_json2_and_speaks_json_rpc(world: World, odoo: Json2) -> None:
    await world.control.call("PATCH", "/odoo", {"series": 18})

    redirected = await odoo("res.partner/read", ids=[11])
    version = await odoo.http.get("/web/version")
    told = await odoo.http.post("/web/webclient/version_info", json={"jsonrpc": "2.0", "params": {}})

    assert (redirected.status_code, redirected.headers["location"]) == (303, "/web/login")
    assert version.status_code == 404
    assert told.json()["result"]["server_version"] == "18.0"
    fields = await _rpc(odoo, "object", "execute_kw", "demo", 2, KEY, "res.partner", "fields_get", [], {})
    assert "mobile" in fields["result"]


async def _rpc(odoo: Json2, service: str, method: str, *args: Any) -> Any:
    body = {"jsonrpc": "2.0", "id": 1, "method": "call", "params": {"service": service, "method": method, "args": args}}
    answer = await odoo.http.post("/jsonrpc", json=body)
    assert answer.status_code == 200
    return answer.json()


async def test_json_rpc_takes_positional_and_named_arguments(odoo: Json2) -> None:
    uid = (await _rpc(odoo, "common", "authenticate", "demo", "assistente@casajabuticaba.example", KEY, {}))["result"]
    read = await _rpc(
        odoo, "object", "execute_kw", "demo", uid, KEY, "product.product", "read", [[BLENDER]], {"fields": ["free_qty"]}
    )
    found = await _rpc(
        odoo, "object", "execute_kw", "demo", uid, KEY, "res.partner", "search", [[["city", "=", "Tiradentes"]]], {}
    )
    price = await _rpc(
        odoo,
        "object",
        "execute_kw",
        "demo",
        uid,
        KEY,
        "product.product",
        "get_contextual_price",
        [[QUEEN]],
        {"context": {"pricelist": 1}},
    )

    assert read["result"] == [{"id": BLENDER, "free_qty": 14.0}]
    assert found["result"] == [13, 14]
    assert price["result"] == 279.9


async def test_json_rpc_errors_come_inside_a_200(odoo: Json2) -> None:
    login = await _rpc(odoo, "common", "authenticate", "demo", "someone@else.example", KEY, {})
    denied = await _rpc(odoo, "object", "execute_kw", "demo", 2, "wrong", "res.partner", "read", [[11]], {})
    no_database = await _rpc(odoo, "object", "execute_kw", "nope", 2, KEY, "res.partner", "read", [[11]], {})
    unknown = await _rpc(odoo, "object", "execute_kw", "demo", 2, KEY, "res.partner", "read", [[11]], {"fields": ["x"]})

    assert login["result"] is False
    assert denied["error"]["data"]["name"] == "odoo.exceptions.AccessDenied"
    assert no_database["error"]["data"]["name"] == "psycopg2.OperationalError"
    assert unknown["error"]["data"]["name"] == "builtins.ValueError"


async def test_faults_concern_one_method_of_one_database(world: World, odoo: Json2) -> None:
    await world.control.set_fault(
        "odoo", "status", scope="demo", endpoint="product.product/get_contextual_price", status=503
    )
    await world.control.set_fault("odoo", "timeout", scope="demo", endpoint="product.product/search_read")

    broken = await odoo("product.product/get_contextual_price", ids=[BLENDER])
    fine = await odoo("product.product/read", ids=[BLENDER], fields=["name"])
    with pytest.raises(httpx.ReadTimeout):
        await odoo.http.post("/json/2/product.product/search_read", json={"domain": []}, timeout=0.2)

    assert (broken.status_code, fine.status_code) == (503, 200)
    calls = (await world.control.call("GET", "/odoo/calls"))["calls"]
    assert calls["product.product/read"] == 1
