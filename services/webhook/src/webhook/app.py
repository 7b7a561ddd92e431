"""The webhook service put together: intake, sender, and what they need."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import structlog
from aiohttp import web

from common.bootstrap import ensure_ready
from common.commands import CHATWOOT_COMMANDS
from common.errors import NotReady
from common.health import Health, Served, health_routes, serve_app
from common.nats.bucket import Bucket
from common.nats.connection import NatsConnection, connect
from common.nats.consumer import ConsumerGroup
from common.nats.publisher import Publisher
from common.nats.retry import RetryPolicy
from common.nats.topology import BUCKET_DELIVERIES, SENDER
from common.run import serve_until
from common.system_health import HealthResponder
from common.tenant_directory import TenantDirectory
from webhook.chatwoot_pool import ChatwootPool
from webhook.clock import Clock, utc_now
from webhook.deliveries import Deliveries
from webhook.intake import Intake
from webhook.request_body import BODY_LIMIT
from webhook.sender import Sender
from webhook.settings import WebhookSettings

SERVICE = "webhook"

# A waiting command holds up its partition, so it is tried again soon; a reply older than this is no longer an answer.
SENDER_RETRY = RetryPolicy(first_delay=0.5, max_delay=5.0, give_up_after=15 * 60)

log = structlog.get_logger(__name__)


class WebhookService:
    """One running webhook process. `build` starts it; `stop` ends it in order."""

    def __init__(self, settings: WebhookSettings, connection: NatsConnection, lost: asyncio.Event, now: Clock) -> None:
        self.health = Health(SERVICE, settings.instance_id)
        self.lost = lost
        self._settings = settings
        self._connection = connection
        publisher = Publisher(connection.nc)
        self._directory = TenantDirectory(connection.nc, sections=("chatwoot",))
        self._pool = ChatwootPool(self._directory.chatwoot, request_seconds=settings.chatwoot_request_seconds)
        sender = Sender(
            self._pool,
            Deliveries(Bucket(connection.nc, BUCKET_DELIVERIES)),
            now=now,
            settle=timedelta(seconds=settings.webhook_settle_seconds),
        )
        self._consumers = ConsumerGroup(
            connection.nc, publisher, SENDER, CHATWOOT_COMMANDS.decode, sender.handle, SENDER_RETRY
        )
        self._intake = Intake(self._directory, publisher, self.health, now=now)
        self._pings = HealthResponder(connection.nc, self.health)
        self._served: Served | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        if self._served is None:
            raise NotReady("not started")
        return self._served.port

    async def start(self) -> None:
        """Know the tenants before the first request, and serve before the first command."""
        await self._directory.start()
        self.health.checks["nats"] = self._connection.check
        self.health.checks["sender"] = self._consumers.check
        app = web.Application(client_max_size=BODY_LIMIT)
        app.add_routes([*self._intake.routes(), *health_routes(self.health)])
        self._served = await serve_app(app, self._settings.service_host, self._settings.webhook_port)
        await self._pings.start()
        await self._consumers.start()
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
            steps.push_async_callback(self._consumers.stop)
            if self._served is not None:
                steps.push_async_callback(self._served.stop)


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
