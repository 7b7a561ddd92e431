"""The one consumer runtime: the only place that acknowledges, delays, terminates or dead-letters a message.

A handler returns (done) or raises one of the instructions of `common.errors`; anything else it raises is a fault.
Delivery is at least once, also after a return: a broker crash takes acknowledgements back, and such a message comes
again as if for the first time. So a handler always checks its own durable record.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Generic, TypeVar

import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from common import metrics
from common.errors import PublishFailed
from common.nats.dead_letters import publish_dead_letter
from common.nats.delivery import Delivery
from common.nats.publisher import Publisher
from common.nats.pull_loop import PullLoop
from common.nats.retry import Ack, DeadLetter, FaultStreak, Retry, RetryPolicy, Step, Stop, next_step
from common.nats.tasks import cancel, within
from common.nats.topology import ConsumerSpec, consumer_spec, consumers_of, nanoseconds
from common.telemetry import extract, tracer

log = structlog.get_logger(__name__)
_tracer = tracer("nats")

__all__ = ["Consumer", "ConsumerGroup", "Delivery", "Handler"]

M = TypeVar("M")

_AT_ONCE_AGAIN = 0.001
_STOPPED_DELAY = 1.0
_FLUSH_SECONDS = 1.0


Handler = Callable[[M, Delivery], Awaitable[None]]


class Consumer(Generic[M]):
    """Pulls from one durable consumer and runs the handler, `concurrency` messages at a time.

    While a handler runs, the broker is told so every third of `ack_wait`: handlers may take longer than that.
    """

    def __init__(  # noqa: PLR0913 - what a consumer is made of
        self,
        nc: Client,
        publisher: Publisher,
        spec: ConsumerSpec | str,
        decode: Callable[[bytes], M],
        handler: Handler[M],
        retry: RetryPolicy | None = None,
        concurrency: int = 1,
        streak: FaultStreak | None = None,
    ) -> None:
        self.spec = consumer_spec(spec) if isinstance(spec, str) else spec
        self.stopped_because: str | None = None
        self._nc = nc
        self._publisher = publisher
        self._decode = decode
        self._handler = handler
        self._retry = retry or RetryPolicy()
        self._concurrency = concurrency
        self._streak = streak or FaultStreak(self._retry.fault_streak)
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._loop = PullLoop(nc, self.spec.stream, self.spec.name, self._take, room=self._room)
        self._stop_task: asyncio.Task[None] | None = None

    @property
    def in_flight(self) -> int:
        """Handlers running now."""
        return len(self._running)

    @property
    def problem(self) -> str | None:
        """Health: None, or why this consumer does not consume."""
        if self.stopped_because:
            return f"{self.spec.name} stopped: {self.stopped_because}"
        if self._streak.too_long:
            return f"{self.spec.group}: {self._streak.length} faults in a row, not one success between them"
        return self._loop.problem

    async def start(self) -> None:
        """Begin to consume."""
        await self._loop.start()

    async def stop(self, grace: float = 5.0) -> None:
        """Stop consuming without losing or repeating work. Safe to call twice.

        First no new request is made. Then the open request is withdrawn: messages that were already on their way are
        given back at once, for another process. Handlers that run are waited for up to `grace` seconds; they keep
        their heartbeat and acknowledge as always. What still runs after that is cancelled and its messages are given
        back. Last the acknowledgements are flushed, because the connection may be closed next.
        """
        self._stopping = True
        await self._loop.stop()
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        await cancel(*self._running)
        if self._stop_task and self._stop_task is not asyncio.current_task():
            await asyncio.gather(self._stop_task, return_exceptions=True)
        with contextlib.suppress(NatsError, TimeoutError, OSError):
            if self._nc.is_connected:
                await within(_FLUSH_SECONDS, self._nc.flush())

    def _room(self) -> int:
        # With one message at a time on the server's side the next request may already wait there: it is answered
        # only after the acknowledgement, and saves a round trip.
        if self.spec.max_ack_pending == 1:
            return 1
        return self._concurrency - len(self._running)

    def _take(self, message: Msg) -> None:
        task = asyncio.create_task(self._process(message), name=f"handle-{self.spec.name}")
        self._running.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._loop.wake()

    async def _process(self, message: Msg) -> None:
        delivery = Delivery.of(message)
        if self._stopping:
            await self._settle(message, delivery, Retry(_AT_ONCE_AGAIN, fault=False))
            return
        heartbeat = _Heartbeat(message, self.spec.ack_wait / 3)
        try:
            error = await self._handle(delivery)
            age = (datetime.now(UTC) - delivery.stored_at).total_seconds()
            step = next_step(error, delivery.attempt, age, self._retry, random.random())  # noqa: S311 - jitter
            await self._settle(message, delivery, step, error)
        except asyncio.CancelledError:
            await self._settle(message, delivery, Retry(_AT_ONCE_AGAIN, fault=False))
            raise
        finally:
            heartbeat.stop()

    async def _handle(self, delivery: Delivery) -> BaseException | None:
        """Run decoder and handler; return what they raised."""
        started = time.perf_counter()
        span_name = f"process {self.spec.stream}"
        context = extract(delivery.headers)
        with _tracer.start_as_current_span(span_name, context=context, kind=SpanKind.CONSUMER) as span:
            _describe(span, delivery, self.spec)
            try:
                await self._handler(self._decode(delivery.data), delivery)
            except Exception as error:  # noqa: BLE001 - the one place where any error becomes a decision
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                return error
            except asyncio.CancelledError as error:
                # Only our own stop cancels this task; anything else is a handler that let one of its tasks' through.
                if _being_cancelled():
                    raise
                return error
            finally:
                metrics.HANDLER_SECONDS.labels(self.spec.stream).observe(time.perf_counter() - started)
        return None

    async def _settle(self, message: Msg, delivery: Delivery, step: Step, error: BaseException | None = None) -> None:
        """Tell the broker what became of the message. A lost answer only means another delivery."""
        ids = {"stream": delivery.stream, "sequence": delivery.sequence, "attempt": delivery.attempt}
        with contextlib.suppress(NatsError, OSError):
            match step:
                case Ack():
                    await message.ack()
                    self._streak.succeeded()
                    self._count("done")
                case Retry(delay, fault):
                    if fault:
                        log.error(
                            "handler_fault", consumer=self.spec.name, delay=round(delay, 2), exc_info=error, **ids
                        )
                    await _nak(message, delay)
                    self._count("fault" if fault else "retry")
                case DeadLetter(kind="fault") if self._streak.too_long:
                    log.error("fault_kept", consumer=self.spec.name, streak=self._streak.length, exc_info=error, **ids)
                    await _nak(message, self._retry.max_delay)
                    self._count("fault")
                case DeadLetter():
                    await self._bury(message, delivery, step, ids)
                case Stop(reason):
                    await _nak(message, _STOPPED_DELAY)
                    self._count("stopped")
                    self._stop_for(reason)

    async def _bury(self, message: Msg, delivery: Delivery, step: DeadLetter, ids: dict[str, object]) -> None:
        try:
            await publish_dead_letter(self._publisher, delivery, self.spec.group, reason=step.reason, kind=step.kind)
        except PublishFailed as error:
            log.error("dead_letter_not_stored", consumer=self.spec.name, reason=str(error), **ids)
            await _nak(message, self._retry.max_delay)
            self._count("retry")
            return
        log.warning("message_dead_lettered", consumer=self.spec.name, kind=step.kind, reason=step.reason, **ids)
        await self._nc.publish(message.reply, f"+TERM {step.kind}".encode())
        if step.kind == "fault":
            self._streak.failed()
        metrics.DEAD_LETTERS.labels(self.spec.stream).inc()
        self._count("dead")

    def _stop_for(self, reason: str) -> None:
        if self.stopped_because is None:
            self.stopped_because = reason
            log.error("consumer_stopped", consumer=self.spec.name, reason=reason)
            self._stopping = True
            self._stop_task = asyncio.create_task(self._loop.stop(), name=f"stop-{self.spec.name}")

    def _count(self, outcome: str) -> None:
        metrics.MESSAGES_HANDLED.labels(self.spec.stream, outcome).inc()


class _Heartbeat:
    """Tells the broker at intervals that a message is still being worked on. A timer: most handlers end before it."""

    def __init__(self, message: Msg, interval: float) -> None:
        self._message = message
        self._interval = interval
        self._beating: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(interval, self._beat)

    def stop(self) -> None:
        self._timer.cancel()

    def _beat(self) -> None:
        self._beating = asyncio.create_task(self._send(), name="in-progress")
        self._timer = asyncio.get_running_loop().call_later(self._interval, self._beat)

    async def _send(self) -> None:
        with contextlib.suppress(NatsError, OSError):
            await self._message.in_progress()


class ConsumerGroup(Generic[M]):
    """The consumers of all partitions, started and stopped together. `specs`: them, or the name of their group."""

    def __init__(  # noqa: PLR0913 - what a consumer is made of
        self,
        nc: Client,
        publisher: Publisher,
        specs: Sequence[ConsumerSpec] | str,
        decode: Callable[[bytes], M],
        handler: Handler[M],
        retry: RetryPolicy | None = None,
        concurrency: int = 1,
    ) -> None:
        streak = FaultStreak((retry or RetryPolicy()).fault_streak)
        self.consumers = [
            Consumer(nc, publisher, spec, decode, handler, retry, concurrency, streak)
            for spec in (consumers_of(specs) if isinstance(specs, str) else specs)
        ]

    @property
    def in_flight(self) -> int:
        """Handlers running now."""
        return sum(each.in_flight for each in self.consumers)

    async def start(self) -> None:
        """Begin to consume all partitions."""
        await asyncio.gather(*(each.start() for each in self.consumers))

    async def stop(self, grace: float = 5.0) -> None:
        """Stop all partitions at the same time: see `Consumer.stop`."""
        await asyncio.gather(*(each.stop(grace) for each in self.consumers))

    async def check(self) -> str | None:
        """A health check: None, or the first problem and how many there are."""
        problems = [each.problem for each in self.consumers if each.problem]
        if not problems:
            return None
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return f"{problems[0]}{more}"


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _nak(message: Msg, delay: float) -> None:
    # Never without a delay: the server would deliver again at once, and ignore any backoff it was configured with.
    body = orjson.dumps({"delay": nanoseconds(max(delay, _AT_ONCE_AGAIN))})
    await message._client.publish(message.reply, b"-NAK " + body)


def _describe(span: Span, delivery: Delivery, spec: ConsumerSpec) -> None:
    span.set_attribute("messaging.system", "nats")
    span.set_attribute("messaging.destination.name", delivery.stream)
    span.set_attribute("messaging.consumer.group.name", spec.group)
    span.set_attribute("messaging.message.id", delivery.headers.get("Nats-Msg-Id", ""))
    span.set_attribute("messaging.message.body.size", len(delivery.data))
    span.set_attribute("nats.sequence", delivery.sequence)
    span.set_attribute("nats.num_delivered", delivery.attempt)
