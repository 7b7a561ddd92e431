"""What happened in Chatwoot: events, past tense, published by the webhook service, applied by the hub."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from common.message import Frozen, Message, MessageRegistry

ConversationStatus = Literal["pending", "open", "resolved", "snoozed"]
AssigneeKind = Literal["nobody", "person", "our_bot", "other"]
"""`our_bot`: an AgentBot; `other`: Captain or a kind this version does not know, which is never ours to talk over."""

DeliveryKind = Literal["account_webhook", "agent_bot", "api_inbox", "legacy", "reconciliation"]
"""The way an event reached us. The same message can come by several; its id does not depend on the way."""


class Assignee(Frozen):
    """Who Chatwoot says the conversation is given to."""

    kind: AssigneeKind
    id: int | None = None
    name: str | None = None


class ConversationSnapshot(Frozen):
    """What the webhook body said about the conversation.

    Account webhooks are serialised after the fact, so it may be newer than the event: a last-writer-wins hint, ordered
    by `updated_at` (epoch seconds, a float in Chatwoot's conversation body).
    """

    status: ConversationStatus
    assignee: Assignee
    updated_at: float
    channel: str
    can_reply: bool = True
    labels: tuple[str, ...] = ()
    contact_blocked: bool = False
    team_id: int | None = None


class Contact(Frozen):
    """The customer as Chatwoot knows them. `phone` is E.164 or None (a WhatsApp id without a number)."""

    id: int
    name: str = ""
    phone: str | None = None
    email: str | None = None
    identifier: str | None = None
    blocked: bool = False


class Attachment(Frozen):
    """A file, place or contact card of a message. `url` opens without a login: treat it as a secret."""

    id: int
    kind: str
    content_type: str | None = None
    url: str | None = None
    file_size: int | None = None
    name: str | None = None
    transcribed_text: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class ChatwootEvent(Message):
    """What every event has. `event_id` is the same for every delivery of the same fact."""

    event_id: str
    tenant: str
    account_id: int
    inbox_id: int
    conversation_id: int
    occurred_at: datetime
    received_at: datetime
    delivery: DeliveryKind
    snapshot: ConversationSnapshot


class CustomerMessageReceived(ChatwootEvent):
    """The customer wrote. `message_id` is global and monotonic in one Chatwoot database: the order of messages."""

    message_id: int
    text: str
    contact: Contact
    content_type: str = "text"
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: int | None = None
    unsupported: bool = False


class HumanReplied(ChatwootEvent):
    """A person of the company wrote to the customer: from the panel, or from the paired phone (an echo)."""

    message_id: int
    user_id: int | None = None
    user_name: str | None = None
    via: Literal["panel", "phone_echo"] = "panel"


class OtherBotReplied(ChatwootEvent):
    """Captain or an automation without our stamp wrote to the customer: not a person, and not us."""

    message_id: int
    sender_kind: str


class ReplyObserved(ChatwootEvent):
    """Chatwoot reports a message of ours (it carries our stamp): the proof that it was stored."""

    message_id: int
    command_id: str
    turn_id: str


class MessageDelivered(ChatwootEvent):
    """The channel accepted a message of ours (its channel id is set). Not proof that the customer read it."""

    message_id: int
    command_id: str | None = None


class MessageFailed(ChatwootEvent):
    """The channel refused an outgoing message, possibly minutes later (`external_error`)."""

    message_id: int
    reason: str
    command_id: str | None = None


class MessageEdited(ChatwootEvent):
    """A customer's message changed after the fact: answered form, transcribed audio, deletion."""

    message_id: int
    change: Literal["submitted", "transcribed", "deleted", "edited"]
    text: str = ""


class ConversationCreated(ChatwootEvent):
    """Chatwoot opened a conversation. Its body may already show a later message: only the snapshot counts."""


class ConversationStatusChanged(ChatwootEvent):
    """The status is now `snapshot.status`. What it was before is not in the body."""


class AssigneeChanged(ChatwootEvent):
    """The assignee is now `snapshot.assignee`."""


class ConversationUpdated(ChatwootEvent):
    """Anything else of the conversation changed (labels, team, priority, attributes)."""

    changed: tuple[str, ...] = ()


CHATWOOT_EVENTS: MessageRegistry[ChatwootEvent] = MessageRegistry(
    "Chatwoot event",
    CustomerMessageReceived,
    HumanReplied,
    OtherBotReplied,
    ReplyObserved,
    MessageDelivered,
    MessageFailed,
    MessageEdited,
    ConversationCreated,
    ConversationStatusChanged,
    AssigneeChanged,
    ConversationUpdated,
)
