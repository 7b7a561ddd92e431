"""A customer's business in Odoo, asked over NATS: identity, orders, quotes; and what is ordered there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nats.aio.client import Client

from common.nats.odoo_orders import OdooOrders
from common.nats.requests import ask
from common.odoo_answers import IdentityVerdict, OrderStatuses, QuotePreview
from common.odoo_commands import OdooCommand, OdooCommandResult, SendIdentityCode
from common.queries import OrderStatusQuery, QuotePreviewQuery, QuoteRequestLine, VerifyCodeQuery, VerifyIdentityQuery
from common.subjects import odoo_query
from hub.answering import TurnInput
from hub.identity import Customer
from hub.identity_code import PendingCode

_TIMEOUT_SECONDS: Final = 6.0
_RESULT_SECONDS: Final = 5.0
_VOUCHED_CHANNELS: Final = frozenset({"Channel::Whatsapp", "Channel::TwilioSms", "Channel::Sms"})
"""Channels that deliver from the number they show. What somebody typed into a chat window is no such number."""


class OdooCustomers:
    """Reads and orders for a customer."""

    def __init__(self, nc: Client, *, timeout: float = _TIMEOUT_SECONDS) -> None:
        self._nc = nc
        self._orders = OdooOrders(nc)
        self._timeout = timeout

    async def verify_identity(self, turn: TurnInput, claim: str, order_reference: str | None) -> IdentityVerdict:
        """Compare a claim with what leads to the customer: the channel's phone, the e-mail, an order number.

        Raises:
            QueryFailed: Odoo could not be asked.
        """
        contact = turn.contact
        phone = contact.phone if contact and turn.channel in _VOUCHED_CHANNELS else None
        if turn.tenant.email_codes and not (phone or (contact and contact.email) or order_reference):
            # Nothing leads to a customer; a code by e-mail still may.
            return IdentityVerdict(outcome="no_candidate")
        query = VerifyIdentityQuery(
            tenant=turn.tenant.tenant,
            claim=claim,
            phone=phone,
            email=contact.email if contact else None,
            order_reference=order_reference,
        )
        return await ask(self._nc, odoo_query("verify_identity"), query, timeout=self._timeout, expect=IdentityVerdict)

    async def send_code(self, turn: TurnInput, email: str, code: PendingCode) -> None:
        """Have Odoo send a code. Its result is not waited for: how long it takes would tell who is a customer.

        Raises:
            PublishFailed: nobody knows whether it will be sent.
        """
        command = SendIdentityCode(
            tenant=turn.tenant.tenant,
            key=code.key,
            turn_id=turn.turn_id,
            conversation_id=turn.conversation_id,
            issued_at=code.asked_at,
            email=email,
            language=turn.memory.language or turn.tenant.locale,
            expires_at=code.expires_at,
        )
        await self._orders.submit(command)

    async def verify_code(self, turn: TurnInput, key: str, code: str) -> IdentityVerdict:
        """Compare what the customer typed with the code that was sent.

        Raises:
            QueryFailed: Odoo could not be asked.
        """
        query = VerifyCodeQuery(tenant=turn.tenant.tenant, key=key, code=code)
        return await ask(self._nc, odoo_query("verify_code"), query, timeout=self._timeout, expect=IdentityVerdict)

    async def orders(self, turn: TurnInput, customer: Customer, reference: str | None) -> OrderStatuses:
        """The customer's newest orders, or the one with a reference; another customer's does not exist.

        Raises:
            QueryFailed: Odoo could not be asked.
        """
        query = OrderStatusQuery(tenant=turn.tenant.tenant, partner_id=customer.partner_id, reference=reference)
        return await ask(self._nc, odoo_query("order_status"), query, timeout=self._timeout, expect=OrderStatuses)

    async def quote(
        self, turn: TurnInput, lines: Sequence[QuoteRequestLine], customer: Customer | None
    ) -> QuotePreview:
        """What a cart costs, for the customer if there is one.

        Raises:
            QueryFailed: Odoo could not be asked.
        """
        partner = customer.customer_id if customer else None
        query = QuotePreviewQuery(tenant=turn.tenant.tenant, lines=tuple(lines), partner_id=partner)
        return await ask(self._nc, odoo_query("quote_preview"), query, timeout=self._timeout, expect=QuotePreview)

    async def order(self, command: OdooCommand) -> OdooCommandResult | None:
        """Order something and wait a moment for its result; None: it will be done, nobody knows when.

        Raises:
            PublishFailed: nobody knows whether it was ordered.
            BrokerUnavailable: it was ordered, its result could not be read.
        """
        await self._orders.submit(command)
        return await self._orders.result(command.tenant, command.key, wait_seconds=_RESULT_SECONDS)
