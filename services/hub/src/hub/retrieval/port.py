"""The port of retrieval: what a responder may ask about one company's knowledge.

Every call is answered in-process and at once (no I/O to another service), from an index that follows the KNOWLEDGE
stream. Time is an argument: what holds on a day is decided by the `today` of the caller, in the tenant's zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias

from common.knowledge import Company, Document, Item, KnowledgeKind, Product, Promotion, Rule, Schedule
from common.message import Frozen
from common.query_answers import SearchHit
from common.tenants import TenantProfile

Audience: TypeAlias = Literal["everyone", "customers", "staff"]
"""Who asks: each sees what is meant for them and for everyone; staff see all."""

AnswerableItem: TypeAlias = Promotion | Rule | Schedule | Document
AnswerableKind: TypeAlias = Literal["rule", "promotion", "schedule", "document"]


class Near(NamedTuple):
    """An item (or a passage of a document) that means nearly the same as a question."""

    kind: KnowledgeKind
    item_id: str
    part: int
    similarity: float
    """Cosine of their vectors, -1..1; what is much depends on the model."""


class Nearest(NamedTuple):
    """What means most nearly the same as a question, best first, and what that order counts beside the words'."""

    quotable: tuple[Near, ...] = ()
    products: tuple[Near, ...] = ()
    weight: float = 0.0


NOTHING_NEAR: Final = Nearest()
"""Words alone: no vectors were asked, or none came in time."""


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
    similarity: float | None = None
    """Likeness by meaning, where it is among the nearest. It orders, and is no evidence."""
    named: bool = True
    """A word found says what the product is, and not only what it is for ("banheiro" of a "tapete de banheiro")."""


class RuleHit(Frozen):
    """A rule, promotion in force, schedule or document that may answer the text, best first.

    `coverage` is the share (0..1, weighted by how telling each word is) of the text's words that the item knows;
    a low one is a reason to ask or to refuse. `score` (0..1) is comparable between questions; `margin` is the lead of
    its rank over the next hit: a small one means that the question is ambiguous.
    """

    item: AnswerableItem
    kind: AnswerableKind
    score: float
    coverage: float
    margin: float = 0.0
    rank: float = 0.0
    """The score without an upper end: what puts hits in order that all are very good."""
    fits_place: bool = False
    """The question names a place, and the item is about it or about all places."""
    names_place: bool = False
    """The item names that very place."""
    passage: str = ""
    """For a document: the part of its text that fits."""
    matched: tuple[str, ...] = ()
    similarity: float | None = None
    """Likeness by meaning, where it is among the nearest. It orders, and is no evidence: `score`, `coverage` and
    `margin` are of the words alone."""
    meant: float = 0.0
    """How strongly (0..1) the text means something that the item is about, whatever its words."""
    asked: tuple[str, ...] = ()
    """The telling words of the question as they were read: slips mended, in the language rules are written in,
    without the names of places."""


class TenantKnowledge(Protocol):
    """One tenant's view. Inactive items do not exist here; a tenant without knowledge gets empty answers."""

    def products(self, text: str, limit: int = 5, *, today: date, near: Nearest = NOTHING_NEAR) -> list[ProductHit]:
        """Products on sale that fit a customer's words, robust to accents, typos, plurals, units, SKU and barcode.

        `near` orders what the words leave open and adds what no word leads to; a known code stands before it.

        A price limit in the text ("até 50 reais") filters by list price; a product without one is kept, after the rest.
        """
        ...

    def rules(
        self,
        text: str,
        limit: int = 5,
        *,
        today: date,
        audience: Audience = "everyone",
        near: Nearest = NOTHING_NEAR,
    ) -> list[RuleHit]:
        """Rules and promotions in force on `today`, schedules and documents that may answer the text.

        With `near` the order is that of words and meaning together, and the first by words is among them.
        """
        ...

    def search(
        self,
        text: str,
        kind: KnowledgeKind | None = None,
        limit: int = 5,
        *,
        today: date,
        near: Nearest = NOTHING_NEAR,
    ) -> list[SearchHit]:
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

    def findable(self) -> list[tuple[KnowledgeKind, str]]:
        """Kind and id of everything that a search can find; the few that can be quoted first."""
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


class Meanings(Protocol):
    """Search by meaning; `hub.retrieval.meaning.search.MeaningSearch` is the implementation."""

    async def near(self, tenant: TenantProfile, texts: Sequence[str]) -> dict[str, Nearest]:
        """What means nearly the same as each text.

        Never fails and takes 0.3 s at most: where vectors are off, missing or late, the answer is empty, and words
        alone have to do.
        """
        ...
