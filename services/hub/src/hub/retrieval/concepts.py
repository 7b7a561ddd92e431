"""What shops are asked about, whatever the words: "quero meu dinheiro de volta" and "reembolso" are one concept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from hub.retrieval.stemming import stem
from hub.retrieval.words import concept_lines, function_words


class Found(NamedTuple):
    """Concepts that a run of words stands for."""

    start: int
    length: int
    concepts: tuple[str, ...]


class Concepts:
    """A table of phrases, each with its concepts, looked up by stem."""

    def __init__(self, lines: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._phrases: dict[str, dict[tuple[str, ...], list[str]]] = {}
        self.words: set[str] = set()
        """All words of the phrases: what a speller may correct to, besides the tenant's own."""
        for concept, phrases in lines:
            for phrase in phrases:
                words = [word for word in phrase.split() if word not in function_words()]
                self.words.update(words)
                key = tuple(map(stem, words))
                concepts = self._phrases.setdefault(key[0], {}).setdefault(key, [])
                if concept not in concepts:
                    concepts.append(concept)

    def find(self, stems: Sequence[str]) -> list[Found]:
        """The longest phrase at each place, from the left, without overlaps."""
        found: list[Found] = []
        position = 0
        while position < len(stems):
            match = self._longest(stems, position)
            if match:
                found.append(match)
            position += match.length if match else 1
        return found

    def _longest(self, stems: Sequence[str], position: int) -> Found | None:
        candidates = self._phrases.get(stems[position], {})
        fits = [key for key in candidates if tuple(stems[position : position + len(key)]) == key]
        if not fits:
            return None
        key = max(fits, key=len)
        return Found(position, len(key), tuple(candidates[key]))


@lru_cache(maxsize=1)
def shop_concepts() -> Concepts:
    """The general table: no tenant's own words."""
    return Concepts(concept_lines())
