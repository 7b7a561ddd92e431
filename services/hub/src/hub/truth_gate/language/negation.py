"""What a denial denies: "sem valor mínimo" denies a least amount, and nothing else of its sentence.

A word that lacks something ("sem", "without") governs what stands behind it up to the end of its phrase; at the
beginning of a clause, and where it is a verb that is denied ("não vale"), all of the clause.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from hub.truth_gate.language.reading import Span, meaning
from hub.truth_gate.language.statement_words import NEGATIONS, NO_DENIAL

_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]|\b[a-z]\b")
_LACKING: Final = ("sem", "sin", "without")
_STOPS: Final = re.compile(r"[,;:.!?()\n]")
_BEGINS: Final = re.compile(
    r"[;:.!?()\n]|,(?! ?(?:e|y|and|ou|o|or|nem|ni) )|\b(?:mas|porem|pero|but)\b|\b(?:e|y|and)(?= (?:nao|no|not|n't|"
    r"nunca|never)\b)"
)
_ENDS: Final = re.compile(
    r"[;:.!?()\n]|,? (?:mas|porem|pero|but|so|apenas|somente|solo|only)\b|, (?=(?:e|sao|is|are|es)\b)"
)
_PHRASE_ENDS: Final = re.compile(
    r"[,;:.!?()\n]|\b(?:mas|porem|pero|but|no|na|nos|nas|em|para|pra|com|por|en|con|on|in|for|with|que|porque)\b"
)
_PORTUGUESE: Final = re.compile(r"\b(?:nao|em|um|uma|do|da|dos|das|ao|com|ou|o|os|sem|ate|voce)\b")
_SPANISH: Final = re.compile(r"\b(?:el|los|las|con|del|hay|y|sin|hasta|en|una)\b")


@lru_cache(maxsize=1_024)
def language_of(folded: str) -> str:
    """The language a folded text is written in, by its small words."""
    portuguese, spanish = len(_PORTUGUESE.findall(folded)), len(_SPANISH.findall(folded))
    return "en" if not portuguese and not spanish else "pt-BR" if portuguese >= spanish else "es"


@lru_cache(maxsize=4_096)
def denied_spans(folded: str, locale: str) -> tuple[Span, ...]:
    """The parts of a folded text that are denied in it; words that only look like a denial deny nothing."""
    fixed = [match.span() for match in NO_DENIAL.finditer(folded)]
    found = []
    for match in NEGATIONS[locale].finditer(folded):
        if not any(start <= match.start() < end for start, end in fixed):
            found.append(_governed(folded, match, locale))
    return tuple(found)


def denied_words(folded: str, locale: str) -> frozenset[str]:
    """The stems of the words that are denied in a folded text."""
    spans = denied_spans(folded, locale)
    return frozenset(meaning(m.group()) for start, end in spans for m in _WORD.finditer(folded, start, end))


def _governed(folded: str, match: re.Match[str], locale: str) -> Span:
    begins = max((m.end() for m in _BEGINS.finditer(folded) if m.end() <= match.start()), default=0)
    lacks = match.group() in _LACKING or (match.group() == "no" and locale == "en")
    if lacks and _WORD.search(folded, begins, match.start()):
        end = _PHRASE_ENDS.search(folded, match.end())
        return (match.start(), end.start() if end else len(folded))
    end = (_STOPS if lacks else _ENDS).search(folded, match.end())
    return (begins, end.start() if end else len(folded))
