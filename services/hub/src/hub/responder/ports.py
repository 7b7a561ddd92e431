"""What the built-in responder needs from outside: live values from Odoo. Knowledge is `hub.retrieval.port`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from common.queries import Price, Stock


class LiveReads(Protocol):
    """Prices and stock as Odoo says they are now, never from the catalogue."""

    async def prices(self, tenant: str, product_ids: Sequence[int], quantity: Decimal = Decimal(1)) -> dict[int, Price]:
        """Unit prices by `product.product` id; an id Odoo does not know is left out.

        Raises:
            QueryFailed: Odoo could not be asked, with the code of `common.queries.QueryErrorCode`.
        """
        ...

    async def stocks(self, tenant: str, product_ids: Sequence[int]) -> dict[int, Stock]:
        """Free stock by `product.product` id; an id Odoo does not know is left out.

        Raises:
            QueryFailed: as above.
        """
        ...
