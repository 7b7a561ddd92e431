"""Questions told as a story: what the whole most likely asks for, and what one piece of it surely does."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hub.responder import rules
from hub.responder.intents import Question, understand
from hub.responder.parts import Turn
from hub.responder.wanted import spoken_pieces

_HINTED: Final = 0.15
"""How likely the whole of a story has to make what a piece of it makes sure."""


def made_sure(turn: Turn, question: Question, whole: rules.Found | None) -> rules.Found | None:
    """What a story most likely asks for, made sure when one of its pieces surely asks for that."""
    if whole is None or whole.sure or whole.confidence < _HINTED:
        return whole
    pieces = (rules.find(turn, understand(piece)) for piece in spoken_pieces(question))
    sure = any(found and found.sure and found.best.item is whole.best.item for found in pieces)
    return replace(whole, clear=True) if sure else whole
