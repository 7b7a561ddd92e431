"""Step 4 of the front end: SKUs and barcodes in a text. A code that is known ends the search."""

from __future__ import annotations

import re

from hub.retrieval.folding import strip_marks

_DIGIT_RUN = re.compile(r"(?<![\w])\d(?:[ .-]?\d){7,17}(?![\w])")
_RAW_WORD = re.compile(r"[^\s,;!?()\"']+")
_MARKER = re.compile(r"^(?:sku|cod|codigo|code|ref|referencia|modelo|item|barras|ean|id|#)[.:#]*$")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_LONGEST_CODE = 40


def code_key(code: str) -> str:
    """The form in which SKUs are compared: letters and digits only, lower case."""
    return _PUNCTUATION.sub("", strip_marks(code))


def barcode_key(barcode: str) -> str:
    """The form in which barcodes are compared: a UPC is an EAN without its leading zero."""
    return re.sub(r"\D", "", barcode).lstrip("0")


def barcodes_in(text: str) -> list[str]:
    """Numbers of 8 to 14 digits, also when written in groups, as `barcode_key` gives them."""
    found = []
    for match in _DIGIT_RUN.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if 8 <= len(digits) <= 14:
            found.append(digits.lstrip("0"))
    return found


def skus_in(text: str) -> list[str]:
    """Words that may be a SKU, as `code_key` gives them, in the order of the text.

    A word counts when it holds a digit or an inner hyphen, dot, slash or underscore. Short bare numbers are sizes and
    quantities far more often than SKUs: they count only alone or after a word like "código".
    """
    words = [word.strip(".:-_/#*") for word in _RAW_WORD.findall(strip_marks(text))]
    words = [word for word in words if word]
    found: list[str] = []
    for position, word in enumerate(words):
        marked = len(words) == 1 or (position > 0 and bool(_MARKER.match(words[position - 1])))
        key = code_key(word)
        if _looks_like_code(word, key, marked=marked):
            found.append(key)
        following = code_key(words[position + 1]) if position + 1 < len(words) else ""
        if following and _is_split_code(key, following):
            found.append(key + following)
    return list(dict.fromkeys(found))


def _looks_like_code(word: str, key: str, *, marked: bool) -> bool:
    if len(key) > _LONGEST_CODE:
        return False
    if marked:
        return len(key) >= 2
    if key.isdigit():
        return len(key) >= 6
    has_digit = any(each.isdigit() for each in key)
    return len(key) >= 3 and (has_digit or (len(key) >= 5 and any(mark in word for mark in "-_./")))


def _is_split_code(key: str, following: str) -> bool:
    """Recognise "ABC 1234": letters and a number that were one code."""
    return key.isalpha() and following.isdigit() and len(key) >= 2 and len(following) >= 3
