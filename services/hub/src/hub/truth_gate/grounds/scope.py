"""Whose price is it? Which products a value in a reply can be about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.having import Having, havings
from hub.truth_gate.grounds.knowledge import Knowledge
from hub.truth_gate.grounds.naming import Mention, mentions, names_of
from hub.truth_gate.language.asides import asides, within
from hub.truth_gate.language.quantity_words import THAN
from hub.truth_gate.language.reading import Reading, Span, containing, fold, names_something, stem
from hub.truth_gate.language.statement_words import BEING
from hub.truth_gate.language.vocabulary import COMMON_WORDS, MONTHS, NUMBER_WORDS, WEEKDAYS
from hub.truth_gate.language.word_shapes import is_done, is_verb

_OF_WHAT: Final = re.compile(
    r"\b(?P<head>[a-z]{3,})\s+(?:de|do|da|dos|das|del|of|for|para|pra)\s+(?:(?:o|a|el|la|the|os|as)\s+)?$"
)
_DONE_WITH: Final = re.compile(
    r"\b(?P<deed>entregar|enviar|mandar|montar|instalar|embrulhar|consertar|trocar|devolver|entregando|enviando|"
    r"montando|"
    r"instalando|delivering|shipping|sending|assembling|installing|wrapping|repairing|returning|exchanging|envolver|"
    r"reparar|cambiar) (?:(?:o|a|um|uma|el|la|un|una|the|an?|seu|sua|your|tu) )?$"
)
"""What is done with a product has a price of its own."""
_NEXT_WORD: Final = re.compile(r"\s+(?P<next>[^\W\d_]{3,}|[A-Z]{1,3}\b)")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SIZE: Final = re.compile(r"[A-Z]{1,3}")
_NO_NOUN_AFTER: Final = re.compile(
    r"\b(?:se|si|if|nao|ja|voce|voces|vc|ele|ela|eles|elas|eu|nos|que|custa|custam|sai|saem|fica|ficam|it|you|we|they|"
    r"not|costs|cuesta|no)\s+$"
)
"""Words after which no thing is named but something done, or how."""
_VALUES: Final = ("price", "number", "percent", "instalments", "date", "time")
_LEADS_UP: Final = re.compile(
    r"\b(?:[a-z]{4,})\s+(?:(?:de ate|no maximo|no minimo|uns|umas|about|up to) )?$|"
    r"\b(?:demora|leva|tarda|dura)[mr]? (?:em )?(?:ate |hasta )?$"
)
_LEADING: Final = re.compile(r"[\s\d.)*•-]*(?:(?:por|a|for|at|con|com) )?(?:r\$|us\$|\$)? ?")
"""What may stand before a value with which a line begins."""
_ADVERBS: Final = ("mente", "ly")


@dataclass(frozen=True)
class Scope:
    """The products a value is about.

    `certain`: the reply names them; `foreign`: the word for something that was not read.
    """

    subjects: frozenset[str]
    certain: bool = False
    foreign: str = ""


class Subjects:
    """Finds the products a reply speaks of, and attributes its values to them."""

    def __init__(self, reading: Reading, claims: Sequence[Claim], knowledge: Knowledge) -> None:
        self._reading = reading
        self._claims = claims
        self._knowledge = knowledge
        self._names = names_of(tuple(knowledge.labels.items()))
        self._clauses: dict[Span, tuple[Span, ...]] = {}
        self.mentions = mentions(reading, claims, knowledge, self._names)

    @cached_property
    def _kept_whole(self) -> tuple[Span, ...]:
        return tuple(claim.span for claim in self._claims) + tuple(m.span for m in self.mentions)

    @cached_property
    def values_with_leads(self) -> tuple[Span, ...]:
        """Where the values stand, each with the word that leads up to it ("dura 30 minutos") and is judged with it."""
        return tuple((self._led_up_from(claim), claim.end) for claim in self._claims)

    def _led_up_from(self, claim: Claim) -> int:
        measured = claim.kind in _VALUES and (claim.kind != "number" or claim.unit)
        led = _LEADS_UP.search(self._reading.folded, max(0, claim.start - 40), claim.start) if measured else None
        return led.start() if led and self._reading.text[led.start()].islower() else claim.start

    @cached_property
    def _asides(self) -> tuple[Span, ...]:
        return asides(self._reading)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Spans of the sentences."""
        return self._reading.sentences(self._kept_whole)

    def clause(self, position: int) -> Span:
        """The clause a position lies in."""
        sentence = containing(self.sentences, position)
        return containing(self.clauses(sentence), position)

    def clauses(self, sentence: Span) -> tuple[Span, ...]:
        """Spans of the clauses of a sentence."""
        if sentence not in self._clauses:
            self._clauses[sentence] = self._reading.clauses(sentence, self._kept_whole)
        return self._clauses[sentence]

    @cached_property
    def havings(self) -> tuple[Having, ...]:
        """What is said beside the names of products of whether there are any."""
        return tuple(havings(self._reading, self.mentions, {m: self.clause(m.start) for m in self.mentions}))

    def kind_of(self, subjects: frozenset[str]) -> frozenset[str]:
        """All products that are called alike."""
        return self._names.kind_of(subjects)

    def owners_in(self, stems: frozenset[str]) -> frozenset[str]:
        """The products whose names hold one of these stems."""
        return self._names.having(stems)

    @property
    def lines(self) -> tuple[Span, ...]:
        """The lines of the reply."""
        return self._reading.lines

    def line(self, position: int) -> Span:
        """The line a position lies in."""
        return containing(self._reading.lines, position)

    def named_in(self, span: Span, besides: Span | None = None) -> list[Mention]:
        """Mentions inside a span; partial ones only where no product is named in full.

        "As coleiras" says nothing beside "a coleira M": the vaguer of two names is left out.
        """
        found = [m for m in self.mentions if span[0] <= m.start < span[1] and m.span != besides]
        found = [m for m in found if m.whole] or found
        return [m for m in found if not any(other.subjects < m.subjects for other in found)]

    def _share(self, claim: Claim, clause: Span) -> Span:
        """The part of a clause that is about one of its values: "R$ 29,90 mais R$ 15,90 de frete" are two."""
        others = [c for c in self._claims if c.kind == claim.kind and clause[0] <= c.start < clause[1]]
        end = min((c.start for c in others if c.start > claim.start), default=clause[1])
        return (clause[0], end)

    def scope_of(self, claim: Claim) -> Scope:
        """Attribute a value to products: those of its clause, else the last ones named before it."""
        clause = self.clause(claim.start)
        named = self.named_in(clause)
        if named:
            share = self._share(claim, clause)
            foreign = self._foreign_to_mentions(share if share[1] > named[-1].end else clause, named)
            return Scope(frozenset().union(*(m.subjects for m in named)), certain=True, foreign=foreign)
        if behind := self._named_behind(claim, clause):
            return Scope(frozenset().union(*(m.subjects for m in behind)), certain=True)
        place, before = self._last_named_before(clause[0])
        spoken = (self._spoken_from(clause, place), clause[1])
        foreign = self._unknown_word(spoken, frozenset(self._knowledge.labels.values()))
        if not before:
            return Scope(frozenset(), foreign=foreign)
        named_until = _NEXT_WORD.match(self._reading.text, before[-1].end)
        place = (place[0], min(place[1], named_until.end() if named_until else before[-1].end))
        foreign = foreign or self._foreign_to_mentions(place, before)
        return Scope(frozenset().union(*(m.subjects for m in before)), certain=True, foreign=foreign)

    def _named_behind(self, claim: Claim, clause: Span) -> list[Mention]:
        """What a value is of that its line begins with: "R$ 29,90: Shampoo", "por R$ 29,90, o shampoo é ..."."""
        line = self.line(claim.start)
        sentence = containing(self.sentences, claim.start)
        begin, end = max(line[0], sentence[0]), min(line[1], sentence[1])
        bare = claim.kind == "price" and _LEADING.fullmatch(self._reading.folded, begin, claim.start)
        later = [c.start for c in self._claims if c.kind == "price" and claim.end <= c.start < end]
        named = self.named_in((claim.end, min([end, *later]))) if bare and clause[0] <= begin else []
        return [m for m in named[:1] if not m.foreign and m.whole]

    def _spoken_from(self, clause: Span, place: Span) -> int:
        """Where the words begin that may name what a value is about: a heading before ":" belongs to it."""
        line = self.line(clause[0])
        if place[0] < line[0]:
            return line[0]
        sentence = containing(self.sentences, clause[0])
        earlier = [c for c in self.clauses(sentence) if place[1] <= c[0] < clause[0]]
        heading = earlier and self._reading.folded[: earlier[-1][1]].rstrip().endswith(":")
        return earlier[-1][0] if heading else clause[0]

    def last_named_before(self, position: int) -> list[Mention]:
        """What was named last before a position."""
        return self._last_named_before(position)[1]

    def _last_named_before(self, position: int) -> tuple[Span, list[Mention]]:
        """The nearest clause before a position that names products, and what it names."""
        for sentence in reversed([each for each in self.sentences if each[0] < position]):
            for clause in reversed(self.clauses(sentence)):
                named = self.named_in(clause) if clause[0] < position else []
                if named:
                    return clause, self._first_terms(clause, named)
        return (position, position), []

    def _first_terms(self, clause: Span, named: list[Mention]) -> list[Mention]:
        """What a clause is about that compares: "A custa menos que B" goes on about A."""
        than = THAN.search(self._reading.folded, *clause)
        return [m for m in named if than and m.start < than.start()] or named

    def _foreign_to_mentions(self, clause: Span, named: list[Mention]) -> str:
        """A price "of" something else than the product, or a product whose name goes on."""
        for mention in named:
            if mention.foreign:
                return mention.foreign
            done = _DONE_WITH.search(self._reading.folded, clause[0], mention.start)
            if done:
                return done["deed"]
            head = _OF_WHAT.search(self._reading.folded[clause[0] : mention.start])
            in_claim = head and any(c.start <= clause[0] + head.start("head") < c.end for c in self._claims)
            verb = head and is_verb(self._reading.folded, clause[0] + head.start("head"), clause[0] + head.end("head"))
            if head and not in_claim and not verb and self._is_foreign(head["head"], mention.subject):
                return head["head"]
            after = _NEXT_WORD.match(self._reading.folded, mention.end)
            if (
                mention.whole
                and after
                and after.end() <= clause[1]
                and not is_done(self._reading.folded, *after.span("next"))
                and self._is_foreign(after["next"], mention.subject)
            ):
                return after["next"]
        if not any(mention.whole for mention in named):
            return self._unknown_word(clause, frozenset().union(*(m.subjects for m in named)))
        return ""

    def _goes_on(self, word: str, subject: str) -> bool:
        """Whether a word makes another product of a name: "Infantil", or a size."""
        folded = fold(word)
        if _SIZE.fullmatch(word) and folded not in COMMON_WORDS and not self._reading.text.isupper():
            return folded not in self._names.words.get(subject, set())
        return self._is_foreign(folded, subject)

    def _unknown_word(self, clause: Span, subjects: frozenset[str]) -> str:
        return next(self.unknown_words(clause, subjects, written=True), "")

    def unknown_words(self, clause: Span, subjects: frozenset[str], *, written: bool = False) -> Iterator[str]:
        """Words that name something other than these products; folded, or as they are written."""
        claims = [c for c in self._claims if c.start < clause[1] and clause[0] < c.end]
        for match in _LETTERS.finditer(self._reading.text, *clause):
            if any(c.start < match.end() and match.start() < c.end for c in claims):
                continue
            again = self._reading.folded.startswith((" vez", " time"), match.end())
            if again or match.group().lower() in ("vez", "time"):
                continue
            if _NO_NOUN_AFTER.search(self._reading.folded, clause[0], match.start()):
                continue
            said_of = BEING.fullmatch(self._reading.folded, match.start(), match.end())
            if said_of or within(match.start(), self._asides) or is_done(self._reading.folded, *match.span()):
                continue
            if subjects and all(self._goes_on(match.group(), subject) for subject in subjects):
                yield match.group() if written else fold(match.group())

    def _is_foreign(self, word: str, subject: str) -> bool:
        if not names_something(word) or word.endswith(_ADVERBS) or word in MONTHS or word in WEEKDAYS:
            return False
        if any(word in words for words in NUMBER_WORDS.values()):
            return False
        return subject not in self._names.owners.get(stem(word), frozenset())


def quoted_spans(reading: Reading, knowledge: Knowledge) -> list[tuple[Span, str]]:
    """Where the reply repeats a whole text it was given: those words are the owner's, not the assistant's."""
    found = []
    for subject, text in knowledge.texts:
        if len(text) < 3 or subject.startswith("product:"):
            continue
        pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, text.split())) + r"(?!\w)"
        found += [(match.span(), subject) for match in re.finditer(pattern, reading.whole)]
    return found
