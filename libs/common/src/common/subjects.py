"""Subjects of the system, in one place.

Tenant and conversation are whole subject tokens, so that permissions, partitions and erasure can follow them.
Producers never see partition numbers: the streams store an event under its partition by subject transform.
"""

from __future__ import annotations

import base64
import re
from typing import Final

EVENT_PARTITIONS: Final = 64
COMMAND_PARTITIONS: Final = 16

TENANT_PATTERN: Final = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\Z")
_PLAIN_TOKEN: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,127}\Z")


def token(value: str) -> str:
    """Encode any text as one subject token; ordinary ids stay readable.

    Anything else (dots, blanks, `*`, `>`, non-ASCII, over 128 characters) becomes `=` + unpadded base64url, which no
    plain token starts with, so two different ids never share a token.
    """
    if _PLAIN_TOKEN.match(value):
        return value
    return "=" + base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")


def untoken(encoded: str) -> str:
    """Decode what `token` made."""
    if not encoded.startswith("="):
        return encoded
    body = encoded[1:]
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()


def chatwoot_event(tenant: str, conversation: int) -> str:
    """Where the webhook service publishes an event of a conversation (0: of no conversation)."""
    return f"chatwoot.event.{tenant}.{conversation}"


def chatwoot_command(tenant: str, conversation: int) -> str:
    """Where the hub publishes a command for a conversation."""
    return f"chatwoot.command.{tenant}.{conversation}"


def knowledge(tenant: str, kind: str, item_id: str) -> str:
    """The one subject that holds the newest state of a knowledge item."""
    return f"knowledge.{tenant}.{kind}.{token(item_id)}"


def odoo_query(name: str) -> str:
    """Request-reply subject of a live Odoo read."""
    return f"odoo.query.{name}"


def hub_query(name: str) -> str:
    """Request-reply subject of the hub (search, answer), served by a queue group of all hubs."""
    return f"hub.query.{name}"


def webhook_query(name: str) -> str:
    """Request-reply subject of the webhook service: what only the holder of Chatwoot's credentials can tell."""
    return f"webhook.query.{name}"


WEBHOOK_ARRIVALS: Final = "webhook.arrivals"
"""Where webhook processes tell one another which messages of customers have arrived: numbers only, never stored."""


def odoo_command(tenant: str, key: str) -> str:
    """Where the hub publishes an idempotent Odoo write."""
    return f"odoo.command.{tenant}.{token(key)}"


def turn_schedule(tenant: str, conversation: int) -> str:
    """The schedule of a conversation's next turn; publishing again replaces it."""
    return f"schedule.turn.{tenant}.{conversation}"


def turn_due(tenant: str, conversation: int) -> str:
    """Where the broker puts a turn when its debounce time is over."""
    return f"due.turn.{tenant}.{conversation}"


def sending_schedule(tenant: str, conversation: int) -> str:
    """The schedule of the next attempt at a conversation whose commands wait; publishing again replaces it."""
    return f"schedule.sending.{tenant}.{conversation}"


def sending_due(tenant: str, conversation: int) -> str:
    """Where the broker puts a conversation whose commands are to be tried again."""
    return f"due.sending.{tenant}.{conversation}"


def turn_record(tenant: str, conversation: int) -> str:
    """Where the hub records each finished turn."""
    return f"turn.{tenant}.{conversation}"


def dead_letter(stream: str, consumer: str) -> str:
    """Where a consumer puts a message it cannot handle."""
    return f"dead.{token(stream)}.{token(consumer)}"


def conversation_key(tenant: str, conversation: int) -> str:
    """Key of a conversation in the `conversations` bucket."""
    return f"{tenant}.{conversation}"
