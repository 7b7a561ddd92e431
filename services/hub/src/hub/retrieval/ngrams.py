"""Similarity by character n-grams: what is left of a word when its spelling goes wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable
from typing import Generic, TypeVar

_SHORTEST = 3
_LONGEST = 5

K = TypeVar("K", bound=Hashable)


def ngrams(words: list[str]) -> Counter[str]:
    """The 3- to 5-grams inside words, with their ends marked, as scikit-learn's `char_wb` makes them."""
    found: Counter[str] = Counter()
    for word in words:
        padded = f" {word} "
        for length in range(_SHORTEST, _LONGEST + 1):
            found.update(padded[start : start + length] for start in range(len(padded) - length + 1))
    return found


class NgramIndex(Generic[K]):
    """Cosine of tf-idf vectors over n-grams, for many short texts, updated in place."""

    def __init__(self) -> None:
        self._vectors: dict[K, Counter[str]] = {}
        self._postings: dict[str, dict[K, float]] = {}
        self._norms: dict[K, float] | None = None

    def put(self, key: K, words: list[str]) -> None:
        """Add or replace a text."""
        self.remove(key)
        vector = ngrams(words)
        self._vectors[key] = vector
        for gram, count in vector.items():
            self._postings.setdefault(gram, {})[key] = 1 + math.log(count)
        self._norms = None

    def remove(self, key: K) -> None:
        """Forget a text, known or not."""
        for gram in self._vectors.pop(key, {}):
            holders = self._postings[gram]
            del holders[key]
            if not holders:
                del self._postings[gram]
        self._norms = None

    def similar(self, words: list[str]) -> dict[K, float]:
        """The cosine (0..1) of every text that shares anything with the words."""
        if self._norms is None:
            self._norms = self._all_norms()
        dots: dict[K, float] = {}
        own = 0.0
        for gram, count in ngrams(words).items():
            holders = self._postings.get(gram, {})
            idf = self._idf(len(holders))
            weight = (1 + math.log(count)) * idf
            own += weight * weight
            for key, other in holders.items():
                dots[key] = dots.get(key, 0.0) + weight * other * idf
        return {key: dot / (math.sqrt(own) * self._norms[key]) for key, dot in dots.items()}

    def _idf(self, holders: int) -> float:
        return math.log((1 + len(self._vectors)) / (1 + holders)) + 1

    def _all_norms(self) -> dict[K, float]:
        squares: dict[K, float] = dict.fromkeys(self._vectors, 0.0)
        for holders in self._postings.values():
            idf = self._idf(len(holders))
            for key, weight in holders.items():
                squares[key] += (weight * idf) ** 2
        return {key: math.sqrt(square) or 1.0 for key, square in squares.items()}
