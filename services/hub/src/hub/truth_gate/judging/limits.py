"""Whether a value is said as the limit it was read as: "at most" is not "at least", one end of a range is not all."""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import containing, fold
from hub.truth_gate.language.statement_words import NEGATIONS, NO_DENIAL

_WHICH_IS: Final = re.compile(
    r",? (?:which|that|que|o que|lo que)(?: ja| ya| already)? (?:is|e|es|fica|pas\w+|super\w+|exceed\w+) "
)
_FROM: Final = re.compile(r"\b(?:from|de|desde|starting at|a partir de) $")
_ANSWER: Final = re.compile(r"\b(?:nao|no|not)\W*$")
"""A denial of what stands before: "até 4 vezes, não"."""


def limit_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a value is not said as the limit it was read as, or as one end of a range."""
    if objection := _end_objection(claim, ground):
        return objection
    limited = claim.kind in ("price", "percent", "number", "instalments") and claim.bound != ground.claim.bound
    left = case.reading.folded[max(0, claim.start - 12) : claim.start]
    begins = claim.bound == "over" and ground.claim.place == "first" and (not claim.place or _FROM.search(left))
    limited = limited and not begins
    if claim.strict and says_what_is_not(case, claim):
        if ground.claim.bound != "over" and not _is_told_of_what_is_not(case, ground):
            return ""
        if ground.claim.bound == "over" and claim.kind == "price" and not _spares(case, ground):
            return f"{ground.subject} says it as the least"
    if limited and not _is_the_rest(case, claim, ground) and "over" in (ground.claim.bound, claim.bound):
        return f"{ground.subject} says it as a limit ({ground.claim.bound or 'exactly'}), not so"
    below = claim.bound == "under" and ground.claim.bound == "" and not claim.place and not ground.claim.place
    if below and (claim.strict or claim.kind == "price"):
        return f"{ground.subject} says {ground.claim.value} exactly"
    return _fee_objection(case, claim, ground)


def says_what_is_not(case: Case, claim: Claim) -> bool:
    """Whether a limit is told from beyond it: "depois de 30 dias não dá mais", "mais de 6x sem juros não fazemos"."""
    sentence = containing(case.subjects.sentences, claim.start)
    start, end = case.subjects.clause(claim.start)
    if not moods.tells(case.reading.text[start:end]):
        end = next((each[1] for each in case.subjects.clauses(sentence) if each[0] >= end), end)
    said = _ANSWER.sub("", NO_DENIAL.sub("", case.reading.folded[start:end]))
    return claim.bound == "over" and bool(NEGATIONS[case.locale].search(said))


def misses_the_price_before(case: Case, claim: Claim) -> str:
    """Why a price does not lie on this side of a limit: "R$ 95,00, que é menos de R$ 50,00"; empty when it may."""
    start, _ = containing(case.subjects.sentences, claim.start)
    told = [c for c in case.claims if c.kind == "price" and start <= c.start < claim.start and not c.bound]
    if not claim.bound or not told or not _WHICH_IS.match(case.reading.folded, told[-1].end, claim.start):
        return ""
    fits = told[-1].number >= claim.number if claim.bound == "over" else told[-1].number <= claim.number
    return "" if fits else f"{told[-1].value} is not {claim.bound} {claim.value}"


def _is_told_of_what_is_not(case: Case, ground: Ground) -> bool:
    """Whether a text denies something of its value: "sem reembolso com menos de 24 horas"."""
    raw = fold(ground.claim.raw)
    told = [text for subject, text, _ in case.knowledge.sentences if subject == ground.subject and raw in text]
    return bool(told) and all(NEGATIONS[case.locale].search(NO_DENIAL.sub("", text)) for text in told)


def _spares(case: Case, ground: Ground) -> bool:
    """Whether something is free from an amount of the text on."""
    return any(g.subject == ground.subject and g.condition for g in case.knowledge.of_kind("free"))


def _fee_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a fee is not what a purchase costs that is large enough to pay none: "R$ 15,90 acima de R$ 199,00"."""
    if claim.kind != "price" or claim.bound != "over":
        return ""
    start, end = containing(case.subjects.sentences, claim.start)
    told = [c for c in case.claims if start <= c.start < end]
    spared = any(g.subject == ground.subject and g.condition == claim.value for g in case.knowledge.of_kind("free"))
    fees = {g.claim.value for g in case.knowledge.of_kind("price") if g.subject == ground.subject and not g.claim.bound}
    paid = any(c.kind == "price" and not c.bound and c.value in fees for c in told)
    free = any(c.kind == "free" for c in told)
    return f"{ground.subject} says that it is free from {claim.value} on" if spared and paid and not free else ""


def _is_the_rest(case: Case, claim: Claim, ground: Ground) -> bool:
    """Whether "below 199" speaks of what a rule from 199 on does not give: no word of something free stands with it."""
    start, end = containing(case.subjects.sentences, claim.start)
    free = any(c.kind in ("free", "percent") and start <= c.start < end for c in case.claims)
    below = claim.bound == "under" and ground.claim.bound == "over"
    denied = NEGATIONS[case.locale].search(NO_DENIAL.sub("", case.reading.folded[start:end]))
    return claim.kind == "price" and below and not free and bool(_spares(case, ground) or denied)


def _end_objection(claim: Claim, ground: Ground) -> str:
    """Why one end of a range is not all of it: "in 3 days" where "3 to 7 days" was read."""
    bound = {"first": "over", "second": "under"}.get(ground.claim.place, "")
    if claim.kind == "instalments" and bound and claim.bound and claim.bound != bound:
        return f"{ground.subject} says a range that {'begins' if bound == 'over' else 'ends'} there"
    whole = claim.place in ("first", "second") or claim.kind not in ("number", "price", "percent")
    if not bound or whole or claim.bound == bound:
        return ""
    return f"{ground.subject} says a range of which {ground.claim.value} is one end"
