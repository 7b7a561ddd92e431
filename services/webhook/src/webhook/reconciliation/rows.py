"""Rows of Chatwoot's lists, and the webhook bodies that should have come for them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import BaseModel, Field, ValidationError

from common.message import Frozen
from webhook.bodies import ConversationBody, Epoch, Flag, Id, Meta, Object, OptionalNumber, OptionalText
from webhook.stamp import stamp_in

B = TypeVar("B", bound=BaseModel)

# Message rows tell whole seconds; a message is as old as the end of its second at the least.
_WHOLE_SECOND: Final = 0.999999
_HEAVY: Final = frozenset({"messages", "last_non_activity_message"})
_SETTLED: Final = frozenset({"delivered", "read", "failed"})
# Lists number the type; the one message in a list of conversations does, too.
_INCOMING: Final = (0, "0", "incoming")
_OUTGOING: Final = (1, "1", "outgoing")
_FORMS: Final = frozenset({"input_select", "input_email", "input_text", "input_textarea", "form"})


class _Message(Frozen):
    id: Id
    message_type: int | str
    created_at: Epoch
    private: Flag = False
    status: OptionalText = None
    source_id: OptionalText = None
    content_type: OptionalText = None
    content_attributes: Object = Field(default_factory=dict)


class _Conversation(ConversationBody):
    inbox_id: Id
    created_at: Epoch = None
    unread_count: OptionalNumber = None
    meta: Meta


@dataclass(frozen=True)
class MessageRow:
    """A message, and what decides whether it is looked at again."""

    id: int
    created_at: float
    incoming: bool
    private: bool
    ours: bool
    """It carries our stamp."""
    status: str
    failed: bool
    open_form: bool
    """A form or choice of ours that can still be filled in: the answer comes as a change of this message."""
    raw: Mapping[str, Any]

    @property
    def on_its_way(self) -> bool:
        """A reply of ours that the channel can still refuse."""
        return self.ours and not self.private and not self.failed and self.status not in _SETTLED


@dataclass(frozen=True)
class ConversationRow:
    """A conversation as the list shows it."""

    number: int
    inbox_id: int
    created_at: float
    changed_at: float
    active_at: float
    """When the last message was written."""
    place: str
    """Status and assignee: what the right to speak hangs on."""
    for_bot: bool
    """Pending, and nobody's or a bot's: as it begins, and not worth telling of by itself."""
    last: MessageRow | None
    """The newest message that is no activity line; it may be a private note."""
    unread: int
    """Messages of the customer since a person last looked, at most ten of them."""
    raw: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        """Equal for two rows when nothing that matters has changed between them."""
        last = f"{self.last.id}:{self.last.status}" if self.last else ""
        return f"{self.changed_at:.6f}|{last}|{self.place}"

    @property
    def customer_waits(self) -> bool:
        """The customer spoke last."""
        return self.last is not None and self.last.incoming and not self.last.private


def conversation_rows(rows: Iterable[Any]) -> list[ConversationRow]:
    """Read a list of conversations, leaving out what cannot be read."""
    return [row for row in map(_conversation_row, rows) if row is not None]


def message_rows(rows: Iterable[Any]) -> list[MessageRow]:
    """Read a list of messages, oldest first, leaving out what cannot be read."""
    found = [row for row in map(_message_row, rows) if row is not None]
    return sorted(found, key=lambda each: each.id)


def written_body(message: MessageRow, conversation: ConversationRow, account_id: int) -> dict[str, Any]:
    """The `message_created` of a message."""
    at = max(message.created_at, min(message.created_at + _WHOLE_SECOND, conversation.changed_at))
    return {**_body("message_created", message, conversation, account_id), "created_at": at}


def changed_body(message: MessageRow, conversation: ConversationRow, account_id: int) -> dict[str, Any]:
    """The `message_updated` of a message, as it would be sent now."""
    body = _body("message_updated", message, conversation, account_id)
    attributes = dict(message.raw.get("content_attributes") or {})
    if message.failed and not attributes.get("external_error"):
        attributes["external_error"] = "failed"
    return {**body, "content_attributes": attributes}


def state_body(conversation: ConversationRow, account_id: int) -> dict[str, Any]:
    """The `conversation_status_changed` of a conversation."""
    return {**_nested(conversation), "event": "conversation_status_changed", "account": {"id": account_id}}


def _body(event: str, message: MessageRow, conversation: ConversationRow, account_id: int) -> dict[str, Any]:
    return {
        **message.raw,
        "event": event,
        "conversation": _nested(conversation),
        "inbox": {"id": conversation.inbox_id},
        "account": {"id": account_id},
    }


def _nested(conversation: ConversationRow) -> dict[str, Any]:
    """The conversation as webhooks nest it: the channel stands elsewhere in lists."""
    meta = conversation.raw.get("meta")
    return {**conversation.raw, "channel": meta.get("channel") if isinstance(meta, dict) else None}


def _message_row(raw: Any) -> MessageRow | None:
    message = _read(_Message, raw)
    if message is None or message.created_at is None:
        return None
    stamped = stamp_in(message.content_attributes) is not None
    submitted = message.content_attributes.get("submitted_values") or message.content_attributes.get("submitted_email")
    return MessageRow(
        id=message.id,
        created_at=message.created_at,
        incoming=message.message_type in _INCOMING,
        private=message.private,
        ours=stamped and message.message_type in _OUTGOING,
        status=message.status or "",
        failed=message.status == "failed" or bool(message.content_attributes.get("external_error")),
        open_form=stamped and message.content_type in _FORMS and not submitted,
        raw=raw,
    )


def _conversation_row(raw: Any) -> ConversationRow | None:
    conversation = _read(_Conversation, raw)
    if conversation is None:
        return None
    changed_at = conversation.updated_at or conversation.last_activity_at or conversation.timestamp or 0.0
    assignee, team = conversation.meta.assignee, conversation.meta.team
    kind = conversation.meta.assignee_type or "User"
    who = f"{kind}:{assignee.id}" if assignee else "nobody"
    return ConversationRow(
        number=conversation.id,
        inbox_id=conversation.inbox_id,
        created_at=conversation.created_at or 0.0,
        changed_at=changed_at,
        active_at=conversation.last_activity_at or conversation.timestamp or changed_at,
        place=f"{conversation.status}/{who}/{team.id if team else ''}",
        for_bot=conversation.status == "pending" and (assignee is None or kind == "AgentBot"),
        last=_message_row(raw.get("last_non_activity_message")),
        unread=round(conversation.unread_count or 0),
        raw={key: value for key, value in raw.items() if key not in _HEAVY},
    )


def _read(kind: type[B], raw: Any) -> B | None:
    if not isinstance(raw, dict):
        return None
    try:
        return kind.model_validate(raw)
    except ValidationError:
        return None
