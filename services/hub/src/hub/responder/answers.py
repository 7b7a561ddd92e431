"""One question, its answer: which of the things we know it asks for, in which order they are tried."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from common.commands import Choice
from common.knowledge import Document, Product, Promotion, Rule, Schedule
from hub.responder import company, follow_ups, rules
from hub.responder.choices import offer
from hub.responder.evidence import category_of
from hub.responder.intents import Question, topics_of, understand
from hub.responder.missing import missed, perhaps
from hub.responder.offers import offers_part
from hub.responder.orders import ORDER_NUMBER, knows_customer, orders_part
from hub.responder.parts import Part, Turn
from hub.responder.products import LIST_LENGTH, asks_for_units, products_part, wanted_words
from hub.responder.profile import profile_parts
from hub.responder.properties import property_part
from hub.responder.schedules import schedules_part
from hub.responder.superlatives import superlative_part
from hub.responder.threads import Earlier, rule_for, said_before
from hub.responder.wanted import (
    SEARCHED,
    asks_for_service,
    asks_how_it_is,
    complete,
    nearly,
    of_kinds,
    other_things,
    products_for,
    told_by_description,
)
from hub.retrieval.port import ProductHit

_MOST: Final = 0.6
_FEW: Final = 3
_BUYING: Final = ("price", "stock", "details", "reservation")
_NO_ASKING: Final = frozenset({"greeting", "thanks", "acknowledge", "hours"})
_NOT_ON_SALE: Final = ("document", "promotion")
_OF_PAYMENT: Final = frozenset({"payment"})
_OF_DEFECTS: Final = frozenset({"exchange", "warranty"})
_WHERE_IS_MY: Final = re.compile(
    r"\b(?:cade|onde (?:esta|anda)|where (?:is|are)|donde esta[n]?) (?:[oa]s? )?(?:meus?|minhas?|my|mis?) (?P<what>.+)"
)
_CONJUNCTION: Final = re.compile(r"\s+(?:e|y|and|ou|or|o)\s+|,\s*|\s*\+\s*")


async def answer(turn: Turn, question: Question, earlier: Earlier) -> list[Part]:
    """The parts that answer a question; none when an earlier part of the burst has already."""
    own = await _own_business(turn, question)
    if own:
        return [own]
    told = profile_parts(turn, question) or await _day_or_offer(turn, question, earlier)
    if told:
        return told
    if question.wants("arrival") and await knows_customer(turn):
        return [await orders_part(turn, question)]
    if not question.content and not question.topics:
        return await _leaning(turn, question, earlier)
    return await _searched(turn, question, earlier)


async def _own_business(turn: Turn, question: Question) -> Part | None:
    """What concerns this customer alone: an order, offers not wanted any more, something broken."""
    if question.wants("order_status") or _names_an_order(turn, question) or _misses_goods(turn, question):
        return await orders_part(turn, question)
    if question.wants("unsubscribe"):
        return _unsubscribed(turn, question)
    return _defect(turn, question) if question.wants("defect") else None


async def _day_or_offer(turn: Turn, question: Question, earlier: Earlier) -> list[Part]:
    """Services to book, promotions, the hours of a day."""
    schedule = schedules_part(turn, question) if question.wants("booking") else None
    if schedule:
        return [schedule]
    if question.wants("promotions"):
        return [await offers_part(turn, question)]
    if _asks_for_day(turn, question, earlier):
        return [company.hours_part(turn, question) or missed(turn, question)]
    return []


def _names_an_order(turn: Turn, question: Question) -> bool:
    """Whether the number of an order is given that is no code of a product ("e o S00102?")."""
    if not ORDER_NUMBER.search(question.text):
        return False
    return not any(hit.exact for hit in turn.knowledge.products(question.text, 1, today=turn.today))


def _misses_goods(turn: Turn, question: Question) -> bool:
    """Whether somebody asks where something is that they bought here: "cadê meu ventilador?"."""
    match = _WHERE_IS_MY.search(question.folded)
    return match is not None and bool(complete(turn.knowledge.products(match["what"], 1, today=turn.today)))


def _unsubscribed(turn: Turn, question: Question) -> Part:
    """Enough of offers: how the company says they are stopped; without a rule for that, a person stops them."""
    found = rules.find(turn, replace(question, topics=frozenset({"privacy"})))
    said = next((hit for hit in found.hits if category_of(hit.item) == "privacy"), None) if found else None
    if said:
        return rules.quoted(turn, said.item, said.passage)
    return Part(turn.texts.say("person"), "unsubscribe", hand_off="unsupported_request")


def _defect(turn: Turn, question: Question) -> Part:
    """Something arrived broken or wrong: the rule for that, with a person on offer; without one, a person."""
    found = rules.find(turn, question)
    if found is None or not found.likely:
        found = rules.find(turn, replace(question, topics=question.topics | _OF_DEFECTS))
    if found and (found.likely or category_of(found.best.item) in _OF_DEFECTS):
        told = rules.quoted(turn, found.best.item, found.best.passage)
        return replace(told, choices=offer([(turn.texts.say("choice_person"), "person")]))
    return Part(turn.texts.say("hand_off_complaint"), "complaint", hand_off="unsupported_request")


async def _leaning(turn: Turn, question: Question, earlier: Earlier) -> list[Part]:
    """Answer "quanto custa?" of what was spoken of."""
    spoken_of = follow_ups.spoken_of(turn)
    if len(spoken_of) == 1 and asks_for_units(turn, question):
        return [await products_part(turn, spoken_of, question)]
    if question.wants("confused"):
        return [_confused(turn)]
    if not question.wants(*_BUYING):
        return [missed(turn, question)]
    if any(part.kind == "product" for part in earlier.parts):
        return []
    if question.wants("reservation") and not spoken_of:
        found = rules.find(turn, question)
        if found and found.likely:
            return [rules.answer(turn, replace(found, clear=True))]
    if spoken_of and question.wants("reservation"):
        return [Part(turn.texts.say("hand_off_reservation"), "reservation", hand_off="unsupported_request")]
    if spoken_of:
        return [await products_part(turn, spoken_of, question)]
    found = rule_for(turn, question, earlier) if follow_ups.leans(question) else None
    if found and found.sure:
        return [rules.answer(turn, found)]
    return [Part(turn.texts.say("ask_which_product"), "which_product", missed=True)]


async def _searched(turn: Turn, question: Question, earlier: Earlier) -> list[Part]:
    """Products and rules, whichever surely answers; else what may be meant; else nothing."""
    spoken_of = follow_ups.spoken_of(turn)
    if len(spoken_of) == 1 and asks_for_units(turn, question):
        return [await products_part(turn, spoken_of, question)]
    most = await superlative_part(turn, question)
    if most:
        return [most]
    hits = products_for(turn, question)
    full = of_kinds(question, complete(hits))
    buying = question.wants(*_BUYING)
    if hits and hits[0].exact:
        return [await products_part(turn, full, question)]
    property_told = await property_part(turn, question) if not question.topics else None
    if property_told:
        return [property_told]
    followed = await _followed(turn, question, hits)
    if followed:
        return followed
    paid = await _price_and_payment(turn, question)
    if paid:
        return paid
    of_topic = bool(question.topics) and bool(hits) and told_by_description(hits[0])
    if full and not of_topic and (buying or not question.topics):
        more, described = len(full) > LIST_LENGTH, told_by_description(hits[0])
        return [await products_part(turn, full, question, more=more, described=described)]
    several = await _several_products(turn, question) if buying or not question.topics else []
    if several:
        return several
    return await _second_best(turn, question, earlier, hits)


async def _price_and_payment(turn: Turn, question: Question) -> list[Part]:
    """Answer "no pix, quanto sai a chaleira?": the price of the product, and the rule for paying so."""
    if question.topics != _OF_PAYMENT or not question.wants("price"):
        return []
    goods = " ".join(word for word in question.content if not topics_of(word))
    full = complete(turn.knowledge.products(goods, SEARCHED, today=turn.today)) if goods else []
    if not full:
        return []
    parts = [await products_part(turn, full, question, more=len(full) > LIST_LENGTH)]
    found = rules.find(turn, understand(" ".join(word for word in question.content if topics_of(word))))
    return [*parts, rules.quoted(turn, found.best.item, found.best.passage)] if found and found.likely else parts


async def _second_best(turn: Turn, question: Question, earlier: Earlier, hits: Sequence[ProductHit]) -> list[Part]:
    full = of_kinds(question, complete(hits))
    words = wanted_words(turn, question)
    found = rule_for(turn, question, earlier)
    if found and found.best.kind in _NOT_ON_SALE and question.wants("stock", "reservation") and _is_head(words, hits):
        found = None
    if found and found.sure and earlier.quoted(found.best.kind, found.best.item.id):
        return []
    if found and found.sure:
        return [rules.answer(turn, found)]
    if full and not (question.topics and not question.wants(*_BUYING)):
        return [await products_part(turn, full, question)]
    near = [] if found and found.likely else _nearby(turn, question, words, hits)
    if near and not question.topics and question.wants(*_BUYING) and not asks_for_service(question, hits):
        return [await _near(turn, near, question)]
    if found:
        return [rules.answer(turn, found)]
    if near and not asks_for_service(question, hits) and len(words) <= (_FEW if hits[0].coverage < _MOST else 2 * _FEW):
        return [await _near(turn, near, question)]
    if follow_ups.ELLIPSIS.match(question.folded) and len(question.content) == 1 and follow_ups.spoken_of(turn):
        return [await _missing_variant(turn, question)]
    others = other_things(hits) if question.wants(*_BUYING) else []
    if others:
        return [perhaps(turn, others)]
    return [rules.near_in_meaning(turn, question) or rules.meant(turn, question) or missed(turn, question)]


def _is_head(words: Sequence[str], hits: Sequence[ProductHit]) -> bool:
    """Whether what is named first is a thing in the catalogue."""
    return bool(words and hits) and words[0] in hits[0].matched


def _nearby(turn: Turn, question: Question, words: Sequence[str], hits: Sequence[ProductHit]) -> list[Product]:
    if asks_how_it_is(question):
        return []
    return nearly(words, hits, foreign=turn.language != turn.input.tenant.locale)


def _asks_for_day(turn: Turn, question: Question, earlier: Earlier) -> bool:
    """Whether a day is named and nothing else, after nothing or after hours: "e no sábado?"."""
    days = company.days_asked(turn, question)
    if not days or question.topics or not question.intents <= _NO_ASKING or not company.only_days(turn, question):
        return False
    before = understand(earlier.words or said_before(turn))
    return before.wants("hours") or not before.topics


def _confused(turn: Turn) -> Part:
    return Part(
        turn.texts.say("confused"),
        "confused",
        choices=offer([(turn.texts.say("choice_person"), "person")]),
        missed=True,
    )


async def _near(turn: Turn, products: Sequence[Product], question: Question) -> Part:
    """Not quite what was asked for, and said so."""
    if all(follow_ups.has_all(product, wanted_words(turn, question)) for product in products):
        return await products_part(turn, products, question)
    part = await products_part(turn, products, question, intro=turn.texts.say("products_near"))
    return replace(part, asks=not part.hand_off)


async def _followed(turn: Turn, question: Question, hits: Sequence[ProductHit]) -> list[Part]:
    """Answer "e o azul?" after a product."""
    if question.topics or not turn.product_ids:
        return []
    if question.content and follow_ups.names_attributes(question):
        return [await products_part(turn, follow_ups.family(turn), question)]
    variants = follow_ups.other_variants(turn, question)
    if variants:
        return [await products_part(turn, variants, question)]
    if follow_ups.ELLIPSIS.match(question.folded) and follow_ups.only_attributes(question, hits):
        return [await _missing_variant(turn, question)]
    return []


async def _missing_variant(turn: Turn, question: Question) -> Part:
    base = follow_ups.spoken_of(turn)[0]
    family = turn.knowledge.variants(base.id) or [base]
    return await products_part(turn, family, question, intro=turn.texts.say("variant_missing", name=base.name))


async def _several_products(turn: Turn, question: Question) -> list[Part]:
    """Answer "tem shampoo e condicionador?": each by itself, when every one is found."""
    pieces = [understand(piece) for piece in _CONJUNCTION.split(question.text) if piece.strip()]
    pieces = [piece for piece in pieces if piece.content]
    if not 2 <= len(pieces) <= 4:
        return []
    found = [complete(products_for(turn, piece)) for piece in pieces]
    if not all(found):
        return []
    products = {product.id: product for group in found for product in group[:2]}
    return [await products_part(turn, list(products.values()), question)]


async def chosen(turn: Turn, choice: Choice) -> list[Part]:
    """The answer to a choice that was offered."""
    kind, _, item_id = choice.value.partition(":")
    if kind == "person":
        return [Part(turn.texts.say("person"), "person", hand_off="customer_request")]
    if kind == "product":
        product = turn.knowledge.product(item_id)
        return [await products_part(turn, [product], understand("detalhes"))] if product else []
    if kind in ("rule", "promotion", "schedule", "document"):
        item = turn.knowledge.item(kind, item_id)  # type: ignore[arg-type]
        if isinstance(item, Rule | Promotion | Schedule | Document) and rules.may_be_told(turn, item):
            return [rules.quoted(turn, item)]
    return []
