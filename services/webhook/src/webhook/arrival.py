"""What a translation needs besides the body, and what it answers when there is nothing to pass on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from common.events import DeliveryKind
from common.tenants import TenantProfile
from webhook.errors import UnreadableWebhook

IgnoredReason = Literal[
    "private_note",  # people among themselves, our own notes included: never an input of a reply
    "template",  # Chatwoot's own greeting, out-of-office or survey text
    "activity",  # "X joined"; not sent by webhook today
    "no_relevant_change",  # an update that changes nothing the hub decides by
    "typing",
    "contact_event",
    "widget_opened",
    "inbox_event",
    "account_event",
    "automation_event",
    "unknown_event",
    "other_inbox",  # an account webhook sends all inboxes; this tenant answers for some
]


@dataclass(frozen=True)
class Ignored:
    """Nothing to pass on, and why."""

    reason: IgnoredReason


@dataclass(frozen=True)
class Arrival:
    """How and when a body came, and whose it is (decided by the credentials that fit it)."""

    tenant: TenantProfile
    delivery: DeliveryKind
    received_at: datetime


B = TypeVar("B", bound=BaseModel)


def read(kind: type[B], body: Mapping[str, Any]) -> B:
    """Read a body.

    Raises:
        UnreadableWebhook: a required field is missing or of the wrong type.
    """
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        # Field names only: the values may be personal data.
        fields = ", ".join(".".join(map(str, each["loc"])) for each in error.errors(include_input=False)[:5])
        raise UnreadableWebhook(f"missing or unusable: {fields}") from None
