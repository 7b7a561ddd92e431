from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.chatwoot import payloads, rails_json
from simulator.chatwoot.dispatch import Delivery, signed_headers
from simulator.chatwoot.model import (
    Account,
    AgentBot,
    Attachment,
    Contact,
    ContactInbox,
    Conversation,
    Inbox,
    Message,
    MessageType,
    User,
)

FIXTURES = Path(__file__).parents[1] / "webhook" / "fixtures"
NOW = 1795442591.512


def fixture(prefix: str) -> dict[str, Any]:
    path = next(FIXTURES.glob(f"{prefix}_*.json"))
    body: dict[str, Any] = json.loads(path.read_text())
    return body


BOT = AgentBot(5, 1, "Acme Bot", "token", "test-secret-1", "http://127.0.0.1/bot")
ALICE = User(3, 1, "Alice Agent", "alice@example.com", "token")


def conversation(status: str = "pending") -> Conversation:
    account = Account(1, "Acme Support")
    inbox = Inbox(17, 1, "WhatsApp Sales", bot=BOT)
    contact = Contact(89, 1, "Jane Roe", "+15550100001", created_at=1795168800.0)
    contact_inbox = ContactInbox(547, contact, inbox, "15550100001", 1795168800.0, "REDACT-ME-contact-websocket-token")
    return Conversation(
        id=25,
        account=account,
        inbox=inbox,
        contact_inbox=contact_inbox,
        status=status,  # type: ignore[arg-type]
        created_at=1795442531.0,
        updated_at=NOW,
        last_activity_at=1795442591.0,
        waiting_since=1795442591.0,
        bot=BOT,
        last_incoming_at=1795442591.0,
        unread=1,
    )


def message(kind: MessageType, content: str | None, **more: Any) -> Message:
    found = Message(17547, conversation(), kind, content, created_at=1795442591.482, updated_at=1795442591.501, **more)
    if not found.private:
        found.conversation.last_public = found
    return found


def incoming(content: str | None = "Hi, where is my order <S0042> & invoice?", **more: Any) -> Message:
    found = message(MessageType.INCOMING, content, source_id="wamid.TESTIN0001", **more)
    found.sender = found.conversation.contact
    return found


def same_bytes(body: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Equal values in the same key order."""
    assert json.dumps(body) == json.dumps(wanted)


def test_incoming_message_is_byte_for_byte_what_chatwoot_sends() -> None:
    body = payloads.message_webhook(incoming(), "message_created", NOW)

    assert rails_json.dumps(body) == (FIXTURES / "raw_01_message_created_incoming_whatsapp_text.body").read_bytes()


def test_status_change_is_byte_for_byte_what_chatwoot_sends() -> None:
    found = incoming("Hi, where is my order?").conversation
    found.status, found.bot, found.assignee = "open", None, ALICE

    body = payloads.conversation_event(found, "conversation_status_changed", [{"status": {}}], NOW)

    assert rails_json.dumps(body) == (FIXTURES / "raw_31_conversation_status_changed.body").read_bytes()


def test_headers_are_what_the_signature_vectors_say(monkeypatch: pytest.MonkeyPatch) -> None:
    for vector in json.loads((FIXTURES / "signature_vectors.json").read_text()):
        headers = vector["headers"]
        monkeypatch.setattr("time.time", lambda headers=headers: int(headers["X-Chatwoot-Timestamp"]) + 0.7)
        delivery = Delivery("account", "any", 1, "http://127.0.0.1", vector["secret"], dict)
        delivery.body = (FIXTURES / vector["raw_body_file"]).read_bytes()
        delivery.delivery_id = headers["X-Chatwoot-Delivery"]

        assert signed_headers(delivery) == headers


def test_unsigned_delivery_has_no_timestamp() -> None:
    delivery = Delivery("account", "any", 1, "http://127.0.0.1", "", dict, body=b"{}")

    assert not {"X-Chatwoot-Timestamp", "X-Chatwoot-Signature"} & signed_headers(delivery).keys()


def test_reply_of_the_bot_has_the_fixture_shape() -> None:
    found = message(MessageType.OUTGOING, "Your order S0042 ships today.", sender=BOT)
    found.id = 17549

    same_bytes(payloads.message_webhook(found, "message_created", NOW), fixture("03"))


def test_reply_of_a_person_has_the_fixture_shape() -> None:
    found = message(MessageType.OUTGOING, "Hello **Jane**, let me check.", sender=ALICE)
    found.id = 17548
    conv = found.conversation
    conv.status, conv.bot, conv.assignee = "open", None, ALICE
    body = payloads.message_webhook(found, "message_created", NOW)
    wanted = fixture("02")
    # The fixture shows a state between two steps of Chatwoot: the row still counts one unread message.
    wanted["conversation"]["unread_count"] = 1

    same_bytes(body, wanted)


def test_greeting_has_no_sender() -> None:
    found = message(MessageType.TEMPLATE, "Welcome! We will be right with you.")
    found.id = 17550

    same_bytes(payloads.message_webhook(found, "message_created", NOW), fixture("04"))


def test_audio_has_the_fixture_shape() -> None:
    url = "https://chat.example.com/rails/active_storage/blobs/redirect/SIGNEDID/voice.ogg"
    voice = Attachment(9, "audio", "audio/ogg", "voice.ogg", b"x" * 15230, url)
    found = incoming(None, attachments=[voice])
    found.id, found.source_id = 17554, "wamid.TESTIN0003"

    same_bytes(payloads.message_webhook(found, "message_created", NOW), fixture("08"))


@pytest.mark.parametrize(
    ("prefix", "event", "status"),
    [("30", "conversation_created", "pending"), ("33", "conversation_opened", "open")],
)
def test_conversation_events_have_the_fixture_keys(prefix: str, event: str, status: str) -> None:
    found = incoming("Hi, where is my order?").conversation
    found.status = status  # type: ignore[assignment]

    body, wanted = payloads.conversation_event(found, event, (), NOW), fixture(prefix)

    assert list(body) == list(wanted)
    assert list(body["messages"][0]) == list(wanted["messages"][0])


def test_typing_and_contact_events_have_the_fixture_keys() -> None:
    found = incoming("Hi, where is my order?").conversation

    same_bytes(payloads.typing_event(found, found.contact, "conversation_typing_on", NOW), fixture("35"))
    same_bytes(payloads.contact_event(found.account, found.contact, "contact_created", None), fixture("40"))
    changes = fixture("41")["changed_attributes"]
    same_bytes(payloads.contact_event(found.account, found.contact, "contact_updated", changes), fixture("41"))


def test_private_note_shows_the_previous_public_message() -> None:
    asked = incoming("Hi, where is my order?")
    note = Message(17551, asked.conversation, MessageType.OUTGOING, "VIP", created_at=NOW, updated_at=NOW, private=True)

    body = payloads.message_webhook(note, "message_created", NOW)

    assert body["private"] is True
    assert body["conversation"]["messages"][0]["id"] == asked.id


def test_line_separators_are_escaped() -> None:
    assert rails_json.dumps({"a": "x\u2028y\u2029<>&é"}) == b'{"a":"x\\u2028y\\u2029\\u003c\\u003e\\u0026\xc3\xa9"}'
