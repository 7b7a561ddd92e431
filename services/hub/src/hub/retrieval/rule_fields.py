"""What an item says where, and how much each place counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from common.knowledge import Document, Promotion, Rule, Schedule
from hub.retrieval.port import AnswerableItem
from hub.retrieval.rule_text import meaning_of, sentences_of, words_of

_TITLE: Final = 3.0
_QUESTION: Final = 2.0
_TEXT: Final = 1.0
_CATEGORY: Final = 0.5
"""Weights of words."""
_ABOUT_TITLE: Final = 1.0
_ABOUT_QUESTION: Final = 1.0
_ABOUT_TEXT: Final = 0.3
"""Degrees of being about a concept: what is mentioned in passing is not what a rule is about."""


def fields(item: AnswerableItem, passage: str) -> Iterator[tuple[float, str]]:
    """The texts of an item with their weights."""
    if isinstance(item, Schedule):
        yield _TITLE, f"{item.service} agendamento"
        yield _TEXT, f"{item.description}\n{item.policies}\n{item.required_information}"
        return
    yield _TITLE, item.title
    yield _TEXT, passage if isinstance(item, Document) else item.text
    if isinstance(item, Rule):
        yield _CATEGORY, item.category
        yield from ((_QUESTION, question) for question in item.questions)
    if isinstance(item, Promotion):
        yield _TITLE, f"promocao {item.coupon}"


def headings(item: AnswerableItem) -> list[str]:
    """The short texts that a question may resemble: the title and the owner's example questions."""
    if isinstance(item, Schedule):
        return [f"agendar {item.service}"]
    return [item.title, *(item.questions if isinstance(item, Rule) else ())]


def about(item: AnswerableItem, passage: str) -> dict[str, float]:
    """Concept -> degree (0..1) to which the item is about it."""
    degrees: dict[str, float] = {}
    title, *questions = headings(item)
    body = " . ".join(text for weight, text in fields(item, passage) if weight == _TEXT)
    texts = [(_ABOUT_TITLE, title), *((_ABOUT_QUESTION, question) for question in questions)]
    texts += [(_ABOUT_TEXT, sentence) for sentence in sentences_of(body)]
    if isinstance(item, Promotion):
        texts.append((_ABOUT_TITLE, "promocao"))
    for weight, text in texts:
        for concept, share in meaning_of(words_of(text)).shares.items():
            degrees[concept] = max(degrees.get(concept, 0.0), weight * share)
    return degrees


def priority(item: AnswerableItem) -> float:
    """How important the owner holds an item (0..1)."""
    return item.priority / 100 if isinstance(item, Rule) else 0.5
