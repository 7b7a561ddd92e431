"""One tenant's sweep: list what changed, look at it, pass on what is missing.

A listing is one request. A conversation that has changed costs at most one more, at the sweep's pace; one that has not
costs none. Customers who wait are told of first, and from the list itself when the pace leaves no request for them;
conversations that lack a message come next. A message so young that its webhook may be under way is looked at again as
soon as that is over.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

import structlog

from common.events import ChatwootEvent, CustomerMessageReceived
from common.tenants import TenantProfile
from webhook.arrival import Arrival, Ignored
from webhook.clock import Clock
from webhook.errors import Unavailable, UnreadableWebhook, WrongAccount
from webhook.reconciliation.backlog import Backlog, Queued
from webhook.reconciliation.reading import Messages, read
from webhook.reconciliation.rows import ConversationRow, MessageRow, changed_body, state_body, written_body
from webhook.reconciliation.urgency import Known, Urgency, urgency
from webhook.reconciliation.watermarks import Skip, Watermark, after_reading, look, settled
from webhook.translation import translate

OVERLAP_SECONDS: Final = 30.0
"""Listings overlap: what was too young the last time is listed again, and looking twice costs nothing."""

LOOK_BACK_SECONDS: Final = 24 * 3600.0
"""After a longer absence older conversations are left alone: nobody may be answered a day late."""

_AT_ONCE_SECONDS = 15 * 60.0
_AT_ONCE = 32
_READS_AT_ONCE = 4
_TOLD_AT_ONCE = 16

PassOn = Callable[[ChatwootEvent], Awaitable[bool]]
"""Makes an event durable; answers whether it was news."""

log = structlog.get_logger(__name__)


class History(Messages, Protocol):
    """The part of `history.ChatwootHistory` that is needed here."""

    def free(self, requests: int) -> bool: ...
    async def clock(self) -> float: ...
    async def changed_within(self, seconds: float) -> list[ConversationRow]: ...
    async def active_since(self, since: float) -> list[ConversationRow]: ...


class Arrived(Known, Protocol):
    """The part of `arrivals.TenantArrivals` that is needed here."""

    def listed(self) -> None: ...


class Remembers(Protocol):
    """The part of `memory.Memory` that is needed here."""

    async def swept_until(self) -> float | None: ...
    async def set_swept_until(self, at: float) -> None: ...
    async def mark(self, conversation: int) -> Watermark | None: ...
    async def set_mark(self, conversation: int, mark: Watermark) -> None: ...
    def forget_all_but(self, conversations: set[int]) -> None: ...


@dataclass
class Tally:
    """What a sweep did and found: by type of event, only what no webhook had brought."""

    listed: int = 0
    looked_at: int = 0
    found: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0


class Sweep:
    """The sweep of one tenant. All times are Chatwoot's, but for `received_at` of the events."""

    def __init__(  # noqa: PLR0913 - the outside of a sweep, each part named
        self,
        profile: TenantProfile,
        history: History,
        memory: Remembers,
        pass_on: PassOn,
        arrived: Arrived,
        *,
        first_seconds: float,
        wall: Clock,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`first_seconds`: how far the very first sweep looks back."""
        self.tally = Tally()
        self._profile = profile
        self._account = profile.chatwoot_account_id
        self._history = history
        self._memory = memory
        self._pass_on = pass_on
        self._arrived = arrived
        self._first_seconds = first_seconds
        self._wall = wall
        self._clock = clock
        self._ahead = 0.0
        self._listed_until: float | None = None
        self._backlog = Backlog()

    @property
    def backlog(self) -> int:
        """Conversations that are still to be looked at, without those whose message is too young."""
        return len(self._backlog)

    @property
    def rest_seconds(self) -> float | None:
        """After how long the first message that is too young now is to be looked at; None: there is none."""
        due = self._backlog.next_wake()
        return None if due is None else max(due - self._now(), 0.0)

    async def list_changes(self) -> None:
        """Find the conversations that changed since the last listing, and tell of the customers who wait.

        Raises:
            ChatwootError: Chatwoot cannot be asked. Nothing is lost: the next listing reaches as far back.
            PublishFailed: something could not be passed on.
        """
        now = await self._synchronise()
        since = await self._since(now)
        rows = await self._changed(now - since + OVERLAP_SECONDS, since - OVERLAP_SECONDS)
        mine = [each for each in rows if self._profile.answers_inbox(each.inbox_id)]
        self.tally.listed += len(mine)
        await self._queue(mine, since - OVERLAP_SECONDS)
        self._arrived.listed()
        self._memory.forget_all_but({each.number for each in mine} | {each.row.number for each in self._backlog})
        self._listed_until = now
        await self._tell_who_waits()

    async def catch_up(self, until: float) -> None:
        """Look at what was listed, until nothing is left or our clock says so; then remember how far that is.

        Raises:
            ChatwootError: Chatwoot cannot be asked.
            PublishFailed: something could not be passed on.
        """
        await self._wake()
        while self._backlog and self._clock() < until:
            await self._look_at_all(self._backlog.first(_READS_AT_ONCE))
            await self._wake()
        if self._listed_until is not None:
            waiting = (each.since + OVERLAP_SECONDS for each in self._backlog)
            await self._memory.set_swept_until(min(waiting, default=self._listed_until))

    def _now(self) -> float:
        return self._clock() + self._ahead

    async def _synchronise(self) -> float:
        now = await self._history.clock()
        self._ahead = now - self._clock()
        return now

    async def _changed(self, seconds: float, since: float) -> list[ConversationRow]:
        """The conversations that changed, in one answer; page by page where that is too much for one."""
        if seconds <= _AT_ONCE_SECONDS:
            try:
                return await self._history.changed_within(seconds)
            except Unavailable as error:
                log.warning("list_read_by_pages", tenant=self._profile.tenant, reason=str(error))
        return await self._history.active_since(since)

    async def _since(self, now: float) -> float:
        """Until when everything was listed before."""
        known = self._listed_until if self._listed_until is not None else await self._memory.swept_until()
        since = now - self._first_seconds if known is None else known
        return max(min(since, now), now - LOOK_BACK_SECONDS)

    async def _queue(self, rows: list[ConversationRow], since: float) -> None:
        """Queue what has to be looked at, the most urgent in front."""
        fresh: list[Queued] = []
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            marks = await asyncio.gather(*(self._memory.mark(each.number) for each in some))
            for row, mark in zip(some, marks, strict=True):
                known = self._backlog.get(row.number)
                how_soon = urgency(row, mark, self._arrived)
                if known is not None:
                    changed = known.row.last != row.last
                    fresh.append(replace(known, row=row, urgency=how_soon, told=known.told and not changed))
                elif not isinstance(look(row, mark, since=since), Skip):
                    fresh.append(Queued(row, since, how_soon))
        self._backlog.add(fresh)

    async def _tell_who_waits(self) -> None:
        """Read those conversations while the pace has room, each in its order; of the others tell the last message."""
        old: list[Queued] = []
        for each in self._backlog.waiting():
            if each.settles_at <= self._now():
                old.append(each)
            else:
                self._backlog.rest(each.row.number)
        while old and self._history.free(min(_READS_AT_ONCE, len(old))):
            some, old = old[:_READS_AT_ONCE], old[_READS_AT_ONCE:]
            await self._look_at_all(some)
        while old:
            some, old = old[:_TOLD_AT_ONCE], old[_TOLD_AT_ONCE:]
            await _all(self._tell_of_last(each) for each in some)
        self._backlog.sort()

    async def _tell_of_last(self, queued: Queued) -> None:
        if queued.row.last is not None:
            await self._tell(written_body(queued.row.last, queued.row, self._account), queued.row.last)
        self._backlog.told(queued.row.number)

    async def _look_at_all(self, some: list[Queued]) -> None:
        await _all(self._look_at(each) for each in some)

    async def _wake(self) -> None:
        """Tell of those who were too young when they were listed, and no longer are."""
        if self._backlog.wake(self._now()):
            await self._tell_who_waits()

    async def _look_at(self, queued: Queued) -> None:
        row, mark = queued.row, await self._memory.mark(queued.row.number)
        calm = queued.urgency is Urgency.USUAL
        found = await read(self._history, row, mark, since=queued.since, calm=calm)
        self.tally.looked_at += 1
        taken = settled(found.messages, self._now())
        watched = {each.id for each in mark.watched} if mark else set()
        for each in taken:
            if each.id > found.behind or each.id in watched:
                await self._tell_of_message(each, row, is_new=each.id > found.behind)
        if mark.place != row.place if mark else not row.for_bot:
            await self._tell(state_body(row, self._account), None)
        complete = found.complete and len(taken) == len(found.messages)
        after = after_reading(row, mark, taken, behind=found.behind, complete=complete, now=self._now())
        await self._memory.set_mark(row.number, after)
        self._backlog.done(row.number)

    async def _tell_of_message(self, message: MessageRow, row: ConversationRow, *, is_new: bool) -> None:
        if is_new:
            await self._tell(written_body(message, row, self._account), message)
        if message.ours:
            # Delivered, refused, or a form that was filled in. Of others the newest state is in what was just told.
            await self._tell(changed_body(message, row, self._account), message)

    async def _tell(self, body: dict[str, Any], message: MessageRow | None) -> None:
        arrival = Arrival(tenant=self._profile, delivery="reconciliation", received_at=self._wall())
        try:
            outcome = translate(body, arrival)
        except (UnreadableWebhook, WrongAccount) as error:
            self.tally.unreadable += 1
            log.warning("swept_row_unreadable", tenant=self._profile.tenant, reason=str(error))
            return
        if isinstance(outcome, Ignored):
            return
        if isinstance(outcome, CustomerMessageReceived) and message is not None:
            age = max(self._now() - message.created_at, 0.0)
            outcome = outcome.model_copy(update={"age_seconds": age})
        if await self._pass_on(outcome):
            self.tally.found[outcome.type_name()] += 1


async def _all(work: Iterable[Awaitable[None]]) -> None:
    """Do some things at once, each to its end; then raise what one of them raised."""
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    for each in outcomes:
        if isinstance(each, BaseException):
            raise each
