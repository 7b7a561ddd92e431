"""`load`: creating and updating records under external ids, with the answers and refusals of the real one."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from typing import Any, Final

from simulator.company.records import CURRENCY_ID, Row
from simulator.odoo.database import Database
from simulator.odoo.errors import value_error
from simulator.odoo.methods import Call
from simulator.odoo.quoting import order_pricelist, priced_line

_REQUIRED: Final[dict[str, tuple[str, str]]] = {
    "crm.lead": ("name", "Missing required value for the field 'Opportunity' (name)."),
    "sale.order": ("partner_id", "Missing required value for the field 'Customer' (partner_id)."),
}
_NUMBERS: Final = frozenset({"res_id"})
_CONFLICT: Final = "could not serialize access due to concurrent update\n"


class _Refused(Exception):
    def __init__(self, message: str, field: str = "") -> None:
        self.message = message
        self.field = field
        super().__init__(message)


def load(call: Call) -> Row:
    """One record per call, with its lines in further rows. Refusals come inside a 200."""
    fields, data = [str(each) for each in call.arguments["fields"]], call.arguments["data"]
    for name in fields:
        if name.partition("/")[0] not in call.fields:
            raise value_error(f"Invalid field name {name.partition('/')[0]!r}")
    database = call.database
    if database.load_conflicts > 0:
        database.load_conflicts -= 1
        return _failed(_CONFLICT)
    try:
        return {"ids": [_record(call, fields, data)], "messages": [], "nextrow": 0}
    except _Refused as refusal:
        return _failed(refusal.message, refusal.field)


def _failed(message: str, field: str = "") -> Row:
    told: Row = {"rows": {"from": 0, "to": 0}, "record": 0, "type": "error", "message": message}
    if field:
        told["field"] = field
    return {"ids": False, "messages": [told], "nextrow": 0}


def _record(call: Call, fields: list[str], data: list[list[str]]) -> int:
    database, cells = call.database, dict(zip(fields, data[0], strict=True))
    xml_id = cells.pop("id")
    values = {
        name.partition("/")[0]: _value(database, call, name, cell)
        for name, cell in cells.items()
        if not name.startswith("order_line/")
    }
    lines = [dict(zip(fields, row, strict=True)) for row in data] if "order_line/id" in fields else []
    known = database.external_ids.get(xml_id)
    if known is not None and known in database.table(call.model):
        if call.model == "mail.message" and values:
            raise _Refused("Only administrators can modify 'model' and 'res_id' fields.")
        database.table(call.model)[known].update(values)
        database.touch(call.model, known)
        _add_lines(call, known, lines)
        return known
    return _create(call, xml_id, values, lines)


def _create(call: Call, xml_id: str, values: Row, lines: list[Row]) -> int:
    database, model = call.database, call.model
    if model in call.user.denied_writes:
        raise _Refused(f"You are not allowed to create '{model}' ({model}) records.")
    required, message = _REQUIRED.get(model, ("", ""))
    if required and not values.get(required):
        raise _Refused(message, required)
    if model == "res.partner" and not values.get("name"):
        raise _Refused("Contacts require a name")
    if model == "mail.activity" and not values.get("res_model_id"):
        raise _Refused("Activities must be assigned if not attached to a document.")
    number = max(database.table(model), default=0) + 1
    complete: dict[str, Callable[[], Row]] = {
        "sale.order": lambda: _order(database, number, values),
        "res.partner": lambda: _partner(number, values),
        "mail.activity": lambda: {"res_model": values["res_model_id"], "active": True},
    }
    defaults = complete[model]() if model in complete else {}
    database.insert(model, {"id": number, **defaults, **values})
    database.external_ids[xml_id] = number
    _add_lines(call, number, lines)
    return number


def _order(database: Database, number: int, values: Row) -> Row:
    return {
        "name": f"S{number:05d}",
        "state": "draft",
        "pricelist_id": order_pricelist(database, values) or False,
        "currency_id": CURRENCY_ID,
        "delivery_status": False,
        "invoice_status": "no",
        "date_order": database.now(),
        "commitment_date": False,
        "expected_date": False,
        "client_order_ref": False,
        "access_url": f"/my/orders/{number}",
        "access_token": False,
        "amount_untaxed": 0.0,
        "amount_tax": 0.0,
        "amount_total": 0.0,
        "order_line": [],
        "picking_ids": [],
        "invoice_ids": [],
    }


def _partner(number: int, values: Row) -> Row:
    email = str(values.get("email") or "")
    return {
        "email_normalized": email.lower() or False,
        "phone": "",
        "is_company": False,
        "parent_id": False,
        "commercial_partner_id": number,
        "property_product_pricelist": False,
        "active": True,
        "vat": False,
        "ref": False,
        "user_id": False,
    }


def _add_lines(call: Call, order: int, lines: list[Row]) -> None:
    """A line is known by its own external id; without one it is added again, as Odoo does."""
    database = call.database
    for cells in lines:
        xml_id = cells["order_line/id"]
        product = _id(database, "product.product", cells["order_line/product_id/.id"], "order_line")
        pricelist = database.rows["sale.order"][order]["pricelist_id"] or None
        values = priced_line(database, product, float(cells["order_line/product_uom_qty"]), pricelist)
        known = database.external_ids.get(xml_id) if xml_id else None
        if known is None:
            known = max(database.rows["sale.order.line"], default=0) + 1
            database.rows["sale.order"][order]["order_line"].append(known)
        if xml_id:
            database.external_ids[xml_id] = known
        database.insert("sale.order.line", {"id": known, "order_id": order, **values})
    if lines:
        row = database.rows["sale.order"][order]
        total = sum(database.rows["sale.order.line"][each]["price_total"] for each in row["order_line"])
        row["amount_untaxed"] = row["amount_total"] = round(total, 2)


def _value(database: Database, call: Call, name: str, cell: str) -> Any:
    field, _, kind = name.partition("/")
    if not cell:
        return False
    if kind == ".id":
        return _id(database, call.fields[field].relation, cell, field)
    if kind == "id":
        # Models, message types and activity types are known by their external id alone here.
        return cell.partition(".model_")[2].replace("_", ".") or cell
    if call.fields[field].type == "boolean":
        return cell.lower() in ("1", "true")
    return int(cell) if field in _NUMBERS else cell


def _id(database: Database, model: str, cell: str, field: str) -> int:
    if not cell.isdigit() or int(cell) not in database.table(model):
        raise _Refused(f"No matching record found for database id '{cell}' in field '{field}'", field)
    return int(cell)


def portal_url(call: Call) -> str:
    """The customer's page; the access token is made the first time."""
    row = call.database.table(call.model)[(call.ids or [0])[0]]
    row["access_token"] = row.get("access_token") or token_hex(16)
    return f"{row['access_url']}?access_token={row['access_token']}"
