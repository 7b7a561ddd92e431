"""Live reads of a tenant's Odoo, asked by the hub over NATS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from common.errors import QueryFailed
from common.message import Message
from common.nats.bucket import Bucket
from common.odoo_answers import IdentityVerdict, OrderStatuses, Partners, QuotePreview
from common.odoo_commands import ODOO_RESULTS, result_key
from common.queries import (
    OrderStatusQuery,
    PartnerQuery,
    PriceQuery,
    Query,
    QuotePreviewQuery,
    StockQuery,
    VerifyCodeQuery,
    VerifyIdentityQuery,
)
from common.query_answers import Prices, Stocks
from odoo_api.connections import OdooConnections
from odoo_api.odoo.errors import OdooError
from odoo_api.odoo.identity_code import verify_code
from odoo_api.odoo.orders import read_orders
from odoo_api.odoo.partners import find_partners, verify_identity
from odoo_api.odoo.prices import read_prices
from odoo_api.odoo.quotes import preview_quote
from odoo_api.odoo.stock import read_stocks

QUEUE = "odoo_api"
NAMES = ("price", "stock", "quote_preview", "order_status", "partner", "verify_identity", "verify_code")
"""The last token of each subject served here."""
# One query is one customer's question: more products than this are a mistake, and a load on somebody's Odoo.
_MOST_PRODUCTS = 50
_MOST_ORDERS = 10


class OdooQueries:
    """Answers `odoo.query.*`."""

    def __init__(self, connections: OdooConnections, results: Bucket, now: Callable[[], datetime]) -> None:
        self._connections = connections
        self._results = results
        self._now = now

    async def answer(self, query: Query) -> Message:
        """Answer a query, whatever its kind.

        Raises:
            QueryFailed: with a code of `common.query_answers.QueryErrorCode`.
        """
        try:
            match query:
                case PriceQuery():
                    return await self._prices(query)
                case StockQuery():
                    return await self._stocks(query)
                case QuotePreviewQuery():
                    return await self._quote(query)
                case OrderStatusQuery():
                    return await self._orders(query)
                case PartnerQuery():
                    return await self._partners(query)
                case VerifyIdentityQuery():
                    return await self._verdict(query)
                case VerifyCodeQuery():
                    return await self._code_verdict(query)
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
        found = await read_stocks(
            client,
            query.product_ids,
            now=self._now,
            warehouse_id=query.warehouse_id,
            by_warehouse=query.by_warehouse,
        )
        return Stocks(stocks=found)

    async def _quote(self, query: QuotePreviewQuery) -> QuotePreview:
        _check([each.product_id for each in query.lines])
        if not query.lines:
            raise QueryFailed("validation", "a quote needs a line")
        if any(each.quantity <= 0 for each in query.lines):
            raise QueryFailed("validation", "quantities must be positive")
        return await preview_quote(
            self._connections.client(query.tenant),
            query.lines,
            now=self._now,
            partner_id=query.partner_id,
            pricelist_id=query.pricelist_id,
        )

    async def _orders(self, query: OrderStatusQuery) -> OrderStatuses:
        if query.partner_id <= 0:
            raise QueryFailed("validation", "partner ids are positive")
        if not 0 < query.limit <= _MOST_ORDERS:
            raise QueryFailed("validation", f"between 1 and {_MOST_ORDERS} orders in one query")
        return await read_orders(
            self._connections.client(query.tenant),
            query.partner_id,
            now=self._now,
            reference=query.reference,
            limit=query.limit,
            with_link=query.with_link,
        )

    async def _partners(self, query: PartnerQuery) -> Partners:
        if not query.phone and not query.email:
            raise QueryFailed("validation", "a phone or an e-mail is needed")
        client = self._connections.client(query.tenant)
        return await find_partners(client, now=self._now, phone=query.phone, email=query.email)

    async def _verdict(self, query: VerifyIdentityQuery) -> IdentityVerdict:
        if not (query.phone or query.email or query.order_reference):
            raise QueryFailed("validation", "a phone, an e-mail or an order reference is needed")
        return await verify_identity(
            self._connections.client(query.tenant),
            query.claim,
            phone=query.phone,
            email=query.email,
            order_reference=query.order_reference,
        )

    async def _code_verdict(self, query: VerifyCodeQuery) -> IdentityVerdict:
        client = self._connections.client(query.tenant)
        entry = await self._results.get(result_key(query.tenant, query.key))
        result = ODOO_RESULTS.decode(entry.value) if entry else None
        return await verify_code(client, query, result, self._now())


def _check(product_ids: Sequence[int]) -> None:
    if len(product_ids) > _MOST_PRODUCTS:
        raise QueryFailed("validation", f"at most {_MOST_PRODUCTS} products in one query")
    if any(each <= 0 for each in product_ids):
        raise QueryFailed("validation", "product ids are positive")
