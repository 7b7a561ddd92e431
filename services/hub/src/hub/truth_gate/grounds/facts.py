"""Turning an owner's words into facts, so that they can be quoted."""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast

from common.facts import Fact, FactKind
from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.claims.extract import read_claims

_AS_NUMBER: Final = {"instalments": "instalment", "bundle": "unit"}
_SAID_ONLY: Final = ("free", "promise", "trait", "open")


def facts_from_text(
    text: str, subject: str, source: str, read_at: datetime, *, locale: str = "pt-BR"
) -> tuple[Fact, ...]:
    """The text itself as a fact, and each value in it as a typed one for the record.

    The gate judges by the text, which keeps a value tied to the words around it; the typed facts let a person see at a
    glance what a reply stood on.
    """
    whole = Fact(kind="text", value=text, subject=subject, source=source, read_at=read_at)
    _, claims = read_claims(text, locale, read_at.date())
    typed = [_typed(claim, subject, source, read_at) for claim in claims if _is_a_value(claim)]
    return (whole, *dict.fromkeys(typed))


def _is_a_value(claim: Claim) -> bool:
    return claim.kind not in _SAID_ONLY and claim.flag != "availability"


def _typed(claim: Claim, subject: str, source: str, read_at: datetime) -> Fact:
    kind = "number" if claim.kind in _AS_NUMBER else claim.kind
    unit = _AS_NUMBER.get(claim.kind, claim.unit if claim.kind == "number" and claim.unit != "deal" else "")
    return Fact(
        kind=cast("FactKind", kind),
        value=f"{claim.value} {unit}".strip(),
        subject=subject,
        source=source,
        read_at=read_at,
        currency=claim.currency or None,
    )
