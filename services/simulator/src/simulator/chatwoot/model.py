"""What Chatwoot stores, in memory: accounts, inboxes, contacts, conversations, messages."""

from __future__ import annotations

import secrets
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from typing import Any, Literal, TypeAlias

from simulator.clock import Clock

Json: TypeAlias = dict[str, Any]
Status: TypeAlias = Literal["pending", "open", "resolved", "snoozed"]
STATUSES: tuple[Status, ...] = ("open", "resolved", "pending", "snoozed")
WHATSAPP = "Channel::Whatsapp"
API = "Channel::Api"
WINDOW_SECONDS = 24 * 3600.0


class MessageType(IntEnum):
    """The numbers Chatwoot stores; webhooks show the names, REST the numbers."""

    INCOMING = 0
    OUTGOING = 1
    ACTIVITY = 2
    TEMPLATE = 3


@dataclass(slots=True)
class User:
    """A person of the company who works in Chatwoot."""

    id: int
    account_id: int
    name: str
    email: str
    token: str
    role: Literal["administrator", "agent"] = "administrator"


@dataclass(slots=True)
class AgentBot:
    """A bot: gets webhooks at `outgoing_url`, speaks with its own token."""

    id: int
    account_id: int
    name: str
    token: str
    secret: str
    outgoing_url: str
    description: str = ""


@dataclass(slots=True)
class AccountWebhook:
    """A webhook of the account: every inbox, the subscribed events, never retried."""

    id: int
    account_id: int
    url: str
    secret: str
    subscriptions: tuple[str, ...]
    name: str = ""


@dataclass(slots=True)
class Inbox:
    """A channel. Only an API inbox has a webhook of its own."""

    id: int
    account_id: int
    name: str
    channel: str = WHATSAPP
    phone_number: str = ""
    bot: AgentBot | None = None
    webhook_url: str = ""
    webhook_secret: str = ""
    greeting: str = ""
    lock_to_single_conversation: bool = False


@dataclass(slots=True)
class Contact:
    """A customer."""

    id: int
    account_id: int
    name: str
    phone: str | None
    created_at: float
    email: str | None = None
    identifier: str | None = None
    blocked: bool = False
    additional_attributes: Json = field(default_factory=dict)
    custom_attributes: Json = field(default_factory=dict)
    last_activity_at: float | None = None
    updated_at: float = 0.0


@dataclass(slots=True)
class ContactInbox:
    """A customer at one inbox; `source_id` is where the channel reaches them."""

    id: int
    contact: Contact
    inbox: Inbox
    source_id: str
    created_at: float
    pubsub_token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    conversations: list[Conversation] = field(default_factory=list)


@dataclass(slots=True)
class Attachment:
    """A file, place or contact card of a message."""

    id: int
    file_type: str
    content_type: str = ""
    file_name: str = ""
    data: bytes = b""
    url: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    title: str = ""
    meta: Json = field(default_factory=dict)


Sender: TypeAlias = Contact | User | AgentBot | None


@dataclass(slots=True, eq=False)
class Message:
    """A message of any type. `on_phone_at` is when the customer's phone showed it."""

    id: int
    conversation: Conversation
    type: MessageType
    content: str | None
    created_at: float
    updated_at: float
    sender: Sender = None
    private: bool = False
    status: str = "sent"
    source_id: str | None = None
    content_type: str = "text"
    content_attributes: Json = field(default_factory=dict)
    additional_attributes: Json = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    on_phone_at: float | None = None
    on_phone_text: str | None = None

    def touch(self, now: float) -> None:
        """A change of a message is one of its conversation, too."""
        self.updated_at = now
        self.conversation.updated_at = max(self.conversation.updated_at, now)

    @property
    def public_reply(self) -> bool:
        """Whether it is meant for the customer."""
        return self.type in (MessageType.OUTGOING, MessageType.TEMPLATE) and not self.private

    @property
    def echo(self) -> bool:
        """Whether a person wrote it on the paired phone."""
        return bool(self.content_attributes.get("external_echo"))


@dataclass(slots=True, eq=False)
class Conversation:
    """A conversation; `id` is the number within the account that people and the API use."""

    id: int
    account: Account
    inbox: Inbox
    contact_inbox: ContactInbox
    status: Status
    created_at: float
    updated_at: float
    last_activity_at: float
    waiting_since: float | None
    assignee: User | None = None
    bot: AgentBot | None = None
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    team_id: int | None = None
    labels: list[str] = field(default_factory=list)
    custom_attributes: Json = field(default_factory=dict)
    additional_attributes: Json = field(default_factory=dict)
    snoozed_until: float | None = None
    first_reply_created_at: float | None = None
    priority: str | None = None
    agent_last_seen_at: float | None = None
    contact_last_seen_at: float | None = None
    last_incoming_at: float | None = None
    unread: int = 0
    messages: list[Message] = field(default_factory=list)
    last_public: Message | None = None
    """The last message that is neither private nor an activity: what every payload shows."""
    recent_posts: deque[float] = field(default_factory=deque)

    @property
    def contact(self) -> Contact:
        """The customer."""
        return self.contact_inbox.contact

    def can_reply(self, now: float) -> bool:
        """Whether the channel still accepts a free text: WhatsApp's 24 hours."""
        if self.inbox.channel != WHATSAPP:
            return True
        return self.last_incoming_at is not None and now - self.last_incoming_at < WINDOW_SECONDS


@dataclass(slots=True, eq=False)
class Account:
    """A company in Chatwoot."""

    id: int
    name: str
    keep_pending_on_bot_failure: bool = False
    inboxes: dict[int, Inbox] = field(default_factory=dict)
    bots: dict[int, AgentBot] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    webhooks: dict[int, AccountWebhook] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    contact_inboxes: dict[tuple[int, str], ContactInbox] = field(default_factory=dict)
    customers: dict[int, ContactInbox] = field(default_factory=dict)
    """By contact id: where the simulated customer writes."""
    conversations: dict[int, Conversation] = field(default_factory=dict)
    display_ids: Iterator[int] = field(default_factory=lambda: count(1))


class World:
    """One Chatwoot installation: all accounts, with ids that are unique across them, as in one database."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.public_url = ""
        """Where this Chatwoot is reached, for the links of attachments; known when the port is."""
        self.accounts: dict[int, Account] = {}
        self.tokens: dict[str, User | AgentBot] = {}
        self.messages: dict[int, Message] = {}
        self.attachments: dict[int, Attachment] = {}
        self._message_ids = count(1)
        self._ids = count(1)

    def next_message_id(self) -> int:
        """Message ids are global and only grow: the order of messages."""
        return next(self._message_ids)

    def next_id(self, taken: dict[int, Any] | None = None) -> int:
        """An id for anything else."""
        number = next(self._ids)
        while taken and number in taken:
            number = next(self._ids)
        return number

    def publish(self, attachment: Attachment) -> None:
        """Give a file its link, which opens without a login."""
        self.attachments[attachment.id] = attachment
        if attachment.data and not attachment.url:
            name = attachment.file_name or "file"
            attachment.url = f"{self.public_url}/rails/active_storage/blobs/redirect/{attachment.id}/{name}"

    def admit(self, owner: User | AgentBot) -> None:
        """Make the owner's token valid."""
        self.tokens[owner.token] = owner
