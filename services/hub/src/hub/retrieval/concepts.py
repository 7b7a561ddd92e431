"""What shops are asked about, whatever the words: "quero meu dinheiro de volta" and "reembolso" are one concept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from hub.retrieval.stemming import stem
from hub.retrieval.words import concept_lines, function_words, question_words


_NEGATIONS = ("nao", "sem", "nunca", "ninguem")
"""They belong to what follows at once."""


class Found(NamedTuple):
    """Concepts that some words of a text stand for together."""

    places: tuple[int, ...]
    concepts: tuple[str, ...]


class Concepts:
    """A table of phrases, each with its concepts, looked up by stem."""

    def __init__(self, lines: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._phrases: dict[str, dict[tuple[str, ...], list[str]]] = {}
        self.words: set[str] = set()
        """All words of the phrases: what a speller may correct to, besides the tenant's own."""
        fillers = question_words()
        for concept, phrases in lines:
            for phrase in phrases:
                words = [word for word in phrase.split() if word not in function_words()]
                if len(words) < min(2, len(phrase.split())) or fillers.issuperset(words):
                    continue  # What is left of "na hora" or "posso ir aí" means something else.
                self.words.update(words)
                key = tuple(map(stem, words))
                self._add(key, concept)
                if len(key) == 2 and not set(words) & set(_NEGATIONS):
                    self._add((key[1], key[0]), concept)

    def _add(self, key: tuple[str, ...], concept: str) -> None:
        concepts = self._phrases.setdefault(key[0], {}).setdefault(key, [])
        if concept not in concepts:
            concepts.append(concept)

    def find(self, stems: Sequence[str], *, gap: int = 0) -> list[Found]:
        """The longest phrase at each place, from the left; a word serves one phrase only.

        `gap` is how many other words may stand between two words of a phrase: people do not chat in set phrases.
        """
        found: list[Found] = []
        taken: set[int] = set()
        for position in range(len(stems)):
            match = None if position in taken else self._longest(stems, position, taken, gap)
            if match:
                found.append(match)
                taken.update(match.places)
        return found

    def _longest(self, stems: Sequence[str], position: int, taken: set[int], gap: int) -> Found | None:
        best: Found | None = None
        for key, concepts in self._phrases.get(stems[position], {}).items():
            if best and len(key) <= len(best.places):
                continue
            places = _places(key, stems, position, taken, gap)
            if places:
                best = Found(places, tuple(concepts))
        return best


def _places(
    key: tuple[str, ...], stems: Sequence[str], position: int, taken: set[int], gap: int
) -> tuple[int, ...] | None:
    places = [position]
    for wanted in key[1:]:
        after = places[-1] + 1
        reach = min(gap, 1) if stems[places[-1]] in _NEGATIONS else gap
        ahead = range(after, min(after + reach + 1, len(stems)))
        place = next((each for each in ahead if stems[each] == wanted and each not in taken), None)
        if place is None:
            return None
        places.append(place)
    return tuple(places)


@lru_cache(maxsize=1)
def shop_concepts() -> Concepts:
    """The general table: no tenant's own words."""
    return Concepts(concept_lines())
