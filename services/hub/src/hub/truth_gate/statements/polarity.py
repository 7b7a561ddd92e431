"""What a reply denies, or tells of the past, without a value although it was read: "a coleira M não é vermelha"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.denial import DENYING, language_of
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.judging.tense import BYGONE, bygone_in
from hub.truth_gate.language import moods
from hub.truth_gate.language.negation import denied_words
from hub.truth_gate.language.reading import Span, asks, meaning, tells_topic
from hub.truth_gate.statements.stated import without_fixed
from hub.truth_gate.statements.statements import same_language

Judged = tuple[Claim, Judgement]

_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]|\b[a-z]\b|\d+")
_BEING: Final = frozenset(
    ("e", "sao", "tem", "vem", "fica", "es", "son", "tiene", "is", "are", "has", "de", "do", "da", "a", "o", "com")
)
_OTHERWISE: Final = re.compile(
    r"\b(?:mais|more|mas|menos|less|so|apenas|only|solo|outr[oa]s?|other|nada|nothing|juros|intereses|interest|"
    r"custo|costo)\b"
)
_PAID: Final = re.compile(
    r"(?i)(?<!\w)(?:é|são|sai|fica|ficam|is|are|es|son) (?:pag[oa]s?|cobrad[oa]s?|de pago|charged|not free)\b"
)
_FREE: Final = re.compile(r"\b(?:gratis|gratuit\w+|sem custo|free|sin costo|de graca)\b")
_THERE: Final = re.compile(r"\b(?:disponive(?:l|is)|disponibles?|available)\b")
_WE_DO: Final = re.compile(
    r"\s*(?:damos|temos|fazemos|oferecemos|concedemos|prestamos|tenemos|hacemos|ofrecemos|brindamos)\b"
)
"""Verbs that tell nothing by themselves: "não damos garantia para ..."."""
_NEAR: Final = 12
"""So far behind its verb a product may stand."""
_LEAST: Final = 2
"""So many words of a clause have to be read together before it counts as read."""


def wrongly_told(case: Case) -> Iterator[Judged]:
    """Every clause that denies what was read, or tells it of the past, refused."""
    for sentence in case.subjects.sentences:
        if asks(case.reading.folded[slice(*sentence)]):
            continue
        for clause in case.subjects.clauses(sentence):
            yield from _said_to_be_paid(case, clause)
            denial = DENYING[language_of(case, clause)].search(case.reading.folded, *clause)
            verb = denial.span() if denial else bygone_in(case, clause)
            if not verb or _states_nothing(case, clause):
                continue
            why = _of_its_name(case, clause, verb[1]) or _read_as_so(case, clause, verb[1], bygone=not denial)
            why = why or ("" if denial else _had(case, clause, verb[1]))
            if why:
                yield Claim("statement", "denied", verb[0], clause[1]).with_raw(case.reading), refuse(why)


def _said_to_be_paid(case: Case, clause: Span) -> Iterator[Judged]:
    """Judge "a retirada é paga": what is read to be free, and nothing else, of the same thing."""
    paid = _PAID.search(case.reading.text, *clause)
    if not paid or moods.supposes(case.reading.folded[slice(*clause)]):
        return
    said = {meaning(w) for w in _WORD.findall(case.reading.folded[clause[0] : paid.start()]) if tells_topic(w)}
    told = [(s, t) for s, t, stems in case.knowledge.sentences if said and stems >= said]
    if told and all(_FREE.search(t) and "r$" not in t for _, t in told):
        claim = Claim("statement", "paid", *paid.span()).with_raw(case.reading)
        yield claim, refuse(f"{told[0][0]} says that it is free: {told[0][1]!r}")


def _had(case: Case, clause: Span, at: int) -> str:
    """Why it is not over that there is a product: it was read as one of now."""
    there = _THERE.search(case.reading.folded, at, clause[1])
    begin, end = (clause[0], clause[1]) if there else (at, min(clause[1], at + _NEAR))
    named = [m for m in case.subjects.mentions if begin <= m.start < end and not m.foreign]
    return f"{named[0].subject} was read as it is now, and the sentence tells it of the past" if named else ""


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
            words = set(_WORD.findall(label))
            own = said & {w for w in words if tells_topic(w) or len(w) == 1 or w.isdigit()}
            if mention.subjects == {subject} and own and said <= words | _BEING:
                return f"{subject} is {label!r}"
    return ""


def _read_as_so(case: Case, clause: Span, at: int, *, bygone: bool) -> str:
    """The text that says what a clause denies, or tells of the past; `at`: where the verb stands that is denied."""
    if not same_language(case):
        return ""
    said = {meaning(w) for w in _WORD.findall(without_fixed(case.reading.folded[slice(*clause)])) if tells_topic(w)}
    verb = _WE_DO.match(case.reading.folded, at)
    said -= {meaning(verb.group().strip())} if verb and len(said) > _LEAST else set()
    if len(said) < _LEAST:
        return ""
    told = [(s, t) for s, t, stems in case.knowledge.sentences if stems >= said]
    if told and not any(_tells_otherwise(case, t, said, bygone=bygone) for _, t in told):
        return f"{told[0][0]} says so: {told[0][1]!r}"
    return ""


def _tells_otherwise(case: Case, text: str, said: set[str], *, bygone: bool) -> bool:
    """Whether a text tells of the past, or denies, what is said so."""
    if bygone:
        return bool(BYGONE[case.locale].search(without_fixed(text)))
    return not denied_words(text, case.locale).isdisjoint(said)
