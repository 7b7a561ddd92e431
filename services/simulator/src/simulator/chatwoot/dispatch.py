"""Webhooks out, with the promises Chatwoot makes and those it does not.

AgentBot deliveries are frozen when the event happens and retried on 429 and 500; account and API-inbox deliveries are
serialised when their job runs and never retried. Ten deliveries of an account run at once (Sidekiq's threads), bots
before the others, so nothing keeps them in order.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import aiohttp

from simulator.chatwoot import rails_json
from simulator.chatwoot.model import Json, Message
from simulator.faults import FaultBoard, FaultSpec
from simulator.timers import Timers

Kind: TypeAlias = Literal["agent_bot", "account", "api_inbox"]
Build: TypeAlias = Callable[[], Json]

RETRIED_STATUSES = frozenset({429, 500})
BOT_ATTEMPTS = 3
_LOG_LENGTH = 1000


@dataclass(frozen=True)
class Timing:
    """How patient Chatwoot is: its defaults."""

    timeout: float = 5.0
    retry_wait: float = 3.0
    threads: int = 10


@dataclass(slots=True)
class Delivery:
    """One webhook to be sent."""

    kind: Kind
    event: str
    account_id: int
    url: str
    secret: str
    build: Build
    message: Message | None = None
    body: bytes | None = None
    attempt: int = 0
    started: bool = False
    delivery_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one POST; `status` is 0 without an answer."""

    at: float
    kind: Kind
    event: str
    delivery_id: str
    attempt: int
    status: int
    seconds: float
    message_id: int | None
    error: str = ""


OnFailure: TypeAlias = Callable[[Delivery, str], None]


class Dispatcher:
    """The delivery queues of every account."""

    def __init__(self, faults: FaultBoard, timers: Timers, on_failure: OnFailure, timing: Timing) -> None:
        self.timers = timers
        self.timing = timing
        self._faults = faults
        self._on_failure = on_failure
        self._queues: dict[int, AccountQueue] = {}
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the HTTP client."""
        timeout = aiohttp.ClientTimeout(total=self.timing.timeout)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))

    async def stop(self) -> None:
        """Drop what is queued and cancel what is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def queue(self, account_id: int) -> AccountQueue:
        """The queue of one account."""
        if account_id not in self._queues:
            self._queues[account_id] = AccountQueue(self)
        return self._queues[account_id]

    def send(self, delivery: Delivery) -> None:
        """Queue a delivery. The body of a bot's is frozen here, whatever happens to the records later."""
        if delivery.kind == "agent_bot":
            delivery.body = rails_json.dumps(delivery.build())
        self.queue(delivery.account_id).put(delivery)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Run in the background, until the end of the dispatcher at most."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self, delivery: Delivery, queue: AccountQueue) -> None:
        """Make one attempt, faults included."""
        spec = None if delivery.started else self._faults.take("webhook", str(delivery.account_id), delivery.event)
        delivery.started = True
        if spec is not None and spec.kind == "drop":
            queue.counts["dropped"] += 1
            return
        if spec is not None and spec.kind in ("slow", "reorder"):
            share = self._faults.random.random() if spec.kind == "reorder" else 1.0
            queue.put_later(spec.delay * share, delivery)
            return
        if delivery.body is None:
            delivery.body = rails_json.dumps(delivery.build())
        if spec is not None and spec.kind == "duplicate":
            await asyncio.gather(*(self._attempt(each, queue, None) for each in _copies(delivery, spec)))
        else:
            await self._attempt(delivery, queue, spec)

    async def _attempt(self, delivery: Delivery, queue: AccountQueue, spec: FaultSpec | None) -> None:
        delivery.attempt += 1
        status, error = await self._post(delivery, queue, spec)
        if 200 <= status < 300:
            return
        if delivery.kind == "agent_bot" and status in RETRIED_STATUSES and delivery.attempt < BOT_ATTEMPTS:
            queue.put_later(self.timing.retry_wait, delivery)
        else:
            self._on_failure(delivery, error)

    async def _post(self, delivery: Delivery, queue: AccountQueue, spec: FaultSpec | None) -> tuple[int, str]:
        if self._session is None:
            raise RuntimeError("the dispatcher is not started")
        started = time.monotonic()
        status, error = 0, ""
        headers = signed_headers(delivery, spec)
        try:
            async with self._session.post(delivery.url, data=delivery.body, headers=headers) as response:
                await response.read()
                status = response.status
                error = "" if response.ok else f"{status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failure:
            error = f"{type(failure).__name__}: {failure}"
        queue.record(delivery, status, time.monotonic() - started, error)
        return status, error


def _copies(delivery: Delivery, spec: FaultSpec) -> list[Delivery]:
    def copy() -> Delivery:
        delivery_id = delivery.delivery_id if spec.same_delivery_id else str(uuid.uuid4())
        return replace(delivery, delivery_id=delivery_id)

    return [delivery, *(copy() for _ in range(spec.copies - 1))]


def signed_headers(delivery: Delivery, spec: FaultSpec | None = None) -> dict[str, str]:
    """The headers of one attempt: a fresh timestamp each time, the delivery id always the same."""
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "X-Chatwoot-Delivery": delivery.delivery_id,
    }
    if delivery.secret:
        kind = spec.kind if spec else None
        timestamp = str(int(time.time()) - (3600 if kind == "stale" else 0))
        secret = delivery.secret + ("-other" if kind == "bad_signature" else "")
        signature = hmac.new(secret.encode(), timestamp.encode() + b"." + (delivery.body or b""), hashlib.sha256)
        headers["X-Chatwoot-Timestamp"] = timestamp
        headers["X-Chatwoot-Signature"] = f"sha256={signature.hexdigest()}"
    return headers


class AccountQueue:
    """What one account has to deliver, and what became of it."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._high: deque[Delivery] = deque()
        self._medium: deque[Delivery] = deque()
        self._workers = 0
        self._later = 0
        self._under_way = 0
        self.counts: Counter[str] = Counter()
        self.attempts: deque[Attempt] = deque(maxlen=_LOG_LENGTH)

    @property
    def waiting(self) -> int:
        """Deliveries not finished yet, those that wait for their next attempt included."""
        return len(self._high) + len(self._medium) + self._later + self._under_way

    def put(self, delivery: Delivery) -> None:
        """Add one; a worker is started when fewer than the allowed number run."""
        (self._high if delivery.kind == "agent_bot" else self._medium).append(delivery)
        if self._workers < self._dispatcher.timing.threads:
            self._workers += 1
            self._dispatcher.spawn(self._work())

    def put_later(self, delay: float, delivery: Delivery) -> None:
        """Add one after a delay, holding no worker meanwhile."""
        self._later += 1
        self._dispatcher.timers.later(delay, self._put_again, delivery)

    def _put_again(self, delivery: Delivery) -> None:
        self._later -= 1
        self.put(delivery)

    async def _work(self) -> None:
        try:
            while self._high or self._medium:
                delivery = (self._high or self._medium).popleft()
                self._under_way += 1
                try:
                    await self._dispatcher.run(delivery, self)
                finally:
                    self._under_way -= 1
        finally:
            self._workers -= 1

    def record(self, delivery: Delivery, status: int, seconds: float, error: str) -> None:
        """Remember what became of one POST."""
        self.counts[f"{delivery.kind}:{delivery.event}:{status}"] += 1
        self.attempts.append(
            Attempt(
                at=time.time(),
                kind=delivery.kind,
                event=delivery.event,
                delivery_id=delivery.delivery_id,
                attempt=delivery.attempt,
                status=status,
                seconds=seconds,
                message_id=delivery.message.id if delivery.message else None,
                error=error,
            )
        )
