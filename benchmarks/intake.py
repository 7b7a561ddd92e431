"""Aims: durable intake against bare publishes, and against a single process that keeps the work in memory.

Only webhook, broker and gateway run: what the hub does with the messages is measured elsewhere. The contenders take
turns, several short rounds each, and the median round counts.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from support.nats_server import free_port

from benchmarks import load, own_process, publish
from benchmarks.installation import SECRET, TENANT, Installation, Wanted, installed
from benchmarks.load import LoadPlan, LoadResult
from benchmarks.publish import PublishPlan
from benchmarks.report import Finding, Options, median
from common.nats.api import call, stored_message
from common.nats.topology import CHATWOOT_EVENTS, MIB, StreamSpec

_BARE = "BENCH_BARE"
_CONCURRENCIES = (16, 64)
_STEADY_RATE = 500.0
_SPAN = 1_000_000
Round = Callable[[int], Awaitable[LoadResult]]


async def run(options: Options) -> list[Finding]:
    """Measure all of it."""
    wanted = Wanted(scale={"webhook": 2}, simulator=False)
    async with installed(options.data_dir, wanted) as system:
        await system.stop("hub", "odoo_api")
        bench = _Intake(system, options)
        async with AsyncExitStack() as exits:
            rivals = {"memory": await exits.enter_async_context(_rival("benchmarks.rival_server"))}
            if options.fastapi is not None:
                packages = ("--packages", str(options.fastapi.resolve()))
                rivals["fastapi"] = await exits.enter_async_context(_rival("benchmarks.rival_fastapi", *packages))
            two = await bench.compare(copies=2, rivals=rivals)
            await system.stop("webhook", keep=1)
            await asyncio.sleep(1)
            one = await bench.compare(copies=1, rivals=rivals)
        return [*_rates(one, two), await bench.steady()]


@asynccontextmanager
async def _rival(module: str, *more: str) -> AsyncIterator[int]:
    """A rival that serves; gives its port."""
    port = free_port()
    async with own_process.serving(module, "--port", str(port), "--secret", SECRET, *more):
        yield port


@dataclass(frozen=True)
class _Compared:
    """Median rates per second by contender and concurrency, and the results they come from."""

    copies: int
    rates: Mapping[tuple[str, int], float]
    results: Mapping[str, Any]


class _Intake:
    def __init__(self, system: Installation, options: Options) -> None:
        self._system = system
        self._options = options
        self._first = itertools.count(0, _SPAN)
        self._size = 0

    async def compare(self, *, copies: int, rivals: Mapping[str, int]) -> _Compared:
        """Every contender at every concurrency, in turns."""
        await self._prepare()
        ports = tuple(self._system.port("webhook", index) for index in range(copies))
        gateway = (int(self._system.url.rpartition(":")[2]),)
        contenders: dict[str, Round] = {
            "direct": self._posting(ports),
            "gateway": self._posting(gateway),
            "bare": self._publishing,
            **{name: self._posting((port,), "/webhook") for name, port in rivals.items()},
        }
        found: dict[tuple[str, int], list[LoadResult]] = {}
        for number in range(int(self._options.pick(3, 1))):
            for concurrency, (name, once) in itertools.product(_CONCURRENCIES, contenders.items()):
                result = await once(concurrency)
                _refuse_errors(name, result)
                found.setdefault((name, concurrency), []).append(result)
                self._options.say(
                    f"  intake, {copies} webhook, round {number + 1}: {name} at {concurrency}: "
                    f"{result.per_second:.0f}/s, p99 {result.p99_ms:.1f} ms"
                )
        rates = {key: median([each.per_second for each in results]) for key, results in found.items()}
        return _Compared(copies, rates, {f"{name}/{number}": each for (name, number), each in found.items()})

    async def steady(self) -> Finding:
        """Latency at a fixed rate, through the gateway, with one webhook process."""
        gateway = int(self._system.url.rpartition(":")[2])
        seconds = self._options.pick(20, 5)
        own = await self._at_rate((gateway,), seconds)
        direct = await self._at_rate((self._system.port("webhook"),), seconds)
        return Finding(
            "intake at 500/s, through the gateway",
            "p99 < 50 ms",
            f"p99 {own.p99_ms:.1f} ms, p50 {own.p50_ms:.1f} ms, {own.per_second:.0f}/s, {own.unanswered} unanswered",
            f"without the gateway p99 {direct.p99_ms:.1f} ms",
            own.p99_ms / direct.p99_ms,
            own.p99_ms < 50 and own.per_second > 0.98 * _STEADY_RATE and not own.unanswered,
            {"through_gateway": own, "direct": direct},
        )

    async def _at_rate(self, ports: tuple[int, ...], seconds: float) -> LoadResult:
        plan = LoadPlan(ports, f"/webhook/chatwoot/{TENANT}", SECRET, 64, seconds, next(self._first), _STEADY_RATE)
        return await load.measure(plan)

    async def _prepare(self) -> None:
        """A stream as durable as ours without anything else; and the size of what we store for a webhook."""
        if self._size:
            return
        nc = self._system.admin.nc
        bare = StreamSpec(_BARE, "The rival", ("bench.bare",), 64 * MIB, discard="old")
        await call(nc, f"STREAM.CREATE.{_BARE}", bare.config())
        await self._posting((self._system.port("webhook"),))(1)
        last = (await call(nc, f"STREAM.INFO.{CHATWOOT_EVENTS}"))["state"]["last_seq"]
        stored = await stored_message(nc, CHATWOOT_EVENTS, {"seq": last})
        assert stored is not None
        self._size = len(stored.data)

    def _posting(self, ports: tuple[int, ...], path: str = f"/webhook/chatwoot/{TENANT}") -> Round:
        async def once(concurrency: int) -> LoadResult:
            seconds = self._options.pick(5, 2)
            return await load.measure(LoadPlan(ports, path, SECRET, concurrency, seconds, next(self._first)))

        return once

    async def _publishing(self, concurrency: int) -> LoadResult:
        settings = self._system.stack.admin_settings()
        seed = settings.nats_nkey_seed
        assert seed is not None
        seconds = self._options.pick(5, 2)
        plan = PublishPlan(
            settings.nats_url, seed.get_secret_value().strip(), "bench.bare", self._size, concurrency, seconds
        )
        return await publish.measure(plan)


def _refuse_errors(name: str, result: LoadResult) -> None:
    wrong = {status: number for status, number in result.statuses.items() if status != "200"}
    if wrong or result.unanswered > result.answers // 100:
        raise RuntimeError(f"{name}: {wrong} answers were no 200, {result.unanswered} never came")


def _rates(one: _Compared, two: _Compared) -> list[Finding]:
    return [
        finding
        for each, concurrency in itertools.product((one, two), _CONCURRENCIES)
        for finding in _compared(each, concurrency)
    ]


_RIVALS = {
    "bare": (0.8, ">= 0.80 of bare publishes", "bare publishes"),
    "memory": (1.0, ">= 1.00 of one process in memory", "in memory, aiohttp"),
    "fastapi": (1.0, ">= 1.00 of one process in memory", "in memory, FastAPI"),
}


def _compared(found: _Compared, concurrency: int) -> Iterator[Finding]:
    direct, gateway = found.rates["direct", concurrency], found.rates["gateway", concurrency]
    label = f"{found.copies} webhook process{'es' if found.copies > 1 else ''}, {concurrency} at once"
    details = {name: result for name, result in found.results.items() if name.endswith(f"/{concurrency}")}
    for name, (aim, words, rival) in _RIVALS.items():
        rate = found.rates.get((name, concurrency))
        if rate is not None:
            yield Finding(
                f"durable intake, {label}",
                words,
                f"{direct:.0f}/s direct, {gateway:.0f}/s through the gateway",
                f"{rate:.0f}/s {rival}",
                direct / rate,
                direct / rate >= aim,
                details,
            )
