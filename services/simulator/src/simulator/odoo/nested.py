"""Nested reads: `web_search_read` with a specification, as Odoo's own screens use it."""

from __future__ import annotations

from typing import Any

from simulator.company.records import Row
from simulator.odoo.database import shown_time
from simulator.odoo.errors import value_error
from simulator.odoo.methods import Call, search


def web_search_read(call: Call) -> Row:
    """The records in a domain with what they point to, in one answer."""
    specification = call.arguments.get("specification") or {}
    records = [nested(call, call.model, number, specification) for number in search(call)]
    return {"length": len(records), "records": records}


def nested(call: Call, model: str, number: int, specification: Row) -> Row:
    """One record with the fields of a specification."""
    known = call.database.fields(model, call.series)
    row: Row = {"id": number}
    for name, inner in specification.items():
        if name not in known:
            raise value_error(f"Invalid field {name!r} on {model!r}")
        value = call.database.value(model, number, name, call.context)
        row[name] = _followed(call, known[name].relation, value, (inner or {}).get("fields"))
    return row


def _followed(call: Call, relation: str, value: Any, fields: Row | None) -> Any:
    if not relation:
        return shown_time(value)
    if isinstance(value, list):
        return [nested(call, relation, each, fields) for each in value] if fields is not None else value
    if not value:
        return False
    return nested(call, relation, value, fields) if fields is not None else value
