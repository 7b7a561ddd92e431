"""The odoo_api service put together: what it needs, in which order it starts, and in which order it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from nats.aio.client import Client

from common import subjects
from common.bootstrap import ensure_ready
from common.breaker import BreakerPolicy
from common.errors import NotReady
from common.health import Check, Health, Served, serve_app
from common.nats.bucket import Bucket
from common.nats.connection import NatsConnection, connect
from common.nats.consumer import Consumer
from common.nats.publisher import Publisher
from common.nats.requests import serve
from common.nats.topology import BUCKET_IDEMPOTENCY, BUCKET_ODOO_PULL, BUCKET_ODOO_RESULTS, ODOO_WRITER
from common.odoo_commands import ODOO_COMMANDS, OdooCommand
from common.queries import QUERIES
from common.system_health import start_health_responder, system_health_routes
from common.tenant_directory import TenantDirectory
from common.tenants import OdooConnection
from odoo_api.code_limit import CodeLimit
from odoo_api.command_service import CONCURRENCY, RETRIES, OdooCommands
from odoo_api.connections import OdooConnections
from odoo_api.http_api.assembly import HttpApi
from odoo_api.key_alarm import KeyAlarm
from odoo_api.knowledge.mirror import KnowledgeMirror
from odoo_api.legacy.module_pushes import ModulePushService
from odoo_api.odoo.client import ClientPolicy, OdooClient
from odoo_api.odoo.http import HttpLimits
from odoo_api.odoo.network_guard import AddressPolicy
from odoo_api.pull.puller import ProductPull, PullParts
from odoo_api.query_service import NAMES, QUEUE, OdooQueries
from odoo_api.settings import OdooApiSettings

SERVICE = "odoo_api"

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The time of day, aware."""
    return datetime.now(UTC)


async def run(
    settings: OdooApiSettings,
    stop: asyncio.Event,
    *,
    now: Callable[[], datetime] = utc_now,
    started: Callable[[int], None] | None = None,
) -> None:
    """Run until `stop` is set.

    Everything is started in the order in which it is needed and stopped in the reverse order: first the gateway is told
    that we are draining, then no more requests and queries are taken and the running ones finish, then what they use
    goes, and the connection last.

    Raises:
        NotReady: the broker or its streams are not there, or the connection was lost for good.
    """
    lost: list[str] = []

    def on_lost(reason: str) -> None:
        lost.append(reason)
        stop.set()

    async with AsyncExitStack() as stack:
        connection = await connect(settings, SERVICE, on_lost=on_lost)
        stack.push_async_callback(connection.close)
        await ensure_ready(connection.nc, settings)
        served = await _start(settings, connection, stack, now)
        log.info("service_ready", port=served.port)
        if started is not None:
            started(served.port)
        await stop.wait()
    if lost:
        raise NotReady(lost[0])


async def _start(
    settings: OdooApiSettings, connection: NatsConnection, stack: AsyncExitStack, now: Callable[[], datetime]
) -> Served:
    nc = connection.nc
    alarm = KeyAlarm(now)
    directory, connections = await _tenants(settings, nc, stack, alarm)
    mirror = KnowledgeMirror(nc)
    await mirror.start()
    stack.push_async_callback(mirror.stop)
    queries = OdooQueries(connections, Bucket(nc, BUCKET_ODOO_RESULTS), now)
    for name in NAMES:
        service = await serve(nc, subjects.odoo_query(name), QUEUE, QUERIES, queries.answer)
        stack.push_async_callback(service.stop)
    writer = await _writer(nc, connections, now)
    stack.push_async_callback(writer.stop)
    api = HttpApi(settings, nc, mirror, directory, connections, now)
    stack.push_async_callback(api.keys.stop)
    pull = _product_pull(settings, nc, api, now)
    await pull.start()
    stack.push_async_callback(pull.stop)
    pushes = ModulePushService(api.keys, directory)
    service = await serve(nc, subjects.odoo_query("module-push"), QUEUE, QUERIES, pushes.answer)
    stack.push_async_callback(service.stop)
    checks: dict[str, Check] = {
        "nats": connection.check,
        "knowledge": mirror.check,
        "commands": partial(_problem, writer),
    }
    health = Health(SERVICE, settings.instance_id, checks, notes=alarm.notes)
    app = api.application(health)
    app.add_routes(system_health_routes(nc))
    responder = await start_health_responder(nc, health)
    stack.push_async_callback(responder.stop)
    served = await serve_app(app, settings.service_host, settings.odoo_api_port)
    stack.push_async_callback(_drain, served, health, settings.drain_seconds)
    return served


async def _writer(nc: Client, connections: OdooConnections, now: Callable[[], datetime]) -> Consumer[OdooCommand]:
    codes = CodeLimit(Bucket(nc, BUCKET_IDEMPOTENCY))
    commands = OdooCommands(connections, Bucket(nc, BUCKET_ODOO_RESULTS), codes, now)
    writer = Consumer(
        nc, Publisher(nc), ODOO_WRITER, ODOO_COMMANDS.decode, commands.handle, RETRIES, concurrency=CONCURRENCY
    )
    await writer.start()
    return writer


def _product_pull(settings: OdooApiSettings, nc: Client, api: HttpApi, now: Callable[[], datetime]) -> ProductPull:
    parts = PullParts(
        api.connections,
        api.sync,
        api.mirror,
        Bucket(nc, BUCKET_ODOO_PULL),
        now,
        holder=settings.instance_id,
        every=timedelta(seconds=settings.odoo_pull_seconds),
    )
    return ProductPull(api.directory, parts)


async def _problem(writer: Consumer[OdooCommand]) -> str | None:
    return writer.problem


async def _tenants(
    settings: OdooApiSettings, nc: Client, stack: AsyncExitStack, alarm: KeyAlarm
) -> tuple[TenantDirectory, OdooConnections]:
    policy = client_policy(settings)
    user_agent = f"odoo-ai/{settings.instance_id}"

    def make(tenant: str, odoo: OdooConnection) -> OdooClient:
        return OdooClient(odoo, policy, user_agent=user_agent, on_key=alarm.watch(tenant))

    async def changed(tenant: str) -> None:
        alarm.forget(tenant)
        await connections.forget(tenant)

    directory = TenantDirectory(nc, sections=("odoo", "legacy"), on_change=changed)
    connections = OdooConnections(directory, make)
    stack.push_async_callback(connections.close)
    await directory.start()
    stack.push_async_callback(directory.stop)
    return directory, connections


def unconnected_api() -> HttpApi:
    """The API of this version without broker and settings, to look at; nothing of it can be called."""
    nc = Client()
    directory = TenantDirectory(nc)
    connections = OdooConnections(directory, lambda _, odoo: OdooClient(odoo, ClientPolicy()))
    settings = OdooApiSettings.model_construct()
    return HttpApi(settings, nc, KnowledgeMirror(nc), directory, connections, utc_now)


def api_document() -> dict[str, Any]:
    """The OpenAPI document of this version."""
    return unconnected_api().document()


def client_policy(settings: OdooApiSettings) -> ClientPolicy:
    """How this service treats every Odoo."""
    return ClientPolicy(
        concurrency=settings.odoo_concurrency,
        http=HttpLimits(connect_seconds=settings.odoo_connect_seconds, request_seconds=settings.odoo_request_seconds),
        breaker=BreakerPolicy(settings.odoo_breaker_failures, settings.odoo_breaker_seconds),
        addresses=AddressPolicy(settings.odoo_private_networks.split()),
    )


async def _drain(served: Served, health: Health, seconds: float) -> None:
    health.draining = True
    # Long enough for the gateway to see it and to send new requests elsewhere.
    await asyncio.sleep(seconds)
    await served.stop()
