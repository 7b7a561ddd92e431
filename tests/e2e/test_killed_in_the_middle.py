"""kill -9 of every part in the middle of 500 conversations: nothing lost, nothing doubled, nothing out of order."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest
from support.shop import Shop, open_shop

from common.turns import TurnRecorded
from simulator.chatwoot.model import ContactInbox, Message
from simulator.transcript import Transcript

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

CONVERSATIONS = 500
MESSAGES_EACH = 2
MESSAGES_PER_SECOND = 30
QUESTIONS = ("Oi, vocês entregam?", "Qual o horário de vocês?", "Posso trocar um produto?", "Aceitam pix?")


async def test_nothing_is_lost_doubled_or_reordered_when_every_part_is_killed(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        customers = [shop.customer(f"Cliente {number}") for number in range(CONVERSATIONS)]
        writing = asyncio.create_task(write(shop, customers))

        await kill_everything_once(shop, writing)
        said = await writing
        await shop.settle(quiet_seconds=12, seconds=120)

        await check(shop, customers, said)
        assert {death.name for death in shop.system.deaths} == {"webhook", "hub"}


async def write(shop: Shop, customers: list[ContactInbox]) -> list[Message]:
    """Every customer writes twice, with time for an answer in between; all of them interleaved."""
    chance = random.Random(4711)
    said: list[Message] = []
    for _ in range(MESSAGES_EACH):
        for customer in customers:
            said.append(shop.says(customer, chance.choice(QUESTIONS)))
            await asyncio.sleep(1 / MESSAGES_PER_SECOND)
    return said


async def kill_everything_once(shop: Shop, writing: asyncio.Task[list[Message]]) -> None:
    """One kill every four seconds while the customers write."""
    for strike in ("webhook", "hub", "nats", "hub", "webhook", "nats"):
        await asyncio.sleep(4)
        assert not writing.done(), "the customers were done before the last kill"
        if strike == "nats":
            await shop.system.nats.restart()
        else:
            shop.system.kill(strike, index=0)


async def check(shop: Shop, customers: list[ContactInbox], said: list[Message]) -> None:
    records = await shop.records()
    endings = Counter(len({each.turn_id for each in records.get(message.id, ())}) for message in said)
    assert endings == {1: CONVERSATIONS * MESSAGES_EACH}, f"endings per customer message: {endings}"

    ledger = shop.simulator.state.chatwoot.ledger(shop.account.id)
    doubled = {command: times for command, times in ledger.stored.items() if times > 1}
    assert not doubled
    outcomes = Counter(records[message.id][0].outcome for message in said)
    assert outcomes["answered"] > CONVERSATIONS, outcomes
    for customer in customers:
        check_conversation(shop.transcript(customer), records)


def check_conversation(transcript: Transcript, records: dict[int, list[TurnRecorded]]) -> None:
    """Every turn that answered did so once, after its question, in order; silence only after a hand-off."""
    replies = {line.turn_id: line for line in transcript.public_replies()}
    assert len(replies) == len(transcript.public_replies()), "two replies of one turn"
    handed_off = False
    for line in transcript.lines:
        if line.who != "customer":
            continue
        record = records[line.id][0]
        if record.outcome == "left_to_person":
            assert handed_off, f"{transcript.conversation_id}: silent without a reason"
            continue
        assert replies[record.turn_id].id > line.id, f"{transcript.conversation_id}: no answer to {line.id}"
        handed_off |= record.outcome == "handed_off"
    turns = [int(line.turn_id.split(".")[2]) for line in transcript.public_replies()]
    assert turns == sorted(turns), f"{transcript.conversation_id}: turns {turns}"
