"""The ways of paying that a value is told of: those of its clause, or of the nearest one that has any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.language.moods import tells
from hub.truth_gate.language.payment import ways_in
from hub.truth_gate.language.reading import Reading, Span, containing

_GOES_ON: Final = re.compile(
    r"\W*(?:(?:so|somente|apenas|tudo|pagando|if paid|paying|solo|pagado) )?(?:no|na|com|en|con|with|by|via|pelo|por) "
)

_ONE_MORE: Final = re.compile(
    r"\b(?:e|ou|y|o|u|and|or) \W*(?:tambem |also )?(?:no|na|com|en|con|with|by|via|pelo|por) "
)
_NOT: Final = re.compile(r"\b(?:nao|no|not)\W*$")


def ways_of(reading: Reading, claim: Claim, claims: Sequence[Claim], sentence: Span) -> frozenset[str]:
    """The ways a value is told of: "no Pix, 5% de desconto", "12x sem juros, no cartão"."""
    clauses = reading.clauses(sentence, tuple(each.span for each in claims))
    own = containing(clauses, claim.start)
    if found := ways_in(reading.text, reading.folded, own):
        return found | _listed(reading, claims, clauses, own)
    return _before(reading, claim, claims, clauses, own) or _after(reading, claims, clauses, own)


def _listed(reading: Reading, claims: Sequence[Claim], clauses: Sequence[Span], own: Span) -> frozenset[str]:
    """Those that a list has beside: the other one of "no Pix e no boleto há 5%", "5% no Pix e no boleto"."""
    found: frozenset[str] = frozenset()
    beside = [(a, b) for a, b in pairwise(clauses) if own in (a, b)]
    for first, second in beside:
        other = second if first == own else first
        bare = not any(other[0] <= c.start < other[1] for c in claims) and not tells(reading.text[slice(*other)])
        if (
            bare
            and _ONE_MORE.match(reading.folded, _last_word(reading, first), second[1])
            and not _NOT.search(reading.folded, *other)
        ):
            found |= ways_in(reading.text, reading.folded, other)
    return found


def _leads_on(claims: Sequence[Claim], clauses: Sequence[Span], clause: Span) -> bool:
    """Whether a clause is told of the value that follows it: "..., no Pix, com 5% de desconto"."""
    following = next((each for each in clauses if each[0] >= clause[1]), (0, 0))
    return any(following[0] <= c.start < following[1] for c in claims)


def _last_word(reading: Reading, clause: Span) -> int:
    """Where the last word of a clause begins: a clause ends with the word that joins the next one."""
    said = reading.folded[slice(*clause)].rstrip(" ,")
    return clause[0] + len(said) - len(said.rpartition(" ")[2])


def _before(
    reading: Reading, claim: Claim, claims: Sequence[Claim], clauses: Sequence[Span], own: Span
) -> frozenset[str]:
    """Those of the clauses before, up to another value of the kind: "no Pix ou no boleto, 5%" names two."""
    found: frozenset[str] = frozenset()
    for clause in reversed([each for each in clauses if each[0] < own[0]]):
        ways = ways_in(reading.text, reading.folded, clause)
        rivals = [c for c in claims if c.kind == claim.kind and clause[0] <= c.start < clause[1]]
        if rivals or (found and not ways):
            break
        found |= ways
        if any(clause[0] <= c.start < clause[1] for c in claims):
            break
    return found


def _after(reading: Reading, claims: Sequence[Claim], clauses: Sequence[Span], own: Span) -> frozenset[str]:
    """Those of a clause right after that has no value of its own."""
    clause = next((each for each in clauses if each[0] >= own[1]), None)
    if not clause or any(clause[0] <= c.start < clause[1] for c in claims) or _leads_on(claims, clauses, clause):
        return frozenset()
    return ways_in(reading.text, reading.folded, clause) if _GOES_ON.match(reading.folded, *clause) else frozenset()
