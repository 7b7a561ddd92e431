"""What is said of one product of a list is said of all: "temos X e Y", "X e Y são 127 V", "os dois estão aqui: X e Y".

Clauses part such lists, so that each value is judged for the product beside it; here the others are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.grounds.naming import Mention, inside
from hub.truth_gate.judging.denial import DENYING, language_of
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import Span, asks, containing
from hub.truth_gate.statements.availability import HAVING, is_limited, judge_availability

Judged = tuple[Claim, Judgement]

_ARTICLES: Final = (
    r"(?:o|a|os|as|um|uma|el|la|los|las|un|una|the|an|our|noss[oa]s?|nuestr[oa]s?|do|da|dos|das|de|del|of)"
)
_CONNECTOR: Final = (
    r"(?:e|y|and|ou|or|nem|ni|nor|mais|mas|plus|quanto|cuanto|como|tambem|tambien|also|sem|sin|without|tampouco|"
    r"tampoco|neither|(?:assim|bem) como|as well as)"
)
_LINK: Final = re.compile(rf",? ?(?:{_CONNECTOR},? )*(?:{_ARTICLES} )*")
_LINKS: Final = re.compile(rf",|\b{_CONNECTOR}\b")
_ECHO_BEFORE: Final = re.compile(
    rf"\b(?:(?:assim|bem|tal) como|como tambem|igual (?:a|ao|que)|tal qual|do mesmo jeito que|al igual que|asi como|"
    rf"just like|as well as|same as|so (?:is|are)) ?(?:{_ARTICLES} )*$"
)
_ECHO_AFTER: Final = re.compile(
    r",? (?:tambem(?: (?:nao|sim|tem|esta|e))?|tambien|too|as well|idem|igualmente|tampouco|tampoco|(?:is|are) too|"
    r"(?:do|does) too)\W*(?=$|[.,;:!?)\n])"
)
_ALSO_BEFORE: Final = re.compile(rf"[,;] ?(?:{_CONNECTOR} )*(?:{_ARTICLES} )*$|\b(?:e|y|and) (?:{_ARTICLES} )*$")
_NEITHER: Final = re.compile(r"\b(?:nem|ni|neither|nor)\b")
_HEADS_A_LIST: Final = re.compile(r"[^.!?\n]{0,24}:\s*(?:" + _ARTICLES + r" )*")


_HEADING: Final = re.compile(
    r"(?:[^:.!?]{0,25}\b)?(?:(?P<none>esgotad[oa]s?|sem estoque|indisponive(?:l|is)|em falta|sold out|out of stock|"
    r"unavailable|"
    r"agotad[oa]s?|sin stock|no disponibles?)|disponive(?:l|is)|em estoque|temos|a pronta entrega|available|in stock|"
    r"we have|"
    r"disponibles?|en stock|tenemos)\b[^:.!?]{0,25}:\W*"
)
_BULLET: Final = re.compile(r"(?:[-•*▪–]|\*{0,2}\d{1,2}[.)])\s")


class _Told(NamedTuple):
    """Something said of products: where, and whether words before names say it ("temos")."""

    span: Span
    claim: Claim
    leads: bool


def joined(case: Case) -> Iterator[Judged]:
    """Every product of a list judged by what is said of one of them."""
    told = sorted(_told(case), key=lambda each: each.span)
    for each in told:
        sentence = containing(case.subjects.sentences, each.span[0])
        clause = case.subjects.clause(each.span[0])
        itself = asks(case.reading.folded[slice(*sentence)]) or moods.supposes(case.reading.folded[slice(*clause)])
        counted = each.leads and each.claim.value == "none" and is_limited(case, clause)
        if itself or counted or is_uncertain(case, each.span[0]):
            continue
        for mention in _told_of(case, each, told, sentence):
            claim = Claim(each.claim.kind, each.claim.value, *mention.span).with_raw(case.reading)
            yield claim, _judge(case, each.claim, mention, denied=_is_denied(case, each, sentence))


def under_headings(case: Case) -> Iterator[Judged]:
    """Judge every product of a list by its heading: "disponíveis hoje:", "sold out:"."""
    value = ""
    for start, end in case.subjects.lines:
        line = case.reading.folded[start:end].strip()
        heading = _HEADING.fullmatch(line)
        if not _BULLET.match(line):
            value = ("none" if heading["none"] else "some") if heading else ""
            continue
        if any(c.kind == "stock" and start <= c.start < end for c in case.claims):
            continue
        for mention in case.subjects.named_in((start, end)) if value else ():
            claim = Claim("availability", value, *mention.span).with_raw(case.reading)
            yield claim, judge_availability(case, claim, mention)


def _told(case: Case) -> Iterator[_Told]:
    for claim in case.claims:
        if claim.kind == "stock" and claim.flag == "availability":
            value = "none" if claim.value == "0" else "some"
            yield _Told(claim.span, Claim("availability", value, *claim.span), leads=False)
        elif claim.kind == "number" and _measured(case, claim.unit) and not inside(claim.span, case.subjects.mentions):
            yield _Told(claim.span, claim, leads=False)
    for match in HAVING.finditer(case.reading.folded):
        yield _Told(match.span(), Claim("availability", "none" if match["no"] else "some", *match.span()), leads=True)
    for having in case.subjects.havings:
        claim = Claim("availability", "none" if having.none else "some", *having.span)
        yield _Told(having.span, claim, leads=having.mention.start > having.span[0])


def _measured(case: Case, unit: str) -> bool:
    """Whether more than one product has a measure of this unit in its name."""
    return bool(unit) and len({g.subject for g in _measures(case, unit)}) > 1


def _measures(case: Case, unit: str) -> list[Ground]:
    grounds = case.knowledge.of_kind("number")
    return [g for g in grounds if g.about_product and g.from_text and g.claim.unit == unit]


def _is_denied(case: Case, told: _Told, sentence: Span) -> bool:
    before = (sentence[0], told.span[0])
    return any(each.search(case.reading.folded, *before) for each in (_NEITHER, DENYING[language_of(case, sentence)]))


def _judge(case: Case, claim: Claim, mention: Mention, *, denied: bool) -> Judgement:
    if claim.kind == "availability":
        return judge_availability(case, claim, mention)
    own = {g.claim.value for g in _measures(case, claim.unit) if g.subject in mention.subjects}
    if denied and own == {claim.value}:
        return refuse(f"{mention.subject} is of {claim.value} {claim.unit}")
    if own and not denied and claim.value not in own:
        return refuse(f"{mention.subject} is not of {claim.value} {claim.unit} but of {', '.join(sorted(own))}")
    return Judgement(True, mention.subject)


def _told_of(case: Case, told: _Told, others: list[_Told], sentence: Span) -> Iterator[Mention]:
    """The products of a list that something is said of."""
    inside = [m for m in case.subjects.mentions if sentence[0] <= m.start < sentence[1] and not m.foreign]
    before = [m for m in inside if m.end <= told.span[1] and m.start < told.span[1] and not told.leads]
    after = [m for m in inside if m.start >= told.span[0] and (told.leads or m.start >= told.span[1])]
    led = [o for o in others if o.leads and before and sentence[0] <= o.span[0] < before[-1].start]
    linked = [] if led else list(_linked(case, before[::-1]))
    yield from (*linked, *before[-1:]) if linked else ()
    heads = bool(after) and _heads_a_list(case, told, after[0])
    if heads or (after and told.leads and _is_beside(case, told, after[0])):
        yield from after[:1] if heads else ()
        yield from _linked(case, after)
    for mention in (m for m in after if m.start >= told.span[1]):
        if not _parted(told, others, mention.start) and is_echo(case.reading.folded, told.span[1], mention):
            yield mention


def _heads_a_list(case: Case, told: _Told, mention: Mention) -> bool:
    """Whether something is said of the list that a name begins, and of nothing else: "os dois estão aqui: X e Y"."""
    between = (told.span[1], mention.start)
    valued = any(between[0] <= c.start < between[1] for c in case.claims)
    return bool(not valued and _HEADS_A_LIST.fullmatch(case.reading.folded, *between))


def _is_beside(case: Case, told: _Told, mention: Mention) -> bool:
    """Whether a name stands in the clause of what is said."""
    return mention.start < case.subjects.clause(told.span[0])[1] or told.span[0] <= mention.start < told.span[1]


def _parted(told: _Told, others: list[_Told], position: int) -> bool:
    """Whether something of the same kind is said between."""
    start, end = sorted((position, told.span[0]))
    same = (o for o in others if o.claim.kind == told.claim.kind and o.span != told.span)
    return any(start <= o.span[0] < end and not (o.span[0] <= told.span[0] < o.span[1]) for o in same)


def _linked(case: Case, mentions: list[Mention]) -> Iterator[Mention]:
    """Those that follow the first one of a list, one linked to the next."""
    for one, other in pairwise(mentions):
        first, last = sorted((one, other), key=lambda m: m.start)
        between = case.reading.folded[first.end : last.start]
        if not (_LINK.fullmatch(between.strip() + " ") and _LINKS.search(between)):
            return
        yield other


def is_echo(folded: str, told: int, mention: Mention) -> bool:
    """Whether a thing is only named as one of which the same is so as was told up to a place: ", assim como Y"."""
    left = folded[told : mention.start]
    if _ECHO_BEFORE.search(left):
        return True
    return bool(_ALSO_BEFORE.search(left) and _ECHO_AFTER.match(folded, mention.end))
