"""Requests between services that are answered at once over core NATS request-reply (never stored)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from common.commands import HandOffReason
from common.knowledge import KnowledgeKind
from common.legacy_modules import PushFamily
from common.message import Frozen, Message, MessageRegistry
from common.odoo_answers import IdentityVerdict, OrderStatuses, Partners, QuotePreview

QueryErrorCode: TypeAlias = Literal[
    "not_configured",  # the tenant has no Odoo
    "auth",  # key wrong, expired or of the wrong scope
    "access",  # the key's user may not do this
    "missing",  # no such record, model, method or database
    "validation",  # Odoo refused the values, or a field is unknown there
    "conflict",  # concurrent writers; worth another try
    "unavailable",  # time-out, refused, breaker open, 5xx
    "not_json",  # a proxy or login page answered
    "unreadable",  # the query itself could not be read
    "unknown_tenant",
]


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


class Price(Frozen):
    """A unit price as Odoo computed it at `read_at`."""

    product_id: int
    unit_price: Decimal
    currency: str
    quantity: Decimal
    read_at: datetime


class WarehouseStock(Frozen):
    """What one warehouse could promise."""

    warehouse_id: int
    name: str
    free_quantity: Decimal


class Stock(Frozen):
    """What could be promised at `read_at`. `unlimited`: a service or a product whose stock is not tracked."""

    product_id: int
    free_quantity: Decimal
    unlimited: bool = False
    read_at: datetime
    warehouses: tuple[WarehouseStock, ...] = ()
    """By warehouse, when that was asked for; empty for what is unlimited."""


class Prices(Message):
    """Answer to `PriceQuery`; a product Odoo does not know is left out."""

    prices: tuple[Price, ...]


class Stocks(Message):
    """Answer to `StockQuery`; a product Odoo does not know is left out."""

    stocks: tuple[Stock, ...]


class SearchHit(Frozen):
    """One result, best first. `score` is comparable within one answer only."""

    kind: KnowledgeKind
    id: str
    title: str
    score: float
    snippet: str = ""


class SearchHits(Message):
    """Answer to `SearchQuery`."""

    results: tuple[SearchHit, ...]
    indexed_sequence: int


FactKind: TypeAlias = Literal[
    "price",
    "stock",
    "percent",
    "date",
    "time",
    "weekday",
    "number",
    "link",
    "sku",
    "phone",
    "email",
    "order_state",
    "text",
]


class Fact(Frozen):
    """One value read in a turn: what the truth gate compares a reply with.

    `kind` says how the value may appear; `value` is canonical: money and quantities as decimal text (`199.90`), dates
    ISO (`2026-11-24`), times `HH:MM`, percentages as decimal text, everything else verbatim.
    """

    kind: FactKind
    value: str
    subject: str
    """What it is about: `product:<id>`, `rule:<id>`, `promotion:<id>`, `company:<id>`, ..."""
    source: str
    """Where it was read: `odoo`, `knowledge`, `clock`, `customer`, or `computed` from other facts."""
    read_at: datetime
    currency: str | None = None


class Verdict(Frozen):
    """What the truth gate said of one claim found in a reply."""

    claim: str
    kind: str
    passed: bool
    fact_subject: str | None = None
    why: str = ""


class ToolUse(Frozen):
    """One tool a model asked for. Personal data is masked in `arguments`."""

    name: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    outcome: str = "ok"
    """`ok`, or why it was refused or failed, in one word or two."""
    seconds: float = 0.0


class Source(Frozen):
    """A knowledge item an answer stands on."""

    kind: KnowledgeKind
    id: str
    title: str


TurnOutcome: TypeAlias = Literal["answered", "handed_off", "left_to_person", "ignored"]


class Answer(Message):
    """Answer to `AnswerQuery`, and the heart of a turn record."""

    answer: str
    outcome: TurnOutcome
    reason: str
    hand_off_reason: HandOffReason | None = None
    sources: tuple[Source, ...] = ()
    facts: tuple[Fact, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    responder: str = ""
    why_not_model: str = ""
    prompt_version: str = ""
    intent: str = ""
    confidence: float | None = None
    tools: tuple[ToolUse, ...] = ()
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    asked: bool = False
    """Nothing is answered yet: the text asks back."""
    language: str | None = None
    state: str = ""
    """What to send with the next question of the same conversation."""


class IndexStatus(Message):
    """One hub's answer to `IndexStatusQuery`, sent when it has reached the sequence (or at once when it has)."""

    hub_id: str
    indexed_sequence: int
    reached: bool


class ForgetQuery(Query):
    """`hub.query.forget`: these conversations were erased; every hub drops what it remembers of them."""

    conversation_ids: Annotated[tuple[int, ...], Field(max_length=1_000)]


class Forgotten(Message):
    """One hub's answer to `ForgetQuery`: how many of them it had in memory."""

    hub_id: str
    conversations: int


class SweepReport(Message):
    """Answer to `ReconcileQuery`: what this sweep did, and what it found that no webhook had told.

    `unfinished`: it goes on, `left` conversations are still to be looked at. `no_user_token` and `off`: the tenant's
    configuration does not let it be swept.
    """

    tenant: str
    state: Literal["done", "unfinished", "failed", "no_user_token", "off"]
    reason: str = ""
    listed: int = 0
    looked_at: int = 0
    left: int = 0
    requests: int = 0
    found: dict[str, int] = Field(default_factory=dict)


class ModulePushVerdict(Message):
    """Answer to `ModulePushQuery`: the HTTP status and text for the module. 200 only when the push is in force."""

    status: int
    message: str
    tenant: str = ""


class QueryError(Message):
    """Instead of an answer: what went wrong, in a closed vocabulary, without secrets or tracebacks."""

    code: QueryErrorCode
    message: str


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
ANSWERS: MessageRegistry[Message] = MessageRegistry(
    "answer",
    Prices,
    Stocks,
    QuotePreview,
    OrderStatuses,
    Partners,
    IdentityVerdict,
    SearchHits,
    Answer,
    IndexStatus,
    Forgotten,
    SweepReport,
    ModulePushVerdict,
    QueryError,
)
