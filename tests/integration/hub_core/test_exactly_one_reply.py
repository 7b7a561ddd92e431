"""A process that dies, or is overtaken, between any two steps: still every message ends exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from support.hub_core import (
    Death,
    Echo,
    Killed,
    OneTenant,
    broker,
    delivery_of,
    mortal_ports,
    watched,
)
from support.hub_lab import POLICY, Lab
from support.hub_world import TENANT

from common.commands import HandOff, SendMessage, SendPrivateNote
from common.errors import RetryLater
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_CONVERSATIONS
from common.turns import TurnDue
from hub.answering import Reply, Responder, TurnInput
from hub.conversation import ConversationState
from hub.turns import TurnEngine

pytestmark = pytest.mark.broker


@pytest.fixture(params=[POLICY.quick_seconds, 0.0], ids=["quick", "under a lease"])
async def lab(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Callable[[], Lab]]:
    policy = replace(POLICY, quick_seconds=request.param)
    async with broker(tmp_path) as (_, nc), watched(nc) as streams:
        yield lambda: Lab(nc, streams, policy)


NewLab = Callable[[], Lab]


async def live(lab: Lab, *deaths: Death, responder: Responder | None = None) -> None:
    """Two messages and their turn, by processes that die one after the other; the last one does not.

    What was not finished is delivered again, as the broker does.
    """
    events = [lab.world.customer("oi"), lab.world.customer("tem sabonete?")]
    deliveries = [delivery_of(each) for each in events]
    processes = [*deaths, Death()]
    for event, delivery in zip(events, deliveries, strict=True):
        await survive(processes, partial(lab.apply_by, event, delivery))
    assert await lab.has_timer()
    lab.clock.advance(5)
    await survive(processes, lambda death: lab.turn(lab.engine(responder, death)))


async def survive(processes: list[Death], work: Callable[[Death], Awaitable[None]]) -> None:
    while True:
        try:
            await work(processes[0])
            return
        except Killed:
            processes.pop(0)


def points(steps: int) -> list[tuple[int, bool]]:
    return [(number, after) for number in range(steps) for after in (False, True)]


async def steps_of_a_life(new: NewLab) -> int:
    count = Death()
    await live(new(), count)
    return count.steps


async def test_a_death_at_any_step_ends_in_exactly_one_reply(lab: NewLab) -> None:
    steps = await steps_of_a_life(lab)
    assert steps >= (13 if lab().policy.quick_seconds == 0 else 12)

    for number, after in points(steps):
        here = lab()
        await live(here, Death(number, after))

        await here.all_published()
        assert here.streams.replies(here.conversation) == ["oi|tem sabonete?"], (number, after)
        assert len(here.streams.ended(here.conversation)) == 2, (number, after)
        state = await here.state()
        assert (state.pending, state.timer, state.lease, state.turns) == ((), None, None, 1)


async def test_two_deaths_at_any_steps_end_in_exactly_one_reply(lab: NewLab) -> None:
    steps = await steps_of_a_life(lab)

    for first in range(steps):
        for second in range(first % 2, steps, 2):
            here = lab()
            await live(here, Death(first, after=True), Death(second, after=True))

            await here.all_published()
            assert here.streams.replies(here.conversation) == ["oi|tem sabonete?"], (first, second)
            assert len(here.streams.ended(here.conversation)) == 2, (first, second)


async def test_a_death_at_any_step_of_a_hand_off_hands_off_once_and_in_order(lab: NewLab) -> None:
    steps = await steps_of_a_life(lab) + 2

    for number, after in points(steps):
        here = lab()
        await live(here, Death(number, after), responder=Echo(outcome="handed_off"))

        await here.all_published()
        kinds = [type(each) for each in here.streams.commands_for(here.conversation)]
        assert kinds == [SendMessage, SendPrivateNote, HandOff], (number, after)
        await here.apply(here.world.customer("alguém?"))
        assert (await here.state()).outcomes[-1].outcome == "left_to_person"


async def test_a_takeover_at_any_step_of_a_turn_is_respected(lab: NewLab) -> None:
    """Before the commit nothing is sent; after it the reply is already on its way. Never both."""
    seen = set()
    for number in range(12):
        here = lab()
        await here.apply(here.world.customer("oi"))
        here.clock.advance(5)
        reply = here.world.human_reply()
        takeover = Death(number, happens=partial(here.apply, reply))

        await here.turn(here.engine(death=takeover))

        if takeover.steps <= number:
            await here.apply(reply)
        await here.all_published()
        (record,) = [each for each in here.streams.records if each.conversation_id == here.conversation]
        replies = here.streams.replies(here.conversation)
        assert (record.outcome, replies) in [("answered", ["oi"]), ("left_to_person", [])], number
        seen.add(record.outcome)

    assert seen == {"answered", "left_to_person"}


async def test_a_newer_message_at_any_step_of_a_turn_is_answered_once_and_nothing_twice(lab: NewLab) -> None:
    for number in range(12):
        here = lab()
        await here.apply(here.world.customer("oi"))
        here.clock.advance(5)
        more = here.world.customer("tem?")
        newer = Death(number, happens=partial(here.apply, more))

        await here.turn(here.engine(death=newer))
        if newer.steps <= number:
            await here.apply(more)
        here.clock.advance(5)
        await here.turn()

        await here.all_published()
        assert here.streams.replies(here.conversation) in (["oi|tem?"], ["oi", "tem?"]), number
        assert sorted(here.streams.ended(here.conversation)) == [here.world.next_message_id - 1, more.message_id]


async def test_noise_while_the_responder_works_does_not_cost_the_answer(lab: NewLab) -> None:
    here = lab()
    await here.apply(here.world.customer("oi"))
    here.clock.advance(5)

    class Noisy:
        async def respond(self, turn: TurnInput) -> Reply:
            await here.apply(here.world.noise())
            return await Echo().respond(turn)

    await here.turn(here.engine(Noisy()))

    await here.all_published()
    assert here.streams.replies(here.conversation) == ["oi"]


async def test_a_frozen_process_that_wakes_up_after_its_lease_sends_nothing(lab: NewLab) -> None:
    here = lab()
    await here.apply(here.world.customer("oi"))
    here.clock.advance(5)

    class Frozen:
        """While it answers, the lease runs out and another hub does the turn."""

        async def respond(self, turn: TurnInput) -> Reply:
            here.clock.advance(POLICY.lease_seconds + 1)
            await here.turn(here.engine(Echo()))
            return Reply(outcome="answered", reason="late", text="atrasada")

    await here.turn(here.engine(Frozen()))

    await here.all_published()
    assert here.streams.replies(here.conversation) == ["oi"]
    assert (await here.state()).turns == 1


async def test_a_process_cut_off_before_its_lease_was_confirmed_finds_no_second_turn(lab: NewLab) -> None:
    """Two turns of the same state at the same time: one gets the lease, the other comes back and finds nothing."""
    here = lab()
    await here.apply(here.world.customer("oi"))
    here.clock.advance(5)
    other = here.engine(Echo())
    race = Death(1, happens=lambda: here.turn(other))

    await here.turn(here.engine(death=race))

    await here.all_published()
    assert here.streams.replies(here.conversation) == ["oi"]


async def test_an_old_hub_does_not_touch_the_state_of_a_newer_one(lab: NewLab) -> None:
    here = lab()
    event = here.world.customer("oi")
    newer = ConversationState.first(event).encode().replace(b'"schema_version":1', b'"schema_version":2')
    await Bucket(here.nc, BUCKET_CONVERSATIONS).create(f"acme.{here.conversation}", newer)

    with pytest.raises(RetryLater, match="version 2"):
        await here.apply(event)


class NotedTimers:
    def __init__(self) -> None:
        self.times: list[datetime] = []

    async def set(self, tenant: str, conversation_id: int, at: datetime, *, durably: bool = True) -> None:
        self.times.append(at)


async def test_a_stale_turn_sets_the_timer_that_a_dead_process_did_not(lab: NewLab) -> None:
    here = lab()
    await here.apply(here.world.customer("oi"))
    here.clock.advance(5)
    more = here.world.customer("tem?")
    timers = NotedTimers()

    class Overtaken:
        """While it answers, another message is applied by a process that dies before it sets the timer."""

        async def respond(self, turn: TurnInput) -> Reply:
            with pytest.raises(Killed):
                await here.apply_by(more, delivery_of(more), Death(1, after=True))
            return await Echo().respond(turn)

    ports = replace(mortal_ports(here.nc, Death(), here.clock), timers=timers)
    await TurnEngine(ports, Overtaken(), owner="hub", policy=POLICY).run_early("acme", here.conversation, here.clock())

    timer = (await here.state()).timer
    assert timer is not None
    assert timers.times == [timer.due_at]
    assert here.streams.replies(here.conversation) == []


async def test_a_timer_that_fires_too_early_is_set_again(lab: NewLab) -> None:
    here = lab()
    await here.apply(here.world.customer("tem sabonete?"))
    timers = NotedTimers()
    ports = replace(mortal_ports(here.nc, Death(), here.clock), timers=timers)
    early = TurnDue(tenant="acme", conversation_id=here.conversation, due_at=here.clock())

    await TurnEngine(ports, Echo(), owner="hub").handle(early, delivery_of(here.world.noise()))

    assert timers.times == [here.clock() + timedelta(seconds=2)]


async def test_a_timer_is_due_at_the_time_it_was_set_to_whatever_the_own_clock_says(lab: NewLab) -> None:
    here = lab()
    await here.apply(here.world.customer("tem sabonete?"))
    due = TurnDue(tenant="acme", conversation_id=here.conversation, due_at=here.clock() + timedelta(seconds=2))
    here.clock.advance(-60)

    await here.engine().handle(due, delivery_of(here.world.noise()))

    await here.all_published()
    assert here.streams.replies(here.conversation) == ["tem sabonete?"]


async def test_a_refused_reply_is_handed_off_once_though_the_process_dies_at_any_step(lab: NewLab) -> None:
    for number, after in points(6):
        here = lab()
        await here.apply(here.world.customer("oi"))
        here.clock.advance(5)
        await here.turn()
        failed = here.world.reply_failed(here.world.next_message_id + 1)
        delivery = delivery_of(failed)

        await survive([Death(number, after), Death()], partial(here.apply_by, failed, delivery))

        await here.all_published()
        kinds = [type(each) for each in here.streams.commands_for(here.conversation)]
        assert kinds == [SendMessage, SendPrivateNote, HandOff], (number, after)


async def test_a_tenant_that_is_gone_when_the_turn_starts_ends_the_message_with_that_reason(lab: NewLab) -> None:
    here = lab()
    await here.apply(here.world.customer("oi"))
    here.clock.advance(5)
    ports = replace(
        mortal_ports(here.nc, Death(), here.clock), tenants=OneTenant(TENANT.model_copy(update={"tenant": "x"}))
    )

    await TurnEngine(ports, Echo(), owner="hub").run_early("acme", here.conversation, here.clock())

    await here.all_published()
    (record,) = [each for each in here.streams.records if each.conversation_id == here.conversation]
    assert (record.outcome, record.reason) == ("ignored", "unknown_tenant")
    assert here.streams.commands_for(here.conversation) == []


@pytest.mark.parametrize(("seconds", "late"), [(4.5, False), (6.0, True)])
async def test_a_turn_that_is_late_is_begun_under_a_lease(lab: NewLab, seconds: float, late: bool) -> None:
    """The broker's timer has fired meanwhile, and brings other hubs to it."""
    here = lab()
    held = here.policy.quick_seconds == 0
    here.policy = replace(here.policy, late_seconds=1.0)
    await here.apply(here.world.customer("oi"))
    here.clock.advance(seconds)
    seen: list[bool] = []

    class Looks:
        async def respond(self, turn: TurnInput) -> Reply:
            seen.append((await here.state()).lease is not None)
            return await Echo().respond(turn)

    await here.turn(here.engine(Looks()))

    assert seen == [late or held]


async def test_an_answer_that_is_ready_is_sent_though_another_hub_has_begun_the_same_turn(lab: NewLab) -> None:
    """A machine at its limit: before a quick answer is committed, the broker's timer starts a second attempt."""
    here = lab()
    here.policy = POLICY
    await here.apply(here.world.customer("oi"))
    here.clock.advance(5)
    begun, go_on = asyncio.Event(), asyncio.Event()
    others: list[asyncio.Task[None]] = []

    class Begins:
        async def respond(self, turn: TurnInput) -> Reply:
            begun.set()
            await go_on.wait()
            return await Echo().respond(turn)

    class Ready:
        async def respond(self, turn: TurnInput) -> Reply:
            ports = mortal_ports(here.nc, Death(), here.clock)
            second = TurnEngine(ports, Begins(), owner="second", policy=replace(POLICY, quick_seconds=0.0))
            others.append(asyncio.create_task(here.turn(second)))
            await begun.wait()
            return Reply(outcome="answered", reason="first", text="pronta")

    await here.turn(here.engine(Ready()))
    go_on.set()
    await asyncio.gather(*others)

    await here.all_published()
    assert here.streams.replies(here.conversation) == ["pronta"]
    assert (await here.state()).turns == 1
