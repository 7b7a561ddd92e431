"""Webhook bodies: the shapes and the key order of Chatwoot's presenters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.chatwoot.model import (
    Account,
    AgentBot,
    Attachment,
    Contact,
    ContactInbox,
    Conversation,
    Inbox,
    Json,
    Message,
    Sender,
    User,
)
from simulator.chatwoot.rails_json import iso, seconds

Change = dict[str, dict[str, Any]]


def account_data(account: Account) -> Json:
    """The account as every body shows it."""
    return {"id": account.id, "name": account.name}


def contact_push(contact: Contact) -> Json:
    """The contact inside a conversation (with a type)."""
    return {
        "additional_attributes": contact.additional_attributes,
        "custom_attributes": contact.custom_attributes,
        "email": contact.email,
        "id": contact.id,
        "identifier": contact.identifier,
        "name": contact.name,
        "phone_number": contact.phone,
        "thumbnail": "",
        "blocked": contact.blocked,
        "type": "contact",
    }


def contact_webhook(account: Account, contact: Contact) -> Json:
    """The contact as a sender and as the subject of contact events (without a type)."""
    return {
        "account": account_data(account),
        "additional_attributes": contact.additional_attributes,
        "avatar": "",
        "custom_attributes": contact.custom_attributes,
        "email": contact.email,
        "id": contact.id,
        "identifier": contact.identifier,
        "name": contact.name,
        "phone_number": contact.phone,
        "thumbnail": "",
        "blocked": contact.blocked,
    }


def user_push(user: User) -> Json:
    """A person inside a conversation."""
    return {
        "id": user.id,
        "name": user.name,
        "available_name": user.name.split(" ")[0],
        "avatar_url": "",
        "type": "user",
        "availability_status": "online",
        "thumbnail": "",
    }


def bot_push(bot: AgentBot) -> Json:
    """A bot inside a conversation."""
    return {"id": bot.id, "name": bot.name, "avatar_url": "", "type": "agent_bot"}


def sender_push(sender: Sender) -> Json | None:
    """Whoever wrote a message, as its row shows them."""
    if isinstance(sender, Contact):
        return contact_push(sender)
    if isinstance(sender, User):
        return user_push(sender)
    return bot_push(sender) if isinstance(sender, AgentBot) else None


def sender_webhook(account: Account, sender: Sender) -> Json | None:
    """Whoever wrote a message, at the top of its webhook body."""
    if isinstance(sender, Contact):
        return contact_webhook(account, sender)
    if isinstance(sender, User):
        return {"id": sender.id, "name": sender.name, "email": sender.email, "type": "user"}
    return {"id": sender.id, "name": sender.name, "type": "agent_bot"} if isinstance(sender, AgentBot) else None


def sender_type(sender: Sender) -> str | None:
    """The Rails class of a sender."""
    return type(sender).__name__ if sender is not None else None


def attachment_data(account_id: int, message_id: int, attachment: Attachment) -> Json:
    """An attachment, by its type."""
    base: Json = {
        "id": attachment.id,
        "message_id": message_id,
        "file_type": attachment.file_type,
        "account_id": account_id,
    }
    if attachment.file_type == "location":
        place = {"coordinates_lat": attachment.latitude, "coordinates_long": attachment.longitude}
        return {**base, **place, "fallback_title": attachment.title, "data_url": attachment.url or None}
    if attachment.file_type == "contact":
        return {**base, "fallback_title": attachment.title, "meta": attachment.meta}
    is_audio = attachment.file_type == "audio"
    file = {
        "extension": attachment.file_name.rpartition(".")[2],
        "content_type": attachment.content_type,
        "data_url": attachment.url + ("?disposition=inline" if is_audio else ""),
        "thumb_url": attachment.url if attachment.file_type == "image" else "",
        "file_size": len(attachment.data),
        "width": None,
        "height": None,
    }
    return {**base, **file, **({"transcribed_text": attachment.meta.get("transcribed_text", "")} if is_audio else {})}


def attachments_data(message: Message) -> Json:
    """The `attachments` key, which is absent without attachments."""
    if not message.attachments:
        return {}
    account_id = message.conversation.account.id
    return {"attachments": [attachment_data(account_id, message.id, each) for each in message.attachments]}


def message_push(message: Message) -> Json:
    """A message as a full row, inside a conversation body."""
    conversation = message.conversation
    sender = sender_push(message.sender)
    return {
        "id": message.id,
        "content": message.content,
        "account_id": conversation.account.id,
        "inbox_id": conversation.inbox.id,
        "conversation_id": conversation.id,
        "message_type": int(message.type),
        "created_at": seconds(message.created_at),
        "updated_at": iso(message.updated_at),
        "private": message.private,
        "status": message.status,
        "source_id": message.source_id,
        "content_type": message.content_type,
        "content_attributes": message.content_attributes,
        "sender_type": sender_type(message.sender),
        "sender_id": message.sender.id if message.sender else None,
        "external_source_ids": {},
        "additional_attributes": message.additional_attributes,
        "processed_message_content": message.content,
        "sentiment": {},
        "conversation": {
            "assignee_id": conversation.assignee.id if conversation.assignee else None,
            "unread_count": min(conversation.unread, 10),
            "last_activity_at": seconds(conversation.last_activity_at),
            "contact_inbox": {"source_id": conversation.contact_inbox.source_id},
        },
        **attachments_data(message),
        **({"sender": sender} if sender else {}),
    }


def _contact_inbox(contact_inbox: ContactInbox) -> Json:
    return {
        "id": contact_inbox.id,
        "contact_id": contact_inbox.contact.id,
        "inbox_id": contact_inbox.inbox.id,
        "source_id": contact_inbox.source_id,
        "created_at": iso(contact_inbox.created_at),
        "updated_at": iso(contact_inbox.created_at),
        "hmac_verified": False,
        "pubsub_token": contact_inbox.pubsub_token,
    }


def assignee_push(conversation: Conversation) -> tuple[Json | None, str | None]:
    """Who the conversation is given to, and the kind."""
    if conversation.assignee:
        return user_push(conversation.assignee), "User"
    if conversation.bot:
        return bot_push(conversation.bot), "AgentBot"
    return None, None


def _meta(conversation: Conversation) -> Json:
    assignee, kind = assignee_push(conversation)
    team = {"id": conversation.team_id, "name": f"team {conversation.team_id}"} if conversation.team_id else None
    return {
        "sender": contact_push(conversation.contact),
        "assignee": assignee,
        "assignee_type": kind,
        "team": team,
        "hmac_verified": False,
    }


def conversation_webhook(conversation: Conversation, now: float) -> Json:
    """A conversation body, as it is at this moment."""
    last = conversation.last_public
    return {
        "additional_attributes": conversation.additional_attributes,
        "can_reply": conversation.can_reply(now),
        "channel": conversation.inbox.channel,
        "contact_inbox": _contact_inbox(conversation.contact_inbox),
        "id": conversation.id,
        "inbox_id": conversation.inbox.id,
        "messages": [message_push(last)] if last else [],
        "labels": list(conversation.labels),
        "meta": _meta(conversation),
        "status": conversation.status,
        "custom_attributes": conversation.custom_attributes,
        "snoozed_until": iso(conversation.snoozed_until),
        "unread_count": min(conversation.unread, 10),
        "first_reply_created_at": iso(conversation.first_reply_created_at),
        "priority": conversation.priority,
        "waiting_since": seconds(conversation.waiting_since),
        "agent_last_seen_at": seconds(conversation.agent_last_seen_at),
        "contact_last_seen_at": seconds(conversation.contact_last_seen_at),
        "last_activity_at": seconds(conversation.last_activity_at),
        "timestamp": seconds(conversation.last_activity_at),
        "created_at": seconds(conversation.created_at),
        "updated_at": round(conversation.updated_at, 6),
        "account": account_data(conversation.account),
    }


def inbox_data(inbox: Inbox) -> Json:
    """The inbox as a message body shows it."""
    return {"id": inbox.id, "name": inbox.name}


def message_webhook(message: Message, event: str, now: float) -> Json:
    """A message body."""
    conversation = message.conversation
    return {
        "account": account_data(conversation.account),
        "additional_attributes": message.additional_attributes,
        "content_attributes": message.content_attributes,
        "content_type": message.content_type,
        "content": message.content.rstrip("\n") if message.content is not None else None,
        "conversation": conversation_webhook(conversation, now),
        "created_at": iso(message.created_at),
        "id": message.id,
        "inbox": inbox_data(conversation.inbox),
        "message_type": message.type.name.lower(),
        "private": message.private,
        "sender": sender_webhook(conversation.account, message.sender),
        "source_id": message.source_id,
        **attachments_data(message),
        "event": event,
    }


def conversation_event(conversation: Conversation, event: str, changes: Sequence[Change] | None, now: float) -> Json:
    """A conversation body with its event; `changed_attributes` is null on status changes, as in practice."""
    body = {**conversation_webhook(conversation, now), "event": event}
    if event in ("conversation_updated", "conversation_status_changed"):
        body["changed_attributes"] = changes if event == "conversation_updated" else None
    return body


def typing_event(conversation: Conversation, contact: Contact, event: str, now: float) -> Json:
    """The customer starts or stops typing."""
    return {
        "event": event,
        "user": contact_webhook(conversation.account, contact),
        "conversation": conversation_webhook(conversation, now),
        "is_private": False,
    }


def contact_event(account: Account, contact: Contact, event: str, changes: Sequence[Change] | None) -> Json:
    """A contact body with its event."""
    body = {**contact_webhook(account, contact), "event": event}
    if event == "contact_updated":
        body["changed_attributes"] = changes
    return body


def change(name: str, before: Any, after: Any) -> Change:
    """One entry of `changed_attributes`."""
    return {name: {"previous_value": before, "current_value": after}}
