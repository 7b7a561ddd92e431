"""What a question belongs to: the questions before it, and the rule told last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from common.knowledge import Rule
from hub.responder import follow_ups, rules, tales
from hub.responder.evidence import category_of
from hub.responder.intents import Question, understand
from hub.responder.parts import Part, Turn
from hub.retrieval.port import AnswerableItem

_LOOKED_BACK: Final = 3
_SHORT: Final = 2


@dataclass(frozen=True)
class Earlier:
    """What the same burst has brought before a question."""

    parts: tuple[Part, ...] = ()
    words: str = ""
    """The question before, for one that leans on it ("vocês entregam em Betim?" / "quanto tempo demora?")."""

    def quoted(self, kind: str, item_id: str) -> bool:
        """Whether an item has been told already."""
        return any(source.kind == kind and source.id == item_id for part in self.parts for source in part.sources)


def rule_for(turn: Turn, question: Question, earlier: Earlier) -> rules.Found | None:
    """The rule for a question, read together with the one before when it leans on it."""
    alone = tales.made_sure(turn, question, rules.find(turn, question))
    leans = (
        follow_ups.leans(question) and not question.topics and (not turn.product_ids or follow_ups.of_place(question))
    )
    if not earlier.words and leans:
        earlier = replace(earlier, words=said_before(turn))
    before = follow_ups.without_places(earlier.words) if follow_ups.of_place(question) else earlier.words
    kept = _same_thread(turn, question, alone)
    if kept:
        return kept
    together = rules.find(turn, question, before=before) if before else None
    if together is None or not (leans or set(question.content) <= set(together.best.matched)):
        return alone
    if leans and _was_told(turn, together.best.item) and rules.knows(together.best, question.content):
        return replace(together, clear=True)
    told = together.sure and earlier.quoted(together.best.kind, together.best.item.id)
    return together if told or not question.topics else alone


def _same_thread(turn: Turn, question: Question, alone: rules.Found | None) -> rules.Found | None:
    """The rule told last, when a few words without topic or place fit it as well: "demora muito?" is asked of it."""
    if alone is None or question.topics or follow_ups.of_place(question) or len(question.content) > _SHORT:
        return None
    category = category_of(alone.best.item)
    for hit in alone.hits:
        if category and category_of(hit.item) == category and _was_told(turn, hit.item):
            return replace(alone, hits=(hit,), clear=True) if rules.knows(hit, question.content) else None
    return None


def _was_told(turn: Turn, item: AnswerableItem) -> bool:
    """Whether the last reply quoted an item: what leans on it asks for more of the same."""
    last = next((line.text for line in reversed(turn.input.history) if line.speaker == "assistant"), "")
    return isinstance(item, Rule) and item.text.strip() in last


def said_before(turn: Turn) -> str:
    """What the customer asked last that says what it is about: "e quanto tempo demora?" leans on it."""
    said = [line.text for line in reversed(turn.input.history) if line.speaker == "customer"][:_LOOKED_BACK]
    return next((text for text in said if understand(text).topics), said[0] if said else "")
