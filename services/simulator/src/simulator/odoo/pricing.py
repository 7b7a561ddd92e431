"""Pricelists: which rule applies to a product, a quantity and a day, and what it makes of the price."""

from __future__ import annotations

from typing import Any

from simulator.company.records import Row
from simulator.odoo.database import Database, stamp
from simulator.odoo.errors import value_error

_SPECIFIC_FIRST = ("0_product_variant", "1_product", "2_product_category", "3_global")


def contextual_price(database: Database, product_id: int, context: Row, now: Any) -> float:
    """The unit price for `pricelist`, `quantity` and `date` of the context; without a pricelist the sales price."""
    base: float = database.value("product.product", product_id, "lst_price", context)
    pricelist_id = context.get("pricelist")
    if not pricelist_id:
        return base
    if pricelist_id not in database.rows["product.pricelist"]:
        raise value_error(f"Expected singleton: product.pricelist({pricelist_id},)")
    quantity = float(context.get("quantity") or 1.0)
    moment = str(context.get("date") or stamp(now))
    rule = _rule(database, product_id, pricelist_id, quantity, moment)
    return round(_apply(rule, base), 2) if rule else base


def default_pricelist(database: Database) -> int | None:
    """What a customer without a pricelist of their own gets."""
    active = [row for row in database.rows["product.pricelist"].values() if row["active"]]
    return min(active, key=lambda row: (row["sequence"], row["id"]))["id"] if active else None


def _rule(database: Database, product_id: int, pricelist_id: int, quantity: float, moment: str) -> Row | None:
    fitting = [
        item
        for item in database.rows["product.pricelist.item"].values()
        if item["pricelist_id"] == pricelist_id
        and quantity >= item["min_quantity"]
        and _in_force(item, moment)
        and _concerns(database, item, product_id)
    ]
    fitting.sort(key=lambda item: (_SPECIFIC_FIRST.index(item["applied_on"]), -item["min_quantity"], -item["id"]))
    return fitting[0] if fitting else None


def _in_force(item: Row, moment: str) -> bool:
    return (not item["date_start"] or item["date_start"] <= moment) and (
        not item["date_end"] or moment <= item["date_end"]
    )


def _concerns(database: Database, item: Row, product_id: int) -> bool:
    applied_on = item["applied_on"]
    if applied_on == "0_product_variant":
        return bool(item["product_id"] == product_id)
    template_id = database.rows["product.product"][product_id]["product_tmpl_id"]
    if applied_on == "1_product":
        return bool(item["product_tmpl_id"] == template_id)
    if applied_on == "2_product_category":
        return _in_category(database, database.rows["product.template"][template_id]["categ_id"], item["categ_id"])
    return True


def _in_category(database: Database, category: Any, wanted: int) -> bool:
    while category:
        if category == wanted:
            return True
        category = database.rows["product.category"][category]["parent_id"]
    return False


def _apply(rule: Row, base: float) -> float:
    if rule["compute_price"] == "fixed":
        return float(rule["fixed_price"])
    return base * (1 - float(rule["percent_price"]) / 100)
