"""The judgement on one claim: which fact it stands on, or why it may not be said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from hub.truth_gate.arithmetic import multiplied
from hub.truth_gate.case import Case, Judgement, refuse
from hub.truth_gate.claims import Claim
from hub.truth_gate.grounds import Ground, context_of
from hub.truth_gate.offers import offer_objection, offers
from hub.truth_gate.opening import hours_objection, openness_objection, weekday_of
from hub.truth_gate.orders import state_follows
from hub.truth_gate.plans import judge_composite
from hub.truth_gate.reading import Span, containing
from hub.truth_gate.support import equal, first_supporting, in_force
from hub.truth_gate.values import judge_value

_PRODUCT_KINDS: Final = ("price", "stock")


def judge(case: Case, claim: Claim) -> Judgement:
    """Judge one claim that is no verbatim quotation."""
    if claim.kind in _PRODUCT_KINDS:
        return judge_value(case, claim)
    if claim.kind in ("instalments", "bundle"):
        return judge_composite(case, claim)
    if claim.kind == "weekday":
        return _judge_weekday(case, claim)
    if claim.kind == "time":
        return _judge_time(case, claim)
    if claim.kind == "number":
        return _judge_number(case, claim)
    if claim.kind == "free":
        return _judge_free(case, claim)
    if claim.kind in ("promise", "trait"):
        return _judge_promise(case, claim)
    if claim.kind == "open":
        return _judge_openness(case, claim)
    if claim.kind == "order_state":
        return _judge_order_state(case, claim)
    return _judge_plain(case, claim)


def _judge_free(case: Case, claim: Claim) -> Judgement:
    """Judge a gift: said so by a text about the same thing under the same condition, or a price of zero."""
    said, why = in_force(case, [g for g in case.knowledge.of_kind("free") if _condition_is_told(case, claim, g)])
    if not said and not why and case.knowledge.of_kind("free"):
        why = "leaves out, or changes, the condition under which it is free"
    zero = [g for g in case.knowledge.of_kind("price") if g.claim.value == "0"]
    if said:
        return first_supporting(case, claim, said)
    return Judgement(True, zero[0].subject) if zero else refuse(why or "no fact of this turn says that it is free")


def _condition_is_told(case: Case, claim: Claim, ground: Ground) -> bool:
    """Whether the purchase from which on something is free is told with it ("em compras a partir de R$ 199,00")."""
    start, end = containing(case.subjects.sentences, claim.start)
    told = {c.value for c in case.claims if c.kind == "price" and c.bound == "over" and start <= c.start < end}
    return told == ({ground.condition} if ground.condition else set()) or (not ground.from_text and not told)


def _judge_promise(case: Case, claim: Claim) -> Judgement:
    """Judge a guarantee, a gift, a booking, a trait: a text of this turn has to say so of the same thing."""
    known = offers(case) if claim.value == "on offer" else equal(case, claim)
    said, why = in_force(case, known)
    if said:
        return first_supporting(case, claim, said)
    return refuse(why or f"nothing that was read says so ({claim.value})")


def _judge_openness(case: Case, claim: Claim) -> Judgement:
    objection = openness_objection(case, claim)
    if not objection:
        return Judgement(True, case.knowledge.of_kind("time")[0].subject)
    said, _ = in_force(case, equal(case, claim))
    return first_supporting(case, claim, said) if said else refuse(objection)


def _judge_order_state(case: Case, claim: Claim) -> Judgement:
    known = [g for g in case.knowledge.of_kind("order_state") if state_follows(claim, g)]
    return first_supporting(case, claim, known) if known else refuse(f"no order that was read is {claim.value}")


def _judge_plain(case: Case, claim: Claim) -> Judgement:
    """Percentages, dates, links, codes, phones, e-mails."""
    valid, why = in_force(case, equal(case, claim))
    if not valid:
        return refuse(why or f"no fact of this turn says {claim.kind} {claim.value}")
    if claim.kind == "sku":
        return _judge_code(case, claim, valid)
    if claim.kind in ("link", "phone", "email"):
        return Judgement(True, valid[0].subject)
    return first_supporting(case, claim, valid)


def _judge_code(case: Case, claim: Claim, known: Sequence[Ground]) -> Judgement:
    """Judge a code: of the product that is named beside it, if one is."""
    start, end = containing(case.subjects.sentences, claim.start)
    beside = {m.subject for m in case.subjects.mentions if m.span != claim.span and start <= m.start < end}
    fitting = [g for g in known if not g.about_product or not beside or g.subject in beside]
    if not fitting:
        return refuse(f"{claim.raw} is the code of {known[0].subject}")
    objections = [offer_objection(case, claim, g) for g in fitting]
    return Judgement(True, fitting[0].subject) if "" in objections else refuse(objections[0])


def _judge_number(case: Case, claim: Claim) -> Judgement:
    same = [g for g in equal(case, claim) if g.claim.unit == claim.unit]
    same += [g for g in case.knowledge.of_kind("number") if _is_of_customer(claim, g)]
    valid, why = in_force(case, same)
    customer = [g for g in valid if g.source == "customer"]
    if customer:
        return Judgement(True, customer[0].subject)
    if valid:
        return first_supporting(case, claim, valid)
    if not why and _counts_something(case, claim):
        return Judgement(True, "counted")
    if not why and claim.unit in ("", "unit") and _multiplies(case, claim):
        return Judgement(True, "computed")
    return refuse(why or f"no fact of this turn says {' '.join((claim.value, claim.unit)).strip()}")


def _is_of_customer(claim: Claim, ground: Ground) -> bool:
    """A number the customer said, which may be repeated with or without "unidades"."""
    units = {claim.unit, ground.claim.unit}
    return ground.source == "customer" and ground.claim.value == claim.value and units <= {"", "unit"}


def _counts_something(case: Case, claim: Claim) -> bool:
    """Whether a number ("encontrei 3 opções") is how many things the reply lists or names."""
    if claim.unit:
        return False
    items = len(re.findall(r"(?m)^\s*(?:\*{0,2}\d{1,2}[.)]|[-•*])\s", case.reading.folded))
    named = len({mention.subject for mention in case.subjects.mentions})
    return claim.number in {Decimal(items), Decimal(named)} - {Decimal(0), Decimal(1)}


def _multiplies(case: Case, claim: Claim) -> bool:
    """The "2" of "2 unidades saem por R$ 59,80", if that price holds."""
    start, end = containing(case.subjects.sentences, claim.start)
    prices = [c for c in case.claims if c.kind == "price" and start <= c.start < end]
    return any(multiplied(case, price) == claim.number and judge_value(case, price).passed for price in prices)


def _judge_weekday(case: Case, claim: Claim) -> Judgement:
    sentence = containing(case.subjects.sentences, claim.start)
    beside = [c for c in case.claims if c.kind == "date" and _adjacent(claim.span, c.span, case.reading.folded)]
    if beside and beside[0].flag != "partial":
        fits = date.fromisoformat(beside[0].value).weekday() == int(claim.value)
        return Judgement(True, "calendar") if fits else refuse(f"{beside[0].value} is another day of the week")
    grounds = [g for g in case.knowledge.of_kind("weekday") if g.claim.value == claim.value]
    grounds += [g for g in case.knowledge.grounds if g.day == claim.value]
    grounds += [g for g in case.knowledge.of_kind("date") if weekday_of(g.claim.value) == claim.value]
    valid, why = in_force(case, grounds)
    typed = [g for g in valid if not g.from_text]
    if typed:
        return Judgement(True, typed[0].subject)
    closed = [c for c in case.claims if c.kind == "open" and sentence[0] <= c.start < sentence[1]]
    if closed and not openness_objection(case, closed[0]):
        return Judgement(True, "calendar")
    context = context_of(case.reading, claim, case.claims, sentence)
    shared = [g for g in valid if not g.context or g.context & context or not context]
    return Judgement(True, shared[0].subject) if shared else refuse(why or "no fact of this turn is about this weekday")


def _adjacent(first: Span, second: Span, text: str) -> bool:
    between = text[min(first[1], second[1]) : max(first[0], second[0])]
    return bool(re.fullmatch(r"\s*[,(]?\s*(?:dia|the|el|o)?\s*", between))


def _judge_time(case: Case, claim: Claim) -> Judgement:
    known, why = in_force(case, case.knowledge.of_kind("time"))
    hours = [g for g in known if g.day]
    objection = hours_objection(case, claim, hours)
    if not objection:
        return Judgement(True, hours[0].subject)
    rest = [g for g in known if not g.day and g.claim.value == claim.value]
    if rest:
        return _time_in_text(case, claim, rest)
    return refuse(why or (objection if hours else f"no fact of this turn says {claim.value}"))


def _time_in_text(case: Case, claim: Claim, grounds: Sequence[Ground]) -> Judgement:
    fitting = [g for g in grounds if claim.flag in ("", g.claim.flag) or not g.from_text]
    if not fitting:
        return refuse(f"opening and closing time of {grounds[0].subject} are swapped")
    return first_supporting(case, claim, fitting)
