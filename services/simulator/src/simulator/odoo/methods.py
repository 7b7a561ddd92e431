"""The methods that can be called, with their parameters and the checks Odoo makes before a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from simulator.company.records import Row
from simulator.odoo.database import LANGUAGES, Database, OdooUser, shown_time
from simulator.odoo.errors import access_error, bad_arguments, missing_error, not_found, user_error, value_error
from simulator.odoo.fields import Field
from simulator.odoo.pricing import contextual_price


@dataclass(frozen=True)
class Call:
    """One call, whichever transport it came by."""

    database: Database
    user: OdooUser
    series: int
    model: str
    method: str
    ids: list[int] | None = None
    context: Row = field(default_factory=dict)
    arguments: Row = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Field]:
        """The fields of the model."""
        return self.database.fields(self.model, self.series)


@dataclass(frozen=True)
class Method:
    """A method: its parameters in order, those that must be given, and whether it works on records."""

    run: Callable[[Call], Any]
    parameters: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    on_records: bool = True


def execute(call: Call) -> Any:
    """Run a call.

    Raises:
        OdooError: as Odoo would answer.
    """
    call.database.table(call.model)
    if call.method.startswith("_"):
        private = f"Private methods (such as '{call.model}.{call.method}') cannot be called remotely."
        raise access_error(private)
    method = method_of(call.model, call.method)
    if method is None:
        raise not_found(f"The method '{call.model}.{call.method}' does not exist")
    _check_arguments(call, method)
    if call.context.get("lang") and call.context["lang"] not in LANGUAGES:
        raise user_error(f"Invalid language code: {call.context['lang']}")
    if call.method not in _WITHOUT_READING:
        call.database.check_access(call.user, call.model)
    return method.run(call)


def _check_arguments(call: Call, method: Method) -> None:
    if call.ids is not None and not method.on_records:
        raise bad_arguments(f"cannot call {call.model}.{call.method} with ids")
    for name in method.required:
        if name not in call.arguments:
            raise bad_arguments(f"missing a required argument: '{name}'")
    for name in call.arguments:
        if name not in method.parameters:
            raise bad_arguments(f"got an unexpected keyword argument '{name}'")


def search(call: Call) -> list[int]:
    """The ids in the call's domain, ordered and paged."""
    found = call.database.search(call.model, call.arguments.get("domain") or [], call.context, call.series)
    found = _ordered(call, found, call.arguments.get("order"))
    offset, limit = int(call.arguments.get("offset") or 0), call.arguments.get("limit")
    return found[offset : offset + int(limit) if limit else None]


def _ordered(call: Call, found: list[int], order: str | None) -> list[int]:
    for part in reversed((order or "").split(",")):
        name, _, direction = part.strip().partition(" ")
        if not name:
            continue
        if name not in call.fields:
            raise value_error(f"Invalid field {name!r} on {call.model!r}")

        def key(number: int, name: str = name) -> tuple[bool, Any]:
            value = call.database.value(call.model, number, name, call.context)
            return (value in (False, None), value)

        found = sorted(found, key=key, reverse=direction.strip().lower() == "desc")
    return found


def _wanted_fields(call: Call) -> list[str]:
    wanted = list(call.arguments.get("fields") or call.fields)
    for name in wanted:
        if name not in call.fields:
            raise value_error(f"Invalid field {name!r} on {call.model!r}")
    return wanted


def _rows(call: Call, ids: list[int]) -> list[Row]:
    wanted = _wanted_fields(call)
    names = call.arguments.get("load", "_classic_read") == "_classic_read"
    table = call.database.table(call.model)
    return [
        {"id": number, **{name: _shown(call, number, name, names) for name in wanted if name != "id"}}
        for number in ids
        if number in table
    ]


def _shown(call: Call, number: int, name: str, with_names: bool) -> Any:
    value = call.database.value(call.model, number, name, call.context)
    known = call.fields[name]
    if known.type == "many2one" and value and with_names:
        return [value, call.database.display_name(known.relation, value)]
    return False if value is None or (value == "" and known.type == "char") else shown_time(value)


def _read(call: Call) -> list[Row]:
    return _rows(call, call.ids or [])


def _search_read(call: Call) -> list[Row]:
    return _rows(call, search(call))


def _search_count(call: Call) -> int:
    return len(search(call))


def _name_search(call: Call) -> list[tuple[int, str]]:
    wanted = str(call.arguments.get("name") or "").lower()
    found = call.database.search(
        call.model, call.arguments.get("domain") or call.arguments.get("args") or [], call.context, call.series
    )
    named = [(number, call.database.display_name(call.model, number)) for number in found]
    return [each for each in named if wanted in each[1].lower()][: int(call.arguments.get("limit") or 100)]


def _fields_get(call: Call) -> dict[str, Row]:
    names = call.arguments.get("allfields") or list(call.fields)
    attributes = call.arguments.get("attributes")
    described = {name: _described(name, call.fields[name]) for name in names if name in call.fields}
    if not attributes:
        return described
    return {name: {key: row[key] for key in attributes if key in row} for name, row in described.items()}


def _described(name: str, known: Field) -> Row:
    row: Row = {
        "type": known.type,
        "string": known.label,
        "name": name,
        "store": known.store,
        "searchable": known.searchable,
        "readonly": not known.store,
        "required": False,
    }
    return {**row, "relation": known.relation} if known.relation else row


def _contextual_price(call: Call) -> float:
    ids = call.ids or []
    if len(ids) != 1:
        listed = ", ".join(map(str, ids))
        raise value_error(f"Expected singleton: {call.model}({listed})")
    if ids[0] not in call.database.table(call.model):
        raise missing_error(call.model, ids[0])
    return contextual_price(call.database, ids[0], call.context, datetime.now(UTC))


def _has_access(call: Call) -> bool:
    if call.arguments["operation"] == "read":
        return call.model not in call.user.denied
    return call.model in _CREATABLE and call.model not in call.user.denied_writes


def _context_get(call: Call) -> dict[str, Any]:
    return {"lang": "pt_BR", "tz": "America/Sao_Paulo", "uid": call.user.id}


_CREATABLE = frozenset({"crm.lead", "sale.order", "res.partner", "mail.message", "mail.activity", "mail.template"})
_WITHOUT_READING = frozenset({"has_access", "fields_get"})
_SEARCH = ("domain", "offset", "limit", "order")
_METHODS: dict[str, Method] = {
    "read": Method(_read, ("fields", "load")),
    "search": Method(search, _SEARCH, ("domain",), on_records=False),
    "search_read": Method(_search_read, ("domain", "fields", "offset", "limit", "order", "load"), on_records=False),
    "search_count": Method(_search_count, ("domain", "limit"), ("domain",), on_records=False),
    "name_search": Method(_name_search, ("name", "domain", "operator", "limit"), on_records=False),
    "fields_get": Method(_fields_get, ("allfields", "attributes"), on_records=False),
    "has_access": Method(_has_access, ("operation",), ("operation",)),
}
_MODEL_METHODS: dict[tuple[str, str], Method] = {
    ("product.product", "get_contextual_price"): Method(_contextual_price),
    ("res.users", "context_get"): Method(_context_get, on_records=False),
}


def add_method(name: str, method: Method, model: str | None = None) -> None:
    """Make a method callable, on every model or on one."""
    if model is None:
        _METHODS[name] = method
    else:
        _MODEL_METHODS[model, name] = method


def method_of(model: str, name: str) -> Method | None:
    """The method of a model, if there is one."""
    return _MODEL_METHODS.get((model, name)) or _METHODS.get(name)
