"""How far a discount reaches: whether it holds for the delivery too, adds to another one, or asks for a least amount.

These are few things, and the same in every shop, so that they can be read in all our languages: a reply may say them
only as a text in force does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.support import in_force, is_uncertain
from hub.truth_gate.language.moods import supposes, tells
from hub.truth_gate.language.negation import denied_spans, language_of
from hub.truth_gate.language.payment import ways_in
from hub.truth_gate.language.reading import Span, asks, containing

Judged = tuple[Claim, Judgement]
_Reads = Callable[[str, str], "bool | None"]

_DISCOUNT: Final = re.compile(r"\b(?:descontos?|descuentos?|discounts?|off)\b|\d ?%")
_OFFER: Final = re.compile(
    r"\b(?:descontos?|descuentos?|discounts?|cup(?:om|ons|on|ones)|coupons?|promo\w*|ofertas?|offers?)\b"
)
_ANOTHER: Final = re.compile(
    r"\b(?:cup(?:om|ons|on|ones)|coupons?|promo\w*|ofertas?|offers?|descontos|descuentos|discounts)\b|"
    r"\b(?:ao|com o|al|con el) d[aeo]s?\b|\bcumulativ|\bacumulave"
)
_ADDING: Final = re.compile(
    r"\b(?:som(?:a[mr]?|ad[oa]s?|ando|arem)|acumul\w+|cumulativ[oa]s?|combin\w+|stack\w*|sum(?:a[nr]?|ad[oa]s?)|"
    r"add(?:s|ed)?(?= (?:up|to))|junt[oa]s?(?= (?:com|con|ao|do|no))|together with|on top of)\b"
)
_FOR: Final = (
    r"(?:n[oa]s?|em|ao?s?|para|pra|pro|sobre|d[oae]s?|en|al?|del?|on|off|to|for|of|over|incluindo|"
    r"including|incluido|e|y|and|nem|ni|or)"
)
_ARTICLE: Final = r"(?: (?:o|a|os|as|el|la|los|las|the|seu|your|su|valor d[oe]))*"
_TO_DELIVERY: Final = re.compile(
    rf"\b{_FOR}{_ARTICLE} (?:fretes?|entregas?|envios?|shipping|delivery|flete|postage)\b(?! (?:gratis|gratuit|free))"
)
_GETS: Final = re.compile(
    r"\b(?:fretes?|entregas?|envios?|shipping|delivery|flete)\b (?:[a-z]+ ){0,2}?(?:tem|ganha[m]?|recebe|sai|fica|"
    r"entra|"
    r"com|has|have|gets?|comes?|is|tiene|lleva|con|incluid[oa])\b"
)
_LEFT_OUT: Final = re.compile(
    r"\b(?:de fora|fora|a parte|excet\w+|except\w*|menos|salvo|exclu\w+|but not|aside|aparte|nao entra[m]?)\b"
)
_NO_DISCOUNT: Final = re.compile(
    r"\b(?:sem|sin|no|without) (?:nenhum |ningun |any |a )?(?:descont|descuent|discount)|"
    r"\b(?:nao|no) (?:ha|tem|da|damos|temos|existe|oferec\w+|hay|tiene|tenemos) (?:nenhum |ningun |o )?"
    r"(?:descont|descuent)|"
    r"(?:n't|\bnot) (?:\w+ )?(?:any |a )?discount"
)
_LEAST: Final = re.compile(
    r"\b(?:(?:valor(?:es)?|compras?|pedidos?|gastos?|monto|importe) minim[oa]s?|minim[oa]s? de (?:compra|pedido|gasto)|"
    r"minimum (?:order|purchase|spend|amount|value))\b"
)
_VALUED: Final = frozenset(("price", "free", "number", "time", "date", "weekday"))
"""A clause with such a value says what that is of: "5% no Pix e entrega em 2 dias"."""


def wrong_reach(case: Case) -> Iterator[Judged]:
    """Every clause that says a discount to reach further, or less far, than a text does; refused."""
    for sentence in case.subjects.sentences:
        if asks(case.reading.folded[slice(*sentence)]):
            continue
        for span in _parts(case, sentence):
            why = "" if _states_nothing(case, span) else _objection(case, span)
            if why:
                yield Claim("statement", "reach", *span).with_raw(case.reading), refuse(why)


def _parts(case: Case, sentence: Span) -> list[Span]:
    """The clauses of a sentence, those without a verb with the one before: "nos produtos e no frete"."""
    parts: list[Span] = []
    for clause in case.subjects.clauses(sentence):
        if parts and not tells(case.reading.text[slice(*clause)]):
            parts[-1] = (parts[-1][0], clause[1])
        else:
            parts.append(clause)
    return parts


def _states_nothing(case: Case, span: Span) -> bool:
    return supposes(case.reading.folded[slice(*span)]) or is_uncertain(case, span[1])


def _objection(case: Case, span: Span) -> str:
    folded = case.reading.folded[slice(*span)]
    inside = [c.kind for c in case.claims if span[0] <= c.start < span[1]]
    if not _VALUED.isdisjoint(inside):
        return ""
    if why := _denied_discount(case, span):
        return why
    for reads in _READS:
        said = reads(folded, case.locale)
        if said is not None and (why := _by_texts(case, reads, said=said)):
            return why
    return ""


def is_as_read(case: Case, position: int) -> bool:
    """Whether a part of a reply says how far a discount reaches, and a text says so too."""
    part = containing(_parts(case, containing(case.subjects.sentences, position)), position)
    folded = case.reading.folded[slice(*part)]
    said = [(reads, so) for reads in _READS if (so := reads(folded, case.locale)) is not None]
    texts = [text for _, text, _ in case.knowledge.sentences]
    return bool(said) and all(any(reads(t, language_of(t)) is so for t in texts) for reads, so in said)


def _denied_discount(case: Case, span: Span) -> str:
    """Why there is a discount with a way of paying of which a clause says that there is none."""
    folded = case.reading.folded[slice(*span)]
    ways = ways_in(case.reading.text, case.reading.folded, span)
    other = any(reads(folded, case.locale) is not None for reads in _READS)
    if not ways or other or not _NO_DISCOUNT.search(folded):
        return ""
    known, _ = in_force(case, [g for g in case.knowledge.of_kind("percent") if g.from_text and g.ways & ways])
    return f"{known[0].subject} gives a discount with that" if known else ""


def _by_texts(case: Case, reads: _Reads, *, said: bool) -> str:
    """Why the texts do not say it so; nothing is concluded from their silence about a least amount."""
    told = [(subject, text, reads(text, language_of(text))) for subject, text, _ in case.knowledge.sentences]
    other = [(subject, text) for subject, text, so in told if so is not None and so != said]
    if any(so == said for _, _, so in told):
        return ""
    if other:
        return f"{other[0][0]} says otherwise: {other[0][1]!r}"
    unread = (reads is _adds) or (reads is _reaches_delivery and said)
    return "nothing that was read in this turn says so of a discount" if unread else ""


def _adds(folded: str, locale: str) -> bool | None:
    """Whether a text says that one discount adds to another, or that it does not; None when it speaks of neither."""
    match = _ADDING.search(folded)
    if not match or not _OFFER.search(folded) or not _ANOTHER.search(folded):
        return None
    return not _denied(folded, match.start(), locale)


def _reaches_delivery(folded: str, locale: str) -> bool | None:
    """Whether a text says that a discount holds for the delivery."""
    discount = _DISCOUNT.search(folded)
    match = _TO_DELIVERY.search(folded) or (_GETS.search(folded) if discount else None)
    if not discount or not match:
        return None
    return not (_denied(folded, match.end() - 1, locale) or _LEFT_OUT.search(folded))


def _asks_least(folded: str, locale: str) -> bool | None:
    """Whether a text says that there is a least amount to buy for."""
    match = _LEAST.search(folded)
    return not _denied(folded, match.start(), locale) if match else None


def _denied(folded: str, position: int, locale: str) -> bool:
    return any(start <= position < end for start, end in denied_spans(folded, locale))


_READS: Final[tuple[_Reads, ...]] = (_adds, _reaches_delivery, _asks_least)
