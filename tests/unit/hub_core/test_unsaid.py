"""Replies that were decided and did not reach the customer: nobody is left alone, and the record tells the truth."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.hub_world import START, TENANT, World

from common.commands import CHATWOOT_COMMANDS, ChatwootCommand, HandOff, SendPrivateNote, SendTemplate
from common.events import ChatwootEvent, GivenUpReason, WithheldReason
from common.tenants import TenantProfile, WindowTemplate
from hub.answering import Memory, Reply
from hub.apply import Moment, apply_event, effects_of
from hub.conversation import ConversationState, Lease
from hub.lease import Claimant, claim
from hub.ownership import standing
from hub.turn_commit import commit

TEMPLATE = WindowTemplate(
    name="retomar",
    language="pt_BR",
    params={"1": "{customer}", "2": "{reply}"},
    text="Olá, {customer}! {assistant} tem uma resposta: {reply}",
)
WITH_TEMPLATE = TENANT.model_copy(update={"window_template": TEMPLATE})


class Answered:
    """A conversation in which the bot has just decided to answer; its command is on the way."""

    def __init__(self, tenant: TenantProfile = TENANT, reply: Reply | None = None) -> None:
        self.world = World()
        self.tenant = tenant
        self.sequence = 1
        first = self.world.customer("tem?")
        state = apply_event(ConversationState.first(first), first, Moment(1, START, tenant))
        later = START + timedelta(seconds=30)
        lease = claim(state, Claimant("hub", "token", 12), fired_for=later, now=later)
        assert isinstance(lease, Lease)
        self.turn_id = lease.turn_id
        said = reply or Reply(outcome="answered", reason="x", text="Temos.\nR$ 10,00", memory=Memory())
        self.state = commit(state.model_copy(update={"lease": lease}), lease, said, later)
        self.state = self.state.model_copy(update={"outbox": ()})

    def apply(self, event: ChatwootEvent) -> ConversationState:
        self.sequence += 1
        moment = Moment(self.sequence, START + timedelta(seconds=60 + self.sequence), self.tenant)
        self.state = apply_event(self.state, event, moment)
        return self.state

    @property
    def commands(self) -> list[ChatwootCommand]:
        return [CHATWOOT_COMMANDS.decode(each.body.encode()) for each in self.state.outbox]

    @property
    def end(self) -> tuple[str, str]:
        (outcome,) = self.state.outcomes
        return outcome.outcome, outcome.reason

    @property
    def said(self) -> list[str]:
        return [line.text for line in self.state.history if line.speaker == "assistant"]


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [("assigned_to_person", "left_to_person"), ("person_replied", "left_to_person"), ("other_assistant", "ignored")],
)
def test_a_withheld_reply_is_explained_and_was_never_said(reason: WithheldReason, outcome: str) -> None:
    here = Answered()
    here.world.assign("person")

    here.apply(here.world.withheld(here.turn_id, reason))

    assert here.end == (outcome, f"withheld_{reason}")
    assert here.said == []
    assert here.commands == []
    (record,) = effects_of(here.state, here.sequence).records
    assert (record.outcome, record.message_ids) == (outcome, (101,))
    assert record.turn_id != here.turn_id, "its record would be dropped as a duplicate"


def test_the_ownership_learns_from_what_the_sender_saw() -> None:
    here = Answered()
    here.world.assignee = "person"

    here.apply(here.world.withheld(here.turn_id, "assigned_to_person"))

    assert standing(here.state.ownership).speaker == "person"


def test_told_twice_is_told_once() -> None:
    here = Answered()
    event = here.world.withheld(here.turn_id, "conversation_resolved")
    once = here.apply(event)

    assert here.apply(event) == once
    assert effects_of(here.state, here.sequence).records == ()


def test_a_withheld_change_of_status_explains_no_turn() -> None:
    here = Answered()

    here.apply(here.world.withheld(here.turn_id, "conversation_resolved", command="SetStatus"))

    assert here.end == ("answered", "x")


def test_the_words_of_a_hand_off_that_were_withheld_change_nothing_but_the_history() -> None:
    here = Answered(reply=Reply(outcome="handed_off", reason="x", text="Vou chamar alguém.", memory=Memory()))

    here.apply(here.world.withheld(here.turn_id, "assigned_to_person"))

    assert here.end == ("handed_off", "x")
    assert here.said == []


@pytest.mark.parametrize(
    "reason", ["expired", "refused", "unauthorised", "not_found", "unknown_outcome", "window_closed"]
)
def test_a_reply_that_cannot_be_sent_goes_to_a_person_with_its_words(reason: GivenUpReason) -> None:
    here = Answered()

    here.apply(here.world.given_up(here.turn_id, reason, "Temos, R$ 10,00"))

    note, hand_off = here.commands
    assert isinstance(note, SendPrivateNote)
    assert "Temos, R$ 10,00" in note.text
    assert isinstance(hand_off, HandOff)
    assert here.end == ("handed_off", f"undelivered_{reason}")
    assert standing(here.state.ownership).reason == "handed_off"
    assert here.said == []


def test_a_note_that_cannot_be_sent_orders_nothing_more() -> None:
    here = Answered()

    here.apply(here.world.given_up(here.turn_id, "expired", command="SendPrivateNote"))

    assert here.commands == []


def test_a_closed_window_sends_the_approved_template() -> None:
    here = Answered(WITH_TEMPLATE)

    here.apply(here.world.given_up(here.turn_id, "window_closed", "Temos.\nR$ 10,00"))

    (template,) = here.commands
    assert isinstance(template, SendTemplate)
    assert (template.name, template.language, template.category) == ("retomar", "pt_BR", "UTILITY")
    assert template.params == {"1": "Maria", "2": "Temos. R$ 10,00"}
    assert template.text == "Olá, Maria! Lia tem uma resposta: Temos.\nR$ 10,00"
    assert here.end == ("answered", "window_template")
    assert standing(here.state.ownership).speaker == "bot"


@pytest.mark.parametrize(
    "words",
    [
        "Message not sent because the WhatsApp 24-hour customer service window is closed and no template parameters",
        "131047: Re-engagement message",
        "(#10) This message is sent outside of allowed window.",
        "63016: Failed to send freeform message because you are outside the allowed window",
    ],
)
def test_a_window_that_the_channel_found_closed_sends_the_template_with_what_was_said(words: str) -> None:
    here = Answered(WITH_TEMPLATE)
    failed = here.world.reply_failed(150, f"{here.turn_id}:1").model_copy(update={"reason": words})

    here.apply(failed)

    (template,) = here.commands
    assert isinstance(template, SendTemplate)
    assert template.params["2"] == "Temos. R$ 10,00"


def test_two_parts_of_one_reply_send_one_template() -> None:
    here = Answered(WITH_TEMPLATE)

    here.apply(here.world.reply_failed(150, f"{here.turn_id}:1"))
    here.apply(here.world.reply_failed(151, f"{here.turn_id}:1"))

    assert [type(each) for each in here.commands if isinstance(each, SendTemplate)] == [SendTemplate]


def failing_template(here: Answered) -> dict[str, ChatwootEvent]:
    turn_id = f"{here.turn_id}.t"
    return {
        "refused by the channel": here.world.reply_failed(160, f"{turn_id}:1"),
        "refused by Chatwoot": here.world.given_up(turn_id, "refused", command="SendTemplate"),
        "window closed, they say": here.world.given_up(turn_id, "window_closed", command="SendTemplate"),
    }


@pytest.mark.parametrize("how", ["refused by the channel", "refused by Chatwoot", "window closed, they say"])
def test_a_template_that_fails_goes_to_a_person(how: str) -> None:
    here = Answered(WITH_TEMPLATE)
    here.apply(here.world.given_up(here.turn_id, "window_closed"))
    here.state = here.state.model_copy(update={"outbox": ()})

    here.apply(failing_template(here)[how])

    assert [type(each) for each in here.commands] == [SendPrivateNote, HandOff]


def test_a_second_closed_window_within_a_day_goes_to_a_person() -> None:
    here = Answered(WITH_TEMPLATE)
    here.state = here.state.model_copy(update={"window_template_at": START - timedelta(hours=23)})

    here.apply(here.world.given_up(here.turn_id, "window_closed"))

    assert [type(each) for each in here.commands] == [SendPrivateNote, HandOff]


@pytest.mark.parametrize("event", ["reply_failed", "given_up"])
def test_other_failures_never_use_the_template(event: str) -> None:
    here = Answered(WITH_TEMPLATE)
    events: dict[str, Any] = {
        "reply_failed": here.world.reply_failed(150, f"{here.turn_id}:1").model_copy(update={"reason": "131000: oops"}),
        "given_up": here.world.given_up(here.turn_id, "expired"),
    }

    here.apply(events[event])

    assert [type(each) for each in here.commands] == [SendPrivateNote, HandOff]


def test_what_fails_in_a_persons_conversation_is_theirs() -> None:
    here = Answered()
    here.apply(here.world.assign("person"))

    here.apply(here.world.given_up(here.turn_id, "expired"))

    assert here.commands == []
