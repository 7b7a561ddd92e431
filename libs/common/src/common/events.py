"""What happened in Chatwoot: events, past tense, published by the webhook service, applied by the hub."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from common.message import Frozen, Message, MessageRegistry

ConversationStatus = Literal["pending", "open", "resolved", "snoozed"]
AssigneeKind = Literal["nobody", "person", "our_bot", "other"]
"""`our_bot`: an AgentBot; `other`: Captain or a kind this version does not know, which is never ours to talk over."""

DeliveryKind = Literal["account_webhook", "agent_bot", "api_inbox", "legacy", "reconciliation", "sender"]
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
    """A file, place or contact card of a message. `url` opens without a login: treat it as a secret.

    `kind` is Chatwoot's: image, audio, video, file, location, contact, or what Meta's channels share (story_mention,
    share, fallback, embed, ig_post, ig_reel, ig_story). `name` is the file's, the place's, or a contact card's phone.
    """

    id: int
    kind: str
    content_type: str | None = None
    url: str | None = None
    file_size: int | None = None
    name: str | None = None
    transcribed_text: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    contact_name: str | None = None
    """Whose contact card it is."""


class Referral(Frozen):
    """The advertisement (click-to-WhatsApp) that the customer came from: what it said is what they ask about."""

    headline: str = ""
    body: str = ""
    source_url: str = ""
    source_type: str = ""
    source_id: str = ""


class Story(Frozen):
    """A story the message belongs to: the customer answered one of the company's, or mentioned it in one of theirs."""

    kind: Literal["reply", "mention"]
    url: str | None = None


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
    """The channel could not pass it on. The placeholder that Chatwoot puts in its place is not in `text`."""
    deleted: bool = False
    """It was taken back before the webhook was made: there is nothing to read any more."""
    automatic: bool = False
    """A machine wrote it (an out-of-office reply by e-mail): answering it would make two machines talk."""
    subject: str = ""
    """Of an e-mail. `text` is what was written in it, without what it quotes."""
    referral: Referral | None = None
    story: Story | None = None
    age_seconds: float = 0.0
    """How old it was, by Chatwoot's own clock, when a sweep found it; 0 for a webhook."""


class HumanReplied(ChatwootEvent):
    """A person of the company wrote to the customer: from the panel, or from the paired phone (an echo)."""

    message_id: int
    user_id: int | None = None
    user_name: str | None = None
    via: Literal["panel", "phone_echo"] = "panel"
    text: str = ""
    """What was written, so that the assistant knows it when it gets the conversation back."""
    attachments: tuple[Attachment, ...] = ()


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
    """A customer's message changed after the fact: answered form, transcribed audio, deletion, other words.

    Bodies do not say what changed: `edited` comes with every update that leaves no other mark, with the text as it is
    now, which may be what it always was.
    """

    message_id: int
    change: Literal["submitted", "transcribed", "deleted", "edited"]
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    """As they are now, with what was transcribed."""


class SurveyAnswered(ChatwootEvent):
    """The customer rated the conversation. `message_id` is the survey's, `rating` 1 (worst) to 5."""

    message_id: int
    rating: int | None = None
    feedback: str = ""


class ConversationCreated(ChatwootEvent):
    """Chatwoot opened a conversation. Its body may already show a later message: only the snapshot counts."""


class ConversationStatusChanged(ChatwootEvent):
    """The status is now `snapshot.status`. What it was before is not in the body."""


class AssigneeChanged(ChatwootEvent):
    """The assignee is now `snapshot.assignee`."""


class ConversationUpdated(ChatwootEvent):
    """Anything else of the conversation changed (labels, team, priority, attributes)."""

    changed: tuple[str, ...] = ()


WithheldReason = Literal[
    "assigned_to_person",
    "person_replied",
    "other_assistant",
    "conversation_open",
    "conversation_resolved",
    "conversation_snoozed",
]
"""What a look at the conversation showed just before something was to be said or done in it."""

GivenUpReason = Literal["window_closed", "expired", "refused", "unauthorised", "not_found", "unknown_outcome"]
"""Why a command will not be carried out. `window_closed`: the channel takes no free text now. `expired`: tried for too
long. `unknown_outcome`: nobody can tell whether Chatwoot has carried it out, so it must not be tried again."""


class CommandWithheld(ChatwootEvent):
    """The sender did not carry out a command, because the conversation is not the bot's any more.

    Its snapshot is what Chatwoot showed in that moment.
    """

    command_id: str
    turn_id: str
    command: str
    """The command's type."""
    reason: WithheldReason


class CommandGivenUp(ChatwootEvent):
    """The sender could finally not carry out a command. Without a look at Chatwoot the snapshot is of time 0."""

    command_id: str
    turn_id: str
    command: str
    reason: GivenUpReason
    text: str = ""
    """What the customer was to be told, so that a person can."""


CHATWOOT_EVENTS: MessageRegistry[ChatwootEvent] = MessageRegistry(
    "Chatwoot event",
    CustomerMessageReceived,
    HumanReplied,
    OtherBotReplied,
    ReplyObserved,
    MessageDelivered,
    MessageFailed,
    MessageEdited,
    SurveyAnswered,
    ConversationCreated,
    ConversationStatusChanged,
    AssigneeChanged,
    ConversationUpdated,
    CommandWithheld,
    CommandGivenUp,
)
