"""Cuts a text that is too long for a channel into parts: at paragraphs, else lines, sentences, words. Pure.

Never inside a link, a price, a code span or an emphasis, as long as one of those fits into a part at all.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate
from typing import Final

_WHOLE: Final = re.compile(
    r"```.*?```"
    r"|`[^`\n]+`"
    r"|!?\[[^\]\n]*\]\([^)\s]+[^)\n]*\)"  # a Markdown link or image
    r"|<?\b(?:https?://|www\.)\S+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:R\$|US\$|U\$S|AR\$|\$|€|£)\s*\d[\d.,]*(?:\s*(?:mil|k|/\s*\w+))?"
    r"|\d[\d.,]*\s*(?:reais|euros|d[óo]lares|dollars|pesos|%|R\$|US\$|€|£)"
    r"|\+?\(?\d{2,3}\)?[ \u00a0]?\d{4,5}[-. ]\d{4}"  # a phone number
    r"|\*\*[^*\n]+\*\*"
    r"|__[^_\n]+__"
    r"|\*[^*\s][^*\n]*\*",
    re.DOTALL,
)
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n\s*")
_LINE: Final = re.compile(r"\n\s*")
_SENTENCE: Final = re.compile(r"(?<=[\w)\]\"'»”*_]{3}[.!?…])[)\]\"'»”*_]*\s+(?=\S)")
_WORD: Final = re.compile(r"\s+")
_LEVELS: Final = ((_PARAGRAPH, 0.3), (_LINE, 0.5), (_SENTENCE, 0.3), (_WORD, 0.0))
"""Where to cut, best first, and how much of a part must be full for that: a short part is worse than a cut sentence."""

_JOINERS: Final = ("\u200d", "\ufe0f", "\u20e3")


def length(text: str) -> int:
    """How long a channel may count a text: in UTF-16 units, where an emoji is two."""
    return len(text) + sum(1 for each in text if ord(each) > 0xFFFF)


def split(text: str, limit: int) -> tuple[str, ...]:
    """Parts of at most `limit`, in order, none of them empty.

    Nothing is lost but the white space at the cuts.
    """
    rest = text.strip()
    parts: list[str] = []
    while length(rest) > limit:
        end, start = _cut(rest, limit)
        parts.append(rest[:end].rstrip())
        rest = rest[start:].lstrip()
    return tuple(each for each in (*parts, rest) if each)


def _cut(text: str, limit: int) -> tuple[int, int]:
    """Where a part ends and where the next one begins."""
    room = _room(text, limit)
    spans = (each.span() for each in _WHOLE.finditer(text, 0, room + 4 * limit))
    whole = [each for each in spans if length(text[slice(*each)]) <= limit]
    for pattern, least in _LEVELS:
        gaps = (each.span() for each in pattern.finditer(text, 0, room + 1))
        fitting = [each for each in gaps if 0 < each[0] <= room and each[0] >= room * least and _free(each, whole)]
        if fitting:
            return fitting[-1]
    hard = _hard_cut(text, room, whole)
    return hard, hard


def _room(text: str, limit: int) -> int:
    """How many characters of the text fit."""
    lengths = list(accumulate(2 if ord(each) > 0xFFFF else 1 for each in text[: limit + 1]))
    return max(1, bisect_right(lengths, limit))


def _free(span: tuple[int, int], whole: list[tuple[int, int]]) -> bool:
    return not any(start < span[0] < end for start, end in whole)


def _hard_cut(text: str, room: int, whole: list[tuple[int, int]]) -> int:
    """No white space in reach: before what must stay whole, else between two characters as a reader sees them."""
    inside = next((start for start, end in whole if start < room < end), 0)
    if inside:
        return inside
    cut = room
    while cut > 1 and _belongs_to_the_one_before(text, cut):
        cut -= 1
    return cut if cut > 1 else room


def _belongs_to_the_one_before(text: str, index: int) -> bool:
    if index >= len(text):
        return False
    this, before = text[index], text[index - 1]
    return (
        unicodedata.combining(this) != 0
        or this in _JOINERS
        or before == _JOINERS[0]
        or 0x1F3FB <= ord(this) <= 0x1F3FF  # a skin tone
    )
