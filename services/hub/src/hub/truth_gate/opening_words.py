"""What is said of being open or closed, apart from the hours."""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.claims import Claim, Masked

_OPEN: Final = re.compile(
    r"\b(?:estamos|estaremos|we are|we're|we will be|estaremos)(?: \w+)? (?:abert[oa]s|open|abiert[oa]s)\b"
)
_CLOSED: Final = re.compile(
    r"\b(?:estamos|estaremos|we are|we're|we will be)(?: \w+)? (?:fechad[oa]s|closed|cerrad[oa]s)\b|"
    r"\b(?:nao abrimos|nao abriremos|nao funcionamos|no abrimos|we (?:do not|don't|will not|won't) open)\b"
)
_HOLIDAY: Final = re.compile(r"\b(?:e|sera|es|is) (?:um |a |dia )?(?:public )?(?:feriado|holiday|festivo)\b")
_ON_HOLIDAYS: Final = re.compile(
    r"\b(?:feriados?|holidays?|festivos?)\b[^.!?\n]{0,30}\b(?:abrimos|abert\w+|abiert\w+|funcionamos|open)\b|"
    r"\b(?:abrimos|abert[oa]s|abiert[oa]s|funcionamos|atendemos|open)\b[^.!?\n]{0,20}\b(?:feriados?|holidays?|festivos?)\b"
)


def opening_claims(masked: Masked) -> None:
    """Take them."""
    for value, pattern in (
        ("closed", _CLOSED),
        ("open on holidays", _ON_HOLIDAYS),
        ("open", _OPEN),
        ("holiday", _HOLIDAY),
    ):
        for match in pattern.finditer(masked.text):
            masked.take(Claim("open", value, *match.span()))
