"""Whole hubs on a real broker: they share the work, and one that goes away takes nothing with it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
from nats.aio.client import Client
from support.hub_core import Echo, Streams, apply_tenant, broker, running_hub, tell, watched
from support.hub_world import World
from support.nats_server import NatsServer

from common.commands import HandOff, SendMessage, SendPrivateNote
from common.nats.bucket import Bucket
from common.nats.publisher import Publisher
from common.nats.topology import BUCKET_CONVERSATIONS, CHATWOOT_EVENTS, DEAD_LETTERS
from common.subjects import chatwoot_event
from hub.answering import NotWanted, Reply, TurnInput
from hub.app import HubService
from hub.store import ConversationStore

pytestmark = pytest.mark.broker


class Shop:
    """A broker with a tenant, and what the test needs around it."""

    def __init__(self, server: NatsServer, nc: Client, streams: Streams) -> None:
        self.server = server
        self.nc = nc
        self.streams = streams

    async def ended(self, messages: int, seconds: float = 30.0) -> None:
        """Wait until so many messages have ended, in all conversations together."""
        await self.streams.until(
            lambda: sum(len(each.message_ids) for each in self.streams.records) >= messages, seconds
        )
        await self.streams.complete(self.nc)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with broker(tmp_path) as (server, nc), watched(nc) as streams:
        await apply_tenant(nc)
        yield Shop(server, nc, streams)


def world(conversation_id: int, **fields: object) -> World:
    return World(conversation_id=conversation_id, next_message_id=conversation_id * 1000, **fields)  # type: ignore[arg-type]


async def test_a_message_is_answered_and_recorded(shop: Shop) -> None:
    here = world(1)
    async with running_hub(shop.server, Echo()):
        await tell(shop.nc, here.customer("oi"))
        await shop.ended(1)

    (command,) = shop.streams.commands
    assert isinstance(command, SendMessage)
    assert (command.text, command.command_id, command.after_message_id) == ("oi", "acme.1.1.1001:1", 1001)
    (record,) = shop.streams.records
    assert (record.outcome, record.message_ids, record.reply) == ("answered", (1001,), "oi")


async def test_a_burst_is_answered_once(shop: Shop) -> None:
    here = world(1)
    async with running_hub(shop.server, Echo()):
        for text in ("oi", "tudo bem?", "tem sabonete?"):
            await tell(shop.nc, here.customer(text))
            await asyncio.sleep(0.05)
        await shop.ended(3)

    assert shop.streams.replies(1) == ["oi|tudo bem?|tem sabonete?"]


async def test_the_same_event_delivered_three_times_at_once_is_answered_once(shop: Shop) -> None:
    """Also under message ids that the broker cannot know as the same."""
    here = world(1)
    event = here.customer("oi")
    publisher = Publisher(shop.nc)
    async with running_hub(shop.server, Echo()), running_hub(shop.server, Echo(), "hub-b"):
        await asyncio.gather(
            *(
                publisher.publish(chatwoot_event("acme", 1), event, stream=CHATWOOT_EVENTS, msg_id=f"copy-{number}")
                for number in range(3)
            )
        )
        await shop.ended(1)
        await asyncio.sleep(1)

    assert shop.streams.replies(1) == ["oi"]
    assert shop.streams.ended(1) == [1001]


async def test_a_reply_is_not_sent_after_a_person_took_over(shop: Shop) -> None:
    here = world(1)
    slow = Echo(seconds=0.5)
    async with running_hub(shop.server, slow):
        await tell(shop.nc, here.customer("oi"))
        while not slow.asked:
            await asyncio.sleep(0.01)
        await tell(shop.nc, here.phone_echo())
        await shop.ended(1)
        await asyncio.sleep(1)

    assert shop.streams.commands == []
    assert [(each.outcome, each.reason) for each in shop.streams.records] == [("left_to_person", "taken_over")]


async def test_a_message_that_comes_while_the_answer_is_made_is_answered_with_it(shop: Shop) -> None:
    here = world(1)
    slow = Echo(seconds=0.6)
    async with running_hub(shop.server, slow):
        await tell(shop.nc, here.customer("oi"))
        while not slow.asked:
            await asyncio.sleep(0.01)
        await tell(shop.nc, here.customer("tem sabonete?"))
        await shop.ended(2)

    assert shop.streams.replies(1) == ["oi|tem sabonete?"]


async def test_two_hubs_share_the_work_and_every_message_is_answered_once_in_order(shop: Shop) -> None:
    first, second = Echo(seconds=0.05), Echo(seconds=0.05)
    conversations = {number: world(number) for number in range(1, 61)}
    async with running_hub(shop.server, first), running_hub(shop.server, second, "hub-b"):
        for round_ in range(4):
            for number, here in conversations.items():
                await tell(shop.nc, here.customer(f"{number}-{round_}"))
            await asyncio.sleep(random.uniform(0, 0.8))
        await shop.ended(240)

    assert first.asked, "the first hub did nothing"
    assert second.asked, "the second hub did nothing"
    for number in conversations:
        said = "|".join(shop.streams.replies(number)).split("|")
        assert said == [f"{number}-{round_}" for round_ in range(4)]
        assert len(set(shop.streams.ended(number))) == len(shop.streams.ended(number)) == 4


async def test_a_hub_that_is_cut_off_in_the_middle_of_its_turns_is_replaced(shop: Shop) -> None:
    dying, heir = Echo(seconds=30), Echo()
    conversations = {number: world(number) for number in range(1, 21)}
    async with running_hub(shop.server, heir) as living:
        # Only the dying hub works at first.
        await living._stop_consumers()
        async with running_hub(shop.server, dying, "hub-b") as dead:
            for number, here in conversations.items():
                await tell(shop.nc, here.customer(f"{number}"))
            while len(dying.asked) < 20:
                await asyncio.sleep(0.02)
            await cut_off(dead)
            async with running_hub(shop.server, heir, "hub-c"):
                await shop.ended(20)

    for number in conversations:
        assert shop.streams.replies(number) == [f"{number}"]


async def cut_off(service: HubService) -> None:
    """No more byte reaches the broker or comes from it: what a killed machine looks like from outside."""
    service._connection._closing = True
    await service._connection.nc.close()


async def test_a_stopping_hub_hands_its_slow_turns_to_another_at_once(shop: Shop) -> None:
    slow, heir = Echo(seconds=30), Echo()
    async with running_hub(shop.server, slow, hub_stop_seconds=0.1, hub_lease_seconds=30.0):
        await tell(shop.nc, world(1).customer("oi"))
        while not slow.asked:
            await asyncio.sleep(0.01)
    stopped = time.monotonic()
    async with running_hub(shop.server, heir, "hub-b"):
        await shop.ended(1)

    assert time.monotonic() - stopped < 6, "it waited for the lease to run out"
    assert shop.streams.replies(1) == ["oi"]


async def test_nothing_is_lost_when_the_broker_is_killed_in_the_middle(shop: Shop) -> None:
    conversations = {number: world(number) for number in range(1, 41)}
    async with running_hub(shop.server, Echo(seconds=0.05)), running_hub(shop.server, Echo(seconds=0.05), "hub-b"):
        for number, here in conversations.items():
            await tell(shop.nc, here.customer(f"{number}-a"))
        await asyncio.sleep(0.35)
        await shop.server.restart()
        for number, here in conversations.items():
            await tell(shop.nc, here.customer(f"{number}-b"))
        await shop.ended(80, seconds=40)

    for number in conversations:
        assert "|".join(shop.streams.replies(number)).split("|") == [f"{number}-a", f"{number}-b"]
        assert len(shop.streams.ended(number)) == 2


async def test_a_hand_off_says_it_notes_it_and_opens_the_conversation_in_this_order(shop: Shop) -> None:
    here = world(1)
    async with running_hub(shop.server, Echo(outcome="handed_off")):
        await tell(shop.nc, here.customer("quero falar com uma pessoa"))
        await shop.ended(1)
        await tell(shop.nc, here.customer("alô?"))
        await shop.ended(2)

    assert [type(each) for each in shop.streams.commands] == [SendMessage, SendPrivateNote, HandOff]
    assert [each.outcome for each in shop.streams.records] == ["handed_off", "left_to_person"]


class Failing:
    """Fails as told, with the customer's words in the error."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error

    async def respond(self, turn: TurnInput) -> Reply:
        if self.error is not None:
            raise self.error
        await asyncio.sleep(60)
        raise AssertionError("unreachable")


@pytest.mark.parametrize(
    ("responder", "why"),
    [
        (Failing(RuntimeError("segredo do cliente")), "RuntimeError"),
        (Failing(TimeoutError("model")), "TimeoutError"),
        (Failing(asyncio.CancelledError()), "CancelledError"),
        (Failing(), "time limit"),
    ],
    ids=["error", "timeout", "cancelled", "hangs"],
)
async def test_a_responder_that_fails_ends_in_a_polite_hand_off(shop: Shop, responder: Failing, why: str) -> None:
    async with running_hub(shop.server, responder, hub_answer_seconds=1.0):
        await tell(shop.nc, world(1).customer("oi"))
        await shop.ended(1)

    said, note, hand_off = shop.streams.commands
    assert isinstance(said, SendMessage)
    assert "pessoa da nossa equipe" in said.text
    assert isinstance(note, SendPrivateNote)
    assert why in note.text
    assert isinstance(hand_off, HandOff)
    assert hand_off.reason == "tool_failure"
    assert "segredo" not in said.text + note.text


async def test_an_escalated_conversation_is_repaired_with_the_answer(shop: Shop) -> None:
    here = world(1, assignee="our_bot")
    async with running_hub(shop.server, Echo()):
        await tell(shop.nc, here.customer("oi"))
        await tell(shop.nc, here.escalate())
        await shop.ended(1)

    assert [each.type_name() for each in shop.streams.commands] == ["SetStatus", "SendMessage"]


@pytest.mark.parametrize("prompt", [True, False], ids=["prompt", "by the broker's timer"])
async def test_a_command_belongs_to_the_trace_of_the_message_it_answers(shop: Shop, prompt: bool) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    async with running_hub(shop.server, Echo()) as hub:
        if not prompt:
            await hub._timers.stop(0)
        await tell(shop.nc, world(1).customer("oi"), {"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
        await shop.ended(1)

    (traceparent,) = shop.streams.traces.values()
    assert trace in traceparent


async def test_an_unreadable_event_goes_to_the_dead_letters_and_holds_nobody_up(shop: Shop) -> None:
    here = world(1)
    async with running_hub(shop.server, Echo()):
        publisher = Publisher(shop.nc)
        await publisher.publish(chatwoot_event("acme", 1), b'{"type":"?"}', stream=CHATWOOT_EVENTS, msg_id="bad")
        await tell(shop.nc, here.customer("oi"))
        await shop.ended(1)

    info = await shop.nc.jetstream().stream_info(DEAD_LETTERS)
    assert info.state.messages == 1
    assert shop.streams.replies(1) == ["oi"]


async def test_health_and_metrics_are_shown(shop: Shop) -> None:
    async with running_hub(shop.server, Echo()) as hub, aiohttp.ClientSession() as http:
        base = f"http://127.0.0.1:{hub.port}"
        async with http.get(f"{base}/health") as answer:
            assert answer.status == 200, await answer.text()
            assert set((await answer.json())["checks"]) == {"nats", "events", "turns"}
        async with http.get(f"{base}/metrics") as answer:
            assert "odoo_ai_oldest_pending_seconds" in await answer.text()


async def test_what_was_decided_is_gone_from_the_state_when_it_is_published(shop: Shop) -> None:
    async with running_hub(shop.server, Echo()):
        await tell(shop.nc, world(1).customer("oi"))
        await shop.ended(1)
        await asyncio.sleep(0.2)

    stored = await ConversationStore(Bucket(shop.nc, BUCKET_CONVERSATIONS)).load("acme", 1)
    assert stored is not None
    assert stored.state.outbox == ()
    assert [each.outcome for each in stored.state.outcomes] == ["answered"]


class Slow:
    """Answers late; notes when somebody stopped it, and when its answer was not wanted."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.asked = 0
        self.stopped_after: list[float] = []

    async def respond(self, turn: TurnInput) -> Reply:
        self.asked += 1
        started = time.monotonic()
        try:
            await asyncio.sleep(self.seconds if self.asked == 1 else 0)
        except asyncio.CancelledError:
            self.stopped_after.append(time.monotonic() - started)
            raise
        return Reply(outcome="answered", reason="slow", text=f"resposta a {turn.text}")


async def test_a_turn_that_a_newer_message_made_stale_is_stopped_before_it_costs_more(shop: Shop) -> None:
    here, slow = world(1), Slow(30)
    async with running_hub(shop.server, slow):
        await tell(shop.nc, here.customer("tem camiseta?"))
        await _until(lambda: slow.asked == 1)
        await tell(shop.nc, here.customer("tamanho M"))
        await shop.ended(2)

    assert len(slow.stopped_after) == 1
    assert slow.stopped_after[0] < 10
    assert shop.streams.replies(1) == ["resposta a tem camiseta?\ntamanho M"]


async def test_a_customer_who_waits_long_is_told_so_once_and_then_answered(shop: Shop) -> None:
    here, slow = world(1), Slow(2.5)
    async with running_hub(shop.server, slow, hub_interim_seconds=0.5):
        await tell(shop.nc, here.customer("tem camiseta?"))
        await shop.ended(1)

    waiting, answer = shop.streams.replies(1)
    assert "consultando" in waiting
    assert answer == "resposta a tem camiseta?"
    assert [each.command_id for each in shop.streams.commands] == ["acme.1.1.1001:0", "acme.1.1.1001:1"]


async def test_an_answer_that_its_maker_does_not_want_any_more_is_not_an_error(shop: Shop) -> None:
    here, maker = world(1), Unwilling()
    async with running_hub(shop.server, maker):
        await tell(shop.nc, here.customer("tem camiseta?"))
        await shop.ended(1)

    assert maker.asked == 2
    assert shop.streams.replies(1) == ["agora sim"]


class Unwilling:
    """Finds its first answer not wanted."""

    def __init__(self) -> None:
        self.asked = 0

    async def respond(self, turn: TurnInput) -> Reply:
        self.asked += 1
        if self.asked == 1:
            raise NotWanted("a newer message")
        return Reply(outcome="answered", reason="second", text="agora sim")


async def _until(met: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not met():
            await asyncio.sleep(0.01)
