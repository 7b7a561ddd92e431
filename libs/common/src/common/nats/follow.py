"""Follow a stream live and in order, from a sequence on, without acknowledgements: for indexes built from a stream."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from common.errors import UnreadableMessage
from common.nats.api import BrokerUnavailable, JetStreamError, call
from common.nats.pull_loop import PullLoop
from common.nats.tasks import cancel
from common.nats.topology import nanoseconds

log = structlog.get_logger(__name__)

OnMessage = Callable[[str, bytes, dict[str, str], int], Awaitable[None] | None]
"""Called with subject, data, headers and sequence, one message at a time, in stream order."""

_BATCH = 500
_BACKLOG = 2000
_INACTIVE_SECONDS = 30.0
_RETRY_SECONDS = 0.5
_CHECK_SECONDS = 0.5
_AT_ONCE = 100


class Follow:
    """Every message of a stream's subject filter from `start_sequence` on, at least once, in order, then live.

    A consumer of its own, in the broker's memory, is made again after every reconnect and whenever a message is
    missing in the numbering; it starts behind the last message applied. `sequence` is that message's (0: none yet),
    `caught_up` is set once everything that was there at the start has been applied.
    """

    def __init__(
        self,
        nc: Client,
        stream: str,
        filter_subject: str,
        on_message: OnMessage,
        start_sequence: int = 1,
    ) -> None:
        self.sequence = start_sequence - 1
        self.caught_up = asyncio.Event()
        self.restarts = 0
        self._nc = nc
        self._stream = stream
        self._filter = filter_subject
        self._on_message = on_message
        self._loop: PullLoop | None = None
        self._consumer_sequence = 0
        self._reconnects = 0
        self._backlog: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._applied = asyncio.Condition()
        self._broken = False
        self._runner: asyncio.Task[None] | None = None

    @property
    def problem(self) -> str | None:
        """Health: None, or why nothing is followed."""
        if self._runner is not None and self._runner.done() and not self._runner.cancelled():
            error = self._runner.exception()
            return f"following {self._stream} ended: {type(error).__name__}"
        if self._loop is None:
            return f"not following {self._stream}"
        return self._loop.problem

    async def check(self) -> str | None:
        """A health check: also not well before the start has been caught up."""
        return self.problem or (None if self.caught_up.is_set() else f"still reading {self._stream}")

    async def start(self) -> None:
        """Begin to follow. Returns at once; wait for `caught_up` where needed."""
        self._runner = asyncio.create_task(self._run(), name=f"follow-{self._stream}")
        self._runner.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Stop following. The broker drops the consumer by itself."""
        if self._runner:
            await cancel(self._runner)
        await self._close_loop()

    async def reached(self, sequence: int, timeout: float) -> bool:
        """Wait until the message of a sequence, or a later one, has been applied. False: not in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout), self._applied:
                await self._applied.wait_for(lambda: self.sequence >= sequence)
        return self.sequence >= sequence

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            log.error("follow_failed", stream=self._stream, sequence=self.sequence, exc_info=task.exception())

    async def _run(self) -> None:
        while True:
            try:
                await self._open()
            except (BrokerUnavailable, JetStreamError) as error:
                log.warning("follow_waits", stream=self._stream, reason=str(error))
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            while not self._must_restart():
                await self._apply_some()
            self.restarts += 1
            await self._close_loop()

    async def _open(self) -> None:
        self._broken = False
        self._consumer_sequence = 0
        self._backlog.clear()
        self._reconnects = self._nc.stats["reconnects"]
        name = f"follow-{uuid.uuid4().hex}"
        created = await self._create(name)
        loop = PullLoop(self._nc, self._stream, name, self._arrive, room=self._room)
        await loop.start()
        self._loop = loop
        if created.get("num_pending", 0) == 0:
            self.caught_up.set()

    async def _create(self, name: str) -> Any:
        config = {
            "name": name,
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": self.sequence + 1,
            "ack_policy": "none",
            "replay_policy": "instant",
            "filter_subject": self._filter,
            "inactive_threshold": nanoseconds(_INACTIVE_SECONDS),
            "mem_storage": True,
            "num_replicas": 1,
        }
        body = {"stream_name": self._stream, "config": config, "action": "create"}
        return await call(self._nc, f"CONSUMER.CREATE.{self._stream}.{name}.{self._filter}", body, timeout=3.0)

    async def _close_loop(self) -> None:
        loop, self._loop = self._loop, None
        if loop is not None:
            await loop.stop()

    def _room(self) -> int:
        return _BATCH if len(self._backlog) < _BACKLOG else 0

    def _arrive(self, message: Msg) -> None:
        self._backlog.append(message)
        self._arrived.set()

    def _must_restart(self) -> bool:
        reconnected = self._nc.stats["reconnects"] != self._reconnects
        return self._broken or reconnected or (self._loop is not None and self._loop.problem is not None)

    async def _apply_some(self) -> None:
        """Apply what has arrived, at most so many that other tasks still get their turn."""
        if not self._backlog:
            self._arrived.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CHECK_SECONDS):
                    await self._arrived.wait()
        for _ in range(min(len(self._backlog), _AT_ONCE)):
            await self._apply(self._backlog.popleft())
            if self._broken:
                return
        if self._loop and len(self._backlog) < _BACKLOG:
            self._loop.wake()
        async with self._applied:
            self._applied.notify_all()
        await asyncio.sleep(0)

    async def _apply(self, message: Msg) -> None:
        numbers = message.metadata
        if numbers.sequence.consumer != self._consumer_sequence + 1:
            log.warning("follow_gap", stream=self._stream, sequence=self.sequence)
            self._broken = True
            return
        self._consumer_sequence += 1
        if numbers.sequence.stream > self.sequence:
            try:
                result = self._on_message(
                    message.subject, message.data, dict(message.headers or {}), numbers.sequence.stream
                )
                if result is not None:
                    await result
            except UnreadableMessage as error:
                log.error("followed_message_unreadable", sequence=numbers.sequence.stream, reason=str(error))
            self.sequence = numbers.sequence.stream
        if numbers.num_pending == 0:
            self.caught_up.set()
