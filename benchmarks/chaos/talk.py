"""The customers: many conversations at once, each with its own pace; some are taken over by a person."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from simulator.client import SimulatorClient

_MEAN_GAP_SECONDS = 5.0
_MESSAGES_EACH = 8
_SHARE_OF_BURSTS = 0.07
_BURST = 3
_SHARE_TAKEN_OVER = 0.08
_QUESTIONS = (
    "Vocês entregam em BH?",
    "Qual o horário de vocês?",
    "Posso trocar um produto?",
    "Aceitam pix?",
    "Onde fica a loja?",
    "Oi",
    "Vocês têm loja física?",
    "Em quanto tempo chega?",
    # Read live from Odoo: handed to a person while nobody can be asked, so few of them.
    "Quanto custa a panela de pressão?",
)


@dataclass(frozen=True)
class Said:
    """A customer message, with the order in which it was written."""

    message_id: int
    conversation_id: int


@dataclass(frozen=True)
class TakenOver:
    """A person answered: from this message on the conversation is theirs."""

    message_id: int
    conversation_id: int


@dataclass
class Talk:
    """Writes at a rate until told to stop."""

    chat: SimulatorClient
    chance: random.Random
    rate: float
    said: list[Said] = field(default_factory=list)
    taken_over: list[TakenOver] = field(default_factory=list)
    _numbers: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep as many conversations going as the rate needs; each ends after some messages and a new one begins."""
        messages_at_a_time = 1 + _SHARE_OF_BURSTS * (_BURST - 1)
        at_once = max(1, round(self.rate / messages_at_a_time * _MEAN_GAP_SECONDS))
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(self._customers(stop, random.Random(self.chance.random())))

    async def _customers(self, stop: asyncio.Event, chance: random.Random) -> None:
        await self._pause(stop, chance.uniform(0, _MEAN_GAP_SECONDS))
        while not stop.is_set():
            number = self._numbers()
            customer = await self.chat.create_customer(f"Cliente {number}", f"+55319{number:08d}")
            await self._customer(stop, chance, customer)

    async def _customer(self, stop: asyncio.Event, chance: random.Random, customer: int) -> None:
        taken_after = chance.randint(2, _MESSAGES_EACH - 1) if chance.random() < _SHARE_TAKEN_OVER else None
        written = 0
        while written < _MESSAGES_EACH and not stop.is_set():
            texts = [chance.choice(_QUESTIONS) for _ in range(_BURST if chance.random() < _SHARE_OF_BURSTS else 1)]
            conversation, ids = await self.chat.send(customer, *texts, gap_seconds=0.1)
            self.said += [Said(each, conversation) for each in ids]
            written += len(ids)
            if taken_after is not None and written >= taken_after:
                taken_after = None
                await self._pause(stop, chance.uniform(0, 2))
                await self._take_over(conversation)
            await self._pause(stop, chance.expovariate(1 / _MEAN_GAP_SECONDS))

    async def _take_over(self, conversation: int) -> None:
        transcript = await self.chat.act(conversation, "reply", "Oi, aqui é a Ana. Eu cuido disso.")
        mine = max(each.id for each in transcript.lines if each.who == "person")
        self.taken_over.append(TakenOver(mine, conversation))

    async def _pause(self, stop: asyncio.Event, seconds: float) -> None:
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            return
