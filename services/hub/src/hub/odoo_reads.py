"""Live prices and stock, asked of odoo_api over NATS."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, Generic, TypeVar

from nats.aio.client import Client

from common.nats.requests import ask
from common.queries import PriceQuery, StockQuery
from common.query_answers import Price, Prices, Stock, Stocks
from common.subjects import odoo_query

_TIMEOUT_SECONDS: Final = 4.0
_FRESH_SECONDS: Final = 2.0
_MOST_REMEMBERED: Final = 2_000

V = TypeVar("V", Price, Stock)
Key = tuple[str, int, Decimal]


class OdooReads:
    """Reads values as Odoo has them now. Implements the responder's `LiveReads`.

    What was read less than two seconds ago is not asked for again: within a turn the same product is often needed
    twice, and each value carries the time of its reading.
    """

    def __init__(self, nc: Client, *, timeout: float = _TIMEOUT_SECONDS, fresh_for: float = _FRESH_SECONDS) -> None:
        self._nc = nc
        self._timeout = timeout
        self._prices: _Recent[Price] = _Recent(fresh_for)
        self._stocks: _Recent[Stock] = _Recent(fresh_for)

    async def prices(self, tenant: str, product_ids: Sequence[int], quantity: Decimal = Decimal(1)) -> dict[int, Price]:
        """Unit prices by `product.product` id; an id Odoo does not know is left out.

        Raises:
            QueryFailed: Odoo could not be asked, with the code of `common.query_answers.QueryErrorCode`.
        """
        known, missing = self._prices.split(tenant, product_ids, quantity)
        if missing:
            query = PriceQuery(tenant=tenant, product_ids=missing, quantity=quantity)
            answer = await ask(self._nc, odoo_query("price"), query, timeout=self._timeout, expect=Prices)
            known |= {price.product_id: price for price in answer.prices}
            self._prices.remember(tenant, answer.prices, quantity)
        return known

    async def stocks(self, tenant: str, product_ids: Sequence[int]) -> dict[int, Stock]:
        """Free stock by `product.product` id; an id Odoo does not know is left out.

        Raises:
            QueryFailed: as above.
        """
        known, missing = self._stocks.split(tenant, product_ids, Decimal(1))
        if missing:
            query = StockQuery(tenant=tenant, product_ids=missing)
            answer = await ask(self._nc, odoo_query("stock"), query, timeout=self._timeout, expect=Stocks)
            known |= {stock.product_id: stock for stock in answer.stocks}
            self._stocks.remember(tenant, answer.stocks, Decimal(1))
        return known


class _Recent(Generic[V]):
    """Values read a moment ago."""

    def __init__(self, fresh_for: float) -> None:
        self._fresh_for = fresh_for
        self._values: dict[Key, tuple[float, V]] = {}

    def split(self, tenant: str, ids: Sequence[int], quantity: Decimal) -> tuple[dict[int, V], tuple[int, ...]]:
        """The values that are still fresh, and the ids to ask for."""
        oldest = time.monotonic() - self._fresh_for
        found: dict[int, V] = {}
        for each in dict.fromkeys(ids):
            entry = self._values.get((tenant, each, quantity))
            if entry and entry[0] > oldest:
                found[each] = entry[1]
        return found, tuple(each for each in dict.fromkeys(ids) if each not in found)

    def remember(self, tenant: str, values: Iterable[V], quantity: Decimal) -> None:
        """Keep values for a moment."""
        if len(self._values) >= _MOST_REMEMBERED:
            self._values.clear()
        now = time.monotonic()
        for value in values:
            self._values[(tenant, value.product_id, quantity)] = (now, value)
