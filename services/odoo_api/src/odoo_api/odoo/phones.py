"""Whether two ways to write a phone number mean the same line: pure comparisons, Brazil's habits included.

Odoo keeps numbers as people typed them. Brazil writes the same mobile with or without country code, carrier zero and
the ninth digit; WhatsApp itself leaves that digit out for many area codes.
"""

from __future__ import annotations

import re
from typing import Final

_BRAZIL: Final = "55"
_TAIL: Final = 8
_NATIONAL_LENGTHS: Final = (10, 11)
_SHORTEST_FOREIGN: Final = 9


def digits_of(number: str) -> str:
    """The digits, without an international or carrier zero in front."""
    return re.sub(r"\D", "", number).lstrip("0")


def search_tail(number: str) -> str | None:
    """The end of the number that every way to write it shares; None: too short to look for."""
    digits = digits_of(number)
    return digits[-_TAIL:] if len(digits) >= _TAIL else None


def search_pattern(tail: str) -> str:
    """The tail as an `ilike` value that also matches with one mark between its halves: `9555%0101`."""
    half = len(tail) // 2
    return f"{tail[:half]}%{tail[half:]}"


def same_phone(contact: str, record: str) -> bool:
    """Whether a record's number is the contact's.

    `contact` comes from a channel and has its country code; a record without an area code is too little to be sure.
    """
    ours, theirs = digits_of(contact), digits_of(record)
    if not ours or not theirs:
        return False
    if ours.startswith(_BRAZIL) and len(ours) - 2 in _NATIONAL_LENGTHS:
        return _brazilian(ours) == _brazilian(theirs)
    return ours == theirs or (len(theirs) >= _SHORTEST_FOREIGN and ours.endswith(theirs))


def _brazilian(digits: str) -> tuple[str, str] | None:
    """Area code and the last eight digits."""
    if digits.startswith(_BRAZIL) and len(digits) - 2 in _NATIONAL_LENGTHS:
        digits = digits[2:]
    if len(digits) not in _NATIONAL_LENGTHS:
        return None
    area, line = digits[:2], digits[2:]
    if len(line) == _TAIL + 1:
        if not line.startswith("9"):
            return None
        line = line[1:]
    return area, line
