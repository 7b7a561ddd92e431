"""Random histories in Chatwoot, told badly: doubled, out of order, with holes. With sweeps nothing of it matters."""

from __future__ import annotations

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.chatwoot_in_process import Hook
from support.histories import Histories, place_of, settle

from hub.answering import Reply

ANSWER = Reply(outcome="answered", reason="greeting", text="Olá!")
REPLIES = st.sampled_from(
    [
        ANSWER,
        Reply(
            outcome="handed_off", reason="asked", text="Um momento.", note="Pediu", hand_off_reason="customer_request"
        ),
        Reply(outcome="ignored", reason="thanks"),
    ]
)
PEOPLE = (
    "human_reply",
    "phone_echo",
    "note",
    "assign",
    "unassign",
    "hand_back",
    "open",
    "pending",
    "resolved",
    "snoozed",
    "escalate",
)
STEPS = st.sampled_from(
    [
        *("customer",) * 6,
        *PEOPLE,
        *("webhooks",) * 4,
        *("turn",) * 3,
        *("answer",) * 3,
        *("send",) * 3,
        "sweep",
        "again",
        "hours",
    ]
)
FATES = st.sampled_from(["arrives", "arrives", "lost", "waits", "twice"])


async def play(data: st.DataObject, world: Histories) -> None:
    """Anything may happen at any time; what is under way may arrive, wait, come twice, or be lost."""
    for step in data.draw(st.lists(STEPS, min_size=3, max_size=25)):
        conversations = list(world.chatwoot.account.conversations.values())
        if step == "customer" or not conversations:
            world.customer(data.draw(st.integers(1, 2)))
            continue
        conversation = conversations[data.draw(st.integers(0, len(conversations) - 1))]
        if step in PEOPLE:
            world.act(step, conversation)
        elif step == "webhooks":
            _deliver_some(data, world)
        elif step == "turn":
            world.take_turn(conversation.id)
        elif step == "answer":
            world.finish_turn(conversation.id, data.draw(REPLIES))
        elif step == "send":
            world.send_next()
        elif step == "sweep":
            world.lists.budget = world.lists.requests + data.draw(st.integers(1, 10))
            await world.sweep(restart=data.draw(st.booleans()))
        elif step == "hours":
            world.chatwoot.clock.advance(3 * 3600)
        elif world.events:
            world.apply(data.draw(st.integers(1, len(world.events))))


def _deliver_some(data: st.DataObject, world: Histories) -> None:
    under_way, world.chatwoot.hooks[:] = list(world.chatwoot.hooks), []
    waiting: list[Hook] = []
    for index in data.draw(st.permutations(range(len(under_way)))):
        hook = under_way[index]
        fate = data.draw(FATES)
        if fate in ("waits", "twice"):
            waiting.append(hook)
        if fate in ("arrives", "twice"):
            world.deliver(hook)
    world.chatwoot.hooks[:0] = waiting


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_with_sweeps_every_message_ends_once_and_nobody_is_talked_over(data: st.DataObject) -> None:
    world = Histories()

    async def history() -> None:
        await world.sweep()
        await play(data, world)
        await settle(world, ANSWER)

    asyncio.run(history())

    assert world.ends == dict.fromkeys(world.written, 1)
    assert not any(state.pending for state in world.states.values())
    assert all(times == 1 for times in world.replies().values())
    assert not world.spoken_wrongly
    for conversation in world.chatwoot.account.conversations.values():
        if world.hub_would_speak(conversation.id):
            assert world.truths[conversation.id].may_speak(place_of(conversation)), place_of(conversation)
