"""Timers that are durable and also prompt.

The broker's timer fires late, on purpose, which a customer would wait for nothing. So the process that sets the timer
starts the turn itself when it is time. It may do that as badly as it likes: the broker's timer fires all the same,
finds the work done, or does it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from common.errors import OdooAiError
from common.nats.tasks import cancel
from hub.ports import Clock, SetsTimers, utc_now

log = structlog.get_logger(__name__)

StartsTurn = Callable[[str, int, datetime], Awaitable[None]]


class PromptTimers:
    """Sets the durable timer first, then one of its own.

    Beyond `limit` turns at once the durable ones do the rest: the broker gives them to whichever hub has room.
    """

    def __init__(self, durable: SetsTimers, *, limit: int, clock: Clock = utc_now) -> None:
        self._durable = durable
        self._limit = limit
        self._clock = clock
        self._start_turn: StartsTurn | None = None
        self._waiting: dict[tuple[str, int], asyncio.TimerHandle] = {}
        self._running: set[asyncio.Task[None]] = set()

    def start(self, start_turn: StartsTurn) -> None:
        """From now on start turns as well."""
        self._start_turn = start_turn

    async def stop(self, grace: float) -> None:
        """Start no more turns; wait for those that run, then cancel them. The durable timers stay."""
        self._start_turn = None
        for handle in self._waiting.values():
            handle.cancel()
        self._waiting.clear()
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        await cancel(*self._running)

    async def set(self, tenant: str, conversation_id: int, at: datetime, *, durably: bool = True) -> None:
        """Set or move the conversation's timer."""
        if durably:
            await self._durable.set(tenant, conversation_id, at)
        if self._start_turn is None:
            return
        key = (tenant, conversation_id)
        earlier = self._waiting.pop(key, None)
        if earlier is not None:
            earlier.cancel()
        delay = max((at - self._clock()).total_seconds(), 0.0)
        self._waiting[key] = asyncio.get_running_loop().call_later(delay, self._fire, key, at)

    def _fire(self, key: tuple[str, int], at: datetime) -> None:
        self._waiting.pop(key, None)
        if self._start_turn is None or len(self._running) >= self._limit:
            return
        task = asyncio.create_task(self._run(self._start_turn, key, at), name="prompt-turn")
        self._running.add(task)
        task.add_done_callback(self._done)

    async def _run(self, start_turn: StartsTurn, key: tuple[str, int], at: datetime) -> None:
        try:
            await start_turn(*key, at)
        except OdooAiError as error:
            log.debug("prompt_turn_left_to_the_timer", conversation=key[1], error=type(error).__name__)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("prompt_turn_failed", error=type(error).__name__)
