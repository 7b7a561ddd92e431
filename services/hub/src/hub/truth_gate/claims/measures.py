"""Measures of equal size: 24 months are two years, 1 hour is 60 minutes, half a kilo is 500 g."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim

_BASE: Final[dict[str, tuple[str, Decimal]]] = {
    "minute": ("minute", Decimal(1)),
    "hour": ("minute", Decimal(60)),
    "day": ("minute", Decimal(1440)),
    "week": ("minute", Decimal(10080)),
    "month": ("month", Decimal(1)),
    "year": ("month", Decimal(12)),
    "mg": ("mg", Decimal(1)),
    "g": ("mg", Decimal(1000)),
    "kg": ("mg", Decimal(1000000)),
    "ml": ("ml", Decimal(1)),
    "l": ("ml", Decimal(1000)),
    "mm": ("mm", Decimal(1)),
    "cm": ("mm", Decimal(10)),
    "m": ("mm", Decimal(1000)),
    "km": ("mm", Decimal(1000000)),
}


def equal_measure(claim: Claim, known: Claim) -> bool:
    """Whether two numbers with units are the same size. A number without a unit, or of a deal, equals itself only."""
    if claim.unit == known.unit:
        return claim.value == known.value
    said, read = _BASE.get(claim.unit), _BASE.get(known.unit)
    if not said or not read or said[0] != read[0]:
        return False
    return claim.number * said[1] == known.number * read[1]
