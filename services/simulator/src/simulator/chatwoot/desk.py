"""The customer-service desk: everything that can happen to conversations, whoever does it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.chatwoot import text
from simulator.chatwoot.drafts import Draft, check
from simulator.chatwoot.events import bots_for
from simulator.chatwoot.model import (
    WHATSAPP,
    Account,
    AgentBot,
    Attachment,
    Contact,
    ContactInbox,
    Conversation,
    Inbox,
    Json,
    Message,
    MessageType,
    User,
    World,
)
from simulator.chatwoot.payloads import change
from simulator.chatwoot.rails_json import iso

if TYPE_CHECKING:
    from simulator.chatwoot.changes import Changes
    from simulator.chatwoot.channel import Channel
    from simulator.chatwoot.dispatch import Delivery
    from simulator.chatwoot.events import Events

DELETED = "This message was deleted"


@dataclass(frozen=True)
class Inbound:
    """What a customer sends."""

    content: str | None
    content_attributes: Json = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    source_id: str | None = None


class Desk:
    """Creates contacts, conversations and messages, and fires what Chatwoot fires, in its order."""

    def __init__(self, world: World, events: Events, changes: Changes, channel: Channel) -> None:
        self._world = world
        self._events = events
        self._changes = changes
        self._channel = channel

    def contact(self, inbox: Inbox, account: Account, name: str, phone: str | None, source_id: str) -> ContactInbox:
        """The customer at this inbox, created at the first contact."""
        key = (inbox.id, source_id)
        if key not in account.contact_inboxes:
            now = self._world.clock.now()
            contact = Contact(self._world.next_id(), account.id, name, phone, created_at=now, updated_at=now)
            account.contacts[contact.id] = contact
            created = ContactInbox(self._world.next_id(), contact, inbox, source_id, now)
            account.contact_inboxes[key] = account.customers[contact.id] = created
            self._events.contact("contact_created", account, contact)
        return account.contact_inboxes[key]

    def receive(self, contact_inbox: ContactInbox, account: Account, inbound: Inbound) -> Message:
        """A customer message arrives."""
        conversation = self._conversation_for(contact_inbox, account)
        if conversation.status in ("resolved", "snoozed") and not contact_inbox.contact.blocked:
            self._reopen(conversation)
        message = self._message(conversation, MessageType.INCOMING, inbound.content)
        message.sender = contact_inbox.contact
        message.content_attributes = dict(inbound.content_attributes)
        message.attachments = list(inbound.attachments)
        message.source_id = inbound.source_id or f"wamid.{secrets.token_hex(12).upper()}"
        conversation.last_incoming_at = message.created_at
        conversation.unread += 1
        self._store(message)
        if conversation.waiting_since is None:
            with self._changes.of(conversation):
                conversation.waiting_since = message.created_at
        self._greet(conversation)
        self._touch_contact(account, contact_inbox.contact, message.created_at)
        return message

    def _conversation_for(self, contact_inbox: ContactInbox, account: Account) -> Conversation:
        last = contact_inbox.conversations[-1] if contact_inbox.conversations else None
        if last and (last.status != "resolved" or contact_inbox.inbox.lock_to_single_conversation):
            return last
        return self.open_conversation(contact_inbox, account)

    def open_conversation(self, contact_inbox: ContactInbox, account: Account) -> Conversation:
        """Start a conversation: pending and given to the bot where the inbox has one."""
        now = self._world.clock.now()
        bot = contact_inbox.inbox.bot
        conversation = Conversation(
            id=next(account.display_ids),
            account=account,
            inbox=contact_inbox.inbox,
            contact_inbox=contact_inbox,
            status="resolved" if contact_inbox.contact.blocked else "pending" if bot else "open",
            created_at=now,
            updated_at=now,
            last_activity_at=now,
            waiting_since=now,
            bot=bot,
        )
        account.conversations[conversation.id] = conversation
        contact_inbox.conversations.append(conversation)
        self._events.conversation("conversation_created", conversation)
        return conversation

    def _reopen(self, conversation: Conversation) -> None:
        """Resolved goes back to the bot where there is one; snoozed goes to the people."""
        with self._changes.of(conversation):
            to_bot = conversation.status == "resolved" and bool(bots_for(conversation))
            conversation.status = "pending" if to_bot else "open"
            conversation.snoozed_until = None

    def _greet(self, conversation: Conversation) -> None:
        greeting = conversation.inbox.greeting
        if greeting and len(conversation.messages) == 1:
            message = self._message(conversation, MessageType.TEMPLATE, greeting)
            self._store(message)
            self._channel.send(message)

    def _touch_contact(self, account: Account, contact: Contact, now: float) -> None:
        """Chatwoot updates the contact with every message: most of the noise of an account webhook."""
        changes = [
            change("last_activity_at", iso(contact.last_activity_at), iso(now)),
            change("updated_at", iso(contact.updated_at), iso(now)),
        ]
        contact.last_activity_at = contact.updated_at = now
        self._events.contact("contact_updated", account, contact, changes)

    def post(self, conversation: Conversation, author: User | AgentBot, draft: Draft) -> Message:
        """Create an outgoing message or private note.

        Raises:
            Invalid: Chatwoot's rules refuse it.
        """
        check(draft, conversation, self._world.clock.now())
        kind = MessageType.INCOMING if draft.incoming else MessageType.OUTGOING
        content = draft.content
        if content is not None and not draft.incoming:
            content = text.liquid(content, conversation, author)
        message = self._message(conversation, kind, content)
        message.sender = conversation.contact if draft.incoming else author
        message.private = draft.private
        message.content_type = draft.content_type
        message.content_attributes = dict(draft.content_attributes)
        message.additional_attributes = dict(draft.additional_attributes)
        message.source_id = draft.source_id
        message.attachments = [
            Attachment(
                self._world.next_id(), _file_type(each.content_type), each.content_type, each.file_name, each.data
            )
            for each in draft.uploads
        ]
        self._store(message)
        self._after_outgoing(message)
        self._channel.send(message)
        return message

    def echo(self, conversation: Conversation, content: str) -> Message:
        """A person answers from the phone that is paired with the same WhatsApp number."""
        message = self._message(conversation, MessageType.OUTGOING, content)
        message.content_attributes = {"external_echo": True}
        message.source_id = f"wamid.{secrets.token_hex(12).upper()}"
        message.status = "delivered"
        message.on_phone_at, message.on_phone_text = message.created_at, content
        self._store(message)
        self._after_outgoing(message)
        return message

    def _after_outgoing(self, message: Message) -> None:
        conversation = message.conversation
        if not message.public_reply:
            return
        by_person = isinstance(message.sender, User) or message.echo
        with self._changes.of(conversation):
            conversation.waiting_since = None
            if by_person and conversation.first_reply_created_at is None:
                conversation.first_reply_created_at = message.created_at
        if isinstance(message.sender, User):
            conversation.unread = 0
            conversation.agent_last_seen_at = message.created_at

    def delete(self, message: Message) -> None:
        """A person deletes a message."""
        message.content = DELETED
        message.content_attributes = {"deleted": True}
        message.attachments = []
        message.touch(self._world.clock.now())
        self._events.message("message_updated", message)

    def typing(self, conversation: Conversation, *, on: bool) -> None:
        """The customer types."""
        self._events.typing(conversation, on=on)

    def close_window(self, conversation: Conversation) -> None:
        """Let WhatsApp's 24 hours be over, until the customer writes again."""
        conversation.last_incoming_at = None

    def delivery_failed(self, delivery: Delivery, error: str) -> None:
        """What Chatwoot does when a webhook finally failed: only for messages, by kind of webhook."""
        message = delivery.message
        if message is None:
            return
        conversation = message.conversation
        if delivery.kind == "agent_bot":
            if conversation.status == "pending" and not conversation.account.keep_pending_on_bot_failure:
                self._changes.escalate(conversation)
        elif delivery.kind == "api_inbox" and message.status != "failed":
            self._channel.fail(message, error)

    def _message(self, conversation: Conversation, kind: MessageType, content: str | None) -> Message:
        now = self._world.clock.now()
        return Message(self._world.next_message_id(), conversation, kind, content, created_at=now, updated_at=now)

    def _store(self, message: Message) -> None:
        conversation = message.conversation
        conversation.messages.append(message)
        conversation.last_activity_at = conversation.updated_at = message.created_at
        if not message.private:
            conversation.last_public = message
        self._world.messages[message.id] = message
        for attachment in message.attachments:
            self._world.publish(attachment)
        self._events.message("message_created", message)


def _file_type(content_type: str) -> str:
    kind = content_type.partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "file"


def whatsapp_source_id(inbox: Inbox, phone: str | None) -> str:
    """Where the channel reaches a phone: the digits on WhatsApp, an opaque id elsewhere or without a number."""
    if phone and inbox.channel == WHATSAPP:
        return phone.lstrip("+")
    return f"BR.{secrets.randbelow(10**15):015d}"
