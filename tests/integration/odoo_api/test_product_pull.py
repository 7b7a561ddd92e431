"""Products read out of an Odoo by running services, into the knowledge of every hub."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from support.odoo_api_bench import OdooApiBench, StandInHub
from support.simulated_odoo import SimulatedWorld, simulated_world

from common.knowledge import KnowledgeItemChanged
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_ODOO_PULL
from odoo_api.pull.schedule import PullState

pytestmark = pytest.mark.broker

OFTEN = {"odoo_pull_seconds": 0.3}
BLENDER = "odoo-pull-101"


@pytest.fixture
async def world(bench: OdooApiBench, request: pytest.FixtureRequest) -> AsyncIterator[SimulatedWorld]:
    async with simulated_world(getattr(request, "param", 19)) as world:
        await bench.apply("acme", 1, odoo={**world.section, "pull_products": True})
        yield world


def pulled(hub: StandInHub) -> dict[str, KnowledgeItemChanged]:
    found = (each for each in hub.items.values() if isinstance(each, KnowledgeItemChanged))
    return {each.item_id: each for each in found if each.kind == "product"}


async def state(bench: OdooApiBench, tenant: str = "acme") -> PullState:
    entry = await Bucket(bench.admin.nc, BUCKET_ODOO_PULL).get(tenant)
    return PullState.model_validate_json(entry.value) if entry else PullState()


async def complete(bench: OdooApiBench, tenant: str = "acme") -> bool:
    return (await state(bench, tenant)).complete_at is not None


def sees(hub: StandInHub, what: Callable[[dict[str, KnowledgeItemChanged]], bool]) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return what(pulled(hub))

    return look


async def test_products_on_offer_are_read_without_price_or_stock(bench: OdooApiBench, world: SimulatedWorld) -> None:
    rows = world.database.rows["product.product"]
    world.database.rows["product.template"][2]["sale_ok"] = False
    rows[301]["active"] = False
    hub = await bench.hub()
    await bench.start(**OFTEN)

    await bench.seen(lambda: complete(bench))
    await bench.seen(sees(hub, lambda items: BLENDER in items))

    items, now = pulled(hub), await state(bench)
    blender = items[BLENDER].item
    assert now.products == len(items)
    assert not {"odoo-pull-301", "odoo-pull-201"} & items.keys()
    assert (blender["sku"], blender["attributes"]["Cor"], blender["odoo_id"]) == ("LIQ-BF-VM-127", "Vermelho", 101)
    assert blender["variant_of"] == items["odoo-pull-102"].item["variant_of"] != ""
    assert all(each.item["list_price"] is None for each in items.values())


@pytest.mark.parametrize("world", [19, 18], indirect=True)
async def test_changes_arrive_and_what_did_not_change_writes_nothing(
    bench: OdooApiBench, world: SimulatedWorld
) -> None:
    hub = await bench.hub()
    await bench.start(**OFTEN)
    await bench.seen(lambda: complete(bench))
    before = await bench.last_sequence()

    passes = world.server.calls["product.product/search"]
    await bench.seen(_rises(world, passes + 2))
    unchanged = await bench.last_sequence()
    await world.write("product.product", 101, default_code="NOVO-101")
    await bench.seen(sees(hub, lambda items: items[BLENDER].item["sku"] == "NOVO-101"))
    await world.write("product.product", 102, active=False)
    await bench.seen(sees(hub, lambda items: "odoo-pull-102" not in items))

    assert unchanged == before


def _rises(world: SimulatedWorld, calls: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return world.server.calls["product.product/search"] >= calls

    return look


async def test_a_deleted_product_goes_when_everything_is_read_again(bench: OdooApiBench, world: SimulatedWorld) -> None:
    hub = await bench.hub()
    await bench.start(**OFTEN)
    await bench.seen(lambda: complete(bench))
    await bench.seen(sees(hub, lambda items: BLENDER in items))

    world.database.delete("product.product", 101)
    states = Bucket(bench.admin.nc, BUCKET_ODOO_PULL)
    old = (await state(bench)).model_copy(update={"complete_at": datetime(2026, 1, 1, tzinfo=UTC), "holder": ""})
    await states.put("acme", old.model_dump_json().encode())

    await bench.seen(sees(hub, lambda items: BLENDER not in items))


async def test_api_and_pull_leave_each_others_products_alone(bench: OdooApiBench, world: SimulatedWorld) -> None:
    hub = await bench.hub()
    await bench.start(**OFTEN)
    await bench.seen(lambda: complete(bench))
    sent = {"id": "102", "name": "Do módulo", "odoo_id": 102}

    status, body, _ = await bench.ask("PUT", "/api/v1/knowledge/product", json={"items": [sent]})
    await world.write("product.product", 102, default_code="X")
    # The module's own product takes the place of the pulled one.
    await bench.seen(sees(hub, lambda items: "102" in items and "odoo-pull-102" not in items))

    assert (status, body["removed"]) == (200, 0)
    assert BLENDER in pulled(hub)


async def test_one_of_two_services_reads_at_a_time(bench: OdooApiBench, world: SimulatedWorld) -> None:
    await bench.start(odoo_pull_seconds=60.0)
    await bench.start(odoo_pull_seconds=60.0)

    await bench.seen(lambda: complete(bench))

    found = await state(bench)
    assert found.holder == ""
    assert world.server.calls["product.product/search"] == 1


async def test_an_odoo_that_is_away_is_noted_and_read_when_it_is_back(
    bench: OdooApiBench, world: SimulatedWorld
) -> None:
    await bench.apply("acme", 1, odoo={**world.section, "api_key": "expired", "pull_products": True})
    await bench.start(**OFTEN)

    async def troubled() -> str:
        return (await state(bench)).trouble

    trouble = await bench.seen(troubled)
    await bench.apply("acme", 1, odoo={**world.section, "pull_products": True})
    await bench.seen(lambda: complete(bench))

    assert "API key" in trouble
    assert (await state(bench)).trouble == ""


async def test_a_record_that_cannot_be_read_stops_nobody_elses_products(
    bench: OdooApiBench, world: SimulatedWorld
) -> None:
    await bench.apply("abelha", 2, odoo={**world.section, "pull_products": True})
    await Bucket(bench.admin.nc, BUCKET_ODOO_PULL).put("abelha", b'{"read_until": "of another version"}')
    await bench.start(**OFTEN)

    await bench.seen(lambda: complete(bench))
    await bench.seen(lambda: complete(bench, "abelha"))


async def test_switched_off_it_takes_its_products_away(bench: OdooApiBench, world: SimulatedWorld) -> None:
    hub = await bench.hub()
    await bench.start(**OFTEN)
    await bench.seen(lambda: complete(bench))
    await bench.seen(sees(hub, lambda items: BLENDER in items))

    await bench.apply("acme", 1, odoo=world.section)

    await bench.seen(sees(hub, lambda items: not items))
