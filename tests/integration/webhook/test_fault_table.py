"""Every fault of Chatwoot at once, among conversations that meet none: the short form of `benchmarks.sender_faults`."""

from __future__ import annotations

import asyncio
import random
from typing import get_args

import pytest
from support.chatwoot_server import Fault
from support.webhook_bench import WebhookBench, say

from common.commands import SendMessage

pytestmark = [pytest.mark.broker, pytest.mark.timeout(120)]

FINAL = {"401", "404", "422", "422_after_save", "black_hole"}
FAULTS: list[Fault] = [each for each in get_args(Fault) if each not in FINAL]
REPLIES = 3


def reply(conversation: int, number: int) -> SendMessage:
    turn_id = f"turn-{conversation}-{number}"
    return say(number, conversation=conversation, command_id=f"{turn_id}:1", turn_id=turn_id)


async def test_each_fault_costs_no_reply_repeats_none_and_keeps_the_order(bench: WebhookBench) -> None:
    victims = dict(enumerate(FAULTS, start=1))
    neighbours = range(101, 121)
    for conversation, fault in victims.items():
        bench.chatwoot.once[conversation] = fault
    orders = [(each, number) for number in range(1, REPLIES + 1) for each in (*victims, *neighbours)]
    random.Random(4711).shuffle(orders)
    orders.sort(key=lambda each: each[1])
    await bench.start()
    await bench.start()

    for start in range(0, len(orders), 8):
        await asyncio.gather(*(bench.command(reply(*each)) for each in orders[start : start + 8]))
    await bench.idle(60)

    wanted = [f"reply {number}" for number in range(1, REPLIES + 1)]
    assert {fault: bench.chatwoot.texts(each) for each, fault in victims.items()} == dict.fromkeys(FAULTS, wanted)
    assert [bench.chatwoot.texts(each) for each in neighbours] == [wanted] * len(neighbours)
    assert bench.chatwoot.once == {}
    assert await bench.dead() == []
