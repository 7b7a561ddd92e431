"""The answers to the queries between services, and the error that may come instead of one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from pydantic import Field

from common.commands import HandOffReason
from common.facts import Fact, Source, ToolUse, Verdict
from common.knowledge import KnowledgeKind
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
