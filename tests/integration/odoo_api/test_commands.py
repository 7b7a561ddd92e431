"""Orders of the hub, carried out by running services with their real NATS users."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from support.odoo_api_bench import OdooApiBench
from support.odoo_contract import UNKNOWN_ID, lead, now, quotation
from support.simulated_odoo import KEY, SimulatedWorld, simulated_world

from common.nats.dead_letters import DeadLetters
from common.nats.odoo_orders import OdooOrders
from common.nats.publisher import Publisher
from common.nats.requests import ask
from common.nats.topology import ODOO_COMMANDS, ODOO_WRITER
from common.odoo_answers import IdentityVerdict, OrderStatuses, Partners, QuotePreview
from common.odoo_commands import AddNote, OdooCommand, OdooCommandResult, Person, Record
from common.queries import (
    OrderStatusQuery,
    PartnerQuery,
    QuotePreviewQuery,
    QuoteRequestLine,
    StockQuery,
    VerifyIdentityQuery,
)
from common.query_answers import Stocks
from simulator.faults import FaultSpec

pytestmark = pytest.mark.broker


@pytest.fixture
async def world(bench: OdooApiBench) -> AsyncIterator[SimulatedWorld]:
    async with simulated_world() as world:
        await bench.apply("loja", 3, odoo=world.section)
        yield world


async def orders(bench: OdooApiBench) -> OdooOrders:
    return OdooOrders((await bench.connected("hub")).nc)


async def done(hub: OdooOrders, command: OdooCommand, seconds: float = 15) -> OdooCommandResult:
    await hub.submit(command)
    result = await hub.result(command.tenant, command.key, wait_seconds=seconds)
    assert result is not None
    return result


async def test_a_lead_is_created_and_its_result_can_be_read(bench: OdooApiBench, world: SimulatedWorld) -> None:
    await bench.start()
    hub = await orders(bench)

    assert await hub.result("loja", "turn-1:lead") is None
    result = await done(hub, lead("turn-1:lead"))

    assert (result.outcome, result.model, result.command) == ("done", "crm.lead", "CreateLead")
    assert world.database.rows["crm.lead"][result.record_id or 0]["name"] == result.reference
    assert result.link.startswith(world.url)


async def test_the_same_command_creates_one_record_with_two_services(
    bench: OdooApiBench, world: SimulatedWorld
) -> None:
    await bench.start()
    await bench.start()
    hub = await orders(bench)
    command = lead("turn-2:lead")

    # Past the broker's duplicate window, as after a day: each copy is delivered.
    publisher = Publisher((await bench.connected("hub")).nc)
    for number in range(6):
        await publisher.publish(command.subject, command, stream=ODOO_COMMANDS, msg_id=f"copy-{number}")
    result = await hub.result("loja", command.key, wait_seconds=15)
    await bench.settled(ODOO_COMMANDS, ODOO_WRITER)

    assert result is not None
    assert list(world.database.rows["crm.lead"]) == [result.record_id]


async def test_a_note_waits_for_the_lead_it_is_about(bench: OdooApiBench, world: SimulatedWorld) -> None:
    await bench.start()
    hub = await orders(bench)
    note = AddNote(
        tenant="loja",
        key="turn-3:note",
        turn_id="turn-3",
        conversation_id=42,
        issued_at=now(),
        record=Record(model="crm.lead", key="turn-3:lead"),
        text="Ligar de manhã",
    )

    await hub.submit(note)
    created = await done(hub, lead("turn-3:lead"))
    written = await hub.result("loja", "turn-3:note", wait_seconds=15)

    assert written is not None
    assert (written.outcome, written.record_id) == ("done", created.record_id)
    assert [each["res_id"] for each in world.database.rows["mail.message"].values()] == [created.record_id]


async def test_an_outage_delays_a_command_and_loses_nothing(bench: OdooApiBench, world: SimulatedWorld) -> None:
    fault = FaultSpec(surface="odoo", kind="applied_then_status", endpoint="crm.lead/load", count=3, status=502)
    world.faults.set(fault)
    await bench.start()
    hub = await orders(bench)

    result = await done(hub, lead("turn-4:lead"), seconds=15)

    assert result.outcome == "done"
    # The first load was carried out although its answer was lost.
    assert list(world.database.rows["crm.lead"]) == [result.record_id]


async def test_what_odoo_refuses_is_a_dead_letter_with_the_reason_and_a_failed_result(
    bench: OdooApiBench, world: SimulatedWorld
) -> None:
    await bench.start()
    hub = await orders(bench)
    wrong = quotation("turn-5:quotation", (UNKNOWN_ID, 1), person=Person(partner_id=world.shop.customer))

    result = await done(hub, wrong)
    letters = DeadLetters(bench.admin.nc, Publisher(bench.admin.nc))
    entry = (await bench.seen(letters.list))[0]

    assert (result.outcome, result.error) == ("failed", "validation")
    assert entry.consumer == ODOO_WRITER
    assert "order_line" in entry.reason


async def test_a_replayed_dead_letter_turns_failed_into_done(bench: OdooApiBench, world: SimulatedWorld) -> None:
    user = world.database.users[KEY]
    user.denied_writes = {"crm.lead"}
    await bench.start()
    hub = await orders(bench)
    command = lead("turn-8:lead")
    letters = DeadLetters(bench.admin.nc, Publisher(bench.admin.nc))

    failed = await done(hub, command)
    entry = (await bench.seen(letters.list))[0]
    user.denied_writes = set()
    await letters.replay(entry.sequence)
    result = await bench.seen(lambda: _done(hub, command))

    assert (failed.outcome, failed.error) == ("failed", "access")
    assert result is not None
    assert result.record_id in world.database.rows["crm.lead"]


async def _done(hub: OdooOrders, command: OdooCommand) -> OdooCommandResult | None:
    result = await hub.result(command.tenant, command.key)
    return result if result is not None and result.outcome == "done" else None


async def test_a_command_without_an_odoo_is_refused_at_once(bench: OdooApiBench, world: SimulatedWorld) -> None:
    await bench.start()
    hub = await orders(bench)

    result = await done(hub, lead("turn-6:lead").model_copy(update={"tenant": "beta"}))

    assert (result.outcome, result.error) == ("failed", "not_configured")


async def test_a_refused_key_shows_in_health_and_the_command_waits_for_a_new_one(
    bench: OdooApiBench, world: SimulatedWorld
) -> None:
    await bench.apply("loja", 3, odoo={**world.section, "api_key": "expired"})
    url = await bench.start()
    hub = await orders(bench)
    command = lead("turn-7:lead")
    await hub.submit(command)

    async def notes() -> dict[str, str]:
        async with bench.http.get(f"{url}/health") as answer:
            assert answer.status == 200
            found: dict[str, str] = (await answer.json()).get("notes", {})
            return found

    refused = await bench.seen(notes)
    await bench.apply("loja", 3, odoo={**world.section, "api_key": KEY})
    result = await hub.result("loja", command.key, wait_seconds=15)

    assert "odoo_key.loja" in refused
    assert result is not None
    assert result.outcome == "done"
    assert "odoo_key.loja" not in await notes()


async def test_the_hubs_questions_are_answered_live(bench: OdooApiBench, world: SimulatedWorld) -> None:
    await bench.start(odoo_request_seconds=10.0)
    nc, shop = (await bench.connected("hub")).nc, world.shop
    line = QuoteRequestLine(product_id=shop.product)

    status_query = OrderStatusQuery(tenant="loja", partner_id=shop.customer)
    claim = VerifyIdentityQuery(tenant="loja", claim="4725", phone=shop.phone)
    stock = StockQuery(tenant="loja", product_ids=(shop.product,), by_warehouse=True)
    partner = PartnerQuery(tenant="loja", phone=shop.phone)
    preview = QuotePreviewQuery(tenant="loja", lines=(line,))

    quote = await ask(nc, "odoo.query.quote_preview", preview, timeout=15, expect=QuotePreview)
    status = await ask(nc, "odoo.query.order_status", status_query, timeout=15, expect=OrderStatuses)
    partners = await ask(nc, "odoo.query.partner", partner, timeout=15, expect=Partners)
    verdict = await ask(nc, "odoo.query.verify_identity", claim, timeout=15, expect=IdentityVerdict)
    stocks = await ask(nc, "odoo.query.stock", stock, timeout=15, expect=Stocks)

    assert quote.total > 0
    assert [each.reference for each in status.orders] == ["S00101", "S00102"]
    assert [each.partner_id for each in partners.matches] == [shop.customer]
    assert verdict.verified
    assert {each.name: each.free_quantity for each in stocks.stocks[0].warehouses} == shop.free_by_warehouse
