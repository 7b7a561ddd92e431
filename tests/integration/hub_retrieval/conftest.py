"""A fresh nats-server with its streams for each test, and a connection to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.nats_server import NatsServer, connected

from common.nats.connection import NatsConnection
from common.nats.provision import provision
from common.nats.publisher import Publisher


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[NatsServer]:
    async with NatsServer.with_users(tmp_path / "nats") as running:
        async with connected(running, "admin") as admin:
            await provision(admin.nc)
        yield running


@pytest.fixture
async def hub(server: NatsServer) -> AsyncIterator[NatsConnection]:
    async with connected(server, "hub") as connection:
        yield connection


@pytest.fixture
async def odoo_api(server: NatsServer) -> AsyncIterator[NatsConnection]:
    async with connected(server, "odoo_api") as connection:
        yield connection


@pytest.fixture
def publisher(odoo_api: NatsConnection) -> Publisher:
    return Publisher(odoo_api.nc)
