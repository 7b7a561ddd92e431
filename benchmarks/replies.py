"""Aim: from the end of a customer's burst to the reply in Chatwoot, without model time and debounce.

Chatwoot, WhatsApp and Odoo are the simulator, in a process of its own; the times are its times. A customer writes two
messages, and the clock runs from the second one until the reply's POST arrives. The rival is a bot that keeps nothing:
one process that waits for the debounce in memory and posts a fixed text.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from support.nats_server import free_port

from benchmarks import own_process
from benchmarks.installation import BOT_TOKEN, SECRET, Installation, Wanted, installed
from benchmarks.report import Finding, Options, percentile

RATE = 50.0
DEBOUNCE_SECONDS = 1.0
_GAP_SECONDS = 0.2
_PATIENCE_SECONDS = 30.0
_QUESTIONS = (
    "Vocês entregam em BH?",
    "Qual o horário de vocês?",
    "Posso trocar um produto?",
    "Aceitam pix?",
    "Onde fica a loja?",
)


@dataclass(frozen=True)
class _Measured:
    conversations: int
    seconds: tuple[float, ...]
    """One per reply that came."""

    @property
    def lost(self) -> int:
        return self.conversations - len(self.seconds)

    def milliseconds(self, share: float) -> float:
        return percentile(self.seconds, share) * 1e3


async def run(options: Options) -> list[Finding]:
    """Measure the system, then the rival, with the same simulator."""
    wanted = Wanted(
        scale={"hub": 1, "webhook": 1},
        debounce_seconds=DEBOUNCE_SECONDS,
        # Chatwoot's ten workers would be the queue that is measured.
        environ={"SIMULATOR_WEBHOOK_THREADS": "64"},
    )
    seconds = options.pick(30, 6)
    async with installed(options.data_dir, wanted) as system:
        await system.teach_the_company()
        await _round(system, RATE / 5, 3)  # the first turns load what is loaded when it is needed
        own = await _round(system, RATE, seconds)
        slow = await _round(system, RATE / 10, seconds)
        await system.stop("gateway", "webhook", "odoo_api", "hub")
        port = free_port()
        arguments = (
            *("--port", str(port), "--secret", SECRET, "--token", BOT_TOKEN, "--debounce", str(DEBOUNCE_SECONDS)),
            *("--reply", f"{system.tenant.chatwoot.url}/api/v1/accounts/1"),
        )
        async with own_process.serving("benchmarks.rival_server", *arguments):
            await system.chat.change_account(1, bot_webhook_url=f"http://127.0.0.1:{port}/webhook")
            await _round(system, RATE / 5, 2)
            rival = await _round(system, RATE, seconds)
    return [_finding(own, rival, RATE), _finding(slow, None, RATE / 10)]


def _finding(own: _Measured, rival: _Measured | None, rate: float) -> Finding:
    p50, p95 = own.milliseconds(0.5), own.milliseconds(0.95)
    at_the_aim = rate == RATE
    return Finding(
        f"burst's end to reply, {rate:g} conversations/s",
        "p50 < 60 ms, p95 < 300 ms" if at_the_aim else "",
        f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, {own.lost} of {own.conversations} unanswered",
        f"bot in memory p50 {rival.milliseconds(0.5):.0f} ms, p95 {rival.milliseconds(0.95):.0f} ms" if rival else "",
        p50 / rival.milliseconds(0.5) if rival else None,
        (p50 < 60 and p95 < 300 and not own.lost) if at_the_aim else None,
        {"own_seconds": own.seconds, "rival_seconds": rival.seconds if rival else ()},
    )


async def _round(system: Installation, rate: float, seconds: float) -> _Measured:
    """New customers write at a rate; gives the time each waited beyond the debounce."""
    chat, number = system.chat, int(rate * seconds)
    chance = random.Random(4711)
    customers = [await chat.create_customer(f"Cliente {index}") for index in range(number)]
    await chat.clear_counters()
    began, talks = time.monotonic(), []
    for index, customer in enumerate(customers):
        await asyncio.sleep(max(0.0, began + index / rate - time.monotonic()))
        texts = chance.sample(_QUESTIONS, 2)
        talks.append(asyncio.create_task(chat.send(customer, *texts, gap_seconds=_GAP_SECONDS)))
    conversations = [conversation for conversation, _ in await asyncio.gather(*talks)]
    await _until_answered(system, conversations)
    return _Measured(number, tuple(await _waits(system, conversations)))


async def _until_answered(system: Installation, conversations: Sequence[int]) -> None:
    wanted, deadline = set(conversations), time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if wanted <= {each["conversation_id"] for each in await system.chat.arrivals()}:
            return
        await asyncio.sleep(0.5)


async def _waits(system: Installation, conversations: Sequence[int]) -> list[float]:
    posted: dict[int, float] = {}
    for each in await system.chat.arrivals():
        if not each["private"]:
            posted.setdefault(each["conversation_id"], each["at"])
    waits = []
    for conversation in conversations:
        if conversation not in posted:
            continue
        transcript = await system.chat.transcript(conversation)
        last = max(each.at for each in transcript.lines if each.who == "customer")
        waits.append(posted[conversation] - last - DEBOUNCE_SECONDS)
    return waits
