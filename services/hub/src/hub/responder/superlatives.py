"""The cheapest, the largest, those of a size said as a word: "qual o cesto mais barato?", "e o maior?", "a média"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal

from common.errors import QueryFailed
from common.knowledge import Product
from hub.responder import follow_ups
from hub.responder.intents import Question
from hub.responder.live import read
from hub.responder.parts import Part, Turn
from hub.responder.products import products_part
from hub.responder.wanted import SEARCHED, complete
from hub.truth_gate.language.reading import fold

Extreme = Literal["cheapest", "dearest", "smallest", "largest"]
_EXTREMES: Final[dict[Extreme, re.Pattern[str]]] = {
    "cheapest": re.compile(
        r"\b(?:(?:mais|mas) barat\w+|menor (?:preco|valor)|mais em conta|cheapest|lowest price|menor precio)\b"
    ),
    "dearest": re.compile(r"\b(?:(?:mais|mas) car[oa]s?|maior (?:preco|valor)|most expensive)\b"),
    "smallest": re.compile(r"\b(?:menor(?:es)?|menorzinh[oa]|mais pequen[oa]|mas (?:pequen|chic)[oa]|smallest)\b"),
    "largest": re.compile(r"\b(?:maior(?:es)?|grandao|grandona|mas grande|biggest|largest)\b"),
}
_SIZE_WORDS: Final = re.compile(
    r"\b(?:(?P<p>pequen[oa]s?|small|chic[oa]s?)|(?P<m>medi[oa]s?|medium|median[oa]s?)|(?P<g>grandes?|large))\b"
)
_IN_ORDER: Final = ("pp", "p", "m", "g", "gg", "xg", "solteiro", "casal", "queen", "king")
"""Sizes that are no numbers, in their order."""
_NAMES: Final = ("tam", "size", "tal", "medida")
_NUMBER: Final = re.compile(r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>[a-z]*)")
_SHOWN: Final = 3


async def superlative_part(turn: Turn, question: Question) -> Part | None:
    """The products that are the most of what is asked for, or of the size; None when no such thing is asked."""
    extreme = next((name for name, pattern in _EXTREMES.items() if pattern.search(question.folded)), None)
    if question.topics:
        return None
    if extreme is None:
        sized = _of_size(turn, question)
        return await products_part(turn, sized, question) if sized else None
    candidates = _candidates(turn, question, _EXTREMES[extreme])
    if len(candidates) < 2:
        return None
    measured = await _prices(turn, candidates) if extreme in ("cheapest", "dearest") else _sizes(candidates)
    if not measured:
        return None
    most = min(measured.values()) if extreme in ("cheapest", "smallest") else max(measured.values())
    found = [each for each in candidates if measured.get(each.id) == most]
    return await products_part(turn, found[:_SHOWN], question) if len(found) < len(candidates) else None


def _candidates(turn: Turn, question: Question, pattern: re.Pattern[str]) -> list[Product]:
    said = {word for match in pattern.finditer(question.folded) for word in match[0].split()}
    words = [word for word in question.content if word not in said]
    if not words:
        return follow_ups.family(turn)
    return complete(turn.knowledge.products(" ".join(words), SEARCHED, today=turn.today))


def _of_size(turn: Turn, question: Question) -> list[Product]:
    """Those of a size that is said as a word and stands as a letter: "a tábua grande" is the one of size G."""
    match = _SIZE_WORDS.search(question.folded)
    if match is None:
        return []
    letter = next(name for name, said in match.groupdict().items() if said)
    wanted = ("", Decimal(_IN_ORDER.index(letter)))
    return [each for each in _candidates(turn, question, _SIZE_WORDS) if _size(each) == wanted]


async def _prices(turn: Turn, products: Sequence[Product]) -> dict[str, Decimal]:
    try:
        live = await read(turn, products)
    except QueryFailed:
        return {}
    return {each.id: price.unit_price for each in products if (price := live.price(each))}


def _sizes(products: Sequence[Product]) -> dict[str, Decimal]:
    """Sizes as numbers, when all of them are of one kind: 300 ml and 1 L are not compared by their figures."""
    sizes = {each.id: size for each in products if (size := _size(each)) is not None}
    alike = len(sizes) == len(products) and len({unit for unit, _ in sizes.values()}) == 1
    return {product_id: size for product_id, (_, size) in sizes.items()} if alike else {}


def _size(product: Product) -> tuple[str, Decimal] | None:
    """The unit and the number of a product's size; letters and beds are numbered in their order."""
    values = [fold(value) for name, value in product.attributes.items() if fold(name).startswith(_NAMES)]
    for value in values:
        first = value.split()[0] if value.split() else ""
        if first in _IN_ORDER:
            return "", Decimal(_IN_ORDER.index(first))
        if number := _NUMBER.match(value):
            return number["unit"], Decimal(number["number"].replace(",", "."))
    return None
