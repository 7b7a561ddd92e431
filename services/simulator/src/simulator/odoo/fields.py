"""The fields of the simulated models, as `fields_get` tells them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One field. A relation names its model."""

    type: str
    label: str
    relation: str = ""
    store: bool = True
    searchable: bool = True


def _chars(*names: str) -> dict[str, Field]:
    return {name: Field("char", name.replace("_", " ").capitalize()) for name in names}


def _floats(*names: str, store: bool = True) -> dict[str, Field]:
    return {name: Field("float", name.replace("_", " ").capitalize(), store=store) for name in names}


def _booleans(*names: str) -> dict[str, Field]:
    return {name: Field("boolean", name.replace("_", " ").capitalize()) for name in names}


def _one(name: str, model: str) -> dict[str, Field]:
    return {name: Field("many2one", name.removesuffix("_id").replace("_", " ").capitalize(), model)}


def _many(name: str, model: str) -> dict[str, Field]:
    return {name: Field("one2many", name.removesuffix("_ids").replace("_", " ").capitalize(), model)}


_COMMON: dict[str, Field] = {
    "id": Field("integer", "ID"),
    "display_name": Field("char", "Display Name", store=False),
    "write_date": Field("datetime", "Last Updated on"),
    "create_date": Field("datetime", "Created on"),
}
_QUANTITIES = _floats("qty_available", "virtual_available", "incoming_qty", "outgoing_qty", store=False)
_TEMPLATE: dict[str, Field] = {
    **_chars("name", "default_code", "barcode"),
    "description_sale": Field("text", "Sales Description"),
    "type": Field("selection", "Product Type"),
    **_booleans("is_storable", "sale_ok", "active"),
    **_floats("list_price", "standard_price"),
    **_one("categ_id", "product.category"),
    **_one("currency_id", "res.currency"),
    **_one("uom_id", "uom.uom"),
    **_one("company_id", "res.company"),
    **_many("product_variant_ids", "product.product"),
    "product_variant_count": Field("integer", "Variants", store=False, searchable=False),
    **_QUANTITIES,
}
_PRODUCT: dict[str, Field] = {
    **_TEMPLATE,
    **_one("product_tmpl_id", "product.template"),
    "lst_price": Field("float", "Sales Price", store=False, searchable=False),
    "price_extra": Field("float", "Variant Price Extra", store=False, searchable=False),
    "free_qty": Field("float", "Free To Use Quantity", store=False),
    **_many("product_template_attribute_value_ids", "product.template.attribute.value"),
}
_ORDER_LINE: dict[str, Field] = {
    **_one("order_id", "sale.order"),
    **_one("product_id", "product.product"),
    **_chars("name", "display_type"),
    **_floats("product_uom_qty", "qty_delivered", "price_unit", "discount"),
    **_floats("price_subtotal", "price_tax", "price_total"),
}
MODELS: dict[str, dict[str, Field]] = {
    "product.template": _TEMPLATE,
    "product.product": _PRODUCT,
    "product.category": {**_chars("name", "complete_name"), **_one("parent_id", "product.category")},
    "product.pricelist": {
        **_chars("name"),
        **_booleans("active"),
        **_one("currency_id", "res.currency"),
        **_one("company_id", "res.company"),
        **_many("item_ids", "product.pricelist.item"),
        **_many("country_group_ids", "res.country.group"),
        "sequence": Field("integer", "Sequence"),
    },
    "product.pricelist.item": {
        **_one("pricelist_id", "product.pricelist"),
        **_one("product_id", "product.product"),
        **_one("product_tmpl_id", "product.template"),
        **_one("categ_id", "product.category"),
        "applied_on": Field("selection", "Apply On"),
        "compute_price": Field("selection", "Compute Price"),
        **_floats("min_quantity", "fixed_price", "percent_price"),
        "date_start": Field("datetime", "Start Date"),
        "date_end": Field("datetime", "End Date"),
    },
    "res.partner": {
        **_chars("name", "email", "email_normalized", "phone", "phone_sanitized", "city", "lang", "vat", "ref"),
        **_chars("company_name"),
        **_one("user_id", "res.users"),
        **_booleans("is_company", "active"),
        **_one("parent_id", "res.partner"),
        **_one("commercial_partner_id", "res.partner"),
        "phone_mobile_search": Field("char", "Phone Number", store=False),
        "property_product_pricelist": Field(
            "many2one", "Pricelist", "product.pricelist", store=False, searchable=False
        ),
    },
    "sale.order": {
        **_chars("name", "client_order_ref", "access_url", "access_token", "origin"),
        **_one("user_id", "res.users"),
        **_many("picking_ids", "stock.picking"),
        **_many("invoice_ids", "account.move"),
        **{each: Field("selection", each.replace("_", " ")) for each in ("state", "delivery_status", "invoice_status")},
        **{
            each: Field("datetime", each.replace("_", " "))
            for each in ("date_order", "commitment_date", "expected_date")
        },
        **_floats("amount_untaxed", "amount_tax", "amount_total"),
        **_one("partner_id", "res.partner"),
        **_one("pricelist_id", "product.pricelist"),
        **_one("currency_id", "res.currency"),
        **_many("order_line", "sale.order.line"),
    },
    "sale.order.line": _ORDER_LINE,
    "stock.picking": {
        **_chars("name"),
        **{each: Field("selection", each.replace("_", " ")) for each in ("state", "picking_type_code")},
        **{each: Field("datetime", each.replace("_", " ")) for each in ("scheduled_date", "date_done")},
        **_one("sale_id", "sale.order"),
    },
    "account.move": {
        **_chars("name", "invoice_origin"),
        **{each: Field("selection", each.replace("_", " ")) for each in ("move_type", "state", "payment_state")},
        **{each: Field("date", each.replace("_", " ")) for each in ("invoice_date", "invoice_date_due")},
        **_floats("amount_total", "amount_residual"),
    },
    "crm.lead": {
        **_chars("name", "contact_name", "partner_name", "email_from", "phone"),
        "description": Field("html", "Notes"),
        **_one("partner_id", "res.partner"),
        **_one("user_id", "res.users"),
    },
    "mail.message": {
        **_chars("model", "message_id", "message_type", "subtype_id"),
        "res_id": Field("many2one_reference", "Related Document ID"),
        "body": Field("html", "Contents"),
        **_booleans("is_internal"),
    },
    "mail.activity": {
        **_chars("summary", "res_model", "res_model_id", "activity_type_id"),
        "res_id": Field("many2one_reference", "Related Document ID"),
        "note": Field("html", "Note"),
        "date_deadline": Field("date", "Due Date"),
        **_booleans("active"),
        **_one("user_id", "res.users"),
    },
    "mail.template": {
        **_chars("name", "model_id", "subject", "email_cc"),
        "body_html": Field("html", "Body"),
        **_booleans("auto_delete"),
    },
    "product.attribute": {**_chars("name")},
    "product.template.attribute.value": {**_chars("name"), **_one("attribute_id", "product.attribute")},
    "stock.warehouse": {**_chars("name", "code")},
    "res.currency": {**_chars("name", "symbol")},
    "res.company": {**_chars("name"), **_one("currency_id", "res.currency")},
    "res.users": {**_chars("name", "login"), **_one("company_id", "res.company")},
    "uom.uom": {**_chars("name")},
}


def fields_of(model: str, series: int) -> dict[str, Field]:
    """The fields of a model in a series: some were renamed or went away in 19."""
    fields = {**_COMMON, **MODELS[model]}
    if model in ("res.partner", "crm.lead") and series <= 18:
        fields["mobile"] = Field("char", "Mobile")
    if model == "sale.order.line":
        unit = "product_uom_id" if series >= 19 else "product_uom"
        fields[unit] = Field("many2one", "Unit", "uom.uom")
    return fields
