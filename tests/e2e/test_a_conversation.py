"""The whole path on real processes, two copies of each service: a message in, a true answer out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from support.shop import Shop, open_shop, until

from hub.identity_code import code_in
from simulator.faults import FaultSpec

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    directory: Path = tmp_path_factory.mktemp("conversation")
    async with open_shop(directory, account_webhook=True) as opened:
        yield opened


async def test_a_greeting_is_answered_with_the_companys_greeting(shop: Shop) -> None:
    customer = shop.customer()

    said = shop.says(customer, "Oi, bom dia!")

    reply = await shop.reply(customer, said)
    assert "Casa Jabuticaba" in reply.text or "Lia" in reply.text


async def test_a_product_is_quoted_with_the_price_and_stock_odoo_has_now(shop: Shop) -> None:
    customer = shop.customer()
    sku, free = await shop.priced(at=123.45)

    said = shop.says(customer, f"Quanto custa o {sku}? Tem em estoque?")

    reply = await shop.reply(customer, said)
    assert "R$\xa0123,45" in reply.text or "R$ 123,45" in reply.text
    assert str(free) in reply.text


async def test_a_burst_is_answered_once(shop: Shop) -> None:
    customer = shop.customer()

    shop.says(customer, "Oi")
    await asyncio.sleep(0.1)
    shop.says(customer, "vocês trocam produto?")
    await asyncio.sleep(0.1)
    last = shop.says(customer, "e qual o prazo?")
    await shop.reply(customer, last)
    await shop.settle()

    first_id = shop.transcript(customer).lines[0].id
    assert len(shop.transcript(customer).public_replies(first_id)) == 1


async def test_both_deliveries_of_a_message_three_times_each_are_answered_once(shop: Shop) -> None:
    customer = shop.customer()
    fault = shop.simulator.state.faults.set(
        FaultSpec(surface="webhook", kind="duplicate", endpoint="message_created", copies=3, same_delivery_id=False)
    )
    try:
        said = shop.says(customer, "Boa tarde, qual o horário de vocês?")
        await shop.reply(customer, said)
        await shop.settle()
    finally:
        shop.simulator.state.faults.remove(fault)

    assert len(shop.transcript(customer).public_replies(said.id)) == 1
    assert len((await shop.records())[said.id]) == 1


async def test_a_customer_with_an_unknown_phone_proves_by_a_code_in_their_mailbox_who_they_are(shop: Shop) -> None:
    customer = shop.customer()
    said = shop.says(customer, "Cadê meu pedido?")
    await shop.reply(customer, said)

    said = shop.says(customer, "mariana.alves@exemplo.example")
    promised = await shop.reply(customer, said)
    await until(lambda: bool(shop.mails))
    code = code_in(re.sub(r"<[^>]+>", " ", shop.mails[-1]["body_html"]))
    said = shop.says(customer, f"o código é {code}")
    told = await shop.reply(customer, said)

    assert "Se este e-mail estiver no cadastro" in promised.text
    assert shop.mails[-1]["to"] == ["mariana.alves@exemplo.example"]
    assert "S00101" in told.text
    record = (await shop.records())[said.id][0]
    assert str(code) not in record.model_dump_json()
    for service in ("hub", "odoo_api", "webhook"):
        assert str(code) not in shop.system.log(service)


async def test_a_request_for_a_person_is_handed_off_with_a_note_for_them(shop: Shop) -> None:
    customer = shop.customer()

    said = shop.says(customer, "Quero falar com um atendente humano, por favor")
    await until(lambda: shop.transcript(customer).status == "open")

    (note,) = shop.transcript(customer).notes(said.id)
    assert note.private
    (record,) = (await shop.records())[said.id]
    assert record.hand_off_reason == "customer_request"


async def test_the_assistant_is_silent_while_a_person_has_the_conversation(shop: Shop) -> None:
    customer = shop.customer()
    said = shop.says(customer, "Oi, bom dia")
    await shop.reply(customer, said)
    state = shop.simulator.state
    person = next(iter(shop.account.users.values()))
    state.chatwoot.changes.assign_user(customer.conversations[-1], person)
    await shop.settle()

    later = shop.says(customer, "Quanto custa o frete?")
    await until_recorded(shop, later.id)
    await shop.settle()

    assert shop.transcript(customer).public_replies(later.id) == ()
    (record,) = (await shop.records())[later.id]
    assert record.outcome == "left_to_person"


async def test_both_copies_of_the_hub_take_their_share(shop: Shop) -> None:
    customers = [shop.customer() for _ in range(20)]
    said = [shop.says(each, "Oi, vocês entregam em casa?") for each in customers]
    await asyncio.gather(*(shop.reply(each, first) for each, first in zip(customers, said, strict=True)))

    handled = [await turns_of_hub(shop, index) for index in (0, 1)]

    assert min(handled) > 0, handled
    records = await shop.records()
    assert all(len(records[first.id]) == 1 for first in said)


async def until_recorded(shop: Shop, message_id: int, *, seconds: float = 15.0) -> None:
    for _ in range(int(seconds * 2)):
        if message_id in await shop.records():
            return
        await asyncio.sleep(0.5)
    raise AssertionError("no outcome was recorded")


async def turns_of_hub(shop: Shop, index: int) -> float:
    text = (await shop.system.http.get(f"{shop.system.service_url('hub', index)}/metrics")).text
    lines = [line for line in text.splitlines() if line.startswith("odoo_ai_turns_total")]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)
