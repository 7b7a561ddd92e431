"""What rules say of instalments: how many, how small, with or without interest."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.limits import says_what_is_not
from hub.truth_gate.judging.support import in_force
from hub.truth_gate.language.reading import stem

_INSTALMENT: Final = frozenset(stem(word) for word in ("parcela", "prestacao", "cuota", "instalment", "installment"))


def same_end(claim: Claim, ground: Ground) -> bool:
    """Whether a claim is the end of a range that was read, if both are ends."""
    return not claim.place or not ground.claim.place or claim.place == ground.claim.place


def flag_fits(claim: Claim, ground: Ground) -> bool:
    """Whether interest is said as it was read, if it is said."""
    return not claim.flag or claim.flag == ground.claim.flag


def instalment_allowed(case: Case, plan: Claim) -> bool:
    """Whether a rule in force allows as many instalments of this amount without interest."""
    allowed, _ = in_force(case, [g for g in case.knowledge.of_kind("instalments") if allows(case, plan, g)])
    free = [g for g in allowed if g.claim.flag == "interest_free"]
    return bool(free) and not least_objection(case, plan, free)


def least_objection(case: Case, plan: Claim, allowed: Sequence[Ground]) -> str:
    """Why an amount is too small: the rule that allows instalments also says the least of one."""
    subjects = {g.subject for g in allowed}
    for ground in case.knowledge.of_kind("price"):
        least = ground.from_text and ground.claim.bound == "over" and _INSTALMENT & ground.context
        if least and ground.subject in subjects and Decimal(plan.amount) < ground.claim.number:
            return f"{ground.subject} says that an instalment is at least {ground.claim.value}, not {plan.amount}"
    return ""


def most_for(case: Case, amount: Decimal, allowed: Sequence[Ground]) -> Decimal:
    """How many instalments rules allow for a purchase, none of them too small; none when it is too small itself."""
    most = max((g.claim.number for g in allowed), default=Decimal(0))
    subjects = {g.subject for g in allowed}
    for ground in case.knowledge.of_kind("price"):
        if not ground.from_text or ground.claim.bound != "over" or ground.subject not in subjects:
            continue
        if _INSTALMENT & ground.context:
            most = min(most, amount // ground.claim.number)
        elif amount < ground.claim.number:
            return Decimal(0)
    return most


def allows(case: Case, claim: Claim, ground: Ground) -> bool:
    """Whether a rule allows as many instalments, whatever their amount."""
    if not flag_fits(claim, ground) or ground.claim.amount or not same_end(claim, ground):
        return False
    if claim.bound == "over" and ground.claim.bound != "over" and ground.claim.place != "first":
        return claim.strict and claim.number == ground.claim.number and says_what_is_not(case, claim)
    if ground.claim.bound == "under" and (claim.bound != "under" or claim.amount):
        return claim.number <= ground.claim.number
    return claim.value == ground.claim.value and claim.bound in ("", ground.claim.bound)
