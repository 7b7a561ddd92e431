"""What a reply says of the customer's own world: "para a festa da sua filha", "a que você viu na vitrine", "o Bento".

Nothing of it is told of the company and its goods, so no fact is needed; and nothing of it is a thing with a price.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from hub.truth_gate.language.reading import Reading, Span

_STATED: Final = (
    r"(?! (?:ja |nao |ya |no |already )?(?:e|esta|estao|foi|foram|sera|serao|ficou|vai|vao|tem|is|are|was|were|will|"
    r"has|es|fue|va|tiene)\b)"
)
"""What follows when something is told of it all the same: "sua vaga está garantida"."""
_THEIRS: Final = re.compile(
    r"(?<!amos )(?<!emos )(?<!imos )\b(?P<whose>(?:(?<=para o )[a-z]+ d[aeo]s? |(?<=para a )[a-z]+ d[aeo]s? )?"
    rf"(?:seus?|suas?|teus?|tuas?|tus?|sus?|your) (?:[a-z]+ )?[a-z-]+)(?<! d[aeo])(?<! que){_STATED}"
)
_THEY_DID: Final = re.compile(
    r"\b(?:que|which|that) (?P<whose>(?:voce|voces|vc|o senhor|a senhora|tu|usted|ustedes|"
    r"you) [^.!?,;:\n]*?)(?= (?:e|esta|deve|"
    r"fica|sai|custa|vem|tem|is|are|has|costs|es|cuesta|tiene|deben?|sera)\b|[.!?,;:\n]|$)"
)
_YOU_DID: Final = re.compile(
    r"(?<=[a-z0-9)] )(?P<whose>you (?:asked|mentioned|wanted|saw|liked|ordered|bought)\b(?: about| for)?)"
)
_ENOUGH_FOR: Final = re.compile(
    r"\b(?:da|alcanza|enough) (?:para|pra|for) (?P<whose>(?:o|a|os|as|la|el|the|all|both) [^.!?,;:\n]*)|"
    r"\bda pro (?P<w>[^.!?,;:\n]*)"
)
_OF_THEIRS: Final = re.compile(r"\b(?:seus?|suas?|tus?|sus?|your) [a-z]+, (?P<whose>(?:que|who) [^.!?,;:\n]*)")
_NAMED: Final = re.compile(
    r"(?<=[a-zà-ÿ,] )(?:[oa]|d[oa]|pro|pra|para [oa]|ao|à|com [oa]|el|la|del|"
    r"al) (?P<whose>[A-ZÀ-Ý][a-zà-ÿ]{2,})\b(?! [A-ZÀ-Ý])"
)


@lru_cache(maxsize=512)
def asides(reading: Reading) -> tuple[Span, ...]:
    """Where a reply speaks of the customer's own world; names of people and pets are left out."""
    patterns = (_THEIRS, _THEY_DID, _YOU_DID, _OF_THEIRS, _ENOUGH_FOR)
    return tuple(m.span("whose") for pattern in patterns for m in pattern.finditer(reading.folded))


@lru_cache(maxsize=512)
def names(reading: Reading) -> tuple[Span, ...]:
    """Where a single name stands after an article: "o Bento", "da Bia"."""
    return tuple(m.span("whose") for m in _NAMED.finditer(reading.text))


def within(position: int, spans: tuple[Span, ...]) -> bool:
    """Whether a position lies in one of these."""
    return any(start <= position < end for start, end in spans)
