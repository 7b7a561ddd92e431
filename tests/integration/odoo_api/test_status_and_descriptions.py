from __future__ import annotations

import pytest
from support.odoo_api_bench import OdooApiBench

pytestmark = pytest.mark.broker

RULES = "/api/v1/knowledge/rule"
RULE = {"id": "a", "title": "Trocas", "text": "Trocas em até 7 dias."}
DESCRIBE = "/api/v1/products/description"


async def test_status_tells_counts_last_sync_hubs_odoo_and_keys(bench: OdooApiBench) -> None:
    await bench.start()
    await bench.hub()
    await bench.ask("PUT", RULES, json={"items": [RULE, {"id": "wrong"}]}, params={"wait": "indexed"})

    status, found, _ = await bench.ask("GET", "/api/v1/status")

    assert (status, found["tenant"]) == (200, "acme")
    assert found["knowledge"]["product"] == {"items": 0, "last_sync": None}
    last = found["knowledge"]["rule"]["last_sync"]
    assert found["knowledge"]["rule"]["items"] == 1
    assert (last["received"], last["created"], last["rejected"]) == (2, 1, 1)
    assert found["indexed"] == {"complete": True, "hubs": 1, "behind": 0}
    assert (found["odoo"]["state"], found["odoo"]["version"]) == ("ok", "19.0")
    (key,) = found["keys"]
    assert (key["current"], key["key_id"]) == (True, bench.key.split("_")[1])
    assert "key_hash" not in key


async def test_a_sync_that_changes_nothing_is_still_the_last_one(bench: OdooApiBench) -> None:
    await bench.start()
    for _ in range(2):
        await bench.ask("PUT", RULES, json={"items": [RULE]})

    _, found, _ = await bench.ask("GET", "/api/v1/status")

    assert found["knowledge"]["rule"]["last_sync"]["unchanged"] == 1
    assert found["indexed"]["complete"] is False  # no hub runs


@pytest.mark.parametrize(("fault", "state"), [("error_500", "unavailable"), ("login_page", "not_json")])
async def test_status_says_what_is_wrong_with_odoo(bench: OdooApiBench, fault: str, state: str) -> None:
    await bench.start()
    bench.odoo.fault = fault  # type: ignore[assignment]

    _, found, _ = await bench.ask("GET", "/api/v1/status")

    assert found["odoo"]["state"] == state
    assert found["odoo"]["detail"]


async def test_status_of_a_tenant_without_odoo(bench: OdooApiBench) -> None:
    await bench.start()
    key = (await bench.new_key("beta")).key

    _, found, _ = await bench.ask("GET", "/api/v1/status", key=key)

    assert (found["tenant"], found["odoo"]["state"], len(found["keys"])) == ("beta", "not_configured", 1)


async def test_a_product_is_described_by_id_or_as_sent(bench: OdooApiBench) -> None:
    await bench.start()
    product = {"id": "p1", "name": "Cadeira", "attributes": {"Cor": "azul"}}
    await bench.ask("PUT", "/api/v1/knowledge/product", json={"items": [product]})

    _, stored, _ = await bench.ask("POST", DESCRIBE, json={"product_id": "p1"})
    _, sent, _ = await bench.ask("POST", DESCRIBE, json={"product": product, "locale": "en"})
    missing, _, _ = await bench.ask("POST", DESCRIBE, json={"product_id": "p2"})
    both, problem, _ = await bench.ask("POST", DESCRIBE, json={"product_id": "p1", "product": product})

    assert stored["description"] == "Cadeira. Características: Cor: azul."
    assert sent["description"] == "Cadeira. Features: Cor: azul."
    assert (missing, both) == (404, 422)
    assert "either product_id or product" in problem["errors"][0]["message"]
