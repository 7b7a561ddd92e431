"""A whole assistant without a network: webhooks translated, events applied, turns run, commands sent, sweeps made.

Everything between Chatwoot's records and the hub's state is the real code. What the test decides is which webhooks
arrive, how often, in which order, and when turns and sweeps happen.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from support.chatwoot_in_process import ChatwootInProcess, Hook, Lists, Notebook

from common.commands import CHATWOOT_COMMANDS, ChatwootCommand, HandOff, SendMessage, SendPrivateNote, SetStatus
from common.events import ChatwootEvent, CustomerMessageReceived, HumanReplied
from common.message import MessageRegistry
from common.nats import topology
from common.tenants import Assistant, TenantProfile
from hub.answering import Reply
from hub.apply import Moment, apply_event, effects_of
from hub.conversation import ConversationState, Lease
from hub.lease import Claimant, claim, holds
from hub.ownership import standing
from hub.turn_commit import commit
from simulator.chatwoot.drafts import Draft
from simulator.chatwoot.model import Conversation, Message, User
from webhook.arrival import Arrival, Ignored
from webhook.reconciliation.arrivals import TenantArrivals
from webhook.reconciliation.sweep import Sweep
from webhook.translation import translate

TENANT = TenantProfile(tenant="acme", chatwoot_account_id=1, assistant=Assistant(debounce_seconds=2))
_COMMANDS: MessageRegistry[ChatwootCommand] = CHATWOOT_COMMANDS


@dataclass
class Truth:
    """Who may speak in a conversation, from what people did in Chatwoot, whoever was told of it."""

    taken: bool = False
    opened_by_chatwoot: bool = False

    def after(self, what: str, before: tuple[str, str], now: tuple[str, str]) -> None:
        kept_before, kept = _kept(before), _kept(now)
        if now != ("open", "bot"):
            self.opened_by_chatwoot = False
        elif (what == "escalate" and kept_before) or (what == "customer" and before[0] == "snoozed"):
            # A snoozed conversation that the customer wakes is open with the bot assigned, too: when nobody told of
            # the snooze, it cannot be told from one that Chatwoot opened by itself.
            self.opened_by_chatwoot = True
        here = kept or self.opened_by_chatwoot
        given_back = before != now and (not kept_before or what == "hand_back")
        if not here or given_back:
            self.taken = False
        if what in ("human_reply", "phone_echo") and here:
            self.taken = True

    def may_speak(self, now: tuple[str, str]) -> bool:
        return (_kept(now) or self.opened_by_chatwoot) and not self.taken


def _kept(place: tuple[str, str]) -> bool:
    return place[0] == "pending" and place[1] in ("nobody", "bot")


def place_of(conversation: Conversation) -> tuple[str, str]:
    who = "person" if conversation.assignee else "bot" if conversation.bot else "nobody"
    return conversation.status, who


@dataclass
class Histories:
    """One installation. `late`: how often an event is applied again after it was applied."""

    chatwoot: ChatwootInProcess = field(default_factory=ChatwootInProcess)
    states: dict[int, ConversationState] = field(default_factory=dict)
    truths: dict[int, Truth] = field(default_factory=dict)
    written: list[int] = field(default_factory=list)
    ends: Counter[int] = field(default_factory=Counter)
    events: list[ChatwootEvent] = field(default_factory=list)
    leases: dict[int, Lease] = field(default_factory=dict)
    orders: list[ChatwootCommand] = field(default_factory=list)
    spoken_wrongly: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lists, self.notebook = Lists(self.chatwoot), Notebook()
        self._published: set[str] = set()
        self._sweep = self._new_sweep()

    # What happens in Chatwoot

    def customer(self, number: int) -> None:
        places = {each.id: place_of(each) for each in self.chatwoot.account.conversations.values()}
        message = self.chatwoot.customer(number)
        self.written.append(message.id)
        self._seen("customer", message.conversation, places.get(message.conversation.id, ("pending", "bot")))

    def act(self, what: str, conversation: Conversation) -> None:
        """A person, or Chatwoot itself, does something."""
        before = place_of(conversation)
        changes, person = self.chatwoot.changes, self.chatwoot.person
        match what:
            case "human_reply":
                self.chatwoot.reply(conversation)
            case "phone_echo":
                self.chatwoot.desk.echo(conversation, "Do celular: eu cuido.")
            case "note":
                self.chatwoot.desk.post(conversation, person, Draft(content="anotação", private=True))
            case "assign":
                changes.assign_user(conversation, person)
            case "unassign":
                changes.assign_user(conversation, None)
            case "hand_back":
                changes.assign_bot(conversation, self.chatwoot.bot)
            case "open":
                changes.open_by_user(conversation, person)
            case "escalate":
                if conversation.status == "pending":
                    changes.escalate(conversation)
            case _:
                changes.set_status(conversation, what, person.name)  # type: ignore[arg-type]
        self._seen(what, conversation, before)

    def _seen(self, what: str, conversation: Conversation, before: tuple[str, str]) -> None:
        self.truths.setdefault(conversation.id, Truth()).after(what, before, place_of(conversation))
        self.chatwoot.clock.advance(1.0)

    # What the assistant is told

    def deliver(self, hook: Hook) -> None:
        """A webhook arrives."""
        outcome = translate(hook.body(), Arrival(TENANT, hook.kind, self._wall()))  # type: ignore[arg-type]
        if isinstance(outcome, Ignored):
            return
        self._publish(outcome)
        if isinstance(outcome, CustomerMessageReceived | HumanReplied):
            of_customer = isinstance(outcome, CustomerMessageReceived)
            self._arrived.note(outcome.conversation_id, outcome.message_id, of_customer=of_customer)

    async def sweep(self, *, restart: bool = False) -> None:
        """The sweep finds what was not told."""
        if restart:
            self._sweep = self._new_sweep()
        await self._sweep.list_changes()
        while self._sweep.backlog:
            self.lists.budget = self.lists.requests + 5
            await self._sweep.catch_up(float("inf"))
        await self._sweep.catch_up(float("inf"))

    def _new_sweep(self) -> Sweep:
        self._arrived = TenantArrivals()
        return Sweep(
            TENANT,
            self.lists,
            self.notebook,
            self._pass_on,
            self._arrived,
            first_seconds=3600,
            wall=self._wall,
            clock=self.chatwoot.clock.now,
        )

    async def _pass_on(self, event: ChatwootEvent) -> bool:
        return self._publish(event)

    def _publish(self, event: ChatwootEvent) -> bool:
        """The stream takes an id once."""
        if event.event_id in self._published:
            return False
        self._published.add(event.event_id)
        self.events.append(event)
        self.apply(len(self.events))
        return True

    def apply(self, sequence: int) -> None:
        """The hub gets the event of a sequence, perhaps not for the first time."""
        event = self.events[sequence - 1]
        before = self.states.get(event.conversation_id) or ConversationState.first(event)
        state = apply_event(before, event, Moment(sequence, self._wall(), TENANT))
        self._count(before, state)
        self.states[event.conversation_id] = self._flushed(state)
        effects_of(state, sequence)

    # What the assistant does

    def take_turn(self, conversation: int) -> None:
        """A timer fires."""
        state = self.states.get(conversation)
        if state is None or state.timer is None:
            return
        now = max(self._wall(), state.timer.due_at)
        found = claim(state, Claimant("hub", f"{state.turns}", 12), fired_for=now, now=now)
        if isinstance(found, Lease):
            self.leases[conversation] = found
            self.states[conversation] = state.model_copy(update={"lease": found})

    def finish_turn(self, conversation: int, reply: Reply) -> None:
        """The answer is ready: committed if it is still wanted."""
        state, lease = self.states.get(conversation), self.leases.pop(conversation, None)
        if state is None or lease is None or not holds(state, lease):
            return
        committed = commit(state, lease, reply, self._wall())
        self._count(state, committed)
        self.states[conversation] = self._flushed(committed)

    def send_next(self) -> None:
        """The sender carries out the oldest command, after a look at the conversation as it is."""
        if not self.orders:
            return
        command = self.orders.pop(0)
        conversation = self.chatwoot.account.conversations[command.conversation_id]
        before = place_of(conversation)
        answered = _answered_by_person(conversation)
        match command:
            case SendMessage() if (_kept(before) or before == ("open", "bot")) and not answered:
                if not self.truths[conversation.id].may_speak(before):
                    self.spoken_wrongly.append(command.command_id)
                self.chatwoot.bot_says(conversation, command.text, command.command_id, command.turn_id)
            case SendPrivateNote():
                self.chatwoot.desk.post(conversation, self.chatwoot.bot, Draft(content=command.text, private=True))
            case HandOff() if conversation.status == "pending":
                self.chatwoot.changes.bot_handoff(conversation, self.chatwoot.bot)
            case SetStatus() if before == ("open", "bot") and not answered:
                self.chatwoot.changes.set_status(conversation, command.status, "Lia")
            case _:
                return
        self._seen("assistant", conversation, before)

    def hub_would_speak(self, conversation: int) -> bool:
        state = self.states.get(conversation)
        return state is not None and standing(state.ownership).speaker == "bot"

    def replies(self) -> Counter[str]:
        """The assistant's public messages by turn."""
        found: Counter[str] = Counter()
        for conversation in self.chatwoot.account.conversations.values():
            for each in conversation.messages:
                if each.sender is self.chatwoot.bot and not each.private:
                    found[each.content_attributes["odoo_ai"]["turn_id"]] += 1
        return found

    def _flushed(self, state: ConversationState) -> ConversationState:
        for each in state.outbox:
            if each.stream == topology.CHATWOOT_COMMANDS:
                self.orders.append(_COMMANDS.decode(each.body.encode()))
        return state.model_copy(update={"outbox": ()})

    def _count(self, before: ConversationState, after: ConversationState) -> None:
        known = {(each.message_id, each.turn_id) for each in before.outcomes}
        self.ends.update(each.message_id for each in after.outcomes if (each.message_id, each.turn_id) not in known)

    def _wall(self) -> datetime:
        """Our own clock, which is not Chatwoot's."""
        return datetime.fromtimestamp(self.chatwoot.clock.now() - 7 * 3600, UTC)


def _answered_by_person(conversation: Conversation) -> bool:
    """Whether the last public word to the customer is a person's, and nobody handed back since: what a look shows."""
    public: list[Message] = [each for each in conversation.messages if each.public_reply]
    return bool(public) and (isinstance(public[-1].sender, User) or public[-1].echo)


async def settle(world: Histories, reply: Reply) -> None:
    """Time passes until nothing is left to do: sweeps, turns and commands."""
    for _ in range(4):
        world.chatwoot.clock.advance(10.0)
        world.chatwoot.timers.run()
        await world.sweep()
        for conversation in list(world.states):
            world.take_turn(conversation)
            world.finish_turn(conversation, reply)
        while world.orders:
            world.send_next()
        await asyncio.sleep(0)
