"""Requests between services that are answered at once over core NATS request-reply (never stored)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from common.commands import HandOffReason
from common.knowledge import KnowledgeKind
from common.message import Frozen, Message, MessageRegistry

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


class SearchQuery(Query):
    """Search a tenant's knowledge the way the assistant does."""

    text: str
    kind: KnowledgeKind | None = None
    limit: int = 5


class AnswerQuery(Query):
    """Ask the assistant without Chatwoot: nothing is sent, no state changes."""

    question: str
    conversation: str | None = None
    contact: dict[str, Any] | None = None


class IndexStatusQuery(Query):
    """Ask every running hub how far its index is."""

    at_least_sequence: int = 0


class Price(Frozen):
    """A unit price as Odoo computed it at `read_at`."""

    product_id: int
    unit_price: Decimal
    currency: str
    quantity: Decimal
    read_at: datetime


class Stock(Frozen):
    """What could be promised at `read_at`. `unlimited`: a service or a product whose stock is not tracked."""

    product_id: int
    free_quantity: Decimal
    unlimited: bool = False
    read_at: datetime


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


class IndexStatus(Message):
    """One hub's answer to `IndexStatusQuery`, sent when it has reached the sequence (or at once when it has)."""

    hub_id: str
    indexed_sequence: int
    reached: bool


class QueryError(Message):
    """Instead of an answer: what went wrong, in a closed vocabulary, without secrets or tracebacks."""

    code: QueryErrorCode
    message: str


QUERIES: MessageRegistry[Query] = MessageRegistry(
    "query", PriceQuery, StockQuery, SearchQuery, AnswerQuery, IndexStatusQuery
)
ANSWERS: MessageRegistry[Message] = MessageRegistry(
    "answer", Prices, Stocks, SearchHits, Answer, IndexStatus, QueryError
)
