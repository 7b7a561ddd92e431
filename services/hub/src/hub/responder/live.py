"""Live prices and stock for the products of an answer, read at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from common.errors import QueryFailed
from common.facts import Fact
from common.knowledge import Product
from common.query_answers import Price, Stock
from hub.responder import facts
from hub.responder.parts import Turn

_NOT_CONFIGURED = ("not_configured", "unknown_tenant")


@dataclass(frozen=True)
class Live:
    """What Odoo said of some products; `configured` is False when there is no Odoo to ask."""

    prices: dict[str, Price] = field(default_factory=dict)
    stocks: dict[str, Stock] = field(default_factory=dict)
    configured: bool = True

    def price(self, product: Product) -> Price | None:
        """The price of a product, if Odoo knows it."""
        return self.prices.get(product.id)

    def stock(self, product: Product) -> Stock | None:
        """The stock of a product, if Odoo knows it."""
        return self.stocks.get(product.id)

    def in_stock(self, product: Product) -> bool:
        """Whether one could be promised."""
        stock = self.stock(product)
        return stock is not None and (stock.unlimited or stock.free_quantity > 0)

    def sold_out(self, product: Product) -> bool:
        """Whether Odoo says that there is none."""
        return self.stock(product) is not None and not self.in_stock(product)

    def facts(self, products: Sequence[Product], turn: Turn) -> tuple[Fact, ...]:
        """All that was read of these products."""
        found: list[Fact] = []
        for product in products:
            found += facts.product_facts(product, turn.now)
            if price := self.price(product):
                found.append(facts.price_fact(product, price))
            if stock := self.stock(product):
                found.append(facts.stock_fact(product, stock))
        return tuple(found)


async def read(turn: Turn, products: Sequence[Product], quantity: Decimal = Decimal(1)) -> Live:
    """Read prices and stock.

    Raises:
        QueryFailed: there is an Odoo, and it could not be asked.
    """
    by_odoo_id = {product.odoo_id: product.id for product in products if product.odoo_id is not None}
    if turn.odoo is None or not turn.input.tenant.has_odoo or not by_odoo_id:
        return Live(configured=False)
    tenant, ids = turn.input.tenant.tenant, tuple(by_odoo_id)
    prices, stocks = await asyncio.gather(
        turn.odoo.prices(tenant, ids, quantity), turn.odoo.stocks(tenant, ids), return_exceptions=True
    )
    for failure in (prices, stocks):
        if isinstance(failure, QueryFailed) and failure.code in _NOT_CONFIGURED:
            return Live(configured=False)
        if isinstance(failure, BaseException):
            raise failure
    return Live(
        {} if isinstance(prices, BaseException) else {by_odoo_id[key]: value for key, value in prices.items()},
        {} if isinstance(stocks, BaseException) else {by_odoo_id[key]: value for key, value in stocks.items()},
    )
