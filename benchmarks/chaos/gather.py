"""Collects the evidence: turn records as they come, everything else at the end."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from nats.aio.client import Client

from benchmarks.chaos.history import Evidence
from benchmarks.chaos.talk import Talk
from benchmarks.chaos.watch import Watch
from benchmarks.installation import Installation
from common.errors import UnreadableMessage
from common.nats.api import call
from common.nats.dead_letters import DeadLetters
from common.nats.follow import Follow
from common.nats.publisher import Publisher
from common.nats.topology import CHATWOOT_COMMANDS, CHATWOOT_EVENTS, SCHEDULES, TURNS
from common.turns import TURN_MESSAGES, TurnRecorded

_CONSUMED = (CHATWOOT_EVENTS, CHATWOOT_COMMANDS, SCHEDULES)
_AT_ONCE = 20


class Records:
    """The turn records, by customer message, followed live."""

    def __init__(self, nc: Client) -> None:
        self._turns: defaultdict[int, dict[str, TurnRecorded]] = defaultdict(dict)
        self._follow = Follow(nc, TURNS, "turn.>", self._take)

    async def start(self) -> None:
        await self._follow.start()

    async def stop(self) -> None:
        await self._follow.stop()

    def missing(self, messages: Collection[int]) -> list[int]:
        """Those that have not ended yet."""
        return [each for each in messages if each not in self._turns]

    def by_message(self) -> dict[int, tuple[TurnRecorded, ...]]:
        """Everything so far."""
        return {message: tuple(turns.values()) for message, turns in self._turns.items()}

    async def _take(self, subject: str, data: bytes, headers: dict[str, str], sequence: int) -> None:
        del subject, headers, sequence
        record = TURN_MESSAGES.decode(data)
        if not isinstance(record, TurnRecorded):
            raise UnreadableMessage("not a turn record")
        for message in record.message_ids:
            self._turns[message][record.turn_id] = record


async def unsettled(nc: Client) -> int:
    """Messages of our streams that a consumer has still to finish."""
    found = 0
    for stream in _CONSUMED:
        listed = await call(nc, f"CONSUMER.LIST.{stream}")
        found += sum(each["num_pending"] + each["num_ack_pending"] for each in listed["consumers"])
    return found


async def gather(
    system: Installation, talk: Talk, watch: Watch, records: Records, poison: frozenset[str]
) -> tuple[Evidence, dict[str, Any]]:
    """All the evidence, and Chatwoot's counters."""
    chat, nc = system.chat, system.admin.nc
    slots = asyncio.Semaphore(_AT_ONCE)

    async def transcript(number: int) -> Any:
        async with slots:
            return number, await chat.transcript(number)

    numbers = {each.conversation_id for each in talk.said}
    counters = await chat.counters()
    evidence = Evidence(
        said=talk.said,
        taken_over=talk.taken_over,
        accepted_at=watch.accepted_at,
        records=records.by_message(),
        transcripts=dict(await asyncio.gather(*(transcript(each) for each in numbers))),
        stored_per_command=counters["stored_per_command"],
        dead_letters=await DeadLetters(nc, Publisher(nc)).list(limit=100_000),
        poison=poison,
    )
    return evidence, counters
