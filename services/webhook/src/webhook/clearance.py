"""Whether the bot may still speak or act, judged by a look at the conversation just before it does. Pure.

The hub decided by what it had been told. Between that and now a person may have taken over, and nothing may be said
over a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from common.commands import ChatwootCommand, HandOff, SendMessage, SendTemplate, SetStatus
from common.events import ConversationSnapshot, HumanReplied, WithheldReason
from webhook.channel_rules import rules_of
from webhook.conversation_now import ConversationNow

KNOWN_SECONDS: Final = 120.0
"""What a person wrote so long before the command was decided is known to the hub, which decided all the same."""

ON_ITS_WAY_SECONDS: Final = 10.0
"""A message that the channel has not taken after so long holds up no other one."""

SPEAKING: Final = (SendMessage, SendTemplate)


def needs_a_look(command: ChatwootCommand) -> bool:
    """Whether a command says or changes something that is not the bot's to say or change in a person's conversation.

    Notes and labels are for the people.
    """
    return isinstance(command, (*SPEAKING, HandOff, SetStatus))


def withheld_because(command: ChatwootCommand, snapshot: ConversationSnapshot) -> WithheldReason | None:
    """Why a command must not be carried out in a conversation that looks like this; None: it may.

    Open and still assigned to our bot is what Chatwoot makes of a conversation when a webhook failed: no person is
    there, and the customer waits.
    """
    if isinstance(command, HandOff):
        # Whoever has it is a person already; an open conversation stays open.
        return None
    if snapshot.assignee.kind == "person":
        return "assigned_to_person"
    if snapshot.assignee.kind == "other":
        return "other_assistant"
    match snapshot.status:
        case "resolved":
            return "conversation_resolved"
        case "snoozed":
            return "conversation_snoozed"
        case "open":
            return None if snapshot.assignee.kind == "our_bot" else "conversation_open"
        case "pending":
            return None


def is_done_already(command: ChatwootCommand, snapshot: ConversationSnapshot) -> bool:
    """Whether there is nothing left to do: handed off to people who have it, or the status is there."""
    if isinstance(command, HandOff):
        return snapshot.status != "pending"
    return isinstance(command, SetStatus) and snapshot.status == command.status


def is_news(reply: HumanReplied, command: ChatwootCommand) -> bool:
    """Whether a person's reply can be one that the hub did not know of when it decided the command."""
    return (command.issued_at - reply.occurred_at).total_seconds() < KNOWN_SECONDS


def is_on_its_way(now: ConversationNow, at: datetime) -> bool:
    """Whether our last message is still on its way to the channel, so that another one could overtake it."""
    last = now.newest
    return (
        last is not None
        and last.stamp is not None
        and not last.private
        and last.source_id is None
        and last.status == "sent"
        and rules_of(now.snapshot.channel).reports_hand_over
        and at.timestamp() - last.created_at < ON_ITS_WAY_SECONDS
    )
