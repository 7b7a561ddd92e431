"""Nothing is said over a person: the sender looks at the conversation just before it speaks or acts."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from support.webhook_bench import AT, WebhookBench, say

from common.commands import HandOff, SendMessage, SendPrivateNote, SetStatus, SetTyping
from common.events import ChatwootEvent, CommandGivenUp, CommandWithheld, HumanReplied
from webhook.clock import utc_now

pytestmark = pytest.mark.broker

ANA = {"assignee": {"id": 3, "name": "Ana", "type": "user"}, "assignee_type": "User"}
OUR_BOT = {"assignee": {"id": 5, "name": "Acme Bot", "type": "agent_bot"}, "assignee_type": "AgentBot"}
CAPTAIN = {"assignee": {"id": 9, "name": "Captain"}, "assignee_type": "Captain::Assistant"}
COMMON: dict[str, Any] = {
    "turn_id": "turn-1", "tenant": "acme", "account_id": 1, "conversation_id": 25, "issued_at": AT,
}  # fmt: skip


def looks(bench: WebhookBench) -> int:
    return sum(1 for method, what, _ in bench.chatwoot.requests if (method, what) == ("GET", ""))


async def reports(bench: WebhookBench, kind: type[ChatwootEvent] = ChatwootEvent) -> list[Any]:
    return [each for each in await bench.events() if isinstance(each, kind)]


@pytest.mark.parametrize(
    ("status", "assignee", "reason"),
    [
        ("pending", ANA, "assigned_to_person"),
        ("open", {}, "conversation_open"),
        ("open", ANA, "assigned_to_person"),
        ("pending", CAPTAIN, "other_assistant"),
        ("resolved", {}, "conversation_resolved"),
        ("snoozed", OUR_BOT, "conversation_snoozed"),
    ],
)
async def test_a_reply_is_not_sent_in_what_is_not_the_bots_and_the_hub_hears_why(
    bench: WebhookBench, status: str, assignee: dict[str, Any], reason: str
) -> None:
    bench.chatwoot.statuses[25] = status
    bench.chatwoot.assignees[25] = assignee
    await bench.start()

    await bench.command(say(1))
    await bench.idle()

    assert bench.chatwoot.texts() == []
    (event,) = await reports(bench, CommandWithheld)
    assert (event.reason, event.command_id, event.turn_id) == (reason, "turn-1:1", "turn-1")
    assert event.snapshot.status == status
    assert event.inbox_id == 17
    assert await bench.dead() == []


async def test_what_was_withheld_is_not_said_when_it_comes_again_later(bench: WebhookBench) -> None:
    bench.chatwoot.assignees[25] = ANA
    await bench.start()
    await bench.command(say(1))
    await bench.idle()
    bench.chatwoot.assignees.clear()

    await bench.command(say(1), again=True)
    await bench.idle()

    assert bench.chatwoot.texts() == []
    assert len(await reports(bench, CommandWithheld)) == 1


async def test_what_chatwoot_opened_because_of_an_error_is_still_answered(bench: WebhookBench) -> None:
    bench.chatwoot.statuses[25] = "open"
    bench.chatwoot.assignees[25] = OUR_BOT
    await bench.start()

    await bench.command(say(1))
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 1"]


@pytest.mark.parametrize("hidden_by", ["nothing", "a private note", "another customer message"])
async def test_a_reply_of_a_person_in_a_pending_conversation_is_a_take_over(
    bench: WebhookBench, hidden_by: str
) -> None:
    customer = bench.chatwoot.add_message(25, "oi", message_type=0)
    ana = {"id": 3, "name": "Ana", "type": "user"}
    written = bench.chatwoot.add_message(25, "Deixa comigo", sender=ana, created_at=int(time.time()))
    if hidden_by == "a private note":
        bench.chatwoot.add_message(25, "anotado", private=True, sender=ana)
    if hidden_by == "another customer message":
        bench.chatwoot.add_message(25, "ok", message_type=0)
    await bench.start()

    await bench.command(say(1, after_message_id=customer, issued_at=utc_now()))
    await bench.idle()

    assert "reply 1" not in bench.chatwoot.texts()
    (event,) = await reports(bench, CommandWithheld)
    assert event.reason == "person_replied"
    (human,) = await reports(bench, HumanReplied)
    assert human.event_id == f"cw:acme:message_created:{written}"
    assert (human.user_id, human.via) == (3, "panel")


@pytest.mark.parametrize(
    "what",
    [
        {"sender": {"id": 3, "type": "user"}, "private": True},
        {"sender": {"id": 8, "type": "agent_bot"}},
        {"sender": None, "content_attributes": {"automation_rule_id": 4}},
        {"message_type": 0},
    ],
)
async def test_what_no_person_said_to_the_customer_is_no_take_over(bench: WebhookBench, what: dict[str, Any]) -> None:
    customer = bench.chatwoot.add_message(25, "oi", message_type=0)
    bench.chatwoot.add_message(25, "x", **what)
    await bench.start()

    await bench.command(say(1, after_message_id=customer, issued_at=utc_now()))
    await bench.idle()

    assert bench.chatwoot.texts()[-1] == "reply 1"


async def test_a_reply_of_a_person_that_the_hub_has_known_long_is_no_news(bench: WebhookBench) -> None:
    customer = bench.chatwoot.add_message(25, "oi", message_type=0)
    long_ago = int(time.time()) - 600
    bench.chatwoot.add_message(25, "Deixa comigo", sender={"id": 3, "type": "user"}, created_at=long_ago)
    await bench.start()

    await bench.command(say(1, after_message_id=customer, issued_at=utc_now()))
    await bench.idle()

    assert bench.chatwoot.texts()[-1] == "reply 1"


async def test_a_conversation_is_not_set_back_over_a_person_who_answered_in_it_meanwhile(bench: WebhookBench) -> None:
    """Chatwoot opened it after a failed webhook, and a person was quicker than we were."""
    bench.chatwoot.statuses[25] = "open"
    bench.chatwoot.assignees[25] = OUR_BOT
    customer = bench.chatwoot.add_message(25, "oi", message_type=0)
    ana = {"id": 3, "name": "Ana", "type": "user"}
    bench.chatwoot.add_message(25, "Deixa comigo", sender=ana, created_at=int(time.time()))
    await bench.start()

    fields = {**COMMON, "issued_at": utc_now(), "after_message_id": customer}
    await bench.command(SetStatus(command_id="turn-1:1", status="pending", **fields))
    await bench.idle()

    assert bench.chatwoot.statuses[25] == "open"
    assert [each.reason for each in await reports(bench, CommandWithheld)] == ["person_replied"]


async def test_a_batch_of_commands_costs_one_look(bench: WebhookBench) -> None:
    bench.chatwoot.statuses[25] = "open"
    bench.chatwoot.assignees[25] = OUR_BOT
    await bench.start()

    await bench.command(
        SetStatus(command_id="turn-1:1", status="pending", **COMMON),
        say(1, command_id="turn-1:2"),
        SendPrivateNote(command_id="turn-1:3", text="resumo", **COMMON),
    )
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 1"]
    assert bench.chatwoot.statuses[25] == "pending"
    # The status was changed in between, so the reply looks for itself; the note needs no look.
    assert looks(bench) == 2


async def test_a_reply_and_its_hand_off_cost_one_look(bench: WebhookBench) -> None:
    await bench.start()

    await bench.command(say(1), HandOff(command_id="turn-1:2", reason="customer_request", **COMMON))
    await bench.idle()

    assert bench.chatwoot.statuses[25] == "open"
    assert looks(bench) == 1


async def test_a_note_for_the_people_is_written_whoever_has_the_conversation(bench: WebhookBench) -> None:
    bench.chatwoot.statuses[25] = "open"
    bench.chatwoot.assignees[25] = ANA
    await bench.start()

    await bench.command(
        say(1),
        SendPrivateNote(command_id="turn-1:2", text="resumo", **COMMON),
        HandOff(command_id="turn-1:3", reason="customer_request", **COMMON),
        SetStatus(command_id="turn-1:4", status="pending", **COMMON),
    )
    await bench.idle()

    assert [each["private"] for each in bench.chatwoot.messages[25]] == [True]
    assert bench.chatwoot.posts("toggle_status") == []
    assert [each.command for each in await reports(bench, CommandWithheld)] == ["SendMessage", "SetStatus"]


async def test_without_the_right_to_look_the_reply_is_sent(bench: WebhookBench) -> None:
    await bench.apply(bench.acme(user_token=None))
    bench.chatwoot.bots_may_look = False
    await bench.start()

    await bench.command(say(1), say(2))
    await bench.idle()

    assert bench.chatwoot.texts() == ["reply 1", "reply 2"]
    assert looks(bench) == 1


async def test_a_revoked_user_token_leaves_the_look_to_the_bots(bench: WebhookBench) -> None:
    await bench.apply(bench.acme(user_token="revoked"))
    bench.chatwoot.assignees[25] = ANA
    await bench.start()

    await bench.command(say(1))
    await bench.idle()

    assert bench.chatwoot.texts() == []


async def test_a_closed_window_is_told_before_anything_is_sent(bench: WebhookBench) -> None:
    bench.chatwoot.can_reply = False
    await bench.start()

    await bench.command(say(1), SendPrivateNote(command_id="turn-1:2", text="resumo", **COMMON))
    await bench.idle()

    assert bench.chatwoot.texts() == []
    (event,) = await reports(bench, CommandGivenUp)
    assert (event.reason, event.text, event.command) == ("window_closed", "reply 1", "SendMessage")
    assert len(bench.chatwoot.messages[25]) == 1
    assert await bench.dead() == []


async def test_what_is_finally_refused_is_told_to_the_hub(bench: WebhookBench) -> None:
    await bench.start()
    bench.chatwoot.faults.append("404")

    await bench.command(say(1))
    await bench.idle()

    (event,) = await reports(bench, CommandGivenUp)
    assert (event.reason, event.turn_id, event.text) == ("not_found", "turn-1", "reply 1")


async def test_what_was_tried_for_too_long_is_told_to_the_hub(bench: WebhookBench) -> None:
    await bench.start(sender_reply_seconds=0.5, sender_longest_delay_seconds=0.1)
    bench.chatwoot.broken[25] = "500"

    await bench.command(say(1))
    await bench.idle()

    (event,) = await reports(bench, CommandGivenUp)
    assert event.reason == "expired"


async def test_a_long_reply_becomes_parts_in_order_each_with_its_mark(bench: WebhookBench) -> None:
    bench.chatwoot.channel = "Channel::Instagram"
    await bench.start(sender_spacing_seconds=0.3)
    bench.chatwoot.faults.extend(["apply_then_500", "apply_then_hang"])
    text = "\n\n".join(f"Parágrafo {number}. " + "palavra " * 90 for number in range(1, 5))

    await bench.command(say(1, text), say(2))
    await bench.idle()

    texts = bench.chatwoot.texts()
    assert [each[:11] for each in texts] == ["Parágrafo 1", "Parágrafo 2", "Parágrafo 3", "Parágrafo 4", "reply 2"]
    stamps = [each["content_attributes"]["odoo_ai"] for each in bench.chatwoot.messages[25]]
    assert [each.get("part", 1) for each in stamps] == [1, 2, 3, 4, 1]
    assert await bench.dead() == []


async def test_no_further_part_is_sent_after_a_person_took_over(bench: WebhookBench) -> None:
    bench.chatwoot.channel = "Channel::Instagram"
    bench.chatwoot.take_over_after = 1
    await bench.start(sender_spacing_seconds=0.2)

    await bench.command(say(1, "uma frase inteira. " * 120))
    await bench.idle()

    assert len(bench.chatwoot.texts()) == 1
    (event,) = await reports(bench, CommandWithheld)
    assert event.reason == "assigned_to_person"


async def test_a_part_waits_until_the_channel_has_taken_the_one_before(bench: WebhookBench) -> None:
    bench.chatwoot.channel = "Channel::Whatsapp"
    bench.chatwoot.hand_over_seconds = 0.6
    await bench.start(sender_spacing_seconds=5)

    await bench.command(say(1, "uma frase inteira. " * 300), say(2))
    await bench.idle()

    first, second, third = (each["created_at_exactly"] for each in bench.chatwoot.messages[25])
    assert second - first >= 0.6
    assert third - second >= 0.6


async def test_typing_is_shown_where_it_exists_and_taken_away_with_the_reply(bench: WebhookBench) -> None:
    bench.chatwoot.channel = "Channel::WebWidget"
    await bench.start(sender_patience_seconds=5)

    await bench.command(SetTyping(command_id="turn-1:1", on=True, **COMMON), say(1, command_id="turn-1:2"))
    await bench.idle()

    assert [each["typing_status"] for each in bench.chatwoot.posts("toggle_typing_status")] == ["on", "off"]


async def test_typing_is_taken_away_when_the_service_stops(bench: WebhookBench) -> None:
    bench.chatwoot.channel = "Channel::WebWidget"
    service = await bench.start(sender_patience_seconds=5)
    await bench.command(SetTyping(command_id="turn-1:1", on=True, **COMMON))
    await bench.idle()

    await bench.stop(service)

    assert [each["typing_status"] for each in bench.chatwoot.posts("toggle_typing_status")] == ["on", "off"]


async def test_no_typing_is_sent_where_nobody_sees_it(bench: WebhookBench) -> None:
    bench.chatwoot.channel = "Channel::Whatsapp"
    await bench.start()

    await bench.command(SetTyping(command_id="turn-1:1", on=True, **COMMON))
    await bench.idle()

    assert bench.chatwoot.posts("toggle_typing_status") == []


async def test_no_typing_is_asked_of_a_chatwoot_whose_bots_may_not_show_it(bench: WebhookBench) -> None:
    bench.chatwoot.channel, bench.chatwoot.version = "Channel::WebWidget", "4.11.2"
    await bench.start()

    await bench.command(SetTyping(command_id="turn-1:1", on=True, **COMMON))
    await bench.idle()

    assert bench.chatwoot.posts("toggle_typing_status") == []


async def test_an_old_command_without_a_known_customer_message_is_not_stopped_by_old_replies(
    bench: WebhookBench,
) -> None:
    bench.chatwoot.add_message(25, "Deixa comigo", sender={"id": 3, "type": "user"})
    await bench.start()

    await bench.command(SendMessage(command_id="x:1", text="fala", **{**COMMON, "issued_at": AT - timedelta(days=1)}))
    await bench.idle()

    assert bench.chatwoot.texts()[-1] == "fala"
