"""A conversation by queries: what came before travels with each question, so that nothing is kept in a hub."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from common.errors import QueryFailed
from common.message import Frozen
from hub.answering import CustomerMessage, HistoryLine, Memory, Reply

_LONGEST_HISTORY: Final = 20


class QueryState(Frozen):
    """What the next question of the same conversation needs to know."""

    memory: Memory = Memory()
    history: tuple[HistoryLine, ...] = ()
    summary: str = ""

    def after(self, messages: Sequence[CustomerMessage], reply: Reply, now: datetime) -> QueryState:
        """The state after an answer."""
        lines = [HistoryLine(speaker="customer", text=each.text, at=each.at) for each in messages]
        if reply.text:
            lines.append(HistoryLine(speaker="assistant", text=reply.text, at=now))
        history = (*self.history, *lines)[-_LONGEST_HISTORY:]
        return QueryState(memory=reply.memory, history=history, summary=self.summary)


def read_state(state: str) -> QueryState:
    """Read what an answer returned; an empty text begins a conversation.

    Raises:
        QueryFailed: `validation`, it is no state of ours.
    """
    if not state:
        return QueryState()
    try:
        return QueryState.model_validate_json(state)
    except ValidationError as error:
        raise QueryFailed("validation", "state: send back what the answer before returned, unchanged") from error
