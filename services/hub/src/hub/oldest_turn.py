"""A gauge over the turns that run in this process."""

from __future__ import annotations

import time
from datetime import datetime

from common import metrics
from hub.conversation import ConversationState


class OldestTurn:
    """What the gauge shows: for how long the longest waiting customer of a running turn has been waiting."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        metrics.OLDEST_PENDING_SECONDS.set_function(self._age)

    def begin(self, token: str, state: ConversationState, now: datetime) -> None:
        """A turn takes up its work."""
        first = state.timer.first_pending_at if state.timer else now
        self._since[token] = time.monotonic() - max((now - first).total_seconds(), 0.0)

    def end(self, token: str) -> None:
        """It is done, one way or another."""
        self._since.pop(token, None)

    def _age(self) -> float:
        return time.monotonic() - min(self._since.values()) if self._since else 0.0


oldest_turn = OldestTurn()
