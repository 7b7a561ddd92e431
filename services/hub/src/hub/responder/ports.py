"""What the built-in responder needs from outside: live values and orders. Knowledge is `hub.retrieval.port`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from common.odoo_answers import OrderStatuses
from common.query_answers import Price, Stock
from hub.answering import TurnInput
from hub.identity import Customer, ProofOutcome


class LiveReads(Protocol):
    """Prices and stock as Odoo says they are now, never from the catalogue."""

    async def prices(self, tenant: str, product_ids: Sequence[int], quantity: Decimal = Decimal(1)) -> dict[int, Price]:
        """Unit prices by `product.product` id; an id Odoo does not know is left out.

        Raises:
            QueryFailed: Odoo could not be asked, with the code of `common.query_answers.QueryErrorCode`.
        """
        ...

    async def stocks(self, tenant: str, product_ids: Sequence[int]) -> dict[int, Stock]:
        """Free stock by `product.product` id; an id Odoo does not know is left out.

        Raises:
            QueryFailed: as above.
        """
        ...


class CustomerCare(Protocol):
    """Who writes, proved by what they send, and the orders of who proved it."""

    async def customer(self, turn: TurnInput) -> Customer | None:
        """Who writes, if that was proved in this conversation a short while ago.

        Raises:
            OdooAiError: nobody knows now.
        """
        ...

    async def prove(self, turn: TurnInput, claim: str, order_reference: str | None = None) -> ProofOutcome:
        """Try to prove an identity with the customer's words; tries are counted, too many lock.

        Raises:
            OdooAiError: it could not be compared.
        """
        ...

    async def orders(self, turn: TurnInput, customer: Customer, reference: str | None) -> OrderStatuses:
        """The customer's newest orders, or the one with a reference; another customer's does not exist.

        Raises:
            OdooAiError: Odoo could not be asked.
        """
        ...
