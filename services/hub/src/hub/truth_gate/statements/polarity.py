"""What a reply denies without a value although it was read: "a coleira M não é vermelha", "o crédito não vale"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import Span, asks, meaning, tells_topic
from hub.truth_gate.language.statement_words import NEGATIONS
from hub.truth_gate.statements.stated import without_fixed
from hub.truth_gate.statements.statements import same_language

Judged = tuple[Claim, Judgement]

_DENYING: Final = {
    "pt-BR": re.compile(r"\b(?:nao|nunca|jamais)\b(?! (?:so|apenas|somente|ha|se preocupe)\b)"),
    "es": re.compile(r"\b(?:no|nunca|jamas)\b(?! (?:solo|hay|se preocupe)\b)"),
    "en": re.compile(r"\b(?:not|never|cannot)\b(?! only\b)|n't\b"),
}
_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]|\b[a-z]\b|\d+")
_OTHERWISE: Final = re.compile(r"\b(?:mais|more|mas|menos|less|so|apenas|only|solo|outr[oa]s?|other|nada|nothing|juros|intereses|interest|custo|costo)\b")
_LEAST: Final = 2
"""So many words of a clause have to be read together before it counts as read."""


def wrongly_denied(case: Case) -> Iterator[Judged]:
    """Every clause that denies what was read, refused."""
    for sentence in case.subjects.sentences:
        if asks(case.reading.folded[slice(*sentence)]):
            continue
        for clause in case.subjects.clauses(sentence):
            denial = _DENYING[case.locale].search(case.reading.folded, *clause)
            if not denial or _states_nothing(case, clause):
                continue
            span = (denial.start(), clause[1])
            why = _of_its_name(case, clause, denial.end()) or _read_as_so(case, clause)
            if why:
                yield Claim("statement", "denied", *span).with_raw(case.reading), refuse(why)


def _states_nothing(case: Case, clause: Span) -> bool:
    folded = case.reading.folded[slice(*clause)]
    itself = moods.supposes(folded) or moods.speaks_of_itself(folded) or moods.bids(folded)
    return itself or is_uncertain(case, clause[1]) or bool(_OTHERWISE.search(folded))


def _of_its_name(case: Case, clause: Span, at: int) -> str:
    """Why a product is what it is said not to be: its name says so."""
    named = [m for m in case.subjects.mentions if clause[0] <= m.start < at and not m.foreign]
    said = {w.group() for w in _WORD.finditer(case.reading.folded, at, clause[1])}
    for mention in named[-1:]:
        for label, subject in case.knowledge.labels.items():
            own = said & {w for w in _WORD.findall(label) if tells_topic(w) or len(w) == 1 or w.isdigit()}
            if subject in mention.subjects and len(mention.subjects) == 1 and own and said <= set(_WORD.findall(label)) | _BEING:
                return f"{subject} is {label!r}"
    return ""


_BEING: Final = frozenset("e sao tem vem fica es son tiene is are has de do da a o com".split())


def _read_as_so(case: Case, clause: Span) -> str:
    """The text that says what a clause denies."""
    if not same_language(case):
        return ""
    said = {meaning(w) for w in _WORD.findall(without_fixed(case.reading.folded[slice(*clause)])) if tells_topic(w)}
    if len(said) < _LEAST:
        return ""
    told = [(s, t) for s, t, stems in case.knowledge.sentences if stems >= said]
    if told and not any(NEGATIONS[case.locale].search(without_fixed(t)) for _, t in told):
        return f"{told[0][0]} says so: {told[0][1]!r}"
    return ""
