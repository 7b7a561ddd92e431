from __future__ import annotations

from datetime import timedelta

import pytest
from support.hub_world import START, TENANT, World

from common.commands import CHATWOOT_COMMANDS
from common.events import Attachment, ChatwootEvent
from common.tenants import TenantProfile
from hub.apply import Effects, Moment, apply_event, effects_of
from hub.conversation import PENDING_KEPT, SEEN_KEPT, STATES, ConversationState
from hub.debounce import is_backed_up

NOBODYS_TENANT = None


class Applied:
    """Events applied one after the other, each with its sequence and a second later."""

    def __init__(self, tenant: TenantProfile | None = TENANT) -> None:
        self.state: ConversationState | None = None
        self.sequence = 0
        self.tenant = tenant

    def apply(self, *events: ChatwootEvent) -> ConversationState:
        for event in events:
            self.sequence += 1
            before = self.state or ConversationState.first(event)
            self.state = apply_event(before, event, self.moment())
        assert self.state is not None
        return self.state

    def moment(self) -> Moment:
        return Moment(self.sequence, START + timedelta(seconds=self.sequence), self.tenant)

    def effects(self) -> Effects:
        assert self.state is not None
        return effects_of(self.state, self.sequence)

    def ends(self) -> dict[int, tuple[str, str]]:
        assert self.state is not None
        return {each.message_id: (each.outcome, each.reason) for each in self.state.outcomes}


def test_a_customer_message_waits_for_the_end_of_the_burst() -> None:
    hub, world = Applied(), World()

    state = hub.apply(world.customer("tem?"))

    assert [each.text for each in state.pending] == ["tem?"]
    assert hub.effects() == Effects(turn_at=START + timedelta(seconds=3), records=())


def test_every_message_of_a_burst_moves_the_timer_but_not_for_ever() -> None:
    hub, world = Applied(), World()

    times = []
    for _ in range(9):
        hub.apply(world.customer())
        times.append(hub.effects().turn_at)

    seconds = [(each - START).total_seconds() for each in times if each]
    assert seconds == [3, 4, 5, 6, 7, 8, 9, 9, 9]


def test_a_burst_that_goes_on_shortly_needs_no_second_timer_of_the_broker() -> None:
    hub, world = Applied(), World()

    durably = []
    for _ in range(9):
        hub.apply(world.customer())
        durably.append(hub.effects().durably)

    # Due after 3, 4, ... 9 s; the broker's timers fire 2 s after the time they were set for.
    assert durably == [True, False, False, True, False, False, True, False, False]


def test_the_event_that_had_the_timer_of_the_broker_set_does_so_again_when_it_comes_again() -> None:
    hub, world = Applied(), World()
    hub.apply(world.customer())
    first = hub.sequence
    state = hub.apply(world.customer())

    again, second = effects_of(state, first), hub.effects()

    assert (again.turn_at, again.durably) == (state.timer.due_at if state.timer else None, True)
    assert (second.turn_at, second.durably) == (again.turn_at, False)


def test_a_timer_that_fires_much_too_late_does_not_do_for_a_burst_that_ends_sooner() -> None:
    assert is_backed_up(START, START + timedelta(seconds=2))
    assert not is_backed_up(START, START - timedelta(seconds=0.1))
    assert not is_backed_up(START, START + timedelta(seconds=30)), "it waited for a transcript that came early"
    assert not is_backed_up(START, None)


def test_messages_wait_in_the_order_in_which_they_were_written() -> None:
    hub, world = Applied(), World()
    first, second, third = world.customer("a"), world.customer("b"), world.customer("c")

    state = hub.apply(third, first, second)

    assert [each.text for each in state.pending] == ["a", "b", "c"]


def test_what_a_person_wrote_stands_in_the_history_after_what_it_answers() -> None:
    hub, world = Applied(), World()
    asked, replied = world.customer("quanto custa o frete?"), world.human_reply("R$ 12 para Betim")

    state = hub.apply(asked, replied, replied)

    assert [(each.speaker, each.text) for each in state.history] == [
        ("customer", "quanto custa o frete?"),
        ("person", "R$ 12 para Betim"),
    ]


def test_the_same_event_again_changes_nothing_and_publishes_the_same_again() -> None:
    hub, world = Applied(), World()
    event = world.customer()
    once = hub.apply(event)
    effects = hub.effects()

    twice = apply_event(once, event, hub.moment())

    assert twice is once
    assert effects_of(twice, hub.sequence) == effects


def test_a_replayed_event_under_a_new_sequence_changes_nothing() -> None:
    hub, world = Applied(), World()
    event = world.customer()

    once = hub.apply(event)

    assert hub.apply(event) is once
    assert hub.effects() == Effects(turn_at=None, records=())


def test_noise_does_not_set_the_timer_again() -> None:
    hub, world = Applied(), World()
    hub.apply(world.customer())

    hub.apply(world.noise())

    assert hub.effects().turn_at is None


@pytest.mark.parametrize("act", ["human_reply", "phone_echo"])
def test_a_persons_reply_takes_the_messages_that_wait(act: str) -> None:
    hub, world = Applied(), World()
    hub.apply(world.customer(), world.customer())

    state = hub.apply(getattr(world, act)())

    assert state.pending == ()
    assert state.timer is None
    assert hub.ends() == {101: ("left_to_person", "taken_over"), 102: ("left_to_person", "taken_over")}
    (record,) = hub.effects().records
    assert (record.outcome, record.message_ids) == ("left_to_person", (101, 102))


def test_what_a_person_answers_is_remembered_but_not_answered_after_the_hand_back() -> None:
    hub, world = Applied(), World()
    hub.apply(world.customer("antes"), world.human_reply(), world.customer("durante"))

    state = hub.apply(world.set_status("open"), world.set_status("pending"), world.customer("depois"))

    assert [each.text for each in state.pending] == ["depois"]
    assert [each.text for each in state.history] == ["antes", "durante"]


def test_a_message_from_before_the_hand_back_that_arrives_late_is_the_persons() -> None:
    hub, world = Applied(), World()
    hub.apply(world.customer())
    late = world.customer("atrasada")

    state = hub.apply(world.set_status("open"), world.set_status("pending"), late)

    assert state.pending == ()
    assert hub.ends()[late.message_id] == ("left_to_person", "before_hand_back")


def test_a_resolved_conversation_that_the_customer_reopens_is_answered() -> None:
    hub, world = Applied(), World()
    hub.apply(world.customer(), world.human_reply(), world.set_status("resolved"))

    state = hub.apply(world.customer("de novo"))

    assert [each.text for each in state.pending] == ["de novo"]


@pytest.mark.parametrize(
    ("world", "end"),
    [
        (World(status="open"), ("left_to_person", "conversation_open")),
        (World(status="snoozed"), ("left_to_person", "conversation_open")),
        (World(assignee="person"), ("left_to_person", "assigned_to_person")),
        (World(assignee="other"), ("ignored", "other_assistant")),
        (World(blocked=True), ("ignored", "contact_blocked")),
    ],
    ids=["open", "snoozed", "person", "captain", "blocked"],
)
def test_a_message_that_is_not_the_bots_ends_at_once_with_a_reason(world: World, end: tuple[str, str]) -> None:
    hub = Applied()

    state = hub.apply(world.customer())

    assert state.pending == ()
    assert hub.ends() == {101: end}
    assert [(each.outcome, each.reason) for each in hub.effects().records] == [end]


def test_a_message_of_a_tenant_that_nobody_applied_is_ignored_with_the_reason() -> None:
    hub = Applied(tenant=NOBODYS_TENANT)

    hub.apply(World().customer())

    assert hub.ends() == {101: ("ignored", "unknown_tenant")}


def test_a_message_of_an_inbox_that_the_tenant_does_not_serve_is_ignored() -> None:
    hub = Applied(TENANT.model_copy(update={"chatwoot_inbox_ids": (99,)}))

    hub.apply(World().customer())

    assert hub.ends() == {101: ("ignored", "other_inbox")}


def test_an_escalated_conversation_is_still_answered() -> None:
    hub, world = Applied(), World(assignee="our_bot")
    hub.apply(world.customer("oi"))

    state = hub.apply(world.escalate())

    assert [each.text for each in state.pending] == ["oi"]


def test_a_deleted_message_is_not_answered() -> None:
    hub, world = Applied(), World()
    first, second = world.customer("errado"), world.customer("certo")

    state = hub.apply(first, second, world.edit(first.message_id, "deleted"))

    assert [each.text for each in state.pending] == ["certo"]
    assert hub.ends() == {first.message_id: ("ignored", "message_deleted")}
    assert state.timer is not None


def test_a_transcript_is_read_and_waits_a_little_longer() -> None:
    hub, world = Applied(), World()
    voice = world.customer("").model_copy(update={"attachments": (Attachment(id=1, kind="audio"),)})

    state = hub.apply(voice, world.edit(voice.message_id, "transcribed", "quanto custa?"))

    assert [each.words for each in state.pending] == ["quanto custa?"]
    assert hub.effects().turn_at == START + timedelta(seconds=4)


def test_a_form_that_was_filled_in_is_a_message_of_the_customer() -> None:
    hub, world = Applied(), World()
    hub.apply(world.customer("oi"))
    our_message = 150

    state = hub.apply(world.edit(our_message, "submitted", "Retirar na loja"))

    assert [each.text for each in state.pending] == ["oi", "Retirar na loja"]
    assert hub.apply(world.edit(our_message, "submitted", "Retirar na loja")).pending == state.pending


def test_a_flood_ends_its_oldest_messages_with_a_reason_and_stays_small() -> None:
    hub, world = Applied(), World()

    for _ in range(PENDING_KEPT + 5):
        hub.apply(world.customer("ç" * 4_000))

    state = hub.state
    assert state is not None
    assert len(state.pending) == PENDING_KEPT
    assert [each.reason for each in state.outcomes] == ["flood"] * 5
    assert state.pending[-1].text == "ç" * 4_000
    assert len(state.encode()) < 64_000


def test_a_long_conversation_stays_small_and_still_knows_old_messages() -> None:
    hub, world = Applied(), World()
    first = world.customer("primeira")
    hub.apply(first, world.human_reply())

    for _ in range(SEEN_KEPT + 50):
        hub.apply(world.customer("mensagem longa " * 100))

    state = hub.state
    assert state is not None
    assert len(state.encode()) < 64_000
    assert hub.apply(first) == state


def test_the_state_survives_being_stored() -> None:
    hub, world = Applied(), World()

    state = hub.apply(world.customer("oi"), world.noise(), world.customer("tem?"))

    assert STATES.decode(state.encode()) == state


def test_a_reply_that_the_channel_refused_is_handed_to_a_person_once() -> None:
    hub, world = Applied(), World()
    hub.apply(world.customer("oi"))
    failed = world.reply_failed(150)

    state = hub.apply(failed)

    assert [CHATWOOT_COMMANDS.decode(each.body.encode()).type_name() for each in state.outbox] == [
        "SendPrivateNote",
        "HandOff",
    ]
    assert hub.ends() == {101: ("left_to_person", "handed_off")}
    assert hub.apply(failed) == state


@pytest.mark.parametrize("command_id", ["acme.25.1.101:1", None])
def test_a_failed_message_in_a_persons_conversation_is_theirs(command_id: str | None) -> None:
    hub, world = Applied(), World()
    hub.apply(world.customer("oi"), world.human_reply())

    assert hub.apply(world.reply_failed(150, command_id)).outbox == ()


def test_a_report_of_delivery_that_shows_nothing_new_is_not_worth_a_write() -> None:
    hub, world = Applied(), World()
    before = hub.apply(world.customer("oi"))

    assert hub.apply(world.delivered(150)) is before


def test_a_report_of_delivery_that_shows_a_person_in_the_conversation_is_heard() -> None:
    hub, world = Applied(), World()
    message = world.customer("oi")
    hub.apply(message)
    world.assign("person")

    state = hub.apply(world.delivered(150))

    assert state.pending == ()
    assert hub.ends() == {message.message_id: ("left_to_person", "assigned_to_person")}
    assert [each.outcome for each in hub.effects().records] == ["left_to_person"]
    assert hub.apply(world.delivered(151)) is not state, "where people have it, every time counts"
