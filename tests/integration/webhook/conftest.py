"""A real broker, a real fake Chatwoot, and the service between them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.chatwoot_server import ChatwootServer
from support.nats_server import NatsServer
from support.webhook_bench import WebhookBench


@pytest.fixture
async def chatwoot() -> AsyncIterator[ChatwootServer]:
    async with ChatwootServer() as server:
        yield server


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[NatsServer]:
    async with NatsServer(tmp_path / "nats", provisioned=True) as server:
        yield server


@pytest.fixture
async def bench(broker: NatsServer, chatwoot: ChatwootServer, tmp_path: Path) -> AsyncIterator[WebhookBench]:
    async with WebhookBench(broker, chatwoot, tmp_path) as bench:
        yield bench
