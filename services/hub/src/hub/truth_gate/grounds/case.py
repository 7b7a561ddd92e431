"""A reply before the judge, and the judgement on one claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.context import context_of, nearest_words
from hub.truth_gate.grounds.knowledge import Knowledge
from hub.truth_gate.grounds.scope import Subjects
from hub.truth_gate.language.quantity_words import THAN
from hub.truth_gate.language.reading import Reading, Span, containing, ends_as_question

DENIED: Final = "said not to be so"
"""Why a value passes that nobody read: the reply says that it is not so."""

IN_NAME: Final = "part of the product's name"


@dataclass(frozen=True)
class Judgement:
    """Passed with the subject of the fact, or refused with a reason."""

    passed: bool
    subject: str | None = None
    why: str = ""


def refuse(why: str) -> Judgement:
    """A refusal."""
    return Judgement(False, None, why)


@dataclass(frozen=True)
class Case:
    """A reply before the judge."""

    reading: Reading
    claims: tuple[Claim, ...]
    knowledge: Knowledge
    subjects: Subjects
    locale: str
    now: datetime
    """In the company's zone."""

    @property
    def today(self) -> date:
        """The day it is for the company."""
        return self.now.date()

    def clause_text(self, claim: Claim) -> str:
        """The folded clause a claim stands in."""
        start, end = self.subjects.clause(claim.start)
        return self.reading.folded[start:end]

    def sentence_text(self, claim: Claim) -> str:
        """The folded sentence a claim stands in."""
        start, end = containing(self.subjects.sentences, claim.start)
        return self.reading.folded[start:end]

    def line_text(self, claim: Claim) -> str:
        """The folded line a claim stands in."""
        start, end = self.subjects.line(claim.start)
        return self.reading.folded[start:end]

    def second_term(self, claim: Claim) -> Span | None:
        """The second term of a comparison, up to a value in it: "R$ 5,00 a mais que o frete de R$ 14,90"."""
        start, _ = self.subjects.clause(claim.start)
        than = [match.end() for match in THAN.finditer(self.reading.folded, start, claim.start)]
        return (than[-1], claim.end) if than else None

    def near_context(self, claim: Claim) -> frozenset[str]:
        """The words of the clause of a claim, or of the nearest one before it that has any."""
        sentence = containing(self.subjects.sentences, claim.start)
        return nearest_words(self.reading, claim, self.claims, sentence)

    def question_before(self, claim: Claim) -> frozenset[str]:
        """The words of a question that the sentence of a claim answers: "Valinhos? Em até 3 dias"."""
        sentence = containing(self.subjects.sentences, claim.start)
        earlier = [each for each in self.subjects.sentences if each[0] < sentence[0]]
        asked = bool(earlier) and ends_as_question(self.reading.folded[slice(*earlier[-1])])
        return context_of(self.reading, claim, self.claims, earlier[-1]) if asked else frozenset()

    def context_before(self, claim: Claim) -> frozenset[str]:
        """The words of the two sentences before that of a claim."""
        sentence = containing(self.subjects.sentences, claim.start)
        earlier = [each for each in self.subjects.sentences if each[0] < sentence[0]]
        return frozenset().union(*(context_of(self.reading, claim, self.claims, each) for each in earlier[-2:]))

    def text_of(self, subject: str) -> str:
        """All folded words that were read of a subject."""
        return " ".join(text for each, text in self.knowledge.texts if each == subject)

    def context(self, claim: Claim) -> frozenset[str]:
        """The words around a claim; those of the sentence before when its own says nothing."""
        if (term := self.second_term(claim)) and (said := context_of(self.reading, claim, self.claims, term)):
            return said
        sentence = containing(self.subjects.sentences, claim.start)
        found = context_of(self.reading, claim, self.claims, sentence)
        earlier = [each for each in self.subjects.sentences if each[0] < sentence[0]]
        return found or (context_of(self.reading, claim, self.claims, earlier[-1]) if earlier else frozenset())
