"""What is broken: one fault after the other, chosen by a seed, each followed by what heals it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nats.errors import Error as NatsError

from benchmarks.chaos.history import POISON_HEADER
from benchmarks.installation import TENANT, Installation
from common.errors import OdooAiError
from common.nats.publisher import Publisher
from common.nats.topology import CHATWOOT_COMMANDS, CHATWOOT_EVENTS, SCHEDULES
from common.subjects import chatwoot_command, chatwoot_event, turn_due

_GAP_SECONDS = (1.0, 2.5)
_FREEZE_SECONDS = 2.5
_CHATWOOT_SECONDS = 3.0
_SERVICES = ("webhook", "hub", "odoo_api")
_POISON = (
    b'{"type": "CustomerMessageReceived", "text": "\xff\xfe"}',
    b'{"type": "CustomerMess',
    b"{}",
    b"[" * 5000 + b"]" * 5000,
    b'{"type": "NobodyKnowsThis", "schema_version": 1}',
    b'"' + b"x" * 100_000 + b'"',
    b"",
)
_CHATWOOT_AWAY: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 429, "retry_after": 1},
    {"kind": "status", "status": 500},
    {"kind": "timeout", "endpoint": "create_message"},
    {"kind": "reset"},
    {"kind": "html"},
    {"kind": "garbage", "endpoint": "list_messages"},
    {"kind": "slow", "delay": 1.5},
)
_CHATWOOT_APPLIES: tuple[dict[str, Any], ...] = (
    {"kind": "applied_then_timeout", "endpoint": "create_message"},
    {"kind": "applied_then_reset", "endpoint": "create_message"},
    {"kind": "applied_then_status", "endpoint": "create_message", "status": 502},
)


@dataclass
class Faults:
    """Breaks things until told to stop; everything it started is healed when it returns."""

    system: Installation
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)
    poison: set[str] = field(default_factory=set)
    """Messages put into streams that nobody can read, by an id of ours: each must end as a dead letter."""
    _healing: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """One fault after the other. The next may come before the last one has healed."""
        kinds, deck = self._kinds(), list[str]()
        while not stop.is_set():
            # Dealt like cards: all kinds come, also in a short run, and any may follow any.
            deck = deck or self.chance.sample(list(kinds), len(kinds))
            name = deck.pop()
            with contextlib.suppress(OdooAiError, NatsError, OSError):
                await kinds[name]()
                self.done[name] += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self.chance.uniform(*_GAP_SECONDS))
        if self._healing:
            await asyncio.wait(self._healing)
        await self.system.chat.clear_faults()

    def _kinds(self) -> dict[str, Callable[[], Awaitable[None]]]:
        kinds: dict[str, Callable[[], Awaitable[None]]] = {
            "poison among the events": lambda: self._poison(chatwoot_event, CHATWOOT_EVENTS),
            "poison among the commands": lambda: self._poison(chatwoot_command, CHATWOOT_COMMANDS),
            "poison among the timers": lambda: self._poison(turn_due, SCHEDULES),
            "Chatwoot is away": lambda: self._break_chatwoot(_CHATWOOT_AWAY),
            "Chatwoot applies and does not say so": lambda: self._break_chatwoot(_CHATWOOT_APPLIES),
        }
        for name in (*_SERVICES, "nats", "gateway"):
            kinds[f"kill -9 {name}"] = lambda name=name: self._kill(name)  # type: ignore[misc]
        for name in (*_SERVICES, "nats"):
            kinds[f"freeze {name}"] = lambda name=name: self._freeze(name)  # type: ignore[misc]
        for name in _SERVICES:
            kinds[f"restart {name}"] = lambda name=name: self._restart(name)  # type: ignore[misc]
        return kinds

    async def _kill(self, name: str) -> None:
        self._strike(name, signal.SIGKILL)

    async def _restart(self, name: str) -> None:
        self._strike(name, signal.SIGTERM)

    async def _freeze(self, name: str) -> None:
        index = self._strike(name, signal.SIGSTOP)
        task = asyncio.create_task(self._thaw(name, index))
        self._healing.add(task)
        task.add_done_callback(self._healing.discard)

    async def _thaw(self, name: str, index: int) -> None:
        await asyncio.sleep(_FREEZE_SECONDS)
        # Killed meanwhile: then its successor gets a signal that does nothing.
        with contextlib.suppress(ProcessLookupError):
            self.system.signal(name, index, signal.SIGCONT)

    def _strike(self, name: str, number: signal.Signals) -> int:
        index = self.chance.randrange(len(self.system.processes(name)))
        if self.system.signal(name, index, number) is None:
            raise ProcessLookupError(f"{name} {index} is between two lives")
        return index

    async def _break_chatwoot(self, faults: Sequence[Mapping[str, Any]]) -> None:
        spec = self.chance.choice(faults)
        await self.system.chat.set_fault("chatwoot", for_seconds=_CHATWOOT_SECONDS, **spec)

    async def _poison(self, subject: Callable[[str, int], str], stream: str) -> None:
        """In the same partitions as real conversations, so that it stands in their way."""
        body, number = self.chance.choice(_POISON), f"{self.chance.getrandbits(64):x}"
        await Publisher(self.system.admin.nc).publish(
            subject(TENANT, self.chance.randint(1, 200)),
            body,
            stream=stream,
            msg_id=f"poison-{number}",
            headers={POISON_HEADER: number},
        )
        self.poison.add(number)
