"""Whether what is said of an order follows from its state, and whether it is said of that order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.grounds.naming import Mention
from hub.truth_gate.language.reading import Span, containing

_UNDER_WAY: Final = {"shipped", "out_for_delivery", "partial"}
_BEFORE_SHIPPING: Final = {"quotation", "quotation_sent", "draft", "sent", "confirmed", "preparing", "paid", "pending"}

_UNCONFIRMED: Final = {"quotation", "quotation_sent", "draft", "sent", "cancelled"}
"""States in which an order is neither confirmed nor paid nor prepared."""


def state_follows(claim: Claim, ground: Ground) -> bool:
    """Whether an order in the state that was read is in the state that is said."""
    said, read = claim.value, ground.claim.value
    if said == "not shipped":
        return read in _BEFORE_SHIPPING
    if said == "not delivered":
        return read in _BEFORE_SHIPPING | _UNDER_WAY
    if said.startswith("not "):
        return _is_before(read, said.removeprefix("not "))
    if said == "under_way":
        return read in _UNDER_WAY
    return said == read


def _is_before(read: str, denied: str) -> bool:
    """Whether an order in the state that was read is not, or not yet, in the state that is denied."""
    if denied == "cancelled":
        return read != "cancelled"
    if denied in ("under_way", "out_for_delivery"):
        return read in _BEFORE_SHIPPING
    return read in _UNCONFIRMED


def contradicting(claim: Claim, known: Sequence[Ground]) -> bool:
    """Whether an order in one of several states that were read is not in the state that is said."""
    after = {"not shipped": {"shipped", "out_for_delivery", "partial", "delivered"}, "not delivered": {"delivered"}}
    return any(ground.claim.value in after.get(claim.value, ()) for ground in known)


def order_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a value of an order is not said of that order; empty when it is."""
    if not ground.subject.startswith("order:"):
        return ""
    if claim.kind == "price" and (claim.strict or claim.bound == "under"):
        return f"{ground.subject} is {ground.claim.value} exactly"
    spoken_of = orders_spoken_of(case, claim)
    if spoken_of and ground.subject not in spoken_of:
        return f"{ground.claim.value} is of {ground.subject}"
    others = {g.subject for g in case.knowledge.grounds if g.subject.startswith("order:")}
    return "does not say which order" if not spoken_of and len(others) > 1 else ""


def order_mentions(case: Case, span: Span) -> list[Mention]:
    """The orders that a part of a reply names by their numbers."""
    numbers = _numbers(case)
    named = [c for c in case.claims if c.kind == "sku" and c.value in numbers and span[0] <= c.start < span[1]]
    return [Mention(frozenset({numbers[c.value]}), *c.span, whole=True) for c in named]


def _numbers(case: Case) -> dict[str, str]:
    known = case.knowledge.of_kind("sku")
    return {g.claim.value: g.subject for g in known if g.subject.startswith("order:") and not g.from_text}


def orders_spoken_of(case: Case, claim: Claim) -> set[str]:
    """The orders named nearest before a value (or in its sentence), by their numbers."""
    numbers = _numbers(case)
    named = [c for c in case.claims if c.kind == "sku" and c.value in numbers]
    sentence = containing(case.subjects.sentences, claim.start)
    before = [c for c in named if c.start <= claim.start]
    if before:
        return {numbers[before[-1].value]}
    inside = [c for c in named if sentence[0] <= c.start < sentence[1]]
    return {numbers[c.value] for c in inside}
