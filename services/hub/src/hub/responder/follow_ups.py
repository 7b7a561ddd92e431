"""Questions that lean on what was said before: "e o azul?", "quanto custa?", "tem maior?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from common.knowledge import Product
from hub.responder.intents import Question
from hub.responder.parts import Turn
from hub.retrieval.places import places_of_question
from hub.retrieval.port import ProductHit
from hub.truth_gate.language.reading import fold, stem

ELLIPSIS: Final = re.compile(r"^(?:e|y|and|mas|ou|what about|how about|que tal) ")
"""How a question begins that leans on what was said."""
_PARTS: Final = re.compile(r"[a-z0-9]+")
_STEM_FROM = 4
_ATTRIBUTE_NAMES = frozenset(
    {"cor", "core", "tamanho", "tam", "modelo", "sabor", "medida", "numero", "versao", "opcao"}
    | {"color", "talla", "tamano", "size", "colour", "model", "version", "option"}
)


def leans(question: Question) -> bool:
    """Whether a question can only be read with the one before: "e em Betim?", "digo, Curitiba"."""
    return bool(ELLIPSIS.match(question.folded)) or question.corrects or _only_places(question)


def of_place(question: Question) -> bool:
    """Whether a question names a place."""
    return bool(places_of_question(question.text).said)


def without_places(text: str) -> str:
    """A text without the places it names: another one is meant now."""
    said = places_of_question(text).said
    return " ".join(word for word in text.split() if not set(_PARTS.findall(fold(word))) & said)


def _only_places(question: Question) -> bool:
    said = places_of_question(question.text).said
    return bool(said) and all(word in said for word in question.content)


def spoken_of(turn: Turn) -> list[Product]:
    """The products spoken of last that are still on sale."""
    found = (turn.knowledge.product(product_id) for product_id in turn.product_ids)
    return [product for product in found if product is not None and product.sale_ok]


def other_variants(turn: Turn, question: Question) -> list[Product]:
    """Variants of the products spoken of that have every word of the question ("o azul", "de 500ml", "tamanho G")."""
    words = [word for word in question.content if word not in _ATTRIBUTE_NAMES]
    if not words:
        return []
    family = {each.id: each for product in spoken_of(turn) for each in turn.knowledge.variants(product.id)}
    fitting = [each for each in family.values() if all(_has(each, word) for word in words)]
    last = spoken_of(turn)[:1]
    return _nearest(last[0], fitting) if last and len(turn.product_ids) == 1 else fitting


def _nearest(last: Product, fitting: Sequence[Product]) -> list[Product]:
    """Those that differ least from the one product spoken of: "e a branca?" keeps the size."""
    shared = {each.id: len(set(last.attributes.items()) & set(each.attributes.items())) for each in fitting}
    most = max(shared.values(), default=0)
    return [each for each in fitting if shared[each.id] == most]


def _has(product: Product, word: str) -> bool:
    known = re.findall(r"\d+(?:[.,]\d+)?|[a-z]+", fold(" ".join([product.name, *product.attributes.values()])))
    parts = re.findall(r"\d+(?:[.,]\d+)?|[a-z]+", fold(word))
    return all(alike(part, *known) for part in parts)


def alike(asked: str, *known: str) -> bool:
    """Whether a word is one of the known ones, or alike but for the ending ("preta", "preto")."""
    return any(_alike(asked, each) for each in known)


def _alike(asked: str, known: str) -> bool:
    if asked.rstrip("aos") == known.rstrip("aos") and len(asked.rstrip("aos")) >= _STEM_FROM - 1:
        return True
    return asked == known or (len(asked) >= _STEM_FROM and stem(asked)[:-1] == stem(known)[:-1])


def names_attributes(question: Question) -> bool:
    """Whether a question names a kind of choice and no more ("tem outra cor?")."""
    return all(word in _ATTRIBUTE_NAMES or word[:-1] in _ATTRIBUTE_NAMES for word in question.content)


def family(turn: Turn) -> list[Product]:
    """The variants of the products spoken of, or those products."""
    found = {each.id: each for product in spoken_of(turn) for each in turn.knowledge.variants(product.id)}
    return list(found.values()) or spoken_of(turn)


def has_all(product: Product, words: Sequence[str]) -> bool:
    """Whether a product's name or attributes have every word."""
    return all(_has(product, word) for word in words if word not in _ATTRIBUTE_NAMES)


def only_attributes(question: Question, hits: Sequence[ProductHit]) -> bool:
    """Whether the words name a colour, size or the like of some product, and no product itself."""
    words = [word for word in question.content if word not in _ATTRIBUTE_NAMES]
    values = {fold(value) for hit in hits for value in hit.item.attributes.values()}
    return bool(words) and all(word in values for word in words)
