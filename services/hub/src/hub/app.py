"""The hub put together: events applied, turns run, questions answered, knowledge followed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import structlog
from aiohttp import web
from nats.aio.client import Client

from common.bootstrap import ensure_ready
from common.errors import NotReady, UnreadableMessage
from common.events import CHATWOOT_EVENTS
from common.health import Health, Served, health_routes, serve_app
from common.nats.bucket import Bucket
from common.nats.connection import NatsConnection, connect
from common.nats.consumer import Consumer, ConsumerGroup
from common.nats.publisher import Publisher
from common.nats.retry import RetryPolicy
from common.nats.topology import BUCKET_CONVERSATIONS, HUB_EVENTS, HUB_TURNS
from common.run import serve_until
from common.system_health import HealthResponder
from common.tenant_directory import TenantDirectory
from common.turns import TURN_MESSAGES, TurnDue
from hub.answering_side import AnsweringSide, TenantsAndModels, answering_side
from hub.debounce import BACKUP_SECONDS
from hub.event_consumer import EventApplier
from hub.forgetting import Forgetting
from hub.outbox import OutboxSettler
from hub.ports import Clock, Ports, utc_now
from hub.prompt_timers import PromptTimers
from hub.settings import HubSettings
from hub.store import ConversationStore
from hub.timers import BrokerTimers
from hub.turns import TurnEngine, TurnPolicy

SERVICE = "hub"
DAY = 86400.0

# An event that waits blocks its partition, so it is tried again soon; only the broker can make it wait.
EVENT_RETRY = RetryPolicy(first_delay=0.1, max_delay=2.0, give_up_after=DAY)
TURN_RETRY = RetryPolicy(first_delay=0.2, max_delay=5.0, give_up_after=DAY)

log = structlog.get_logger(__name__)


BuildAnswering = Callable[[Client, TenantsAndModels, HubSettings], AnsweringSide]
"""Makes the answering side from the connection, the tenants and the settings; tests bring their own."""


class HubService:
    """One running hub. `build` starts it; `stop` ends it in order."""

    def __init__(
        self,
        settings: HubSettings,
        connection: NatsConnection,
        lost: asyncio.Event,
        build_answering: BuildAnswering,
        clock: Clock,
    ) -> None:
        self.health = Health(SERVICE, settings.instance_id)
        self.lost = lost
        self._settings = settings
        self._connection = connection
        self._directory = TenantDirectory(connection.nc, sections=("models",))
        self._answering = build_answering(connection.nc, self._directory, settings)
        publisher = Publisher(connection.nc)
        self._timers = PromptTimers(
            BrokerTimers(publisher, late=BACKUP_SECONDS), limit=settings.hub_turns_at_once, clock=clock
        )
        ports = Ports(
            bucket=Bucket(connection.nc, BUCKET_CONVERSATIONS),
            publisher=publisher,
            timers=self._timers,
            tenants=self._directory,
            clock=clock,
        )
        store = ConversationStore(ports.bucket, settles=True)
        self._settler = OutboxSettler(store)
        self._engine = TurnEngine(
            ports,
            self._answering.responder,
            owner=settings.instance_id,
            policy=TurnPolicy(settings.hub_lease_seconds, settings.hub_answer_seconds, settings.hub_interim_seconds),
            store=store,
        )
        self._events: ConsumerGroup[Any] = ConsumerGroup(
            connection.nc, publisher, HUB_EVENTS, CHATWOOT_EVENTS.decode, EventApplier(ports, store).handle, EVENT_RETRY
        )
        self._turns: Consumer[TurnDue] = Consumer(
            connection.nc,
            publisher,
            HUB_TURNS,
            _turn_due,
            self._engine.handle,
            TURN_RETRY,
            concurrency=settings.hub_turns_at_once,
        )
        self._pings = HealthResponder(connection.nc, self.health)
        self._forgetting = Forgetting(connection.nc, store, settings.instance_id)
        self._served: Served | None = None

    @property
    def port(self) -> int:
        """The port of health and metrics."""
        if self._served is None:
            raise NotReady("not started")
        return self._served.port

    async def start(self) -> None:
        """Know the tenants and the knowledge before the first event; show health from the beginning."""
        self.health.checks["nats"] = self._connection.check
        self.health.checks["started"] = self._not_started
        self.health.checks |= self._answering.checks
        app = web.Application()
        app.add_routes(health_routes(self.health))
        self._served = await serve_app(app, self._settings.service_host, self._settings.hub_port)
        await self._pings.start()
        await self._directory.start()
        for part in self._answering.parts:
            await part.start()
        await self._settler.start()
        await self._forgetting.start()
        self._timers.start(self._engine.run_early)
        await self._events.start()
        await self._turns.start()
        self.health.checks |= {"events": self._events.check, "turns": self._check_turns}
        del self.health.checks["started"]
        log.info("hub_serving", host=self._settings.service_host, port=self._served.port)

    async def stop(self) -> None:
        """Stop without losing, repeating or delaying an answer.

        First health says draining. Then no event and no timer is taken any more, and those at work are finished:
        they still need knowledge and broker. Turns that take too long are cancelled and let go of their lease, so
        that another hub starts them at once. Then the answering side stops, last the connection closes.
        """
        self.health.draining = True
        async with AsyncExitStack() as steps:
            if self._served is not None:
                steps.push_async_callback(self._served.stop)
            steps.push_async_callback(self._connection.close)
            steps.push_async_callback(self._pings.stop)
            steps.push_async_callback(self._directory.stop)
            for part in self._answering.parts:
                steps.push_async_callback(part.stop)
            steps.push_async_callback(self._settler.stop)
            steps.push_async_callback(self._forgetting.stop)
            steps.push_async_callback(self._timers.stop, self._settings.hub_stop_seconds)
            steps.push_async_callback(self._stop_consumers)

    async def _stop_consumers(self) -> None:
        grace = self._settings.hub_stop_seconds
        await asyncio.gather(self._events.stop(grace), self._turns.stop(grace))

    async def _check_turns(self) -> str | None:
        return self._turns.problem

    async def _not_started(self) -> str | None:
        return "still starting: reading tenants and knowledge"


async def build(
    settings: HubSettings,
    *,
    build_answering: BuildAnswering = answering_side,
    clock: Clock = utc_now,
) -> HubService:
    """Connect, wait for streams and tenants, start.

    Raises:
        NotReady: the broker or its streams did not appear in time.
    """
    lost = asyncio.Event()
    connection = await connect(settings, SERVICE, on_lost=lambda _: lost.set())
    try:
        await ensure_ready(connection.nc, settings)
        service = HubService(settings, connection, lost, build_answering, clock)
        try:
            await service.start()
        except BaseException:
            await service.stop()
            raise
    except BaseException:
        await connection.close()
        raise
    return service


async def run(settings: HubSettings, stop: asyncio.Event) -> None:
    """Serve until `stop` is set.

    Raises:
        NotReady: the broker or its streams are not there, or the broker was lost for good.
    """
    await serve_until(stop, lambda: build(settings))


def _turn_due(data: bytes) -> TurnDue:
    message = TURN_MESSAGES.decode(data)
    if not isinstance(message, TurnDue):
        raise UnreadableMessage(f"a {message.type_name()} is no timer")
    return message
