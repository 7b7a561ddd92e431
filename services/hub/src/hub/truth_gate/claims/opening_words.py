"""What is said of being open or closed, apart from the hours."""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.claims.claims import Claim, Masked

_OPEN: Final = re.compile(
    r"\b(?:estamos|estaremos|ficamos|we are|we're|we will be|we stay|we'll be)(?: \w+)? (?:abert[oa]s|open|"
    r"abiert[oa]s)\b|"
    r"\b(?:loja|tienda|store|shop) (?P<said>(?:esta|estara|fica|ficara|is|will be|stays)(?: ja| ainda| still|"
    r" now)? (?:aberta|abierta|open))\b"
)
_CLOSED: Final = re.compile(
    r"\b(?:estamos|estaremos|ficamos|we are|we're|we will be)(?: \w+)? (?:fechad[oa]s|closed|cerrad[oa]s)\b|"
    r"\b(?:nao|no) (?:estamos|estaremos|ficamos|abrimos|abriremos|funcionamos|atendemos|trabalhamos)"
    r"(?: (?:abert|abiert)[oa]s)?\b(?! com)|"
    r"\b(?:loja|tienda|store|shop) (?P<said>(?:esta|estara|fica|ficara|is|will be)(?: ja| still|"
    r" now)? (?:fechada|cerrada|closed))\b|"
    r"\bwe(?: are|'re)(?: not|n't) open\b|\bwe (?:do not|don't|will not|won't) open\b|"
    r"\b(?:loja|tienda|store|shop) (?:nao|no|does not|doesn't) (?:abre|abrira|funciona|open)\b|"
    r"\b(?:nao (?:tem|ha|temos|teremos|havera)|sem) (?:atendimento|expediente)\b|"
    r"\b(?:closed|fechad[oa]s?|cerrad[oa]s?) (?:on |no |na |nos |nas |aos |el |los |em )?(?=\0)|"
    r"\bdescansamos\b|\b(?:loja|tienda|store|shop) (?:vai estar |estara |fica |is |will be )?(?:fechada|cerrada|"
    r"closed)\b|\bdia de (?:descanso|folga)\b|\0(?::|,)? (?:fechad[oa]s?|closed|"
    r"cerrad[oa]s?)(?=\s*(?:[.!;,\n]|$))|\b(?:estamos|ficamos) de folga\b|\0\s+(?:nos |a gente )?(?:fechamos|"
    r"cerramos)(?=\s*(?:[.!;,\n]|$))|"
    r"\b(?:ja fechamos|fechamos por hoje|ya cerramos|we(?:'ve| have) closed)\b"
)
_OPENS: Final = re.compile(
    r"\b(?:abrimos|abriremos|funcionamos|atendemos|we open|open every|abiertos todos)\b(?! (?:so|apenas|somente))"
)
_BREAK: Final = re.compile(
    r"\b(?:fechamos|fechad[oa]s?|paramos|cerramos|close) (?:para|p/|pra|por|for) (?:o )?(?:almoco|almuerzo|lunch)\b"
)
_NO_BREAK: Final = re.compile(
    r"\b(?:nao|no|never|nunca) (?:fechamos|paramos|cerramos|close) (?:para|p/|pra|por|for) (?:o )?(?:almoco|"
    r"almuerzo|lunch)\b|"
    r"\b(?:vai|vamos|abrimos|abertos|aberta) direto\b|straight through|\b(?:sem|sin|without) (?:intervalo|pausa|"
    r"parar|a break|fechar para (?:o )?almoco)\b"
)
_HOLIDAY: Final = re.compile(r"\b(?:e|sera|es|is) (?:um |a |dia )?(?:public )?(?:feriado|holiday|festivo)\b")
_ON_HOLIDAYS: Final = re.compile(
    r"\b(?:feriados?|holidays?|festivos?)\b[^.!?\n]{0,30}\b(?:abrimos|abert\w+|abiert\w+|funcionamos|open)\b|"
    r"\b(?:abrimos|abert[oa]s|abiert[oa]s|funcionamos|atendemos|open)\b[^.!?\n]{0,20}\b(?:feriados?|holidays?|"
    r"festivos?)\b"
)


def opening_claims(masked: Masked) -> None:
    """Take them."""
    for value, pattern in (
        ("closed", _CLOSED),
        ("open on holidays", _ON_HOLIDAYS),
        ("open", _OPEN),
        ("no break", _NO_BREAK),
        ("lunch break", _BREAK),
        ("opens", _OPENS),
        ("holiday", _HOLIDAY),
    ):
        for match in pattern.finditer(masked.text):
            span = match.span("said") if match.groupdict().get("said") else match.span()
            masked.take(Claim("open", value, *span))
