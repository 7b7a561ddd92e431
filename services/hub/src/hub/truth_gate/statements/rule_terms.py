"""Terms that everyday words give a rule, judged by its texts: "qualquer pessoa pode retirar", "o frete dobra"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.denial import DENYING, language_of
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language import moods
from hub.truth_gate.language import rule_terms as terms
from hub.truth_gate.language.asides import asides, within
from hub.truth_gate.language.payment import WAYS
from hub.truth_gate.language.places import places_in
from hub.truth_gate.language.reading import Span, asks, meaning, names_something, tells_topic
from hub.truth_gate.language.shop_things import THINGS
from hub.truth_gate.statements.statements import same_language

Judged = tuple[Claim, Judgement]

_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]")
_EVERYWHERE: Final = ("delivery", "instalment", "discount", "exchange", "return", "warranty")
"""What a company does wherever the customer is."""
_OF_CUSTOMERS: Final = ("to bring something",)
_FREE: Final = re.compile(r"\b(?:gratis|gratuit\w+|sem custo|free|sin costo|de graca)\b")


def rule_terms(case: Case) -> Iterator[Judged]:
    """Every such term that no text of this turn has, refused."""
    texts = " ".join(text for subject, text in case.knowledge.texts if subject not in case.knowledge.expired)
    for sentence in case.subjects.sentences:
        if asks(case.reading.folded[slice(*sentence)]):
            continue
        for clause in case.subjects.clauses(sentence):
            folded = case.reading.folded[slice(*clause)]
            if moods.supposes(folded) or is_uncertain(case, clause[1] - 1):
                continue
            objections = _terms if moods.bids(folded) else _objections
            for span, why in objections(case, clause, texts):
                yield Claim("statement", "term", *span).with_raw(case.reading), refuse(why)


def _terms(case: Case, clause: Span, texts: str) -> Iterator[tuple[Span, str]]:
    for name, term in terms.TERMS.items():
        told = term.told.search(case.reading.folded, *clause)
        if not told or term.read.search(texts) or within(told.start(), asides(case.reading)):
            continue
        if name not in _OF_CUSTOMERS or not _is_of_goods(case, clause):
            yield told.span(), f"nothing that was read in this turn says it {name}"


def _objections(case: Case, clause: Span, texts: str) -> Iterator[tuple[Span, str]]:
    folded = case.reading.folded
    yield from _terms(case, clause, texts)
    if DENYING[language_of(case, clause)].search(folded, *clause):
        return
    if (when := terms.FROM_WHEN.search(folded, *clause)) and not _is_reckoned(texts, when["what"]):
        yield when.span(), f"nothing that was read in this turn reckons from {when['what']!r}"
    if (covers := terms.COVERS.search(folded, *clause)) and (strange := _unread(case, covers["what"])):
        yield covers.span(), f"nothing that was read in this turn speaks of {strange!r}"
    if (only := terms.ONLY_TAKEN.search(folded, *clause)) and (
        other := _other_way(folded[only.end() : clause[1]], texts)
    ):
        yield only.span(), f"{other} was read as well"
    if (buying := terms.BUYING_OF.search(folded, *clause)) and _bought_for(texts) - {meaning(buying["what"])}:
        known = meaning(buying["what"]) in _bought_for(texts)
        yield from (
            [] if known else [(buying.span(), f"nothing that was read in this turn says it of {buying['what']!r}")]
        )
    if channel := _unread_channel(case, clause):
        yield clause, channel
    if place := _elsewhere(case, clause):
        yield clause, place
    if charged := terms.CHARGED.search(folded, *clause):
        free = _read_as_free(case, charged["what"])
        yield from [(charged.span(), f"that is read to be free: {free!r}")] if free else ()


def _is_reckoned(texts: str, what: str) -> bool:
    found = terms.FROM_WHEN_READ.finditer(texts)
    return meaning(what) in {meaning(word) for match in found for word in match["said"].split()}


def _unread(case: Case, covered: str) -> str:
    """A word for what is covered that no text has; empty in another language than that of the texts."""
    if not same_language(case):
        return ""
    known = case.knowledge.stems | {meaning(w) for label in case.knowledge.labels for w in _WORD.findall(label)}
    telling = (w for w in _WORD.findall(covered) if tells_topic(w) or names_something(w))
    return next((word for word in telling if meaning(word) not in known), "")


def _other_way(told: str, texts: str) -> str:
    """A way of paying that the texts have and a reply leaves out."""
    return next((name for name, (say, read) in WAYS.items() if read.search(texts) and not say.search(told)), "")


def _is_of_goods(case: Case, clause: Span) -> bool:
    """Whether a clause names a product, or how many: "leve 2 shampoos" asks nobody to bring them."""
    valued = any(clause[0] <= c.start < clause[1] for c in case.claims)
    return valued or any(clause[0] <= m.start < clause[1] for m in case.subjects.mentions)


def _bought_for(texts: str) -> set[str]:
    """What has to be bought, by the texts."""
    return {meaning(match["what"]) for match in terms.BUYING_OF.finditer(texts)}


def _unread_channel(case: Case, clause: Span) -> str:
    """Where an offer is said to be had that its text does not have; empty when it is silent of an offer."""
    words = set(_WORD.findall(case.reading.folded[slice(*clause)]))
    stems = {meaning(word) for word in words if tells_topic(word)}
    offers = [s for s in case.knowledge.words if s.startswith("promotion:") and s not in case.knowledge.expired]
    told = [s for s in offers if stems & case.knowledge.words[s]]
    for name, pattern in terms.CHANNELS.items():
        if told and pattern.search(case.reading.folded, *clause):
            if not any(pattern.search(case.text_of(subject)) for subject in told):
                return f"{told[0]} does not say it of that ({name})"
    return ""


def _elsewhere(case: Case, clause: Span) -> str:
    """Why something is not done where it is said to be: one rule speaks of it, and only others of the place."""
    places = places_in(case.reading.text[slice(*clause)])
    words_of = {s: w for s, w in case.knowledge.words.items() if s not in case.knowledge.expired}
    there = {subject for subject, words in words_of.items() if places & words}
    for name, (told, read) in THINGS.items() if there else ():
        if name in _EVERYWHERE or not told.search(case.reading.folded, *clause):
            continue
        of_it = {subject for subject in words_of if read.search(case.text_of(subject))}
        if of_it and not of_it & there:
            return f"{min(of_it)} ({name}) does not speak of that place"
    return ""


def _read_as_free(case: Case, what: str) -> str:
    """The sentence that says that something is free which is said to be charged for."""
    said = {meaning(word) for word in [w for w in _WORD.findall(what) if tells_topic(w)][:1]}
    told = [text for _, text, stems in case.knowledge.sentences if said and stems & said]
    return told[0] if told and all(_FREE.search(text) and "r$" not in text for text in told) else ""
