"""Words that one company's customers use for the same thing, as its owner lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from hub.retrieval.folding import fold
from hub.retrieval.stemming import singular, stem
from hub.retrieval.words import function_words

Phrase = tuple[str, ...]
_MOST_GROUPS: Final = 500


class OwnWords:
    """Groups of phrases; each stands for all of its group. Phrases are compared without marks and plural endings."""

    def __init__(self, groups: Iterable[str] = ()) -> None:
        self._groups: dict[Phrase, tuple[Phrase, ...]] = {}
        for group in list(groups)[:_MOST_GROUPS]:
            phrases = tuple(filter(None, (_phrase(each) for each in group.replace("=", ",").split(","))))
            for phrase in phrases:
                known = self._groups.get(phrase, ())
                self._groups[phrase] = tuple(dict.fromkeys((*known, *phrases)))
        self._longest = max(map(len, self._groups), default=0)

    def at(self, words: Sequence[str], position: int) -> tuple[int, tuple[Phrase, ...]] | None:
        """The longest phrase that starts here: how many words it takes, and the phrases that mean the same."""
        for length in range(min(self._longest, len(words) - position), 0, -1):
            found = self._groups.get(tuple(map(singular, words[position : position + length])))
            if found:
                return length, found
        return None

    def alternatives(self, words: Sequence[str], position: int) -> tuple[int, tuple[Phrase, ...]] | None:
        """The same, as stems."""
        found = self.at(words, position)
        return (found[0], tuple(tuple(map(stem, phrase)) for phrase in found[1])) if found else None

    def explained(self, text: str) -> str:
        """A question with the other words for what it says after it."""
        if not self._groups:
            return text
        words = [word for word in fold(text).split() if word not in function_words()]
        others: list[str] = []
        position = 0
        while position < len(words):
            found = self.at(words, position)
            if found:
                others += [" ".join(phrase) for phrase in found[1]]
            position += found[0] if found else 1
        return f"{text} {' '.join(others)}" if others else text


def _phrase(text: str) -> Phrase:
    return tuple(singular(word) for word in fold(text).split() if word not in function_words())
