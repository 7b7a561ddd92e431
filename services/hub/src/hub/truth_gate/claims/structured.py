"""E-mails, links, phones and codes: claims with a shape of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from hub.truth_gate.claims.claims import Claim, ClaimKind, Masked
from hub.truth_gate.claims.links import links
from hub.truth_gate.language.vocabulary import UNIT_PATTERNS

_EMAIL: Final = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_HANDLE: Final = re.compile(r"(?<![\w@.])@[a-z0-9._]{2,}")
_PHONE: Final = re.compile(
    r"(?<![\w.,/-])(?:\+\s?\d{1,3}[\s.-]?)?(?:\(\s?\d{2,3}\s?\)[\s.-]?|"
    r"\d{2,3}[\s.-])?(?:9[\s.])?\d{3,5}[\s.-]\d{4}(?![\w/-])"
    r"|(?<![\w.])0[38]00[\s.-]?\d{3}[\s.-]?\d{4}(?!\w)|\+\d{8,15}(?!\w)|\(\d{2,3}\)\s?\d{8,9}(?!\w)"
)
_POSTAL: Final = re.compile(r"(?<!\w)(?:\d{2}\.?\d{3}-\d{3}|\d{2,3}\.\d{3}\.\d{3}(?:/\d{4})?-\d{2})(?!\w)")
_CODE: Final = re.compile(
    r"(?<![\w$%.,/-])(?=[a-z0-9/_-]*\d)(?=[a-z0-9/_-]*[a-z])[a-z0-9]+(?:[-_/][a-z0-9]+)*(?![\w%])"
)
_LONG_NUMBER: Final = re.compile(r"(?<![\w$.,/-])\d{6,}(?![\w%,]|\.\d)")
_NAMED_CODE: Final = re.compile(
    r"\b(?:cupom|cupon|coupon|codigo|code|sku|ref|referencia|voucher)\b(?:\s+(?:promocional|de desconto|e|is|"
    r"es))?\s*:?\s*"
    r"[\"'*“`]*(?P<code>[a-z0-9][a-z0-9_-]{2,})"
)
_CODE_OF: Final = re.compile(
    r"\b(?:codigo|code|sku|ref|referencia)\b[^.!?\n]{0,60}?(?:\b(?:e|is|es)|"
    r":)\s+(?P<code>[a-z]{2,}(?:-[a-z0-9]+)+)(?![\w-])"
)
_NUMBERED: Final = re.compile(
    r"(?:#\s?|\bn[o°.]\s?|\bnumero\s|\bpedido\s(?:#|n[o°.]\s?)?|\border\s(?:#|no\.\s?)?)(?P<code>\d{3,})(?!\w)"
)
_MEASURE: Final = re.compile(r"\d+(?:x|o|a|st|nd|rd|th|h\d{0,2}(?:min)?|k|mil)|\d+x\d+\w*")


def contact_points(masked: Masked) -> None:
    """Take e-mails, links and handles: before dates, which may stand inside a link."""
    _take_all(masked, _EMAIL, "email", lambda raw: raw.rstrip("."))
    for found in links(masked.reading, masked.text):
        masked.take(Claim("link", found.address, found.start, found.end))
    _take_all(masked, _HANDLE, "link", lambda raw: raw.rstrip("."))


def structured(masked: Masked) -> None:
    """Take phones and codes: after dates and times, which look like some of them."""
    _take_all(masked, _POSTAL, "sku", code)
    _take_all(masked, _PHONE, "phone", digits, keep=lambda raw: 7 <= len(digits(raw)) <= 15)
    for pattern in (_NAMED_CODE, _CODE_OF, _NUMBERED):
        for match in pattern.finditer(masked.text):
            if _looks_like_code(masked, match):
                masked.take(Claim("sku", code(match.group("code")), *match.span("code")))
    _take_all(masked, _CODE, "sku", code, keep=lambda raw: len(raw) >= 3 and not _is_measure(raw))
    _take_all(masked, _LONG_NUMBER, "sku", code)


def _take_all(
    masked: Masked,
    pattern: re.Pattern[str],
    kind: ClaimKind,
    canonical: Callable[[str], str],
    keep: Callable[[str], bool] = bool,
) -> None:
    for match in pattern.finditer(masked.text):
        raw = match.group().rstrip(".,;:!?")
        if keep(raw):
            masked.take(Claim(kind, canonical(raw), match.start(), match.start() + len(raw)))


def _looks_like_code(masked: Masked, match: re.Match[str]) -> bool:
    """A word after "cupom" is a code when it is shouted or holds a digit ("cupom válido" is none)."""
    written = masked.reading.text[slice(*match.span("code"))]
    marked = any(character.isdigit() or character == "-" for character in written)
    return marked or (written.isupper() and not masked.reading.text.isupper())


def _is_measure(raw: str) -> bool:
    if _MEASURE.fullmatch(raw):
        return True
    number = re.match(r"\d+", raw)
    return number is not None and any(
        (unit := pattern.match(raw, number.end())) and unit.end() == len(raw) for _, pattern in UNIT_PATTERNS
    )


def digits(raw: str) -> str:
    """The digits alone."""
    return re.sub(r"\D", "", raw)


def code(raw: str) -> str:
    """A code without its punctuation."""
    return re.sub(r"[^a-z0-9]", "", raw.lower())
