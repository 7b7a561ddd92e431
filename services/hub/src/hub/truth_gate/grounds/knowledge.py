"""What a claim may stand on: the typed facts of a turn, and the claims inside the texts read in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from hub.truth_gate.claims.claims import Claim, ClaimKind
from hub.truth_gate.language.reading import meaning

_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]")


@dataclass(frozen=True)
class Ground:
    """One value that is known to be true of a subject."""

    claim: Claim
    subject: str
    source: str
    role: str = ""
    day: str = ""
    """Of opening hours: the weekday or date they are of."""
    context: frozenset[str] = frozenset()
    """Of a value inside a text: the words around it that a paraphrase must share."""
    from_text: bool = False
    condition: str = ""
    """Of something free: the price of the purchase from which on it is."""
    own: frozenset[str] = frozenset()
    later_rivals: frozenset[str] = frozenset()
    earlier_rivals: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    """Of a value inside a text: the places its sentence speaks of."""
    weekdays: frozenset[str] = frozenset()
    """And its weekdays."""
    ways: frozenset[str] = frozenset()
    """And the ways of paying it is told of."""
    units: frozenset[str] = frozenset()
    """Of a price inside a text: for how much of a thing its clause says it is."""
    told_apart: bool = False
    """Whether its text gives several things of one sort a value each: "the frame 5 years, the parts 3 months"."""

    @property
    def about_product(self) -> bool:
        """Whether it is a live value of a product rather than words of a rule."""
        return self.subject.startswith("product:")


@dataclass(frozen=True)
class Knowledge:
    """The facts of one turn, arranged for judging."""

    grounds: tuple[Ground, ...]
    labels: dict[str, str] = field(default_factory=dict)
    """Folded names of products, each with its subject."""
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    """By subject, the words of its texts that say what they are about; products are left out."""
    texts: tuple[tuple[str, str], ...] = ()
    """Whole texts (subject, plain text), for verbatim quotations."""
    expired: frozenset[str] = frozenset()
    """Subjects that are not in force on the day."""

    def of_kind(self, kind: ClaimKind) -> list[Ground]:
        """Grounds that can support claims of a kind."""
        return self._by_kind.get(kind, [])

    @cached_property
    def _by_kind(self) -> dict[ClaimKind, list[Ground]]:
        found: dict[ClaimKind, list[Ground]] = {}
        for ground in self.grounds:
            found.setdefault(ground.claim.kind, []).append(ground)
        return found

    @cached_property
    def sentences(self) -> tuple[tuple[str, str, frozenset[str]], ...]:
        """The sentences of the texts in force that are no names of products: subject, folded text, stems."""
        return tuple(
            (subject, sentence, stems)
            for subject, text in self.texts
            if subject not in self.expired and not subject.startswith("product:")
            for sentence, stems in _sentences(text)
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all these sentences."""
        return frozenset().union(*(stems for _, _, stems in self.sentences))

    def products(self, kind: ClaimKind) -> set[str]:
        """Products with a live value of a kind."""
        return {g.subject for g in self.of_kind(kind) if g.about_product and not g.from_text}


@lru_cache(maxsize=2_048)
def _sentences(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    found = (sentence for sentence in _SENTENCE.split(text) if sentence.strip())
    return tuple((each, frozenset(meaning(word) for word in _WORD.findall(each))) for each in found)
