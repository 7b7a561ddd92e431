"""What this system may do in somebody's Odoo: per purpose, which methods of which models and which fields.

Odoo's own access rules do not protect cost prices, margins or internal notes from an ordinary user's API key, so the
list is kept here and checked on every call, whoever makes it. What is not listed is not sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from common.errors import OdooAiError

Purpose: TypeAlias = Literal[
    "price",
    "stock",
    "quote",
    "orders",
    "partners",
    "code",
    "lead",
    "quotation",
    "note",
    "activity",
    "products",
    "check",
]


@dataclass(frozen=True)
class Permit:
    """What one purpose allows to do with one model.

    `reads`: fields, `nested`: fields of the records a field points to, `writes`: fields that `load` and `send_mail` may
    fill.
    """

    methods: frozenset[str]
    reads: frozenset[str] = frozenset()
    nested: Mapping[str, frozenset[str]] = field(default_factory=dict)
    writes: frozenset[str] = frozenset()


def _permit(methods: str, reads: str = "", writes: str = "", **nested: str) -> Permit:
    return Permit(
        frozenset(methods.split()),
        frozenset(reads.split()),
        {name: frozenset(fields.split()) for name, fields in nested.items()},
        frozenset(writes.split()),
    )


_STOCKED: Final = "id type is_storable free_qty"

_FOLLOWED: Final = {
    "crm.lead": _permit("search_read", "id name user_id"),
    "sale.order": _permit("search_read", "id name user_id"),
    "res.partner": _permit("search_read", "id user_id"),
}

PERMITS: Final[Mapping[Purpose, Mapping[str, Permit]]] = {
    "price": {
        "product.product": _permit("read get_contextual_price fields_get", "id lst_price currency_id"),
        "product.pricelist": _permit("search read", "id currency_id country_group_ids sequence active"),
        "res.partner": _permit("read", "id property_product_pricelist"),
    },
    "stock": {
        "product.product": _permit("read fields_get", _STOCKED),
        "stock.warehouse": _permit("search_read", "id name"),
    },
    "quote": {
        "product.product": _permit("search", "id"),
        "product.pricelist": _permit("search", "id"),
        "sale.order": _permit(
            "onchange",
            "amount_untaxed amount_tax amount_total",
            currency_id="name",
            order_line="product_id product_uom_qty price_unit discount price_subtotal price_tax price_total",
        ),
    },
    "orders": {
        "res.partner": _permit("search_read", "id commercial_partner_id"),
        "sale.order": _permit(
            "web_search_read get_portal_url fields_get",
            "name state date_order commitment_date expected_date delivery_status invoice_status amount_untaxed "
            "amount_tax amount_total client_order_ref",
            currency_id="name",
            order_line="product_id name display_type product_uom_qty qty_delivered price_total",
            picking_ids="name state scheduled_date date_done picking_type_code carrier_id carrier_tracking_ref "
            "carrier_tracking_url",
            invoice_ids="name move_type state payment_state invoice_date invoice_date_due amount_total amount_residual",
        ),
        "stock.picking": _permit(
            "fields_get",
            "name state scheduled_date date_done picking_type_code carrier_id carrier_tracking_ref "
            "carrier_tracking_url",
        ),
    },
    "partners": {
        "res.partner": _permit(
            "search_read fields_get",
            "id commercial_partner_id email_normalized phone mobile phone_mobile_search vat cnpj_cpf",
        ),
        "sale.order": _permit("search_read", "name client_order_ref partner_id"),
    },
    # Ordinary users may not make a `mail.mail`; `send_mail` of a template makes one for them and sends it.
    "code": {
        "res.partner": _permit("search_read", "id commercial_partner_id email_normalized"),
        "mail.template": _permit(
            "search load has_access send_mail",
            writes="id name model_id auto_delete subject body_html email_to email_cc recipient_ids",
        ),
    },
    "lead": {
        "res.partner": _permit("search_read", "id user_id"),
        "crm.lead": _permit(
            "load has_access search_read fields_get",
            "name odoo_ai_conversation_url odoo_ai_summary",
            "id name description contact_name partner_name email_from phone partner_id user_id "
            "odoo_ai_conversation_url odoo_ai_summary",
        ),
    },
    "quotation": {
        "res.partner": _permit("search_read load has_access", "id user_id", "id name email phone company_name"),
        "sale.order": _permit(
            "search load has_access search_read get_portal_url",
            "name partner_id amount_total currency_id",
            "id partner_id pricelist_id origin user_id order_line",
        ),
    },
    "note": {
        **_FOLLOWED,
        "mail.message": _permit(
            "search load has_access", "id", "id model res_id body message_type subtype_id is_internal message_id"
        ),
    },
    "activity": {
        **_FOLLOWED,
        "mail.activity": _permit(
            "search load has_access",
            writes="id res_model_id res_id activity_type_id summary note date_deadline user_id",
        ),
    },
    "products": {
        "product.product": _permit(
            "search search_read search_count fields_get",
            "id name default_code barcode description_sale categ_id product_tmpl_id sale_ok active currency_id "
            "website_published product_template_attribute_value_ids write_date",
        ),
        "product.template.attribute.value": _permit("search_read", "id name attribute_id"),
    },
    "check": {
        "res.users": _permit("context_get search_read", "id login lang tz"),
        "res.users.apikeys": _permit("search_read", "expiration_date"),
        **{
            model: _permit("has_access fields_get search_count")
            for model in (
                "product.product",
                "product.pricelist",
                "stock.warehouse",
                "stock.picking",
                "sale.order",
                "account.move",
                "res.partner",
                "crm.lead",
                "mail.message",
                "mail.activity",
                "mail.template",
            )
        },
    },
}

NEVER_READ: Final = frozenset(
    {
        "standard_price",
        "purchase_price",
        "margin",
        "margin_percent",
        "seller_ids",
        "variant_seller_ids",
        "value_svl",
        "total_value",
        "avg_cost",
        "stock_valuation_layer_ids",
        "comment",
        "password",
    }
)
"""Cost, margin, suppliers, notes and secrets: on no list, and not to be searched or sorted by either, because a search
tells a value too."""

_READING: Final = frozenset({"read", "search_read"})
_NESTED_READING: Final[Mapping[str, str]] = {"web_search_read": "specification", "onchange": "fields_spec"}


class NotPermitted(OdooAiError):
    """Code of ours asked for a method or field that is not on the list: a programming error, nothing was sent."""


def readable_fields(purpose: Purpose, model: str) -> frozenset[str]:
    """The fields of a model that may be read for a purpose or followed to other records."""
    permit = PERMITS[purpose].get(model)
    return permit.reads | permit.nested.keys() if permit else frozenset()


def check_permitted(purpose: Purpose, model: str, method: str, arguments: Mapping[str, Any]) -> None:
    """Refuse a call that is not on the purpose's list.

    Raises:
        NotPermitted: names the method or the field.
    """
    place = f"{purpose}: {model}.{method}"
    permit = PERMITS[purpose].get(model)
    if permit is None or method not in permit.methods:
        raise NotPermitted(f"{place} is not permitted")
    if method in _READING:
        _check(place, arguments.get("fields"), permit.reads)
    if method in _NESTED_READING:
        _check_specification(place, arguments.get(_NESTED_READING[method]), permit)
    if method == "send_mail":
        _check(place, arguments.get("email_values"), permit.writes)
    if method == "load":
        _check(place, [str(each).partition("/")[0] for each in arguments.get("fields", ())], permit.writes)
    _check_conditions(place, arguments)


def _check(place: str, names: Iterable[str] | None, permitted: frozenset[str]) -> None:
    wanted = set(names or ())
    if not wanted:
        raise NotPermitted(f"{place} without fields would read all of them")
    refused = (wanted - permitted) | (wanted & NEVER_READ)
    if refused:
        raise NotPermitted(f"{place}: {', '.join(sorted(refused))} may not be used")


def _check_specification(place: str, specification: Any, permit: Permit) -> None:
    wanted: Mapping[str, Mapping[str, Any]] = specification or {}
    _check(place, wanted, permit.reads | permit.nested.keys())
    for name, inner in wanted.items():
        if name in permit.nested:
            _check(f"{place} {name}", inner.get("fields"), permit.nested[name])
            _check_names_only(f"{place} {name}", inner["fields"])
        elif inner:
            raise NotPermitted(f"{place}: {name} may not be followed")


def _check_names_only(place: str, fields: Mapping[str, Mapping[str, Any]]) -> None:
    for name, inner in fields.items():
        if inner.get("fields", {}).keys() - {"display_name"}:
            raise NotPermitted(f"{place}: {name} may not be followed further than its name")


def _check_conditions(place: str, arguments: Mapping[str, Any]) -> None:
    leaves = [each for each in arguments.get("domain") or () if isinstance(each, list | tuple)]
    names = [str(leaf[0]) for leaf in leaves if leaf]
    names += [part.split()[0] for part in str(arguments.get("order") or "").split(",") if part.strip()]
    used = {part for name in names for part in name.split(".")}
    if used & NEVER_READ:
        raise NotPermitted(f"{place}: {', '.join(sorted(used & NEVER_READ))} may not be used")
