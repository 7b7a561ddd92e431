"""Every kind of webhook body, and what becomes of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from support.chatwoot_bodies import (
    BY_AGENT,
    BY_BOT,
    EXPECTED,
    INCOMING,
    STATUS_CHANGED,
    fixture,
    fixture_names,
    profile,
    without,
)

from common import events
from common.events import CHATWOOT_EVENTS, ChatwootEvent
from webhook.arrival import Arrival, Ignored
from webhook.errors import UnreadableWebhook, WrongAccount
from webhook.translation import Translation, translate

NOW = datetime(2026, 11, 23, 14, 3, 12, tzinfo=UTC)
STAMP = {"odoo_ai": {"command_id": "t1:1", "turn_id": "t1"}}


def translated(body: dict[str, Any], **tenant: Any) -> Translation:
    return translate(body, Arrival(tenant=profile(**tenant), delivery="agent_bot", received_at=NOW))


def event(body: dict[str, Any], **tenant: Any) -> ChatwootEvent:
    outcome = translated(body, **tenant)
    assert isinstance(outcome, ChatwootEvent)
    return outcome


@pytest.mark.parametrize("name", fixture_names())
def test_every_fixture_has_its_outcome(name: str) -> None:
    expected, event_id = EXPECTED[name]

    outcome = translated(fixture(name))

    if isinstance(expected, str):
        assert outcome == Ignored(expected)  # type: ignore[arg-type]
    else:
        assert type(outcome) is expected
        assert outcome.event_id == event_id


@pytest.mark.parametrize("name", fixture_names())
def test_nothing_secret_of_a_body_travels_on(name: str) -> None:
    outcome = translated(fixture(name))

    if isinstance(outcome, ChatwootEvent):
        assert b"REDACT-ME" not in outcome.encode()
        assert b"SECRET" not in outcome.encode()


@pytest.mark.parametrize("name", fixture_names())
def test_every_event_decodes_to_itself(name: str) -> None:
    outcome = translated(fixture(name))

    if isinstance(outcome, ChatwootEvent):
        assert CHATWOOT_EVENTS.decode(outcome.encode()) == outcome


def test_a_customer_message_is_copied_whole() -> None:
    received = event(fixture(INCOMING))

    assert received == events.CustomerMessageReceived(
        event_id="cw:acme:message_created:17547",
        tenant="acme",
        account_id=1,
        inbox_id=17,
        conversation_id=25,
        occurred_at=datetime(2026, 11, 23, 14, 3, 11, 482000, tzinfo=UTC),
        received_at=NOW,
        delivery="agent_bot",
        snapshot=events.ConversationSnapshot(
            status="pending",
            assignee=events.Assignee(kind="our_bot", id=5, name="Acme Bot"),
            updated_at=1795442591.512,
            channel="Channel::Whatsapp",
        ),
        message_id=17547,
        text="Hi, where is my order <S0042> & invoice?",
        contact=events.Contact(id=89, name="Jane Roe", phone="+15550100001"),
    )


def test_an_audio_message_has_its_file_and_no_text() -> None:
    received = event(fixture("08_message_created_incoming_audio"))

    assert isinstance(received, events.CustomerMessageReceived)
    assert received.text == ""
    (audio,) = received.attachments
    assert (audio.kind, audio.content_type, audio.file_size) == ("audio", "audio/ogg", 15230)
    assert audio.transcribed_text is None


def test_a_button_reply_names_the_message_it_answers() -> None:
    received = event(fixture("15_message_created_incoming_whatsapp_button_reply"))

    assert isinstance(received, events.CustomerMessageReceived)
    assert (received.text, received.in_reply_to) == ("Track order", 17558)


def test_a_message_with_our_stamp_is_a_reply_of_ours() -> None:
    observed = event(fixture(BY_BOT, content_attributes=STAMP))

    assert isinstance(observed, events.ReplyObserved)
    assert (observed.command_id, observed.turn_id) == ("t1:1", "t1")


def test_a_stamp_on_an_incoming_message_means_nothing() -> None:
    assert isinstance(event(fixture(INCOMING, content_attributes=STAMP)), events.CustomerMessageReceived)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "agent_bot"),
        ({"sender": {"id": 2, "name": "Captain", "type": "captain_assistant"}}, "captain"),
        ({"sender": None}, "unknown"),
        ({"sender": None, "content_attributes": {"automation_rule_id": 4}}, "automation"),
        ({"sender": {"id": 3, "type": "user"}, "additional_attributes": {"campaign_id": 4}}, "campaign"),
        ({"content_attributes": {"odoo_ai": {"command_id": 1}}}, "agent_bot"),
        ({"content_attributes": {"odoo_ai": "t1"}}, "agent_bot"),
    ],
)
def test_other_bots_are_neither_us_nor_a_person(changes: dict[str, Any], kind: str) -> None:
    replied = event(fixture(BY_BOT, **changes))

    assert isinstance(replied, events.OtherBotReplied)
    assert replied.sender_kind == kind


@pytest.mark.parametrize(
    ("changes", "via", "user"),
    [
        ({}, "panel", 3),
        ({"sender__type": None}, "panel", 3),
        ({"sender__type": "something_new"}, "panel", 3),
        ({"sender": None, "content_attributes": {"external_echo": True}}, "phone_echo", None),
        ({"message_type": 1}, "panel", 3),
    ],
)
def test_a_person_who_replies_takes_over(changes: dict[str, Any], via: str, user: int | None) -> None:
    replied = event(fixture(BY_AGENT, **changes))

    assert isinstance(replied, events.HumanReplied)
    assert (replied.via, replied.user_id) == (via, user)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"private": True, "content_attributes": STAMP}, "private_note"),
        ({"message_type": "template", "content_type": "input_email"}, "template"),
        ({"message_type": "activity"}, "activity"),
    ],
)
def test_messages_that_are_no_conversation_are_ignored(changes: dict[str, Any], reason: Any) -> None:
    assert translated(fixture(BY_BOT, **changes)) == Ignored(reason)


def test_failure_and_delivery_name_the_command_they_belong_to() -> None:
    failed = event(
        fixture("18_message_updated_failed_outside_24h", content_attributes={**STAMP, "external_error": "x"})
    )
    delivered = event(fixture("19_message_updated_sent_source_id_set", content_attributes=STAMP))

    assert isinstance(failed, events.MessageFailed)
    assert isinstance(delivered, events.MessageDelivered)
    assert (failed.command_id, failed.reason) == ("t1:1", "x")
    assert delivered.command_id == "t1:1"


@pytest.mark.parametrize(
    ("name", "changes", "change", "text"),
    [
        (
            "13_message_created_outgoing_bot_input_select",
            {"content_attributes": {"submitted_values": [{"title": "Track order", "value": "track"}]}},
            "submitted",
            "Track order",
        ),
        (
            BY_BOT,
            {"content_type": "form", "content_attributes": {"submitted_values": [{"name": "size", "value": "M"}]}},
            "submitted",
            "size: M",
        ),
        (BY_BOT, {"content_attributes": {"submitted_email": "a@example.com"}}, "submitted", "a@example.com"),
        (INCOMING, {"content_attributes": {"deleted": True}}, "deleted", ""),
        (
            "08_message_created_incoming_audio",
            {"attachments": [{"id": 9, "file_type": "audio", "transcribed_text": "quero uma camiseta"}]},
            "transcribed",
            "quero uma camiseta",
        ),
    ],
)
def test_what_a_customer_changes_is_an_edit(name: str, changes: dict[str, Any], change: str, text: str) -> None:
    edited = event(fixture(name, event="message_updated", **changes))

    assert isinstance(edited, events.MessageEdited)
    assert (edited.change, edited.text) == (change, text)


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        ("08_message_created_incoming_audio", {}, "no_relevant_change"),
        (BY_BOT, {}, "no_relevant_change"),
        (BY_BOT, {"content_type": "input_csat"}, "no_relevant_change"),
        (BY_AGENT, {"source_id": "wamid.1"}, "no_relevant_change"),
        (BY_BOT, {"content_attributes": {"deleted": True}}, "no_relevant_change"),
        (BY_AGENT, {"private": True}, "private_note"),
    ],
)
def test_updates_that_change_nothing_for_us_are_ignored(name: str, changes: dict[str, Any], reason: Any) -> None:
    assert translated(fixture(name, event="message_updated", **changes)) == Ignored(reason)


def changed_attributes(*names: str) -> list[dict[str, Any]]:
    return [{name: {"previous_value": None, "current_value": 1}} for name in names]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        (["assignee_id"], events.AssigneeChanged),
        (["assignee_agent_bot_id", "status"], events.AssigneeChanged),
        (["status"], events.ConversationStatusChanged),
        (["label_list"], events.ConversationUpdated),
        (["team_id", "waiting_since"], events.ConversationUpdated),
        (["waiting_since"], None),
        (["first_reply_created_at"], None),
        ([], None),
    ],
)
def test_a_conversation_update_is_passed_on_by_what_changed(changed: list[str], kind: type[Any] | None) -> None:
    body = fixture(STATUS_CHANGED, event="conversation_updated", changed_attributes=changed_attributes(*changed))

    outcome = translated(body)

    if kind is None:
        assert outcome == Ignored("no_relevant_change")
    else:
        assert type(outcome) is kind


def test_an_update_that_does_not_say_what_changed_is_passed_on() -> None:
    assert event(fixture(STATUS_CHANGED, event="conversation_updated")).snapshot.status == "open"


def test_one_status_change_is_one_fact_whatever_event_reports_it() -> None:
    names = (STATUS_CHANGED, "33_conversation_opened_agent_bot_only")
    updated = fixture(STATUS_CHANGED, event="conversation_updated", changed_attributes=changed_attributes("status"))

    assert len({event(fixture(name)).event_id for name in names} | {event(updated).event_id}) == 1


@pytest.mark.parametrize(
    ("meta", "kind"),
    [
        ({"assignee": None, "assignee_type": None}, "nobody"),
        ({"assignee": None}, "nobody"),
        ({"assignee": {"id": 3, "type": "user"}, "assignee_type": "User"}, "person"),
        ({"assignee": {"id": 3}}, "person"),
        ({"assignee": {"id": 5, "type": "agent_bot"}}, "our_bot"),
        ({"assignee": {"id": 5}, "assignee_type": "AgentBot"}, "our_bot"),
        ({"assignee": {"id": 5}, "assignee_type": "Captain::Assistant"}, "other"),
        ({"assignee": None, "assignee_type": "Captain::Assistant"}, "other"),
    ],
)
def test_the_assignee_is_read_in_every_version(meta: dict[str, Any], kind: str) -> None:
    assert event(fixture(STATUS_CHANGED, meta=meta)).snapshot.assignee.kind == kind


def test_an_unknown_status_is_one_in_which_the_bot_is_silent() -> None:
    assert event(fixture(INCOMING, conversation__status="archived")).snapshot.status == "open"


def test_an_old_version_without_most_keys_is_still_read() -> None:
    body = {
        "event": "message_created",
        "id": 7,
        "message_type": "incoming",
        "content": "oi",
        "account": {"id": 1},
        "inbox": {"id": 3},
        "conversation": {"id": 2, "status": "open", "contact_inbox": {"contact_id": 4}},
    }

    received = event(body)

    assert isinstance(received, events.CustomerMessageReceived)
    assert (received.text, received.contact.id, received.snapshot.updated_at) == ("oi", 4, 0.0)


def test_a_nested_body_of_an_old_proxy_is_read() -> None:
    body = {
        "event": "message_created",
        "account": {"id": 1},
        "message": {"id": 7, "content": "oi", "message_type": 0, "created_at": 1795442591},
        "conversation": {"id": 2, "inbox_id": 3, "status": "pending"},
        "contact": {"id": 4, "name": "Jane"},
    }

    received = event(body)

    assert isinstance(received, events.CustomerMessageReceived)
    assert (received.message_id, received.inbox_id, received.contact.name) == (7, 3, "Jane")
    assert received.occurred_at == datetime.fromtimestamp(1795442591, UTC)


@pytest.mark.parametrize("broken", ["labels", "can_reply", "meta", "updated_at", "channel", "contact_inbox"])
def test_an_optional_field_of_a_strange_shape_does_not_lose_the_message(broken: str) -> None:
    body = fixture(INCOMING, **{f"conversation__{broken}": [{"strange": None}]})

    assert isinstance(event(body), events.CustomerMessageReceived)


def test_inboxes_the_tenant_does_not_list_are_ignored() -> None:
    assert translated(fixture(INCOMING), chatwoot_inbox_ids=(3, 4)) == Ignored("other_inbox")
    assert isinstance(event(fixture(INCOMING), chatwoot_inbox_ids=(17,)), events.CustomerMessageReceived)


@pytest.mark.parametrize("name", [name for name in fixture_names() if not name.startswith("45")])
def test_a_body_of_another_account_is_refused(name: str) -> None:
    with pytest.raises(WrongAccount):
        translated(fixture(name), chatwoot_account_id=2)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": None},
        {"event": 7},
        {"event": "message_created"},
        without(fixture(INCOMING), "id"),
        without(fixture(INCOMING), "message_type"),
        without(fixture(INCOMING), "conversation"),
        fixture(INCOMING, id="seventeen"),
        fixture(INCOMING, id=-1),
        fixture(INCOMING, message_type="telepathy"),
        fixture(INCOMING, conversation=[]),
        without(fixture(STATUS_CHANGED), "id"),
        without(fixture(STATUS_CHANGED), "inbox_id"),
        fixture(INCOMING, inbox=None, conversation__inbox_id=None),
        fixture(
            INCOMING, sender=None, conversation__meta={"sender": None}, conversation__contact_inbox={"contact_id": None}
        ),
    ],
)
def test_a_body_without_what_its_event_needs_is_unreadable(body: dict[str, Any]) -> None:
    with pytest.raises(UnreadableWebhook):
        translated(body)


def test_an_unreadable_body_is_explained_without_its_values() -> None:
    with pytest.raises(UnreadableWebhook) as error:
        translated(fixture(INCOMING, id="Jane Roe"))

    assert "id" in str(error.value)
    assert "Jane" not in str(error.value)


@pytest.mark.parametrize("name", ["automation_event.message_created", "macro.executed"])
def test_automation_bodies_are_ignored(name: str) -> None:
    assert translated(fixture(STATUS_CHANGED, event=name)) == Ignored("automation_event")


def test_an_event_of_a_later_chatwoot_is_ignored() -> None:
    assert translated(fixture(INCOMING, event="conversation_teleported")) == Ignored("unknown_event")


def test_the_same_message_has_one_id_by_whatever_way_it_comes() -> None:
    body = fixture(INCOMING)
    later = json.loads(json.dumps(body))
    later["conversation"]["updated_at"] += 5

    ids = {
        translate(each, Arrival(tenant=profile(), delivery=way, received_at=NOW)).event_id  # type: ignore[union-attr]
        for each in (body, later)
        for way in ("agent_bot", "account_webhook", "legacy")
    }

    assert len(ids) == 1
