from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from support.nats_server import NatsServer

pytestmark = pytest.mark.broker

Start = Callable[..., Awaitable[Process]]


@pytest.fixture
async def bare_broker(tmp_path: Path) -> AsyncIterator[NatsServer]:
    """Without users and without streams: what a service that is started alone may find."""
    async with NatsServer(tmp_path / "nats") as server:
        yield server


@pytest.fixture
async def start(bare_broker: NatsServer, tmp_path: Path) -> AsyncIterator[Start]:
    started: list[Process] = []

    async def start_one(**environ: str) -> Process:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("NATS_", "ODOO_", "OTEL_"))}
        values = {
            **inherited,
            "NATS_URL": bare_broker.url,
            "ODOO_API_PORT": "0",
            "LOG_DIR": str(tmp_path / "logs"),
            "ODOO_AI_CONFIG": str(tmp_path / "config"),
            "DRAIN_SECONDS": "0.2",
            **environ,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "odoo_api", env=values, stdout=PIPE, stderr=PIPE
        )
        started.append(process)
        return process

    yield start_one
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def logged(process: Process, event: str) -> dict[str, Any]:
    assert process.stdout is not None
    async with asyncio.timeout(20):
        async for line in process.stdout:
            record: dict[str, Any] = orjson.loads(line)
            if record.get("event") == event:
                return record
    raise AssertionError(f"ended without {event}")


async def test_it_starts_alone_becomes_ready_and_stops_on_sigterm(start: Start, tmp_path: Path) -> None:
    process = await start()
    port = (await logged(process, "service_ready"))["port"]
    status = 0
    async with aiohttp.ClientSession() as http:
        for _ in range(100):
            async with http.get(f"http://127.0.0.1:{port}/health") as response:
                status = response.status
            if status == 200:
                break
            await asyncio.sleep(0.05)

    process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    await process.communicate()

    assert status == 200
    assert process.returncode == 0
    assert time.monotonic() - started < 10
    assert "service_stopped" in (tmp_path / "logs" / "odoo_api.log").read_text()


async def test_wrong_settings_are_named_and_end_it_at_once(start: Start) -> None:
    process = await start(ODOO_PRIVATE_NETWORKS="10.0.0.0/99")

    _, errors = await process.communicate()

    assert process.returncode == 2
    assert b"ODOO_PRIVATE_NETWORKS" in errors


async def test_without_a_broker_it_ends_with_an_error(start: Start) -> None:
    process = await start(NATS_URL="nats://127.0.0.1:9", NATS_CONNECT_SECONDS="0.5")

    output, _ = await process.communicate()

    assert process.returncode == 1
    assert b"service_failed" in output
