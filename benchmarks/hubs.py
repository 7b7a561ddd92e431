"""Aim: three hubs against one, when turns wait on a slow model.

Events go straight into the stream and turn records are counted as they come out: only broker and hubs run. An answer
takes 1.5 s, and each hub has few turns at once, so that the number of hubs is the limit and not this machine.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from benchmarks import ROOT
from benchmarks.installation import TENANT, Installation, Wanted, installed
from benchmarks.report import Finding, Options
from cli.process import ManagedProcess
from common.events import Assignee, Contact, ConversationSnapshot, CustomerMessageReceived
from common.nats.follow import Follow
from common.nats.publisher import Publisher
from common.nats.topology import CHATWOOT_EVENTS, TURNS
from common.subjects import chatwoot_event
from common.turns import TURN_MESSAGES, TurnRecorded

ANSWER_SECONDS = 1.5
TURNS_AT_ONCE = 8
_PATIENCE_SECONDS = 120.0


async def run(options: Options) -> list[Finding]:
    """One hub, then three, on the same broker."""
    wanted = Wanted(
        scale={"hub": 3},
        simulator=False,
        debounce_seconds=0.2,
        environ={
            "HUB_TURNS_AT_ONCE": str(TURNS_AT_ONCE),
            "SLOW_HUB_SECONDS": str(ANSWER_SECONDS),
            "PYTHONPATH": _path(),
        },
    )
    async with installed(options.data_dir, wanted) as system:
        hubs = system.processes("hub")
        await system.stop("gateway", "webhook", "odoo_api", "hub")
        bench = _Hubs(system)
        rates: list[float] = []
        for number in (1, 3):
            await _start_slow(system, hubs[len(rates) and 1 : number])
            rates.append(await bench.rate(int(options.pick(120, 40)) * number))
            options.say(f"  {number} hub: {rates[-1]:.1f} turns/s")
    one, three = rates
    return [
        Finding(
            "3 hubs against 1, model of 1.5 s",
            ">= 2.5x turns/s",
            f"{three:.1f} turns/s",
            f"1 hub {one:.1f} turns/s",
            three / one,
            three / one >= 2.5,
            {"turns_at_once_per_hub": TURNS_AT_ONCE, "answer_seconds": ANSWER_SECONDS},
        )
    ]


def _path() -> str:
    return ":".join([str(ROOT), *sys.path])


async def _start_slow(system: Installation, stopped: Sequence[ManagedProcess]) -> None:
    """Start hubs with a slow responder, in the place of those that `odoo-ai up` would run."""
    command = [sys.executable, "-m", "benchmarks.slow_hub"]
    specs = [replace(each.spec, command=command) for each in stopped]
    await system.stack.supervisor.start([specs], ready_within=30)
    await asyncio.sleep(1)


class _Hubs:
    def __init__(self, system: Installation) -> None:
        self._nc = system.admin.nc
        self._conversations = count(1)
        self._ended: dict[int, float] = {}

    async def rate(self, conversations: int) -> float:
        """Turns per second in the middle of working off as many conversations that all write at once."""
        self._ended.clear()
        numbers = {next(self._conversations) for _ in range(conversations)}
        follow = Follow(self._nc, TURNS, "turn.>", self._recorded)
        await follow.start()
        try:
            await self._write(numbers)
            deadline = time.monotonic() + _PATIENCE_SECONDS
            while not numbers <= self._ended.keys():
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{len(numbers - self._ended.keys())} of {conversations} were not answered")
                await asyncio.sleep(0.1)
        finally:
            await follow.stop()
        times = sorted(self._ended[each] for each in numbers)
        low, high = times[len(times) // 5], times[len(times) * 4 // 5]
        return (len(times) * 4 // 5 - len(times) // 5) / (high - low)

    async def _write(self, numbers: set[int]) -> None:
        publisher = Publisher(self._nc)
        for each in numbers:
            event = _message(each)
            subject = chatwoot_event(TENANT, each)
            await publisher.publish(subject, event, stream=CHATWOOT_EVENTS, msg_id=event.event_id)

    async def _recorded(self, subject: str, data: bytes, headers: dict[str, str], sequence: int) -> None:
        del subject, headers, sequence
        record = TURN_MESSAGES.decode(data)
        if isinstance(record, TurnRecorded):
            self._ended[record.conversation_id] = record.finished_at.timestamp()


def _message(conversation: int) -> CustomerMessageReceived:
    now = datetime.now(UTC)
    return CustomerMessageReceived(
        event_id=f"cw:{TENANT}:message:{conversation}",
        tenant=TENANT,
        account_id=1,
        inbox_id=1,
        conversation_id=conversation,
        occurred_at=now - timedelta(milliseconds=20),
        received_at=now,
        delivery="agent_bot",
        snapshot=ConversationSnapshot(
            status="pending",
            assignee=Assignee(kind="our_bot", id=1, name="Lia"),
            updated_at=now.timestamp(),
            channel="Channel::Whatsapp",
        ),
        message_id=conversation,
        text="Qual o horário de vocês?",
        contact=Contact(id=conversation, name="Cliente"),
    )
