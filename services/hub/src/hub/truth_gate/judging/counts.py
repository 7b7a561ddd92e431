"""The judgement on numbers that are neither money nor stock: measures, counts of what is listed, what multiplies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.arithmetic import counted_before, equation, multiplied, sum_of_orders
from hub.truth_gate.judging.goods import count_before, goods_of
from hub.truth_gate.judging.lengths import is_length_of_hours
from hub.truth_gate.judging.orders import orders_spoken_of
from hub.truth_gate.judging.purchases import purchase_objection
from hub.truth_gate.judging.stock_counts import stock_count
from hub.truth_gate.judging.support import equal, first_supporting, in_force
from hub.truth_gate.judging.suppositions import is_budget
from hub.truth_gate.judging.values import judge_value
from hub.truth_gate.language.reading import containing, ends_as_question

_AHEAD: Final = re.compile(r"\b(?:em|daqui a|dentro de|in|within|en|faltam?)\s+(?:ate )?$")
_HAVING: Final = re.compile(r"\b(?:temos|tem|tenemos|hay|have|estoque|stock)\b")
_UNITS: Final = re.compile(r"\b(?:un|unid|unidades?|unidad(?:es)?|units?)\b")
_HOLDS: Final = re.compile(r"\b(?:com|de|with|con|of|leve|leva|levando|compr\w+|para|por)\s+$")
_OF_THINGS: Final = ("V", "W", "cm", "mm", "m", "kg", "inch")
_SUPPOSED: Final = re.compile(
    r"\b(?:se|si|if|caso) [a-z ]{0,30}\b(?:for|seja|fosse|precis\w+|quis\w+|need|needs|tiver|tenha|es|fuera|"
    r"tiene|is|are|has)\b"
)
_THEIRS: Final = re.compile(
    r"\b(?:su[ao]s?|seus?|suas?|tus?|your|voces?|you|usted|precisa\w*|need|quer\w*|quieres?|prefer\w*)\b"
)
_MARKS: Final = (r"(?:\*{0,2}\d{1,2}[.)]|[-•*])", r"\*{0,2}\d{1,2}[.)]", r"-", r"•")
"""How the things of a list begin."""
_OF_THEM: Final = re.compile(r"\b(?:dos|das|os|as|nossos|nossas|of the|de los|de las|los|las|all|all the)\s+$")


def judge_number(case: Case, claim: Claim) -> Judgement:
    """Judge a number by a fact of equal size, by what the customer said, or by what it counts or multiplies."""
    if claim.unit == "unit" and _is_of_an_order(case, claim):
        claim = replace(claim, unit="")
    if named := _without_a_fact(case, claim):
        return named
    if not claim.unit and (_is_stock_in_brackets(case, claim) or _is_stock_of_named(case, claim)):
        return judge_value(case, replace(claim, kind="stock"))
    same = [g for g in equal(case, claim) if bool(g.claim.unit) == bool(claim.unit)]
    same += [g for g in case.knowledge.of_kind("number") if _is_of_customer(claim, g)]
    valid, why = in_force(case, same)
    customer = [g for g in valid if g.source == "customer" and not claim.bound]
    if customer:
        counted = stock_count(case, claim)
        return counted if counted and not counted.passed else Judgement(True, customer[0].subject)
    valid = [g for g in valid if g.source != "customer"]
    if valid:
        return first_supporting(case, claim, valid)
    if not why and claim.value != "0" and (follows := _follows(case, claim)):
        return Judgement(True, follows)
    if is_length_of_hours(case, claim):
        return Judgement(True, "calendar")
    if _is_stock_of_units(case, claim):
        return judge_value(case, replace(claim, kind="stock", unit=""))
    if counted := _day_ahead(case, claim) or stock_count(case, claim):
        return counted
    return refuse(why or f"no fact of this turn says {' '.join((claim.value, claim.unit)).strip()}")


def _follows(case: Case, claim: Claim) -> str:
    """How a number follows from what the reply lists or what it says of prices; empty when it does not."""
    if _counts_something(case, claim):
        return "counted"
    multiplies = claim.unit in ("", "unit", "guest") and _multiplies(case, claim)
    return "computed" if multiplies or _is_bought(case, claim) else ""


def _is_bought(case: Case, claim: Claim) -> bool:
    """Whether it counts goods that a supposed amount buys: "com R$ 100 dá para levar dois pães"."""
    start, end = containing(case.subjects.sentences, claim.start)
    budgets = [c for c in case.claims if c.kind == "price" and start <= c.start < claim.start and is_budget(case, c)]
    named = [m for m in case.subjects.named_in((claim.end, end)) if str(count_before(case, m)) == claim.value]
    return bool(named) and any(not purchase_objection(case, budget) for budget in budgets)


def _without_a_fact(case: Case, claim: Claim) -> Judgement | None:
    """Judge a number of a name that nothing has, or of what is only supposed; None when it needs a fact."""
    within = (m.foreign for m in case.subjects.mentions if m.foreign and m.start < claim.start < m.end)
    if strange := next(within, ""):
        return refuse(f"{strange!r} is nothing that was read in this turn")
    codes = (g for g in case.knowledge.of_kind("sku") if g.subject.startswith("order:") and not claim.unit)
    if order := next((g.subject for g in codes if g.claim.value == claim.value), ""):
        return Judgement(True, order, "the number of the order")
    if _is_asked_of_theirs(case, claim):
        return Judgement(True, None, "only asked")
    return Judgement(True, None, "only supposed") if _is_only_supposed(case, claim) else None


def _is_of_an_order(case: Case, claim: Claim) -> bool:
    """Whether it counts the items of an order: "o pedido S00042, com 2 itens"."""
    return bool(orders_spoken_of(case, claim)) and not case.subjects.named_in(case.subjects.clause(claim.start))


def _is_only_supposed(case: Case, claim: Claim) -> bool:
    """Whether it is of the customer's world: "se a sua casa for 220 V"."""
    return claim.unit in _OF_THINGS and bool(_SUPPOSED.search(case.clause_text(claim)))


def _is_asked_of_theirs(case: Case, claim: Claim) -> bool:
    """Whether a question asks for a number of the customer's world: "na sua casa a tomada é 110 ou 220?"."""
    said = case.sentence_text(claim)
    named = case.subjects.named_in(containing(case.subjects.sentences, claim.start))
    return claim.unit in ("", *_OF_THINGS) and ends_as_question(said) and not named and bool(_THEIRS.search(said))


def _is_stock_of_named(case: Case, claim: Claim) -> bool:
    """The 12 of "aparecem 12 shampoos e 3 camisetas": as many as there are, and nothing that holds them."""
    left = case.reading.folded[max(0, claim.start - 12) : claim.start]
    after = next((m for m in case.subjects.mentions if m.start - claim.end == 1 and not m.foreign), None)
    stocks = {g.claim.value for g in case.knowledge.of_kind("stock") if after and g.subject in after.subjects}
    return stocks == {claim.value} and not _HOLDS.search(left)


def _is_stock_of_units(case: Case, claim: Claim) -> bool:
    """The 12 of "Shampoo: 12 un.": units of the product named before, not what a pack holds."""
    left = case.reading.folded[max(0, claim.start - 15) : claim.start]
    units = claim.unit == "unit" and _UNITS.search(claim.raw.lower())
    return bool(units and not _HOLDS.search(left) and case.subjects.scope_of(claim).certain)


def _is_stock_in_brackets(case: Case, claim: Claim) -> bool:
    """The 12 of "temos shampoo (12) e camiseta (3)"."""
    folded = case.reading.folded
    bracketed = folded[max(0, claim.start - 2) : claim.start].endswith("(") and folded[claim.end : claim.end + 1] == ")"
    beside = any(0 <= claim.start - mention.end <= len(" (") for mention in case.subjects.mentions)
    return bracketed and beside and bool(_HAVING.search(case.sentence_text(claim)))


def _day_ahead(case: Case, claim: Claim) -> Judgement | None:
    """Judge "chega em 3 dias" by a date that was read; None when it is no distance in days."""
    left = case.reading.folded[max(0, claim.start - 15) : claim.start]
    if claim.unit not in ("day", "week") or not _AHEAD.search(left):
        return None
    ahead = timedelta(days=int(claim.number * (7 if claim.unit == "week" else 1)))
    day = replace(claim, kind="date", value=(case.today + ahead).isoformat(), unit="", bound="")
    valid, _ = in_force(case, equal(case, day))
    return first_supporting(case, day, valid) if valid else None


def _is_of_customer(claim: Claim, ground: Ground) -> bool:
    """A number the customer said, which may be repeated with or without "unidades"."""
    units = {claim.unit, ground.claim.unit}
    return ground.source == "customer" and ground.claim.value == claim.value and units <= {"", "unit"}


def _counts_something(case: Case, claim: Claim) -> bool:
    """Whether a number ("encontrei 3 opções") is how many things the reply lists or names."""
    if claim.unit or any(m.start - claim.end == 1 and len(m.subjects) == 1 for m in case.subjects.mentions):
        return False
    lists = (len(re.findall(rf"(?m)^\s*(?:• ?)?{mark}\s", case.reading.folded)) for mark in _MARKS)
    named = len({subject for mention in case.subjects.mentions for subject in mention.subjects})
    orders = {g.subject for g in case.knowledge.grounds if g.subject.startswith("order:")}
    counted = {*map(Decimal, lists), Decimal(named), Decimal(len(orders))}
    if _OF_THEM.search(case.reading.folded[max(0, claim.start - 15) : claim.start]):
        counted.add(Decimal(len(set(case.knowledge.labels.values()))))
    return claim.number in counted - {Decimal(0), Decimal(1)}


def _multiplies(case: Case, claim: Claim) -> bool:
    """The "2" of "2 unidades saem por R$ 59,80", if that price holds."""
    start, end = containing(case.subjects.sentences, claim.start)
    later = [each for each in case.subjects.sentences if each[0] >= end]
    end = later[0][1] if later else end
    prices = [c for c in case.claims if c.kind == "price" and start <= c.start < end]
    single = {g.claim.value for g in case.knowledge.of_kind("price") if not g.from_text}
    several = {price: None if price.value in single else counted_before(case, price) for price in prices}
    counts = {price: (multiplied(case, price), several[price]) for price in prices}
    said = [price for price in prices if claim.number in counts[price] and not sum_of_orders(case, price)]
    counted = [judge_value(case, price) for price in said]
    computed = [price for price in prices if judge_value(case, price).subject == "computed"]
    if any(_is_counted_in(case, claim, price, prices) for price in computed):
        return True
    return any(each.passed and str(each.subject).startswith(("product:", "computed")) for each in counted)


def _is_counted_in(case: Case, claim: Claim, price: Claim, prices: Sequence[Claim]) -> bool:
    """Whether a computed price is one of as many: orders, goods, people, what an equation adds up."""
    if sum_of_orders(case, price):
        orders = {g.subject for g in case.knowledge.of_kind("price") if g.subject.startswith("order:")}
        return claim.number == len(orders)
    goods = goods_of(case, price, containing(case.subjects.sentences, claim.start))
    if not equation(case, price) or not goods or claim.number not in goods.counts:
        of_its_own = goods_of(case, price, containing(case.subjects.sentences, price.start))
        counts = [n for each in (goods, of_its_own) if each for n in (*each.counts, len(each.prices))]
        ones = {g.claim.number for g in case.knowledge.of_kind("price")}
        return claim.number in counts or any(one * claim.number == price.number for one in ones)
    told = {each.number for each in prices}
    lines = [g.claim.number * count for g, count in zip(goods.prices, goods.counts, strict=True) if count > 1]
    return goods.total in told or all(line in told for line in lines)
