"""What is said right after a number that is no money has to be read of it: per what, for whom, reckoned from when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.grounds.naming import inside
from hub.truth_gate.judging.lengths import is_length_of_hours
from hub.truth_gate.judging.support import equal, in_force
from hub.truth_gate.judging.suppositions import is_supposed
from hub.truth_gate.language import price_terms as terms
from hub.truth_gate.language.reading import asks

Judged = tuple[Claim, Judgement]

_KINDS: Final = ("number", "stock", "percent", "instalments", "free")
_TIMES: Final = ("minute", "hour", "day", "business_day", "week", "month", "year")
_MORE_OF_IT: Final = re.compile(
    r" (?:(?:de )?(?:desconto|descuento|acrescimo|volta|sinal|off|discount)|corridos|seguidos|naturales|calendario)\b"
)
_PER: Final = re.compile(r"\s*(?:por|per|cada|a cada|ao|al|/)")


def value_terms(case: Case) -> Iterator[Judged]:
    """What is said after a number and was not read of it, refused."""
    for claim in case.claims:
        if claim.kind not in _KINDS or claim.amount or claim.flag == "availability" or _tells_nothing(case, claim):
            continue
        read, _ = in_force(case, equal(case, claim))
        for end, why in _objections(case, claim, read):
            told = Claim("statement", "told", claim.start, end).with_raw(case.reading)
            yield told, refuse(f"{claim.raw} {why}")


def _tells_nothing(case: Case, claim: Claim) -> bool:
    named = inside(claim.span, case.subjects.mentions)
    return named or asks(case.sentence_text(claim)) or is_supposed(case, claim)


def _objections(case: Case, claim: Claim, read: list[Ground]) -> Iterator[tuple[int, str]]:
    folded = case.reading.folded
    more = _MORE_OF_IT.match(folded, claim.end)
    end = more.end() if more else claim.end
    unit, span = terms.unit_after(folded, end)
    per = unit and unit != "each" and _PER.match(folded, end)
    if per and not any(unit in ground.units for ground in read) and not is_length_of_hours(case, claim):
        yield span[1], f"was not read per {unit}"
    for group, (told, known) in terms.ONLY_FOR.items():
        if (match := told.match(folded, end)) and not any(known.search(case.text_of(g.subject)) for g in read):
            yield match.end(), f"was not read as for {group}"
    anchored = terms.ANCHORED.match(folded, end) if claim.unit in _TIMES else None
    if anchored and not any(_is_reckoned(case, anchored["what"], ground) for ground in read):
        yield anchored.end(), f"was not read as reckoned from {anchored['what']!r}"
    kinds = terms.KINDS_OF_THINGS.search(folded, claim.start, end + 12) if claim.kind == "stock" else None
    if kinds and claim.start < kinds.start() <= end + 1 and not any(g.from_text for g in read):
        yield kinds.end(), f"was read as units, not as {kinds.group()}"
    later = terms.LATER.match(folded, end) if claim.kind == "instalments" else None
    if later and not any(later.group().split()[-1] in case.text_of(ground.subject) for ground in read):
        yield later.end(), "was not read to begin so"


def _is_reckoned(case: Case, what: str, ground: Ground) -> bool:
    found = terms.ANCHOR_READ.finditer(case.text_of(ground.subject))
    return terms.event_of(what) in {terms.event_of(word) for match in found for word in match["said"].split()}
