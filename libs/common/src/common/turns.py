"""A turn: the timer that starts it and the record that explains it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from common.commands import HandOffReason
from common.facts import Fact, Source, ToolUse, Verdict
from common.message import Message, MessageRegistry
from common.query_answers import TurnOutcome


class TurnDue(Message):
    """A conversation's debounce time is over: answer what is waiting. Published by the broker's schedule."""

    tenant: str
    conversation_id: int
    due_at: datetime


class TurnRecorded(Message):
    """One finished turn: enough to explain every word of the reply. Personal data is masked before it gets here."""

    turn_id: str
    tenant: str
    conversation_id: int
    message_ids: tuple[int, ...]
    started_at: datetime
    finished_at: datetime
    responder: str
    """`built_in` or the model that answered."""
    outcome: TurnOutcome
    reason: str
    hand_off_reason: HandOffReason | None = None
    question: str = ""
    """What the customer wrote, the burst as one text."""
    reply: str = ""
    sources: tuple[Source, ...] = ()
    facts: tuple[Fact, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    why_not_model: str = ""
    """Why the built-in responder answered although the tenant has a model."""
    prompt_version: str = ""
    intent: str = ""
    confidence: float | None = None
    tools: tuple[ToolUse, ...] = ()
    given: dict[str, Any] = Field(default_factory=dict)
    """What the responder knew: messages, history, memory. Enough to run the turn again."""
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0


TURN_MESSAGES: MessageRegistry[Message] = MessageRegistry("turn", TurnDue, TurnRecorded)
