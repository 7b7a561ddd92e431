"""What a turn read and how its reply was judged: parts of an answer and of a turn record."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias

from pydantic import Field

from common.knowledge import KnowledgeKind
from common.message import Frozen

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
