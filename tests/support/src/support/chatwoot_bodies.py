"""Chatwoot's webhook bodies for tests: the fixtures, and variations of them."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from common import events
from common.events import ChatwootEvent
from common.tenants import TenantProfile

FIXTURES = Path(__file__).parents[3] / "unit" / "webhook" / "fixtures"

INCOMING = "01_message_created_incoming_whatsapp_text"
BY_AGENT = "02_message_created_outgoing_agent"
BY_BOT = "03_message_created_outgoing_agent_bot"
STATUS_CHANGED = "31_conversation_status_changed"


EXPECTED: dict[str, tuple[type[ChatwootEvent] | str, str]] = {
    "01_message_created_incoming_whatsapp_text": (
        events.CustomerMessageReceived,
        "cw:acme:message_created:17547",
    ),
    "02_message_created_outgoing_agent": (events.HumanReplied, "cw:acme:message_created:17548"),
    "03_message_created_outgoing_agent_bot": (events.OtherBotReplied, "cw:acme:message_created:17549"),
    "04_message_created_template_greeting": ("template", ""),
    "05_message_created_private_note_by_agent": ("private_note", ""),
    "08_message_created_incoming_audio": (events.CustomerMessageReceived, "cw:acme:message_created:17554"),
    "12_message_created_incoming_document": (events.CustomerMessageReceived, "cw:acme:message_created:17557"),
    "13_message_created_outgoing_bot_input_select": (events.OtherBotReplied, "cw:acme:message_created:17558"),
    "15_message_created_incoming_whatsapp_button_reply": (
        events.CustomerMessageReceived,
        "cw:acme:message_created:17559",
    ),
    "16_message_created_incoming_whatsapp_flow_response": (
        events.CustomerMessageReceived,
        "cw:acme:message_created:17560",
    ),
    "17_message_created_outgoing_whatsapp_template": (events.OtherBotReplied, "cw:acme:message_created:17561"),
    "18_message_updated_failed_outside_24h": (events.MessageFailed, "cw:acme:message_failed:17562"),
    "19_message_updated_sent_source_id_set": (events.MessageDelivered, "cw:acme:message_delivered:17549"),
    "30_conversation_created": (events.ConversationCreated, "cw:acme:conversation_created:25"),
    "31_conversation_status_changed": (
        events.ConversationStatusChanged,
        "cw:acme:status:25:open:1795442591.512000",
    ),
    "33_conversation_opened_agent_bot_only": (
        events.ConversationStatusChanged,
        "cw:acme:status:25:open:1795442591.512000",
    ),
    "34_conversation_resolved_agent_bot_only": (
        events.ConversationStatusChanged,
        "cw:acme:status:25:resolved:1795442591.512000",
    ),
    "35_conversation_typing_on_by_contact": ("typing", ""),
    "40_contact_created": ("contact_event", ""),
    "41_contact_updated": ("contact_event", ""),
    "42_webwidget_triggered": ("widget_opened", ""),
    "43_inbox_created": ("inbox_event", ""),
    "45_account_created_installation_hook": ("account_event", ""),
}
"""What becomes of each fixture: the event and its id, or why it is ignored."""


def fixture_names() -> list[str]:
    return sorted(path.stem for path in FIXTURES.glob("[0-9]*.json"))


def fixture(name: str, **changes: Any) -> dict[str, Any]:
    """A fixture body; `changes` replace top-level keys, `a__b=` replaces a nested one, None stays None."""
    body: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return changed(body, **changes)


def changed(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    body = copy.deepcopy(body)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = body
        for each in parents:
            place = place[each]
        place[last] = value
    return body


def without(body: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in keys}


def profile(**changes: Any) -> TenantProfile:
    """A tenant that the fixtures belong to."""
    return TenantProfile(**{"tenant": "acme", "chatwoot_account_id": 1, **changes})


def signed(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers Chatwoot sends with a body."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "X-Chatwoot-Delivery": "0b6f1a52-2f3c-4d0e-9c55-6f1f5f0c1a01",
        "X-Chatwoot-Timestamp": str(timestamp),
        "X-Chatwoot-Signature": f"sha256={digest}",
    }
