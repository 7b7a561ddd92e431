"""Amounts and events that a reply only supposes: "se o limite é R$ 100,00", "uma compra de R$ 210,00".

Nobody read them, and nobody has to; what is said to follow from them is judged.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import Span, containing

_PURCHASE: Final = re.compile(
    r"\b(?:(?:uma|um|na|numa|em|a|an|una|de) )?(?:compras?|pedidos?|carrinhos?|orders?|purchase|compra|carrito)"
    r" (?:de|of|por|que (?:der|deu|deem)) $"
)
_BUDGET: Final = re.compile(
    r"\b(?:limite|orcamento|budget|presupuesto|teto|verba)[a-z ]{0,16}$|(?:^|\b)(?:com|with|con) (?:os |"
    r"seus |your |tus )?$"
)
_WITH_IT: Final = re.compile(
    r",? (?:em compras?|in your cart|na carteira|da (?:para|pra)|voce|vc|you|ja|de orcamento|a entrega|"
    r"o frete|puedes|te)"
)
_YOU: Final = re.compile(
    r"\b(?:voces?|vc|vier(?:em)?|quiser(?:em)?|puder(?:em)?|for(?:em)?|you|usted|quiere[ns]?|viene[ns]?|vai|seus?|"
    r"suas?)\b"
)
_EVENTS: Final = ("order_state", "promise", "open", "stock")


def is_supposed(case: Case, claim: Claim) -> bool:
    """Whether a claim is a supposition: an amount the customer may spend, or an event after "if"."""
    clause = case.subjects.clause(claim.start)
    supposing = moods.supposes(case.reading.folded[slice(*clause)])
    if claim.kind in _EVENTS:
        return supposing and (claim.kind != "stock" or bool(claim.flag))
    theirs = supposing and _YOU.search(case.reading.folded, *clause)
    if theirs and (claim.kind == "weekday" or claim.unit == "guest"):
        return True
    before = case.reading.folded[clause[0] : claim.start]
    if claim.kind != "price" or claim.bound:
        return False
    budget = _BUDGET.search(before)
    lets = budget and (
        before[budget.start() :].strip() not in ("com", "with", "con") or _WITH_IT.match(case.reading.folded, claim.end)
    )
    currencies = {g.claim.currency for g in case.knowledge.of_kind("price")}
    if claim.currency and currencies and claim.currency not in currencies | {"$"}:
        return False
    if budget and _is_exceeded(case, claim):
        return False
    return bool(_PURCHASE.search(before) or (lets and not case.subjects.named_in((clause[0], claim.start))))


def _is_exceeded(case: Case, budget: Claim) -> bool:
    """Whether the sentence of a budget has a price beyond it."""
    start, end = containing(case.subjects.sentences, budget.start)
    prices = [c for c in case.claims if c.kind == "price" and start <= c.start < end and not c.bound]
    return any(c.number > budget.number for c in prices)


def supposed_amounts(case: Case, sentence: Span) -> list[Decimal]:
    """The amounts a sentence supposes somebody to spend."""
    prices = [c for c in case.claims if c.kind == "price" and sentence[0] <= c.start < sentence[1]]
    return [c.number for c in prices if is_supposed(case, c)]
