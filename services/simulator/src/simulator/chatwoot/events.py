"""Who gets told of what: the event matrix of Chatwoot, and the page's live view."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from simulator.chatwoot import payloads
from simulator.chatwoot.dispatch import Build, Delivery, Dispatcher
from simulator.chatwoot.model import API, Account, AgentBot, Contact, Conversation, Message, MessageType, World

BOT_EVENTS = frozenset(
    {
        "message_created",
        "message_updated",
        "conversation_updated",
        "conversation_status_changed",
        "conversation_opened",
        "conversation_resolved",
    }
)
API_INBOX_EVENTS = frozenset(
    {
        "message_created",
        "message_updated",
        "conversation_created",
        "conversation_updated",
        "conversation_status_changed",
        "conversation_typing_on",
        "conversation_typing_off",
    }
)
ACCOUNT_EVENTS = (
    "conversation_created",
    "conversation_status_changed",
    "conversation_updated",
    "message_created",
    "message_updated",
    "webwidget_triggered",
    "contact_created",
    "contact_updated",
    "conversation_typing_on",
    "conversation_typing_off",
    "inbox_created",
    "inbox_updated",
)
Subscriber = asyncio.Queue[dict[str, Any] | None]


class Live:
    """Tells watchers (the chat page) that something changed, without holding anything up."""

    def __init__(self) -> None:
        self._subscribers: dict[int, set[Subscriber]] = {}

    def subscribe(self, account_id: int) -> Subscriber:
        """Start to watch an account."""
        queue: Subscriber = asyncio.Queue(maxsize=1000)
        self._subscribers.setdefault(account_id, set()).add(queue)
        return queue

    def unsubscribe(self, account_id: int, queue: Subscriber) -> None:
        """Stop watching."""
        self._subscribers.get(account_id, set()).discard(queue)

    def publish(self, account_id: int, event: str, conversation_id: int) -> None:
        """Tell the watchers; one that does not read misses it and catches up with its next poll."""
        for queue in self._subscribers.get(account_id, ()):
            if not queue.full():
                queue.put_nowait({"event": event, "conversation_id": conversation_id})

    def close(self) -> None:
        """Send every watcher away."""
        for queue in [each for queues in self._subscribers.values() for each in queues]:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)


class Events:
    """Sends every event to everybody it concerns."""

    def __init__(self, world: World, dispatcher: Dispatcher, live: Live) -> None:
        self._world = world
        self._dispatcher = dispatcher
        self._live = live

    def message(self, event: str, message: Message) -> None:
        """`message_created` or `message_updated`. Activities are never sent, private notes are."""
        conversation = message.conversation
        self._live.publish(conversation.account.id, event, conversation.id)
        if message.type is MessageType.ACTIVITY:
            return
        self._tell(
            conversation, event, lambda: payloads.message_webhook(message, event, self._world.clock.now()), message
        )

    def conversation(self, event: str, conversation: Conversation, changes: Sequence[payloads.Change] = ()) -> None:
        """Any `conversation_*` event but typing."""
        self._live.publish(conversation.account.id, event, conversation.id)
        now = self._world.clock.now
        self._tell(conversation, event, lambda: payloads.conversation_event(conversation, event, changes, now()))

    def typing(self, conversation: Conversation, *, on: bool) -> None:
        """The customer starts or stops typing."""
        event = "conversation_typing_on" if on else "conversation_typing_off"
        now = self._world.clock.now
        self._tell(conversation, event, lambda: payloads.typing_event(conversation, conversation.contact, event, now()))

    def contact(self, event: str, account: Account, contact: Contact, changes: Sequence[payloads.Change] = ()) -> None:
        """`contact_created` or `contact_updated`: account webhooks only."""
        self._tell_account(account, event, lambda: payloads.contact_event(account, contact, event, changes), None)

    def _tell(self, conversation: Conversation, event: str, build: Build, message: Message | None = None) -> None:
        account = conversation.account
        if event in BOT_EVENTS:
            for bot in bots_for(conversation):
                if bot.outgoing_url:
                    self._dispatcher.send(
                        Delivery("agent_bot", event, account.id, bot.outgoing_url, bot.secret, build, message)
                    )
        self._tell_account(account, event, build, message)
        inbox = conversation.inbox
        if inbox.channel == API and inbox.webhook_url and event in API_INBOX_EVENTS:
            self._dispatcher.send(
                Delivery("api_inbox", event, account.id, inbox.webhook_url, inbox.webhook_secret, build, message)
            )

    def _tell_account(self, account: Account, event: str, build: Build, message: Message | None) -> None:
        for webhook in account.webhooks.values():
            if event in webhook.subscriptions:
                self._dispatcher.send(
                    Delivery("account", event, account.id, webhook.url, webhook.secret, build, message)
                )


def bots_for(conversation: Conversation) -> list[AgentBot]:
    """The assigned bot and the inbox's bot; no status and no message type is looked at."""
    bots = [bot for bot in (conversation.bot, conversation.inbox.bot) if bot is not None]
    return list({bot.id: bot for bot in bots}.values())
