"""What one thing costs more, or less, than another: products, orders, fees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.goods import Goods
from hub.truth_gate.judging.orders import order_mentions
from hub.truth_gate.judging.support import currency_objection, in_force
from hub.truth_gate.language.quantity_words import THAN
from hub.truth_gate.language.reading import Span, stems

_CHEAP: Final = r"(?:barat[oa]s?|em conta|economic[oa]s?)"
_MORE: Final = re.compile(rf"\b(?:mais|mas|more|dearer|menos {_CHEAP}|less cheap)\b")
_LESS: Final = re.compile(rf"\b(?:(?:mais|mas) {_CHEAP}|menos(?! {_CHEAP})|less(?! cheap)|cheaper)\b")
_APART: Final = re.compile(r"\b(?:diferenca|diferencia|difference)\b")
_AND: Final = re.compile(r"\s(?:e|y|and|para)\s")
_SUM: Final = re.compile(r"\b(?:soma|sum|suma)\b")
_FEE: Final = re.compile(r"\b(?:frete|envio|entrega|taxa|tele-?entrega|shipping|delivery|flete)\b")
_JUST_BEFORE: Final = 150
_TWO: Final = 2


def is_difference(case: Case, claim: Claim, sentence: Span, goods: Goods | None) -> bool:
    """Whether an amount is what one costs more than the other: "A costs 10 more than B", "the difference is 10"."""
    said = case.reading.folded[slice(*sentence)]
    if _SUM.search(said) or not (_APART.search(said) or _LESS.search(said) or _MORE.search(said)):
        return False
    pairs = _compared(case, claim, sentence, goods) or _fees(case, claim, sentence)
    return bool(pairs) and all(_is_apart(claim.number, said, first, second) for first, second in pairs)


def is_difference_of_told(case: Case, claim: Claim) -> bool:
    """Whether it is said to be the difference of the two prices told before it, which are judged by themselves."""
    said = case.clause_text(claim)
    if not _APART.search(said) or _FEE.search(said):
        return False
    told = [c for c in case.claims if c.kind == "price" and claim.start - _JUST_BEFORE < c.start < claim.start]
    alike = [c for c in told[-2:] if not c.bound and c.currency == claim.currency]
    return len(alike) == _TWO and abs(alike[0].number - alike[1].number) == claim.number


def _is_apart(amount: Decimal, said: str, first: Decimal, second: Decimal) -> bool:
    if _APART.search(said):
        return amount == abs(first - second)
    return amount == (second - first if _LESS.search(said) else first - second)


def _compared(case: Case, claim: Claim, sentence: Span, goods: Goods | None) -> list[tuple[Decimal, Decimal]]:
    """What the two products, or the two orders, cost that a sentence names."""
    orders = list(dict.fromkeys(mention.subject for mention in order_mentions(case, sentence)))
    live = {g.subject: g for g in case.knowledge.of_kind("price") if not g.from_text}
    prices = [live[each] for each in orders if each in live]
    if goods and not orders and not goods.counted:
        prices = list(goods.prices)
    if len(prices) != _TWO or any(currency_objection(claim, each) for each in prices):
        return []
    return [(prices[0].claim.number, prices[1].claim.number)]


def _fees(case: Case, claim: Claim, sentence: Span) -> list[tuple[Decimal, Decimal]]:
    """What the two fees cost that a sentence compares, each known by the words of its side."""
    folded = case.reading.folded
    than = THAN.search(folded, claim.end, sentence[1])
    apart = _APART.search(folded, *sentence)
    middle = than or (apart and _AND.search(folded, apart.end(), claim.start))
    if not middle:
        return []
    first = (sentence[0], claim.start if than else middle.start())
    second = (middle.end(), sentence[1] if than else claim.start)
    priced = any(currency_objection(claim, g) for g in case.knowledge.of_kind("price"))
    return [] if priced else compared_fees(case, first, second)


def compared_fees(case: Case, first: Span, second: Span) -> list[tuple[Decimal, Decimal]]:
    """What the fees cost that the two sides of a comparison speak of; none where a side speaks of no fee."""
    known, _ = in_force(case, [g for g in case.knowledge.of_kind("price") if g.from_text and not g.claim.bound])
    known = [g for g in known if not g.about_product]
    found = [_told_on(case, side, known) for side in (first, second)]
    return [(a.claim.number, b.claim.number) for a in found[0] for b in found[1] if a is not b]


def _told_on(case: Case, side: Span, known: Sequence[Ground]) -> list[Ground]:
    """The fees that the words of one side of a comparison know best, or that it names by their amount."""
    told = {c.value for c in case.claims if c.kind == "price" and side[0] <= c.start < side[1]}
    if named := [g for g in known if g.claim.value in told]:
        return named
    said = stems(case.reading.folded[slice(*side)])
    shared = {id(g): len(said & g.context) - len(said & (g.later_rivals | g.earlier_rivals)) for g in known}
    most = max(shared.values(), default=0)
    return [g for g in known if most > 0 and shared[id(g)] == most]
