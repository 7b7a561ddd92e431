"""Documents are split where a reader would stop, so that an answer can quote the part that fits."""

from __future__ import annotations

import re

_LONGEST = 700
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=#|\d+[.)]\s|[-*•]\s)")
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n")


def passages_of(text: str, longest: int = _LONGEST) -> list[str]:
    """Passages of up to `longest` characters, whole paragraphs where they fit, whole sentences otherwise."""
    passages: list[str] = []
    for paragraph in filter(None, (each.strip() for each in _PARAGRAPH.split(text))):
        for piece in _pieces(paragraph, longest):
            # A heading or a short line belongs to what follows it.
            if passages and len(passages[-1]) + len(piece) + 1 <= longest:
                passages[-1] = f"{passages[-1]}\n{piece}"
            else:
                passages.append(piece)
    return passages or [""]


def _pieces(paragraph: str, longest: int) -> list[str]:
    if len(paragraph) <= longest:
        return [paragraph]
    pieces: list[str] = [""]
    for sentence in _SENTENCE.split(paragraph):
        for start in range(0, len(sentence), longest):
            part = sentence[start : start + longest]
            if len(pieces[-1]) + len(part) + 1 <= longest:
                pieces[-1] = f"{pieces[-1]} {part}".strip()
            else:
                pieces.append(part)
    return [piece for piece in pieces if piece]
