from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from aiohttp import web
from support.nats_server import NatsServer

from common.health import Health, serve_app
from common.nats.connection import NatsConnection, connect
from common.system_health import SERVICES, collect, start_health_responder, system_health_routes

pytestmark = pytest.mark.broker


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[NatsServer]:
    async with NatsServer.with_users(tmp_path / "nats") as server:
        yield server


async def start_service(stack: AsyncExitStack, broker: NatsServer, service: str, instance: str) -> Health:
    connection = await connected(stack, broker, service)
    health = Health(service, instance)
    responder = await start_health_responder(connection.nc, health)
    stack.push_async_callback(responder.stop)
    return health


async def connected(stack: AsyncExitStack, broker: NatsServer, user: str) -> NatsConnection:
    connection = await connect(broker.settings(user), user)
    stack.push_async_callback(connection.close)
    return connection


async def test_every_instance_of_every_service_answers_with_its_own_rights(broker: NatsServer) -> None:
    async with AsyncExitStack() as stack:
        for service in SERVICES:
            await start_service(stack, broker, service, f"{service}-1")
        hub = await start_service(stack, broker, "hub", "hub-2")
        hub.draining = True
        asker = await connected(stack, broker, "odoo_api")

        started = time.monotonic()
        answers = await collect(asker.nc)

        assert [(each.instance, each.status) for each in answers] == [
            ("hub-1", "ok"),
            ("hub-2", "draining"),
            ("odoo_api-1", "ok"),
            ("webhook-1", "ok"),
        ]
        assert time.monotonic() - started < 1.0


async def test_a_missing_service_is_waited_for_and_then_reported(broker: NatsServer) -> None:
    async with AsyncExitStack() as stack:
        await start_service(stack, broker, "webhook", "webhook-1")
        asker = await connected(stack, broker, "odoo_api")

        answers = await collect(asker.nc, 0.3)

        assert [each.service for each in answers] == ["webhook"]


async def test_the_route_tells_versions_and_readiness_and_nothing_more(broker: NatsServer) -> None:
    async with AsyncExitStack() as stack:
        for service in SERVICES:
            await start_service(stack, broker, service, f"secret-host-{service}")
        asker = await connected(stack, broker, "odoo_api")
        app = web.Application()
        app.add_routes(system_health_routes(asker.nc))
        served = await serve_app(app, "127.0.0.1", 0)
        stack.push_async_callback(served.stop)
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"http://127.0.0.1:{served.port}/health/system")

        assert answer.status_code == 200
        assert answer.json()["status"] == "ok"
        assert set(answer.json()["services"]) == set(SERVICES)
        assert answer.json()["services"]["hub"].keys() == {"status", "instances", "ready", "versions"}
        assert "secret-host" not in answer.text


async def test_the_route_answers_503_while_a_service_is_not_ready_and_when_the_broker_is_away(
    broker: NatsServer,
) -> None:
    async with AsyncExitStack() as stack:
        hub = await start_service(stack, broker, "hub", "hub-1")
        for service in ("webhook", "odoo_api"):
            await start_service(stack, broker, service, f"{service}-1")
        hub.checks["index"] = lambda: asyncio.sleep(0, "still building")
        asker = await connected(stack, broker, "odoo_api")
        app = web.Application()
        app.add_routes(system_health_routes(asker.nc, window=0.5))
        served = await serve_app(app, "127.0.0.1", 0)
        stack.push_async_callback(served.stop)
        async with httpx.AsyncClient() as client:
            url = f"http://127.0.0.1:{served.port}/health/system"
            unready = await client.get(url)
            broker.kill()
            await asyncio.sleep(1.1)
            alone = await client.get(url)

        assert unready.status_code == 503
        assert unready.json()["services"]["hub"]["status"] == "unavailable"
        assert alone.status_code == 503
        assert alone.json()["services"]["webhook"]["instances"] == 0
