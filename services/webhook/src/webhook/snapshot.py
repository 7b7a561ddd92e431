"""The parts of an event that are copied from a body: conversation snapshot, contact, attachments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, TypedDict
from urllib.parse import unquote, urlsplit

from common.events import (
    Assignee,
    AssigneeKind,
    Attachment,
    Contact,
    ConversationSnapshot,
    ConversationStatus,
    DeliveryKind,
)
from webhook.arrival import Arrival
from webhook.bodies import AttachmentBody, ConversationBody, Meta, Party

_NAME_LIMIT: Final = 120
_STATUSES: Final[dict[str, ConversationStatus]] = {
    "pending": "pending",
    "open": "open",
    "resolved": "resolved",
    "snoozed": "snoozed",
}
_ASSIGNEE_KINDS: Final[dict[str, AssigneeKind]] = {
    "User": "person",
    "user": "person",
    "AgentBot": "our_bot",
    "agent_bot": "our_bot",
}


class Common(TypedDict):
    """The fields that every event has, apart from its id."""

    tenant: str
    account_id: int
    inbox_id: int
    conversation_id: int
    occurred_at: datetime
    received_at: datetime
    delivery: DeliveryKind
    snapshot: ConversationSnapshot


def common_of(conversation: ConversationBody, arrival: Arrival, *, inbox_id: int, occurred_at: datetime) -> Common:
    """Fill in what every event has."""
    return {
        "tenant": arrival.tenant.tenant,
        "account_id": arrival.tenant.chatwoot_account_id,
        "inbox_id": inbox_id,
        "conversation_id": conversation.id,
        "occurred_at": occurred_at,
        "received_at": arrival.received_at,
        "delivery": arrival.delivery,
        "snapshot": snapshot_of(conversation),
    }


def changed_at(conversation: ConversationBody, arrival: Arrival) -> datetime:
    """When the conversation last changed: the nearest thing to a time that updates carry."""
    return datetime.fromtimestamp(conversation.updated_at, UTC) if conversation.updated_at else arrival.received_at


def snapshot_of(conversation: ConversationBody) -> ConversationSnapshot:
    """What the body says about the conversation."""
    meta = conversation.meta
    return ConversationSnapshot(
        # A status this version does not know is one in which the bot has no business to speak.
        status=_STATUSES.get(conversation.status or "", "open"),
        assignee=_assignee(meta),
        updated_at=conversation.updated_at or conversation.last_activity_at or conversation.timestamp or 0.0,
        channel=conversation.channel or "",
        can_reply=conversation.can_reply,
        labels=tuple(each for each in conversation.labels if isinstance(each, str)),
        contact_blocked=meta.sender.blocked if meta.sender else False,
        team_id=meta.team.id if meta.team else None,
    )


def _assignee(meta: Meta) -> Assignee:
    if meta.assignee is None:
        # Chatwoot before 4.8 named no type; a type without an assignee is one whose body could not be read.
        return Assignee(kind="nobody" if meta.assignee_type is None else _kind(meta.assignee_type))
    # Before 4.8 only people could be assigned, and some versions sent them without a type.
    named = meta.assignee_type or meta.assignee.type or "User"
    return Assignee(kind=_kind(named), id=meta.assignee.id, name=meta.assignee.name)


def _kind(named: str) -> AssigneeKind:
    return _ASSIGNEE_KINDS.get(named, "other")


def contact_of(sender: Party | None, conversation: ConversationBody) -> Contact | None:
    """The customer: the sender, else whom the conversation is with."""
    party = sender or conversation.meta.sender
    if party is None:
        contact_id = conversation.contact_inbox.contact_id
        return Contact(id=contact_id) if contact_id else None
    return Contact(
        id=party.id,
        name=party.name or "",
        phone=party.phone_number or None,
        email=party.email or None,
        identifier=party.identifier or None,
        blocked=party.blocked,
    )


def attachment_of(body: AttachmentBody) -> Attachment:
    """One attachment. A file has no name of its own in the body: the end of its address is it."""
    return Attachment(
        id=body.id,
        kind=body.file_type or "file",
        content_type=body.content_type,
        url=body.data_url or None,
        file_size=body.file_size,
        name=body.fallback_title or _file_name(body),
        transcribed_text=body.transcribed_text or None,
        latitude=body.coordinates_lat,
        longitude=body.coordinates_long,
        contact_name=body.meta.name,
    )


def _file_name(body: AttachmentBody) -> str | None:
    if body.file_type != "file" or not body.data_url:
        return None
    return unquote(urlsplit(body.data_url).path.rpartition("/")[2])[:_NAME_LIMIT] or None
