"""What the hub orders: commands, imperative, sent to Chatwoot by the webhook service in order per conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import Field

from common.events import ConversationStatus
from common.message import Frozen, Message, MessageRegistry

HandOffReason = Literal[
    "customer_request",
    "missing_knowledge",
    "unsupported_request",
    "policy_restriction",
    "tool_failure",
    "pending_clarification",
    "usage_limit",
    "low_confidence",
]


class ChatwootCommand(Message):
    """What every command has.

    `command_id` is `<turn id>:<n>`: deterministic, the message id on the broker and the stamp that Chatwoot keeps in
    `content_attributes.odoo_ai.command_id`, by which an unknown outcome is read back.
    """

    command_id: str
    turn_id: str
    tenant: str
    account_id: int
    conversation_id: int
    issued_at: datetime


class Choice(Frozen):
    """One thing the customer may pick. Channels return the title, so titles are unique within a message."""

    title: str
    value: str


class SendMessage(ChatwootCommand):
    """Say this to the customer. `text` is CommonMark; the channel's rules are applied by the sender."""

    text: str
    choices: tuple[Choice, ...] = ()
    after_message_id: int = 0
    """The newest customer message the reply knows of: where a read-back starts to look."""


class SendTemplate(ChatwootCommand):
    """Send a message template that the channel has approved: all it takes when the customer wrote too long ago.

    `params` fill in the template's body by name or number; `text` is what the customer then reads, for the transcript.
    """

    text: str
    name: str
    language: str
    category: str = "UTILITY"
    params: Mapping[str, str] = Field(default_factory=dict)
    after_message_id: int = 0


class SendPrivateNote(ChatwootCommand):
    """Write this for the people of the company; the customer never sees it. CommonMark."""

    text: str
    after_message_id: int = 0


class HandOff(ChatwootCommand):
    """Give the conversation to the people: open it by the bot's own right, so that Chatwoot counts a hand-off."""

    reason: HandOffReason


class SetTyping(ChatwootCommand):
    """Show or hide the typing sign. Cosmetic: a failure is counted and forgotten."""

    on: bool


class SetLabels(ChatwootCommand):
    """Add these labels, keeping the ones that are there (Chatwoot itself would replace the whole set)."""

    add: tuple[str, ...]


class SetStatus(ChatwootCommand):
    """Set the conversation's status, if no person has spoken in it after `after_message_id`."""

    status: ConversationStatus
    after_message_id: int = 0


CHATWOOT_COMMANDS: MessageRegistry[ChatwootCommand] = MessageRegistry(
    "Chatwoot command", SendMessage, SendTemplate, SendPrivateNote, HandOff, SetTyping, SetLabels, SetStatus
)
