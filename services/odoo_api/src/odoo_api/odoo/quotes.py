"""What a cart would cost: Odoo fills in an order as if somebody typed it, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from common.odoo_answers import QuoteLine, QuotePreview
from common.queries import QuoteRequestLine
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.errors import OdooMissing, OdooNotJson
from odoo_api.odoo.values import Row, money, quantity, related_id, related_name

_LINE: Final = ("product_id", "product_uom_qty", "price_unit", "discount", "price_subtotal", "price_tax", "price_total")
_SPECIFICATION: Final[dict[str, Any]] = {
    "amount_untaxed": {},
    "amount_tax": {},
    "amount_total": {},
    "currency_id": {"fields": {"name": {}}},
    "order_line": {"fields": {name: {} for name in _LINE}},
}
_CREATED = 0


async def preview_quote(
    client: OdooClient,
    lines: Sequence[QuoteRequestLine],
    *,
    now: Callable[[], datetime],
    partner_id: int | None = None,
    pricelist_id: int | None = None,
) -> QuotePreview:
    """Prices, discounts, taxes and total of the lines together. Lines of unknown products are left out and named.

    Raises:
        OdooError: the quote could not be computed; `missing` for a partner or pricelist Odoo does not know.
    """
    known = await _sold(client, [each.product_id for each in lines])
    unknown = tuple(dict.fromkeys(each.product_id for each in lines if each.product_id not in known))
    wanted = [each for each in lines if each.product_id in known]
    if pricelist_id is not None:
        await _require_pricelist(client, pricelist_id)
    read_at = now()
    answer = await client.call(
        "sale.order",
        "onchange",
        purpose="quote",
        ids=[],
        values=_values(wanted, partner_id, pricelist_id),
        field_names=[],
        fields_spec=_SPECIFICATION,
    )
    return _quote(answer, len(wanted), read_at, unknown)


async def _sold(client: OdooClient, product_ids: Sequence[int]) -> set[int]:
    domain = [["id", "in", list(dict.fromkeys(product_ids))], ["sale_ok", "=", True]]
    found = await client.call("product.product", "search", purpose="quote", domain=domain)
    return set(found)


async def _require_pricelist(client: OdooClient, pricelist_id: int) -> None:
    domain = [["id", "=", pricelist_id]]
    if not await client.call("product.pricelist", "search", purpose="quote", domain=domain):
        raise OdooMissing("Odoo does not know this pricelist", exception="odoo.exceptions.MissingError")


def _values(lines: Sequence[QuoteRequestLine], partner_id: int | None, pricelist_id: int | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "order_line": [
            [_CREATED, f"line_{index}", {"product_id": each.product_id, "product_uom_qty": float(each.quantity)}]
            for index, each in enumerate(lines)
        ]
    }
    if partner_id is not None:
        values["partner_id"] = partner_id
    if pricelist_id is not None:
        values["pricelist_id"] = pricelist_id
    return values


def _quote(answer: Any, expected: int, read_at: datetime, unknown: tuple[int, ...]) -> QuotePreview:
    value = answer.get("value") if isinstance(answer, dict) else None
    if not isinstance(value, dict):
        raise OdooNotJson("Odoo computed no quote")
    # Commands as a form gets them: [0, virtual id, values].
    commands = [each for each in value.get("order_line") or () if each[0] == _CREATED]
    if len(commands) != expected:
        raise OdooNotJson("Odoo's quote has other lines than were asked for")
    currency = related_name(value.get("currency_id"))
    if not currency:
        raise OdooNotJson("Odoo named no currency")
    return QuotePreview(
        lines=tuple(_line(each[2]) for each in commands),
        untaxed=money(value.get("amount_untaxed")),
        taxes=money(value.get("amount_tax")),
        total=money(value.get("amount_total")),
        currency=currency,
        read_at=read_at,
        unknown_product_ids=unknown,
    )


def _line(row: Row) -> QuoteLine:
    product = related_id(row.get("product_id"))
    if product is None:
        raise OdooNotJson("a line of Odoo's quote has no product")
    return QuoteLine(
        product_id=product,
        quantity=quantity(row.get("product_uom_qty")),
        unit_price=money(row.get("price_unit")),
        discount_percent=quantity(row.get("discount")),
        subtotal=money(row.get("price_subtotal")),
        taxes=money(row.get("price_tax")),
        total=money(row.get("price_total")),
    )
