"""What the writer of a reply says to have done, or to be going to do, for the customer: "já abri um chamado".

Answering is all it does; a customer who is told that something is reserved, changed or will be announced counts on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import asks, containing

_STEMS: Final = (
    r"avis|notific|reserv|guard|separ|apart|aplic|cancel|mud|alter|corrig|corrij|atualiz|actualiz|emit|reembols|"
    r"estorn|devolv|agend|marc|registr|abr|liber|autoriz|providenci|solicit|encomend|cambi|bloque|desbloque|program"
)
_DEED: Final = re.compile(
    rf"\b(?:(?:{_STEMS})(?:ei|i|arei|erei|irei|aremos|eremos|(?<!abr)iremos)|(?:te|lhe|ja|ya|eu|yo|"
    rf"le) (?:{_STEMS})(?:o|e)|"
    rf"(?:vou|vamos|irei|iremos|voy a|vamos a) (?:(?:te|lhe|ja) )?(?:{_STEMS}|lig)[aei]r\w*|te ligo|"
    r"(?:i|we)(?:'ll| will|'ve| have)(?: already| just)? (?:let you know|notif\w+|call(?:ed)? you|book\w*|reserv\w+|"
    r"hold|held|set aside|put aside|appl\w+|cancel\w*|chang\w+|updat\w+|refund\w*|issu\w+|open\w*|"
    r"register\w*|schedul\w+))\b"
    r"(?! (?:(?:a|as|os|aqui|algumas|uns|umas|essas|esses|o|com|para|com a|para a|al|el) )?(?:(?:nossa|nosso|"
    r"minha|meu|nuestro) )?(?:equipe|time|pessoal|colega|"
    r"atendente|gerente|alguem|equipo|team|colleague|someone|informac\w+|opc\w+|"
    r"detalh\w+|sugest\w+|dados|produtos))"
)
_SENDING: Final = re.compile(
    r"\b(?:(?:vou|vamos|iremos|voy a|vamos a) (?:te |lhe |le |ja )?(?:enviar|entregar|mandar|despachar|levar)|(?:envi|"
    r"entreg|"
    r"mand|despach)(?:o|arei|aremos|are)|(?:i|we)(?:'ll| will| can) (?:send|ship|deliver|bring))\b"
    r"(?![^.!?\n]{0,25}\b(?:mensagem|mensaje|message|link|enlace|foto|photo|audio|respost\w+|respuesta|answer|"
    r"inform\w+|"
    r"detalh\w+|details?|detalles?|e-?mail|correo|catalogo|lista|opc\w+|options?|equipe|time|team|equipo|colega)\b)"
    r"[^.!?,;\n]{0,40}?\b(?:hoje|amanha|ja|agora mesmo|hoy|manana|today|tomorrow|tonight|right away|ahora mismo|"
    r"esta semana|this week|ainda esta)\b"
)
"""Goods that the writer says to send, and when."""
_TELLING: Final = re.compile(r"(?:te|lhe|le|ja|ya|eu|yo) avis|(?:i|we)(?:'ll| will) let you know")
_NOT: Final = {
    "pt-BR": re.compile(r"\b(?:nao|nunca|sem|que)\b"),
    "es": re.compile(r"\b(?:no|nunca|sin|que)\b"),
    "en": re.compile(r"\b(?:no|not|never|without|that)\b|n't\b"),
}
"""What denies a deed, or makes it that of somebody else."""
_LOOKING: Final = re.compile(
    r"\b(?:verific\w+|confirm\w+|confir\w+|confer\w+|consult\w+|pergunt\w+|pregunt\w+|check|ask|find out|"
    r"averigu\w+|ver)\b"
)
"""What is looked up is told: that is the answer, and no other deed."""


def deeds(case: Case) -> Iterator[tuple[Claim, Judgement]]:
    """Every such deed, refused unless it is asked, denied, or only supposed."""
    found = (match for pattern in (_DEED, _SENDING) for match in pattern.finditer(case.reading.folded))
    for match in found:
        clause = case.subjects.clause(match.start())
        sentence = containing(case.subjects.sentences, match.start())
        asked = asks(case.reading.folded[slice(*sentence)])
        before = case.reading.folded[clause[0] : match.start()]
        if asked or moods.supposes(before + " ") or _NOT[case.locale].search(before):
            continue
        if _TELLING.match(match.group()) and _LOOKING.search(case.reading.folded, sentence[0], match.start()):
            continue
        claim = Claim("promise", "deed", *match.span()).with_raw(case.reading)
        yield claim, refuse("promises a deed that nothing in this turn has done or will do")
