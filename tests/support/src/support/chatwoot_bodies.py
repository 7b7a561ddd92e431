"""Chatwoot's webhook bodies for tests: the fixtures, and variations of them."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from common.tenants import TenantProfile

FIXTURES = Path(__file__).parents[3] / "unit" / "webhook" / "fixtures"

INCOMING = "01_message_created_incoming_whatsapp_text"
BY_AGENT = "02_message_created_outgoing_agent"
BY_BOT = "03_message_created_outgoing_agent_bot"
STATUS_CHANGED = "31_conversation_status_changed"


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
