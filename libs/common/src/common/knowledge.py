"""What the assistant knows of a company: the items of the KNOWLEDGE stream.

One subject per item holds its newest state; a deleted item leaves a tombstone. Prices and stock in here are never
quoted to a customer: those are read live from Odoo.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

import orjson
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    WithJsonSchema,
    model_validator,
)

from common.message import Message, MessageRegistry

KnowledgeKind: TypeAlias = Literal["company", "rule", "promotion", "schedule", "document", "product"]
KNOWLEDGE_KINDS: tuple[KnowledgeKind, ...] = ("company", "rule", "promotion", "schedule", "document", "product")

ItemId = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=200_000)]
Title = Annotated[str, Field(min_length=1, max_length=500)]


def _without_offset(value: time) -> time:
    return value.replace(tzinfo=None)


LocalTime = Annotated[
    time,
    AfterValidator(_without_offset),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$",
            "examples": ["09:00", "18:30:00"],
        }
    ),
]
"""A time of day on the company's own clock, as on the door; an offset says nothing there and is passed over."""


def _decimal_schema(number: dict[str, int], text: str) -> WithJsonSchema:
    options: list[JsonValue] = [{"type": "number", **number}, {"type": "string", "pattern": text}]
    return WithJsonSchema({"anyOf": options}, mode="validation")


Amount = Annotated[Decimal, Field(ge=0), _decimal_schema({"minimum": 0}, r"^[0-9]{1,15}(\.[0-9]{1,10})?$")]
"""Money, as a number or, to the cent, as text."""
Percent = Annotated[
    Decimal,
    Field(ge=0, le=100),
    _decimal_schema({"minimum": 0, "maximum": 100}, r"^(100|[0-9]{1,2}(\.[0-9]{1,10})?)$"),
]


def hash_content(content: bytes) -> str:
    """The content hash of an item's `content()`."""
    return hashlib.sha256(content).hexdigest()[:32]


class Item(BaseModel):
    """What every knowledge item has. Unknown keys are refused: a misspelt field would be silently unknown to all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: ItemId
    updated_at: datetime | None = None
    active: bool = True

    def content_hash(self) -> str:
        """Identify the content, whatever the time of its last edit: equal hashes mean nothing to do."""
        return hash_content(self.content())

    def content(self) -> bytes:
        """What the hash is made of."""
        return orjson.dumps(self.model_dump(mode="json", exclude={"updated_at"}), option=orjson.OPT_SORT_KEYS)


class OpeningHours(BaseModel):
    """Opening times of one weekday (0 = Monday). Several entries for a day mean a break between them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekday: Annotated[int, Field(ge=0, le=6)]
    opens: LocalTime
    closes: LocalTime

    @model_validator(mode="after")
    def _closes_later(self) -> OpeningHours:
        if self.closes <= self.opens:
            raise ValueError("closes must be later than opens")
        return self


class Holiday(BaseModel):
    """A day with other hours; without `opens` and `closes` the company is closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    name: str = ""
    opens: LocalTime | None = None
    closes: LocalTime | None = None


class Link(BaseModel):
    """A link the assistant may give."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    url: str


class Company(Item):
    """The company's profile. Usually one item, id `main`."""

    name: Title
    description: Text = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: tuple[OpeningHours, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    greeting: str = ""
    sign_off: str = ""
    style: str = ""
    links: tuple[Link, ...] = ()
    synonyms: tuple[Annotated[str, Field(max_length=500)], ...] = ()
    """Words of this company's customers that mean the same, one group a line: "salgadeira, chapa, lanche na chapa"."""


class Rule(Item):
    """A business rule in the owner's words, quoted as it stands."""

    title: Title
    text: Text
    category: str = "general"
    """Free text; the assistant knows general, delivery, payment, exchange, warranty, store, service and privacy."""
    priority: Annotated[int, Field(ge=0, le=100)] = 50
    valid_from: date | None = None
    valid_until: date | None = None
    """The last day on which it holds, in the tenant's time zone."""
    audience: Literal["everyone", "customers", "staff"] = "everyone"
    questions: tuple[str, ...] = ()
    """Example questions that this rule answers: the owner's way to make it easier to find."""


class Promotion(Rule):
    """A dated offer: outside its dates it does not exist for the assistant."""

    discount_percent: Percent | None = None
    promotional_price: Amount | None = None
    currency: str = "BRL"
    product_ids: tuple[str, ...] = ()
    """Ids of product items; empty: the text says what it applies to."""
    coupon: str = ""


def _as_paragraphs(value: Any) -> Any:
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return "\n".join(value)
    return value


Policies = Annotated[Text, BeforeValidator(_as_paragraphs, json_schema_input_type=str | list[str])]


class ScheduleWindow(BaseModel):
    """When a service can be booked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekday: Annotated[int, Field(ge=0, le=6)]
    opens: LocalTime
    closes: LocalTime


class Schedule(Item):
    """A service that customers can book, with its rules."""

    service: Title
    description: Text = ""
    duration: Annotated[int, Field(gt=0, le=24 * 60, validation_alias=AliasChoices("duration", "duration_minutes"))] = (
        60
    )
    """Minutes. Items stored by version 0.1 call it `duration_minutes`."""
    windows: tuple[ScheduleWindow, ...] = ()
    min_advance_hours: Annotated[int, Field(ge=0)] = 0
    max_advance_days: Annotated[int, Field(ge=0)] = 0
    policies: Policies = ""
    """Cancelling, rescheduling, and what else holds for it: one text, or a list of texts."""
    required_information: Text = ""


class Document(Item):
    """A support document as text."""

    title: Title
    text: Text
    source: str = ""


class Product(Item):
    """A product or variant as customers would ask for it. `odoo_id` is the `product.product` id for live reads."""

    name: Title
    sku: str = ""
    barcode: str = ""
    description: Text = ""
    category: str = ""
    attributes: dict[str, str] = Field(default_factory=dict)
    variant_of: str = ""
    """Id of the item that stands for all variants, or any value the variants of one product share."""
    sale_ok: bool = True
    odoo_id: int | None = None
    currency: str = "BRL"
    list_price: Amount | None = None


AnyItem: TypeAlias = Company | Rule | Promotion | Schedule | Document | Product

ITEM_TYPES: dict[KnowledgeKind, type[Item]] = {
    "company": Company,
    "rule": Rule,
    "promotion": Promotion,
    "schedule": Schedule,
    "document": Document,
    "product": Product,
}


def parse_item(kind: KnowledgeKind, data: Any) -> Item:
    """Validate one item of a kind.

    Raises:
        pydantic.ValidationError: names every wrong field.
    """
    return ITEM_TYPES[kind].model_validate(data)


class KnowledgeItemChanged(Message):
    """The newest state of an item. `item` is the item's JSON, to be read with `parse_item`."""

    tenant: str
    kind: KnowledgeKind
    item_id: str
    content_hash: str
    changed_at: datetime
    item: dict[str, Any]

    def parsed(self) -> Item:
        """The typed item."""
        return parse_item(self.kind, self.item)


class KnowledgeItemDeleted(Message):
    """A tombstone: the item is gone, for every index that still has it."""

    tenant: str
    kind: KnowledgeKind
    item_id: str
    changed_at: datetime


KNOWLEDGE_MESSAGES: MessageRegistry[Message] = MessageRegistry("knowledge", KnowledgeItemChanged, KnowledgeItemDeleted)
