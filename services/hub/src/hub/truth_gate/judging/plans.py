"""The judgement on instalment plans and bundles: said so by a text, or following from a price that was read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.arithmetic import instalment_amount_fits, sum_of_orders
from hub.truth_gate.judging.derived import derived
from hub.truth_gate.judging.goods import goods_of
from hub.truth_gate.judging.instalments import allows, flag_fits, least_objection, most_for, same_end
from hub.truth_gate.judging.support import currency_objection, first_supporting, in_force
from hub.truth_gate.judging.suppositions import amounts_before
from hub.truth_gate.judging.topics import topic_objection
from hub.truth_gate.judging.ways import ways_objection
from hub.truth_gate.judging.wording import days_objection
from hub.truth_gate.language.price_terms import unit_after
from hub.truth_gate.language.reading import containing

_JOINED: Final = re.compile(r"(?:\b(?:e|y|and|mais|mas|plus)|\+) $")
_BESIDE: Final = re.compile(r"[(:=] ?$")
_ONE: Final = ("", "each", "person")
_NEAR: Final = 150
_ALL_OF_THEM: Final = re.compile(r"\b(?:os|as|los|las|the|both) $")


def judge_composite(case: Case, claim: Claim) -> Judgement:
    """Instalment plans and bundles: said so by a text, or following from a price that was read."""
    texts = [g for g in case.knowledge.of_kind(claim.kind) if not currency_objection(claim, g)]
    ends = [g for g in texts if g.claim.place == claim.place]
    if claim.place and ends and all(g.claim.value != claim.value for g in ends):
        return refuse(f"{ends[0].subject} says a range that {'begins' if claim.place == 'first' else 'ends'} elsewhere")
    same, why = in_force(
        case,
        [g for g in texts if _says(claim, g) and flag_fits(claim, g)],
    )
    judged = first_supporting(case, claim, same) if same else refuse(why)
    if judged.passed and claim.kind == "instalments" and not claim.amount:
        return _judge_number_of_instalments(case, claim, same)
    if judged.passed or why:
        return judged
    return _judge_bundle(case, claim) if claim.kind == "bundle" else _judge_plan(case, claim, texts)


def _says(claim: Claim, ground: Ground) -> bool:
    return same_end(claim, ground) and (ground.claim.value, ground.claim.amount) == (claim.value, claim.amount)


def _judge_bundle(case: Case, claim: Claim) -> Judgement:
    if sum_of_orders(case, replace(claim, kind="price", value=claim.amount, amount="")):
        return Judgement(True, "computed")
    before = [each for each in _told_near(case, claim) if each.kind == "price"][-int(claim.number) :]
    article = _ALL_OF_THEM.search(case.reading.folded, max(0, claim.start - 12), claim.start)
    if article and len(before) == claim.number and before[0].currency == claim.currency:
        fits = sum(each.number for each in before) == Decimal(claim.amount)
        return Judgement(True, "computed") if fits else refuse("it is not the sum of what stands before it")
    if (total := _total_so_far(case, claim)) is not None and total != Decimal(claim.amount):
        return refuse(f"all of that costs {total}")
    scope = case.subjects.scope_of(claim)
    if scope.foreign:
        return refuse(f"{scope.foreign!r} is nothing that was read in this turn")
    live = [g for g in case.knowledge.of_kind("price") if g.about_product and not g.from_text]
    subjects = scope.subjects or frozenset(g.subject for g in live)
    as_price = replace(claim, kind="price", value=claim.amount, amount="")
    for subject in sorted(subjects):
        known = [g for g in live if g.subject == subject and not currency_objection(claim, g)]
        if not any(Decimal(g.claim.value) * claim.number == Decimal(claim.amount) for g in known):
            reason = f"{claim.value} for {claim.amount} does not follow from the price of {subject}"
            return derived(case, as_price) or refuse(reason)
    if subjects:
        return Judgement(True, sorted(subjects)[0])
    return derived(case, as_price) or refuse("no price of this turn it could follow from")


def _total_so_far(case: Case, bundle: Claim) -> Decimal | None:
    """What the goods of a bundle cost with those named right before: "uma mangueira e duas furadeiras saem por ..."."""
    start, _ = containing(case.subjects.sentences, bundle.start)
    priced = any(c.kind in ("price", "bundle") and start <= c.start < bundle.start for c in case.claims)
    joined = _JOINED.search(case.reading.folded, start, bundle.start)
    goods = goods_of(case, bundle, (start, bundle.end)) if joined and not priced else None
    named = case.subjects.named_in((start, bundle.start))
    return goods.total if goods and named and len(goods.prices) > 1 else None


def _is_equation(case: Case, claim: Claim) -> bool:
    """Whether "(3 x R$ 45,00)" reckons a total that stands before it: as many are told, and one costs as much."""
    sentence = containing(case.subjects.sentences, claim.start)
    earlier = [each for each in case.subjects.sentences if each[0] < sentence[0]]
    start = earlier[-1][0] if earlier else sentence[0]
    told = [c for c in case.claims if start <= c.start < claim.start]
    counted = any(c.kind in ("number", "stock") and c.value == claim.value for c in told)
    total = Decimal(claim.amount or 0) * claim.number
    prices = [g for g in case.knowledge.of_kind("price") if not g.claim.bound and not currency_objection(claim, g)]
    one = any(g.claim.value == claim.amount for g in prices) and unit_after(case.reading.folded, claim.end)[0] in _ONE
    beside = _BESIDE.search(case.reading.folded, sentence[0], claim.start)
    return bool(counted and one and beside) and any(c.kind == "price" and c.number == total for c in told)


def _judge_plan(case: Case, claim: Claim, texts: Sequence[Ground]) -> Judgement:
    if _is_equation(case, claim):
        return Judgement(True, "computed")
    amounts = amounts_before(case, claim)
    said = replace(claim, bound="") if amounts and claim.bound == "under" else claim
    allowed, why = in_force(case, [g for g in texts if allows(case, said, g)])
    objections = [
        topic_objection(case, claim, g) or days_objection(case, claim, g) or ways_objection(case, claim, g)
        for g in allowed
    ]
    if objections and "" not in objections:
        return refuse(objections[0])
    if not allowed:
        return refuse(why or f"no rule allows {claim.value} instalments" + (" without interest" if claim.flag else ""))
    if not claim.amount:
        return _judge_number_of_instalments(case, claim, allowed)
    if objection := least_objection(case, claim, allowed):
        return refuse(objection)
    scope = case.subjects.scope_of(claim)
    live = [g for g in case.knowledge.of_kind("price") if g.about_product and not g.from_text]
    subjects = scope.subjects or frozenset(g.subject for g in live)
    known = [g for g in live if g.subject in subjects]
    fits = {
        g.subject for g in known if instalment_amount_fits(g.claim.number, claim) and not currency_objection(claim, g)
    }
    free = [g for g in allowed if g.claim.flag == "interest_free"]
    if free and fits and fits == set(subjects) and not scope.foreign:
        return Judgement(True, known[0].subject)
    goods = goods_of(case, claim, containing(case.subjects.sentences, claim.start))
    if (
        free
        and goods
        and goods.counted
        and goods.currency == claim.currency
        and instalment_amount_fits(goods.total, claim)
    ):
        return Judgement(True, "computed")
    if free and any(instalment_amount_fits(price, claim) for price in _told_before(case, claim)):
        return Judgement(True, "computed")
    return refuse(f"{claim.value} times {claim.amount} does not follow from a price that was read")


def _judge_number_of_instalments(case: Case, claim: Claim, allowed: Sequence[Ground]) -> Judgement:
    """Judge a plan that names no amount: not so many that one falls below the least."""
    for amount in amounts_before(case, claim):
        most = most_for(case, amount, allowed)
        if claim.number > most or (claim.bound == "under" and claim.number < most):
            return refuse(f"{allowed[0].subject} allows {most} instalments for {amount}, not {claim.value}")
    if claim.bound == "under":
        return Judgement(True, allowed[0].subject)
    named = case.subjects.named_in(case.subjects.clause(claim.start))
    subjects = {subject for mention in named for subject in mention.subjects}
    for ground in case.knowledge.of_kind("price"):
        if ground.subject in subjects and not ground.from_text and claim.number > 0:
            one = replace(claim, amount=str(ground.claim.number / claim.number))
            if objection := least_objection(case, one, allowed):
                return refuse(objection)
    return Judgement(True, allowed[0].subject)


def _told_near(case: Case, claim: Claim) -> list[Claim]:
    """The claims a little before one."""
    return [c for c in case.claims if claim.start - _NEAR <= c.start < claim.start]


def _told_before(case: Case, claim: Claim) -> list[Decimal]:
    """The prices its sentence gives before a plan, which are judged by themselves."""
    start, _ = containing(case.subjects.sentences, claim.start)
    prices = [c for c in case.claims if c.kind == "price" and not c.bound and start <= c.start < claim.start]
    bundles = [c for c in case.claims if c.kind == "bundle" and start <= c.start < claim.start]
    told = [(c.number, c.currency) for c in prices] + [(Decimal(c.amount), c.currency) for c in bundles]
    return [amount for amount, currency in told if currency == claim.currency]
