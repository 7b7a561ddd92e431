"""Does what a customer typed prove who it is? Pure comparisons; nothing of what Odoo has on file comes out of here."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from common.odoo_answers import IdentityProof, IdentityVerdict

Anchor: TypeAlias = Literal["phone", "order", "email"]
"""What led to a candidate, the strongest first: a channel's phone, an order number, an e-mail somebody typed."""

_FEWEST_DIGITS: Final = 4
_CPF_LENGTH, _CNPJ_LENGTH = 11, 14
_EMAIL: Final = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:]+\.[^\s@<>,;:]+")
# A number with the marks people put into it, or a CNPJ of the alphanumeric kind (from 2026): always ends in digits.
_CODE: Final = re.compile(r"(?:[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2})|(?:\d[\d.\-/ ]*\d|\d)")


@dataclass(frozen=True)
class Candidate:
    """A partner who may be the one who writes, with what Odoo has on file: never shown, never logged."""

    partner_id: int
    customer_id: int
    anchors: frozenset[Anchor]
    document: str = ""
    email: str = ""

    @property
    def proofs(self) -> tuple[IdentityProof, ...]:
        """What could be compared."""
        found: list[IdentityProof] = []
        if self.document:
            found.append("document")
        if self.email:
            found.append("email")
        return tuple(found)

    def __repr__(self) -> str:
        return f"Candidate(partner_id={self.partner_id}, customer_id={self.customer_id}, proofs={self.proofs})"


@dataclass(frozen=True)
class Claim:
    """What can be read in the customer's text."""

    document: str = ""
    email: str = ""


def read_claim(text: str) -> Claim:
    """Find the document and the e-mail in a text; of several numbers the longest is meant."""
    email = _EMAIL.search(text)
    rest = _EMAIL.sub(" ", text).upper()
    codes = sorted((document_of(each) for each in _CODE.findall(rest)), key=len)
    return Claim(codes[-1] if codes else "", email_of(email.group()) if email else "")


def document_of(value: str) -> str:
    """A CPF, CNPJ or VAT number without marks and country letters."""
    plain = re.sub(r"[^0-9A-Z]", "", value.upper())
    return plain.removeprefix("BR")


def email_of(value: str) -> str:
    """An e-mail as it is compared."""
    return value.strip().strip(".").casefold()


def verify(claim: Claim, candidates: Sequence[Candidate]) -> IdentityVerdict:
    """Compare a claim with the candidates. Each anchor asks for its own strength of proof."""
    if not candidates:
        return IdentityVerdict(outcome="no_candidate")
    if not claim.document and not claim.email:
        return IdentityVerdict(outcome="unreadable")
    if not any(each.proofs for each in candidates):
        return IdentityVerdict(outcome="nothing_on_file")
    if not claim.email and len(claim.document) < _FEWEST_DIGITS:
        return IdentityVerdict(outcome="too_short")
    proven = [(each, proof) for each in candidates if (proof := _proof(claim, each)) is not None]
    if not proven:
        return IdentityVerdict(outcome="too_short" if _could_be_longer(claim, candidates) else "no_match")
    if len({each.customer_id for each, _ in proven}) > 1:
        return IdentityVerdict(outcome="ambiguous")
    partner, proof = proven[0]
    return IdentityVerdict(
        outcome="verified", partner_id=partner.partner_id, customer_id=partner.customer_id, proof=proof
    )


def _proof(claim: Claim, candidate: Candidate) -> IdentityProof | None:
    if claim.document and candidate.document and _document_proves(claim.document, candidate):
        return "document"
    # An e-mail that leads to the partner cannot prove the partner too.
    if claim.email and candidate.email and candidate.anchors & {"phone", "order"}:
        return "email" if _equal(claim.email, candidate.email) else None
    return None


def _document_proves(claimed: str, candidate: Candidate) -> bool:
    if _equal(claimed, candidate.document):
        return True
    part = "phone" in candidate.anchors and _FEWEST_DIGITS <= len(claimed) < len(candidate.document)
    return part and _equal(claimed, candidate.document[-len(claimed) :])


def _could_be_longer(claim: Claim, candidates: Sequence[Candidate]) -> bool:
    """Whether only a part of a document was given where the whole one is needed: nothing was compared then."""
    if claim.email or len(claim.document) in (_CPF_LENGTH, _CNPJ_LENGTH):
        return False
    return not any("phone" in each.anchors for each in candidates)


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
