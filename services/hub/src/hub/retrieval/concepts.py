"""What shops are asked about, whatever the words: "quero meu dinheiro de volta" and "reembolso" are one concept.

The table of concepts and phrases serves as examples for a small classifier: words, and pairs of words said together,
are evidence for a concept, the stronger the fewer other concepts know them. So a sentence need not hold a phrase of
the table as it stands.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from hub.retrieval.stemming import stem
from hub.retrieval.words import concept_lines, function_words, question_words

_WINDOW = 4
"""How far apart two words may be said and still be a pair."""
_FAR_PAIR = 0.6
_ALONE = 1.5
"""What a phrase of one word counts for that word; a longer phrase shares 1 among its words."""
_HALF = 0.3
_SHARPNESS = 2.0
_MOST_CONCEPTS = 6
_LEAST_SHARE = 0.1


class Spoken(NamedTuple):
    """A word as the classifier sees it."""

    stem: str
    filler: bool
    """Says nothing by itself, only in a pair."""


class Meaning(NamedTuple):
    """What a text is about."""

    shares: dict[str, float]
    """Concept -> share (0..1) of the evidence; they add up to about 1."""
    supports: tuple[frozenset[str], ...]
    """For each word of the text, the concepts among `shares` that it is evidence for."""
    strengths: dict[str, float] = {}  # noqa: RUF012 - a tuple's default, never changed
    """Concept -> all the evidence there is; a share of nearly nothing may be large."""


class Concepts:
    """A table of concepts, each with the phrases people use for it."""

    def __init__(self, lines: Iterable[tuple[str, Iterable[str]]]) -> None:
        self.words: set[str] = set()
        """All words of the phrases: what a speller may correct to, besides the tenant's own."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        concepts: set[str] = set()
        for concept, phrases in lines:
            concepts.add(concept)
            for phrase in phrases:
                words = _telling_phrase(phrase)
                self.words.update(words)
                for feature, weight in _phrase_features(words):
                    counts[feature][concept] += weight  # type: ignore[assignment]
        self._evidence = {feature: _evidence(known, len(concepts)) for feature, known in counts.items()}

    def meaning(self, words: Sequence[Spoken]) -> Meaning:
        """What the words are about; without any evidence, nothing."""
        scores: defaultdict[str, float] = defaultdict(float)
        support: list[set[str]] = [set() for _ in words]
        for feature, weight, places in _text_features(words):
            for concept, evidence in self._evidence.get(feature, ()):
                scores[concept] += weight * evidence
                for place in places:
                    support[place].add(concept)
        best = sorted(scores.items(), key=lambda each: (-each[1], each[0]))[:_MOST_CONCEPTS]
        total = sum(score**_SHARPNESS for _, score in best)
        shares = {concept: score**_SHARPNESS / total for concept, score in best}
        shares = {concept: share for concept, share in shares.items() if share >= _LEAST_SHARE}
        strengths = {concept: scores[concept] for concept in shares}
        return Meaning(shares, tuple(frozenset(each & shares.keys()) for each in support), strengths)


def _telling_phrase(phrase: str) -> list[str]:
    words = [word for word in phrase.split() if word not in function_words()]
    shrunk = len(words) < min(2, len(phrase.split()))
    # What is left of "na hora" or "posso ir aí" means something else.
    return [] if shrunk or question_words().issuperset(words) else words


def _phrase_features(words: list[str]) -> Iterator[tuple[str, float]]:
    alone = _ALONE if len(words) == 1 else 1 / max(len(words), 1)
    yield from ((stem(word), alone) for word in words if word not in question_words())
    yield from ((_pair(stem(one), stem(other)), 1.0) for one, other in combinations(words, 2))


def _text_features(words: Sequence[Spoken]) -> Iterator[tuple[str, float, tuple[int, ...]]]:
    seen: set[str] = set()
    for place, word in enumerate(words):
        if not word.filler and word.stem not in seen:
            seen.add(word.stem)
            yield word.stem, 1.0, (place,)
        for other in range(place + 1, min(place + 1 + _WINDOW, len(words))):
            pair = _pair(word.stem, words[other].stem)
            if pair not in seen and not (word.filler and words[other].filler):
                seen.add(pair)
                yield pair, 1.0 if other - place <= 2 else _FAR_PAIR, (place, other)


def _pair(one: str, other: str) -> str:
    return f"{one} {other}" if one <= other else f"{other} {one}"


def _evidence(known: Counter[str], concepts: int) -> tuple[tuple[str, float], ...]:
    """How much a feature speaks for each concept that has it: rare ones, and those it mostly belongs to, more."""
    total = sum(known.values())
    idf = math.log(1 + (concepts - len(known) + 0.5) / (len(known) + 0.5))
    return tuple(
        (concept, idf * count / (count + _HALF) * math.sqrt(count / total)) for concept, count in known.items()
    )


@lru_cache(maxsize=1)
def shop_concepts() -> Concepts:
    """The general table: no tenant's own words."""
    return Concepts(concept_lines())
