"""Chatwoot without a network: the simulator's records and rules, its webhooks in the hand of the test, its lists read
as the sweep reads them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVarTuple, Unpack

import orjson

from simulator.chatwoot import rails_json
from simulator.chatwoot.changes import Changes
from simulator.chatwoot.channel import Channel, Pace
from simulator.chatwoot.desk import Desk, Inbound
from simulator.chatwoot.dispatch import Delivery, Dispatcher, Timing
from simulator.chatwoot.drafts import Draft
from simulator.chatwoot.events import Events, Live
from simulator.chatwoot.messages import select
from simulator.chatwoot.model import WHATSAPP, Account, AgentBot, Conversation, Inbox, Message, User, World
from simulator.chatwoot.views import conversation_view, message_view
from simulator.clock import Clock
from simulator.faults import FaultBoard
from simulator.timers import Timers
from webhook.reconciliation.rows import ConversationRow, MessageRow, conversation_rows, message_rows
from webhook.reconciliation.watermarks import Watermark

Arguments = TypeVarTuple("Arguments")
START = 1_795_000_000.0


@dataclass
class HandClock(Clock):
    """Moved by the test alone."""

    at: float = START

    def now(self) -> float:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class HandTimers(Timers):
    """What WhatsApp does later happens when the test says so."""

    waiting: list[Callable[[], None]] = field(default_factory=list)

    def later(self, delay: float, call: Callable[[Unpack[Arguments]], None], *arguments: *Arguments) -> None:
        del delay
        self.waiting.append(lambda: call(*arguments))

    def run(self) -> None:
        due, self.waiting = self.waiting, []
        for each in due:
            each()


@dataclass
class Hook:
    """A webhook under way. An AgentBot's body is frozen, an account webhook's is made when it is sent."""

    kind: str
    event: str
    build: Callable[[], dict[str, Any]]

    def body(self) -> dict[str, Any]:
        made: dict[str, Any] = orjson.loads(rails_json.dumps(self.build()))
        return made


class _Hooks(Dispatcher):
    def __init__(self, hooks: list[Hook]) -> None:
        super().__init__(FaultBoard(), HandTimers(), lambda *_: None, Timing())
        self._hooks = hooks

    def send(self, delivery: Delivery) -> None:
        if delivery.kind == "agent_bot":
            frozen = delivery.build()
            self._hooks.append(Hook("agent_bot", delivery.event, lambda: frozen))
        else:
            self._hooks.append(Hook("account_webhook", delivery.event, delivery.build))


class ChatwootInProcess:
    """Account 1 with one WhatsApp inbox, its bot and one person."""

    def __init__(self, *, one_conversation: bool = True) -> None:
        self.clock = HandClock()
        self.world = World(self.clock)
        self.hooks: list[Hook] = []
        self.timers = HandTimers()
        events = Events(self.world, _Hooks(self.hooks), Live())
        self.changes = Changes(self.world, events)
        self.channel = Channel(self.world, events, self.timers, FaultBoard(), Pace())
        self.desk = Desk(self.world, events, self.changes, self.channel)
        self.account = Account(1, "Casa Jabuticaba")
        self.bot = AgentBot(1, 1, "Lia", "bot-token", "secret", "https://assistant.example.com/")
        self.person = User(2, 1, "Ana", "ana@example.com", "user-token", "agent")
        inbox = Inbox(1, 1, "WhatsApp", bot=self.bot, lock_to_single_conversation=one_conversation, channel=WHATSAPP)
        self.account.bots[1], self.account.users[2], self.account.inboxes[1] = self.bot, self.person, inbox
        self.world.accounts[1] = self.account
        self.inbox = inbox

    def customer(self, number: int, text: str = "oi") -> Message:
        """A customer writes."""
        phone = f"+553199{number:07d}"
        contact = self.desk.contact(self.inbox, self.account, f"Cliente {number}", phone, phone[1:])
        return self.desk.receive(contact, self.account, Inbound(text))

    def reply(self, conversation: Conversation, text: str = "Eu cuido disso.") -> Message:
        """A person answers from the panel."""
        return self.desk.post(conversation, self.person, Draft(content=text))

    def bot_says(self, conversation: Conversation, text: str, command_id: str, turn_id: str) -> Message:
        """The assistant's message, as the sender posts it."""
        stamp = {"odoo_ai": {"command_id": command_id, "turn_id": turn_id}}
        return self.desk.post(conversation, self.bot, Draft(content=text, content_attributes=stamp))


@dataclass
class Lists:
    """What the sweep reads, from the views of the REST API, and how often. `budget`: requests that may be made now."""

    chatwoot: ChatwootInProcess
    requests: int = 0
    budget: int = 1_000_000
    calm: int = 0
    """How many of the requests were for conversations that nobody waits for."""

    def free(self, requests: int) -> bool:
        return self.requests + requests <= self.budget

    async def clock(self) -> float:
        self.requests += 1
        return float(math.floor(self.chatwoot.clock.now()))

    async def changed_within(self, seconds: float) -> list[ConversationRow]:
        since = self.chatwoot.clock.now() - seconds
        return self._listed(lambda each: each.updated_at >= since)

    async def active_since(self, since: float) -> list[ConversationRow]:
        return self._listed(lambda each: each.last_activity_at >= since)

    async def messages_after(
        self, conversation: int, after: int, *, calm: bool = False
    ) -> tuple[list[MessageRow], bool]:
        self.calm += calm
        rows = self._messages(conversation, after=after)
        return rows, len(rows) >= 100

    async def newest_messages(
        self, conversation: int, before: int | None = None, *, calm: bool = False
    ) -> tuple[list[MessageRow], bool]:
        self.calm += calm
        rows = self._messages(conversation, before=before)
        return rows, len(rows) >= 20

    def _listed(self, wanted: Callable[[Conversation], bool]) -> list[ConversationRow]:
        self.requests += 1
        now = self.chatwoot.clock.now()
        found = [each for each in self.chatwoot.account.conversations.values() if wanted(each)]
        return conversation_rows(_sent([conversation_view(each, now) for each in found]))

    def _messages(self, conversation: int, after: int | None = None, before: int | None = None) -> list[MessageRow]:
        self.requests += 1
        found = select(self.chatwoot.account.conversations[conversation], after, before)
        return message_rows(_sent([message_view(each) for each in found]))


@dataclass
class Notebook:
    """The sweep's memory, without a broker; `restarted` keeps what is durable."""

    until: float | None = None
    marks: dict[int, Watermark] = field(default_factory=dict)

    async def swept_until(self) -> float | None:
        return self.until

    async def set_swept_until(self, at: float) -> None:
        self.until = at

    async def mark(self, conversation: int) -> Watermark | None:
        return self.marks.get(conversation)

    async def set_mark(self, conversation: int, mark: Watermark) -> None:
        self.marks[conversation] = mark

    def forget_all_but(self, conversations: set[int]) -> None:
        """Only a cache is forgotten; there is none."""


def _sent(rows: list[dict[str, Any]]) -> list[Any]:
    """As they come over the wire."""
    found: list[Any] = orjson.loads(rails_json.dumps(rows))
    return found
