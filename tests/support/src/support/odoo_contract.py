"""What the Odoo client promises, whichever Odoo is behind it: run against the simulator and against a real one."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

import pytest

from common.odoo_commands import (
    CreateLead,
    CreateQuotation,
    Person,
    QuotationLine,
    Record,
    ScheduleActivity,
)
from common.queries import QuoteRequestLine
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.drafts import create_lead, create_quotation
from odoo_api.odoo.errors import OdooAccessDenied, OdooAuthFailed, OdooMissing, OdooRefused
from odoo_api.odoo.follow_ups import add_note, schedule_activity
from odoo_api.odoo.orders import read_orders
from odoo_api.odoo.partners import find_partners, verify_identity
from odoo_api.odoo.prices import read_prices
from odoo_api.odoo.quotes import preview_quote
from odoo_api.odoo.stock import read_stocks

UNKNOWN_ID = 99_999_999


@dataclass(frozen=True)
class Shop:
    """What is in an Odoo for these tests. The product has a price for one and another for `bulk`."""

    product: int
    service: int
    pricelist: int
    bulk: int
    price_of_one: str
    price_of_bulk: str
    currency: str
    free: Decimal
    free_by_warehouse: dict[str, Decimal]
    customer: int
    """A partner with the phone, e-mail and document below, and with the order."""
    phone: str
    email: str
    document: str
    stranger: int
    order: str
    order_total: str
    order_paid: bool | None
    """Whether its invoice is paid; None: it has none."""


@dataclass(frozen=True)
class Mail:
    """An e-mail as it left Odoo."""

    to: tuple[str, ...]
    subject: str
    text: str


class OdooWorld(Protocol):
    """An Odoo to run the contract against."""

    shop: Shop

    def connect(self, **changes: str) -> OdooClient:
        """A client of a salesperson's rights; the world closes it."""
        ...

    def without_rights(self) -> OdooClient:
        """A client whose user may not create leads."""
        ...

    def mailbox(self) -> AbstractAsyncContextManager[list[Mail]]:
        """What this Odoo sends meanwhile; outside of it, it cannot send."""
        ...

    async def rows(self, model: str, domain: list[Any], fields: Sequence[str]) -> list[dict[str, Any]]:
        """Read as an administrator."""
        ...

    async def write(self, model: str, record_id: int, **values: Any) -> None:
        """Change a record as a person would."""
        ...


def now() -> datetime:
    return datetime.now(UTC)


def lead(key: str, **changes: Any) -> CreateLead:
    values = {"title": "Orçamento de uniformes", "person": Person(name="Mariana", phone="+5531995550199"), **changes}
    return CreateLead(tenant="loja", key=key, turn_id="turn", conversation_id=42, issued_at=now(), **values)


def quotation(key: str, *lines: tuple[int, int], **changes: Any) -> CreateQuotation:
    return CreateQuotation(
        tenant="loja",
        key=key,
        turn_id="turn",
        conversation_id=42,
        issued_at=now(),
        lines=tuple(QuotationLine(product_id=product, quantity=Decimal(count)) for product, count in lines),
        **changes,
    )


class OdooContract:
    """Inherit, and provide the fixture `world`."""

    @pytest.fixture
    def key(self) -> str:
        return uuid.uuid4().hex

    async def test_price_follows_pricelist_and_quantity(self, world: OdooWorld) -> None:
        shop, odoo = world.shop, world.connect()

        one = await read_prices(odoo, [shop.product], Decimal(1), now=now, pricelist_id=shop.pricelist)
        many = await read_prices(odoo, [shop.product], Decimal(shop.bulk), now=now, pricelist_id=shop.pricelist)

        assert str(one[0].unit_price) == shop.price_of_one
        assert str(many[0].unit_price) == shop.price_of_bulk
        assert many[0].currency == shop.currency

    async def test_unknown_product_is_left_out(self, world: OdooWorld) -> None:
        shop, odoo = world.shop, world.connect()
        ids = [UNKNOWN_ID, shop.product]

        prices = await read_prices(odoo, ids, Decimal(1), now=now)
        stocks = await read_stocks(odoo, ids, now=now)

        assert [each.product_id for each in prices] == [shop.product]
        assert [each.product_id for each in stocks] == [shop.product]

    async def test_free_stock_is_what_is_not_reserved_also_by_warehouse(self, world: OdooWorld) -> None:
        shop, odoo = world.shop, world.connect()

        stocks = await read_stocks(odoo, [shop.product, shop.service], now=now, by_warehouse=True)

        by_id = {each.product_id: each for each in stocks}
        places = {each.name: each.free_quantity for each in by_id[shop.product].warehouses}
        assert by_id[shop.product].free_quantity == shop.free
        assert {name: places[name] for name in shop.free_by_warehouse} == shop.free_by_warehouse
        assert sum(places.values()) == shop.free
        assert by_id[shop.service].unlimited
        assert not by_id[shop.service].warehouses

    async def test_a_quote_is_computed_and_nothing_is_written(self, world: OdooWorld) -> None:
        shop, odoo = world.shop, world.connect()
        before = await world.rows("sale.order", [["partner_id", "=", shop.customer]], ["name"])
        lines = [
            QuoteRequestLine(product_id=shop.product, quantity=Decimal(2)),
            QuoteRequestLine(product_id=UNKNOWN_ID),
        ]

        quote = await preview_quote(odoo, lines, now=now, partner_id=shop.customer)

        line = quote.lines[0]
        assert [each.product_id for each in quote.lines] == [shop.product]
        assert quote.unknown_product_ids == (UNKNOWN_ID,)
        assert quote.currency == shop.currency
        assert line.unit_price > 0
        assert line.subtotal == line.unit_price * 2
        assert quote.total == line.total == line.subtotal + line.taxes
        assert await world.rows("sale.order", [["partner_id", "=", shop.customer]], ["name"]) == before

    async def test_a_quote_for_a_pricelist_has_its_prices(self, world: OdooWorld) -> None:
        shop, odoo = world.shop, world.connect()
        line = QuoteRequestLine(product_id=shop.product, quantity=Decimal(shop.bulk))

        quote = await preview_quote(odoo, [line], now=now, pricelist_id=shop.pricelist)

        assert str(quote.lines[0].subtotal) == str(Decimal(shop.price_of_bulk) * shop.bulk)

    async def test_a_quote_for_nobody_known_is_missing(self, world: OdooWorld) -> None:
        line = QuoteRequestLine(product_id=world.shop.product)

        with pytest.raises(OdooMissing):
            await preview_quote(world.connect(), [line], now=now, partner_id=UNKNOWN_ID)
        with pytest.raises(OdooMissing):
            await preview_quote(world.connect(), [line], now=now, pricelist_id=UNKNOWN_ID)

    async def test_an_order_is_found_as_customers_type_it(self, world: OdooWorld) -> None:
        shop, odoo = world.shop, world.connect()
        bare = shop.order.lstrip("S").lstrip("0")

        for typed in (shop.order, shop.order.lower(), f"pedido nº {bare}", f"#{bare}"):
            found = await read_orders(odoo, shop.customer, now=now, reference=typed)
            assert [each.reference for each in found.orders] == [shop.order], typed

    async def test_an_order_tells_state_delivery_lines_and_the_customers_page(self, world: OdooWorld) -> None:
        shop = world.shop

        found = await read_orders(world.connect(), shop.customer, now=now, reference=shop.order, with_link=True)

        order = found.orders[0]
        assert order.state == "confirmed"
        assert order.delivery in ("pending", "started")
        assert str(order.total) == shop.order_total
        assert order.currency == shop.currency
        assert shop.product in [each.product_id for each in order.lines]
        assert [each.state for each in order.shipments] in (["ready"], ["waiting"])
        assert order.ordered_at is not None
        assert order.ordered_at.tzinfo is not None
        assert "/my/orders/" in order.link
        assert "access_token=" in order.link
        if shop.order_paid is not None:
            assert [each.payment == "paid" for each in order.invoices] == [shop.order_paid]
            assert order.invoicing == "invoiced"

    async def test_nobody_sees_the_order_of_somebody_else(self, world: OdooWorld) -> None:
        shop, odoo = world.shop, world.connect()

        theirs = await read_orders(odoo, shop.stranger, now=now, reference=shop.order)
        nobodys = await read_orders(odoo, UNKNOWN_ID, now=now)

        assert theirs.orders == nobodys.orders == ()

    async def test_a_partner_is_found_by_phone_and_email_however_it_is_written(self, world: OdooWorld) -> None:
        shop, odoo = world.shop, world.connect()
        digits = "".join(filter(str.isdigit, shop.phone))
        without_ninth = f"+{digits[:4]}{digits[5:]}"

        for phone in (shop.phone, digits, without_ninth):
            found = await find_partners(odoo, now=now, phone=phone)
            assert shop.customer in [each.partner_id for each in found.matches], phone
        by_email = await find_partners(odoo, now=now, email=shop.email.upper())
        both = await find_partners(odoo, now=now, phone=shop.phone, email=shop.email)

        assert [each.partner_id for each in by_email.matches] == [shop.customer]
        assert both.matches[0].partner_id == shop.customer
        assert both.matches[0].matched_by == ("phone", "email")
        assert both.matches[0].proofs == ("document", "email")

    async def test_identity_is_proved_by_the_document_or_the_email_and_by_nothing_less(self, world: OdooWorld) -> None:
        shop, odoo = world.shop, world.connect()
        digits = "".join(filter(str.isdigit, shop.document))

        async def verdict(claim: str, **anchors: str | None) -> str:
            complete: dict[str, str | None] = {"phone": None, "email": None, "order_reference": None, **anchors}
            answer = await verify_identity(odoo, claim, **complete)
            assert (answer.partner_id == shop.customer) is answer.verified
            return answer.outcome

        assert await verdict(f"termina em {digits[-4:]}", phone=shop.phone) == "verified"
        assert await verdict(shop.document, order_reference=shop.order) == "verified"
        assert await verdict(shop.email, order_reference=shop.order) == "verified"
        assert await verdict(shop.document, email=shop.email) == "verified"
        assert await verdict(shop.email, email=shop.email) == "no_match"
        assert await verdict("0000", phone=shop.phone) == "no_match"
        assert await verdict(digits[-4:], order_reference=shop.order) == "too_short"
        assert await verdict(digits[-3:], phone=shop.phone) == "too_short"
        assert await verdict("não sei de cor", phone=shop.phone) == "unreadable"
        assert await verdict(shop.document, phone="+5511900000000") == "no_candidate"

    async def test_two_writers_create_the_same_lead_once(self, world: OdooWorld, key: str) -> None:
        first, second = world.connect(), world.connect()
        title = f"Corrida {key[:8]}"

        outcomes = await asyncio.gather(*(create_lead(each, lead(key, title=title)) for each in (first, second)))

        stored = await world.rows("crm.lead", [["name", "=", title]], ["name"])
        assert [each.record_id for each in outcomes] == [stored[0]["id"]] * 2
        assert len(stored) == 1

    async def test_a_lead_that_comes_again_keeps_what_a_person_changed(self, world: OdooWorld, key: str) -> None:
        odoo = world.connect()
        created = await create_lead(odoo, lead(key))
        await world.write("crm.lead", created.record_id, name=f"Mudado {key[:8]}")

        again = await create_lead(odoo, lead(key))

        row = (await world.rows("crm.lead", [["id", "=", created.record_id]], ["name", "user_id"]))[0]
        assert again.record_id == created.record_id
        assert row["name"] == f"Mudado {key[:8]}"
        assert row["user_id"] is False
        assert created.link.endswith(f"/odoo/crm.lead/{created.record_id}")

    async def test_a_lead_text_is_text_and_not_markup(self, world: OdooWorld, key: str) -> None:
        text = "duas linhas\ne <b>nada</b> de markup"
        created = await create_lead(world.connect(), lead(key, description=text))

        row = (await world.rows("crm.lead", [["id", "=", created.record_id]], ["description"]))[0]

        assert "<b>" not in row["description"]
        assert "&lt;b&gt;nada&lt;/b&gt;" in row["description"]

    async def test_a_quotation_is_a_draft_with_each_line_once(self, world: OdooWorld, key: str) -> None:
        shop, odoo = world.shop, world.connect()
        wanted = quotation(key, (shop.product, 2), (shop.service, 1), person=Person(partner_id=shop.customer))

        first, second = await create_quotation(odoo, wanted), await create_quotation(odoo, wanted)

        fields = ["name", "state", "order_line", "amount_total", "partner_id"]
        row = (await world.rows("sale.order", [["id", "=", first.record_id]], fields))[0]
        assert first == second
        assert row["state"] == "draft"
        assert len(row["order_line"]) == 2
        assert first.reference == row["name"]
        assert float(first.total or 0) == pytest.approx(row["amount_total"])
        assert first.partner_id == shop.customer
        assert "/my/orders/" in first.portal_link

    async def test_a_quotation_for_somebody_new_creates_the_partner_once(self, world: OdooWorld, key: str) -> None:
        name = f"Cliente {key[:8]}"
        wanted = quotation(key, (world.shop.product, 1), person=Person(name=name, phone="+5531999990000"), note="Oi")

        for _ in range(2):
            await create_quotation(world.connect(), wanted)

        assert len(await world.rows("res.partner", [["name", "=", name]], ["name"])) == 1

    async def test_a_note_and_a_to_do_are_written_once(self, world: OdooWorld, key: str) -> None:
        odoo = world.connect()
        about = (await create_lead(odoo, lead(key))).record_id
        call_back = ScheduleActivity(
            tenant="loja",
            key=f"{key}:call",
            turn_id="turn",
            conversation_id=42,
            issued_at=now(),
            record=Record(model="crm.lead", id=about),
            summary=f"Ligar {key[:8]}",
            due_on=date(2026, 12, 1),
            activity="call",
        )

        for _ in range(2):
            await add_note(odoo, "crm.lead", about, "Prefere <manhã>", "loja", f"{key}:note")
            await schedule_activity(odoo, call_back, about)

        domain = [["model", "=", "crm.lead"], ["res_id", "=", about], ["message_type", "=", "comment"]]
        notes = await world.rows("mail.message", domain, ["body", "is_internal"])
        todos = await world.rows("mail.activity", [["res_id", "=", about]], ["summary"])
        assert [(each["body"], each["is_internal"]) for each in notes] == [("<p>Prefere &lt;manhã&gt;</p>", True)]
        assert [each["summary"] for each in todos] == [f"Ligar {key[:8]}"]

    async def test_writes_that_cannot_be_done_say_why(self, world: OdooWorld, key: str) -> None:
        odoo, person = world.connect(), Person(partner_id=world.shop.customer)

        async def refusal(work: Callable[[], Awaitable[Any]]) -> type[BaseException]:
            with pytest.raises((OdooMissing, OdooRefused)) as caught:
                await work()
            assert world.shop.email not in str(caught.value)
            return caught.type

        unknown_product = quotation(key, (UNKNOWN_ID, 1), person=person)
        unknown_partner = quotation(key, (world.shop.product, 1), person=Person(partner_id=UNKNOWN_ID))
        assert await refusal(lambda: create_quotation(odoo, unknown_product)) is OdooRefused
        assert await refusal(lambda: create_quotation(odoo, unknown_partner)) is OdooMissing
        assert await refusal(lambda: add_note(odoo, "crm.lead", UNKNOWN_ID, "x", "loja", key)) is OdooMissing

    async def test_a_user_who_may_not_create_leads_is_told_so(self, world: OdooWorld, key: str) -> None:
        with pytest.raises(OdooAccessDenied):
            await create_lead(world.without_rights(), lead(key))

    async def test_wrong_key_and_wrong_database_are_told_apart(self, world: OdooWorld) -> None:
        with pytest.raises(OdooAuthFailed):
            await read_stocks(world.connect(api_key="0" * 40), [1], now=now)
        with pytest.raises(OdooMissing):
            await read_stocks(world.connect(database="no-such-database"), [1], now=now)

    async def test_an_unknown_field_is_a_validation_error_without_traceback(self, world: OdooWorld) -> None:
        with pytest.raises(OdooRefused) as caught:
            await world.connect().call(
                "product.product", "search", purpose="products", domain=[["no_such_field", "=", 1]]
            )

        assert "no_such_field" in str(caught.value)
        assert "Traceback" not in repr(caught.value.__dict__) + str(caught.value)
