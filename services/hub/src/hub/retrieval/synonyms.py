"""Step 6 of the front end: different words for one thing. Both sides are brought to the first word of a line.

Phrases are looked up without plural endings, the longest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from hub.retrieval.stemming import singular
from hub.retrieval.words import function_words, product_glossary_lines, product_synonym_lines

Phrase = tuple[str, ...]


class Synonyms:
    """A table of phrases."""

    def __init__(self, lines: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._phrases: dict[str, list[tuple[Phrase, Phrase]]] = {}
        for canonical, phrases in lines:
            for phrase in phrases:
                self._add(_key(phrase), tuple(canonical.split()))

    def _add(self, key: Phrase, target: Phrase) -> None:
        if key and key != _key(" ".join(target)):
            known = self._phrases.setdefault(key[0], [])
            known.append((key, target))
            known.sort(key=lambda entry: (-len(entry[0]), entry[0]))

    def at(self, words: Sequence[str], position: int) -> tuple[int, Phrase] | None:
        """The longest phrase that starts here: how many words it takes and what stands for it."""
        for key, target in self._phrases.get(singular(words[position]), ()):
            if len(key) == 1 or tuple(map(singular, words[position : position + len(key)])) == key:
                return len(key), target
        return None

    def canonical(self, words: Sequence[str]) -> list[str]:
        """Replace every known phrase."""
        found: list[str] = []
        position = 0
        while position < len(words):
            match = self.at(words, position)
            found.extend(match[1] if match else (words[position],))
            position += match[0] if match else 1
        return found


@lru_cache(maxsize=1)
def product_synonyms() -> Synonyms:
    """Brazilian words: for both sides."""
    return Synonyms(product_synonym_lines())


@lru_cache(maxsize=1)
def product_glossary() -> Synonyms:
    """Foreign words: for a question, where the catalogue does not have the word itself ("Fralda Pants")."""
    return Synonyms(product_glossary_lines())


def _key(phrase: str) -> Phrase:
    return tuple(singular(word) for word in phrase.split() if word not in function_words())
