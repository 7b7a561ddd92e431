"""Promotions: only those in force today, in the owner's words."""

from __future__ import annotations

from collections.abc import Sequence

from common.facts import Source
from common.knowledge import Product, Promotion
from hub.responder import facts, formats
from hub.responder.parts import Part, Turn

_LISTED = 5


def promotions_part(turn: Turn) -> Part:
    """All promotions in force."""
    found = turn.knowledge.promotions(turn.today)[:_LISTED]
    if not found:
        return Part(turn.texts.say("promotions_none"), "promotions")
    return _told(turn, [turn.texts.say("promotions_intro")], found)


def promotions_of_part(turn: Turn, products: Sequence[Product]) -> Part:
    """Promotions in force of certain products."""
    found = {
        promotion.id: promotion for each in products for promotion in turn.knowledge.promotions_of(each, turn.today)
    }
    if not found:
        return Part(turn.texts.say("promotions_none_for"), "promotions", product_ids=tuple(p.id for p in products))
    return _told(turn, [], list(found.values()))


def promotion_part(turn: Turn, promotion: Promotion) -> Part:
    """One promotion."""
    return _told(turn, [], [promotion])


def _told(turn: Turn, intro: list[str], promotions: Sequence[Promotion]) -> Part:
    known = tuple(fact for each in promotions for fact in facts.promotion_facts(each, turn.now, turn.language))
    return Part(
        "\n\n".join([*intro, *(promotion_text(turn, each) for each in promotions)]),
        "promotions",
        facts=known,
        sources=tuple(Source(kind="promotion", id=each.id, title=each.title) for each in promotions),
        product_ids=tuple(promotions[0].product_ids) if len(promotions) == 1 else (),
    )


def promotion_text(turn: Turn, promotion: Promotion) -> str:
    """The owner's words, the coupon and the last day."""
    lines = [turn.texts.say("promotion", title=promotion.title, text=promotion.text)]
    if promotion.coupon and promotion.coupon.lower() not in promotion.text.lower():
        lines.append(turn.texts.say("coupon", coupon=promotion.coupon))
    if promotion.valid_until:
        lines.append(turn.texts.say("promotion_until", date=formats.full_date(promotion.valid_until, turn.language)))
    return "\n".join(lines)
