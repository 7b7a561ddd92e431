"""Texts that speak to the assistant instead of about the business.

A sign, not a proof: tools are authorised and replies are checked by code whatever a text says. What shows the sign is
kept from the model all the same: an owner's document has no need to give orders, and a customer who tries is answered
by the built-in responder, which cannot be talked into anything.
"""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.reading import fold, normalise

_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
_ORDERS: Final = re.compile(
    r"(?:ignor\w+|desconsider\w+|esque[cç]\w+|olvid\w+|disregard|forget|override|bypass)\W+(?:\w+\W+){0,4}"
    r"(?:instruc\w+|instruct\w+|regras|reglas|rules|prompt\w*|orientac\w+|guidelines|diretrizes|anterior\w*|previous)"
    r"|(?:system|developer|admin|root|debug|desenvolvedor|administrador|sistema)\W{0,3}(?:prompt|message|mode|override|modo)"
    r"|modo\W+(?:desenvolvedor|administrador|admin|debug|dan|livre)"
    r"|(?:voce agora e|a partir de agora (?:voce|aja|responda|finja)|you are now|from now on you|act as|aja como|"
    r"finja (?:ser|que)|pretend (?:to be|you)|ahora eres|actua como)\b"
    r"|(?:revele|mostre|repita|imprima|reveal|print|repeat|show|muestra|repite)\W+(?:\w+\W+){0,4}"
    r"(?:prompt|instruc\w+|instruct\w+|system)"
    r"|<\s*/?\s*(?:system|assistant|instructions?|facts|context|tool_result)\b"
    r"|\b(?:jailbreak|prompt injection)\b"
    r"|(?:note|nota|instrucao|instruction|aviso|atencao|attention)\W+(?:to|para|for)\W+(?:o |a |the |el |la )?"
    r"(?:assistant|assistente|asistente|chatbot|bot|ia|ai|modelo|model|llm)\b"
    r"|(?:call|use|chame|execute|invoque|llama)\W+(?:\w+\W+){0,3}(?:the )?"
    r"(?:tool|ferramenta|funcao|function|herramienta)\b"
    r"|\b(?:create_quotation|order_status|verify_identity|create_lead|final_result|propose_\w+|confirm_proposal)\b"
)


def gives_orders(text: str) -> bool:
    """Whether a text looks as if it wanted to instruct the assistant, in Portuguese, Spanish or English."""
    return _ORDERS.search(fold(normalise(text)).lower()) is not None


def visible(text: str) -> str:
    """The text without characters that nobody sees: zero-width ones, direction marks, tags."""
    return _INVISIBLE.sub("", text)
