"""A rule and a question about rules as terms: word stems, and concepts marked with `@`."""

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


class Word(NamedTuple):
    """One telling word of a text: as written, its stem, and the concepts it is part of."""

    text: str
    stem: str
    concepts: tuple[str, ...]
    filler: bool
    """Says nothing by itself, only as part of a concept."""


def words_of(text: str, *, chat: bool = False, corrected: Callable[[str], str] | None = None) -> list[Word]:
    """Analyse a text. `chat`: a customer wrote it; `corrected` mends words nobody knows."""
    written = list(_written(text, chat=chat))[:_LONGEST_QUESTION] if chat else list(_written(text, chat=chat))
    if corrected:
        written = [corrected(word) for word in written]
    stems = [stem(word) for word in written]
    concepts: list[tuple[str, ...]] = [()] * len(written)
    for found in shop_concepts().find(stems):
        for place in range(found.start, found.start + found.length):
            concepts[place] = found.concepts
    fillers = question_words()
    return [
        Word(word, word_stem, concepts[place], word in fillers)
        for place, (word, word_stem) in enumerate(zip(written, stems, strict=True))
    ]


def terms_of(words: list[Word]) -> Iterator[str]:
    """The terms to index or to look for; a concept counts once for each run of words that names it."""
    before: tuple[str, ...] = ()
    for word in words:
        if not word.filler:
            yield word.stem
        if word.concepts != before:
            yield from (f"@{concept}" for concept in word.concepts)
        before = word.concepts


def _written(text: str, *, chat: bool) -> Iterator[str]:
    plain = _TIMES.sub(r"\1 vezes ", _LINK.sub(" ", strip_marks(text)))
    if chat:
        plain = _REPEATED.sub(r"\1", plain)
    shortened, meaningless = abbreviations() if chat else {}, function_words()
    for word in _WORD.findall(plain):
        for full in shortened.get(word, word).split():
            if full not in meaningless:
                yield full
