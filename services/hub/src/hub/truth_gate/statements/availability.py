"""Whether there is any: "temos a ração de 3 kg", "não temos a coleira G", "várias coleiras", "✅ disponível"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.naming import Mention, inside
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import Span, asks, containing

Judged = tuple[Claim, Judgement]

_HAVE: Final = (
    r"temos|dispomos de|contamos com|contamos con|disponemos de|tem(?! (?:que|de|como|certeza|alg))|tenemos|"
    r"hay(?! que)|ha(?= )|vendemos(?! (?:tod[oa]s?|o ultimo|a ultima)\b)|trabalhamos com|manejamos|"
    r"we(?:'ve| have)(?: got)?(?! (?:no|zero|sold)\b)|we (?:still )?(?:have|sell|carry|stock)|there (?:is|are)"
)
HAVING: Final = re.compile(
    rf"\b(?:(?P<no>(?:ja |ainda |tambem |infelizmente )?(?:nao|no|nunca) (?:(?:ja|ainda|mais|te|se|lo|"
    rf"la) )?(?:{_HAVE})|"
    r"we (?:do not|don't|no longer) (?:have|sell|carry|stock)|there (?:is|are) no|ya no (?:hay|tenemos)|"
    r"estamos sem|(?:acabou|acabaram|esgotou|esgotaram)(?:-se)?)"
    rf"|(?P<yes>{_HAVE}|chegou|chegaram))\b"
)
_ALONE: Final = re.compile(r"\b(?:disponive(?:l|is)|disponibles?|available)\b")
_DENIED: Final = {
    "pt-BR": re.compile(r"\bnao\b(?: \w+){0,2} ?$"),
    "es": re.compile(r"\bno\b(?: \w+){0,2} ?$"),
    "en": re.compile(r"\b(?:no|not|isn't|aren't)\b(?: \w+){0,2} ?$"),
}
_MANY: Final = re.compile(
    r"\b(?:vari[oa]s|divers[oa]s|muit[oa]s|bastantes?|much[oa]s|several|many|lots of|plenty of|un monton de)\b"
)
_ONLY: Final = re.compile(r"\b(?:so|apenas|somente|solo|only) (?:(?:o|a|os|as|el|la|the) )?$")
_THERE: Final = re.compile(r"\b(?:disponive(?:l|is)|disponibles?|available|em estoque|in stock|en stock)\b")
_SAYS_OF: Final = re.compile(r"(?:(?:nao|no) )?(?:tem|ha|has)")
"""After the name of a product this says what it is like, not that there is one."""
_ONLYHAVING: Final = re.compile(
    r"\b(?:so|apenas|somente|solo|only) (?:temos|tem|ha|tenemos|hay|have)\b|"
    r"\b(?:temos|tenemos|have) (?:so|apenas|somente|solo|only)\b|\bwe only have\b"
)
_LAST: Final = re.compile(r"\b(?:ultim[oa](?P<several>s)?|last) $")
_FEW: Final = 6
_AROUND: Final = re.compile(r"^(?:\W|e\b)+|\W+$")
_SOLD_OUT: Final = ("0",)
_FEWEST_MANY: Final = 3


def availability(case: Case) -> Iterator[Judged]:
    """What a reply says of having products, beyond the numbers it gives."""
    for match in HAVING.finditer(case.reading.folded):
        if _SAYS_OF.fullmatch(match.group()) and any(0 <= match.start() - m.end <= 1 for m in case.subjects.mentions):
            continue
        span = _governed(case, match.span())
        named = _named(case, span)
        if named and not is_uncertain(case, match.start()):
            claim = Claim("availability", "none" if match["no"] else "some", *match.span()).with_raw(case.reading)
            yield claim, _judged(case, claim, span, named)
    yield from _beside_names(case)
    yield from _listed(case)
    yield from _only(case)
    yield from _only_having(case)
    yield from _last(case)
    for match in _ALONE.finditer(case.reading.folded):
        if any(c.start < match.end() and match.start() < c.end for c in case.claims):
            continue
        span = case.subjects.clause(match.start())
        named = _named(case, span) or _named(case, case.subjects.line(match.start()))
        if named and not is_uncertain(case, match.start()):
            denied = _DENIED[case.locale].search(case.reading.folded[span[0] : match.start()])
            claim = Claim("availability", "none" if denied else "some", *match.span()).with_raw(case.reading)
            yield claim, _judged(case, claim, span, named)


def _beside_names(case: Case) -> Iterator[Judged]:
    """Judge what is said beside the name of a product: "nada de X por enquanto", "X zerou", "posso separar o X"."""
    for having in case.subjects.havings:
        start, end = containing(case.subjects.sentences, having.span[0])
        clause = case.subjects.clause(having.mention.start)
        itself = asks(case.reading.folded[start:end]) or moods.supposes(case.reading.folded[slice(*clause)])
        if having.mention.foreign or itself or is_uncertain(case, having.span[0]):
            continue
        claim = Claim("availability", "none" if having.none else "some", *having.span).with_raw(case.reading)
        yield claim, _judged(case, claim, clause, [having.mention])


def _listed(case: Case) -> Iterator[Judged]:
    """Judge the rest of a list: the M of "está disponível nos tamanhos P e M"."""
    for claim in case.claims:
        if claim.kind != "stock" or claim.flag != "availability" or claim.value == "0":
            continue
        sentence = containing(case.subjects.sentences, claim.start)
        for clause in (each for each in case.subjects.clauses(sentence) if each[0] >= claim.end):
            named = _named(case, clause)
            rest = _AROUND.sub("", case.reading.folded[slice(*clause)])
            if len(named) != 1 or named[0].end - named[0].start < len(rest):
                break
            told = Claim("availability", "some", *named[0].span).with_raw(case.reading)
            yield told, _judged(case, told, clause, named)


def _only(case: Case) -> Iterator[Judged]:
    """Judge "só a camiseta está disponível": of what was read nothing else may be in stock."""
    for mention in case.subjects.mentions:
        start, end = containing(case.subjects.sentences, mention.start)
        only = _ONLY.search(case.reading.folded, start, mention.start)
        if only and _THERE.search(case.reading.folded, mention.end, end):
            named = {s for each in case.subjects.mentions if start <= each.start < end for s in each.subjects}
            alike = case.subjects.kind_of(mention.subjects) if mention.whole else set(case.knowledge.labels.values())
            alike = alike | {s for m in case.subjects.mentions for s in m.subjects}
            others = [s for s in sorted(alike) if s not in named and (stock_of(case, s) or 0) > 0]
            told = Claim("availability", "only", *mention.span).with_raw(case.reading)
            yield told, refuse(f"there is some of {others[0]} as well") if others else Judgement(True, mention.subject)


def _only_having(case: Case) -> Iterator[Judged]:
    """Judge "só temos a air fryer em estoque": of what was read, or of its kind, nothing else may be there."""
    for match in _ONLYHAVING.finditer(case.reading.folded):
        clause = case.subjects.clause(match.start())
        named = [m for m in case.subjects.named_in((match.end(), clause[1])) if not m.foreign]
        sentence = containing(case.subjects.sentences, match.start())
        if (
            not named
            or asks(case.reading.folded[slice(*sentence)])
            or not _THERE.search(case.reading.folded, *sentence)
        ):
            continue
        before = [m for m in case.subjects.mentions if m.start < match.start()]
        spoken = {s for m in case.subjects.mentions if sentence[0] <= m.start < sentence[1] for s in m.subjects}
        among = case.subjects.kind_of(named[0].subjects) if before else frozenset(case.knowledge.labels.values())
        others = [s for s in sorted(among) if s not in spoken and (stock_of(case, s) or 0) > 0]
        told = Claim("availability", "only", *match.span()).with_raw(case.reading)
        yield told, refuse(f"there is some of {others[0]} as well") if others else Judgement(True, named[0].subject)


def _last(case: Case) -> Iterator[Judged]:
    """Judge "é a última air fryer", "as últimas toalhas": as few as that."""
    for mention in case.subjects.mentions:
        last = _LAST.search(case.reading.folded, max(0, mention.start - 12), mention.start)
        stocks = [stock for s in mention.subjects if (stock := stock_of(case, s)) is not None]
        if last and stocks and not mention.foreign:
            most = 1 if not last["several"] else _FEW
            told = Claim("availability", "last", last.start(), mention.end).with_raw(case.reading)
            few = min(stocks) <= most
            yield told, Judgement(True, mention.subject) if few else refuse(f"there are {_shown(min(stocks))} of it")


def _governed(case: Case, verb: Span) -> Span:
    """What a verb of having speaks of: from it to the end of its clause."""
    return (verb[0], max(verb[1], case.subjects.clause(verb[0])[1]))


def _named(case: Case, span: Span) -> list[Mention]:
    return case.subjects.named_in(span)


def judge_availability(case: Case, claim: Claim, mention: Mention) -> Judgement:
    """Judge that there is some, or none, of a product."""
    return _judged(case, claim, mention.span, [mention])


def _judged(case: Case, claim: Claim, span: Span, named: list[Mention]) -> Judgement:
    for mention in named:
        stocks = {s: stock for s in mention.subjects if (stock := stock_of(case, s)) is not None}
        if claim.value == "none":
            left = [s for s, stock in stocks.items() if stock > 0]
            # A size or colour that nobody read is not "none": it is unknown, and rightly said not to be there.
            if left and not mention.foreign and not is_limited(case, span):
                return refuse(f"there is some of {left[0]}: {_shown(stocks[left[0]])}")
            continue
        if mention.foreign:
            return refuse(f"{mention.foreign!r} is nothing that was read in this turn")
        if stocks and all(stock <= 0 for stock in stocks.values()) and not _is_told_sold_out(case, claim, mention):
            return refuse(f"{min(stocks)} is sold out")
        few = stocks and max(stocks.values()) < _FEWEST_MANY
        if few and _MANY.search(case.reading.folded[span[0] : mention.start]):
            return refuse(f"there are not many of {min(stocks)}: {_shown(max(stocks.values()))}")
    return Judgement(True, named[0].subject)


def stock_of(case: Case, subject: str) -> Decimal | None:
    """How many of a product there are; None when nobody read it."""
    for ground in case.knowledge.of_kind("stock"):
        if ground.subject == subject and not ground.from_text:
            return Decimal("Infinity") if ground.claim.value == "unlimited" else ground.claim.number
    return None


def _shown(stock: Decimal) -> str:
    return "unlimited" if stock.is_infinite() else str(stock)


def is_limited(case: Case, span: Span) -> bool:
    """Whether "não temos" is bounded by a number ("não temos 20 coleiras", "não temos mais de 7")."""
    numbers = [c for c in case.claims if c.kind in ("number", "stock") and c.flag != "availability"]
    counts = [c for c in numbers if not inside(c.span, case.subjects.mentions)]
    return any(span[0] <= c.start < span[1] for c in counts)


def _is_told_sold_out(case: Case, claim: Claim, mention: Mention) -> bool:
    """Whether the sentence says itself that it is sold out: "temos o M, mas está esgotado"."""
    start, end = containing(case.subjects.sentences, claim.start)
    told = [c for c in case.claims if c.kind == "stock" and c.value in _SOLD_OUT and start <= c.start < end]
    return any(mention.subjects & case.subjects.scope_of(each).subjects for each in told)
