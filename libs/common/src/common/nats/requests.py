"""Queries between services: request-reply over core NATS, answered at once or refused, never stored."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast, get_args, overload

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from opentelemetry.trace import SpanKind, Status, StatusCode

from common.errors import QueryFailed, UnreadableMessage
from common.message import Message, MessageRegistry
from common.nats.tasks import cancel, within
from common.queries import Query
from common.query_answers import ANSWERS, QueryError, QueryErrorCode
from common.telemetry import extract, inject, tracer

log = structlog.get_logger(__name__)
_tracer = tracer("nats")

A = TypeVar("A", bound=Message)
Q = TypeVar("Q", bound=Message)

_CODES = frozenset(get_args(QueryErrorCode))
_WAITING_PER_WORKER = 4


@overload
async def ask(
    nc: Client, subject: str, query: Query, registry: MessageRegistry[Message] = ..., timeout: float = ...
) -> Message: ...
@overload
async def ask(
    nc: Client,
    subject: str,
    query: Query,
    registry: MessageRegistry[Message] = ...,
    timeout: float = ...,
    *,
    expect: type[A],
) -> A: ...
async def ask(
    nc: Client,
    subject: str,
    query: Query,
    registry: MessageRegistry[Message] = ANSWERS,
    timeout: float = 2.0,
    *,
    expect: type[Message] = Message,
) -> Message:
    """Send a query and return its answer, of the type `expect` if given.

    Raises:
        QueryFailed: with the service's code; `unavailable` when nobody answers in time.
    """
    with _tracer.start_as_current_span(f"ask {subject}", kind=SpanKind.CLIENT) as span:
        span.set_attribute("messaging.system", "nats")
        span.set_attribute("messaging.destination.name", subject)
        try:
            reply = await nc.request(subject, query.encode(), timeout=timeout, headers=_headers(query))
        except NoRespondersError as error:
            raise QueryFailed("unavailable", f"nobody serves {subject}") from error
        except (NatsError, OSError) as error:
            raise QueryFailed("unavailable", f"{subject}: {type(error).__name__}") from error
        return _answer(reply.data, expect, registry)


async def ask_all(
    nc: Client,
    subject: str,
    query: Query,
    window: float,
    *,
    expected: int | None = None,
    registry: MessageRegistry[Message] = ANSWERS,
) -> list[Message]:
    """Send a query to everybody who serves the subject and collect the answers of `window` seconds.

    Stops early when `expected` answers are there, or when nobody serves the subject. Errors and unreadable answers are
    left out.

    Raises:
        QueryFailed: `unavailable`, when the query could not be sent.
    """
    inbox = nc.new_inbox()
    replies: asyncio.Queue[Msg] = asyncio.Queue()
    answers: list[Message] = []

    async def receive(message: Msg) -> None:
        replies.put_nowait(message)

    try:
        subscription = await nc.subscribe(inbox, cb=receive)
        try:
            await nc.publish(subject, query.encode(), reply=inbox, headers=_headers(query))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(window):
                    while expected is None or len(answers) < expected:
                        message = await replies.get()
                        if (message.headers or {}).get("Status") == "503":
                            break
                        with contextlib.suppress(QueryFailed):
                            answers.append(_answer(message.data, Message, registry))
        finally:
            await subscription.unsubscribe()
    except (NatsError, OSError) as error:
        raise QueryFailed("unavailable", f"{subject}: {type(error).__name__}") from error
    return answers


class Service:
    """A served subject. `stop` lets running answers finish."""

    def __init__(
        self,
        nc: Client,
        subject: str,
        registry: MessageRegistry[Any],
        handler: Callable[[Any], Awaitable[Message]],
        concurrency: int,
    ) -> None:
        self.subject = subject
        self._nc = nc
        self._registry = registry
        self._handler = handler
        self._slots = asyncio.Semaphore(concurrency)
        self._most = concurrency * (1 + _WAITING_PER_WORKER)
        self._running: set[asyncio.Task[None]] = set()
        self._subscription: Subscription | None = None

    async def start(self, queue: str) -> None:
        """Subscribe; processes with the same `queue` share the queries, an empty one gets them all."""
        self._subscription = await self._nc.subscribe(self.subject, queue=queue, cb=self._receive)
        await self._nc.flush()

    async def stop(self, grace: float = 5.0) -> None:
        """Take no more queries, finish the running ones up to `grace` seconds, cancel the rest."""
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            with contextlib.suppress(NatsError, TimeoutError, OSError):
                await within(grace, subscription.drain())  # type: ignore[no-untyped-call]
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        await cancel(*self._running)

    async def _receive(self, message: Msg) -> None:
        if not message.reply:
            return
        if len(self._running) >= self._most:
            await self._reply(message, QueryError(code="unavailable", message="too many queries at once"))
            return
        task = asyncio.create_task(self._serve(message), name=f"answer-{self.subject}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _serve(self, message: Msg) -> None:
        async with self._slots:
            name = f"answer {self.subject}"
            with _tracer.start_as_current_span(name, context=extract(message.headers), kind=SpanKind.SERVER) as span:
                span.set_attribute("messaging.system", "nats")
                answer = await self._answer(message)
                if isinstance(answer, QueryError):
                    span.set_status(Status(StatusCode.ERROR, answer.code))
                await self._reply(message, answer)

    async def _answer(self, message: Msg) -> Message:
        try:
            query = self._registry.decode(message.data)
        except UnreadableMessage as error:
            return QueryError(code="unreadable", message=str(error))
        # In a task of its own, so that any error can be read off it: the asker must get an answer, not a time-out.
        work: asyncio.Task[Message] = asyncio.create_task(_awaited(self._handler(query)))
        try:
            await asyncio.wait([work])
        finally:
            await cancel(work)
        fault = work.exception()
        if fault is None:
            return work.result()
        if isinstance(fault, QueryFailed):
            code = fault.code if fault.code in _CODES else "unavailable"
            return QueryError(code=cast(QueryErrorCode, code), message=str(fault).partition(": ")[2])
        log.error("query_fault", subject=self.subject, exc_info=fault)
        return QueryError(code="unavailable", message=f"internal error: {type(fault).__name__}")

    async def _reply(self, message: Msg, answer: Message) -> None:
        with contextlib.suppress(NatsError, OSError):
            await self._nc.publish(message.reply, answer.encode(), headers=_headers(answer))


async def serve(
    nc: Client,
    subject: str,
    queue: str,
    registry: MessageRegistry[Any],
    handler: Callable[[Q], Awaitable[Message]],
    *,
    concurrency: int = 32,
) -> Service:
    """Answer the queries of a subject; processes with the same `queue` share them, an empty one gets them all.

    `handler` returns the answer or raises `QueryFailed` with a code; any other error is answered as `unavailable` and
    logged. Up to `concurrency` run at once, some more wait, and what comes beyond that is refused at once.
    """
    service = Service(nc, subject, registry, handler, concurrency)
    await service.start(queue)
    return service


def _headers(message: Message) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "X-Event-Type": message.type_name(),
        "X-Schema-Version": str(message.VERSION),
    }
    return inject(headers)


def _answer(data: bytes, answer_type: type[A], registry: MessageRegistry[Message]) -> A:
    try:
        answer = registry.decode(data)
    except UnreadableMessage as error:
        raise QueryFailed("unreadable", str(error)) from error
    if isinstance(answer, QueryError):
        raise QueryFailed(answer.code, answer.message)
    if not isinstance(answer, answer_type):
        raise QueryFailed("unreadable", f"{answer.type_name()} instead of {answer_type.type_name()}")
    return answer


async def _awaited(value: Awaitable[Message]) -> Message:
    return await value
