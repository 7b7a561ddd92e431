"""A conversation as Chatwoot's API shows it in this moment: what is looked at just before something is said in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field, ValidationError

from common.events import ConversationSnapshot
from common.message import Frozen
from webhook.bodies import ConversationBody, Epoch, Flag, Id, Object, OptionalText
from webhook.errors import Unavailable
from webhook.snapshot import snapshot_of
from webhook.stamp import Stamp, stamp_in

_OUTGOING = (1, "1", "outgoing")


class _Row(Frozen):
    id: Id
    message_type: int | str = 0
    private: Flag = False
    source_id: OptionalText = None
    status: OptionalText = None
    created_at: Epoch = None
    content_attributes: Object = Field(default_factory=dict)


class MessageNow(Frozen):
    """A message as Chatwoot has it."""

    id: int
    stamp: Stamp | None = None
    outgoing: bool = False
    private: bool = False
    source_id: str | None = None
    status: str = ""
    created_at: float = 0.0
    raw: Mapping[str, Any] = Field(default_factory=dict, repr=False)


class ConversationNow(Frozen):
    """A conversation, with the newest of its messages, oldest first."""

    snapshot: ConversationSnapshot
    inbox_id: int = 0
    messages: tuple[MessageNow, ...] = ()
    raw: Mapping[str, Any] = Field(default_factory=dict, repr=False)

    @property
    def newest(self) -> MessageNow | None:
        """The last message that is no activity line; it may be a private note."""
        return self.messages[-1] if self.messages else None

    def body_of(self, message: MessageNow) -> dict[str, Any]:
        """The webhook body that Chatwoot sends, or sent, for one of its messages."""
        return {**message.raw, "inbox": {"id": self.inbox_id}, "conversation": self.raw}


def conversation_now(answer: Any) -> ConversationNow:
    """Read what `GET conversations/:id` answers.

    Raises:
        Unavailable: it is no conversation.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("status"), str):
        raise Unavailable("a conversation of an unknown shape", applied="no")
    meta = answer.get("meta")
    channel = meta.get("channel") if isinstance(meta, dict) else None
    raw = {**answer, "channel": answer.get("channel") or channel}
    try:
        body = ConversationBody.model_validate(raw)
    except ValidationError as error:
        raise Unavailable("a conversation of an unknown shape", applied="no") from error
    listed = answer.get("messages")
    rows = [*(listed if isinstance(listed, list) else ()), answer.get("last_non_activity_message")]
    messages = {each.id: each for each in messages_now(rows)}
    return ConversationNow(
        snapshot=snapshot_of(body),
        inbox_id=body.inbox_id or 0,
        messages=tuple(sorted(messages.values(), key=lambda each: each.id)),
        raw=raw,
    )


def messages_now(rows: Iterable[Any]) -> list[MessageNow]:
    """Read message rows, leaving out what is none."""
    return [found for found in map(_message, rows) if found is not None]


def _message(raw: Any) -> MessageNow | None:
    if not isinstance(raw, dict):
        return None
    try:
        row = _Row.model_validate(raw)
    except ValidationError:
        return None
    return MessageNow(
        id=row.id,
        stamp=stamp_in(row.content_attributes),
        outgoing=row.message_type in _OUTGOING,
        private=row.private,
        source_id=row.source_id,
        status=row.status or "",
        created_at=row.created_at or 0.0,
        raw=raw,
    )
