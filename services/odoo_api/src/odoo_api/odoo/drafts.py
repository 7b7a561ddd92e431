"""Leads and draft quotations, created once per command."""

from __future__ import annotations

from html import escape
from typing import Any, Final

from common.odoo_commands import CreateLead, CreateQuotation, OdooCommand, Person
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.errors import OdooMissing
from odoo_api.odoo.follow_ups import write_note
from odoo_api.odoo.html import paragraphs
from odoo_api.odoo.links import portal_link, record_link
from odoo_api.odoo.loads import Columns, external_id, load_once
from odoo_api.odoo.outcome import Outcome
from odoo_api.odoo.permits import Purpose
from odoo_api.odoo.values import money, related_id, related_name, rows, text

LEAD: Final = "crm.lead"
ORDER: Final = "sale.order"


async def create_lead(client: OdooClient, command: CreateLead) -> Outcome:
    """A lead for the salesperson of the partner, or for nobody in particular: never for the key's own user.

    Raises:
        OdooError: it was not created, or that is not known.
    """
    person = command.person
    salesperson = await _salesperson(client, "lead", person.partner_id)
    values: dict[str, object] = {
        "name": command.title,
        "description": _lead_description(command),
        "contact_name": person.name,
        "partner_name": person.company,
        "user_id/.id": salesperson,
    }
    if person.partner_id is None:
        values |= {"email_from": person.email, "phone": person.phone}
    else:
        # Without phone and e-mail: Odoo would write a lead's over the partner's.
        values["partner_id/.id"] = person.partner_id
    values |= await _fields_of_our_module(client, command)
    xml_id = external_id("lead", command.tenant, command.key)
    lead = await load_once(client, "lead", LEAD, xml_id, Columns.of(values))
    link = record_link(client.connection.url, LEAD, lead)
    return Outcome(model=LEAD, record_id=lead, reference=command.title, link=link, partner_id=person.partner_id)


async def _fields_of_our_module(client: OdooClient, command: CreateLead) -> dict[str, object]:
    """Conversation and summary, where the module `odoo_ai` is installed: there a lead has fields for them."""
    wanted = {"odoo_ai_conversation_url": command.conversation_link, "odoo_ai_summary": command.description}
    if not command.conversation_link.startswith(("https://", "http://")):
        del wanted["odoo_ai_conversation_url"]
    known = await client.fields("lead", LEAD, wanted)
    return {name: wanted[name] for name in known if wanted[name]}


def _lead_description(command: CreateLead) -> str:
    person, parts = command.person, [paragraphs(command.description)]
    if person.partner_id is not None:
        parts += [paragraphs(each) for each in (person.phone, person.email) if each]
    if command.conversation_link.startswith(("https://", "http://")):
        link = escape(command.conversation_link)
        parts.append(f'<p><a href="{link}">{link}</a></p>')
    return "".join(parts)


async def create_quotation(client: OdooClient, command: CreateQuotation) -> Outcome:
    """A draft order. Its lines have external ids too: without them a second `load` would add them again.

    Raises:
        OdooError: it was not created, or that is not known.
    """
    partner = command.person.partner_id or await _create_partner(client, command, command.person)
    salesperson = await _salesperson(client, "quotation", partner)
    xml_id = external_id("quotation", command.tenant, command.key)
    origin = f"Chatwoot {command.conversation_id} ({xml_id[-8:]})"

    async def find() -> int | None:
        # By the source document: a `load` that fails would use up one of the company's order numbers.
        found = await client.call(ORDER, "search", purpose="quotation", domain=[["origin", "=", origin]], limit=1)
        return int(found[0]) if found else None

    columns = _order_columns(command, xml_id, partner, salesperson, origin)
    order = await load_once(client, "quotation", ORDER, xml_id, columns, find)
    if command.note:
        await write_note(client, ORDER, order, command.note, command.tenant, f"{command.key}:note")
    fields = ["name", "partner_id", "amount_total", "currency_id"]
    read = rows(
        await client.call(ORDER, "search_read", purpose="quotation", domain=[["id", "=", order]], fields=fields)
    )
    if not read:
        raise OdooMissing("the quotation was deleted in Odoo", exception="odoo.exceptions.MissingError")
    row = read[0]
    return Outcome(
        model=ORDER,
        record_id=order,
        reference=text(row.get("name")),
        link=record_link(client.connection.url, ORDER, order),
        portal_link=await portal_link(client, "quotation", order),
        partner_id=related_id(row.get("partner_id")),
        total=money(row.get("amount_total")),
        currency=related_name(row.get("currency_id")),
    )


def _order_columns(
    command: CreateQuotation, xml_id: str, partner: int, salesperson: int | None, origin: str
) -> Columns:
    head: dict[str, Any] = {"partner_id/.id": partner, "origin": origin, "user_id/.id": salesperson}
    if command.pricelist_id is not None:
        head["pricelist_id/.id"] = command.pricelist_id
    first = Columns.of(head)
    names = (*first.names, "order_line/id", "order_line/product_id/.id", "order_line/product_uom_qty")
    lines = [
        (f"{xml_id}_line_{index}", str(each.product_id), f"{each.quantity:f}")
        for index, each in enumerate(command.lines)
    ]
    blank = ("",) * len(first.names)
    rows = tuple((*(first.rows[0] if index == 0 else blank), *line) for index, line in enumerate(lines))
    return Columns(names, rows)


async def _create_partner(client: OdooClient, command: OdooCommand, person: Person) -> int:
    values = {"name": person.name, "email": person.email, "phone": person.phone, "company_name": person.company}
    xml_id = external_id("partner", command.tenant, command.key)
    return await load_once(client, "quotation", "res.partner", xml_id, Columns.of(values))


async def _salesperson(client: OdooClient, purpose: Purpose, partner: int | None) -> int | None:
    """Who looks after a partner in Odoo.

    Raises:
        OdooMissing: Odoo does not know the partner.
    """
    if partner is None:
        return None
    domain, context = [["id", "=", partner]], {"active_test": False}
    found = rows(
        await client.call(
            "res.partner", "search_read", purpose=purpose, domain=domain, fields=["user_id"], context=context
        )
    )
    if not found:
        raise OdooMissing("Odoo does not know this partner", exception="odoo.exceptions.MissingError")
    return related_id(found[0].get("user_id"))
