"""A code by e-mail, from the hub's desk over the broker to an Odoo and back, with each service's real rights."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from nats.js.errors import NotFoundError
from support.odoo_api_bench import OdooApiBench
from support.odoo_contract import Mail, now
from support.odoo_identity_contract import identity_code
from support.simulated_odoo import SimulatedWorld, simulated_world

from common.events import Contact
from common.nats.api import need
from common.nats.bucket import Bucket
from common.nats.odoo_orders import OdooOrders
from common.nats.topology import BUCKET_CONTACTS, BUCKETS, ODOO_COMMANDS, ODOO_WRITER, STREAMS
from common.odoo_commands import OdooCommandResult, SendIdentityCode
from common.tenants import TenantProfile
from hub.answering import CustomerMessage, TurnInput
from hub.identity import IdentityDesk
from hub.identity_code import code_in
from hub.odoo_customers import OdooCustomers

pytestmark = pytest.mark.broker
PROFILE = TenantProfile(tenant="loja", chatwoot_account_id=3, has_odoo=True, email_codes=True)


@pytest.fixture
async def world(bench: OdooApiBench) -> AsyncIterator[SimulatedWorld]:
    async with simulated_world() as world:
        await bench.apply("loja", 3, odoo={**world.section, "email_codes": True})
        await bench.start()
        yield world


async def desk(bench: OdooApiBench) -> IdentityDesk:
    nc = (await bench.connected("hub")).nc
    return IdentityDesk(Bucket(nc, BUCKET_CONTACTS), OdooCustomers(nc))


def turn(number: int = 1, at: datetime | None = None, contact: int = 7) -> TurnInput:
    moment = at or now()
    return TurnInput(
        tenant=PROFILE,
        messages=(CustomerMessage(message_id=1, text="x", at=moment),),
        contact=Contact(id=contact),
        now=moment,
        conversation_id=25,
        channel="Channel::WebWidget",
        turn_id=f"loja.25.{number}",
    )


async def sent(bench: OdooApiBench, mails: list[Mail], count: int = 1) -> str:
    await bench.seen(lambda: _enough(mails, count))
    await bench.settled(ODOO_COMMANDS, ODOO_WRITER)
    return str(code_in(mails[-1].text))


async def _enough(mails: list[Mail], count: int) -> bool:
    return len(mails) >= count


async def test_a_stranger_of_a_web_chat_proves_to_be_the_customer_and_the_code_is_kept_nowhere(
    bench: OdooApiBench, world: SimulatedWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    hub = await desk(bench)
    async with world.mailbox() as mails:
        asked = await hub.prove(turn(1), f"meu e-mail é {world.shop.email}")
        code = await sent(bench, mails)
        wrong = await hub.prove(turn(2), f"{(int(code) + 1) % 1_000_000:06d}")
        kept = await everything_kept(bench)
        proved = await hub.prove(turn(3), f"o código é {code}")

    assert (asked, wrong, proved) == ("code_asked", "no_match", "verified")
    customer = await hub.customer(turn(4))
    assert customer is not None
    assert customer.partner_id == world.shop.customer
    assert mails[0].to == (world.shop.email,)
    assert code not in kept
    written = capsys.readouterr()
    assert code not in written.out + written.err
    assert world.shop.email not in written.out + written.err


async def everything_kept(bench: OdooApiBench) -> str:
    """Every message of every stream and bucket, as text."""
    found: list[str] = []
    for stream in [*(each.name for each in STREAMS), *(each.stream for each in BUCKETS)]:
        info = await need(bench.admin.nc, f"STREAM.INFO.{stream}", {})
        for sequence in range(max(1, info["state"]["first_seq"]), info["state"]["last_seq"] + 1):
            with suppress(NotFoundError):
                found.append(str((await bench.admin.nc.jetstream().get_msg(stream, sequence)).data))
    return "\n".join(found)


async def test_nobody_learns_whether_an_email_is_on_file(bench: OdooApiBench, world: SimulatedWorld) -> None:
    hub = await desk(bench)
    async with world.mailbox() as mails:
        known = [await hub.prove(turn(1), world.shop.email), await hub.prove(turn(2), "000000")]
        unknown = [await hub.prove(turn(3, contact=8), "x@x.example"), await hub.prove(turn(4, contact=8), "000000")]
        await sent(bench, mails)

    assert known == unknown == ["code_asked", "no_match"]
    assert len(mails) == 1


async def test_an_email_of_two_customers_gets_no_code(bench: OdooApiBench, world: SimulatedWorld) -> None:
    await world.write("res.partner", world.shop.stranger, email_normalized=world.shop.email)

    async with world.mailbox() as mails:
        result = await done(bench, identity_code("turn-1", world.shop.email))

    assert (result.outcome, result.partner_id) == ("done", None)
    assert mails == []


async def test_an_email_gets_three_codes_in_an_hour_whoever_asks(bench: OdooApiBench, world: SimulatedWorld) -> None:
    async with world.mailbox() as mails:
        results = [await done(bench, identity_code(f"turn-{number}", world.shop.email)) for number in range(5)]

    assert [each.outcome for each in results] == ["done"] * 5
    assert [each.partner_id is not None for each in results] == [True, True, True, False, False]
    assert len(mails) == 3


async def test_a_code_is_not_sent_after_its_time(bench: OdooApiBench, world: SimulatedWorld) -> None:
    late = identity_code("turn-late", world.shop.email).model_copy(update={"expires_at": now() - timedelta(seconds=1)})

    async with world.mailbox() as mails:
        result = await done(bench, late)

    assert (result.outcome, result.error) == ("failed", "validation")
    assert mails == []


async def test_an_odoo_that_cannot_send_gives_the_customer_to_people(
    bench: OdooApiBench, world: SimulatedWorld
) -> None:
    hub = await desk(bench)

    asked = await hub.prove(turn(1), world.shop.email)
    result = await OdooOrders((await bench.connected("hub")).nc).result(
        "loja", "loja.25.1:identity-code", wait_seconds=10
    )
    typed = await hub.prove(turn(2), "123456")
    next_one = await hub.prove(turn(3, contact=9), world.shop.email)

    assert result is not None
    assert (asked, result.outcome, typed, next_one) == ("code_asked", "failed", "nothing_on_file", "nothing_on_file")
    assert world.shop.email not in result.message


async def done(bench: OdooApiBench, command: SendIdentityCode, **more: Any) -> OdooCommandResult:
    hub = OdooOrders((await bench.connected("hub")).nc)
    mine = command.model_copy(update={"tenant": "loja", **more})
    await hub.submit(mine)
    result = await hub.result("loja", mine.key, wait_seconds=15)
    assert result is not None
    return result
