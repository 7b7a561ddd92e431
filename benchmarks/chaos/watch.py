"""Which messages got through: every attempt of Chatwoot to deliver a webhook, collected while it goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from simulator.client import SimulatorClient

_EVERY_SECONDS = 0.5


@dataclass
class Watch:
    """Reads the simulator's log of deliveries, which keeps the last 1,000 only, often enough to miss none."""

    chat: SimulatorClient
    accepted_at: dict[int, float] = field(default_factory=dict)
    """When the first 2xx for a message came, by message id."""
    attempts: int = 0
    duplicates: int = 0
    """Accepted deliveries of what had been accepted before."""
    slowest: float = 0.0
    """Seconds of the slowest accepted delivery."""
    statuses: Counter[int] = field(default_factory=Counter)
    missed: int = 0
    _last: tuple[float, str, int] | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until told to stop, and once more after that."""
        while not stop.is_set():
            await self._collect()
            try:
                await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)
            except TimeoutError:
                continue
        await self._collect()

    async def _collect(self) -> None:
        rows = await self.chat.deliveries()
        known = next((index for index, each in enumerate(rows) if _key(each) == self._last), None)
        if known is None and self._last is not None:
            self.missed += 1
        for each in rows[0 if known is None else known + 1 :]:
            self._take(each)
            self._last = _key(each)

    def _take(self, row: dict[str, Any]) -> None:
        self.attempts += 1
        self.statuses[row["status"]] += 1
        if not 200 <= row["status"] < 300:
            return
        self.slowest = max(self.slowest, row["seconds"])
        message = row["message_id"]
        if message is None or row["event"] != "message_created":
            return
        if message in self.accepted_at:
            self.duplicates += 1
        self.accepted_at.setdefault(message, row["at"])


def _key(row: dict[str, Any]) -> tuple[float, str, int]:
    return row["at"], row["delivery_id"], row["attempt"]
