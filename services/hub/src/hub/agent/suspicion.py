"""Texts that speak to the assistant instead of about the business.

A sign, not a proof: tools are authorised and replies are checked by code whatever a text says. What shows the sign is
kept from the model all the same: an owner's document has no need to give orders, and a customer who tries is answered
by the built-in responder, which cannot be talked into anything.
"""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.language.reading import fold, normalise

_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
_RULES: Final = r"(?:instruc\w+|instruct\w+|regras|reglas|rules|prompts?|orientac\w+|guidelines|diretrizes)"
_FORGET: Final = (
    r"(?:ignore|ignora|ignorem|ignoren|desconsidere|desconsidera|esqueca|esquece|olvida|olvide|disregard|forget|"
    r"override|bypass)"
)
_ORDERS: Final = re.compile(
    rf"\b{_FORGET}\W+(?:\w+\W+){{0,4}}{_RULES}"
    rf"|\b{_FORGET}\W+(?:tudo|todo|everything|all)\b.{{0,20}}(?:anterior\w*|previous|above|acima|antes|before)"
    r"|\b(?:system|developer|root|debug)\W{0,3}(?:prompt|message|mode|override)\b"
    r"|\bmodo\W+(?:desenvolvedor|desarrollador|administrador|admin|debug|dan)\b"
    r"|\b(?:voce agora e|a partir de agora (?:voce|responda|finja)|you are now|from now on,? you|ahora eres|"
    r"finja (?:ser|que e)|pretend (?:to be|you(?:'re| are)))\b"
    r"|\b(?:revele|mostre|repita|imprima|reveal|print|repeat|show|muestra|repite)\W+(?:\w+\W+){0,3}"
    r"(?:seu|suas?|your|tus?)\W+(?:\w+\W+){0,2}(?:prompts?|instruc\w+|instruct\w+|regras|reglas|rules)"
    r"|\bsystem prompt\b"
    r"|<\s*/?\s*(?:system|assistant|customer|facts|context|tool_result)\b"
    r"|\b(?:jailbreak|prompt injection)\b"
    r"|\b(?:note|nota|instruc\w+|instruction\w*|aviso|atencao|attention)\W+(?:to|para|for)\W+(?:o |a |the |el |la )?"
    r"(?:assistant|assistente|asistente|chatbot|bot|ia|ai|llm)\b"
    r"|\b(?:create_quotation|order_status|verify_identity|create_lead|final_result|propose_\w+|confirm_proposal)\b"
)


def gives_orders(text: str) -> bool:
    """Whether a text looks as if it wanted to instruct the assistant, in Portuguese, Spanish or English."""
    return _ORDERS.search(fold(normalise(text)).lower()) is not None


def visible(text: str) -> str:
    """The text without characters that nobody sees: zero-width ones, direction marks, tags."""
    return _INVISIBLE.sub("", text)
