"""Finding personal data in a text. Names and street addresses have no shape and are not found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from hub.personal_data.check_digits import is_article_number, is_card, is_cnpj, is_cpf

PersonalKind = Literal["EMAIL", "PIX", "CNPJ", "CPF", "CARD", "PHONE"]

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PIX: Final = re.compile(r"(?<![\w-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])")
_CNPJ_WRITTEN: Final = re.compile(
    r"(?<![\w.])[0-9A-Za-z]{2}\.[0-9A-Za-z]{3}\.[0-9A-Za-z]{3}/[0-9A-Za-z]{4}-?\d{2}(?!\w)"
)
_CNPJ_BARE: Final = re.compile(r"(?<![\w.])[0-9A-Za-z]{12}\d{2}(?!\w)")
_CPF_WRITTEN: Final = re.compile(r"(?<![\w.])\d{3}\.\d{3}\.\d{3}[-. ]?\d{2}(?!\w)|(?<![\w.])\d{9}-\d{2}(?!\w)")
_CARD: Final = re.compile(r"(?<![\w.,])\d(?:[ -]?\d){12,18}(?![\w])")
_DIGITS: Final = re.compile(r"(?<![\w.,/-])\d{8,14}(?![\w/-]|[.,]\d)")
_PHONE_WRITTEN: Final = re.compile(
    r"(?<![\w.,/-])(?:\+|00)\d[\d ().-]{6,17}\d(?!\w)"
    r"|(?<![\w.,/-])(?:55[ .-]?)?\(?0?\d{2}\)?[ .-]?9?[ .]?\d{4}[ .-]?\d{4}(?![\w/-])"
    r"|(?<![\w.,/-])9?\d{4}-\d{4}(?![\w/-])"
)
_PHONE_LENGTHS: Final = range(8, 16)
_AREA: Final = r"(?:1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])"
_MOBILE: Final = re.compile(rf"(?:55)?{_AREA}9\d{{8}}")
_LANDLINE: Final = re.compile(rf"(?:55)?{_AREA}[2-5]\d{{7}}")
_CALLED_CPF: Final = re.compile(r"cpf\W{0,3}(?:\w+\W{1,3}){0,2}$", re.IGNORECASE)
_CALLED_CPF_WITHIN: Final = 30


@dataclass(frozen=True)
class Found:
    """One piece of personal data; `value` is canonical (digits alone, upper-case tax ids, the address as written)."""

    kind: PersonalKind
    start: int
    end: int
    value: str


def find(text: str) -> list[Found]:
    """All personal data in a text, in order, none overlapping.

    A CPF or CNPJ written with its punctuation counts even when mistyped; digits alone only with valid check digits,
    so that order numbers, prices and barcodes stay what they are.
    """
    kept: list[Found] = []
    for each in _candidates(text):
        if all(each.end <= other.start or each.start >= other.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda found: found.start)


def _candidates(text: str) -> Iterator[Found]:
    """The surest first: an earlier one keeps its characters."""
    for match in _EMAIL.finditer(text):
        yield Found("EMAIL", *match.span(), match[0])
    for match in _PIX.finditer(text):
        yield Found("PIX", *match.span(), match[0].lower())
    yield from _tax_ids(text)
    for match in _CARD.finditer(text):
        if is_card(_digits(match[0])):
            yield Found("CARD", *match.span(), _digits(match[0]))
    yield from _phones(text)


def _tax_ids(text: str) -> Iterator[Found]:
    for match in _CNPJ_WRITTEN.finditer(text):
        yield Found("CNPJ", *match.span(), re.sub(r"[^0-9A-Z]", "", match[0].upper()))
    for match in _CPF_WRITTEN.finditer(text):
        yield Found("CPF", *match.span(), _digits(match[0]))
    for match in _CNPJ_BARE.finditer(text):
        if is_cnpj(match[0].upper()) and not is_article_number(match[0]):
            yield Found("CNPJ", *match.span(), match[0].upper())
    for match in _DIGITS.finditer(text):
        # One mobile number in a hundred is a valid CPF as well: then the words before it decide.
        called = _CALLED_CPF.search(text[max(0, match.start() - _CALLED_CPF_WITHIN) : match.start()])
        if is_cpf(match[0]) and (called or not _MOBILE.fullmatch(match[0])):
            yield Found("CPF", *match.span(), match[0])


def _phones(text: str) -> Iterator[Found]:
    for match in _PHONE_WRITTEN.finditer(text):
        digits = _digits(match[0])
        bare = digits == match[0]
        if len(digits) not in _PHONE_LENGTHS or is_article_number(digits):
            continue
        if not bare or _MOBILE.fullmatch(digits) or (len(digits) >= 10 and _LANDLINE.fullmatch(digits)):
            yield Found("PHONE", *match.span(), digits)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
