"""One Odoo database: rows, users with keys, and values as they are computed for a context."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from simulator.company.records import COMPANY_ID, SALESPERSON_ID, UNIT_ID, Records, Row
from simulator.odoo.domain import matches
from simulator.odoo.errors import access_error, not_found, value_error
from simulator.odoo.fields import MODELS, Field, fields_of

LANGUAGES = frozenset({"en_US", "pt_BR", "es_ES"})
_DELEGATED = frozenset(MODELS["product.template"]) - {"default_code", "barcode", "active", "product_variant_ids"}
_QUANTITIES = frozenset({"qty_available", "virtual_available", "free_qty", "incoming_qty", "outgoing_qty"})


@dataclass
class OdooUser:
    """A user who calls with an API key."""

    id: int
    login: str
    api_key: str
    denied: set[str] = field(default_factory=set)
    """Models this user may not read."""
    denied_writes: set[str] = field(default_factory=set)
    """Models this user may not create records of."""


class Database:
    """A database over the sample company's records."""

    def __init__(self, name: str, user: OdooUser, records: Records) -> None:
        self.name = name
        self.users: dict[str, OdooUser] = {user.api_key: user}
        self.rows = records.rows
        self.stock = records.stock
        self.external_ids: dict[str, int] = {}
        self.load_conflicts = 0
        """How many loads from now on lose against another transaction."""
        self.outgoing_mail_server = True
        """Whether e-mails leave."""
        self.sent_mails: list[Row] = []
        """What left, oldest first."""
        self.rows["res.users"] = {
            user.id: {"id": user.id, "name": "Assistente", "login": user.login, "company_id": COMPANY_ID},
            SALESPERSON_ID: {"id": SALESPERSON_ID, "name": "Beatriz Lemos", "login": "bia", "company_id": COMPANY_ID},
        }
        self._template_products = {
            number: list(row["product_variant_ids"]) for number, row in self.rows["product.template"].items()
        }
        for model in MODELS:
            self.rows.setdefault(model, {})
        for table in self.rows.values():
            for row in table.values():
                row.setdefault("write_date", self.now())
                row.setdefault("create_date", self.now())

    @staticmethod
    def now() -> str:
        """The time as it is stored: Odoo keeps microseconds, and shows seconds."""
        return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")

    def insert(self, model: str, row: Row) -> None:
        """Add a row, or replace it."""
        self.table(model)[row["id"]] = {"write_date": self.now(), "create_date": self.now(), **row}

    def delete(self, model: str, record_id: int) -> None:
        """Remove a row: nothing of it remains."""
        del self.table(model)[record_id]

    def table(self, model: str) -> dict[int, Row]:
        """The rows of a model.

        Raises:
            OdooError: no such model.
        """
        if model not in MODELS:
            raise not_found(f"the model '{model}' does not exist")
        return self.rows[model]

    def fields(self, model: str, series: int) -> dict[str, Field]:
        """The fields of a model."""
        self.table(model)
        return fields_of(model, series)

    def check_access(self, user: OdooUser, model: str) -> None:
        """Refuse a model the user may not read.

        Raises:
            OdooError: with the text Odoo would show.
        """
        if model in user.denied:
            raise access_error(f"You are not allowed to access '{model}' ({model}) records.")

    def value(self, model: str, record_id: int, name: str, context: Row) -> Any:
        """One value, many2one as a bare id. The field is known to exist."""
        row = self.table(model)[record_id]
        if name == "display_name":
            return self.display_name(model, record_id)
        if name in _QUANTITIES:
            return self._quantity(model, record_id, name, context)
        if name == "phone_mobile_search":
            # Odoo compares without the marks people put between the digits.
            return "".join(each for each in str(row["phone"]) if each.isdigit())
        if model == "product.product":
            return self._product_value(row, name, context)
        if model == "product.template" and name in ("default_code", "barcode", "product_variant_count"):
            return self._template_value(record_id, name)
        if model == "sale.order.line" and name == "name":
            return row.get("name") or self.display_name("product.product", row["product_id"])
        if model == "product.pricelist" and name == "item_ids":
            items = self.rows["product.pricelist.item"].values()
            return [each["id"] for each in items if each["pricelist_id"] == record_id]
        if model == "sale.order.line" and name in ("product_uom_id", "product_uom"):
            return UNIT_ID
        return row.get(name, False)

    def _product_value(self, row: Row, name: str, context: Row) -> Any:
        if name in ("lst_price", "list_price"):
            base = self.rows["product.template"][row["product_tmpl_id"]]["list_price"]
            return round(base + (row["price_extra"] if name == "lst_price" else 0), 2)
        if name in _DELEGATED or name == "product_variant_ids":
            return self.value("product.template", row["product_tmpl_id"], name, context)
        return row.get(name, False)

    def _template_value(self, template_id: int, name: str) -> Any:
        variants = self._template_products[template_id]
        if name == "product_variant_count":
            return len(variants)
        return self.rows["product.product"][variants[0]][name] if len(variants) == 1 else False

    def _quantity(self, model: str, record_id: int, name: str, context: Row) -> float:
        products = self._template_products[record_id] if model == "product.template" else [record_id]
        return sum(self._product_quantity(each, name, context) for each in products)

    def _product_quantity(self, product_id: int, name: str, context: Row) -> float:
        wanted = context.get("warehouse_id") or context.get("warehouse")
        places = [place for number, place in self.stock.get(product_id, {}).items() if wanted in (None, False, number)]
        on_hand, reserved = sum(place[0] for place in places), sum(place[1] for place in places)
        quantities = {"qty_available": on_hand, "outgoing_qty": reserved, "incoming_qty": 0.0}
        return quantities.get(name, on_hand - reserved)

    def display_name(self, model: str, record_id: int) -> str:
        """How a record is called."""
        row = self.table(model)[record_id]
        if model == "product.product":
            name = self.rows["product.template"][row["product_tmpl_id"]]["name"]
            values = ", ".join(row["attribute_names"])
            code = f"[{row['default_code']}] " if row.get("default_code") else ""
            return f"{code}{name} ({values})" if values else f"{code}{name}"
        return str(row.get("complete_name") or row.get("name") or f"{model},{record_id}")

    def search(self, model: str, domain: list[Any], context: Row, series: int) -> list[int]:
        """The ids in a domain, in the order of ids.

        Raises:
            OdooError: an unknown field or a broken domain.
        """
        table, known = self.table(model), self.fields(model, series)
        self._check_fields(model, domain, known)
        named = {leaf[0] for leaf in domain if isinstance(leaf, (list, tuple)) and leaf}
        hide = "active" in known and context.get("active_test", True) and "active" not in named

        def read(record_id: int, path: str) -> Any:
            found = self._path(model, record_id, path, context)
            # 18 compares the microseconds it does not show; 19 whole seconds.
            return found if series <= 18 else shown_time(found)

        def below(record_id: int, path: str, wanted: Any) -> bool:
            return self._is_below(model, record_id, path, wanted)

        return [
            number
            for number, row in table.items()
            if not (hide and not row.get("active", True)) and matches(domain, number, read, below)
        ]

    def _check_fields(self, model: str, domain: Iterable[Any], known: dict[str, Field]) -> None:
        for leaf in domain:
            if isinstance(leaf, (list, tuple)) and len(leaf) == 3 and str(leaf[0]).partition(".")[0] not in known:
                raise value_error(f"Invalid field {model}.{leaf[0]} in condition {tuple(leaf)!r}")

    def _path(self, model: str, record_id: int, path: str, context: Row) -> Any:
        name, _, rest = path.partition(".")
        found = self.value(model, record_id, name, context)
        if not rest:
            return found
        relation = fields_of(model, 19)[name].relation
        if not relation or not found:
            return False
        if isinstance(found, list):
            return [self._path(relation, each, rest, context) for each in found]
        return self._path(relation, found, rest, context)

    def _is_below(self, model: str, record_id: int, path: str, wanted: Any) -> bool:
        ids = {wanted} if isinstance(wanted, int) else set(wanted or ())
        relation = model if path == "id" else fields_of(model, 19)[path].relation
        current = record_id if path == "id" else self.value(model, record_id, path, {})
        while current:
            if current in ids:
                return True
            current = self.table(relation)[current].get("parent_id", False)
        return False

    def touch(self, model: str, record_id: int) -> None:
        """Set the time of the last change."""
        self.table(model)[record_id]["write_date"] = self.now()


def shown_time(value: Any) -> Any:
    """A stored time without its microseconds; everything else as it is."""
    is_time = isinstance(value, str) and len(value) == 26 and value[19] == "." and value[10] == " "
    return value[:19] if is_time else value


def stamp(moment: datetime) -> str:
    """A time as Odoo writes it: UTC, without a zone."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")
