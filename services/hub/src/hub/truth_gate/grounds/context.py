"""The words around a value that say what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.language.reading import Reading, Span, containing, stems

TIME_UNITS: Final = ("minute", "hour", "day", "business_day", "week", "month", "year")


def measured(claim: Claim) -> tuple[str, str]:
    """What a value measures: two lengths of time are rivals, whatever their units; a fee and a limit are not."""
    if claim.kind == "price":
        return claim.kind, "limit" if claim.bound == "over" else ""
    return claim.kind, "time" if claim.unit in TIME_UNITS else claim.unit


def context_of(reading: Reading, claim: Claim, claims: Sequence[Claim], sentence: tuple[int, int]) -> frozenset[str]:
    """Words that say what a value is about.

    Those of the clause, when the sentence holds other values of the kind (so that they cannot be swapped); else those
    of the sentence.
    """
    rivals = [
        other
        for other in claims
        if other.span != claim.span
        and measured(other) == measured(claim)
        and sentence[0] <= other.start < sentence[1]
        and {claim.place, other.place} != {"first", "second"}
    ]
    if not rivals:
        return _words(reading, sentence, claims)
    return nearest_words(reading, claim, claims, sentence) or _words(reading, sentence, claims)


def nearest_words(reading: Reading, claim: Claim, claims: Sequence[Claim], sentence: Span) -> frozenset[str]:
    """The words of the clause of a claim, or of the nearest one before it: "..., e os componentes, de 3 meses"."""
    clauses = reading.clauses(sentence, tuple(each.span for each in claims))
    own = containing(clauses, claim.start)
    before = [each for each in reversed(clauses) if each[0] <= own[0]]
    return next((words for each in before if (words := _words(reading, each, claims))), frozenset())


def _words(reading: Reading, span: tuple[int, int], claims: Sequence[Claim]) -> frozenset[str]:
    characters = list(reading.folded)
    for claim in claims:
        if claim.unit == "deal" or claim.kind == "bundle":
            continue
        characters[claim.start : claim.end] = " " * (claim.end - claim.start)
    return stems("".join(characters[span[0] : span[1]]))
