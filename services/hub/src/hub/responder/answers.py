"""One question, its answer: which of the things we know it asks for, in which order they are tried."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from common.commands import Choice
from common.knowledge import Document, Product, Promotion, Rule, Schedule
from hub.responder import company, follow_ups, rules
from hub.responder.choices import offer
from hub.responder.intents import Question, moments, understand
from hub.responder.orders import orders_part
from hub.responder.parts import Part, Turn
from hub.responder.products import LIST_LENGTH, asks_for_units, products_part, wanted_words
from hub.responder.promotions import promotions_of_part, promotions_part
from hub.responder.schedules import schedules_part
from hub.responder.wanted import SEARCHED, asks_for_service, complete, nearly, products_for
from hub.retrieval.port import ProductHit
from hub.truth_gate.reading import fold

_MOST: Final = 0.6
_FEW: Final = 3
_ELLIPSIS: Final = re.compile(r"^(?:e|y|and|mas|ou|what about|how about|que tal) ")
_BUYING: Final = ("price", "stock", "details", "reservation")
_OF_SOMEBODY: Final = re.compile(
    r"(?:contato|telefone|numero|endereco|e-?mail|contact|phone|direccion|telefono) "
    r"(?:de|da|do|del|of) (?:um |uma |un |una |a |an )?(?P<who>[a-z]{4,})"
)
_CLEAR_SCORE: Final = 0.45
_CLEAR_MARGIN: Final = 0.08
_CONJUNCTION: Final = re.compile(r"\s+(?:e|y|and|ou|or|o)\s+|,\s*|\s*\+\s*")


@dataclass(frozen=True)
class Earlier:
    """What the same burst has brought before a question."""

    parts: tuple[Part, ...] = ()
    words: str = ""
    """The question before, for one that leans on it ("vocês entregam em Betim?" / "quanto tempo demora?")."""

    def quoted(self, kind: str, item_id: str) -> bool:
        """Whether an item has been told already."""
        return any(source.kind == kind and source.id == item_id for part in self.parts for source in part.sources)


async def answer(turn: Turn, question: Question, earlier: Earlier) -> list[Part]:
    """The parts that answer a question; none when an earlier part of the burst has already."""
    if question.wants("order_status"):
        return [await orders_part(turn, question)]
    if question.wants("defect"):
        return [_defect(turn, question)]
    told = _profile(turn, question)
    if told:
        return told
    if question.wants("booking"):
        schedule = schedules_part(turn, question)
        if schedule:
            return [schedule]
    if question.wants("promotions"):
        return [await _promotions(turn, question)]
    if not question.content and not question.topics:
        return await _leaning(turn, question, earlier)
    return await _searched(turn, question, earlier)


def _profile(turn: Turn, question: Question) -> list[Part]:
    """What the company's profile answers."""
    parts: list[Part | None] = []
    if question.wants("identity"):
        parts.append(company.identity_part(turn))
    if question.wants("hours"):
        parts.append(_hours(turn, question))
    if question.wants("address", "contact", "phone", "email", "links"):
        parts.append(_contact(turn, question))
    if question.wants("company") and not question.topics:
        parts.append(company.about_part(turn))
    return [part for part in parts if part]


def _contact(turn: Turn, question: Question) -> Part | None:
    """Where the company is; a rule that speaks of more than that ("como chego aí de ônibus") comes first."""
    if question.wants("address") and (question.content or question.topics - {"store"}):
        found = rules.find(turn, question)
        if found and (found.sure or question.topics - {"store"}):
            return rules.answer(turn, found)
    other = _OF_SOMEBODY.search(question.folded)
    known = fold(f"{turn.company.name} {turn.company.address}") if turn.company else ""
    if other and other["who"] in question.content and other["who"] not in known:
        return missed(turn, question)
    return company.contact_part(turn, question)


def _defect(turn: Turn, question: Question) -> Part:
    """Something arrived broken or wrong: the rule for that, with a person on offer; without one, a person."""
    found = rules.find(turn, question)
    if found and (found.sure or (found.best.score >= _CLEAR_SCORE and found.best.margin >= _CLEAR_MARGIN)):
        told = rules.quoted(turn, found.best.item, found.best.passage)
        return replace(told, choices=offer([(turn.texts.say("choice_person"), "person")]))
    return Part(turn.texts.say("hand_off_complaint"), "complaint", hand_off="unsupported_request")


def _hours(turn: Turn, question: Question) -> Part | None:
    """Hours of the company; a rule about the hours of something else ("horário de entrega") comes first."""
    other_topics = question.topics - {"store"}
    if other_topics and not moments(question.folded) & {"now", "open"}:
        found = rules.find(turn, question)
        if found and found.sure:
            return rules.answer(turn, found)
    return company.hours_part(turn, question)


async def _promotions(turn: Turn, question: Question) -> Part:
    if question.content or question.topics:
        found = rules.find(turn, question)
        covered = found and question.content and rules.says_all(found.best, question)
        if found and (found.sure or covered):
            return rules.answer(turn, found)
        products = complete(turn.knowledge.products(" ".join(question.content), SEARCHED, today=turn.today))
        if products and question.content:
            return await _product_promotions(turn, products, question)
        if found and set(question.content) & set(found.best.matched):
            return rules.answer(turn, found)
    elif follow_ups.spoken_of(turn) and _ELLIPSIS.match(question.folded):
        return promotions_of_part(turn, follow_ups.spoken_of(turn))
    return promotions_part(turn)


async def _product_promotions(turn: Turn, products: Sequence[Product], question: Question) -> Part:
    offers = promotions_of_part(turn, products[:LIST_LENGTH])
    if offers.facts:
        return offers
    return await products_part(turn, products, question, intro=offers.text)


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
        if found and found.sure:
            return [rules.answer(turn, found)]
    if spoken_of and question.wants("reservation"):
        return [Part(turn.texts.say("hand_off_reservation"), "reservation", hand_off="unsupported_request")]
    if spoken_of:
        return [await products_part(turn, spoken_of, question)]
    return [Part(turn.texts.say("ask_which_product"), "which_product", missed=True)]


async def _searched(turn: Turn, question: Question, earlier: Earlier) -> list[Part]:
    """Products and rules, whichever surely answers; else what may be meant; else nothing."""
    spoken_of = follow_ups.spoken_of(turn)
    if len(spoken_of) == 1 and asks_for_units(turn, question):
        return [await products_part(turn, spoken_of, question)]
    hits = products_for(turn, question)
    full = complete(hits)
    buying = question.wants(*_BUYING)
    if hits and hits[0].exact:
        return [await products_part(turn, full, question)]
    followed = await _followed(turn, question, hits)
    if followed:
        return followed
    if full and (buying or not question.topics):
        return [await products_part(turn, full, question, more=len(full) > LIST_LENGTH)]
    several = await _several_products(turn, question) if buying or not question.topics else []
    if several:
        return several
    return await _second_best(turn, question, earlier, hits)


async def _second_best(turn: Turn, question: Question, earlier: Earlier, hits: Sequence[ProductHit]) -> list[Part]:
    full = complete(hits)
    found = _rule(turn, question, earlier)
    if found and found.sure and earlier.quoted(found.best.kind, found.best.item.id):
        return []
    if found and found.sure:
        return [rules.answer(turn, found)]
    if full and not (question.topics and not question.wants(*_BUYING)):
        return [await products_part(turn, full, question)]
    words = wanted_words(turn, question)
    near = nearly(words, hits)
    if near and not question.topics and question.wants(*_BUYING) and not asks_for_service(question, hits):
        return [await _near(turn, near, question)]
    if found:
        return [rules.answer(turn, found)]
    if near and not asks_for_service(question, hits) and len(words) <= (_FEW if hits[0].coverage < _MOST else 2 * _FEW):
        return [await _near(turn, near, question)]
    if _ELLIPSIS.match(question.folded) and len(question.content) == 1 and follow_ups.spoken_of(turn):
        return [await _missing_variant(turn, question)]
    return [rules.near_in_meaning(turn, question) or missed(turn, question)]


def _rule(turn: Turn, question: Question, earlier: Earlier) -> rules.Found | None:
    """The rule for a question, read together with the one before when it leans on it."""
    alone = rules.find(turn, question)
    if not earlier.words and _ELLIPSIS.match(question.folded) and not question.topics and not turn.product_ids:
        earlier = replace(earlier, words=_said_before(turn))
    together = rules.find(turn, question, before=earlier.words) if earlier.words else None
    if together is None or not set(question.content) <= set(together.best.matched):
        return alone
    told = together.sure and earlier.quoted(together.best.kind, together.best.item.id)
    return together if told or not question.topics else alone


def _said_before(turn: Turn) -> str:
    """What the customer asked last: "e quanto tempo demora?" leans on it."""
    return next((line.text for line in reversed(turn.input.history) if line.speaker == "customer"), "")


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
    return await products_part(turn, products, question, intro=turn.texts.say("products_near"))


async def _followed(turn: Turn, question: Question, hits: Sequence[ProductHit]) -> list[Part]:
    """Answer "e o azul?" after a product."""
    if question.topics or not turn.product_ids:
        return []
    if question.content and follow_ups.names_attributes(question):
        return [await products_part(turn, follow_ups.family(turn), question)]
    variants = follow_ups.other_variants(turn, question)
    if variants:
        return [await products_part(turn, variants, question)]
    if _ELLIPSIS.match(question.folded) and follow_ups.only_attributes(question, hits):
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


def missed(turn: Turn, question: Question) -> Part:
    """Nothing found: ask once."""
    return Part(
        turn.texts.say("ask_rephrase"),
        "missing",
        choices=offer([(turn.texts.say("choice_person"), "person")]),
        missed=True,
        tried=question.text,
    )


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
