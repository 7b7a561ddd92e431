"""Values that follow from facts: quantity times price, sums, equal instalments."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.judging.goods import goods_of
from hub.truth_gate.judging.orders import order_mentions
from hub.truth_gate.language.quantity_words import TAKING
from hub.truth_gate.language.reading import Span, containing, ends_as_question

_TOTAL: Final = re.compile(r"\b(?:total\w*|subtotal|soma\w*|juntos|juntas|together|altogether|en total|tudo)\b")
_ORDERS: Final = re.compile(r"\b(?:pedidos|encomendas|compras|orders|todos)\b")
_ADDING: Final = re.compile(r"\b(?:total\w*|som\w+|sum\w+|junt\w+|add\w*|together|altogether|both|ambos|tudo|todo)\b")
_BOTH: Final = re.compile(r"\b(?:[oa]s dois|as duas|los dos|both|ambos|ambas|the two)\b")
_PAIR_OF: Final = re.compile(
    r"\b(?:par|pair) (?:de|of) (?P<what>[a-z]+)|\b(?:o|um|cada|the|a|el|un) (?:par|pair)\b(?! (?:de|of|que) )"
)
_SOLD_IN_PAIRS: Final = re.compile(
    r"(?:tenis|sapat\w*|meias?|luvas?|botas?|botinas?|sandalias?|chinel\w*|brincos?|alianca\w*|zapat\w*|calcetin\w*|"
    r"guantes?|aretes?|shoes|socks|boots|gloves|sneakers|sandals|earrings)"
)
"""Things of which a pair is one."""
_RELATIVE: Final = re.compile(r"\s*(?:que|which) ")
_CENT: Final = Decimal("0.01")


def multiplied(case: Case, price: Claim) -> Decimal | None:
    """The number of units a price in the same clause is said of ("2 unidades por R$ 59,80")."""
    pair = _PAIR_OF.search(case.clause_text(price))
    if pair and not _SOLD_IN_PAIRS.fullmatch(pair["what"] or "") and not _are_sold_in_pairs(case):
        return Decimal(2)
    start, end = case.subjects.clause(price.start)
    if TAKING.search(case.sentence_text(price)):
        start, end = containing(case.subjects.sentences, price.start)
    elif _TOTAL.search(case.clause_text(price)) or _is_asked_for(case, price):
        start, end = _sentence_before(case, price)[0], end
    if _RELATIVE.match(case.reading.folded, start):
        start = case.subjects.clause(max(containing(case.subjects.sentences, start)[0], start - 1))[0]
    counts = [
        claim
        for claim in case.claims
        if claim.kind == "number"
        and start <= claim.start < end
        and claim.unit in ("", "unit")
        and claim.value.isdigit()
        and not _in_a_name(case, claim)
        and not case.reading.folded[: claim.start].endswith("(")
    ]
    last = max((c.end for c in case.claims if c.kind == "price" and start <= c.start < price.start), default=start)
    nearest = [c for c in counts if last <= c.start < price.start] if TAKING.search(case.sentence_text(price)) else []
    numbers = [claim.number for claim in nearest or counts if claim.number >= 2]
    return numbers[0] if len(numbers) == 1 else None


def _are_sold_in_pairs(case: Case) -> bool:
    """Whether one of the products that were read is a pair itself."""
    return any(_SOLD_IN_PAIRS.search(label) for label in case.knowledge.labels)


def _is_asked_for(case: Case, price: Claim) -> bool:
    """Whether the question before a price asks for a number of things: "quer 2? Ficam em R$ 59,80"."""
    own = containing(case.subjects.sentences, price.start)
    start = _sentence_before(case, price)[0]
    counts = any(c.kind == "number" and start <= c.start < own[0] for c in case.claims)
    return counts and ends_as_question(case.reading.folded[start : own[0]])


def counted_before(case: Case, price: Claim) -> Decimal | None:
    """The one count of the clauses before a price in its sentence: "cinco unidades, como sempre, ficam em ..."."""
    start, _ = containing(case.subjects.sentences, price.start)
    numbers = [
        c for c in case.claims if c.kind in ("number", "stock") and start <= c.start < price.start and c.value.isdigit()
    ]
    prices = [c for c in case.claims if c.kind == "price" and start <= c.start < price.start]
    counts = [c for c in numbers if c.unit in ("", "unit") and not c.flag and not _in_a_name(case, c)]
    return counts[0].number if len(counts) == 1 and not prices else None


def _sentence_before(case: Case, claim: Claim) -> Span:
    """From the sentence before a value on: "dá para levar 10. O total seria ..."."""
    own = containing(case.subjects.sentences, claim.start)
    earlier = [each for each in case.subjects.sentences if each[0] < own[0]]
    return (earlier[-1][0] if earlier else own[0], own[1])


def _in_a_name(case: Case, claim: Claim) -> bool:
    return any(m.start <= claim.start and claim.end <= m.end for m in case.subjects.mentions)


def equation(case: Case, result: Claim) -> bool | None:
    """Whether what stands after "=" is the sum before it ("A + B = C"); None when it is no such result."""
    start, _ = case.subjects.line(result.start)
    prices = [c for c in case.claims if c.kind == "price" and start <= c.start <= result.start]
    between = [case.reading.folded[a.end : b.start] for a, b in pairwise(prices)]
    if len(prices) <= 2 or "=" not in between[-1] or not all("+" in each for each in between[:-1]):
        return None
    return _one_currency(prices[:-1], result) and sum(each.number for each in prices[:-1]) == result.number


def is_operand(case: Case, claim: Claim) -> bool:
    """Whether a price is one of those a right equation of its line adds up."""
    start, end = case.subjects.line(claim.start)
    prices = [c for c in case.claims if c.kind == "price" and start <= c.start < end]
    return claim in prices[:-1] and equation(case, prices[-1]) is True


def sum_of_orders(case: Case, total: Claim) -> bool:
    """Whether a total is that of all orders that were read."""
    totals = {g.subject: g.claim for g in case.knowledge.of_kind("price") if g.subject.startswith("order:")}
    named = {m.subject for m in order_mentions(case, containing(case.subjects.sentences, total.start))}
    if len(named) > 1 and _ADDING.search(case.sentence_text(total)):
        totals = {subject: price for subject, price in totals.items() if subject in named}
    elif not _ORDERS.search(case.sentence_text(total)) and not _are_all_read(case, total):
        return False
    if len(totals) < 2 or (named and named != totals.keys()):
        return False
    return _one_currency(list(totals.values()), total) and sum(each.number for each in totals.values()) == total.number


def _are_all_read(case: Case, total: Claim) -> bool:
    """Whether "os dois somam" is of the orders: nothing else with a price was read."""
    goods = any(g.about_product for g in case.knowledge.of_kind("price"))
    return not goods and bool(_BOTH.search(case.sentence_text(total)) and _ADDING.search(case.sentence_text(total)))


def summed(case: Case, total: Claim) -> bool | None:
    """Whether a total is the sum of the prices above it; None when it is no total."""
    if not _TOTAL.search(_words_before(case, total)) and not _TOTAL.search(case.clause_text(total)):
        return None
    before = [c for c in case.claims if c.kind == "price" and c.start < total.start and not c.each]
    each = [c for c in case.claims if c.kind == "price" and c.start < total.start]
    for parts in (before, each):
        if len(parts) >= 2 and sum(c.number for c in parts) == total.number and _one_currency(parts, total):
            return True
    return None if len(each) < 2 else False


def sum_of_named(case: Case, total: Claim) -> bool:
    """Whether a total is what one each of the products named in its sentence cost together."""
    if not _TOTAL.search(case.sentence_text(total)):
        return False
    mentions = case.subjects.named_in(containing(case.subjects.sentences, total.start))
    named = {subject for m in mentions for subject in m.subjects}
    goods = goods_of(case, total, containing(case.subjects.sentences, total.start))
    if goods and goods.position < 0:
        return len(goods.prices) > 1 and goods.total == total.number and _one_currency([goods.prices[0].claim], total)
    prices = {
        g.subject: g.claim
        for g in case.knowledge.of_kind("price")
        if g.about_product and not g.from_text and g.subject in named
    }
    if len(named) < 2 or prices.keys() != named or not _one_currency(list(prices.values()), total):
        return False
    return sum(each.number for each in prices.values()) == total.number


def _words_before(case: Case, total: Claim) -> str:
    """The line up to a price, from the price before it on."""
    start = case.subjects.line(total.start)[0]
    previous = max((c.end for c in case.claims if c.kind == "price" and start < c.end <= total.start), default=start)
    return case.reading.folded[previous : total.start]


def _one_currency(parts: list[Claim], total: Claim) -> bool:
    return all({part.currency, total.currency} - {""} <= {total.currency or part.currency} for part in parts)


def instalment_amount_fits(price: Decimal, plan: Claim) -> bool:
    """Whether n equal instalments of this amount make up the price, to the cent."""
    if plan.number <= 0:
        return False
    exact = price / plan.number
    return Decimal(plan.amount) in {exact.quantize(_CENT, ROUND_HALF_UP), exact.quantize(_CENT, ROUND_CEILING)}


def rounded(amount: Decimal) -> set[Decimal]:
    """What an amount may be told as, to the cent."""
    return {amount.quantize(_CENT, ROUND_HALF_UP), amount.quantize(_CENT, ROUND_DOWN)}
