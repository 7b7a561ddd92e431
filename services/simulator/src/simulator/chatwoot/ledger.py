"""What arrived at the create-message endpoint: the evidence for "exactly once" and "in order"."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from simulator.chatwoot.model import Json, Message

STAMP = "odoo_ai"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One POST, whether or not anything was stored."""

    sequence: int
    at: float
    conversation_id: int
    command_id: str
    private: bool


@dataclass
class Ledger:
    """The POSTs of one account."""

    arrivals: list[Arrival] = field(default_factory=list)
    posts: Counter[str] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)

    def arrived(self, at: float, conversation_id: int, body: Json) -> None:
        """Count a POST before anything is done with it."""
        attributes = body.get("content_attributes")
        command_id = named(attributes)
        self.posts[command_id] += 1
        self.arrivals.append(
            Arrival(len(self.arrivals) + 1, at, conversation_id, command_id, is_true(body.get("private")))
        )

    def created(self, message: Message) -> None:
        """Count what was stored."""
        self.stored[named(message.content_attributes)] += 1

    def clear(self) -> None:
        """Start counting anew."""
        self.arrivals.clear()
        self.posts.clear()
        self.stored.clear()


def stamp(attributes: Any) -> dict[str, str]:
    """Our own mark inside `content_attributes`, if it is there."""
    mark = attributes.get(STAMP) if isinstance(attributes, dict) else None
    return {key: str(value) for key, value in mark.items()} if isinstance(mark, dict) else {}


def named(attributes: Any) -> str:
    """What our mark names: a command, or one of the messages that a channel's limits made of it."""
    mark = stamp(attributes)
    part = mark.get("part", "1")
    return mark.get("command_id", "") + ("" if part == "1" else f"/{part}")


def is_true(value: Any) -> bool:
    """What Rails takes for true."""
    return value not in (None, False, "", "false", "0", 0)
