"""Requests between services that are answered at once over core NATS request-reply (never stored)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from common.knowledge import KnowledgeKind
from common.legacy_modules import PushFamily
from common.message import Frozen, Message, MessageRegistry


class Query(Message):
    """Base of every query."""

    tenant: str


class PriceQuery(Query):
    """Live prices of `product.product` ids, for a quantity, from the customer's or the default pricelist."""

    product_ids: tuple[int, ...]
    quantity: Decimal = Decimal(1)
    partner_id: int | None = None
    pricelist_id: int | None = None


class StockQuery(Query):
    """Live free stock (on hand minus reserved) of `product.product` ids."""

    product_ids: tuple[int, ...]
    warehouse_id: int | None = None
    by_warehouse: bool = False
    """Also say what each warehouse has: one more question to Odoo per warehouse."""


class QuoteRequestLine(Frozen):
    """What and how much is asked about."""

    product_id: int
    quantity: Decimal = Decimal(1)


class QuotePreviewQuery(Query):
    """`odoo.query.quote_preview`: what a cart costs with discounts and taxes, for a partner or for anybody.

    Odoo computes it as if an order were typed in; nothing is written.
    """

    lines: tuple[QuoteRequestLine, ...]
    partner_id: int | None = None
    pricelist_id: int | None = None


class OrderStatusQuery(Query):
    """`odoo.query.order_status`: a customer's orders, newest first, or the one with `reference`.

    `partner_id` comes from a verified identity. It is required because an order number can be guessed: what belongs to
    another customer is answered like what does not exist. All partners of the same company see each other's orders.
    """

    partner_id: int
    reference: str | None = None
    """As the customer typed it (`s00042`, `pedido 42`): the order's own number, or the company's reference for it."""
    limit: int = 3
    with_link: bool = False
    """Also get the link to the customer's page; Odoo may write its access token for that."""


class PartnerQuery(Query):
    """`odoo.query.partner`: who in Odoo has this phone or e-mail. Finds candidates, verifies nobody."""

    phone: str | None = None
    email: str | None = None


class VerifyIdentityQuery(Query):
    """`odoo.query.verify_identity`: does what the customer typed prove that it is this partner?

    `claim` is the customer's text with a CPF or CNPJ or an e-mail in it. How much it must hold depends on what leads to
    the partner: from the phone, the last four digits of the document or the e-mail are enough; from an order number,
    the whole document or the e-mail; from an e-mail, which anybody can type into a chat window, the whole document.
    What Odoo has on file never leaves odoo_api; the hub counts `no_match` answers and locks out.
    """

    claim: str
    phone: str | None = None
    """Only where the channel vouches for it (WhatsApp, SMS), not what somebody typed."""
    email: str | None = None
    order_reference: str | None = None


class VerifyCodeQuery(Query):
    """`odoo.query.verify_code`: is this the code that `SendIdentityCode` with this key sent, and is it still valid?

    Answered by an `IdentityVerdict`: `verified`, `no_match` (also when nothing was sent), or `nothing_on_file` when
    Odoo could not send. The hub counts the attempts.
    """

    key: str
    code: Annotated[str, Field(pattern=r"^\d{6}$")]


class SearchQuery(Query):
    """Search a tenant's knowledge the way the assistant does."""

    text: str
    kind: KnowledgeKind | None = None
    limit: int = 5


class AnswerQuery(Query):
    """Ask the assistant without Chatwoot: nothing is sent, no state changes."""

    question: str
    more: tuple[str, ...] = ()
    """Further messages of the same burst, to be answered together with the question."""
    conversation: str | None = None
    contact: dict[str, Any] | None = None
    at: datetime | None = None
    """The moment to answer for; None: now."""
    state: str = ""
    """`Answer.state` of the answer before, to go on with that conversation. Nothing is kept between queries."""


class IndexStatusQuery(Query):
    """Ask every running hub how far its index is."""

    at_least_sequence: int = 0


class ReconcileQuery(Query):
    """Sweep a tenant's Chatwoot at once for what no webhook told. Answered by the process that sweeps."""


class ModulePushQuery(Query):
    """Judge what an old Odoo module pushed to the webhook path: whose it is, and whether it is in force already.

    Nothing secret travels: the token is a hash, passwords are left out. The token decides about the tenant, so the
    query names none.
    """

    tenant: str = ""
    family: PushFamily
    account_id: str
    key_id: str
    key_hash: str
    chatwoot_account_id: int | None = None
    chatwoot_inbox_id: int | None = None


class ForgetQuery(Query):
    """`hub.query.forget`: these conversations were erased; every hub drops what it remembers of them."""

    conversation_ids: Annotated[tuple[int, ...], Field(max_length=1_000)]


QUERIES: MessageRegistry[Query] = MessageRegistry(
    "query",
    PriceQuery,
    StockQuery,
    QuotePreviewQuery,
    OrderStatusQuery,
    PartnerQuery,
    VerifyIdentityQuery,
    VerifyCodeQuery,
    SearchQuery,
    AnswerQuery,
    IndexStatusQuery,
    ForgetQuery,
    ReconcileQuery,
    ModulePushQuery,
)
