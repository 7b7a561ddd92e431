"""When a tenant is swept again: the keeper with a sweep that finds what it is told to find."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import cast

from support.simulated import until

from webhook.reconciliation.history import ChatwootHistory
from webhook.reconciliation.keeper import Keeper
from webhook.reconciliation.sweep import Sweep, Tally

SOON = 0.02
LONG_AFTER = 10 * SOON


class ScriptedSweep:
    """Each listing finds the next of some counts of customers' messages; afterwards nothing."""

    def __init__(self, finds: Iterable[int]) -> None:
        self.tally = Tally()
        self.backlog = 0
        self.rest_seconds = None
        self.listings = 0
        self._finds = iter(finds)

    async def list_changes(self) -> None:
        self.listings += 1
        if found := next(self._finds, 0):
            self.tally.found["CustomerMessageReceived"] += found
        self.tally.found["MessageDelivered"] += 1

    async def catch_up(self, _: float) -> None:
        """Nothing is left."""


class NoHistory:
    requests = 0

    async def close(self) -> None:
        """Nothing is open."""


@asynccontextmanager
async def kept(sweep: ScriptedSweep, *, seconds: float) -> AsyncIterator[Keeper]:
    history = cast("ChatwootHistory", NoHistory())
    keeper = Keeper("acme", cast("Sweep", sweep), history, seconds=seconds, losing_seconds=SOON)
    task = asyncio.create_task(keeper.run())
    yield keeper
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def listed(sweep: ScriptedSweep, times: int) -> Callable[[], bool]:
    return lambda: sweep.listings >= times


async def test_while_webhooks_get_lost_the_next_ones_are_looked_for_sooner() -> None:
    sweep = ScriptedSweep([3, 1, 2, 0])

    async with kept(sweep, seconds=60):
        await until(listed(sweep, 4), 2)
        await asyncio.sleep(LONG_AFTER)

    assert sweep.listings == 4


async def test_where_nothing_is_lost_the_usual_time_passes() -> None:
    sweep = ScriptedSweep([])

    async with kept(sweep, seconds=60):
        await asyncio.sleep(LONG_AFTER)

    assert sweep.listings == 1


async def test_who_wants_sweeps_more_often_than_that_gets_them() -> None:
    sweep = ScriptedSweep([])

    async with kept(sweep, seconds=SOON / 2):
        await until(listed(sweep, 5), 2)


async def test_what_an_earlier_sweep_found_is_no_loss_of_this_one() -> None:
    sweep = ScriptedSweep([5])

    async with kept(sweep, seconds=60) as keeper:
        await until(listed(sweep, 2), 2)
        report = await keeper.now()
        await asyncio.sleep(LONG_AFTER)

    assert report.found == {"MessageDelivered": 1}
    assert sweep.listings == 3
