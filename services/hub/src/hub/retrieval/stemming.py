"""Step 8 of the front end: the stem of a folded Portuguese word."""

from __future__ import annotations

from functools import lru_cache

import Stemmer

from hub.retrieval.folding import strip_marks

_STEMMER = Stemmer.Stemmer("portuguese")

_PLURALS = (
    ("oes", "ao"),
    ("aes", "ao"),
    ("ais", "al"),
    ("eis", "el"),
    ("ois", "ol"),
    ("uis", "ul"),
    ("ntis", "ntil"),
    ("ns", "m"),
    ("res", "r"),
    ("zes", "z"),
)
"""Plural rules for words without accents: the Snowball ones look for the accents that folding took away."""


_MARKS = (("cao", "ção"), ("avel", "ável"), ("ivel", "ível"), ("ancia", "ância"), ("encia", "ência"))
"""Endings that Snowball takes off only with their marks: without them "alteracao" and "alterar" would not meet."""


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem; a token with digits or of one or two letters is its own stem."""
    if len(word) <= 2 or not word.isalpha():
        return word
    found: str = _STEMMER.stemWord(_with_marks(_without_plural(word)))
    return strip_marks(found)


@lru_cache(maxsize=16_384)
def singular(word: str) -> str:
    """The word without its plural ending: what synonyms are looked up by.

    A stem would be too short for that: "refrigerante" and "refrigerador" share one.
    """
    if len(word) <= 3 or not word.isalpha():
        return word
    shorter = _without_plural(word)
    return shorter[:-1] if shorter == word and word.endswith("s") and not word.endswith("ss") else shorter


def _with_marks(word: str) -> str:
    for ending, marked in _MARKS:
        if word.endswith(ending):
            return word[: -len(ending)] + marked
    return word


def _without_plural(word: str) -> str:
    for ending, replacement in _PLURALS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)] + replacement
    return word
