"""Who may speak, told as one would say it to a person, and every sequence of acts to compare the hub's answer with.

The rule. Chatwoot *keeps* a conversation for the bot while it is pending and assigned to nobody or to our bot. The bot
may speak while Chatwoot keeps the conversation for it, unless a person has spoken in it since it was last elsewhere or
was last given back on purpose (status set to pending, our bot assigned, the person unassigned).

The exception. Chatwoot itself opens a conversation when a webhook to the bot fails, and leaves it assigned to our bot:
nobody took it, so it counts as kept. So does an open conversation to which somebody assigns our bot.

This module knows nothing of the hub: it follows the acts, not what is told of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from common.events import (
    Assignee,
    AssigneeChanged,
    AssigneeKind,
    ChatwootEvent,
    Contact,
    ConversationSnapshot,
    ConversationStatus,
    ConversationStatusChanged,
    ConversationUpdated,
    CustomerMessageReceived,
    HumanReplied,
    OtherBotReplied,
    ReplyObserved,
)
from hub.ownership import Ownership, observe

START: Final = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SPOKEN_BY_PEOPLE: Final = frozenset({"human_reply", "phone_echo"})

_CONTACT: Final = Contact(id=7)
_BLOCKED: Final = _CONTACT.model_copy(update={"blocked": True})
_MESSAGE: Final[dict[str, Any]] = {"message_id": 1, "text": ""}


class Chat(NamedTuple):
    """One conversation as Chatwoot has it. `modern`: from 4.17 on, where assigning changes the status, too."""

    status: ConversationStatus
    assignee: AssigneeKind
    modern: bool
    blocked: bool = False
    second: int = 0

    @property
    def kept(self) -> bool:
        return self.status == "pending" and self.assignee in ("nobody", "our_bot")

    @property
    def open_with_bot(self) -> bool:
        return self.status == "open" and self.assignee == "our_bot"


class Rule(NamedTuple):
    """What the rule has to remember: whether a person spoke last, and whether Chatwoot alone opened it."""

    taken: bool = False
    opened_by_chatwoot: bool = False

    def may_speak(self, chat: Chat) -> bool:
        return (chat.kept or self.opened_by_chatwoot) and not self.taken

    def after(self, act: str, before: Chat, now: Chat) -> Rule:
        opened = now.open_with_bot and (
            act == "assign_bot"
            or (act == "escalate" and before.kept)
            or (self.opened_by_chatwoot and before.open_with_bot)
        )
        here = now.kept or opened
        given_back = act in ("pending", "assign_bot") or (
            act == "unassign" and not before.kept and not self.opened_by_chatwoot
        )
        taken = self.taken and here and not given_back
        return Rule(taken or (here and act in SPOKEN_BY_PEOPLE), opened)


Act = Callable[[Chat], tuple[Chat, ChatwootEvent]]


def _customer(chat: Chat) -> tuple[Chat, ChatwootEvent]:
    """A resolved conversation becomes pending again, a snoozed one opens; of a blocked customer neither."""
    if not chat.blocked and chat.status == "resolved":
        chat = chat._replace(status="pending")
    elif not chat.blocked and chat.status == "snoozed":
        chat = chat._replace(status="open")
    return told(CustomerMessageReceived, chat, contact=_BLOCKED if chat.blocked else _CONTACT, **_MESSAGE)


def _assign(chat: Chat, kind: AssigneeKind) -> tuple[Chat, ChatwootEvent]:
    status = chat.status
    if chat.modern and kind == "our_bot":
        status = "pending"
    elif chat.modern and kind == "person" and status == "pending":
        status = "open"
    return told(AssigneeChanged, chat._replace(status=status, assignee=kind))


def _set_status(chat: Chat, status: ConversationStatus) -> tuple[Chat, ChatwootEvent]:
    """A person who opens a conversation takes it from the bot."""
    released = status == "open" and chat.assignee == "our_bot"
    return told(
        ConversationStatusChanged, chat._replace(status=status, assignee="nobody" if released else chat.assignee)
    )


def _escalate(chat: Chat) -> tuple[Chat, ChatwootEvent]:
    return told(ConversationStatusChanged, chat._replace(status="open") if chat.status == "pending" else chat)


ACTS: Final[dict[str, Act]] = {
    "customer": _customer,
    "bot_reply": lambda chat: told(ReplyObserved, chat, command_id="1", turn_id="1", message_id=1),
    "human_reply": lambda chat: told(HumanReplied, chat, via="panel", **_MESSAGE),
    "phone_echo": lambda chat: told(HumanReplied, chat, via="phone_echo", **_MESSAGE),
    "automation": lambda chat: told(OtherBotReplied, chat, sender_kind="automation", message_id=1),
    "assign_person": lambda chat: _assign(chat, "person"),
    "assign_bot": lambda chat: _assign(chat, "our_bot"),
    "assign_captain": lambda chat: _assign(chat, "other"),
    "unassign": lambda chat: _assign(chat, "nobody"),
    "team": lambda chat: told(ConversationUpdated, chat, changed=("team_id",)),
    "open": lambda chat: _set_status(chat, "open"),
    "pending": lambda chat: _set_status(chat, "pending"),
    "resolve": lambda chat: _set_status(chat, "resolved"),
    "snooze": lambda chat: _set_status(chat, "snoozed"),
    "block": lambda chat: told(ConversationStatusChanged, chat._replace(status="resolved", blocked=True)),
    "escalate": _escalate,
}
"""Everything that can happen to a conversation. "Reopen" is `customer` after `resolve`; "hand back" is `assign_bot`,
`pending` or `unassign`."""


class Place(NamedTuple):
    """Where a sequence of acts can lead: the chat, what the rule remembers, and what the hub made of it.

    What comes next depends on nothing else, so sequences that lead to equal places are followed once and counted all.
    """

    chat: Chat
    rule: Rule
    known: Ownership


class Led(NamedTuple):
    """How many sequences lead to a place, and one of them."""

    sequences: int
    example: tuple[str, ...]


Level = dict[Place, Led]


def beginnings() -> Iterator[tuple[Chat, ChatwootEvent]]:
    """A conversation begins with a customer's message: assigned to the bot or to nobody, in old and new Chatwoots."""
    for modern in (False, True):
        yield _customer(Chat("pending", "nobody", modern))
        yield _customer(Chat("pending", "our_bot", modern))


def levels(length: int) -> Iterator[Level]:
    """Every sequence of acts after the beginning, by its length from 0 on."""
    level: Level = {}
    for chat, event in beginnings():
        level[Place(chat, Rule(), observe(Ownership(), event))] = Led(1, (f"{chat.assignee}, modern={chat.modern}",))
    yield level
    for _ in range(length):
        level = _next(level)
        yield level


def _next(level: Level) -> Level:
    following: Level = {}
    for (chat, rule, known), (sequences, example) in level.items():
        for name, act in ACTS.items():
            now, event = act(chat)
            place = Place(now, rule.after(name, chat, now), observe(known, event))
            so_far = following.get(place)
            following[place] = Led(
                sequences + (so_far.sequences if so_far else 0), so_far.example if so_far else (*example, name)
            )
    return following


class Story(NamedTuple):
    """A sequence of acts with everything that was told of it."""

    path: tuple[str, ...]
    chat: Chat
    rule: Rule
    told: tuple[ChatwootEvent, ...]


def stories(length: int) -> Iterator[Story]:
    """Every sequence of acts of exactly this length, one by one."""
    for chat, event in beginnings():
        yield from _stories(Story((), chat, Rule(), (event,)), length)


def _stories(so_far: Story, length: int) -> Iterator[Story]:
    if length == 0:
        yield so_far
        return
    for name, act in ACTS.items():
        chat, event = act(so_far.chat)
        rule = so_far.rule.after(name, so_far.chat, chat)
        yield from _stories(Story((*so_far.path, name), chat, rule, (*so_far.told, event)), length - 1)


def every_order(events: tuple[ChatwootEvent, ...]) -> set[Ownership]:
    """All that the hub can have made of these events, whatever the order of their arrival."""
    reached: dict[frozenset[int], set[Ownership]] = {frozenset(): {Ownership()}}
    for size in range(1, len(events) + 1):
        wider: dict[frozenset[int], set[Ownership]] = {}
        for arrived, states in reached.items():
            if len(arrived) != size - 1:
                continue
            for index, event in enumerate(events):
                if index not in arrived:
                    wider.setdefault(arrived | {index}, set()).update(observe(each, event) for each in states)
        reached = wider
    return reached[frozenset(range(len(events)))]


def told(kind: type[ChatwootEvent], chat: Chat, **fields: Any) -> tuple[Chat, ChatwootEvent]:
    """What Chatwoot tells of an act, a second later. Not validated: millions of them are made."""
    chat = chat._replace(second=chat.second + 1)
    at = START + timedelta(seconds=chat.second)
    snapshot = ConversationSnapshot.model_construct(
        status=chat.status,
        assignee=Assignee.model_construct(kind=chat.assignee, id=None, name=None),
        updated_at=at.timestamp(),
        channel="",
        can_reply=True,
        labels=(),
        contact_blocked=chat.blocked,
        team_id=None,
    )
    event = kind.model_construct(
        event_id=str(chat.second),
        tenant="acme",
        conversation_id=1,
        occurred_at=at,
        received_at=at,
        delivery="agent_bot",
        snapshot=snapshot,
        **fields,
    )
    return chat, event
