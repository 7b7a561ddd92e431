"""The texts of an item that become vectors, and how they are told apart."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final, NamedTuple

from common.knowledge import Document, Item, KnowledgeKind, Product, Rule, Schedule
from hub.retrieval.passages import passages_of

_LONGEST: Final = 2_000
_DESCRIPTION: Final = 300
_HASH_BYTES: Final = 16


class VectorKey(NamedTuple):
    """One vector: an item, or a passage of a document."""

    kind: KnowledgeKind
    item_id: str
    part: int = 0


def texts_of(item: Item) -> list[str]:
    """What is embedded of an item, one text per vector; nothing of one that customers cannot find."""
    if not item.active:
        return []
    if isinstance(item, Product):
        return [_product(item)] if item.sale_ok else []
    if isinstance(item, Document):
        return [f"{item.title}\n{passage}"[:_LONGEST] for passage in passages_of(item.text)]
    if isinstance(item, Rule):
        return ["\n".join((item.title, *item.questions, item.text))[:_LONGEST]]
    if isinstance(item, Schedule):
        return [f"{item.service}\n{item.description}\n{item.policies}"[:_LONGEST]]
    return []


def text_hash(text: str) -> bytes:
    """What tells one text from another; not for secrets."""
    return blake2b(text.encode(), digest_size=_HASH_BYTES).digest()


def _product(item: Product) -> str:
    lines = (item.name, ", ".join(item.attributes.values()), item.category, item.description[:_DESCRIPTION])
    return "\n".join(filter(None, lines))[:_LONGEST]
