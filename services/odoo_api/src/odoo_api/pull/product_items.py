"""A product of Odoo's as a knowledge item: pure. No price and no stock: those are read live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odoo_api.odoo.values import Row, related_id, related_name, text
from odoo_api.pull.ownership import pulled_id


def is_offered(row: Row, *, unpublished_too: bool) -> bool:
    """Whether customers may hear of it: not archived, for sale, and published where the online shop is installed."""
    published = unpublished_too or bool(row.get("website_published", True))
    return bool(row.get("active", True)) and bool(row.get("sale_ok")) and published and bool(text(row.get("name")))


def product_item(row: Row, values: Mapping[int, tuple[str, str]], siblings: int) -> dict[str, Any]:
    """The item, as the API would take it. `values`: attribute and value by id; `siblings`: variants of its template."""
    template = related_id(row.get("product_tmpl_id"))
    attributes = [values[each] for each in row.get("product_template_attribute_value_ids") or () if each in values]
    return {
        "id": pulled_id(int(row["id"])),
        "name": text(row.get("name"))[:500],
        "sku": text(row.get("default_code")),
        "barcode": text(row.get("barcode")),
        "description": text(row.get("description_sale")),
        "category": related_name(row.get("categ_id")),
        "attributes": dict(attributes),
        "variant_of": f"{pulled_id(template)}-template" if template is not None and siblings > 1 else "",
        "sale_ok": True,
        "odoo_id": int(row["id"]),
        "currency": related_name(row.get("currency_id")) or "BRL",
    }
