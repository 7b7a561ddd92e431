"""Load on an HTTP server, from a process of its own: keep-alive connections on bare sockets.

Closed: each connection sends its next request as soon as it has its answer. Open: requests come at a fixed rate
whatever the server does, and each one's time counts from when it should have been sent: a stall cannot hide.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import cast

import orjson
import uvloop

from benchmarks import own_process
from benchmarks.bodies import Requests
from benchmarks.report import percentile

_TICK_SECONDS = 0.001
_LAST_ANSWERS_SECONDS = 6.0


@dataclass(frozen=True)
class LoadPlan:
    """One measurement. `rate` is per second; None loads as much as the connections carry."""

    ports: tuple[int, ...]
    path: str
    secret: str
    connections: int
    seconds: float
    first: int = 0
    rate: float | None = None
    warm_up_seconds: float = 1.0
    host: str = "127.0.0.1"


@dataclass(frozen=True)
class LoadResult:
    """What came of it. Latencies in milliseconds, of the answers after the warm-up."""

    answers: int
    per_second: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    statuses: dict[str, int] = field(default_factory=dict)
    unanswered: int = 0


async def measure(plan: LoadPlan) -> LoadResult:
    """Run a plan in a process of its own."""
    return LoadResult(**await own_process.run("benchmarks.load", asdict(plan)))


class _Connection(asyncio.Protocol):
    """One keep-alive connection, one request at a time."""

    def __init__(self, answered: Callable[[_Connection, str], None]) -> None:
        self.since = 0.0
        self.busy = False
        self._answered = answered
        self._transport: asyncio.Transport | None = None
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's own transports do not inherit from asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None
        if self.busy:
            self.busy = False
            self._answered(self, "lost")

    @property
    def open(self) -> bool:
        return self._transport is not None

    def send(self, request: bytes, since: float) -> None:
        self.since, self.busy = since, True
        if self._transport is not None:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator or len(body) < _content_length(head):
            return
        self._buffer = b""
        self.busy = False
        self._answered(self, head[9:12].decode())


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


class _Load:
    def __init__(self, plan: LoadPlan) -> None:
        self._plan = plan
        self._requests = Requests(plan.host, plan.path, plan.secret)
        self._next = plan.first
        self._idle: deque[_Connection] = deque()
        self._late: deque[float] = deque()
        self._latencies: list[float] = []
        self._statuses: Counter[str] = Counter()
        self._under_way = 0
        self._begin = self._end = 0.0
        self._closed = plan.rate is None

    async def run(self) -> LoadResult:
        loop = asyncio.get_running_loop()
        plan = self._plan
        connections = []
        for index in range(plan.connections):
            port = plan.ports[index % len(plan.ports)]
            _, connection = await loop.create_connection(lambda: _Connection(self._answered), plan.host, port)
            connections.append(connection)
        started = time.perf_counter()
        self._begin = started + plan.warm_up_seconds
        self._end = self._begin + plan.seconds
        if self._closed:
            for each in connections:
                self._send(each, time.perf_counter())
        else:
            self._idle.extend(connections)
            await self._keep_the_rate(started)
        deadline = self._end + _LAST_ANSWERS_SECONDS
        while time.perf_counter() < self._end or (self._under_way and time.perf_counter() < deadline):
            await asyncio.sleep(0.01)
        return self._result()

    async def _keep_the_rate(self, started: float) -> None:
        assert self._plan.rate is not None
        sent = 0
        while (now := time.perf_counter()) < self._end:
            due = int((now - started) * self._plan.rate)
            for number in range(sent, due):
                self._late.append(started + number / self._plan.rate)
            sent = max(sent, due)
            self._send_late()
            await asyncio.sleep(_TICK_SECONDS)

    def _send_late(self) -> None:
        while self._late and self._idle:
            self._send(self._idle.popleft(), self._late.popleft())

    def _send(self, connection: _Connection, since: float) -> None:
        self._under_way += 1
        connection.send(self._requests.make(self._next), since)
        self._next += 1

    def _answered(self, connection: _Connection, status: str) -> None:
        now = time.perf_counter()
        self._under_way -= 1
        # By the time of the answer, whenever it was asked: else the slow ones at the end would be left out.
        if self._begin <= now and (connection.since < self._end if not self._closed else now < self._end):
            self._statuses[status] += 1
            if status == "200":
                self._latencies.append(now - connection.since)
        if not connection.open:
            return
        if self._closed:
            if now < self._end:
                self._send(connection, now)
        else:
            self._idle.append(connection)
            self._send_late()

    def _result(self) -> LoadResult:
        times = self._latencies
        return LoadResult(
            answers=len(times),
            per_second=len(times) / self._plan.seconds,
            p50_ms=percentile(times, 0.5) * 1e3,
            p99_ms=percentile(times, 0.99) * 1e3,
            max_ms=max(times, default=float("nan")) * 1e3,
            statuses=dict(self._statuses),
            unanswered=self._under_way + len(self._late),
        )


def main() -> None:
    """`python -m benchmarks.load`, with the plan on the standard input."""
    plan = LoadPlan(**orjson.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(orjson.dumps(asdict(uvloop.run(_Load(plan).run()))))


if __name__ == "__main__":
    main()
