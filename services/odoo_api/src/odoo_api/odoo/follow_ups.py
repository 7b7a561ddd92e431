"""Notes and to-dos on records, written once per command."""

from __future__ import annotations

from typing import Any, Final

from common.odoo_commands import RecordModel, ScheduleActivity
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.errors import OdooMissing
from odoo_api.odoo.html import paragraphs
from odoo_api.odoo.links import record_link
from odoo_api.odoo.loads import Columns, external_id, load_once
from odoo_api.odoo.outcome import Outcome
from odoo_api.odoo.permits import Purpose
from odoo_api.odoo.values import Row, related_id, rows, text

_MODEL_IDS: Final = {
    "crm.lead": "crm.model_crm_lead",
    "sale.order": "sale.model_sale_order",
    "res.partner": "base.model_res_partner",
}
_ACTIVITY_TYPES: Final = {
    "todo": "mail.mail_activity_data_todo",
    "call": "mail.mail_activity_data_call",
    "email": "mail.mail_activity_data_email",
    "meeting": "mail.mail_activity_data_meeting",
}
_UNASSIGNED_SINCE: Final = 19
"""Before, an activity must have a user: then it is the key's own."""


async def add_note(client: OdooClient, model: RecordModel, record_id: int, body: str, tenant: str, key: str) -> Outcome:
    """Write an internal note.

    Raises:
        OdooMissing: there is no such record.
        OdooError: it was not written, or that is not known.
    """
    row = await _record(client, "note", model, record_id)
    await write_note(client, model, record_id, body, tenant, key)
    return _outcome(client, model, row)


async def write_note(client: OdooClient, model: str, record_id: int, body: str, tenant: str, key: str) -> None:
    """Write an internal note unless it is there already.

    The external id makes it unique, and the message id finds it: an ordinary user's second `load` of a message is
    refused, not answered, and a message has no field that must be filled in.

    Raises:
        OdooError: it was not written, or that is not known.
    """
    xml_id = external_id("note", tenant, key)
    message_id = f"<{xml_id}@odoo-ai>"
    values = {
        "model": model,
        "res_id": record_id,
        "body": paragraphs(body),
        "message_type": "comment",
        "subtype_id/id": "mail.mt_note",
        "is_internal": "1",
        "message_id": message_id,
    }

    async def find() -> int | None:
        return await _first(client, "note", "mail.message", [["message_id", "=", message_id]])

    await load_once(client, "note", "mail.message", xml_id, Columns.of(values), find)


async def schedule_activity(client: OdooClient, command: ScheduleActivity, record_id: int) -> Outcome:
    """Put a to-do on a record, for the given user or the record's own. One that is open already is not repeated.

    Raises:
        OdooMissing: there is no such record.
        OdooError: it was not written, or that is not known.
    """
    model = command.record.model
    row = await _record(client, "activity", model, record_id)
    values: dict[str, object] = {
        "res_model_id/id": _MODEL_IDS[model],
        "res_id": record_id,
        "activity_type_id/id": _ACTIVITY_TYPES[command.activity],
        "summary": command.summary,
        "note": paragraphs(command.note),
        "date_deadline": command.due_on.isoformat(),
    }
    user = command.user_id or related_id(row.get("user_id"))
    if user is not None or (await client.version()).major >= _UNASSIGNED_SINCE:
        values["user_id/.id"] = user
    xml_id = external_id("activity", command.tenant, command.key)
    same = [["res_model", "=", model], ["res_id", "=", record_id], ["summary", "=", command.summary]]

    async def find() -> int | None:
        return await _first(client, "activity", "mail.activity", same)

    await load_once(client, "activity", "mail.activity", xml_id, Columns.of(values), find)
    return _outcome(client, model, row)


async def _first(client: OdooClient, purpose: Purpose, model: str, domain: list[Any]) -> int | None:
    found = await client.call(model, "search", purpose=purpose, domain=domain, limit=1)
    return int(found[0]) if found else None


async def _record(client: OdooClient, purpose: Purpose, model: RecordModel, record_id: int) -> Row:
    fields = ["user_id"] if model == "res.partner" else ["name", "user_id"]
    domain, context = [["id", "=", record_id]], {"active_test": False}
    found = rows(
        await client.call(model, "search_read", purpose=purpose, domain=domain, fields=fields, context=context)
    )
    if not found:
        raise OdooMissing(f"there is no {model} with this id", exception="odoo.exceptions.MissingError")
    return found[0]


def _outcome(client: OdooClient, model: str, row: Row) -> Outcome:
    record_id = int(row["id"])
    link = record_link(client.connection.url, model, record_id)
    return Outcome(model=model, record_id=record_id, reference=text(row.get("name")), link=link)
