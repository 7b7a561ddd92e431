"""Step 1 of the front end: letters without case and marks.

Customers leave accents out, so both sides lose them, and before stemming: a stemmer gives other stems for "calcao" than
for "calção".
"""

from __future__ import annotations

import re
import unicodedata

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Lower-case words of a-z and 0-9, separated by single blanks."""
    return _NOT_A_WORD.sub(" ", strip_marks(text)).strip()


def strip_marks(text: str) -> str:
    """Lower-case without accents; punctuation stays."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(each for each in decomposed if not unicodedata.combining(each))
