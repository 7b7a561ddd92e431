"""Live reads of a tenant's Odoo, asked by the hub over NATS."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from common.errors import QueryFailed
from common.message import Message
from common.queries import PriceQuery, Prices, Query, StockQuery, Stocks
from odoo_api.connections import OdooConnections
from odoo_api.odoo.errors import OdooError
from odoo_api.odoo.prices import read_prices
from odoo_api.odoo.stock import read_stocks

QUEUE = "odoo_api"
# One query is one customer's question: more products than this are a mistake, and a load on somebody's Odoo.
_MOST_PRODUCTS = 50


class OdooQueries:
    """Answers `odoo.query.*`."""

    def __init__(self, connections: OdooConnections, now: Callable[[], datetime]) -> None:
        self._connections = connections
        self._now = now

    async def answer(self, query: Query) -> Message:
        """Answer a query, whatever its kind.

        Raises:
            QueryFailed: with a code of `common.queries.QueryErrorCode`.
        """
        try:
            if isinstance(query, PriceQuery):
                return await self._prices(query)
            if isinstance(query, StockQuery):
                return await self._stocks(query)
        except OdooError as error:
            raise QueryFailed(error.code, str(error)) from error
        raise QueryFailed("unreadable", f"{query.type_name()} is not asked of Odoo")

    async def _prices(self, query: PriceQuery) -> Prices:
        _check(query.product_ids)
        if query.quantity <= 0:
            raise QueryFailed("validation", "quantity must be positive")
        client = self._connections.client(query.tenant)
        if not query.product_ids:
            return Prices(prices=())
        found = await read_prices(
            client,
            query.product_ids,
            query.quantity,
            now=self._now,
            partner_id=query.partner_id,
            pricelist_id=query.pricelist_id,
        )
        return Prices(prices=found)

    async def _stocks(self, query: StockQuery) -> Stocks:
        _check(query.product_ids)
        client = self._connections.client(query.tenant)
        if not query.product_ids:
            return Stocks(stocks=())
        found = await read_stocks(client, query.product_ids, now=self._now, warehouse_id=query.warehouse_id)
        return Stocks(stocks=found)


def _check(product_ids: tuple[int, ...]) -> None:
    if len(product_ids) > _MOST_PRODUCTS:
        raise QueryFailed("validation", f"at most {_MOST_PRODUCTS} products in one query")
    if any(each <= 0 for each in product_ids):
        raise QueryFailed("validation", "product ids are positive")
