"""The judgement on one claim: which fact it stands on, or why it may not be said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from hub.truth_gate.arithmetic import instalment_amount_fits, multiplied, summed
from hub.truth_gate.claims import Claim
from hub.truth_gate.grounds import Ground, Knowledge, context_of
from hub.truth_gate.opening import hours_objection, weekday_of
from hub.truth_gate.reading import Reading, Span, containing
from hub.truth_gate.scope import Scope, Subjects
from hub.truth_gate.vocabulary import DOLLAR_SIGN, PESOS

_OFFER: Final = re.compile(
    r"\b(?:promo\w*|ofert\w*|descont\w*|descuent\w*|discount\w*|offer\w*|cupom|cupon|coupon|deal)\b"
)
_PRODUCT_KINDS: Final = ("price", "stock")
_HOLDS_BETWEEN: Final = ("price", "stock", "number")


@dataclass(frozen=True)
class Judgement:
    """Passed with the subject of the fact, or refused with a reason."""

    passed: bool
    subject: str | None = None
    why: str = ""


def refuse(why: str) -> Judgement:
    """A refusal."""
    return Judgement(False, None, why)


@dataclass(frozen=True)
class Case:
    """A reply before the judge."""

    reading: Reading
    claims: tuple[Claim, ...]
    knowledge: Knowledge
    subjects: Subjects
    now: datetime
    """In the company's zone."""

    @property
    def today(self) -> date:
        """The day it is for the company."""
        return self.now.date()

    def clause_text(self, claim: Claim) -> str:
        """The folded clause a claim stands in."""
        start, end = self.subjects.clause(claim.start)
        return self.reading.folded[start:end]

    def sentence_text(self, claim: Claim) -> str:
        """The folded sentence a claim stands in."""
        start, end = containing(self.subjects.sentences, claim.start)
        return self.reading.folded[start:end]

    def context(self, claim: Claim) -> frozenset[str]:
        """The words around a claim; those of the sentence before when its own says nothing."""
        sentence = containing(self.subjects.sentences, claim.start)
        found = context_of(self.reading, claim, self.claims, sentence)
        earlier = [each for each in self.subjects.sentences if each[0] < sentence[0]]
        return found or (context_of(self.reading, claim, self.claims, earlier[-1]) if earlier else frozenset())


def judge(case: Case, claim: Claim) -> Judgement:
    """Judge one claim that is no verbatim quotation."""
    if claim.kind in _PRODUCT_KINDS:
        return _judge_value(case, claim)
    if claim.kind in ("instalments", "bundle"):
        return _judge_composite(case, claim)
    if claim.kind == "weekday":
        return _judge_weekday(case, claim)
    if claim.kind == "time":
        return _judge_time(case, claim)
    if claim.kind == "number":
        return _judge_number(case, claim)
    return _judge_plain(case, claim)


def _equal(case: Case, claim: Claim) -> list[Ground]:
    return [
        ground
        for ground in case.knowledge.of_kind(claim.kind)
        if _same_value(claim, ground.claim) and claim.unit in ("", ground.claim.unit, "cents")
    ]


def _same_value(claim: Claim, known: Claim) -> bool:
    if claim.kind == "phone":
        short, long = sorted((claim.value, known.value), key=len)
        return short == long or (len(short) >= 8 and long.endswith(short))
    if claim.kind == "date" and claim.flag == "partial":
        return known.value.endswith(claim.value[1:])
    if claim.kind == "link" and claim.value.startswith("@"):
        return known.value.rpartition("/")[2] == claim.value[1:] or known.value == claim.value
    return claim.value == known.value


def _in_force(case: Case, grounds: Sequence[Ground]) -> tuple[list[Ground], str]:
    valid = [ground for ground in grounds if ground.subject not in case.knowledge.expired]
    if valid or not grounds:
        return valid, ""
    return [], f"{grounds[0].subject} is not in force on {case.today.isoformat()}"


def _judge_plain(case: Case, claim: Claim) -> Judgement:
    """Percentages, dates, links, codes, phones, e-mails, order states."""
    valid, why = _in_force(case, _equal(case, claim))
    if not valid:
        return refuse(why or f"no fact of this turn says {claim.kind} {claim.value}")
    if claim.kind in ("link", "sku", "phone", "email", "order_state"):
        return Judgement(True, valid[0].subject)
    return _first_supporting(case, claim, valid)


def _first_supporting(case: Case, claim: Claim, grounds: Sequence[Ground]) -> Judgement:
    reasons = []
    for ground in grounds:
        why = _objection(case, claim, ground)
        if not why:
            return Judgement(True, ground.subject)
        reasons.append(why)
    return refuse(reasons[0])


def _objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why this ground does not carry the claim; empty when it does."""
    if claim.kind == "date" and _other_end(claim, ground):
        return f"{claim.value} is the other end of {ground.subject}"
    if ground.about_product and claim.kind == "percent":
        return _product_objection(case.subjects.scope_of(claim), ground)
    if ground.from_text:
        return _text_objection(case, claim, ground)
    if ground.subject.startswith("promotion:") and claim.kind == "price" and not _OFFER.search(case.clause_text(claim)):
        return f"{claim.value} is the price of an offer ({ground.subject}), which the sentence does not mention"
    return ""


def _other_end(claim: Claim, ground: Ground) -> bool:
    """A first day said as a last one, or the other way round."""
    known = {"valid_from": "over", "valid_until": "under"}.get(ground.role, ground.claim.bound)
    return bool(claim.bound and known) and claim.bound != known


def _product_objection(scope: Scope, ground: Ground) -> str:
    if scope.foreign:
        return f"{scope.foreign!r} is nothing that was read in this turn"
    if scope.subjects and ground.subject not in scope.subjects:
        return f"{ground.claim.value} is of {ground.subject}"
    return ""


def _text_objection(case: Case, claim: Claim, ground: Ground) -> str:
    if claim.bound != ground.claim.bound and claim.kind in ("price", "percent", "number", "instalments"):
        if ground.claim.bound == "over" or claim.bound == "over":
            return f"{ground.subject} says it as a limit ({ground.claim.bound or 'exactly'}), not so"
    if claim.place in ("was", "now") and ground.claim.place in ("was", "now") and claim.place != ground.claim.place:
        return f"old and new price of {ground.subject} are swapped"
    if ground.about_product or not ground.context:
        return ""
    context = case.context(claim)
    if context & ground.later_rivals or (context & ground.earlier_rivals and not context & ground.own):
        return f"{ground.subject} says another value of that"
    return "" if context & ground.context else f"{ground.subject} says {claim.value} of something else"


def _judge_value(case: Case, claim: Claim) -> Judgement:
    """Prices and stock: strictly by product."""
    scope = case.subjects.scope_of(claim)
    total = _judge_total(case, claim)
    if total:
        return total
    live = [g for g in case.knowledge.of_kind(claim.kind) if g.about_product and not g.from_text]
    own = _judge_live(case, claim, scope, live)
    if own.passed:
        return own
    other, why = _in_force(case, [g for g in _equal(case, claim) if g.from_text or not g.about_product])
    other = [g for g in other if not _currency_objection(claim, g)]
    judged = _first_supporting(case, claim, other) if other else refuse(why or own.why)
    return judged if judged.passed or not live else refuse(why or own.why)


def _judge_live(case: Case, claim: Claim, scope: Scope, live: Sequence[Ground]) -> Judgement:
    if not live:
        return refuse(f"no fact of this turn says {claim.kind} {claim.value}")
    if scope.foreign:
        return refuse(f"{scope.foreign!r} is nothing that was read in this turn")
    subjects = scope.subjects or frozenset(g.subject for g in live)
    unread = [s for s in subjects if not any(g.subject == s for g in live)]
    if unread:
        return refuse(f"no {claim.kind} of {unread[0]} was read")
    refused = [s for s in sorted(subjects) if not _holds(case, claim, [g for g in live if g.subject == s])]
    if not refused:
        return _placed(claim, sorted(subjects)[0])
    if claim.place or claim.bound:
        return _judge_extreme(case, claim, scope, live)
    return refuse(_whose(claim, refused[0], live, scope))


def _placed(claim: Claim, subject: str) -> Judgement:
    return Judgement(True, subject)


def _whose(claim: Claim, subject: str, live: Sequence[Ground], scope: Scope) -> str:
    owners = sorted({g.subject for g in live if g.claim.value == claim.value})
    if not owners:
        return f"no fact of this turn says {claim.kind} {claim.value}"
    if not scope.certain:
        return f"does not say whose {claim.kind} it is"
    return f"{claim.value} is the {claim.kind} of {owners[0]}, not of {subject}"


def _holds(case: Case, claim: Claim, known: Sequence[Ground]) -> bool:
    return any(_holds_for(case, claim, ground) for ground in known)


def _holds_for(case: Case, claim: Claim, ground: Ground) -> bool:
    if _currency_objection(claim, ground) or ground.claim.value == "unlimited":
        return claim.flag == "availability" and claim.value != "0"
    value = Decimal(ground.claim.value)
    if claim.flag == "availability":
        return value <= 0 if claim.value == "0" else value > 0
    if claim.strict and claim.kind in _HOLDS_BETWEEN:
        return value > claim.number if claim.bound == "over" else value < claim.number
    if claim.bound or claim.place == "first" or claim.place == "second":
        return False
    quantity = multiplied(case, claim)
    if quantity is not None and not claim.each and claim.kind == "price":
        return claim.number == value * quantity
    return claim.number == value


def _judge_extreme(case: Case, claim: Claim, scope: Scope, live: Sequence[Ground]) -> Judgement:
    """Such as "A partir de" is the lowest of what is spoken of, "até" the highest."""
    subjects = scope.subjects or frozenset(g.subject for g in live)
    values = [Decimal(g.claim.value) for g in live if g.subject in subjects and g.claim.value != "unlimited"]
    if claim.strict or not values:
        return refuse(f"{claim.kind} {claim.value} does not follow from what was read")
    lowest = claim.bound == "over" or claim.place == "first"
    expected = min(values) if lowest else max(values)
    fitting = [g for g in live if g.subject in subjects and g.claim.value == claim.value]
    if fitting and claim.number == expected and not _currency_objection(claim, fitting[0]):
        return Judgement(True, fitting[0].subject)
    return refuse(f"{claim.value} is not the {'lowest' if lowest else 'highest'} {claim.kind} that was read")


def _currency_objection(claim: Claim, ground: Ground) -> str:
    known, said = ground.claim.currency, claim.currency
    if not known or not said or known == said:
        return ""
    if said == "$" and known in DOLLAR_SIGN:
        return ""
    if said == "PESO" and known in PESOS:
        return ""
    return f"{claim.value} is in {known}, not in {said}"


def _judge_total(case: Case, claim: Claim) -> Judgement | None:
    if claim.kind != "price":
        return None
    fits = summed(case, claim)
    if fits is None:
        return None
    return Judgement(True, "computed") if fits else refuse("the total is not the sum of what stands above it")


def _judge_composite(case: Case, claim: Claim) -> Judgement:
    """Instalment plans and bundles: said so by a text, or following from a price that was read."""
    texts = [g for g in case.knowledge.of_kind(claim.kind) if not _currency_objection(claim, g)]
    same, why = _in_force(
        case,
        [g for g in texts if (g.claim.value, g.claim.amount) == (claim.value, claim.amount) and _flag_fits(claim, g)],
    )
    if same:
        return _first_supporting(case, claim, same)
    if why:
        return refuse(why)
    return _judge_bundle(case, claim) if claim.kind == "bundle" else _judge_plan(case, claim, texts)


def _flag_fits(claim: Claim, ground: Ground) -> bool:
    return not claim.flag or claim.flag == ground.claim.flag


def _judge_bundle(case: Case, claim: Claim) -> Judgement:
    scope = case.subjects.scope_of(claim)
    if scope.foreign:
        return refuse(f"{scope.foreign!r} is nothing that was read in this turn")
    live = [g for g in case.knowledge.of_kind("price") if g.about_product and not g.from_text]
    subjects = scope.subjects or frozenset(g.subject for g in live)
    for subject in sorted(subjects):
        known = [g for g in live if g.subject == subject and not _currency_objection(claim, g)]
        if not any(Decimal(g.claim.value) * claim.number == Decimal(claim.amount) for g in known):
            return refuse(f"{claim.value} for {claim.amount} does not follow from the price of {subject}")
    return Judgement(True, sorted(subjects)[0]) if subjects else refuse("no price of this turn it could follow from")


def _judge_plan(case: Case, claim: Claim, texts: Sequence[Ground]) -> Judgement:
    allowed, why = _in_force(case, [g for g in texts if _allows(claim, g)])
    if not allowed:
        return refuse(why or f"no rule allows {claim.value} instalments" + (" without interest" if claim.flag else ""))
    if not claim.amount:
        return Judgement(True, allowed[0].subject)
    scope = case.subjects.scope_of(claim)
    live = [g for g in case.knowledge.of_kind("price") if g.about_product and not g.from_text]
    subjects = scope.subjects or frozenset(g.subject for g in live)
    known = [g for g in live if g.subject in subjects]
    fits = {g.subject for g in known if instalment_amount_fits(g.claim.number, claim)}
    free = [g for g in allowed if g.claim.flag == "interest_free"]
    if free and fits and fits == set(subjects) and not scope.foreign:
        return Judgement(True, known[0].subject)
    return refuse(f"{claim.value} times {claim.amount} does not follow from a price that was read")


def _allows(claim: Claim, ground: Ground) -> bool:
    if not _flag_fits(claim, ground) or ground.claim.amount:
        return False
    if ground.claim.bound == "under" and not claim.bound == "under":
        return claim.number <= ground.claim.number
    return claim.value == ground.claim.value and claim.bound in ("", ground.claim.bound)


def _judge_number(case: Case, claim: Claim) -> Judgement:
    same = [g for g in _equal(case, claim) if g.claim.unit == claim.unit]
    same += [g for g in case.knowledge.of_kind("number") if _is_of_customer(claim, g)]
    valid, why = _in_force(case, same)
    customer = [g for g in valid if g.source == "customer"]
    if customer:
        return Judgement(True, customer[0].subject)
    if valid:
        return _first_supporting(case, claim, valid)
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
    """Such as "Encontrei 3 opções": as many as the reply then lists or names."""
    if claim.unit:
        return False
    items = len(re.findall(r"(?m)^\s*(?:\*{0,2}\d{1,2}[.)]|[-•*])\s", case.reading.folded))
    named = len({mention.subject for mention in case.subjects.mentions})
    return claim.number in {Decimal(items), Decimal(named)} - {Decimal(0), Decimal(1)}


def _multiplies(case: Case, claim: Claim) -> bool:
    """The "2" of "2 unidades saem por R$ 59,80", if that price holds."""
    clause = case.subjects.clause(claim.start)
    prices = [c for c in case.claims if c.kind == "price" and clause[0] <= c.start < clause[1]]
    return any(multiplied(case, price) == claim.number and _judge_value(case, price).passed for price in prices)


def _judge_weekday(case: Case, claim: Claim) -> Judgement:
    sentence = containing(case.subjects.sentences, claim.start)
    beside = [c for c in case.claims if c.kind == "date" and _adjacent(claim.span, c.span, case.reading.folded)]
    if beside and beside[0].flag != "partial":
        fits = date.fromisoformat(beside[0].value).weekday() == int(claim.value)
        return Judgement(True, "calendar") if fits else refuse(f"{beside[0].value} is another day of the week")
    grounds = [g for g in case.knowledge.of_kind("weekday") if g.claim.value == claim.value]
    grounds += [g for g in case.knowledge.grounds if g.day == claim.value]
    grounds += [g for g in case.knowledge.of_kind("date") if weekday_of(g.claim.value) == claim.value]
    valid, why = _in_force(case, grounds)
    typed = [g for g in valid if not g.from_text]
    if typed:
        return Judgement(True, typed[0].subject)
    context = context_of(case.reading, claim, case.claims, sentence)
    shared = [g for g in valid if not g.context or g.context & context or not context]
    return Judgement(True, shared[0].subject) if shared else refuse(why or "no fact of this turn is about this weekday")


def _adjacent(first: Span, second: Span, text: str) -> bool:
    between = text[min(first[1], second[1]) : max(first[0], second[0])]
    return bool(re.fullmatch(r"\s*[,(]?\s*(?:dia|the|el|o)?\s*", between))


def _judge_time(case: Case, claim: Claim) -> Judgement:
    known, why = _in_force(case, case.knowledge.of_kind("time"))
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
    return _first_supporting(case, claim, fitting)
