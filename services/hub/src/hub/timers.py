"""The durable timers of turns: schedules that the broker keeps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from common.nats.publisher import Publisher
from common.nats.schedules import schedule
from common.subjects import turn_due, turn_schedule
from common.turns import TurnDue

DUE_TTL: Final = 7 * 86400.0
"""Seconds that a fired timer waits for a hub. All hubs may be away for a long weekend."""


class BrokerTimers:
    """One schedule per conversation; setting it again moves it. It fires `late` seconds after the time that is set.

    A timer that fires too often or too early is harmless: the turn looks at the state. So any writer may set it, and
    two that do so at once need no order, as long as the state names the time and everybody who finds a timer that
    fired too early sets it to that time again.
    """

    def __init__(self, publisher: Publisher, *, late: float = 0.0) -> None:
        self._publisher = publisher
        self._late = timedelta(seconds=late)

    async def set(self, tenant: str, conversation_id: int, at: datetime, *, durably: bool = True) -> None:
        """Set or move the conversation's timer."""
        if not durably:
            return
        await schedule(
            self._publisher,
            turn_schedule(tenant, conversation_id),
            turn_due(tenant, conversation_id),
            TurnDue(tenant=tenant, conversation_id=conversation_id, due_at=at),
            at + self._late,
            DUE_TTL,
        )
