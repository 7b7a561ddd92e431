"""What could be promised to a customer right now: on hand minus reserved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.query_answers import Stock, WarehouseStock
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.values import Row, quantity, rows, text

_WANTED = ("type", "is_storable", "free_qty")
_WAREHOUSE_KEY_SINCE = 18
_MOST_WAREHOUSES = 20


async def read_stocks(
    client: OdooClient,
    product_ids: Sequence[int],
    *,
    now: Callable[[], datetime],
    warehouse_id: int | None = None,
    by_warehouse: bool = False,
) -> tuple[Stock, ...]:
    """Free stock; a product Odoo does not know is left out, and so is a combo: its parts have stock, it has none.

    Raises:
        OdooError: the stock could not be read.
    """
    fields = list(await client.fields("stock", "product.product", _WANTED))
    ids = list(dict.fromkeys(product_ids))
    read_at = now()
    read = [row for row in await _read(client, ids, fields, warehouse_id) if row.get("type") != "combo"]
    tracked = [int(row["id"]) for row in read if is_tracked(row)]
    places = await _by_warehouse(client, tracked, warehouse_id) if by_warehouse and tracked else {}
    return tuple(_stock(row, read_at, places.get(int(row["id"]), ())) for row in read)


async def _read(client: OdooClient, ids: Sequence[int], fields: Sequence[str], warehouse_id: int | None) -> list[Row]:
    context: dict[str, Any] = {}
    if warehouse_id is not None:
        renamed = (await client.version()).major >= _WAREHOUSE_KEY_SINCE
        context["warehouse_id" if renamed else "warehouse"] = warehouse_id
    read = await client.call(
        "product.product", "read", purpose="stock", ids=ids, fields=["id", *fields], context=context
    )
    return rows(read)


async def _by_warehouse(
    client: OdooClient, ids: Sequence[int], warehouse_id: int | None
) -> Mapping[int, tuple[WarehouseStock, ...]]:
    """One question per warehouse: Odoo computes free stock for one at a time."""
    domain = [] if warehouse_id is None else [["id", "=", warehouse_id]]
    warehouses = rows(
        await client.call(
            "stock.warehouse",
            "search_read",
            purpose="stock",
            domain=domain,
            fields=["name"],
            order="id",
            limit=_MOST_WAREHOUSES,
        )
    )
    answers = await asyncio.gather(*(_read(client, ids, ["free_qty"], int(each["id"])) for each in warehouses))
    found: dict[int, tuple[WarehouseStock, ...]] = {}
    for warehouse, answer in zip(warehouses, answers, strict=True):
        for row in answer:
            place = WarehouseStock(
                warehouse_id=int(warehouse["id"]),
                name=text(warehouse.get("name")),
                free_quantity=quantity(row.get("free_qty")),
            )
            found[int(row["id"])] = (*found.get(int(row["id"]), ()), place)
    return found


def _stock(row: Row, read_at: datetime, warehouses: tuple[WarehouseStock, ...]) -> Stock:
    product = int(row["id"])
    if not is_tracked(row):
        return Stock(product_id=product, free_quantity=Decimal(0), unlimited=True, read_at=read_at)
    free = quantity(row.get("free_qty"))
    return Stock(product_id=product, free_quantity=free, read_at=read_at, warehouses=warehouses)


def is_tracked(row: Row) -> bool:
    """Whether Odoo counts this product: no services, no untracked goods, nothing where there is no Inventory app."""
    if "free_qty" not in row:
        return False
    # Odoo 18 split `type = product` of 17 into `type = consu` and `is_storable`.
    return bool(row["is_storable"]) if "is_storable" in row else row.get("type") == "product"
