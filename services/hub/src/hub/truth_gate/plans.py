"""The judgement on instalment plans and bundles: said so by a text, or following from a price that was read."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hub.truth_gate.arithmetic import instalment_amount_fits
from hub.truth_gate.case import Case, Judgement, refuse
from hub.truth_gate.claims import Claim
from hub.truth_gate.grounds import Ground
from hub.truth_gate.support import currency_objection, first_supporting, in_force


def judge_composite(case: Case, claim: Claim) -> Judgement:
    """Instalment plans and bundles: said so by a text, or following from a price that was read."""
    texts = [g for g in case.knowledge.of_kind(claim.kind) if not currency_objection(claim, g)]
    same, why = in_force(
        case,
        [g for g in texts if _says(claim, g) and _flag_fits(claim, g)],
    )
    if same:
        return first_supporting(case, claim, same)
    if why:
        return refuse(why)
    return _judge_bundle(case, claim) if claim.kind == "bundle" else _judge_plan(case, claim, texts)


def _says(claim: Claim, ground: Ground) -> bool:
    return _same_end(claim, ground) and (ground.claim.value, ground.claim.amount) == (claim.value, claim.amount)


def _same_end(claim: Claim, ground: Ground) -> bool:
    return not claim.place or not ground.claim.place or claim.place == ground.claim.place


def _flag_fits(claim: Claim, ground: Ground) -> bool:
    return not claim.flag or claim.flag == ground.claim.flag


def _judge_bundle(case: Case, claim: Claim) -> Judgement:
    scope = case.subjects.scope_of(claim)
    if scope.foreign:
        return refuse(f"{scope.foreign!r} is nothing that was read in this turn")
    live = [g for g in case.knowledge.of_kind("price") if g.about_product and not g.from_text]
    subjects = scope.subjects or frozenset(g.subject for g in live)
    for subject in sorted(subjects):
        known = [g for g in live if g.subject == subject and not currency_objection(claim, g)]
        if not any(Decimal(g.claim.value) * claim.number == Decimal(claim.amount) for g in known):
            return refuse(f"{claim.value} for {claim.amount} does not follow from the price of {subject}")
    return Judgement(True, sorted(subjects)[0]) if subjects else refuse("no price of this turn it could follow from")


def _judge_plan(case: Case, claim: Claim, texts: Sequence[Ground]) -> Judgement:
    allowed, why = in_force(case, [g for g in texts if _allows(claim, g)])
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
    if not _flag_fits(claim, ground) or ground.claim.amount or not _same_end(claim, ground):
        return False
    if ground.claim.bound == "under" and claim.bound != "under":
        return claim.number <= ground.claim.number
    return claim.value == ground.claim.value and claim.bound in ("", ground.claim.bound)
