"""The sample company's customers and orders: read by the code that reads a real Odoo, from the sample's records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import HttpUrl, SecretStr

from common.errors import QueryFailed
from common.odoo_answers import OrderStatuses
from common.tenants import OdooConnection
from hub.answering import TurnInput
from hub.identity import ContactRecord, Customer, ProofOutcome, attempt, concluded, customer_of, is_locked
from odoo_api.odoo.client import ClientPolicy, OdooClient
from odoo_api.odoo.orders import read_orders
from odoo_api.odoo.partners import verify_identity
from odoo_api.odoo.permits import Purpose, check_permitted
from simulator.odoo.database import Database
from simulator.odoo.every_method import Call, execute

_SERIES: Final = 19
_CONNECTION: Final = OdooConnection(
    base_url=HttpUrl("http://sample.invalid"), database="sample", api_key=SecretStr("-")
)


class _SampleClient(OdooClient):
    """Calls the simulator's methods in this process instead of over HTTP."""

    def __init__(self, database: Database) -> None:
        super().__init__(_CONNECTION, ClientPolicy())
        self._database = database

    async def call(
        self,
        model: str,
        method: str,
        *,
        purpose: Purpose,
        ids: Sequence[int] | None = None,
        context: Mapping[str, Any] | None = None,
        timeout: float | None = None,
        **arguments: Any,
    ) -> Any:
        """Call a method; what a purpose may not do it may not do here either."""
        check_permitted(purpose, model, method, arguments)
        user = next(iter(self._database.users.values()))
        numbers = None if ids is None else list(ids)
        return execute(Call(self._database, user, _SERIES, model, method, numbers, dict(context or {}), arguments))


class SampleCustomers:
    """Who writes, and their orders. Implements `hub.responder.CustomerCare` for one conversation."""

    def __init__(self, database: Database, *, down: bool = False) -> None:
        self._client = _SampleClient(database)
        self._down = down
        self._record = ContactRecord(tenant="sample", contact_id=1)

    async def customer(self, turn: TurnInput) -> Customer | None:
        """Who proved to write."""
        return customer_of(self._record, turn.conversation_id, turn.now)

    async def prove(self, turn: TurnInput, claim: str, order_reference: str | None = None) -> ProofOutcome:
        """Compare as in production: the phone of the channel, the e-mail, the order lead to the customer.

        Raises:
            QueryFailed: `unavailable`, when Odoo is down.
        """
        self._answer()
        if is_locked(self._record, turn.now):
            return "locked"
        self._record = attempt(self._record, turn.now)
        contact = turn.contact
        verdict = await verify_identity(
            self._client,
            claim,
            phone=contact.phone if contact else None,
            email=contact.email if contact else None,
            order_reference=order_reference,
        )
        self._record = concluded(self._record, verdict, turn.now, turn.conversation_id)
        return verdict.outcome

    async def orders(self, turn: TurnInput, customer: Customer, reference: str | None) -> OrderStatuses:
        """The customer's newest orders, or the one with a reference.

        Raises:
            QueryFailed: `unavailable`, when Odoo is down.
        """
        self._answer()

        def now() -> datetime:
            return turn.now

        return await read_orders(self._client, customer.partner_id, now=now, reference=reference)

    def _answer(self) -> None:
        if self._down:
            raise QueryFailed("unavailable", "the sample Odoo is down in this conversation")
