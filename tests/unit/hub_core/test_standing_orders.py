"""What the hub orders outside of a turn: an escalation set back, a message that was found too late."""

from __future__ import annotations

import pytest
from support.hub_world import START, TENANT, World

from common.commands import CHATWOOT_COMMANDS, ChatwootCommand, HandOff, SendPrivateNote, SetStatus
from common.events import ChatwootEvent
from common.tenants import TenantProfile
from hub.apply import Moment, apply_event
from hub.conversation import ConversationState
from hub.ownership import standing


def after(*events: ChatwootEvent, tenant: TenantProfile | None = TENANT) -> ConversationState:
    state = ConversationState.first(events[0])
    for sequence, event in enumerate(events, start=1):
        state = apply_event(state, event, Moment(sequence, START, tenant))
    return state


def ordered(state: ConversationState) -> list[ChatwootCommand]:
    return [CHATWOOT_COMMANDS.decode(each.body.encode()) for each in state.outbox]


def kinds(state: ConversationState) -> list[type]:
    return [type(each) for each in ordered(state)]


def test_an_escalation_by_chatwoot_is_set_back_at_once() -> None:
    world = World(assignee="our_bot")

    state = after(world.customer(), world.escalate())

    (command,) = ordered(state)
    assert isinstance(command, SetStatus)
    assert (command.status, command.after_message_id) == ("pending", 101)
    assert [each.message_id for each in state.pending] == [101], "the customer is still answered"


def test_an_escalation_is_set_back_once_however_often_it_is_told() -> None:
    world = World(assignee="our_bot")
    first, opened = world.customer(), world.escalate()

    state = after(first, opened, opened, world.noise(), world.customer())

    assert kinds(state) == [SetStatus]


def test_a_second_escalation_is_left_to_the_people() -> None:
    world = World(assignee="our_bot")
    events: list[ChatwootEvent] = [world.customer(), world.escalate()]
    world.status = "pending"
    events += [world.noise(), world.escalate()]

    state = after(*events)

    assert kinds(state) == [SetStatus]
    assert standing(state.ownership).speaker == "person"


@pytest.mark.parametrize("world", [World(), World(assignee="our_bot")])
def test_a_person_who_opens_a_conversation_is_not_fought(world: World) -> None:
    assert not after(world.customer(), world.set_status("open")).outbox


@pytest.mark.parametrize("tenant", [None, TENANT.model_copy(update={"chatwoot_inbox_ids": (99,)})])
def test_nothing_is_set_back_where_the_assistant_is_not_at_work(tenant: TenantProfile | None) -> None:
    world = World(assignee="our_bot")

    assert not after(world.customer(), world.escalate(), tenant=tenant).outbox


def test_a_message_that_a_sweep_finds_soon_is_answered() -> None:
    state = after(World().found_by_sweep(age_seconds=90))

    assert [each.message_id for each in state.pending] == [101]
    assert not state.outbox


@pytest.mark.parametrize(
    ("age", "can_reply", "reason"), [(7200.0, True, "found_too_late"), (90.0, False, "window_closed")]
)
def test_a_message_that_a_sweep_finds_too_late_is_given_to_a_person(age: float, can_reply: bool, reason: str) -> None:
    state = after(World().found_by_sweep(age_seconds=age, can_reply=can_reply))

    assert not state.pending
    assert [(each.message_id, each.outcome, each.reason) for each in state.outcomes] == [
        (101, "left_to_person", reason)
    ]
    assert kinds(state) == [SendPrivateNote, HandOff]
    assert standing(state.ownership).reason == "handed_off"


def test_a_late_message_does_not_take_a_newer_one_from_the_assistant() -> None:
    world = World()
    late, newer = world.found_by_sweep(age_seconds=7200), world.customer("alguém aí?")

    state = after(newer, late)

    assert [each.message_id for each in state.pending] == [newer.message_id]
    assert kinds(state) == [SendPrivateNote]
    assert standing(state.ownership).speaker == "bot"


def test_an_old_message_by_webhook_is_answered_whatever_its_age() -> None:
    """Chatwoot's clock and ours may differ: only what a sweep measured by Chatwoot's own clock counts."""
    late = World().customer().model_copy(update={"age_seconds": 7200})

    assert after(late).pending


def test_a_message_from_before_a_persons_answer_is_theirs_after_the_hand_back_too() -> None:
    world = World()
    first, lost, answer, back = world.customer(), world.customer(), world.human_reply(), world.set_status("pending")

    state = after(first, answer, back, lost)

    assert state.outcomes[-1].message_id == lost.message_id
    assert (state.outcomes[-1].outcome, state.outcomes[-1].reason) == ("left_to_person", "before_hand_back")
    assert standing(state.ownership).speaker == "bot"
