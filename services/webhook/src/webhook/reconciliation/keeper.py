"""Keeps one tenant swept: every so many seconds, sooner when asked or while webhooks get lost, later in trouble.

Webhooks seldom get lost alone: while a server is away, all of them do. So whoever comes after one that was missed is
looked for sooner than usual.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

import structlog

from common import metrics
from common.errors import OdooAiError
from common.query_answers import SweepReport
from webhook.errors import RateLimited, Unauthorised
from webhook.reconciliation.history import ChatwootHistory
from webhook.reconciliation.sweep import Sweep, Tally

LONGEST_BACK_OFF: Final = 300.0
ASKED_SECONDS: Final = 50.0
"""For so long somebody who asked for a sweep is kept waiting for its end."""

LOSING_SECONDS: Final = 20.0
"""Between two listings while webhooks get lost: half a minute after they were written customers are heard of."""

_STEP_SECONDS = 1.0
_MOST_DOUBLINGS = 10
_MISSED = ("CustomerMessageReceived", "HumanReplied", "OtherBotReplied", "MessageFailed", "MessageEdited")

log = structlog.get_logger(__name__)


class Keeper:
    """The sweeps of one tenant, one after the other."""

    def __init__(
        self,
        tenant: str,
        sweep: Sweep,
        history: ChatwootHistory,
        *,
        seconds: float,
        losing_seconds: float = LOSING_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`seconds`: between two listings; `losing_seconds`: at most, as long as webhooks get lost."""
        self.problem: str | None = None
        self._tenant = tenant
        self._sweep = sweep
        self._history = history
        self._seconds = seconds
        self._losing_seconds = losing_seconds
        self._clock = clock
        self._asked = asyncio.Event()
        self._done = asyncio.Condition()
        self._rounds = 0
        self._in_round = False
        self._failures = 0
        self._losing = False
        self._told = Counter[str]()

    async def run(self) -> None:
        """Sweep until cancelled."""
        try:
            while True:
                self._asked.clear()
                began = self._clock()
                await self._round(began)
                await self._pause(began + self._wait_seconds())
        finally:
            await self._history.close()

    async def now(self) -> SweepReport:
        """Sweep at once, and tell what came of it."""
        before, requests = _copy(self._sweep.tally), self._history.requests
        # A round that is under way may have listed before what the asker means.
        wanted = self._rounds + (2 if self._in_round else 1)
        self._asked.set()
        finished = True
        try:
            async with asyncio.timeout(ASKED_SECONDS), self._done:
                await self._done.wait_for(lambda: self._rounds >= wanted)
        except TimeoutError:
            finished = False
        after = self._sweep.tally
        return SweepReport(
            tenant=self._tenant,
            state="failed" if self.problem else "done" if finished and not self._sweep.backlog else "unfinished",
            reason=self.problem or "",
            listed=after.listed - before.listed,
            looked_at=after.looked_at - before.looked_at,
            left=self._sweep.backlog,
            requests=self._history.requests - requests,
            found=dict(after.found - before.found),
        )

    async def _round(self, began: float) -> None:
        """One listing and what follows from it, up to the time of the next listing."""
        self._in_round = True
        try:
            await self._sweep.list_changes()
            while True:
                self._losing = self._losing or bool(self._missed())
                until = began + self._interval
                # Limited by Chatwoot: the pace knows when to go on.
                with contextlib.suppress(RateLimited):
                    await self._sweep.catch_up(min(until, self._clock() + _STEP_SECONDS))
                if self._clock() >= until or self._asked.is_set():
                    break
                if not self._sweep.backlog:
                    # What was listed too young is looked at again in this round, not only after the next listing.
                    if (rest := self._sweep.rest_seconds) is None:
                        break
                    await self._pause(min(self._clock() + rest, until))
        except OdooAiError as error:
            self._failed(error)
        else:
            self.problem, self._failures = None, 0
            metrics.SWEEPS.labels(self._tenant, "done" if not self._sweep.backlog else "unfinished").inc()
        metrics.SWEEP_SECONDS.observe(self._clock() - began)
        metrics.SWEEP_BACKLOG.labels(self._tenant).set(self._sweep.backlog)
        self._report()
        async with self._done:
            self._rounds += 1
            self._in_round = False
            self._done.notify_all()

    def _failed(self, error: OdooAiError) -> None:
        self.problem = f"{type(error).__name__}: {error}"
        self._failures += 1
        metrics.SWEEPS.labels(self._tenant, "failed").inc()
        level = log.error if isinstance(error, Unauthorised) else log.warning
        level("sweep_failed", tenant=self._tenant, reason=self.problem, failures=self._failures)

    def _report(self) -> None:
        missed = self._missed()
        self._losing = bool(missed)
        if missed:
            log.warning("webhooks_missed", tenant=self._tenant, **missed)
        for kind, count in (self._sweep.tally.found - self._told).items():
            metrics.SWEEP_FOUND.labels(self._tenant, kind).inc(count)
        self._told = Counter(self._sweep.tally.found)

    def _missed(self) -> dict[str, int]:
        """What this round has found so far that a webhook should have brought."""
        news = self._sweep.tally.found - self._told
        return {kind: news[kind] for kind in _MISSED if news[kind]}

    @property
    def _interval(self) -> float:
        """Seconds from one listing to the next."""
        return min(self._seconds, self._losing_seconds) if self._losing else self._seconds

    def _wait_seconds(self) -> float:
        if self._sweep.backlog and not self._failures:
            return 0.0
        longer: int = 1 << min(max(self._failures - 1, 0), _MOST_DOUBLINGS)
        return min(self._interval * longer, max(LONGEST_BACK_OFF, self._seconds))

    async def _pause(self, until: float) -> None:
        left = until - self._clock()
        if left > 0:
            try:
                async with asyncio.timeout(left):
                    await self._asked.wait()
            except TimeoutError:
                return


def _copy(tally: Tally) -> Tally:
    return Tally(tally.listed, tally.looked_at, Counter(tally.found), tally.unreadable)
