"""What a model can look up: the same knowledge and live values as the built-in responder uses."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, TypeVar

from common.errors import QueryFailed
from common.knowledge import Product, Promotion
from hub.agent.evidence import Evidence
from hub.responder import company, promotions, rules, schedules
from hub.responder.burst import read_burst
from hub.responder.intents import Question, understand
from hub.responder.live import read
from hub.retrieval.port import Near, ProductHit, RuleHit
from hub.truth_gate import facts_from_text

Hit = TypeVar("Hit", ProductHit, RuleHit)
_PRODUCTS: Final = 5
_RULES: Final = 3
_NEAR: Final = 0.45
_RULE_SCORE: Final = 0.2
_BY_MEANING: Final = 2
"""What a model is shown besides because it means nearly the same: whether it answers is for the model to see."""
NOTHING: Final = "Nothing found."


async def search_products(evidence: Evidence, words: str, limit: int = _PRODUCTS) -> str:
    """Products that fit, with live price and stock."""
    view = evidence.view
    await view.read_meaning([words])
    near = view.near(words)
    found = view.knowledge.products(words, limit + _besides(near.products), today=view.today, near=near)
    hits = [hit for hit in found if hit.coverage >= _NEAR][:limit]
    return await show_products(evidence, [hit.item for hit in (*hits, *_nearest(found, hits))])


def _besides(near: Sequence[Near]) -> int:
    return _BY_MEANING if near else 0


def _nearest(found: Sequence[Hit], shown: Sequence[Hit]) -> list[Hit]:
    """The few nearest in meaning that the words alone would not have shown."""
    near = [hit for hit in found if hit.similarity is not None and hit not in shown]
    return sorted(near, key=lambda hit: -(hit.similarity or 0.0))[:_BY_MEANING]


async def show_products(evidence: Evidence, products: Sequence[Product], quantity: Decimal = Decimal(1)) -> str:
    """Products with live price and stock, and the promotions in force for them."""
    if not products:
        return NOTHING
    try:
        live = await read(evidence.view, products, quantity)
    except QueryFailed as failure:
        evidence.failures.append(failure.code)
        names = "; ".join(product.name for product in products)
        return f"Found, but price and stock cannot be read now, so state neither: {names}"
    lines = evidence.products(products, live)
    lines += [line for product in products for line in _promotions_of(evidence, product)]
    return "\n".join(dict.fromkeys(lines)) or NOTHING


def _promotions_of(evidence: Evidence, product: Product) -> list[str]:
    offers = evidence.view.knowledge.promotions_of(product, evidence.view.today)
    return [line for each in offers[:2] if (line := _promotion(evidence, each))]


def _promotion(evidence: Evidence, promotion: Promotion) -> str:
    return evidence.part(promotions.promotion_part(evidence.view, promotion))


async def search_knowledge(evidence: Evidence, words: str, limit: int = _RULES) -> str:
    """Rules, promotions, services and documents that may answer."""
    view = evidence.view
    await view.read_meaning([words])
    near = view.near(words)
    found = view.knowledge.rules(words, limit + _besides(near.quotable), today=view.today, near=near)
    hits = [hit for hit in found if hit.score >= _RULE_SCORE or hit.coverage >= _NEAR][:limit]
    shown = (*hits, *_nearest(found, hits))
    lines = [evidence.part(rules.quoted(view, hit.item, hit.passage)) for hit in shown]
    return "\n".join(filter(None, lines)) or NOTHING


def company_information(evidence: Evidence, question: Question) -> str:
    """Hours, address, contacts and services, as far as a question asks for them."""
    view = evidence.view
    lines = []
    if question.wants("hours"):
        lines.append(evidence.part(company.hours_part(view, question)))
    if question.wants("address", "contact", "phone", "email", "links"):
        lines.append(evidence.part(company.contact_part(view, question)))
    if question.wants("company"):
        lines.append(evidence.part(company.about_part(view)))
    if question.wants("booking"):
        lines.append(evidence.part(schedules.schedules_part(view, question)))
    if question.wants("promotions"):
        lines.append(evidence.part(promotions.promotions_part(view)))
    return "\n".join(filter(None, lines))


def opening_hours(evidence: Evidence, when: str) -> str:
    """The hours of certain days, or now."""
    question = understand(f"vocês estão abertos? horário de funcionamento {when}")
    return evidence.part(company.hours_part(evidence.view, question)) or "The company has told no opening hours."


async def before_the_model(evidence: Evidence) -> str:
    """What the customer's own words find: most questions are answered from it without another look-up."""
    view = evidence.view
    lines: list[str] = []
    questions = read_burst(view.input.messages).questions[:4]
    # In one call: what is searched for below is known then.
    await view.read_meaning([each.text for each in questions if each.content or each.topics])
    for question in questions:
        lines.append(company_information(evidence, question))
        if question.content or question.topics:
            lines.append(_or_empty(await search_knowledge(evidence, question.text)))
            lines.append(_or_empty(await search_products(evidence, question.text)))
    spoken_of = [view.knowledge.product(each) for each in view.product_ids[:3]]
    still = [each for each in spoken_of if each is not None and each.id not in evidence.product_ids and each.sale_ok]
    if still:
        lines.append(_or_empty(await show_products(evidence, still)))
    evidence.customer_numbers(message.words for message in view.input.messages)
    _know_ourselves(evidence)
    return "\n".join(dict.fromkeys(line for text in lines for line in text.splitlines() if line))


def _know_ourselves(evidence: Evidence) -> None:
    """The owner's greeting and sign-off may be said as they stand."""
    view = evidence.view
    profile = view.company
    assistant = view.input.tenant.assistant
    texts = [assistant.greeting, assistant.sign_off]
    if profile is not None:
        texts += [profile.greeting, profile.sign_off, profile.name]
    for text in filter(str.strip, texts):
        evidence.know(facts_from_text(text, "company:words", "knowledge", view.now, locale=view.language), "company")


def _or_empty(text: str) -> str:
    return "" if text == NOTHING else text
