"""Step 9 of the front end: what a word unknown to the tenant was probably meant to be."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SOUNDS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"[sc]h|x"), "x"),
    (re.compile(r"lh"), "li"),
    (re.compile(r"nh"), "ni"),
    (re.compile(r"qu|q|k|c(?![ei])"), "k"),
    (re.compile(r"gu(?=[ei])"), "g"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"ss|sc(?=[ei])|c|z"), "s"),
    (re.compile(r"h"), ""),
    (re.compile(r"y|e"), "i"),
    (re.compile(r"w|o|l(?![aeiou])"), "u"),
    (re.compile(r"n(?![aeiou])"), "m"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_SHORTEST = 4
_CACHE_SIZE = 20_000
_ALTERNATIVES = 3
_COMPLETIONS = 5
_SURE = 1.0


def phonetic_key(word: str) -> str:
    """How a Brazilian hears the word: "xampu", "shampoo" and "champu" give one key."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def _sounds_near(sound: str, candidate: str) -> bool:
    """Whether two slips may have led from one word to the other: "phones" is another word than "potes"."""
    return OSA.distance(sound, phonetic_key(candidate), score_cutoff=1) <= 1


class Speller:
    """The words of one tenant, with their numbers of items, kept up to date item by item."""

    def __init__(self, counts: Mapping[str, int] | None = None) -> None:
        self._counts: dict[str, int] = {}
        self._by_length: dict[int, list[str]] = {}
        self._by_sound: dict[str, list[str]] = {}
        self._sorted: list[str] | None = None
        self._answers: dict[str, tuple[str, ...]] = {}
        self.add(set(counts or ()))
        self._counts.update(counts or {})

    @property
    def counts(self) -> dict[str, int]:
        """Each word and how many items have it: enough to make the speller again."""
        return dict(self._counts)

    def add(self, words: set[str]) -> None:
        """Count the words of a new item."""
        for word in words:
            count = self._counts.get(word)
            self._counts[word] = (count or 0) + 1
            if count is None and len(word) >= _SHORTEST - 1 and word.isalpha():
                self._by_length.setdefault(len(word), []).append(word)
                self._by_sound.setdefault(phonetic_key(word), []).append(word)
                self._forget_answers()

    def remove(self, words: set[str]) -> None:
        """Take the words of a former item back. A word of no item is no candidate any more."""
        for word in words & self._counts.keys():
            self._counts[word] -= 1
            if self._counts[word] <= 0:
                self._drop(word)

    def knows(self, word: str) -> bool:
        """Whether an item has exactly this word."""
        return word in self._counts

    def slip_of(self, word: str) -> str:
        """The word it is one slip away from (or sounds like); the word itself when there is none."""
        if word in self._counts or not word.isalpha() or len(word) < _SHORTEST:
            return word
        cost, found = self._near(word)
        return found[0] if found and cost <= _SURE else word

    def suggestions(self, word: str) -> tuple[str, ...]:
        """The best corrections or completions of an unknown word, best first; deterministic."""
        if len(word) < _SHORTEST - 1 or not word.isalpha():
            return ()
        if word not in self._answers:
            if len(self._answers) >= _CACHE_SIZE:
                self._answers.clear()
            self._answers[word] = self._suggest(word)
        return self._answers[word]

    def _suggest(self, word: str) -> tuple[str, ...]:
        if len(word) < _SHORTEST:
            return self._completions(word)
        cost, found = self._near(word)
        if found and cost <= _SURE:
            return found
        # "liquidif" is rather cut off from "liquidificador" than two slips away from "liquido".
        return self._completions(word) or found or self._heads(word)

    def _near(self, word: str) -> tuple[float, tuple[str, ...]]:
        furthest = 1 if len(word) <= 5 else 2
        sound = phonetic_key(word)
        distances = {each: OSA.distance(word, each) for each in self._by_sound.get(sound, ())}
        for length in range(len(word) - furthest, len(word) + furthest + 1):
            choices = self._by_length.get(length)
            if choices:
                matches = process.extract(word, choices, scorer=OSA.distance, score_cutoff=furthest, limit=20)
                distances.update(
                    (each, int(distance)) for each, distance, _ in matches if distance < 2 or _sounds_near(sound, each)
                )
        if not distances:
            return 0.0, ()
        ranked = sorted(distances, key=lambda each: (self._cost(word, each, distances[each], sound), each))
        best = self._cost(word, ranked[0], distances[ranked[0]], sound)[0]
        return best, tuple(
            each for each in ranked[:_ALTERNATIVES] if self._cost(word, each, distances[each], sound)[0] <= best + 0.5
        )

    def _cost(self, word: str, candidate: str, distance: int, sound: str) -> tuple[float, int]:
        cost = float(distance)
        if phonetic_key(candidate) == sound:
            cost = min(cost, 1) - 0.5
        if candidate[0] != word[0]:
            cost += 0.5
        return cost, -self._counts[candidate]

    def _completions(self, word: str) -> tuple[str, ...]:
        """Complete "refri" to "refrigerante"."""
        if self._sorted is None:
            self._sorted = sorted(each for words in self._by_length.values() for each in words)
        start = bisect_left(self._sorted, word)
        found = []
        for each in self._sorted[start : start + 200]:
            if not each.startswith(word):
                break
            found.append(each)
        return tuple(sorted(found, key=lambda each: (-self._counts[each], each))[:_COMPLETIONS])

    def _heads(self, word: str) -> tuple[str, ...]:
        """Find "antic" in the catalogue for "anticaspa" in the question."""
        heads = (word[:length] for length in range(len(word) - 1, _SHORTEST, -1))
        return tuple(each for each in heads if each in self._counts)[:1]

    def _drop(self, word: str) -> None:
        del self._counts[word]
        same_length = self._by_length.get(len(word), [])
        if word in same_length:
            same_length.remove(word)
            self._by_sound[phonetic_key(word)].remove(word)
            self._forget_answers()

    def _forget_answers(self) -> None:
        self._answers.clear()
        self._sorted = None
