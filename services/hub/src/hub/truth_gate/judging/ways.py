"""Whether a value is told of the ways of paying it was read of: a plan of the card is none of the boleto."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.grounds.ways import ways_of
from hub.truth_gate.judging.arithmetic import rounded
from hub.truth_gate.judging.goods import goods_of
from hub.truth_gate.language.payment import holds, ways_in
from hub.truth_gate.language.reading import Span, containing

_IN_PARTS: Final = frozenset(("card", "credit card"))
"""Who pays in parts pays by card, where nothing else is said."""


def told_ways(case: Case, claim: Claim) -> frozenset[str]:
    """The ways of paying a value of the reply is told of."""
    return ways_of(case.reading, claim, case.claims, containing(case.subjects.sentences, claim.start))


def ways_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a value is not told of the ways of paying that its text tells it of; empty when it is."""
    if claim.kind == "percent" and (left_out := _left_out(case, ground)):
        return left_out
    read = ground.ways or (_IN_PARTS if claim.kind == "instalments" else frozenset())
    told = told_ways(case, claim) if read and claim.kind in ("percent", "instalments", "price", "free") else frozenset()
    if not told or holds(read, told):
        return ""
    return f"{ground.subject} says {ground.claim.value} of {', '.join(sorted(read))}, not of {min(told - read)}"


def _left_out(case: Case, ground: Ground) -> str:
    """The way of paying without which nobody gets a discount, when the reply names none."""
    folded = case.reading.folded
    named = not ground.ways or ways_in(case.reading.text, folded, (0, len(folded)))
    return "" if named else f"{ground.subject} gives it only for {', '.join(sorted(ground.ways))}"


def dearer_than_told(case: Case, claim: Claim) -> str:
    """Why a full price is not what is paid with a way of paying that has a discount; empty when it may be."""
    start, end = containing(case.subjects.sentences, claim.start)
    told = told_ways(case, claim) if claim.kind == "price" and not claim.bound else frozenset()
    less = any(c.kind == "percent" and start <= c.start < end for c in case.claims)
    if not told or less or not _is_full(case, claim, (start, end)):
        return ""
    known = (g for g in case.knowledge.of_kind("percent") if g.from_text and g.subject not in case.knowledge.expired)
    beside = {c.number for c in case.claims if c.kind == "price" and start <= c.start < end}
    given = [g for g in known if g.ways and told <= g.ways and not beside & rounded(_less(claim.number, g))]
    return f"{given[0].subject} gives a discount of {given[0].claim.value}% with that" if given else ""


def _less(amount: Decimal, ground: Ground) -> Decimal:
    return amount * (100 - ground.claim.number) / 100


def _is_full(case: Case, claim: Claim, sentence: Span) -> bool:
    """Whether a price is that of a product, or of all goods of its sentence, with nothing taken off."""
    goods = goods_of(case, claim, sentence)
    own = any(g.claim.value == claim.value and g.about_product for g in case.knowledge.of_kind("price"))
    told = sum(c.number for c in case.claims if c.kind == "price" and c.start < claim.start)
    return own or told == claim.number or bool(goods and goods.total == claim.number)
