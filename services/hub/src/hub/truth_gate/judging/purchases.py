"""What follows from an amount that is only supposed: what it buys, what is left of it, whether a fee is still due."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.denial import DENYING, language_of
from hub.truth_gate.judging.goods import goods_of
from hub.truth_gate.judging.support import in_force
from hub.truth_gate.judging.suppositions import amounts_before, is_budget, is_paid_with
from hub.truth_gate.judging.topics import topic_objection
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import Span, containing, meaning, stems

_IN_CART: Final = re.compile(
    r" (?:n[oa] (?:seu )?(?:carrinho|sacola)|de compras?|em (?:compras?|produtos)|"
    r"en (?:el|tu) carrito|en (?:compras?|productos)|in (?:the|your) (?:cart|basket))\b"
)
"""What is in the cart already buys nothing more."""
_SHORT: Final = re.compile(r"\b(?:falt\w+|fora|short|away|alcanza|impossivel)\b")
LEFT: Final = re.compile(r"\b(?:sobr\w+|rest\w+|troco|vuelto|left|change|quedan?)\b")
_EITHER: Final = re.compile(r"\b(?:ou|or|o)\s*$")
_PAYS: Final = re.compile(r"\b(?:paga\w*|cobra\w*|pay\w*|incide)\b")
_FEE: Final = re.compile(r"\b(?:fretes?|entregas?|envios?|taxas?|shipping|delivery|flete)\b")
_TWO: Final = 2
_PURCHASE: Final = frozenset((meaning("compra"), meaning("loja")))
"""Words that every such rule has."""


def purchase_objection(case: Case, claim: Claim) -> str:
    """Why what a reply says of an amount that it supposes does not follow from it; empty when it does."""
    return _budget_objection(case, claim) or _fee_objection(case, claim)


def _budget_objection(case: Case, budget: Claim) -> str:
    """Why goods are not to be had for an amount, or are."""
    if not (is_budget(case, budget) or is_paid_with(case, budget)) or _IN_CART.match(case.reading.folded, budget.end):
        return ""
    bought, left_out = _goods_of_budget(case, budget)
    if bought is None and left_out is None:
        return _offer_objection(case, budget)
    if bought is not None and bought > budget.number:
        return f"that costs {bought}, which is more than {budget.value}"
    if bought is not None and (wrong := _wrong_rest(case, budget, budget.number - bought)):
        return wrong
    if left_out is not None and left_out + (bought or 0) <= budget.number:
        return f"all of that costs {left_out + (bought or 0)}, which is not more than {budget.value}"
    return ""


def _offer_objection(case: Case, budget: Claim) -> str:
    """Why an offer that is told of in words only is not to be had for an amount, or is."""
    sentence = containing(case.subjects.sentences, budget.start)
    costs = costs_of_offers(case, (budget.end, sentence[1]))
    denied = _denies(case, (budget.end, sentence[1]))
    if costs and not denied and min(costs) > budget.number:
        return f"that costs {min(costs)}, which is more than {budget.value}"
    return f"that costs {max(costs)}, which is not more" if costs and denied and max(costs) <= budget.number else ""


def costs_of_offers(case: Case, sentence: Span) -> list[Decimal]:
    """What the offers cost that a sentence speaks of by two words at least."""
    said = stems(case.reading.folded[slice(*sentence)])
    known, _ = in_force(case, [g for g in case.knowledge.of_kind("price") if g.subject.startswith("promotion:")])
    return [g.claim.number for g in known if not g.claim.bound and len(said & g.context) >= _TWO]


def _wrong_rest(case: Case, budget: Claim, rest: Decimal) -> str:
    """Why there is not more, or less, left of an amount than a limit that is told."""
    end = containing(case.subjects.sentences, budget.start)[1]
    for told in case.claims:
        limit = told.kind == "price" and told.bound and budget.end <= told.start < end
        if limit and LEFT.search(case.reading.folded, max(budget.end, told.start - 30), told.start):
            fits = rest >= told.number if told.bound == "over" else rest <= told.number
            if not fits:
                return f"there are {rest} left of {budget.value}"
    return ""


def _goods_of_budget(case: Case, budget: Claim) -> tuple[Decimal | None, Decimal | None]:
    """What the goods cost that a sentence says an amount buys, and those it says it does not."""
    sentence = containing(case.subjects.sentences, budget.start)
    totals: dict[bool, Decimal] = {}
    denied, either = False, False
    for clause in case.subjects.clauses(sentence):
        begin = max(clause[0], budget.end)
        if begin >= clause[1]:
            continue
        if moods.tells(case.reading.text[slice(*clause)]) or _denies(case, (begin, clause[1])):
            denied = _denies(case, (begin, clause[1]))
        named = case.subjects.named_in((begin, clause[1]))
        goods = goods_of(case, budget, (begin, clause[1])) if named else None
        if goods and either:
            totals[denied] = max(totals.get(denied, Decimal(0)), goods.total)
        elif goods:
            totals[denied] = totals.get(denied, Decimal(0)) + goods.total
        either = bool(_EITHER.search(case.reading.folded, *clause))
    return totals.get(False), totals.get(True)


def _denies(case: Case, span: Span) -> bool:
    denying = DENYING[language_of(case, span)]
    return bool(denying.search(case.reading.folded, *span) or _SHORT.search(case.reading.folded, *span))


def _fee_objection(case: Case, claim: Claim) -> str:
    """Why a fee is not due for a purchase that is large enough to pay none."""
    for clause in case.subjects.clauses(containing(case.subjects.sentences, claim.start)):
        for ground in _sparing(case, clause):
            fees = _fees(case, ground)
            if claim.number >= Decimal(ground.condition) and _is_due(case, claim, clause, fees):
                return f"{ground.subject} says that it is free from {ground.condition} on"
    return ""


def _is_due(case: Case, claim: Claim, clause: Span, fees: set[str]) -> bool:
    """Whether a clause says that a fee has to be paid."""
    inside = [c for c in case.claims if clause[0] <= c.start < clause[1] and c.span != claim.span]
    if any(c.kind == "price" and c.bound for c in inside):
        return False
    free = [c for c in inside if c.kind == "free"]
    denied = _denies(case, (clause[0], free[0].start if free else clause[1]))
    if free:
        return denied
    said = case.reading.folded[slice(*clause)]
    told = any(c.kind == "price" and c.value in fees for c in inside)
    return not denied and (told or bool(_PAYS.search(said) and _FEE.search(said)))


def _fees(case: Case, ground: Ground) -> set[str]:
    """What a rule says has to be paid by those who do not spend enough."""
    prices = (g for g in case.knowledge.of_kind("price") if g.subject == ground.subject and g.from_text)
    return {g.claim.value for g in prices if not g.claim.bound}


def _sparing(case: Case, clause: Span) -> list[Ground]:
    """The rules in force by which what a clause speaks of is free for a large enough purchase."""
    said = stems(case.reading.folded[slice(*clause)]) - _PURCHASE
    here = Claim("free", "free", clause[0], clause[0] + 1)
    return [
        ground
        for ground in case.knowledge.of_kind("free")
        if ground.condition
        and ground.subject not in case.knowledge.expired
        and said & ground.context - _PURCHASE
        and not topic_objection(case, here, ground)
    ]


def is_short_of_free(case: Case, claim: Claim) -> bool:
    """Whether a reply denies rightly that something is free: the purchase it supposes is not large enough."""
    clause = case.subjects.clause(claim.start)
    amounts = amounts_before(case, claim)
    if not amounts or not _denies(case, (clause[0], claim.start)):
        return False
    known = _sparing(case, clause)
    return bool(known) and all(amount < Decimal(g.condition) for g in known for amount in amounts)
