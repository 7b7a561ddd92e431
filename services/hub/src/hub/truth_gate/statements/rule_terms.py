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
from hub.truth_gate.language.price_terms import event_of
from hub.truth_gate.language.reading import Span, asks, meaning, names_something, tells_topic
from hub.truth_gate.language.shop_things import THINGS
from hub.truth_gate.language.statement_words import NEGATIONS
from hub.truth_gate.language.vocabulary import FUNCTION_WORDS
from hub.truth_gate.statements.statements import same_language

Judged = tuple[Claim, Judgement]
Found = tuple[Span, str] | None
"""Where something is said, and why it may not be."""

_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]")
_EVERYWHERE: Final = ("delivery", "instalment", "discount", "exchange", "return", "warranty")
"""What a company does wherever the customer is."""
_OF_CUSTOMERS: Final = ("to bring something",)
_STEM: Final = 4
"""So many letters of a verb are those of its forms."""
_NOUN: Final = 3
"""A noun has no fewer letters ("CPF")."""
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
    yield from _terms(case, clause, texts)
    if found := _forbidden(case, clause):
        yield found
    if DENYING[language_of(case, clause)].search(case.reading.folded, *clause):
        return
    for check in (
        _from_when,
        _covered,
        _only_taken,
        _bought,
        _valid_for,
        _enough,
        _unread_channel,
        _elsewhere,
        _charged,
    ):
        if found := check(case, clause, texts):
            yield found


def _forbidden(case: Case, clause: Span) -> Found:
    """Judge that something is not possible: no text tells how to do it."""
    told = terms.FORBIDDEN.search(case.reading.folded, *clause)
    orders = any(ground.subject.startswith("order:") for ground in case.knowledge.grounds)
    if not told or orders or any(clause[0] <= c.start < clause[1] for c in case.claims):
        return None
    verb = told["verb"][:_STEM]
    read = [text for _, text, _ in case.knowledge.sentences if verb in text]
    denied = any(NEGATIONS[case.locale].search(text) for text in read)
    return (told.span(), f"it was read how to: {read[0]!r}") if read and not denied else None


def _from_when(case: Case, clause: Span, texts: str) -> Found:
    """Judge "o prazo conta a partir do pedido": a text reckons from the same event."""
    when = terms.FROM_WHEN.search(case.reading.folded, *clause)
    if not when or _is_reckoned(texts, when["what"]):
        return None
    return when.span(), f"nothing that was read in this turn reckons from {when['what']!r}"


def _covered(case: Case, clause: Span, texts: str) -> Found:
    covers = terms.COVERS.search(case.reading.folded, *clause)
    strange = _unread(case, covers["what"]) if covers else ""
    return (covers.span(), f"nothing that was read in this turn speaks of {strange!r}") if covers and strange else None


def _only_taken(case: Case, clause: Span, texts: str) -> Found:
    only = terms.ONLY_TAKEN.search(case.reading.folded, *clause)
    other = _other_way(case.reading.folded[only.end() : clause[1]], texts) if only else ""
    return (only.span(), f"{other} was read as well") if only and other else None


def _bought(case: Case, clause: Span, texts: str) -> Found:
    """Judge "na compra de café": where texts have what has to be bought, it is one of that."""
    buying, read = terms.BUYING_OF.search(case.reading.folded, *clause), _bought_for(texts)
    if not buying or not read or meaning(buying["what"]) in read:
        return None
    return buying.span(), f"nothing that was read in this turn says it of {buying['what']!r}"


def _valid_for(case: Case, clause: Span, texts: str) -> Found:
    valid = terms.VALID_FOR.search(case.reading.folded, *clause)
    if not valid or _is_of_one_rule(case, (clause[0], valid.end())):
        return None
    return valid.span(), f"nothing that was read in this turn says {valid.group()!r} of that"


def _enough(case: Case, clause: Span, texts: str) -> Found:
    enough = terms.ENOUGH.search(case.reading.folded, *clause)
    if not enough or _is_all_read(case, enough["what"]):
        return None
    return enough.span(), f"nothing that was read in this turn says {enough.group()!r}"


def _charged(case: Case, clause: Span, texts: str) -> Found:
    charged = terms.CHARGED.search(case.reading.folded, *clause)
    free = _read_as_free(case, charged["what"]) if charged else ""
    return (charged.span(), f"that is read to be free: {free!r}") if charged and free else None


def _is_reckoned(texts: str, what: str) -> bool:
    found = terms.FROM_WHEN_READ.finditer(texts)
    return event_of(what) in {event_of(word) for match in found for word in match["said"].split()}


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


def _is_of_one_rule(case: Case, span: Span) -> bool:
    """Whether one text speaks of all that a span speaks of, as far as any text does."""
    said = {meaning(w) for w in _WORD.findall(case.reading.folded[slice(*span)]) if tells_topic(w)}
    known = said & case.knowledge.stems
    words: dict[str, set[str]] = {s: set() for s, _, _ in case.knowledge.sentences}
    for subject, _, stems in case.knowledge.sentences:
        words[subject] |= stems
    return not known or any(stems >= known for stems in words.values())


def _is_all_read(case: Case, what: str) -> bool:
    """Whether the texts have every word of what is said to be enough."""
    found = (w for w in _WORD.findall(what) if len(w) >= _NOUN and w not in FUNCTION_WORDS)
    said = {meaning(word) for word in found if not word.endswith(("ar", "er", "ir"))}
    return case.knowledge.stems >= said


def _unread_channel(case: Case, clause: Span, texts: str) -> Found:
    """Judge where an offer is said to be had: its text has the same."""
    words = set(_WORD.findall(case.reading.folded[slice(*clause)]))
    stems = {meaning(word) for word in words if tells_topic(word)}
    offers = [s for s in case.knowledge.words if s.startswith("promotion:") and s not in case.knowledge.expired]
    told = [s for s in offers if stems & case.knowledge.words[s]]
    for name, pattern in terms.CHANNELS.items() if told else ():
        read = any(pattern.search(case.text_of(subject)) for subject in told)
        if not read and pattern.search(case.reading.folded, *clause):
            return clause, f"{told[0]} does not say it of that ({name})"
    return None


def _elsewhere(case: Case, clause: Span, texts: str) -> Found:
    """Judge where something is said to be done: a rule that speaks of it speaks of the place as well."""
    places = places_in(case.reading.text[slice(*clause)])
    words_of = {s: w for s, w in case.knowledge.words.items() if s not in case.knowledge.expired}
    there = {subject for subject, words in words_of.items() if places & words}
    for name, (told, read) in THINGS.items() if there else ():
        if name in _EVERYWHERE or not told.search(case.reading.folded, *clause):
            continue
        of_it = {subject for subject in words_of if read.search(case.text_of(subject))}
        if of_it and not of_it & there:
            return clause, f"{min(of_it)} ({name}) does not speak of that place"
    return None


def _read_as_free(case: Case, what: str) -> str:
    """The sentence that says that something is free which is said to be charged for."""
    said = {meaning(word) for word in [w for w in _WORD.findall(what) if tells_topic(w)][:1]}
    told = [text for _, text, stems in case.knowledge.sentences if said and stems & said]
    return told[0] if told and all(_FREE.search(text) and "r$" not in text for text in told) else ""
