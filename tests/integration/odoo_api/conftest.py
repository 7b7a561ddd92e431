"""A real broker with the services' users, a fake Odoo, and the bench between them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from support.nats_server import NatsServer
from support.odoo_api_bench import OdooApiBench
from support.odoo_server import FakeProduct, OdooServer


@pytest.fixture
async def odoo() -> AsyncIterator[OdooServer]:
    products = {1: FakeProduct(1, 89.9, free=7), 2: FakeProduct(2, 50.0, type="service", storable=False)}
    async with OdooServer(products=products) as server:
        yield server


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[NatsServer]:
    async with NatsServer.with_users(tmp_path / "nats", provisioned=True) as server:
        yield server


@pytest.fixture
async def bench(broker: NatsServer, odoo: OdooServer) -> AsyncIterator[OdooApiBench]:
    async with AsyncExitStack() as stack:
        bench = OdooApiBench(broker, odoo, stack)
        await bench.open()
        yield bench
