"""A fresh nats-server for each test, and a connection to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.nats_server import NatsServer, connected

from common.nats.connection import NatsConnection
from common.nats.publisher import Publisher


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[NatsServer]:
    async with NatsServer(tmp_path / "nats") as running:
        yield running


@pytest.fixture
async def connection(server: NatsServer) -> AsyncIterator[NatsConnection]:
    async with connected(server) as open_connection:
        yield open_connection


@pytest.fixture
def publisher(connection: NatsConnection) -> Publisher:
    return Publisher(connection.nc)
