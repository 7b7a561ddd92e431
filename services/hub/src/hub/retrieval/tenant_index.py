"""One tenant's knowledge: the items, and the searches over them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from common.knowledge import (
    Company,
    Document,
    Item,
    KnowledgeKind,
    Product,
    Promotion,
    Rule,
    Schedule,
)
from common.queries import SearchHit
from hub.retrieval.folding import fold
from hub.retrieval.port import AnswerableItem, AnswerableKind, Audience, ProductHit, RuleHit

T = TypeVar("T", bound=Item)
_ANSWERABLE: tuple[AnswerableKind, ...] = ("rule", "promotion", "schedule", "document")


class TenantIndex:
    """What one company knows. Implements `TenantKnowledge`."""

    def __init__(self) -> None:
        self._items: dict[KnowledgeKind, dict[str, Item]] = {}

    def put(self, kind: KnowledgeKind, item: Item) -> None:
        """Add or replace an item; an inactive one is removed."""
        if not item.active:
            self.remove(kind, item.id)
            return
        self._items.setdefault(kind, {})[item.id] = item

    def remove(self, kind: KnowledgeKind, item_id: str) -> None:
        """Forget an item, known or not."""
        self._items.get(kind, {}).pop(item_id, None)

    def products(self, text: str, limit: int = 5, *, today: date) -> list[ProductHit]:
        words = fold(text).split()
        hits = [hit for item in self._of(Product) if item.sale_ok and (hit := _product_hit(item, words))]
        return sorted(hits, key=lambda hit: (-hit.score, hit.item.id))[:limit]

    def rules(self, text: str, limit: int = 5, *, today: date, audience: Audience = "everyone") -> list[RuleHit]:
        words = fold(text).split()
        hits = []
        for kind in _ANSWERABLE:
            for item in self._items.get(kind, {}).values():
                if not isinstance(item, Rule | Schedule | Document) or not in_force(item, today, audience):
                    continue
                if score := _overlap(words, _text_of(item)):
                    hits.append(RuleHit(item=item, kind=kind, score=score, coverage=score))
        return sorted(hits, key=lambda hit: (-hit.score, hit.item.id))[:limit]

    def search(self, text: str, kind: KnowledgeKind | None = None, limit: int = 5, *, today: date) -> list[SearchHit]:
        hits: list[SearchHit] = []
        if kind in (None, "product"):
            hits += [
                SearchHit(kind="product", id=hit.item.id, title=hit.item.name, score=hit.coverage)
                for hit in self.products(text, limit, today=today)
            ]
        hits += [
            SearchHit(kind=each.kind, id=each.item.id, title=title_of(each.item), score=each.score)
            for each in self.rules(text, limit, today=today, audience="staff")
            if kind in (None, each.kind)
        ]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def company(self) -> Company | None:
        companies = {item.id: item for item in self._of(Company)}
        return companies.get("main") or next((companies[key] for key in sorted(companies)), None)

    def promotions(self, today: date, *, audience: Audience = "everyone") -> list[Promotion]:
        found = [item for item in self._of(Promotion) if in_force(item, today, audience)]
        return sorted(found, key=lambda item: (-item.priority, item.id))

    def promotions_of(self, product: Product, today: date, *, audience: Audience = "everyone") -> list[Promotion]:
        names = {product.id, product.variant_of} - {""}
        return [each for each in self.promotions(today, audience=audience) if names & set(each.product_ids)]

    def schedules(self) -> list[Schedule]:
        return sorted(self._of(Schedule), key=lambda item: (item.service, item.id))

    def product(self, product_id: str) -> Product | None:
        item = self.item("product", product_id)
        return item if isinstance(item, Product) else None

    def variants(self, of: str) -> list[Product]:
        member = self.product(of)
        family = (member.variant_of if member else "") or of
        found = [item for item in self._of(Product) if item.sale_ok and family in (item.id, item.variant_of)]
        return sorted(found, key=lambda item: item.id)

    def item(self, kind: KnowledgeKind, item_id: str) -> Item | None:
        return self._items.get(kind, {}).get(item_id)

    def count(self, kind: KnowledgeKind) -> int:
        return len(self._items.get(kind, {}))

    def _of(self, item_type: type[T]) -> Iterable[T]:
        kind: KnowledgeKind = item_type.__name__.lower()  # type: ignore[assignment]
        return (item for item in self._items.get(kind, {}).values() if isinstance(item, item_type))


def in_force(item: AnswerableItem, today: date, audience: Audience) -> bool:
    """Whether a customer of this audience may be told of the item on this day."""
    if not isinstance(item, Rule):
        return True
    if (item.valid_from and today < item.valid_from) or (item.valid_until and today > item.valid_until):
        return False
    return audience == "staff" or item.audience in ("everyone", audience)


def title_of(item: AnswerableItem) -> str:
    """What people call the item."""
    return item.service if isinstance(item, Schedule) else item.title


def _text_of(item: AnswerableItem) -> str:
    if isinstance(item, Schedule):
        return f"{item.service} {item.description} {item.policies}"
    return f"{item.title} {item.text} {' '.join(item.questions) if isinstance(item, Rule) else ''}"


def _overlap(words: list[str], text: str) -> float:
    known = set(fold(text).split())
    return sum(word in known for word in words) / len(words) if words else 0.0


def _product_hit(item: Product, words: list[str]) -> ProductHit | None:
    if any(word in (fold(item.sku), item.barcode) for word in words):
        return ProductHit(item=item, score=1.0, coverage=1.0, exact=True)
    score = _overlap(words, f"{item.name} {item.category} {' '.join(item.attributes.values())}")
    return ProductHit(item=item, score=score, coverage=score) if score else None
