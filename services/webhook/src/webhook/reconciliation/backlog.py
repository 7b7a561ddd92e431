"""What a sweep has still to look at, in which order, and what is too young to be looked at. Pure but for its own state.

All times are Chatwoot's clock, in epoch seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from webhook.reconciliation.rows import ConversationRow
from webhook.reconciliation.urgency import Urgency
from webhook.reconciliation.watermarks import SETTLE_SECONDS


@dataclass(frozen=True)
class Queued:
    """A conversation to be looked at. `since`: from when on it counts, if nothing is known of it."""

    row: ConversationRow
    since: float
    urgency: Urgency = Urgency.USUAL
    told: bool = False
    """Its last message was passed on; what stands before it was not read yet."""

    @property
    def place(self) -> tuple[bool, Urgency, float]:
        """Its place in the queue: customers who wait and were not told of in front, then the oldest."""
        return self.told, self.urgency, self.row.active_at

    @property
    def waits(self) -> bool:
        """A customer may be waiting whom nobody was told of."""
        return self.urgency is Urgency.WAITING and not self.told

    @property
    def settles_at(self) -> float:
        """When the webhook of its last message can no longer be under way."""
        return self.row.last.created_at + SETTLE_SECONDS if self.row.last else 0.0


class Backlog:
    """One tenant's queue."""

    def __init__(self) -> None:
        self._queued: dict[int, Queued] = {}
        self._resting: dict[int, Queued] = {}

    def __len__(self) -> int:
        """Without those that rest."""
        return len(self._queued)

    def __iter__(self) -> Iterator[Queued]:
        """All, those that rest too."""
        yield from self._queued.values()
        yield from self._resting.values()

    def get(self, conversation: int) -> Queued | None:
        """What is queued of a conversation, resting or not."""
        return self._queued.get(conversation) or self._resting.get(conversation)

    def first(self, number: int) -> list[Queued]:
        """The next ones to be looked at."""
        return list(islice(self._queued.values(), number))

    def waiting(self) -> list[Queued]:
        """The customers who wait and were not told of."""
        return [each for each in self._queued.values() if each.waits]

    def add(self, fresh: list[Queued]) -> None:
        """Queue some, in place of what was known of them, after a listing. Nobody rests any longer."""
        self._queued |= self._resting | {each.row.number: each for each in fresh}
        self._resting = {}
        self.sort()

    def sort(self) -> None:
        """Put the most urgent in front."""
        ordered = sorted(self._queued.values(), key=lambda each: each.place)
        self._queued = {each.row.number: each for each in ordered}

    def done(self, conversation: int) -> None:
        """It was looked at."""
        self._queued.pop(conversation, None)

    def told(self, conversation: int) -> None:
        """Its last message was passed on."""
        self._queued[conversation] = replace(self._queued[conversation], told=True)

    def rest(self, conversation: int) -> None:
        """Its last message is too young."""
        self._resting[conversation] = self._queued.pop(conversation)

    def wake(self, now: float) -> bool:
        """Queue again those whose message is old enough now; whether there were any."""
        due = {number: each for number, each in self._resting.items() if each.settles_at <= now}
        for number in due:
            del self._resting[number]
        self._queued |= due
        return bool(due)

    def next_wake(self) -> float | None:
        """When the first of those that rest is old enough; None: nobody rests."""
        return min((each.settles_at for each in self._resting.values()), default=None)
