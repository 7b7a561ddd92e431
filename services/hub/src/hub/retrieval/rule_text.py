"""A rule and a question about rules as words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from hub.retrieval.concepts import Meaning, Spoken, shop_concepts
from hub.retrieval.folding import strip_marks
from hub.retrieval.stemming import stem
from hub.retrieval.words import function_words, question_spellings, question_words

_WORD = re.compile(r"[a-z0-9]+")
_TIMES = re.compile(r"\b(\d{1,2})\s?x\b(?!\s?\d)")
_LINK = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
_REPEATED = re.compile(r"([a-z])\1{2,}")
_SENTENCE = re.compile(r"[.!?;:\n]+\s*")
_LONGEST_QUESTION = 120
"""Words read of a question: a customer's message may be a whole letter."""


class Word(NamedTuple):
    """One word of a text: as written (folded), and its stem."""

    text: str
    stem: str
    filler: bool
    """Says nothing by itself about what the text is about."""


def words_of(text: str) -> list[Word]:
    """Analyse a text of the owner."""
    return [_word(word) for word in _written(text, {})]


def question_of(text: str, corrected: Callable[[str], str]) -> list[Word]:
    """Analyse a customer's message: chat spelling, repeated letters, slips (mended by `corrected`)."""
    written = _written(_REPEATED.sub(r"\1", strip_marks(text)), question_spellings())
    return [_word(corrected(word)) for word in written][:_LONGEST_QUESTION]


def meaning_of(words: Sequence[Word]) -> Meaning:
    """What a text is about, in the concepts that shops share."""
    return shop_concepts().meaning([Spoken(word.stem, word.filler) for word in words])


def sentences_of(text: str) -> list[str]:
    """A text cut where its sentences end."""
    return [sentence for sentence in _SENTENCE.split(text) if sentence]


def _word(word: str) -> Word:
    return Word(word, stem(word), word in question_words())


def _written(text: str, shortened: dict[str, str]) -> Iterator[str]:
    plain = _TIMES.sub(r"\1 vezes ", _LINK.sub(" ", strip_marks(text))).replace("'", "")
    meaningless = function_words()
    for word in _WORD.findall(plain):
        for full in shortened.get(word, word).split():
            if full not in meaningless:
                yield full
