"""Words that decide what a rule's value is about: ways of paying, delivery and pick-up, places.

A sentence may paraphrase a rule with words of its own, but not with one of these that the rule does not have: "5 % no
Pix" is not "5 % no cartão", and a deadline for one town says nothing of another.
"""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.case import Case
from hub.truth_gate.claims import Claim
from hub.truth_gate.grounds import Ground
from hub.truth_gate.reading import fold, stem

_TOPICS: Final = {
    "pix": r"pix",
    "card": r"cart(?:ao|oes)|credito|credit|cards?|tarjetas?",
    "debit": r"debito|debit",
    "boleto": r"boletos?",
    "cash": r"dinheiro|especie|cash|efectivo",
    "cheque": r"cheques?",
    "delivery": r"fretes?|entrega\w*|envi[oa]s?|enviamos|shipping|deliver\w*|motoboy|motoqueiro|correios|domicilio",
    "courier": r"motoboy|motoqueiro|courier",
    "same day": r"(?:no|el|o) mesmo dia|mismo dia|same[- ]day|ainda hoje|hoje mesmo",
    "pick-up": r"retir\w+|pick(?:ed|ing)?[- ]?up|buscar",
    "exchange": r"troc(?:a|as|ar|amos|ado)|exchange\w*|cambi(?:o|os|ar|amos)",
    "refund": r"reembols\w+|estorn\w+|refund\w*",
    "warranty": r"garantias?|warrant\w+|guarantee",
}
_PATTERNS: Final = {name: re.compile(rf"\b(?:{words})\b") for name, words in _TOPICS.items()}
_PLACE: Final = re.compile(
    r"\b(?:[Ee]m|[Nn][oa]s?|[Pp]ara|[Pp]r[ao]|[Ii]n|[Tt]o|[Ee]n|[Aa]t[eé])\s+(?:o |a |the |la |el )?"
    r"(?P<place>[A-ZÀ-Ý][\wà-ÿ]{2,}(?:\s+(?:d[eao]s?\s+)?[A-ZÀ-Ý][\wà-ÿ]+)*)"
)


def topic_objection(case: Case, claim: Claim, ground: Ground) -> str:
    """Why a rule's value is not about what the clause speaks of; empty when nothing speaks against it."""
    text = " ".join(value for subject, value in case.knowledge.texts if subject == ground.subject)
    if not text:
        return ""
    start, end = case.subjects.clause(claim.start)
    clause = case.reading.folded[start:end]
    for name, pattern in _PATTERNS.items():
        if pattern.search(clause) and not pattern.search(text):
            return f"{ground.subject} does not speak of that ({name})"
    return _place_objection(case.reading.text[start:end], text, ground)


def _place_objection(clause: str, text: str, ground: Ground) -> str:
    known = {stem(word) for word in re.findall(r"[a-z]+", text)}
    for match in _PLACE.finditer(clause):
        words = [stem(word) for word in re.findall(r"[a-z]{3,}", fold(match["place"]))]
        if words and not all(word in known for word in words):
            return f"{ground.subject} does not speak of {match['place']}"
    return ""
