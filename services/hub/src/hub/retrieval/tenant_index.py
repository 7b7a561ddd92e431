"""One tenant's knowledge: the items, and the searches over them."""

from __future__ import annotations

from datetime import date
from typing import TypeVar, cast

import orjson

from common.knowledge import (
    KNOWLEDGE_KINDS,
    Company,
    Document,
    Item,
    KnowledgeKind,
    Product,
    Promotion,
    Rule,
    Schedule,
    parse_item,
)
from common.query_answers import SearchHit
from hub.retrieval.own_words import OwnWords
from hub.retrieval.port import (
    NOTHING_NEAR,
    AnswerableItem,
    AnswerableKind,
    Audience,
    Nearest,
    ProductHit,
    RuleHit,
)
from hub.retrieval.product_index import ProductIndex
from hub.retrieval.rule_index import RuleIndex
from hub.retrieval.shelf import ShelvedProducts, Stored

T = TypeVar("T", bound=Item)
_SNIPPET_CHARACTERS = 160


class TenantIndex:
    """What one company knows. Implements `TenantKnowledge`.

    Products are many and live in the product index alone; the items of the other kinds are few and kept as they are.
    """

    def __init__(self) -> None:
        self._items: dict[KnowledgeKind, dict[str, Item]] = {kind: {} for kind in KNOWLEDGE_KINDS}
        self._bodies: dict[tuple[KnowledgeKind, str], Stored] = {}
        self._own = OwnWords()
        self._rules = RuleIndex(self._names_product)
        self._products: ProductIndex | None = None

    def put(self, kind: KnowledgeKind, item: Item, content_hash: str, body: bytes) -> None:
        """Add or replace an item; an inactive one is removed."""
        if not item.active:
            self.remove(kind, item.id)
        elif isinstance(item, Product):
            self._products = self._products or ProductIndex()
            self._products.put(item, content_hash, body)
        elif self._items[kind].get(item.id) != item:
            self._items[kind][item.id] = item
            self._bodies[kind, item.id] = Stored(kind, content_hash, body)
            if kind == "company":
                self._read_own_words()
            if isinstance(item, Rule | Schedule | Document):
                self._rules.put(cast(AnswerableKind, kind), item)

    def remove(self, kind: KnowledgeKind, item_id: str) -> None:
        """Forget an item, known or not."""
        if kind == "product":
            if self._products:
                self._products.remove(item_id)
        elif self._items[kind].pop(item_id, None) is not None:
            self._bodies.pop((kind, item_id), None)
            if kind == "company":
                self._read_own_words()
            else:
                self._rules.remove(kind, item_id)

    def _read_own_words(self) -> None:
        company = self.company()
        self._own = OwnWords(company.synonyms if company else ())

    @property
    def size(self) -> int:
        """How many items there are."""
        return len(self._bodies) + (self._products.count() if self._products else 0)

    def shelved(self) -> tuple[list[Stored], ShelvedProducts | None]:
        """All that the index is made of, to be restored from."""
        return list(self._bodies.values()), self._products.shelved() if self._products else None

    @classmethod
    def restored(cls, items: list[Stored], products: ShelvedProducts | None) -> TenantIndex:
        """The index again. Products come back as they were indexed, the few other items are indexed anew."""
        index = cls()
        if products is not None:
            index._products = ProductIndex.restored(products)
        for kind, content_hash, body in items:
            index.put(kind, parse_item(kind, orjson.loads(body)), content_hash, body)
        return index

    def close(self) -> None:
        """Give the memory back."""
        if self._products:
            self._products.close()

    def products(self, text: str, limit: int = 5, *, today: date, near: Nearest = NOTHING_NEAR) -> list[ProductHit]:
        return self._products.search(text, limit, self._own, near) if self._products else []

    def rules(
        self,
        text: str,
        limit: int = 5,
        *,
        today: date,
        audience: Audience = "everyone",
        near: Nearest = NOTHING_NEAR,
    ) -> list[RuleHit]:
        return self._rules.search(self._own.explained(text), limit, lambda item: in_force(item, today, audience), near)

    def search(
        self,
        text: str,
        kind: KnowledgeKind | None = None,
        limit: int = 5,
        *,
        today: date,
        near: Nearest = NOTHING_NEAR,
    ) -> list[SearchHit]:
        hits: list[SearchHit] = []
        if kind in (None, "product"):
            products = self.products(text, limit, today=today, near=near)
            hits += [_product_result(hit, place) for place, hit in enumerate(products)]
        if kind != "product":
            found = self._rules.search(
                text, limit, lambda item: in_force(item, today, "staff") and kind in (None, kind_of(item)), near
            )
            hits += [_rule_result(hit) for hit in found]
        if kind is not None and near.weight:
            return hits[:limit]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def _names_product(self, word: str) -> bool:
        return self._products is not None and self._products.names(word)

    def company(self) -> Company | None:
        companies = self._items["company"]
        found = companies.get("main") or next((companies[key] for key in sorted(companies)), None)
        return found if isinstance(found, Company) else None

    def promotions(self, today: date, *, audience: Audience = "everyone") -> list[Promotion]:
        found = [item for item in self._of(Promotion, "promotion") if in_force(item, today, audience)]
        return sorted(found, key=lambda item: (-item.priority, item.id))

    def promotions_of(self, product: Product, today: date, *, audience: Audience = "everyone") -> list[Promotion]:
        names = {product.id, product.variant_of} - {""}
        return [each for each in self.promotions(today, audience=audience) if names & set(each.product_ids)]

    def schedules(self) -> list[Schedule]:
        return sorted(self._of(Schedule, "schedule"), key=lambda item: (item.service, item.id))

    def product(self, product_id: str) -> Product | None:
        return self._products.get(product_id) if self._products else None

    def variants(self, of: str) -> list[Product]:
        if not self._products:
            return []
        member = self._products.get(of)
        return self._products.family((member.variant_of if member else "") or of)

    def item(self, kind: KnowledgeKind, item_id: str) -> Item | None:
        return self.product(item_id) if kind == "product" else self._items[kind].get(item_id)

    def findable(self) -> list[tuple[KnowledgeKind, str]]:
        kinds: tuple[KnowledgeKind, ...] = ("rule", "promotion", "schedule", "document")
        quotable = [(kind, item_id) for kind in kinds for item_id in self._items[kind]]
        products = self._products.findable() if self._products else []
        return [*quotable, *(("product", item_id) for item_id in products)]

    def count(self, kind: KnowledgeKind) -> int:
        if kind == "product":
            return self._products.count() if self._products else 0
        return len(self._items[kind])

    def _of(self, item_type: type[T], kind: KnowledgeKind) -> list[T]:
        return [item for item in self._items[kind].values() if isinstance(item, item_type)]


def in_force(item: AnswerableItem, today: date, audience: Audience) -> bool:
    """Whether a customer of this audience may be told of the item on this day."""
    if not isinstance(item, Rule):
        return True
    if (item.valid_from and today < item.valid_from) or (item.valid_until and today > item.valid_until):
        return False
    return audience == "staff" or item.audience in ("everyone", audience)


def kind_of(item: AnswerableItem) -> AnswerableKind:
    """The kind of an item in the stream. A promotion is a rule with a price: ask for it first."""
    if isinstance(item, Promotion):
        return "promotion"
    if isinstance(item, Rule):
        return "rule"
    return "schedule" if isinstance(item, Schedule) else "document"


def title_of(item: AnswerableItem) -> str:
    """What people call the item."""
    return item.service if isinstance(item, Schedule) else item.title


def _product_result(hit: ProductHit, place: int) -> SearchHit:
    # Coverage, not BM25, is on the scale of the rules' scores; the place keeps the order of equals.
    return SearchHit(
        kind="product",
        id=hit.item.id,
        title=hit.item.name,
        score=hit.coverage - place * 1e-6,
        snippet=hit.item.description[:_SNIPPET_CHARACTERS],
    )


def _rule_result(hit: RuleHit) -> SearchHit:
    item = hit.item
    text = hit.passage or (item.description if isinstance(item, Schedule) else item.text)
    return SearchHit(
        kind=hit.kind, id=item.id, title=title_of(item), score=hit.score, snippet=text[:_SNIPPET_CHARACTERS]
    )
