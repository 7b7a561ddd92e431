"""What the control API shows of the simulated Chatwoot."""

from __future__ import annotations

from typing import Any

from simulator.chatwoot.ledger import Ledger, stamp
from simulator.chatwoot.model import Account, AgentBot, Contact, ContactInbox, Conversation, Message, MessageType, User
from simulator.chatwoot.payloads import assignee_push
from simulator.transcript import Line, Transcript, Who


def account_view(account: Account) -> dict[str, Any]:
    """An account with its credentials: this is a simulator."""
    return {
        "id": account.id,
        "name": account.name,
        "keep_pending_on_bot_failure": account.keep_pending_on_bot_failure,
        "inboxes": [{"id": each.id, "name": each.name, "channel": each.channel} for each in account.inboxes.values()],
        "bots": [
            {"id": each.id, "name": each.name, "token": each.token, "secret": each.secret, "url": each.outgoing_url}
            for each in account.bots.values()
        ],
        "users": [
            {"id": each.id, "name": each.name, "role": each.role, "token": each.token}
            for each in account.users.values()
        ],
        "webhooks": [
            {"id": each.id, "url": each.url, "secret": each.secret, "subscriptions": each.subscriptions}
            for each in account.webhooks.values()
        ],
    }


def customer_view(contact_inbox: ContactInbox) -> dict[str, Any]:
    """A customer at an inbox."""
    contact = contact_inbox.contact
    return {
        "id": contact.id,
        "name": contact.name,
        "phone": contact.phone,
        "inbox_id": contact_inbox.inbox.id,
        "source_id": contact_inbox.source_id,
        "conversation_ids": [each.id for each in contact_inbox.conversations],
    }


def conversation_row(conversation: Conversation) -> dict[str, Any]:
    """One row of the list."""
    last = conversation.last_public
    return {
        "id": conversation.id,
        "customer_id": conversation.contact.id,
        "customer": conversation.contact.name,
        "status": conversation.status,
        "last_activity_at": conversation.last_activity_at,
        "last_text": (last.content or "") if last else "",
        "messages": len(conversation.messages),
    }


def transcript(conversation: Conversation, now: float, after_id: int = 0) -> Transcript:
    """The conversation as a reader sees it, from a message on."""
    assignee, kind = assignee_push(conversation)
    return Transcript(
        account_id=conversation.account.id,
        conversation_id=conversation.id,
        customer_id=conversation.contact.id,
        customer=conversation.contact.name,
        status=conversation.status,
        assignee_kind=kind,
        assignee=assignee["name"] if assignee else None,
        labels=tuple(conversation.labels),
        can_reply=conversation.can_reply(now),
        lines=tuple(_line(each) for each in conversation.messages if each.id > after_id),
    )


def _line(message: Message) -> Line:
    mark = stamp(message.content_attributes)
    who = _who(message, stamped=bool(mark))
    items = message.content_attributes.get("items") or []
    return Line(
        id=message.id,
        at=message.created_at,
        who=who,
        name=_name(message, who),
        text=message.content or "",
        private=message.private,
        status=message.status,
        on_phone_at=message.on_phone_at,
        on_phone_text=message.on_phone_text,
        command_id=mark.get("command_id", ""),
        turn_id=mark.get("turn_id", ""),
        choices=tuple(str(each.get("title", "")) for each in items if isinstance(each, dict)),
        attachments=tuple(each.file_name or each.file_type for each in message.attachments),
        error=str(message.content_attributes.get("external_error", "")),
        in_reply_to=message.content_attributes.get("in_reply_to"),
    )


def _who(message: Message, *, stamped: bool) -> Who:
    if message.type is MessageType.ACTIVITY:
        return "system"
    if message.type is MessageType.TEMPLATE:
        return "template"
    if isinstance(message.sender, Contact):
        return "customer"
    if message.echo:
        return "phone"
    return "assistant" if stamped or isinstance(message.sender, AgentBot) else "person"


def _name(message: Message, who: Who) -> str:
    if isinstance(message.sender, (Contact, User, AgentBot)):
        return message.sender.name
    return {"phone": "Telefone pareado", "system": "Chatwoot"}.get(who, message.conversation.inbox.name)


def counters(ledger: Ledger, deliveries: dict[str, int], waiting: int) -> dict[str, Any]:
    """Evidence for "exactly once": nothing may stand in `duplicates`."""
    return {
        "posts": len(ledger.arrivals),
        "posts_per_command": dict(ledger.posts),
        "stored_per_command": dict(ledger.stored),
        "duplicates": {command: times for command, times in ledger.stored.items() if command and times > 1},
        "webhooks": deliveries,
        "webhooks_waiting": waiting,
    }
