"""REST answers of Chatwoot: what its JSON templates show."""

from __future__ import annotations

from simulator.chatwoot.model import (
    AccountWebhook,
    AgentBot,
    Contact,
    Conversation,
    Inbox,
    Json,
    Message,
    MessageType,
    User,
)
from simulator.chatwoot.payloads import attachments_data, bot_push, contact_push, message_push, sender_push, user_push
from simulator.chatwoot.rails_json import iso, seconds


def message_view(message: Message, echo_id: str | None = None) -> Json:
    """A message, as create and index answer it."""
    sender = sender_push(message.sender)
    return {
        "id": message.id,
        "content": message.content,
        "inbox_id": message.conversation.inbox.id,
        **({"echo_id": echo_id} if echo_id else {}),
        "conversation_id": message.conversation.id,
        "message_type": int(message.type),
        "content_type": message.content_type,
        "status": message.status,
        "content_attributes": message.content_attributes,
        "created_at": seconds(message.created_at),
        "private": message.private,
        "source_id": message.source_id,
        **({"sender": sender} if sender else {}),
        **attachments_data(message),
    }


def messages_view(conversation: Conversation, messages: list[Message]) -> Json:
    """The messages of a conversation."""
    return {
        "meta": {
            "labels": list(conversation.labels),
            "additional_attributes": conversation.additional_attributes,
            "contact": contact_push(conversation.contact),
            **({"assignee": user_push(conversation.assignee)} if conversation.assignee else {}),
            "agent_last_seen_at": iso(conversation.agent_last_seen_at),
            "assignee_last_seen_at": None,
        },
        "payload": [message_view(each) for each in messages],
    }


def contact_view(contact: Contact) -> Json:
    """A contact."""
    return {
        "additional_attributes": contact.additional_attributes,
        "availability_status": "offline",
        "email": contact.email,
        "id": contact.id,
        "name": contact.name,
        "phone_number": contact.phone,
        "blocked": contact.blocked,
        "identifier": contact.identifier,
        "thumbnail": "",
        "custom_attributes": contact.custom_attributes,
        "last_activity_at": seconds(contact.last_activity_at),
        "created_at": seconds(contact.created_at),
    }


def agent_view(user: User) -> Json:
    """A person, as lists of agents and assignments show them."""
    return {
        "id": user.id,
        "account_id": user.account_id,
        "availability_status": "online",
        "auto_offline": True,
        "confirmed": True,
        "email": user.email,
        "available_name": user.name.split(" ")[0],
        "name": user.name,
        "role": user.role,
        "thumbnail": "",
        "custom_role_id": None,
    }


def _meta_view(conversation: Conversation) -> Json:
    meta: Json = {"sender": contact_view(conversation.contact), "channel": conversation.inbox.channel}
    if conversation.assignee:
        meta |= {"assignee": agent_view(conversation.assignee), "assignee_type": "User"}
    elif conversation.bot:
        meta |= {"assignee": bot_push(conversation.bot), "assignee_type": "AgentBot"}
    if conversation.team_id:
        meta["team"] = {"id": conversation.team_id, "name": f"team {conversation.team_id}"}
    return {**meta, "hmac_verified": False}


def _last(conversation: Conversation) -> Message | None:
    return next((each for each in reversed(conversation.messages) if each.type is not MessageType.ACTIVITY), None)


def conversation_view(conversation: Conversation, now: float) -> Json:
    """A conversation, as show and index answer it."""
    last = _last(conversation)
    return {
        "meta": _meta_view(conversation),
        "id": conversation.id,
        "messages": [message_push(last)] if last else [],
        "account_id": conversation.account.id,
        "uuid": conversation.uuid,
        "additional_attributes": conversation.additional_attributes,
        "agent_last_seen_at": seconds(conversation.agent_last_seen_at),
        "assignee_last_seen_at": 0,
        "can_reply": conversation.can_reply(now),
        "contact_last_seen_at": seconds(conversation.contact_last_seen_at),
        "custom_attributes": conversation.custom_attributes,
        "inbox_id": conversation.inbox.id,
        "labels": list(conversation.labels),
        "muted": conversation.contact.blocked,
        "snoozed_until": seconds(conversation.snoozed_until) if conversation.snoozed_until else None,
        "status": conversation.status,
        "created_at": seconds(conversation.created_at),
        "updated_at": round(conversation.updated_at, 6),
        "timestamp": seconds(conversation.last_activity_at),
        "first_reply_created_at": seconds(conversation.first_reply_created_at),
        "unread_count": min(conversation.unread, 10),
        "last_non_activity_message": message_push(last) if last else None,
        "last_activity_at": seconds(conversation.last_activity_at),
        "priority": conversation.priority,
        "waiting_since": seconds(conversation.waiting_since),
        "sla_policy_id": None,
    }


def inbox_view(inbox: Inbox) -> Json:
    """An inbox."""
    return {
        "id": inbox.id,
        "avatar_url": "",
        "channel_id": inbox.id,
        "name": inbox.name,
        "channel_type": inbox.channel,
        "greeting_enabled": bool(inbox.greeting),
        "greeting_message": inbox.greeting or None,
        "working_hours_enabled": False,
        "enable_email_collect": True,
        "csat_survey_enabled": False,
        "enable_auto_assignment": False,
        "auto_assignment_config": {},
        "out_of_office_message": None,
        "timezone": "UTC",
        "callback_webhook_url": None,
        "allow_messages_after_resolved": True,
        "lock_to_single_conversation": inbox.lock_to_single_conversation,
        "phone_number": inbox.phone_number,
    }


def bot_view(bot: AgentBot, *, for_administrator: bool) -> Json:
    """A bot; its secret and token are shown to administrators only."""
    secret = {"access_token": bot.token, "secret": bot.secret} if for_administrator else {}
    return {
        "id": bot.id,
        "name": bot.name,
        "description": bot.description,
        "thumbnail": "",
        "outgoing_url": bot.outgoing_url,
        "bot_type": "webhook",
        "bot_config": {},
        "account_id": bot.account_id,
        **secret,
        "system_bot": False,
    }


def webhook_view(webhook: AccountWebhook) -> Json:
    """An account webhook, secret included."""
    return {
        "id": webhook.id,
        "name": webhook.name,
        "url": webhook.url,
        "account_id": webhook.account_id,
        "subscriptions": list(webhook.subscriptions),
        "secret": webhook.secret,
    }
