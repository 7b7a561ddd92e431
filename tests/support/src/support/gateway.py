"""The real gateway in front of upstreams that a test controls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from aiohttp import web

from cli.gateway_process import (
    Upstreams,
    answers,
    gateway_command,
    gateway_environment,
    held_address,
    open_public_socket,
)
from cli.ports import Ports
from cli.process import ManagedProcess, ProcessSpec

CADDYFILE = Path(__file__).parents[4] / "deploy" / "gateway" / "Caddyfile"


def free_port() -> int:
    """A port that nobody listens on right now."""
    return Ports().take(0)


@dataclass
class Received:
    """One request as an upstream saw it."""

    method: str
    path: str
    query: str
    raw_path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Upstream:
    """A service stand-in that can go away and come back on its port. It remembers every request but /health."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    status: int = 200
    health_status: int = 200
    delay: float = 0.0
    _runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        assert self.port, "it was never started"
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_get("/health", self._health)
        app.router.add_route("*", "/{path:.*}", self._record)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"}, status=self.health_status)

    async def _record(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.received.append(
            Received(request.method, request.path, request.query_string, request.raw_path, dict(request.headers), body)
        )
        await asyncio.sleep(self.delay)
        return web.json_response({"path": request.path, "size": len(body)}, status=self.status)


@dataclass
class Gateway:
    """A running gateway."""

    url: str
    process: ManagedProcess
    lines: list[bytes]

    def access_log(self) -> list[dict[str, object]]:
        """What it logged about requests."""
        records = [orjson.loads(line) for line in self.lines if line.startswith(b"{")]
        return [each for each in records if str(each.get("logger", "")).startswith("http.log.access")]


@asynccontextmanager
async def running_gateway(
    upstreams: Upstreams, state_dir: Path, environment: dict[str, str] | None = None
) -> AsyncIterator[Gateway]:
    """Start the gateway with the repository's configuration, on a free port, its socket held by this process."""
    listener = open_public_socket("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    lines: list[bytes] = []

    spec = ProcessSpec(
        "gateway",
        gateway_command(CADDYFILE),
        gateway_environment(environment or {}, held_address(listener), upstreams, state_dir),
        lines.append,
        inherit=(listener.fileno(),),
        ready=lambda: answers(url),
    )
    process = ManagedProcess(spec, lambda died: None)
    await process.start()
    try:
        await process.wait_ready(20)
        yield Gateway(url, process, lines)
    finally:
        await process.stop()
        listener.close()
