"""The whole path with a model: the step-up through Chatwoot, hub, odoo_api and Odoo; and an order that Odoo gets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from support.agent_shop import calls, final
from support.shop import Shop, open_shop, until

from common.tenants import Assistant, ModelPrice, ModelProviders
from simulator.chatwoot.desk import whatsapp_source_id
from simulator.chatwoot.model import ContactInbox, Message
from simulator.company import company_knowledge
from simulator.model.answers import Scripted
from simulator.odoo.database import Database

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

MODEL = "stand-in:mini"
MARIANA, CPF = "+5531995550101", "529.982.247-25"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    directory: Path = tmp_path_factory.mktemp("model")
    async with open_shop(directory, copies=1) as opened:
        assistant = Assistant(
            name="Lia", debounce_seconds=0.3, model=MODEL, model_prices={MODEL: ModelPrice(input=1.0, output=2.0)}
        )
        provider = {"api_key": "key-of-demo", "base_url": f"{opened.simulator.url}/model/v1"}
        providers = ModelProviders.model_validate({"providers": {"stand-in": provider}})
        await opened.system.apply(opened.tenant.model_copy(update={"assistant": assistant, "models": providers}))
        yield opened


def script(shop: Shop, *answers: dict[str, Any]) -> None:
    shop.simulator.state.model.script("key-of-demo", [Scripted.model_validate(each) for each in answers])


def database(shop: Shop) -> Database:
    return shop.simulator.state.odoo.databases[shop.simulator.state.settings.simulator_odoo_database]


def mariana(shop: Shop) -> ContactInbox:
    inbox = next(iter(shop.account.inboxes.values()))
    desk = shop.simulator.state.chatwoot.desk
    return desk.contact(inbox, shop.account, "Mariana Alves", MARIANA, whatsapp_source_id(inbox, MARIANA))


async def reply(shop: Shop, customer: ContactInbox, said: Message) -> str:
    return (await shop.reply(customer, said, seconds=40)).text


async def test_a_customer_hears_of_their_own_order_after_the_step_up_and_of_no_other(shop: Shop) -> None:
    customer = mariana(shop)
    script(
        shop,
        calls("order_status", order_number="S00101"),
        final("Para ver o pedido, me diga os últimos dígitos do CPF.", action="ask", intent="order_status"),
        calls("verify_identity", claim="<CPF_1>"),
        calls("order_status", order_number="S00103"),
        calls("order_status", order_number="S00101"),
        final("O pedido S00101 está confirmado.", "order:S00101", intent="order_status"),
    )

    before = await reply(shop, customer, shop.says(customer, "cadê meu pedido S00101?"))
    after = await reply(shop, customer, shop.says(customer, f"é {CPF}"))

    assert "últimos dígitos" in before
    assert "S00101 está confirmado" in after
    told = str(list(shop.simulator.state.model.requests))
    for secret in (CPF, "52998224725", "S00103 ", "AIR-TU-PT-127", "joao.ferreira"):
        assert secret not in told
    records = [each for rows in (await shop.records()).values() for each in rows]
    uses = [(use.name, use.outcome) for record in records for use in record.tools]
    assert uses[0] == ("order_status", "refused")
    assert ("verify_identity", "ok") in uses
    assert CPF not in "".join(record.model_dump_json() for record in records)


async def test_a_quotation_is_made_in_odoo_once_and_only_after_a_yes(shop: Shop) -> None:
    customer = shop.customer("Otávio Prado")
    orders = database(shop).rows["sale.order"]
    known = set(orders)
    products = company_knowledge(datetime.now().astimezone().date()).products
    item = next(each for each in products if each.sku == "TOA-CA-BR")
    script(
        shop,
        calls("propose_quotation", lines=[{"product": f"product:{item.id}", "quantity": 2}]),
        final("Posso gerar o orçamento?", action="ask", intent="purchase"),
        calls("confirm_proposal"),
        final("Pronto, o orçamento foi criado.", intent="small_talk"),
    )

    await reply(shop, customer, shop.says(customer, "quanto custam 2 toalhas brancas TOA-CA-BR?"))
    assert set(orders) == known
    told = await reply(shop, customer, shop.says(customer, "sim, pode gerar"))
    await until(lambda: len(orders) > len(known))

    (made,) = set(orders) - known
    assert orders[made]["state"] == "draft"
    lines = [each for each in database(shop).rows["sale.order.line"].values() if _of(each, made)]
    assert [line["product_uom_qty"] for line in lines] == [2]
    assert "orçamento" in told


def _of(line: dict[str, Any], order: int) -> bool:
    owner = line["order_id"]
    return bool(order == (owner[0] if isinstance(owner, (list, tuple)) else owner))


async def test_a_lie_about_a_price_never_reaches_the_customer(shop: Shop) -> None:
    customer = shop.customer("Helena Prado")
    sku, _ = await shop.priced(at=123.45)
    lie = final(f"O {sku} está por R$ 1,99 só hoje!", intent="price")
    script(shop, lie, lie)

    said = shop.says(customer, f"quanto custa o {sku}?")
    text = await reply(shop, customer, said)
    await until(lambda: shop.transcript(customer).status == "open")

    assert "1,99" not in text
    assert all("1,99" not in (line.text or "") for line in shop.transcript(customer).public_replies(said.id))
