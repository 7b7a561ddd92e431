"""A conversation that cannot be served waits by itself: in order, durably, and in nobody's way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from statistics import median

import pytest
from support.chatwoot_server import ChatwootServer, Fault
from support.webhook_bench import AT, WebhookBench, say, until

from common.commands import HandOff, SendMessage, SetTyping
from common.nats.api import stored_message
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_PARKED, CHATWOOT_COMMANDS
from common.subjects import COMMAND_PARTITIONS
from webhook.parking import Parked

pytestmark = pytest.mark.broker

DEAD = 25


@pytest.fixture
async def other_chatwoot() -> AsyncIterator[ChatwootServer]:
    async with ChatwootServer() as server:
        yield server


def reply(conversation: int, number: int, tenant: str = "acme") -> SendMessage:
    command_id = f"{tenant}-{conversation}-{number}:1"
    return say(number, conversation=conversation, command_id=command_id, turn_id=command_id[:-2], tenant=tenant)


async def parked(bench: WebhookBench) -> dict[str, Parked]:
    entries = await Bucket(bench.nc, BUCKET_PARKED).entries()
    return {key: Parked.model_validate_json(entry.value) for key, entry in entries.items()}


async def partition_of(bench: WebhookBench, sequence: int) -> str:
    message = await stored_message(bench.nc, CHATWOOT_COMMANDS, {"seq": sequence})
    assert message
    return message.subject.split(".")[1]


async def neighbours(bench: WebhookBench, count: int) -> list[int]:
    """Conversations in the partition of the dead one, found by giving every candidate a command."""
    await bench.command(reply(DEAD, 0))
    wanted = await partition_of(bench, 1)
    found: list[int] = []
    for sequence, conversation in enumerate(candidates(), start=2):
        await bench.command(reply(conversation, 0))
        if await partition_of(bench, sequence) == wanted:
            found.append(conversation)
        if len(found) == count:
            return found
    raise AssertionError("unreachable")


def candidates() -> Iterator[int]:
    yield from range(100, 100 + 50 * COMMAND_PARTITIONS)


@pytest.mark.parametrize("fault", ["500", "black_hole", "flood", "html"])
async def test_neighbours_in_the_partition_do_not_wait(bench: WebhookBench, fault: Fault) -> None:
    near = await neighbours(bench, 3)
    await bench.start(chatwoot_request_seconds=4)
    await bench.idle()
    bench.chatwoot.broken[DEAD] = fault

    await bench.command(reply(DEAD, 1), *(reply(each, 1) for each in near))
    began = time.monotonic()
    await until(lambda: said(bench, near, "reply 1"), 5)

    assert time.monotonic() - began < 1.5
    assert "reply 1" not in bench.chatwoot.texts(DEAD)
    assert list(await parked(bench)) == [f"acme.{DEAD}"]
    bench.chatwoot.broken.clear()


async def said(bench: WebhookBench, conversations: list[int], text: str) -> bool:
    return all(text in bench.chatwoot.texts(each) for each in conversations)


async def test_later_commands_wait_behind_the_first_and_keep_their_order(bench: WebhookBench) -> None:
    await bench.start()
    await bench.start()
    bench.chatwoot.broken[DEAD] = "500"
    for number in range(1, 6):
        await bench.command(reply(DEAD, number))
    hand_off = HandOff(
        command_id="t:9", turn_id="t", tenant="acme", account_id=1, conversation_id=DEAD, issued_at=AT,
        reason="customer_request",
    )  # fmt: skip
    await bench.command(hand_off)
    await until(lambda: waiting(bench, 6))

    del bench.chatwoot.broken[DEAD]
    await bench.idle()

    assert bench.chatwoot.texts(DEAD) == [f"reply {number}" for number in range(1, 6)]
    assert [what for method, what, _ in bench.chatwoot.requests if method == "POST"][-1] == "toggle_status"


async def waiting(bench: WebhookBench, count: int) -> bool:
    place = (await parked(bench)).get(f"acme.{DEAD}")
    return place is not None and place.last - place.head + 1 == count


async def test_a_slow_request_leaves_the_partition_and_is_not_made_again(bench: WebhookBench) -> None:
    await bench.start(chatwoot_request_seconds=3, sender_patience_seconds=0.05)
    bench.chatwoot.slow_seconds = 0.5

    await bench.command(reply(DEAD, 1), reply(DEAD, 2))
    await bench.idle()

    assert bench.chatwoot.texts(DEAD) == ["reply 1", "reply 2"]
    assert len(bench.chatwoot.posts()) == 2


async def test_one_conversation_that_always_fails_does_not_close_the_way_for_others(bench: WebhookBench) -> None:
    await bench.start(sender_breaker_failures=3, sender_breaker_seconds=60, sender_longest_delay_seconds=0.1)
    bench.chatwoot.broken[DEAD] = "500"
    await bench.command(reply(DEAD, 1))
    await until(lambda: posted(bench, 6))

    await bench.command(reply(26, 1))
    await until(lambda: said(bench, [26], "reply 1"))


async def posted(bench: WebhookBench, count: int) -> bool:
    return len(bench.chatwoot.posts()) >= count


async def test_nothing_more_is_sent_to_a_chatwoot_that_is_away(bench: WebhookBench) -> None:
    await bench.start(sender_breaker_failures=3, sender_breaker_seconds=60)
    bench.chatwoot.broken[None] = "500"
    await bench.command(*(reply(conversation, 1) for conversation in range(1, 4)))
    await until(lambda: posted(bench, 3))

    await bench.command(*(reply(conversation, 1) for conversation in range(4, 14)))
    await until(lambda: all_parked(bench, 13))

    assert len(bench.chatwoot.posts()) == 3


async def all_parked(bench: WebhookBench, count: int) -> bool:
    return len(await parked(bench)) == count


async def test_everything_is_sent_when_chatwoot_comes_back(bench: WebhookBench) -> None:
    await bench.start()
    await bench.start()
    bench.chatwoot.broken[None] = "500"
    for number in range(1, 4):
        await bench.command(*(reply(conversation, number) for conversation in range(1, 13)))
    await until(lambda: all_parked(bench, 12))

    bench.chatwoot.broken.clear()
    await bench.idle(30)

    for conversation in range(1, 13):
        assert bench.chatwoot.texts(conversation) == ["reply 1", "reply 2", "reply 3"]
    assert await bench.dead() == []


async def test_retry_after_is_honoured_by_the_whole_tenant(bench: WebhookBench) -> None:
    await bench.start()
    bench.chatwoot.faults.append("429")
    await bench.command(reply(1, 1))
    await until(lambda: posted(bench, 1))
    began = time.monotonic()

    await bench.command(*(reply(conversation, 1) for conversation in range(2, 6)))
    await until(lambda: posted(bench, 2), 10)

    assert time.monotonic() - began > 0.8
    await bench.idle()
    assert len(bench.chatwoot.posts()) == 6


async def test_a_dead_chatwoot_of_one_tenant_does_not_slow_another(
    bench: WebhookBench, other_chatwoot: ChatwootServer
) -> None:
    await bench.apply(bench.acme(), bench.other(other_chatwoot))
    await bench.start(chatwoot_request_seconds=3)
    before = [await round_of_replies(bench, number) for number in range(1, 6)]

    other_chatwoot.broken[None] = "black_hole"
    await bench.command(*(reply(conversation, 1, "outra") for conversation in range(1, 33)))
    meanwhile = [await round_of_replies(bench, number) for number in range(6, 14)]

    assert median(meanwhile) < 2 * median(before) + 0.1, (before, meanwhile)
    assert len(await parked(bench)) == 32
    other_chatwoot.broken.clear()


async def round_of_replies(bench: WebhookBench, number: int) -> float:
    """How long it takes until sixteen customers have a reply."""
    conversations = list(range(1, 17))
    began = time.monotonic()
    await bench.command(*(reply(conversation, number) for conversation in conversations))
    await until(lambda: said(bench, conversations, f"reply {number}"), 10)
    return time.monotonic() - began


async def test_a_reply_that_got_too_old_is_a_dead_letter_and_the_next_one_follows(bench: WebhookBench) -> None:
    await bench.start(sender_reply_seconds=1.0, sender_longest_delay_seconds=0.1)
    bench.chatwoot.broken[DEAD] = "500"
    await bench.command(reply(DEAD, 1))
    await until(lambda: dead(bench, 1))
    bench.chatwoot.broken.clear()

    await bench.command(reply(DEAD, 2))
    await bench.idle()

    assert bench.chatwoot.texts(DEAD) == ["reply 2"]
    assert "given up after" in str((await bench.dead())[0].headers)


async def dead(bench: WebhookBench, count: int) -> bool:
    return len(await bench.dead()) == count


async def test_what_was_given_up_is_not_sent_when_it_comes_again(bench: WebhookBench) -> None:
    await bench.start()
    bench.chatwoot.faults.append("422")
    await bench.command(say(1))
    await bench.idle()

    await bench.command(say(1), again=True)
    await bench.idle()

    assert bench.chatwoot.texts() == []
    assert len(bench.chatwoot.posts()) == 1


async def test_typing_in_a_parked_conversation_is_forgotten(bench: WebhookBench) -> None:
    await bench.start()
    bench.chatwoot.broken[DEAD] = "500"
    await bench.command(reply(DEAD, 1))
    await until(lambda: waiting(bench, 1))

    await bench.command(
        SetTyping(
            command_id="t:1", turn_id="t", tenant="acme", account_id=1, conversation_id=DEAD, issued_at=AT, on=True
        )
    )
    bench.chatwoot.broken.clear()
    await bench.idle()

    assert bench.chatwoot.posts("toggle_typing_status") == []
    assert bench.chatwoot.texts(DEAD) == ["reply 1"]


async def test_a_broker_that_dies_loses_and_repeats_nothing_that_waits(bench: WebhookBench) -> None:
    await bench.start()
    bench.chatwoot.broken[None] = "500"
    for number in range(1, 4):
        await bench.command(*(reply(conversation, number) for conversation in range(1, 7)))
    await until(lambda: all_parked(bench, 6))

    bench.broker.kill()
    await asyncio.sleep(0.2)
    bench.chatwoot.broken.clear()
    await bench.broker.start()
    await bench.idle(40)

    for conversation in range(1, 7):
        assert bench.chatwoot.texts(conversation) == ["reply 1", "reply 2", "reply 3"]


async def test_a_schedule_that_was_lost_is_set_again_at_start(bench: WebhookBench, tmp_path: Path) -> None:
    del tmp_path
    first = await bench.start(sender_longest_delay_seconds=3600, sender_breaker_failures=1, sender_breaker_seconds=3600)
    bench.chatwoot.broken[DEAD] = "500"
    await bench.command(reply(DEAD, 1))
    await until(lambda: waiting(bench, 1))
    place = (await parked(bench))[f"acme.{DEAD}"]
    await bench.stop(first)
    await Bucket(bench.nc, BUCKET_PARKED).put(
        f"acme.{DEAD}", place.model_copy(update={"due_at": AT}).model_dump_json().encode()
    )
    bench.chatwoot.broken.clear()

    await bench.start()
    await bench.idle()

    assert bench.chatwoot.texts(DEAD) == ["reply 1"]
