"""What a product costs right now, for this quantity and this customer, as Odoo itself computes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.query_answers import Price
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.errors import OdooMissing, OdooNotJson
from odoo_api.odoo.values import money

_DEFAULT_DIGITS = 2


async def read_prices(
    client: OdooClient,
    product_ids: Sequence[int],
    quantity: Decimal,
    *,
    now: Callable[[], datetime],
    partner_id: int | None = None,
    pricelist_id: int | None = None,
) -> tuple[Price, ...]:
    """Unit prices; a product Odoo does not know is left out.

    The pricelist is the given one, else the partner's, else the one an unknown customer gets, else none: the list
    price in the product's currency.

    Raises:
        OdooError: a price could not be read.
    """
    products = tuple(dict.fromkeys(product_ids))
    pricelist, digits = await asyncio.gather(_pricelist(client, partner_id, pricelist_id), _price_digits(client))
    currencies = await _currencies(client, products, pricelist)
    context: dict[str, Any] = {"quantity": float(quantity)}
    if pricelist is not None:
        context["pricelist"] = pricelist

    async def one(product: int) -> Price | None:
        read_at = now()
        amount = await _amount(client, product, context)
        if amount is None:
            return None
        return Price(
            product_id=product,
            unit_price=money(amount, digits),
            currency=currencies[product],
            quantity=quantity,
            read_at=read_at,
        )

    found = await asyncio.gather(*(one(product) for product in products if product in currencies))
    return tuple(price for price in found if price is not None)


async def _amount(client: OdooClient, product: int, context: dict[str, Any]) -> Any:
    """Odoo's answer; None: the product was deleted a moment ago."""
    try:
        # One id per call: the method refuses more ("Expected singleton").
        return await client.call(
            "product.product", "get_contextual_price", purpose="price", ids=[product], context=context
        )
    except OdooMissing as error:
        if error.is_record:
            return None
        raise


async def _price_digits(client: OdooClient) -> int:
    found = (await client.fields("price", "product.product", ["lst_price"])).get("lst_price", {}).get("digits")
    return int(found[1]) if isinstance(found, list) and len(found) == 2 else _DEFAULT_DIGITS


async def _pricelist(client: OdooClient, partner_id: int | None, pricelist_id: int | None) -> int | None:
    if pricelist_id is not None:
        return pricelist_id
    if partner_id is not None:
        rows = await client.call(
            "res.partner", "read", purpose="price", ids=[partner_id], fields=["property_product_pricelist"]
        )
        if rows and rows[0].get("property_product_pricelist"):
            return int(rows[0]["property_product_pricelist"][0])
    return await _default_pricelist(client)


async def _default_pricelist(client: OdooClient) -> int | None:
    # What Odoo gives a customer of unknown country: the first active pricelist without country groups, else the first.
    # When pricelists are switched off in Odoo's settings it archives them all, and the search finds none.
    order = "sequence asc, id asc"
    for domain in ([["country_group_ids", "=", False]], []):
        found = await client.call("product.pricelist", "search", purpose="price", domain=domain, limit=1, order=order)
        if found:
            return int(found[0])
    return None


async def _currencies(client: OdooClient, products: Sequence[int], pricelist: int | None) -> dict[int, str]:
    rows = await client.call("product.product", "read", purpose="price", ids=products, fields=["id", "currency_id"])
    own = {int(row["id"]): row["currency_id"] for row in rows}
    if pricelist is None:
        return {product: _name(currency) for product, currency in own.items()}
    found = await client.call("product.pricelist", "read", purpose="price", ids=[pricelist], fields=["currency_id"])
    if not found:
        raise OdooMissing("Odoo does not know this pricelist", exception="odoo.exceptions.MissingError")
    return dict.fromkeys(own, _name(found[0]["currency_id"]))


def _name(currency: Any) -> str:
    if not isinstance(currency, list) or len(currency) != 2:
        raise OdooNotJson("Odoo named no currency")
    return str(currency[1])
