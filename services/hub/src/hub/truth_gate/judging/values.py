"""The judgement on prices and stock: strictly by product, as Odoo said them in this turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.grounds.scope import Scope
from hub.truth_gate.judging.arithmetic import (
    counted_before,
    equation,
    is_operand,
    multiplied,
    sum_of_named,
    sum_of_orders,
    summed,
)
from hub.truth_gate.judging.derived import derived
from hub.truth_gate.judging.goods import count_before, goods_of, is_one_of_several
from hub.truth_gate.judging.limits import misses_the_price_before
from hub.truth_gate.judging.stock_counts import stock_count
from hub.truth_gate.judging.support import currency_objection, equal, first_supporting, in_force
from hub.truth_gate.judging.ways import dearer_than_told
from hub.truth_gate.language.reading import containing

_HAVE_NOT: Final = re.compile(
    r"\b(?:nao (?:temos|ha|tem|restam|sobram)|no (?:tenemos|hay|quedan)|(?:do not|don't) have|there (?:are|is) not)\b"
)
_PER: Final = re.compile(
    r"\s*(?:o|a|por|/|per|el|la|al|ao|the)\s*(?P<unit>quilo|kg|kilo|litro|l|liter|metro|m|meter|duzia|docena|"
    r"dozen|caixa|box|par|"
    r"pair|hora|hour|dia|day|grama|semana|week|mes|month|ano|year|pessoa|person|m2|ml|g)\b(?!\s+(?:de|todo))"
)
_ARE_THERE: Final = re.compile(
    r"\b(?:temos|a gente tem|tenemos|we have) (?:as|os|las|los|the|all|todas as|todos os|suas|"
    r"seus|your)\s*$"
)
"""These and perhaps more: "temos as 4 que você quer"."""
_OF: Final = re.compile(r"\s+(?:d[oa]s?|del|de la|of the|for the)\s+")
_PACKS: Final = {
    "par": Decimal(2),
    "pair": Decimal(2),
    "duzia": Decimal(12),
    "dozen": Decimal(12),
    "docena": Decimal(12),
}
_TAKEN: Final = re.compile(
    r",? (?:voce |vc |you )?(?:leva|lleva|llevas|gets?) (?:um|uma|un|una|a) (?P<unit>par|duzia|pair|docena|dozen)\b"
)
"""How many a price before it is for: "por R$ 59,80 você leva um par"."""
_TOGETHER: Final = re.compile(
    r"\b(?:total\w*|soma\w*|junt[oa]s|(?:[oa]s|the|l[oa]s) (?:dois|duas|tres|two|three|dos)|tudo|together|both|"
    r"amb[oa]s)\b"
)
_COMES_TO: Final = re.compile(r"\b(?:comes? to|total(?: is| e| of| de)?|totalizando|somando)\s+(?:r\$|us\$|\$)?\s*$")
_HOLDS_BETWEEN: Final = ("price", "stock", "number")


def judge_value(case: Case, claim: Claim) -> Judgement:
    """Prices and stock: strictly by product."""
    scope = in_order(case, claim) or case.subjects.scope_of(claim)
    if objection := misses_the_price_before(case, claim) or dearer_than_told(case, claim):
        return refuse(objection)
    if objection := _misses_the_goods(case, claim):
        return refuse(objection)
    if is_one_of_several(case, claim):
        return refuse("it is the price of one of several that are taken together")
    if counted := _beside_its_goods(case, claim):
        return counted
    total = _judge_total(case, claim)
    if total:
        return total
    live = [g for g in case.knowledge.of_kind(claim.kind) if g.about_product and not g.from_text]
    own = _judge_live(case, claim, scope, live)
    if own.passed:
        return own
    other, why = in_force(case, [g for g in equal(case, claim) if g.from_text or not g.about_product])
    other = [g for g in other if not currency_objection(claim, g)]
    judged = first_supporting(case, claim, other) if other else refuse(why or own.why)
    if judged.passed:
        return judged
    follows = derived(case, claim) or (stock_count(case, claim) if claim.kind == "stock" else None)
    return follows or (refuse(why or own.why) if live else judged)


def _misses_the_goods(case: Case, claim: Claim) -> str:
    """Why several goods together do not lie on this side of a limit: "as duas ficam em menos de R$ 300,00"."""
    if claim.kind != "price" or not claim.strict or claim.each:
        return ""
    sentence = containing(case.subjects.sentences, claim.start)
    goods = goods_of(case, claim, sentence)
    limit = any(g.from_text and g.claim.bound == "over" for g in equal(case, claim))
    if not goods or limit or currency_objection(claim, goods.prices[0]):
        return ""
    together = goods.counted or (len(goods.prices) > 1 and _TOGETHER.search(case.sentence_text(claim)))
    times = multiplied(case, claim) or counted_before(case, claim) if len(goods.prices) == 1 else None
    total = goods.total if together else goods.total * (times or 0)
    fits = total > claim.number if claim.bound == "over" else total < claim.number
    return "" if fits or not total else f"all of it costs {total}"


def _beside_its_goods(case: Case, claim: Claim) -> Judgement | None:
    """Judge the 59,80 of "2 shampoos (R$ 59,80) mais 1 camiseta": what stands right before it, as many as said."""
    folded = case.reading.folded
    if claim.kind != "price" or claim.bound or folded[max(0, claim.start - 2) : claim.start].strip() != "(":
        return None
    beside = next((m for m in case.subjects.mentions if 0 <= claim.start - m.end <= len(" (") and not m.foreign), None)
    live = [g for g in case.knowledge.of_kind("price") if beside and g.subject in beside.subjects and not g.from_text]
    if not beside or len({g.claim.number for g in live}) != 1 or currency_objection(claim, live[0]):
        return None
    amounts = {live[0].claim.number * count for count in (1, count_before(case, beside))}
    return Judgement(True, live[0].subject) if claim.number in amounts else None


def in_order(case: Case, claim: Claim) -> Scope | None:
    """The product a value is of when as many values follow as products are named: "A e B custam X e Y"."""
    start, end = containing(case.subjects.sentences, claim.start)
    owners = {c.span: owner for c in case.claims if c.kind == claim.kind and (owner := _owner_after(case, c))}
    if claim.span in owners:
        return Scope(owners[claim.span], certain=True)
    others = frozenset().union(*(s for span, s in owners.items() if start <= span[0] < end))
    rest = {m.subjects for m in case.subjects.mentions if start <= m.start < claim.start and not m.subjects & others}
    if others and len(rest) == 1:
        return Scope(next(iter(rest)), certain=True)
    values = [c for c in case.claims if c.kind == claim.kind and start <= c.start < end]
    named = [m for m in case.subjects.mentions if start <= m.start < end and len(m.subjects) == 1 and not m.foreign]
    subjects = list(dict.fromkeys(m.subject for m in named))
    listed = len(values) == len(subjects) > 1 and named[-1].end <= values[0].start
    if not listed or claim.place or claim.bound or len(subjects) != len(named):
        return None
    return Scope(frozenset({subjects[values.index(claim)]}), certain=True)


def _owner_after(case: Case, claim: Claim) -> frozenset[str]:
    """Whose value it is when that stands right behind it: "R$ 39,90 do condicionador"."""
    of = _OF.match(case.reading.folded, claim.end)
    return next(
        (m.subjects for m in case.subjects.mentions if of and m.start == of.end() and not m.foreign), frozenset()
    )


def _judge_live(case: Case, claim: Claim, scope: Scope, live: Sequence[Ground]) -> Judgement:
    if not live:
        return refuse(f"no fact of this turn says {claim.kind} {claim.value}")
    if scope.foreign and not is_operand(case, claim):
        return refuse(f"{scope.foreign!r} is nothing that was read in this turn")
    if per := _per_measure(case, claim):
        return refuse(f"the price that was read is that of the product, not {per!r}")
    subjects = scope.subjects or frozenset(g.subject for g in live)
    unread = [s for s in subjects if not any(g.subject == s for g in live)]
    if unread:
        return refuse(f"no {claim.kind} of {unread[0]} was read")
    if claim.kind == "stock" and _counts_products(case, claim):
        return Judgement(True, sorted(subjects)[0], "counted")
    refused = [s for s in sorted(subjects) if not _holds(case, claim, [g for g in live if g.subject == s])]
    if not refused:
        return Judgement(True, sorted(subjects)[0])
    if claim.place or claim.bound:
        return _judge_extreme(case, claim, scope, live)
    return refuse(_whose(claim, refused[0], live, scope))


def _per_measure(case: Case, claim: Claim) -> str:
    """The measure a price is said to be for ("o quilo"), unless a product's name has it."""
    match = _PER.match(case.reading.folded, claim.end)
    if match and match["unit"] in _PACKS:
        return ""
    known = match and any(re.search(rf"\b{match['unit']}\b", label) for label in case.knowledge.labels)
    return match.group().strip() if match and claim.kind == "price" and not known else ""


def _counts_products(case: Case, claim: Claim) -> bool:
    """Whether "temos duas bicicletas: A e B" counts the products that follow."""
    _, end = containing(case.subjects.sentences, claim.start)
    named = [m for m in case.subjects.mentions if claim.start <= m.start < end]
    each = {m.subject for m in named if len(m.subjects) == 1}
    several = claim.value.isdigit() and not claim.flag and claim.number > 1 and len(each) == claim.number
    gone = {g.subject for g in case.knowledge.of_kind("stock") if g.about_product and g.claim.value == "0"}
    told_gone = any(c.kind == "stock" and c.value == "0" and claim.end <= c.start < end for c in case.claims)
    return several and (told_gone or not each & gone) and ":" in case.reading.folded[claim.end : end]


def _whose(claim: Claim, subject: str, live: Sequence[Ground], scope: Scope) -> str:
    own = [g for g in live if g.subject == subject and g.claim.value == claim.value]
    if own and currency_objection(claim, own[0]):
        return currency_objection(claim, own[0])
    owners = sorted({g.subject for g in live if g.claim.value == claim.value})
    if not owners:
        return f"no fact of this turn says {claim.kind} {claim.value}"
    if not scope.certain:
        return f"does not say whose {claim.kind} it is"
    return f"{claim.value} is the {claim.kind} of {owners[0]}, not of {subject}"


def _holds(case: Case, claim: Claim, known: Sequence[Ground]) -> bool:
    return any(_holds_for(case, claim, ground) for ground in known)


def _holds_for(case: Case, claim: Claim, ground: Ground) -> bool:
    if currency_objection(claim, ground) or ground.claim.value == "unlimited":
        return claim.flag == "availability" and claim.value != "0"
    value = Decimal(ground.claim.value)
    if claim.kind == "stock" and not claim.flag and _are_there(case, claim):
        asked = [g for g in case.knowledge.of_kind("number") if g.source == "customer"]
        return value >= claim.number and any(g.claim.value == claim.value for g in asked)
    if claim.kind == "stock" and not claim.flag and _is_denied(case, claim):
        return value <= claim.number if claim.bound == "over" else value < claim.number
    if claim.flag == "availability":
        return value <= 0 if claim.value == "0" else value > 0
    if claim.strict and claim.kind in _HOLDS_BETWEEN:
        return value > claim.number if claim.bound == "over" else value < claim.number
    if claim.bound or claim.place == "first" or claim.place == "second":
        return False
    pack = _PER.match(case.reading.folded, claim.end)
    quantity = _PACKS.get(pack["unit"]) if pack else None
    taken = _TAKEN.match(case.reading.folded, claim.end)
    quantity = quantity or (_PACKS[taken["unit"]] if taken else None) or multiplied(case, claim)
    if quantity is not None and not claim.each and claim.kind == "price":
        return claim.number == value * quantity
    several = counted_before(case, claim) if claim.kind == "price" and quantity is None else None
    return claim.number == value or (several is not None and claim.number == value * several)


def _are_there(case: Case, claim: Claim) -> bool:
    """Whether a count is of things that are said to be there: "temos as 4 que você quer"."""
    return bool(_ARE_THERE.search(case.reading.folded[: claim.start])) and not _is_denied(case, claim)


def _is_denied(case: Case, claim: Claim) -> bool:
    """Whether the reply says that there are not as many: "não temos 20 unidades"."""
    start = case.subjects.clause(claim.start)[0]
    return bool(_HAVE_NOT.search(case.reading.folded[start : claim.start]))


def _judge_extreme(case: Case, claim: Claim, scope: Scope, live: Sequence[Ground]) -> Judgement:
    """Judge limits: "a partir de" is the lowest of what is spoken of, "até" the highest."""
    subjects = scope.subjects or frozenset(g.subject for g in live)
    values = [Decimal(g.claim.value) for g in live if g.subject in subjects and g.claim.value != "unlimited"]
    exact = claim.kind == "price" and claim.bound and not claim.place and len(subjects) == 1
    if claim.strict or exact or not values:
        return refuse(f"{claim.kind} {claim.value} does not follow from what was read")
    lowest = claim.bound == "over" or claim.place == "first"
    expected = min(values) if lowest else max(values)
    fitting = [g for g in live if g.subject in subjects and g.claim.value == claim.value]
    if fitting and claim.number == expected and not currency_objection(claim, fitting[0]):
        return Judgement(True, fitting[0].subject)
    return refuse(f"{claim.value} is not the {'lowest' if lowest else 'highest'} {claim.kind} that was read")


def _falls_short(case: Case, total: Claim) -> bool:
    """Whether a price before a total in its sentence is higher, and no discount is spoken of."""
    start, _ = containing(case.subjects.sentences, total.start)
    before = [c for c in case.claims if c.kind == "price" and start <= c.start < total.start]
    less = any(c.kind in ("percent", "sku") and start <= c.start < total.start for c in case.claims)
    return not less and any(c.number > total.number and not c.bound for c in before)


def _judge_total(case: Case, claim: Claim) -> Judgement | None:
    if claim.kind != "price":
        return None
    if _COMES_TO.search(case.reading.folded[: claim.start]) and _falls_short(case, claim):
        return refuse("a total is not less than what it adds up")
    if claim.strict or claim.bound == "under":
        return None
    adds_up = equation(case, claim)
    if adds_up is False:
        return refuse("it is not the sum of what stands before it")
    if adds_up:
        return Judgement(True, "computed")
    if sum_of_named(case, claim) or sum_of_orders(case, claim):
        return Judgement(True, "computed")
    fits = summed(case, claim)
    if fits is None:
        return None
    return Judgement(True, "computed") if fits else refuse("the total is not the sum of what stands above it")
