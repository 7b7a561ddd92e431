"""Health of one process: what it checks, and the routes that show it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], Awaitable[str | None]]
"""Answers None when all is well, else a short text that an operator can act on."""

_CHECK_SECONDS = 2.0


@dataclass
class Health:
    """The checks of one process. `draining` makes it unready while it still serves: the gateway moves on."""

    service: str
    instance_id: str
    checks: dict[str, Check] = field(default_factory=dict)
    draining: bool = False
    notes: Callable[[], Mapping[str, str]] = dict
    """What an operator should know although the process can do its work."""

    async def report(self) -> dict[str, Any]:
        """Run every check, each bounded in time."""
        names = list(self.checks)
        troubles = await asyncio.gather(*(self._run(self.checks[name]) for name in names))
        checks = {name: trouble or "ok" for name, trouble in zip(names, troubles, strict=True)}
        ready = not self.draining and not any(troubles)
        return {
            "status": "ok" if ready else "draining" if self.draining else "unavailable",
            "service": self.service,
            "version": version("odoo-ai-common"),
            "instance": self.instance_id,
            "checks": checks,
            **({"notes": notes} if (notes := dict(self.notes())) else {}),
        }

    @staticmethod
    async def _run(check: Check) -> str | None:
        try:
            return await asyncio.wait_for(check(), _CHECK_SECONDS)
        except TimeoutError:
            return f"no answer within {_CHECK_SECONDS:g} s"


def health_routes(health: Health) -> list[web.RouteDef]:
    """`/health` (ready?), `/live` (running?) and `/metrics` (Prometheus); for the private port only."""

    async def ready(_: web.Request) -> web.Response:
        report = await health.report()
        return web.json_response(report, status=200 if report["status"] == "ok" else 503)

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/health", ready), web.get("/live", live), web.get("/metrics", metrics)]


async def serve_app(app: web.Application, host: str, port: int, *, shutdown_seconds: float = 5.0) -> Served:
    """Start serving; port 0 takes any free one.

    Returns:
        The running server with the port it got.
    """
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=shutdown_seconds)
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=1024)
    await site.start()
    bound: int = runner.addresses[0][1]
    return Served(runner, site, bound)


@dataclass(frozen=True)
class Served:
    """A running HTTP server."""

    runner: web.AppRunner
    site: web.TCPSite
    port: int

    async def stop(self) -> None:
        """Stop listening, let open requests finish, clean up."""
        await self.site.stop()
        await self.runner.cleanup()
