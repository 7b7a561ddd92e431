"""The sample company as Odoo stores it: rows by model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from simulator.company.catalogue import CatalogueProduct, catalogue
from simulator.company.data import table

Row: TypeAlias = dict[str, Any]
CURRENCY_ID = 6
COMPANY_ID = 1
UNIT_ID = 1
SALESPERSON_ID = 7


@dataclass
class Records:
    """Rows by model and id; stock by product and warehouse as [on hand, reserved]."""

    rows: dict[str, dict[int, Row]]
    stock: dict[int, dict[int, list[float]]]


def company_records(today: date) -> Records:
    """The sample company's records; order dates and price periods are counted from `today`."""
    odoo = table("odoo")
    products = catalogue()
    categories = _categories(products)
    category_ids = {row["complete_name"]: row["id"] for row in categories}
    attributes, values = _attributes(products)
    rows = {
        "res.currency": [{"id": CURRENCY_ID, "name": "BRL", "symbol": "R$"}],
        "res.company": [{"id": COMPANY_ID, "name": table("company")["name"], "currency_id": CURRENCY_ID}],
        "uom.uom": [{"id": UNIT_ID, "name": "Unidade"}],
        "stock.warehouse": [dict(row) for row in odoo["warehouse"]],
        "product.category": categories,
        "product.template": [_template(product, category_ids) for product in products],
        "product.product": [row for product in products for row in _variants(product, attributes, values)],
        "product.pricelist": [_pricelist(row) for row in odoo["pricelist"]],
        "product.pricelist.item": _pricelist_items(odoo["pricelist"], category_ids, today),
        "res.partner": [_partner(row) for row in odoo["partner"]],
        "sale.order": [_order(row, today) for row in odoo["order"]],
        "sale.order.line": [line for order in odoo["order"] for line in _lines(order)],
        "stock.picking": [each for row in odoo["order"] for each in _pickings(row, today)],
        "account.move": [each for row in odoo["order"] for each in _invoices(row, today)],
        "product.attribute": attributes,
        "product.template.attribute.value": values,
    }
    return Records({model: {row["id"]: row for row in found} for model, found in rows.items()}, _stock(products))


def _categories(products: tuple[CatalogueProduct, ...]) -> list[Row]:
    names: dict[str, Row] = {}
    for product in products:
        parts = product.category.split(" / ")
        for depth in range(1, len(parts) + 1):
            complete = " / ".join(parts[:depth])
            parent = names[" / ".join(parts[: depth - 1])]["id"] if depth > 1 else False
            names.setdefault(
                complete,
                {"id": len(names) + 1, "name": parts[depth - 1], "complete_name": complete, "parent_id": parent},
            )
    return list(names.values())


def _template(product: CatalogueProduct, category_ids: dict[str, int]) -> Row:
    return {
        "id": product.id,
        "name": product.name,
        "description_sale": product.description,
        "type": "service" if product.service else "consu",
        "is_storable": not product.service,
        "list_price": float(product.price),
        "standard_price": round(float(product.price) * 0.55, 2),
        "categ_id": category_ids[product.category],
        "currency_id": CURRENCY_ID,
        "uom_id": UNIT_ID,
        "sale_ok": True,
        "active": product.active,
        "company_id": False,
        "product_variant_ids": [variant.id for variant in product.variants],
    }


def _attributes(products: tuple[CatalogueProduct, ...]) -> tuple[list[Row], list[Row]]:
    """Attributes, and the values each product has of them."""
    names = {name for product in products for variant in product.variants for name in variant.attributes}
    attributes = [{"id": index, "name": name} for index, name in enumerate(sorted(names), start=1)]
    ids = {row["name"]: row["id"] for row in attributes}
    pairs = {
        (product.id, name, value)
        for product in products
        for variant in product.variants
        for name, value in variant.attributes.items()
    }
    values = [
        {"id": index, "name": value, "attribute_id": ids[name], "product_tmpl_id": template}
        for index, (template, name, value) in enumerate(sorted(pairs), start=1)
    ]
    return attributes, values


def _value_ids(
    product: CatalogueProduct, wanted: dict[str, str], attributes: list[Row], values: list[Row]
) -> list[int]:
    names = {row["id"]: row["name"] for row in attributes}
    return [
        row["id"]
        for row in values
        if row["product_tmpl_id"] == product.id and wanted.get(names[row["attribute_id"]]) == row["name"]
    ]


def _variants(product: CatalogueProduct, attributes: list[Row], values: list[Row]) -> list[Row]:
    return [
        {
            "id": variant.id,
            "product_tmpl_id": product.id,
            "default_code": variant.sku,
            "barcode": variant.barcode,
            "price_extra": float(variant.extra),
            "attribute_names": list(variant.attributes.values()),
            "product_template_attribute_value_ids": _value_ids(product, variant.attributes, attributes, values),
            "active": product.active,
        }
        for variant in product.variants
    ]


def _product_id(sku: str) -> int:
    return next(each.id for product in catalogue() for each in product.variants if each.sku == sku)


def _list_price(sku: str) -> float:
    return next(
        float(product.price + each.extra) for product in catalogue() for each in product.variants if each.sku == sku
    )


def _pricelist(row: Row) -> Row:
    return {
        "id": row["id"],
        "name": row["name"],
        "currency_id": CURRENCY_ID,
        "active": True,
        "company_id": False,
        "country_group_ids": [],
        "sequence": row["id"],
    }


def _pricelist_items(pricelists: list[Row], category_ids: dict[str, int], today: date) -> list[Row]:
    return [
        {
            "id": item["id"],
            "pricelist_id": pricelist["id"],
            "applied_on": item["applied_on"],
            "product_id": _product_id(item["sku"]) if "sku" in item else False,
            "product_tmpl_id": item.get("product", False),
            "categ_id": category_ids[item["category"]] if "category" in item else False,
            "min_quantity": float(item.get("min_quantity", 0)),
            "compute_price": item["compute_price"],
            "fixed_price": item.get("fixed_price", 0.0),
            "percent_price": item.get("percent_price", 0.0),
            "date_start": _moment(today, item["from_day"], "00:00:00") if "from_day" in item else False,
            "date_end": _moment(today, item["until_day"], "23:59:59") if "until_day" in item else False,
        }
        for pricelist in pricelists
        for item in pricelist.get("item", [])
    ]


def _moment(today: date, days: int, clock: str) -> str:
    return f"{today + timedelta(days=days)} {clock}"


def _partner(row: Row) -> Row:
    return {
        "id": row["id"],
        "name": row["name"],
        "email": row["email"],
        "email_normalized": row["email"].lower(),
        "phone": row["phone"],
        "phone_sanitized": "+" + _national_digits(row["phone"]),
        "city": row["city"],
        "lang": "pt_BR",
        "is_company": row.get("is_company", False),
        "parent_id": row.get("parent", False),
        "commercial_partner_id": row.get("parent", row["id"]),
        "property_product_pricelist": row["pricelist"],
        "active": True,
        "vat": row.get("document", False),
        "ref": False,
        "user_id": SALESPERSON_ID if row.get("is_company") else False,
    }


def _national_digits(phone: str) -> str:
    digits = "".join(each for each in phone if each.isdigit())
    return digits if digits.startswith("55") and len(digits) > 11 else f"55{digits}"


def _order(row: Row, today: date) -> Row:
    amount = _amount(row)
    return {
        "id": row["id"],
        "name": row["name"],
        "state": row["state"],
        "partner_id": row["partner"],
        "pricelist_id": next(each["pricelist"] for each in table("odoo")["partner"] if each["id"] == row["partner"]),
        "date_order": _moment(today, row["day"], "14:30:00"),
        "commitment_date": False,
        "expected_date": _moment(today, row["day"] + 3, "14:30:00"),
        "delivery_status": row["delivery_status"],
        "invoice_status": row["invoice_status"],
        "amount_untaxed": amount,
        "amount_tax": 0.0,
        "amount_total": amount,
        "currency_id": CURRENCY_ID,
        "client_order_ref": False,
        "access_url": f"/my/orders/{row['id']}",
        "order_line": [_line_id(row["id"], index) for index in range(len(row["lines"]))],
        "picking_ids": [each["id"] for each in _pickings(row, today)],
        "invoice_ids": [each["id"] for each in _invoices(row, today)],
        "origin": False,
        "access_token": False,
        "user_id": False,
    }


def _amount(row: Row) -> float:
    return float(round(sum(_list_price(line["sku"]) * line["quantity"] for line in row["lines"]), 2))


def _pickings(row: Row, today: date) -> list[Row]:
    """A confirmed order is delivered in one go, or in two when a part of it has left already."""
    if row["state"] != "sale":
        return []
    left = {"pending": ["assigned"], "partial": ["done", "confirmed"], "full": ["done"]}[row["delivery_status"]]
    return [
        {
            "id": row["id"] * 10 + index,
            "name": f"CTG/OUT/{row['id']:05d}{'' if index == 0 else f'-{index}'}",
            "state": state,
            "picking_type_code": "outgoing",
            "scheduled_date": _moment(today, row["day"] + 3, "14:30:00"),
            "date_done": _moment(today, row["day"] + 2, "16:00:00") if state == "done" else False,
            "sale_id": row["id"],
        }
        for index, state in enumerate(left)
    ]


def _invoices(row: Row, today: date) -> list[Row]:
    if row["invoice_status"] != "invoiced":
        return []
    paid = row["delivery_status"] == "full"
    return [
        {
            "id": row["id"],
            "name": f"FAT/{row['id']:05d}",
            "invoice_origin": row["name"],
            "move_type": "out_invoice",
            "state": "posted",
            "payment_state": "paid" if paid else "not_paid",
            "invoice_date": str(today + timedelta(days=row["day"])),
            "invoice_date_due": str(today + timedelta(days=row["day"] + 28)),
            "amount_total": _amount(row),
            "amount_residual": 0.0 if paid else _amount(row),
        }
    ]


def _line_id(order_id: int, index: int) -> int:
    return order_id * 10 + index


def _lines(order: Row) -> list[Row]:
    delivered = {"full": 1.0, "partial": 0.5}.get(order["delivery_status"], 0.0)
    return [
        {
            "id": _line_id(order["id"], index),
            "order_id": order["id"],
            "product_id": _product_id(line["sku"]),
            "product_uom_qty": float(line["quantity"]),
            "qty_delivered": float(int(line["quantity"] * delivered)),
            "price_unit": _list_price(line["sku"]),
            "discount": 0.0,
            "display_type": False,
            "price_subtotal": round(_list_price(line["sku"]) * line["quantity"], 2),
            "price_tax": 0.0,
            "price_total": round(_list_price(line["sku"]) * line["quantity"], 2),
        }
        for index, line in enumerate(order["lines"])
    ]


def _stock(products: tuple[CatalogueProduct, ...]) -> dict[int, dict[int, list[float]]]:
    shop, warehouse = (row["id"] for row in table("odoo")["warehouse"])
    return {
        variant.id: {
            shop: [float(variant.shop_stock), 0.0],
            warehouse: [float(variant.warehouse_stock), float(variant.reserved)],
        }
        for product in products
        if not product.service
        for variant in product.variants
    }
