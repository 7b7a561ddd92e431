"""What is said of being open or closed, apart from the hours."""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.claims.claims import Claim, Masked

_OPEN: Final = re.compile(
    r"\b(?:estamos|estaremos|ficamos|we are|we're|we will be|we stay|we'll be)(?: \w+)? (?:abert[oa]s|open|"
    r"abiert[oa]s|atendendo|funcionando|atendiendo)\b|"
    r"\b(?:encontr|ach)\w+ (?:a loja )?abert[oa]s?\b|"
    r"\b(?:loja|tienda|store|shop) (?P<said>(?:esta|estara|fica|ficara|is|will be|stays)(?: ja| ainda| still|"
    r" now)? (?:aberta|abierta|open))\b"
)
_CLOSED: Final = re.compile(
    r"\b(?:estamos|estaremos|ficamos|we are|we're|we will be)(?: \w+)? (?:fechad[oa]s|closed|cerrad[oa]s)\b|"
    r"\b(?:nao|no) (?:estamos|estaremos|ficamos|abrimos|abriremos|funcionamos|atendemos|trabalhamos)"
    r"(?: (?:abert|abiert)[oa]s)?\b(?! com)|"
    r"\b(?:loja|tienda|store|shop) (?P<said>(?:esta|estara|fica|ficara|is|will be)(?: ja| still|"
    r" now)? (?:fechada|cerrada|closed))\b|"
    r"\b(?:nao|no) (?:fica|esta|ficara|estara)(?: mais| mas)? abi?ert[oa]s?\b|"
    r"\b(?:encontr|ach)\w+ (?:a loja )?(?:fechad[oa]s?)\b|\b(?:ya |ja )(?:teremos|estaremos) fechado\b|"
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
_ON_BREAK: Final = re.compile(
    r"\b(?:estamos|estaremos|ficamos|fica|esta|we are|we're|is)(?: \w+)? (?:e[mn]|n[oa]|on|at|de) (?:o |noss[oa] |our |"
    r"el |la |horario de |hora d[eo] )?(?:pausa|intervalo|almoco|break|lunch|descanso|almuerzo)(?: d[eo] almoco| break|"
    r" para (?:o )?almoco)?\b|\be (?:a )?hora d[eo] almoco\b"
)
_OPENS: Final = re.compile(
    r"\b(?:abrimos|abriremos|funcionamos|atendemos|we open|open every|abiertos todos)\b(?! (?:so|apenas|somente))"
)
_BREAK: Final = re.compile(
    r"\b(?:tem|ha|temos|fazemos|hay|hacemos|tenemos|we (?:have|take)) (?:uma? |una? |a )?(?:intervalo|pausa|"
    r"(?:lunch )?break)\b|"
    r"\b(?:fechamos|fechad[oa]s?|paramos|cerramos|close) (?:para|p/|pra|por|for) (?:o )?(?:almoco|almuerzo|lunch)\b"
)
_NO_BREAK: Final = re.compile(
    r"\b(?:nao (?:tem|ha|temos|teremos|fazemos)|no (?:hay|tenemos|hacemos)|(?:there's|there is|we have) no|"
    r"(?:do not|don't) (?:have|take))"
    r" (?:nenhuma? |uma? |una? |a |any |ningun[ao]? )?(?:intervalo|pausa|lunch break|break|descanso)\b|"
    r"\b(?:nao|no|never|nunca) (?:fechamos|paramos|cerramos|close) (?:para|p/|pra|por|for) (?:o )?(?:almoco|"
    r"almuerzo|lunch)\b|"
    r"\b(?:vai|vamos|abrimos|abertos|aberta|funcionamos|atendemos) direto\b|(?<=\0 )direto\b|straight through|"
    r"\b(?:sem|sin|without) (?:intervalo|pausa|"
    r"parar|a break|fechar para (?:o )?almoco)\b"
)
PARTS: Final = ("morning", "afternoon", "evening")
_PART: Final = re.compile(
    r"(?P<before>\b(?:(?:so|apenas|somente|solo|solamente|unicamente) |only (?:open )?))?\b(?:"
    r"(?P<morning>(?:de|pela) manha|por la manana|de manana|in the mornings?)|"
    r"(?P<afternoon>(?:a|de|pela) tarde|por la tarde|in the afternoons?)|"
    r"(?P<evening>(?:a|de|pela) noite|por la noche|at night|in the evenings?))\b"
    r"(?P<after> (?:so|apenas|somente|only)\b)?"
)
_OF_OPENING: Final = re.compile(
    r"\b(?:abr\w+|atend\w+|funcion\w+|abert[oa]s?|abiert[oa]s?|open\w*|fech\w+|cerr\w+|clos\w+|expediente|horarios?|"
    r"hours)\b"
)
_BEGINNING: Final = re.compile(r"[.!?;\n](?=[^.!?;\n]*\Z)")
_END: Final = re.compile(r"[.!?;\n]")
_IS: Final = re.compile(r"(?:\b(?:e|sao|es|son|is|are)|[\0:,])\s*$")
_SOON: Final = (
    r"(?:daqui a pouco|daqui a pouquinho|em breve|em instantes|logo mais|soon|shortly|en un rato|en breve|"
    r"en unos minutos|in a (?:bit|moment|while|minute))"
)
_OPENS_SOON: Final = re.compile(
    rf"\b(?:abrimos|abre|abriremos|reabrimos|voltamos|(?:re)?open|volvemos)(?: ja)? {_SOON}\b"
)
_CLOSES_SOON: Final = re.compile(
    rf"\b(?:fechamos|fecha|fecharemos|cerramos|close|closing)(?: ja)? {_SOON}\b|"
    r"\b(?:quase fechando|almost closing|a punto de cerrar|prestes a fechar|about to close)\b"
)
_HOLIDAY: Final = re.compile(r"\b(?:e|sera|es|is) (?:um |a |dia )?(?:public )?(?:feriado|holiday|festivo)\b")
_ON_HOLIDAYS: Final = re.compile(
    r"\b(?:feriados?|holidays?|festivos?)\b[^.!?\n]{0,30}\b(?:abrimos|abert\w+|abiert\w+|funcionamos|open)\b|"
    r"\b(?:abrimos|abert[oa]s|abiert[oa]s|funcionamos|atendemos|open)\b[^.!?\n]{0,20}\b(?:feriados?|holidays?|"
    r"festivos?)\b"
)


def opening_claims(masked: Masked) -> None:
    """Take them."""
    _parts_of_day(masked)
    for value, pattern in (
        ("opens soon", _OPENS_SOON),
        ("closes soon", _CLOSES_SOON),
        ("on break", _ON_BREAK),
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


def _parts_of_day(masked: Masked) -> None:
    """Take the parts of the day that it is said to be open or closed in."""
    for match in _PART.finditer(masked.text):
        start = max((masked.text.rfind(mark, 0, match.start()) for mark in ".!?;\n"), default=-1) + 1
        end = min(
            (at for mark in ".!?;\n" if (at := masked.text.find(mark, match.end())) >= 0), default=len(masked.text)
        )
        only = bool(match["before"] or match["after"])
        told = _OF_OPENING.search(masked.text, start, end) or _IS.search(masked.text, start, match.start())
        name = next(name for name in PARTS if match[name])
        written = masked.reading.text[match.start(name)].lower()
        if told and (written != "a" or masked.reading.text.isascii()):
            masked.take(Claim("open", name, *match.span(), flag="only" if only else ""))
