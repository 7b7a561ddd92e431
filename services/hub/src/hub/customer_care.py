"""What the built-in responder may do for a customer: prove who they are, then read their orders."""

from __future__ import annotations

from common.odoo_answers import OrderStatuses
from hub.answering import TurnInput
from hub.identity import Customer, IdentityDesk, ProofOutcome
from hub.odoo_customers import OdooCustomers


class Care:
    """Joins the desk that counts proofs with the reads from Odoo. Implements `hub.responder.CustomerCare`."""

    def __init__(self, identity: IdentityDesk, business: OdooCustomers) -> None:
        self._identity = identity
        self._business = business

    async def customer(self, turn: TurnInput) -> Customer | None:
        """Who writes, if that was proved in this conversation a short while ago.

        Raises:
            BrokerUnavailable: nobody knows now.
        """
        return await self._identity.customer(turn)

    async def prove(self, turn: TurnInput, claim: str, order_reference: str | None = None) -> ProofOutcome:
        """Try to prove an identity with the customer's words.

        Raises:
            QueryFailed: Odoo could not be asked.
            RevisionConflict: the contact writes in several conversations at once.
        """
        return await self._identity.prove(turn, claim, order_reference)

    async def orders(self, turn: TurnInput, customer: Customer, reference: str | None) -> OrderStatuses:
        """The customer's newest orders, or the one with a reference.

        Raises:
            QueryFailed: Odoo could not be asked.
        """
        return await self._business.orders(turn, customer, reference)
