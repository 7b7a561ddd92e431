"""Chatwoot's own opening after a failed webhook, with the bot's orders to set it back: the rule, and every sequence.

The rule. When the bot may speak in an open conversation that is assigned to it, it orders *pending*, once. When
Chatwoot opens the conversation again after that took effect, something that we must not fight opens it: the people have
it. All is forgotten when the conversation was elsewhere in between (a person, resolved, snoozed), or when somebody
assigns our bot again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from support.ownership_rule import ACTS, Chat, Led, Rule, beginnings, told

from common.events import ChatwootEvent, ConversationStatusChanged
from hub.ownership import Ownership, observe, repair, standing

CARRIED_OUT = "carried_out"
_NAMES = (*(each for each in ACTS if each not in ("automation", "team")), CARRIED_OUT)


class Repairs(NamedTuple):
    """What the rule has to remember. `ordered`: set back once, and nobody has had it since."""

    rule: Rule = Rule()
    ordered: bool = False
    orders: int = 0

    def after(self, act: str, before: Chat, now: Chat) -> Repairs:
        rule = self.rule.after(act, before, now)
        ordered = self.ordered and (now.kept or now.open_with_bot) and act != "assign_bot"
        if act == "escalate" and before.kept and ordered:
            rule = rule._replace(opened_by_chatwoot=False)
        if now.open_with_bot and rule.may_speak(now) and not ordered:
            return Repairs(rule, True, self.orders + 1)
        return Repairs(rule, ordered, self.orders)


class Place(NamedTuple):
    """Where a sequence can lead. `waiting`: orders that Chatwoot has not got yet."""

    chat: Chat
    repairs: Repairs
    known: Ownership
    waiting: int = 0
    orders: int = 0


def levels(length: int) -> Iterator[dict[Place, Led]]:
    """Every sequence of acts after the beginning, by its length from 0 on."""
    level: dict[Place, Led] = {}
    for chat, event in beginnings():
        place = _ordering(Place(chat, Repairs(), observe(Ownership(), event)))
        level[place] = Led(1, (f"{chat.assignee}, modern={chat.modern}",))
    yield level
    for _ in range(length):
        level = _next(level)
        yield level


def _next(level: dict[Place, Led]) -> dict[Place, Led]:
    following: dict[Place, Led] = {}
    for place, (sequences, example) in level.items():
        for name in _NAMES:
            if name == CARRIED_OUT and not place.waiting:
                continue
            reached = _after(place, name)
            so_far = following.get(reached)
            following[reached] = Led(
                sequences + (so_far.sequences if so_far else 0), so_far.example if so_far else (*example, name)
            )
    return following


def _after(place: Place, name: str) -> Place:
    now, event = _carried_out(place) if name == CARRIED_OUT else ACTS[name](place.chat)
    repairs = place.repairs.after(name, place.chat, now)
    waiting = place.waiting - (name == CARRIED_OUT)
    return _ordering(Place(now, repairs, observe(place.known, event), waiting, place.orders))


def _carried_out(place: Place) -> tuple[Chat, ChatwootEvent]:
    """The sender looks before it acts: only what is still open, ours and not taken by a person is set back."""
    if not place.chat.open_with_bot or place.repairs.rule.taken:
        return ACTS["team"](place.chat)
    return told(ConversationStatusChanged, place.chat._replace(status="pending"))


def _ordering(place: Place) -> Place:
    """What the hub does after each event."""
    if not place.known.needs_repair or standing(place.known).speaker != "bot":
        return place
    return place._replace(known=repair(place.known), waiting=place.waiting + 1, orders=place.orders + 1)
