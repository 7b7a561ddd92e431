"""Cutting a burst of messages into questions, and putting torn ones back together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from hub.answering import CustomerMessage
from hub.responder.intents import SOCIAL, Question, has_words, understand
from hub.responder.special import Special, specials_of

_END: Final = re.compile(r"(?<=[?!;])\s*|(?<=[a-zà-ú)]\.)\s+|\n+")
_NEW_QUESTION: Final = re.compile(
    r"(?i)[,;]\s+(?=(?:voc[eê]s|vcs|ustedes|do you|can i)\s)|"
    r"[,;]?\s+(?:e|y|and|mas|pero|but|tamb[eé]m)\s+(?=(?:qua(?:l|is|nto|nta|ndo)|cu[aá](?:l|les|nto|nta|ndo)|"
    r"como|onde|"
    r"d[oó]nde|o que|que horas?|voc[eê]s|vcs?|aceita|aceptan|faze?m|hacen|entregam?|posso|puedo|tem|tienen|"
    r"t[eê]m|how|what|"
    r"when|where|which|do you|can i|is there|are you|queria saber|gostaria de saber)\b)"
)
_CLOSED: Final = ("?", "!", ".", ";")
_MANY: Final = 6
MAX_LENGTH: Final = 1500


@dataclass(frozen=True)
class Burst:
    """What the customer sent, as questions, and what of it cannot be read."""

    questions: tuple[Question, ...]
    specials: tuple[Special, ...] = ()
    """What is not text, oldest first."""
    wordless: bool = False
    """Nothing but emoji, punctuation or stickers."""


def read_burst(messages: Sequence[CustomerMessage]) -> Burst:
    """Take a burst apart."""
    texts = [text for message in messages for text in _texts(message)]
    worded = [text[:MAX_LENGTH] for text in texts if has_words(text)]
    specials = specials_of(messages)
    questions = [understand(piece) for text in worded for piece in _pieces(text)]
    return Burst(tuple(questions), specials, wordless=not worded and not specials)


def _texts(message: CustomerMessage) -> list[str]:
    if message.unsupported:
        return []
    return [message.words or message.subject]


def _pieces(text: str) -> list[str]:
    sentences = [each for each in _END.split(text) if each and has_words(each)]
    return [
        piece.strip()
        for sentence in sentences
        for after in _after_courtesy(sentence)
        for piece in _NEW_QUESTION.split(after)
        if has_words(piece)
    ]


def _after_courtesy(sentence: str) -> list[str]:
    """A word of courtesy and what comes after its comma: "blz, e vocês entregam?". A "não," mends what was said."""
    head, _, rest = sentence.partition(",")
    if not has_words(rest) or understand(sentence).corrects or not understand(head).intents & SOCIAL:
        return [sentence]
    return [head, rest] if not understand(head).content and not understand(head).topics else [sentence]


def join_fragments(questions: Sequence[Question], belong: Callable[[str], bool]) -> tuple[Question, ...]:
    """Put together what was torn apart by sending in pieces: "tem camiseta" / "azul" / "tamanho M?".

    Args:
        questions: The pieces in order.
        belong: Whether a joined text makes one question of which every word fits.
    """
    joined: list[Question] = []
    for question in questions:
        last = joined[-1] if joined else None
        if (last and _leads_to(last, question)) or (
            last and _continues(last, question) and belong(" ".join(last.content + question.content))
        ):
            joined[-1] = understand(f"{last.text} {question.text}")
        else:
            joined.append(question)
    return tuple(joined[:_MANY])


def _leads_to(first: Question, second: Question) -> bool:
    """Whether the first ("queria saber", "quanto custa") stands before what it is about."""
    if first.standalone or first.text.endswith(_CLOSED):
        return False
    return bool(second.content or second.topics) and not (second.intents & SOCIAL)


def _continues(first: Question, second: Question) -> bool:
    """A few bare words after a product."""
    bare = not second.intents - {"price", "stock"} and not second.topics
    return bool(first.content) and bare and 0 < len(second.content) <= 3 and not first.text.endswith((".", "!"))
