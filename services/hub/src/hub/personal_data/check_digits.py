"""Check digits: what tells a tax id or a card from any other number of its length."""

from __future__ import annotations

import re
from typing import Final

_CPF_LENGTH: Final = 11
_CNPJ: Final = re.compile(r"[0-9A-Z]{12}\d{2}")
_EAN_PREFIXES: Final = ("789", "790")
_EAN_LENGTHS: Final = (8, 12, 13, 14)
_CARD_LENGTHS: Final = range(13, 20)


def is_cpf(digits: str) -> bool:
    """Whether eleven digits are a CPF: modulo 11 twice, and not one digit eleven times."""
    if len(digits) != _CPF_LENGTH or not digits.isdigit() or len(set(digits)) == 1:
        return False
    return all(_mod_11(digits[:end], range(end + 1, 1, -1)) == digits[end] for end in (9, 10))


def is_cnpj(characters: str) -> bool:
    """Whether fourteen characters are a CNPJ, also one with letters (issued since July 2026).

    A letter counts as its ASCII code minus 48; weights run from 2 to 9 and again, from the right; modulo 11.
    """
    if not _CNPJ.fullmatch(characters) or len(set(characters)) == 1:
        return False
    return all(_mod_11(characters[:end], _cnpj_weights(end)) == characters[end] for end in (12, 13))


def is_card(digits: str) -> bool:
    """Whether digits can be a payment card: Luhn over 13 to 19 of them, and no article number."""
    if len(digits) not in _CARD_LENGTHS or not digits.isdigit() or len(set(digits)) == 1 or is_article_number(digits):
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def is_article_number(digits: str) -> bool:
    """Whether digits are a barcode of a product (EAN or GTIN), which customers type as well.

    Thirteen digits can be a card too: only Brazil's own prefixes count there, and no card begins with them.
    """
    if len(digits) not in _EAN_LENGTHS or not digits.isdigit():
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return weighted % 10 == 0 and (len(digits) != 13 or digits.startswith(_EAN_PREFIXES))


def _mod_11(characters: str, weights: range | list[int]) -> str:
    rest = sum((ord(each) - 48) * weight for each, weight in zip(characters, weights, strict=True)) % 11
    return "0" if rest < 2 else str(11 - rest)


def _cnpj_weights(length: int) -> list[int]:
    return [2 + (length - 1 - place) % 8 for place in range(length)]
