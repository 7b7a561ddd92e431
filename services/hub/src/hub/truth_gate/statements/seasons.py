"""Offers that are over, or still to come: a sentence may tell of them as such, and of nothing else.

"A promoção de Natal começa em 10/12, com 15% de desconto" is true in November; "há 15% de desconto" is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.language.reading import Span, containing, meaning, names_something

OVER: Final = re.compile(
    r"\b(?:(?:ja |ya |has |is |have )(?:termin\w+|acab\w+|encerr\w+|expir\w+|ended|over|finaliz\w+|passou|fue|foi)|"
    r"terminou|acabou|encerrou|encerrad[ao]|expirou|expired|ended|nao (?:esta|vale|e) (?:mais )?(?:valend\w+|ativ\w+|"
    r"valid\w+|mais)|termino en|no longer)\b"
)
_OFFER: Final = re.compile(
    r"\b(?:promo\w*|ofertas?|campanha|campana|semana|descontos?|descuentos?|discounts?|cupom|cupon|coupon|offer|sale|"
    r"festa|"
    r"festival|dia d[aeo]s?)\b"
)
_NOW: Final = re.compile(r"\b(?:agora|hoje|hoy|today|ahora|now|ja (?:esta|vale|comec\w+)|aproveite)\b")
_WORD: Final = re.compile(r"[a-z]{3,}")


def in_season(case: Case) -> tuple[Case, tuple[Span, ...]]:
    """The sentences that tell of offers as over or to come, and the case in which those offers may be told of."""
    if not case.knowledge.expired:
        return case, ()
    told: set[str] = set()
    spans = []
    for sentence in case.subjects.sentences:
        subjects = _over(case, sentence) | _to_come(case, sentence)
        if subjects:
            told |= subjects
            spans.append(sentence)
    if not told:
        return case, ()
    knowledge = replace(case.knowledge, expired=case.knowledge.expired - told)
    return replace(case, knowledge=knowledge), tuple(spans)


def _over(case: Case, sentence: Span) -> set[str]:
    """The ended offers that a sentence says to be over."""
    if not OVER.search(case.reading.folded, *sentence):
        return set()
    ends = _dates(case, "valid_until")
    return {
        s for s in _named(case, sentence) if s in case.knowledge.expired and ends.get(s, "9") < case.today.isoformat()
    }


def _to_come(case: Case, sentence: Span) -> set[str]:
    """The coming offers that a sentence names together with their first day."""
    starts = _dates(case, "valid_from")
    dates = {c.value for c in case.claims if c.kind == "date" and sentence[0] <= c.start < sentence[1]}
    coming = {s for s, day in starts.items() if s in case.knowledge.expired and day > case.today.isoformat()}
    now = _NOW.search(case.reading.folded, *sentence)
    return {s for s in coming & _named(case, sentence) if starts[s] in dates and not now}


def _dates(case: Case, role: str) -> dict[str, str]:
    return {g.subject: g.claim.value for g in case.knowledge.of_kind("date") if g.role == role}


def _named(case: Case, sentence: Span) -> set[str]:
    """The offers whose words a sentence, or the one before it, has."""
    earlier = [each for each in case.subjects.sentences if each[0] < sentence[0]]
    for span in (sentence, *earlier[-1:]):
        said = {meaning(w) for w in _WORD.findall(case.reading.folded[slice(*span)]) if names_something(w)}
        shared = {s: len(said & words) for s, words in case.knowledge.words.items() if s.startswith("promotion:")}
        most = max(shared.values(), default=0)
        if most:
            return {s for s, number in shared.items() if number == most}
    return set()


def wrongly_over(case: Case) -> Iterator[tuple[Claim, Judgement]]:
    """Every sentence that says an offer to be over which is not."""
    for match in OVER.finditer(case.reading.folded):
        sentence = containing(case.subjects.sentences, match.start())
        if not _OFFER.search(case.reading.folded, *case.subjects.clause(match.start())):
            continue
        ends = _dates(case, "valid_until")
        named = sorted(_named(case, sentence))
        current = [s for s in named if ends.get(s, "9") >= case.today.isoformat()]
        if current and len(current) == len(named):
            yield (
                Claim("promise", "over", *match.span()).with_raw(case.reading),
                refuse(f"{current[0]} is still in force"),
            )
