"""When a burst of messages is over: a pure rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from hub.answering import CustomerMessage
from hub.responder.intents import understand

LONGEST_FACTOR: Final = 4
LONGEST_SECONDS: Final = 10.0
UNFINISHED_FACTOR: Final = 2.0
LONGEST_WINDOW_FACTOR: Final = 2.5
PAUSE_FACTOR: Final = 1.5
BACKUP_SECONDS: Final = 2.0
"""How much later than a hub's own timer the broker's fires, which is there for when that hub is not. A burst that goes
on for no longer than that needs no second one."""

_LOOKED_AT: Final = 5
_GREETING_LENGTH: Final = 30
_OPEN_END: Final = re.compile(
    r"(?:[,:]|\.\.\.|…|\b(?:e|y|and|mas|pero|but|ou|or|com|con|with|de|para|pra|que|queria|quero saber))$"
)


def due_at(
    now: datetime, first_pending_at: datetime, debounce_seconds: float, window_seconds: float | None = None
) -> datetime:
    """When to answer: `window_seconds` after the newest message, but no customer waits without end.

    Who keeps typing is answered after four of the tenant's windows (`debounce_seconds`) or ten seconds, whichever is
    shorter (never less than one window).
    """
    window = max(debounce_seconds if window_seconds is None else window_seconds, debounce_seconds)
    longest = max(debounce_seconds, min(LONGEST_FACTOR * debounce_seconds, LONGEST_SECONDS))
    return min(now + timedelta(seconds=window), first_pending_at + timedelta(seconds=longest))


def window_seconds(debounce_seconds: float, messages: Sequence[CustomerMessage]) -> float:
    """How long to wait after the newest of these messages for another one.

    Twice the tenant's window when it is plainly not finished (a bare "oi", a comma, "e", "..."); in a burst as long as
    this customer's own pauses ask for, up to two and a half windows; else the tenant's window.
    """
    if not messages:
        return debounce_seconds
    if _is_unfinished(messages[-1].words):
        return UNFINISHED_FACTOR * debounce_seconds
    times = [each.at for each in messages[-_LOOKED_AT:]]
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    if not pauses:
        return debounce_seconds
    return min(max(PAUSE_FACTOR * max(pauses), debounce_seconds), LONGEST_WINDOW_FACTOR * debounce_seconds)


def _is_unfinished(text: str) -> bool:
    said = text.strip()
    if not said or _OPEN_END.search(said.lower()):
        return bool(said)
    if len(said) > _GREETING_LENGTH:
        return False
    question = understand(said)
    return question.wants("greeting") and not question.content and not question.topics


def heard_at(due: datetime, listen_until: Iterable[datetime | None]) -> datetime:
    """When to answer a burst with recordings in it: not before their transcripts came, or can no longer be expected."""
    return max((due, *(each for each in listen_until if each is not None)))


def is_backed_up(due: datetime, fires_at: datetime | None) -> bool:
    """Whether a timer of the broker that is under way will do for a burst that is over at `due`."""
    return fires_at is not None and due <= fires_at <= due + timedelta(seconds=2 * BACKUP_SECONDS)
