"""The webhook service put together: intake, sender, the sweep for lost webhooks, and what they need."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import timedelta

import structlog
from aiohttp import web
from nats.aio.client import Client

from common.bootstrap import ensure_ready
from common.breaker import BreakerPolicy
from common.commands import CHATWOOT_COMMANDS
from common.errors import NotReady
from common.health import Health, Served, health_routes, serve_app
from common.nats.bucket import Bucket
from common.nats.connection import NatsConnection, connect
from common.nats.consumer import Consumer, ConsumerGroup
from common.nats.publisher import Publisher
from common.nats.retry import RetryPolicy
from common.nats.topology import BUCKET_DELIVERIES, BUCKET_PARKED, DAY, SENDER, SENDER_RETRIES
from common.run import serve_until
from common.sending import SENDING_MESSAGES
from common.system_health import HealthResponder
from common.tenant_directory import TenantDirectory
from webhook.capability_probe import CapabilityProbe
from webhook.carrier import Carrier, Tools
from webhook.chatwoot_pool import ChatwootPool
from webhook.circuit import CircuitPolicy, Circuits
from webhook.clock import Clock, utc_now
from webhook.deliveries import Deliveries
from webhook.gate import Gate
from webhook.intake import Intake
from webhook.module_push import ModulePushes
from webhook.parking import ParkingLot
from webhook.reconciliation.arrivals import Announcer
from webhook.reconciliation.sweeper import Sweeper
from webhook.reports import Reports
from webhook.request_body import BODY_LIMIT
from webhook.sender import Sender
from webhook.sending_policy import SendingPolicy
from webhook.settings import WebhookSettings
from webhook.typing_sign import TypingSign

SERVICE = "webhook"

# Only the broker itself can make a command wait here, or a schedule: everything else is parked. Neither may get lost.
SENDER_RETRY = RetryPolicy(first_delay=0.2, max_delay=5.0, give_up_after=30 * DAY)
_RETRIES_AT_ONCE = 64

log = structlog.get_logger(__name__)


class WebhookService:
    """One running webhook process. `build` starts it; `stop` ends it in order."""

    def __init__(self, settings: WebhookSettings, connection: NatsConnection, lost: asyncio.Event, now: Clock) -> None:
        self.health = Health(SERVICE, settings.instance_id)
        self.lost = lost
        self._settings = settings
        self._connection = connection
        publisher = Publisher(connection.nc)
        self._directory = TenantDirectory(connection.nc, sections=("chatwoot", "legacy"))
        self._pool = ChatwootPool(self._directory.chatwoot, request_seconds=settings.chatwoot_request_seconds)
        gate = Gate(now=now, spacing=settings.sender_spacing_seconds)
        self._typing = TypingSign(self._pool, gate, CapabilityProbe(self._pool, monotonic=time.monotonic))
        tools = Tools(
            Deliveries(Bucket(connection.nc, BUCKET_DELIVERIES)), gate, Reports(publisher, now=now), self._typing
        )
        self._sender = _sender(settings, connection.nc, publisher, self._pool, tools, now)
        self._consumers = ConsumerGroup(
            connection.nc, publisher, SENDER, CHATWOOT_COMMANDS.decode, self._sender.handle, SENDER_RETRY
        )
        self._retries = Consumer(
            connection.nc,
            publisher,
            SENDER_RETRIES,
            SENDING_MESSAGES.decode,
            self._sender.resume,
            SENDER_RETRY,
            concurrency=_RETRIES_AT_ONCE,
        )
        pushes = ModulePushes(connection.nc, self._directory)
        self._announcer = Announcer(connection.nc)
        self._intake = Intake(self._directory, publisher, pushes, self.health, now=now, note=self._announcer.note)
        self._sweeper = Sweeper(
            connection.nc,
            publisher,
            self._directory,
            owner=settings.instance_id,
            requests_per_second=settings.reconcile_requests_per_second,
            now=now,
        )
        self.health.notes = self._sweeper.notes
        self._pings = HealthResponder(connection.nc, self.health)
        self._served: Served | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        if self._served is None:
            raise NotReady("not started")
        return self._served.port

    @property
    def sweeps(self) -> bool:
        """Whether this is the process that sweeps for lost webhooks."""
        return self._sweeper.leads

    async def start(self) -> None:
        """Know the tenants before the first request, and serve before the first command."""
        await self._directory.start()
        self.health.checks["nats"] = self._connection.check
        self.health.checks["sender"] = self._check_sender
        app = web.Application(client_max_size=BODY_LIMIT)
        app.add_routes([*self._intake.routes(), *health_routes(self.health)])
        self._served = await serve_app(app, self._settings.service_host, self._settings.webhook_port)
        await self._pings.start()
        await self._sender.start()
        await self._consumers.start()
        await self._retries.start()
        await self._announcer.start()
        await self._sweeper.start()
        log.info("webhook_serving", host=self._settings.service_host, port=self._served.port)

    async def stop(self) -> None:
        """Stop without refusing a webhook or posting a reply twice.

        First health says draining while everything still works, so that the gateway sends new requests elsewhere.
        Then the port closes and open requests finish; they still need the broker. Then the consumers stop: a command
        that is being carried out is finished and acknowledged, the others go to another process. Last the
        connections to Chatwoot and to the broker are closed, which nobody needs any more.
        """
        self.health.draining = True
        await asyncio.sleep(self._settings.drain_seconds)
        async with AsyncExitStack() as steps:
            steps.push_async_callback(self._connection.close)
            steps.push_async_callback(self._pings.stop)
            steps.push_async_callback(self._pool.close)
            steps.push_async_callback(self._directory.stop)
            steps.push_async_callback(self._typing.stop)
            steps.push_async_callback(self._sender.stop)
            steps.push_async_callback(self._stop_consumers)
            steps.push_async_callback(self._sweeper.stop)
            steps.push_async_callback(self._announcer.stop)
            if self._served is not None:
                steps.push_async_callback(self._served.stop)

    async def _stop_consumers(self) -> None:
        await asyncio.gather(self._consumers.stop(), self._retries.stop())

    async def _check_sender(self) -> str | None:
        return await self._consumers.check() or self._retries.problem


def _sender(
    settings: WebhookSettings, nc: Client, publisher: Publisher, pool: ChatwootPool, tools: Tools, now: Clock
) -> Sender:
    breaker = BreakerPolicy(settings.sender_breaker_failures, settings.sender_breaker_seconds)
    return Sender(
        Carrier(pool, tools, now=now, settle=timedelta(seconds=settings.webhook_settle_seconds)),
        Circuits(CircuitPolicy(breaker, settings.sender_at_once)),
        ParkingLot(nc, Bucket(nc, BUCKET_PARKED), publisher),
        publisher,
        now=now,
        policy=SendingPolicy(
            patience=settings.sender_patience_seconds,
            unattended=settings.webhook_settle_seconds + settings.chatwoot_request_seconds,
            longest_delay=settings.sender_longest_delay_seconds,
            reply_age=settings.sender_reply_seconds,
        ),
    )


async def build(settings: WebhookSettings, *, now: Clock = utc_now) -> WebhookService:
    """Connect, wait for streams and tenants, start.

    Raises:
        NotReady: the broker or its streams did not appear in time.
    """
    lost = asyncio.Event()
    connection = await connect(settings, SERVICE, on_lost=lambda _: lost.set())
    try:
        await ensure_ready(connection.nc, settings)
        service = WebhookService(settings, connection, lost, now)
        await service.start()
    except BaseException:
        await connection.close()
        raise
    return service


async def run(settings: WebhookSettings, stop: asyncio.Event) -> None:
    """Serve until `stop` is set.

    Raises:
        NotReady: the broker or its streams are not there, or the broker was lost for good.
    """
    await serve_until(stop, lambda: build(settings))
