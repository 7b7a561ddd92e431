"""A hub as a process of its own, for tests that kill it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from support.nats_server import NatsServer

_START_SECONDS = 20.0


class HubProcess:
    """`python -m hub` with the rights of the user `hub`."""

    def __init__(self, server: NatsServer, directory: Path, name: str) -> None:
        self.output = directory / f"{name}.out"
        self._environment = {
            "PATH": os.environ["PATH"],
            "NATS_URL": server.url,
            "HUB_PORT": "0",
            "HUB_LEASE_SECONDS": "2",
            "HUB_STOP_SECONDS": "3",
            "INSTANCE_ID": name,
            "LOG_DIR": str(directory / "logs"),
            "ODOO_AI_CONFIG": str(directory / "no-config"),
            "PYTHONUNBUFFERED": "1",
        }
        if "hub" in server.credentials:
            self._environment["NATS_NKEY_SEED"] = server.seed("hub").get_secret_value()
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start and wait until it serves."""
        before = self.log().count("hub_serving")
        with self.output.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hub"], env=self._environment, stdout=out, stderr=out, start_new_session=True
            )
        async with asyncio.timeout(_START_SECONDS):
            while self.log().count("hub_serving") == before:
                assert self._process.poll() is None, self.log()
                await asyncio.sleep(0.05)

    def log(self) -> str:
        """Everything it wrote."""
        return self.output.read_text() if self.output.exists() else ""

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def terminate(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self._process.wait)


@asynccontextmanager
async def hub_process(server: NatsServer, directory: Path, name: str = "hub-a") -> AsyncIterator[HubProcess]:
    """A hub process, killed at the end if it is still there."""
    process = HubProcess(server, directory, name)
    try:
        await process.start()
        yield process
    finally:
        process.kill()
