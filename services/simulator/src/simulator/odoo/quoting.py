"""`sale.order/onchange` of an order that is not there yet: Odoo fills it in, and writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from simulator.company.records import CURRENCY_ID, Row
from simulator.odoo.database import Database
from simulator.odoo.errors import missing_error, value_error
from simulator.odoo.methods import Call
from simulator.odoo.pricing import contextual_price, default_pricelist

_ORDER = frozenset({"amount_untaxed", "amount_tax", "amount_total", "currency_id", "order_line", "pricelist_id"})


def priced_line(database: Database, product: int, quantity: float, pricelist: int | None) -> Row:
    """A line as Odoo prices it. The sample company's prices include all taxes."""
    context: Row = {"quantity": quantity, **({"pricelist": pricelist} if pricelist else {})}
    price = contextual_price(database, product, context, datetime.now(UTC))
    total = round(price * quantity, 2)
    return {
        "product_id": product,
        "product_uom_qty": quantity,
        "price_unit": price,
        "discount": 0.0,
        "price_subtotal": total,
        "price_tax": 0.0,
        "price_total": total,
        "name": database.display_name("product.product", product),
        "display_type": False,
        "qty_delivered": 0.0,
    }


def order_pricelist(database: Database, values: Row) -> int | None:
    """The given pricelist, else the partner's, else an unknown customer's."""
    partner = values.get("partner_id")
    if partner and partner not in database.rows["res.partner"]:
        raise missing_error("res.partner", partner)
    if values.get("pricelist_id"):
        return int(values["pricelist_id"])
    own = database.rows["res.partner"][partner]["property_product_pricelist"] if partner else None
    return own or default_pricelist(database)


def onchange(call: Call) -> Row:
    """The values of the new order, as a form gets them."""
    values, specification = call.arguments["values"], call.arguments["fields_spec"]
    unknown = specification.keys() - _ORDER
    if unknown:
        raise value_error(f"Invalid field {min(unknown)!r} on 'sale.order'")
    pricelist = order_pricelist(call.database, values)
    commands: list[list[Any]] = []
    for command, virtual, line in values.get("order_line", []):
        product = line["product_id"]
        if product not in call.database.rows["product.product"]:
            raise missing_error("product.product", product)
        commands.append([command, virtual, priced_line(call.database, product, line["product_uom_qty"], pricelist)])
    total = round(sum(each[2]["price_total"] for each in commands), 2)
    currency = call.database.rows["res.currency"][CURRENCY_ID]
    found: Row = {
        "amount_untaxed": total,
        "amount_tax": 0.0,
        "amount_total": total,
        "currency_id": {"id": CURRENCY_ID, "name": currency["name"]},
        "pricelist_id": pricelist or False,
        "order_line": [_wanted(each, specification) for each in commands],
    }
    return {"value": {name: found[name] for name in specification}}


def _wanted(command: list[Any], specification: Row) -> list[Any]:
    names = specification["order_line"]["fields"]
    return [command[0], command[1], {name: command[2][name] for name in names}]
