"""When a burst of messages is over: a pure rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

LONGEST_FACTOR: Final = 4
LONGEST_SECONDS: Final = 10.0


def due_at(now: datetime, first_pending_at: datetime, debounce_seconds: float) -> datetime:
    """When to answer: `debounce_seconds` after the newest message, but no customer waits without end.

    Who keeps typing is answered after four windows or ten seconds, whichever is shorter (never less than one window).
    """
    longest = max(debounce_seconds, min(LONGEST_FACTOR * debounce_seconds, LONGEST_SECONDS))
    return min(now + timedelta(seconds=debounce_seconds), first_pending_at + timedelta(seconds=longest))


def heard_at(due: datetime, listen_until: Iterable[datetime | None]) -> datetime:
    """When to answer a burst with recordings in it: not before their transcripts came, or can no longer be expected."""
    return max((due, *(each for each in listen_until if each is not None)))
