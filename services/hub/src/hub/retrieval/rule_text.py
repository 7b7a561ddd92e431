"""A rule and a question about rules as word stems and concepts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from hub.retrieval.concepts import shop_concepts
from hub.retrieval.folding import strip_marks
from hub.retrieval.stemming import stem
from hub.retrieval.words import abbreviations, function_words, question_words

_WORD = re.compile(r"[a-z0-9]+")
_TIMES = re.compile(r"\b(\d{1,2})\s?x\b(?!\s?\d)")
_LINK = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
_REPEATED = re.compile(r"([a-z])\1{2,}")
_LONGEST_QUESTION = 120
"""Words read of a question: a customer's message may be a whole letter."""
_WORDS_BETWEEN = 2
"""How far apart a customer may say the words of a phrase."""


class Word(NamedTuple):
    """One word of a text: as written, its stem, and the concepts it stands for, alone or with others."""

    text: str
    stem: str
    concepts: tuple[str, ...]
    filler: bool
    """Says nothing by itself, only as part of a concept."""
    phrase: int = 1
    """How many words say the concept together."""

    @property
    def telling(self) -> bool:
        """Whether it says anything about what the text is about."""
        return bool(self.concepts) or not self.filler


def words_of(text: str) -> list[Word]:
    """Analyse a text of the owner."""
    return _analysed(list(_written(text, {})), gap=0)


def question_of(text: str, corrected: Callable[[str], str]) -> list[Word]:
    """Analyse a customer's message: chat spelling, slips (mended by `corrected`), phrases with other words between."""
    words = [corrected(word) for word in _written(_REPEATED.sub(r"\1", strip_marks(text)), abbreviations())]
    return _analysed(words[:_LONGEST_QUESTION], gap=_WORDS_BETWEEN)


def _analysed(written: list[str], gap: int) -> list[Word]:
    stems = [stem(word) for word in written]
    concepts: list[tuple[tuple[str, ...], int]] = [((), 1)] * len(written)
    for found in shop_concepts().find(stems, gap=gap):
        for place in found.places:
            concepts[place] = (found.concepts, len(found.places))
    fillers = question_words()
    return [
        Word(word, stems[place], concepts[place][0], word in fillers, concepts[place][1])
        for place, word in enumerate(written)
    ]


def _written(text: str, shortened: dict[str, str]) -> Iterator[str]:
    plain = _TIMES.sub(r"\1 vezes ", _LINK.sub(" ", strip_marks(text)))
    meaningless = function_words()
    for word in _WORD.findall(plain):
        for full in shortened.get(word, word).split():
            if full not in meaningless:
                yield full
