"""Health of the whole system: every instance of every service answers one ping over the broker.

No service knows the addresses of the others, and the gateway cannot put answers together; the broker reaches them all.

A service starts its responder next to its consumers, and odoo_api serves the sum to the gateway:

    responder = await start_health_responder(connection.nc, health)      # every service; `await responder.stop()`
    app.add_routes(system_health_routes(connection.nc))                   # odoo_api: GET /health/system
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from typing import Literal

import structlog
from aiohttp import web
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from pydantic import Field

from common.errors import QueryFailed, UnreadableMessage
from common.health import Health
from common.message import Frozen, Message, MessageRegistry

log = structlog.get_logger(__name__)

PING_SUBJECT = "health.ping"
SERVICES = ("webhook", "odoo_api", "hub")
"""What the system cannot do without: each must have an instance that is ready."""

_WINDOW_SECONDS = 1.5
# When all expected services answered, their other instances get this much longer.
_QUIET_SECONDS = 0.1
# Anybody may ask the gateway for the system's health: a crowd of askers costs one ping a second.
_CACHE_SECONDS = 1.0

SystemStatus = Literal["ok", "degraded", "unavailable"]


class InstanceHealth(Message):
    """One process's answer to a ping."""

    service: str
    version: str
    instance: str
    status: str
    checks: dict[str, str] = Field(default_factory=dict)
    notes: dict[str, str] = Field(default_factory=dict)
    """What an operator should know although the process can do its work."""

    @property
    def ready(self) -> bool:
        """Whether it can do its work."""
        return self.status == "ok"


class ServiceSummary(Frozen):
    """All instances of one service: what may be shown to anybody."""

    status: SystemStatus
    instances: int
    ready: int
    versions: tuple[str, ...]


class SystemSummary(Frozen):
    """`ok`: all instances are ready; `degraded`: each service has one that is; `unavailable`: a service has none."""

    status: SystemStatus
    services: dict[str, ServiceSummary]


_ANSWERS: MessageRegistry[InstanceHealth] = MessageRegistry("health answer", InstanceHealth)


class HealthResponder:
    """Answers pings with the health of this process."""

    def __init__(self, nc: Client, health: Health) -> None:
        self._nc = nc
        self._health = health
        self._subscription: Subscription | None = None
        self._answering: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Subscribe. nats-py subscribes again by itself after a reconnect."""
        self._subscription = await self._nc.subscribe(PING_SUBJECT, cb=self._receive)

    async def stop(self) -> None:
        """Answer no more."""
        subscription, self._subscription = self._subscription, None
        if subscription is not None and not self._nc.is_closed:
            with contextlib.suppress(NatsError, OSError):
                await subscription.unsubscribe()
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def _receive(self, ping: Msg) -> None:
        # In a task of its own: a slow check must not hold up the next ping.
        if ping.reply:
            task = asyncio.create_task(self._answer(ping.reply), name="health-answer")
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, reply: str) -> None:
        report = await self._health.report()
        answer = InstanceHealth.model_validate(report)
        with contextlib.suppress(NatsError, OSError):
            await self._nc.publish(reply, answer.encode())


async def start_health_responder(nc: Client, health: Health) -> HealthResponder:
    """Answer pings from now on."""
    responder = HealthResponder(nc, health)
    await responder.start()
    return responder


async def collect(
    nc: Client, window: float = _WINDOW_SECONDS, *, expected: Iterable[str] = SERVICES
) -> list[InstanceHealth]:
    """Ping everybody, and return who answered within the window; sooner when all expected services have.

    Raises:
        QueryFailed: `unavailable`, when the ping could not be sent.
    """
    answers: list[InstanceHealth] = []
    arrived = asyncio.Event()

    async def receive(message: Msg) -> None:
        with contextlib.suppress(UnreadableMessage):
            answers.append(_ANSWERS.decode(message.data))
            arrived.set()

    inbox = nc.new_inbox()
    try:
        subscription = await nc.subscribe(inbox, cb=receive)
        try:
            await nc.publish(PING_SUBJECT, b"", reply=inbox)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(window):
                    await _until_quiet(answers, arrived, set(expected))
        finally:
            await subscription.unsubscribe()
    except (NatsError, OSError) as error:
        raise QueryFailed("unavailable", f"{PING_SUBJECT}: {type(error).__name__}") from error
    return sorted(answers, key=lambda each: (each.service, each.instance))


async def _until_quiet(answers: Sequence[InstanceHealth], arrived: asyncio.Event, expected: set[str]) -> None:
    while True:
        complete = expected <= {each.service for each in answers}
        arrived.clear()
        try:
            await asyncio.wait_for(arrived.wait(), _QUIET_SECONDS if complete else None)
        except TimeoutError:
            return


def summarise(answers: Iterable[InstanceHealth], expected: Iterable[str] = SERVICES) -> SystemSummary:
    """Sum up what the instances said; a service that did not answer counts as unavailable."""
    by_service: dict[str, list[InstanceHealth]] = {name: [] for name in expected}
    for each in answers:
        by_service.setdefault(each.service, []).append(each)
    services = {name: _summary(instances) for name, instances in by_service.items()}
    return SystemSummary(status=_worst(each.status for each in services.values()), services=services)


def _summary(instances: Sequence[InstanceHealth]) -> ServiceSummary:
    ready = sum(each.ready for each in instances)
    return ServiceSummary(
        status="unavailable" if ready == 0 else "ok" if ready == len(instances) else "degraded",
        instances=len(instances),
        ready=ready,
        versions=tuple(sorted({each.version for each in instances})),
    )


def _worst(statuses: Iterable[SystemStatus]) -> SystemStatus:
    found = set(statuses)
    return "unavailable" if "unavailable" in found else "degraded" if "degraded" in found else "ok"


class _CachedSummary:
    """One ping serves everybody who asks within the same second."""

    def __init__(self, nc: Client, window: float) -> None:
        self._nc = nc
        self._window = window
        self._lock = asyncio.Lock()
        self._summary: SystemSummary | None = None
        self._at = 0.0

    async def get(self) -> SystemSummary:
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if self._summary is None or now - self._at > _CACHE_SECONDS:
                self._summary = summarise(await self._collect())
                self._at = asyncio.get_running_loop().time()
            return self._summary

    async def _collect(self) -> list[InstanceHealth]:
        try:
            return await collect(self._nc, self._window)
        except QueryFailed as error:
            log.warning("system_health_unknown", reason=str(error))
            return []


def system_health_routes(nc: Client, *, window: float = _WINDOW_SECONDS) -> list[web.RouteDef]:
    """`GET /health/system`: 200 when each service has a ready instance, else 503; with counts and versions only."""
    cached = _CachedSummary(nc, window)

    async def system_health(_: web.Request) -> web.Response:
        summary = await cached.get()
        status = 503 if summary.status == "unavailable" else 200
        return web.json_response(summary.model_dump(mode="json"), status=status, headers={"Cache-Control": "no-store"})

    return [web.get("/health/system", system_health)]
