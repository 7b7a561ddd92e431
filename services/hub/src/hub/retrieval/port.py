"""The port of retrieval: what a responder may ask about one company's knowledge.

Every call is answered in-process and at once (no I/O to another service), from an index that follows the KNOWLEDGE
stream. Time is an argument: what holds on a day is decided by the `today` of the caller, in the tenant's zone.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, Protocol, TypeAlias

from common.knowledge import Company, Document, Item, KnowledgeKind, Product, Promotion, Rule, Schedule
from common.message import Frozen
from common.queries import SearchHit

Audience: TypeAlias = Literal["everyone", "customers", "staff"]
"""Who asks: each sees what is meant for them and for everyone; staff see all."""

AnswerableItem: TypeAlias = Promotion | Rule | Schedule | Document
AnswerableKind: TypeAlias = Literal["rule", "promotion", "schedule", "document"]


class ProductHit(Frozen):
    """A product that fits the text, best first.

    `coverage` is the share (0..1, weighted by how telling each word is) of the words asked for that the product has:
    1 means that everything asked for was found in it. `score` orders the hits of one answer and means nothing beyond.
    """

    item: Product
    score: float
    coverage: float
    exact: bool = False
    """The text names this product by its SKU or barcode."""
    matched: tuple[str, ...] = ()
    """The customer's words (folded) that were found in it."""


class RuleHit(Frozen):
    """A rule, promotion in force, schedule or document that may answer the text, best first.

    `coverage` is the share (0..1, weighted by how telling each word is) of the text's words that the item knows;
    a low one is a reason to ask or to refuse. `score` (0..1) is comparable between questions; `margin` is its lead over
    the next hit: a small one means that the question is ambiguous.
    """

    item: AnswerableItem
    kind: AnswerableKind
    score: float
    coverage: float
    margin: float = 0.0
    fits_place: bool = False
    """The question names a place, and the item is about it or about all places."""
    passage: str = ""
    """For a document: the part of its text that fits."""
    matched: tuple[str, ...] = ()


class TenantKnowledge(Protocol):
    """One tenant's view. Inactive items do not exist here; a tenant without knowledge gets empty answers."""

    def products(self, text: str, limit: int = 5, *, today: date) -> list[ProductHit]:
        """Products on sale that fit a customer's words, robust to accents, typos, plurals, units, SKU and barcode.

        A price limit in the text ("até 50 reais") filters by list price; a product without one is kept, after the rest.
        """
        ...

    def rules(self, text: str, limit: int = 5, *, today: date, audience: Audience = "everyone") -> list[RuleHit]:
        """Rules and promotions in force on `today`, schedules and documents that may answer the text."""
        ...

    def search(self, text: str, kind: KnowledgeKind | None = None, limit: int = 5, *, today: date) -> list[SearchHit]:
        """All kinds (or one) as plain results, for operators who want to see what the assistant would find."""
        ...

    def company(self) -> Company | None:
        """The company's profile: the item `main`, or the first by id."""
        ...

    def promotions(self, today: date, *, audience: Audience = "everyone") -> list[Promotion]:
        """Promotions in force on `today`, most important first."""
        ...

    def promotions_of(self, product: Product, today: date, *, audience: Audience = "everyone") -> list[Promotion]:
        """Promotions in force that name this product (or the product it is a variant of)."""
        ...

    def schedules(self) -> list[Schedule]:
        """Services that can be booked, by name."""
        ...

    def product(self, product_id: str) -> Product | None:
        """One product by item id, whether it is on sale or not."""
        ...

    def variants(self, of: str) -> list[Product]:
        """Products on sale of one family: `of` is the item id of any member, or the value of their `variant_of`."""
        ...

    def item(self, kind: KnowledgeKind, item_id: str) -> Item | None:
        """Any item by kind and id."""
        ...

    def count(self, kind: KnowledgeKind) -> int:
        """How many active items of a kind there are."""
        ...


class Knowledge(Protocol):
    """What all tenants know; `KnowledgeBase` is the implementation."""

    def tenant(self, name: str) -> TenantKnowledge:
        """The view of one tenant. Never fails: an unknown tenant simply knows nothing yet."""
        ...

    @property
    def sequence(self) -> int:
        """The KNOWLEDGE stream sequence up to which everything is searchable."""
        ...
