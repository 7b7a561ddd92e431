"""What a product is like: told in the words of its description, and only when those answer the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from common.knowledge import Product
from hub.responder import follow_ups, rules
from hub.responder.intents import Question, properties_asked, property_words
from hub.responder.missing import missed, perhaps
from hub.responder.parts import Part, Turn
from hub.responder.products import products_part
from hub.responder.wanted import SEARCHED, complete
from hub.truth_gate.language.reading import fold


async def property_part(turn: Turn, question: Question) -> Part | None:
    """The answer to a question for a property of a known product; None when it is no such question."""
    asked = properties_asked(question.folded)
    words = [part for word in question.content for part in word.split("-")]
    left = [word for word in words if word not in property_words()]
    for phrase, _ in asked:
        left = [word for word in left if word not in phrase.split()]
    if asked:
        return await _measured(turn, question, left, [told for _, told in asked])
    if len(left) == len(words) and not question.wants("details"):
        return await _said_of_it(turn, question, words)
    return await _predicate(turn, question, left)


async def _said_of_it(turn: Turn, question: Question, words: Sequence[str]) -> Part | None:
    """Answer "e ele tritura gelo?" of the product spoken of, when its description has every word of that."""
    about = [each for each in follow_ups.spoken_of(turn) if words and _says_all(each, words)]
    if not about or follow_ups.has_all(about[0], words) or len({_family(each) for each in about}) > 1:
        return None
    named = complete(turn.knowledge.products(" ".join(words), SEARCHED, today=turn.today))
    return None if named else await products_part(turn, about[:1], question, described=True)


async def _measured(
    turn: Turn, question: Question, left: Sequence[str], told: Sequence[re.Pattern[str]]
) -> Part | None:
    """Answer "qual a potência do liquidificador?": a description with a power in it, else a rule or nothing."""
    products = _products(turn, left)
    if products and all(each.search(_text(products[0])) for each in told):
        return await products_part(turn, products, question, described=True)
    if not products:
        return None
    found = rules.find(turn, question)
    return rules.answer(turn, found) if found else missed(turn, question)


async def _predicate(turn: Turn, question: Question, left: Sequence[str]) -> Part | None:
    """Answer "a frigideira vai na indução?": words that name one product, and others that its description has."""
    candidates = _candidates(turn, left)
    products = [each for each in candidates if left and _says_all(each, left)]
    if not products:
        return None
    meant = [each for each in candidates if follow_ups.alike(left[0], *_split(each.name))]
    if len({_family(each) for each in meant or products}) > 1:
        return perhaps(turn, list({_family(each): each for each in meant}.values()))
    return await products_part(turn, products, question, described=True)


def _family(product: Product) -> str:
    return product.variant_of or product.id


def _candidates(turn: Turn, words: Sequence[str]) -> list[Product]:
    found = follow_ups.spoken_of(turn)
    hits = turn.knowledge.products(" ".join(words), SEARCHED, today=turn.today) if words else []
    return [*found, *(hit.item for hit in hits if hit.named)]


def _products(turn: Turn, words: Sequence[str]) -> list[Product]:
    if not words:
        return follow_ups.spoken_of(turn)
    return complete(turn.knowledge.products(" ".join(words), SEARCHED, today=turn.today))


def _says_all(product: Product, words: Sequence[str]) -> bool:
    known = _split(_text(product))
    return all(follow_ups.alike(word, *known) for word in words)


def _split(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(text))


def _text(product: Product) -> str:
    attributes = " ".join(product.attributes.values())
    return fold(f"{product.name} {attributes} {product.category} {product.description}")
