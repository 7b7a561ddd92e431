"""What could be promised to a customer right now: on hand minus reserved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.queries import Stock
from odoo_api.odoo.client import OdooClient

_WANTED = ("type", "is_storable", "free_qty")
_WAREHOUSE_KEY_SINCE = 18


async def read_stocks(
    client: OdooClient, product_ids: Sequence[int], *, now: Callable[[], datetime], warehouse_id: int | None = None
) -> tuple[Stock, ...]:
    """Free stock; a product Odoo does not know is left out, and so is a combo: its parts have stock, it has none.

    Raises:
        OdooError: the stock could not be read.
    """
    fields = await client.fields("product.product", _WANTED)
    context: dict[str, Any] = {}
    if warehouse_id is not None:
        renamed = (await client.version()).major >= _WAREHOUSE_KEY_SINCE
        context["warehouse_id" if renamed else "warehouse"] = warehouse_id
    read_at = now()
    ids = list(dict.fromkeys(product_ids))
    rows = await client.call("product.product", "read", ids=ids, fields=["id", *fields], context=context)
    return tuple(_stock(row, read_at) for row in rows if row.get("type") != "combo")


def _stock(row: Mapping[str, Any], read_at: datetime) -> Stock:
    free = Decimal(repr(round(float(row.get("free_qty") or 0.0), 6)))
    if not is_tracked(row):
        return Stock(product_id=int(row["id"]), free_quantity=Decimal(0), unlimited=True, read_at=read_at)
    return Stock(product_id=int(row["id"]), free_quantity=_plain(free), read_at=read_at)


def is_tracked(row: Mapping[str, Any]) -> bool:
    """Whether Odoo counts this product: no services, no untracked goods, nothing where there is no Inventory app."""
    if "free_qty" not in row:
        return False
    # Odoo 18 split `type = product` of 17 into `type = consu` and `is_storable`.
    return bool(row["is_storable"]) if "is_storable" in row else row.get("type") == "product"


def _plain(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()
