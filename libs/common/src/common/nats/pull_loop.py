"""The pull loop: keeps one pull request open on a consumer, whatever happens to the broker or the link.

nats-py's own `fetch` stalls for its whole timeout when the server restarts under it; this loop notices by the
reconnect counter, by missed heartbeats, and by its own deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from common import metrics
from common.nats.tasks import cancel, within
from common.nats.topology import nanoseconds

log = structlog.get_logger(__name__)

EXPIRES = 30.0
HEARTBEAT = 2.0
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0
GONE_PAUSE = 5.0
"""Between requests to a consumer that was deleted or never was: somebody has to provision it again."""
_TROUBLES_UNTIL_PROBLEM = 5
_DRAIN_SECONDS = 2.0


class PullLoop:
    """Pulls from one consumer and hands each message to `on_message`, which must return at once.

    `room` says how many messages the owner can take; 0 holds the next request back until `wake` is called.
    Exactly one request is outstanding. Data messages carry no request number: all count for the current one.
    """

    def __init__(  # noqa: PLR0913 - each is one independent setting
        self,
        nc: Client,
        stream: str,
        consumer: str,
        on_message: Callable[[Msg], None],
        *,
        room: Callable[[], int] = lambda: 1,
        expires: float = EXPIRES,
        heartbeat: float | None = None,
    ) -> None:
        self.stream = stream
        self.consumer = consumer
        self.problem: str | None = None
        """What an operator should know: the consumer is gone, or nobody answers. None while all is well."""
        self.reissued = 0
        self._nc = nc
        self._on_message = on_message
        self._room = room
        self._expires = expires
        self._heartbeat = heartbeat if heartbeat is not None else min(expires / 2.5, HEARTBEAT)
        self._prefix = ""
        self._request = 0
        self._left = 0
        self._deadline = 0.0
        self._last = 0.0
        self._reconnects = 0
        self._troubles = 0
        self._pause = 0.0
        self._need = asyncio.Event()
        self._wake = asyncio.Event()
        self._subscription: Subscription | None = None
        self._driver: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Subscribe and begin to pull."""
        self._prefix = self._nc.new_inbox()
        self._subscription = await self._nc.subscribe(
            f"{self._prefix}.*", cb=self._receive, pending_msgs_limit=-1, pending_bytes_limit=-1
        )
        self._driver = asyncio.create_task(self._drive(), name=f"pull-{self.consumer}")

    def wake(self) -> None:
        """There is room again."""
        self._wake.set()

    async def close_gate(self) -> None:
        """No further requests. Messages of the open one may still come."""
        if self._driver:
            await cancel(self._driver)
            self._driver = None

    async def stop(self) -> None:
        """End the open request. What the server sent before it knew still reaches `on_message`. Safe to call twice."""
        await self.close_gate()
        subscription, self._subscription = self._subscription, None
        if subscription is None:
            return
        with contextlib.suppress(NatsError, TimeoutError, OSError):
            if self._nc.is_connected:
                await within(_DRAIN_SECONDS, subscription.drain())  # type: ignore[no-untyped-call]
            else:
                await subscription.unsubscribe()

    async def _drive(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = await self._wait_for_room()
            self._need.clear()
            if not await self._issue(batch):
                await asyncio.sleep(self._heartbeat / 2)
                continue
            while not self._is_over(loop.time()):
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._heartbeat / 2):
                        await self._need.wait()
            pause, self._pause = self._pause, 0.0
            if pause:
                await asyncio.sleep(pause)

    async def _wait_for_room(self) -> int:
        while (batch := self._room()) <= 0:
            self._wake.clear()
            await self._wake.wait()
        return batch

    async def _issue(self, batch: int) -> bool:
        if not self._nc.is_connected:
            return False
        now = asyncio.get_running_loop().time()
        self._request += 1
        self._left = batch
        self._deadline = now + self._expires + 1.0
        self._last = now
        self._reconnects = self._nc.stats["reconnects"]
        body = {
            "batch": batch,
            "expires": nanoseconds(self._expires),
            "idle_heartbeat": nanoseconds(self._heartbeat),
        }
        try:
            await self._nc.publish(
                f"$JS.API.CONSUMER.MSG.NEXT.{self.stream}.{self.consumer}",
                orjson.dumps(body),
                reply=f"{self._prefix}.{self._request}",
            )
        except (NatsError, OSError):
            return False
        return True

    def _is_over(self, now: float) -> bool:
        if self._need.is_set():
            return True
        lost = (
            # The server has forgotten the request.
            self._nc.stats["reconnects"] != self._reconnects
            or now - self._last > 2 * self._heartbeat + 0.2
            or now > self._deadline
        )
        if lost:
            self.reissued += 1
        return lost

    async def _receive(self, message: Msg) -> None:
        headers = message.headers or {}
        if not message.reply and "Status" in headers:
            self._status(message.subject, headers["Status"], headers.get("Description", ""))
            return
        self._alive()
        self._left -= 1
        self._on_message(message)
        if self._left <= 0:
            self._need.set()

    def _status(self, subject: str, status: str, description: str) -> None:
        metrics.PULL_STATUSES.labels(self.stream, status).inc()
        if subject.rpartition(".")[2] != str(self._request):
            return
        if status == "100":
            self._alive()
        elif status in ("404", "408"):
            self._alive()
            self._need.set()
        else:
            self._trouble(status, description)

    def _alive(self) -> None:
        self._last = asyncio.get_running_loop().time()
        if self._troubles:
            self._troubles = 0
            self.problem = None

    def _trouble(self, status: str, description: str) -> None:
        """409, 503 and 400: nothing to pull from now, or not so. Ever longer pauses, and word to the operator."""
        self._troubles += 1
        gone = "deleted" in description.lower()
        if gone or self._troubles == _TROUBLES_UNTIL_PROBLEM:
            self.problem = f"{self.stream}/{self.consumer}: {status} {description or 'no consumer or no leader'}"
            log.error("pull_refused", stream=self.stream, consumer=self.consumer, status=status, reason=description)
        self._pause = GONE_PAUSE if gone else min(FIRST_PAUSE * 2 ** min(self._troubles - 1, 10), LONGEST_PAUSE)
        self._need.set()
