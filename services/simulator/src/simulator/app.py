"""The simulator, put together: four stand-ins, a page and a control API in one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from aiohttp import web

from common.health import Health, Served, health_routes, serve_app
from simulator.chatwoot import rest
from simulator.control import chatwoot as control_chatwoot
from simulator.control import world as control_world
from simulator.model import server as model_server
from simulator.odoo import server as odoo_server
from simulator.page import routes as page_routes
from simulator.settings import SimulatorSettings
from simulator.state import STATE, State

log = structlog.get_logger(__name__)

_MAX_BODY = 64 * 1024 * 1024


def build(settings: SimulatorSettings, state: State | None = None) -> web.Application:
    """The whole application: `/chatwoot`, `/odoo`, `/model/v1`, `/simulator`."""
    state = state or State.create(settings)
    app = web.Application(client_max_size=_MAX_BODY)
    app[STATE] = state
    app.add_routes(health_routes(Health("simulator", settings.instance_id)))
    app.add_subapp("/chatwoot", rest.build(state.chatwoot))
    app.add_subapp("/odoo", odoo_server.build(state.odoo))
    app.add_subapp("/model/v1", model_server.build(state.model))
    app.add_subapp("/simulator/api", _control(state))
    app.add_routes(page_routes())
    app.cleanup_ctx.append(_running)
    app.on_shutdown.append(_close_streams)
    return app


def _control(state: State) -> web.Application:
    app = web.Application(client_max_size=_MAX_BODY)
    app[STATE] = state
    app.add_routes(control_chatwoot.routes())
    app.add_routes(control_world.routes())
    return app


async def _running(app: web.Application) -> AsyncIterator[None]:
    await app[STATE].start()
    yield
    await app[STATE].stop()


async def _close_streams(app: web.Application) -> None:
    """Watchers of live streams would otherwise keep the shutdown waiting."""
    app[STATE].chatwoot.live.close()


@dataclass(frozen=True)
class Simulator:
    """A simulator that serves."""

    url: str
    port: int
    state: State


async def start(settings: SimulatorSettings) -> tuple[Simulator, Served]:
    """Serve on the port of the settings; 0 takes any free one."""
    state = State.create(settings)
    served = await serve_app(build(settings, state), settings.service_host, settings.simulator_port)
    url = settings.simulator_public_url.rstrip("/") or f"http://{settings.service_host}:{served.port}"
    state.chatwoot.world.public_url = f"{url}/chatwoot"
    return Simulator(url, served.port, state), served


@asynccontextmanager
async def running(settings: SimulatorSettings) -> AsyncIterator[Simulator]:
    """A simulator for as long as the block lasts: what tests use."""
    simulator, served = await start(settings)
    try:
        yield simulator
    finally:
        await served.stop()


async def run(settings: SimulatorSettings, stop: asyncio.Event) -> None:
    """Serve until the event is set."""
    async with running(settings) as simulator:
        log.info("simulator_ready", port=simulator.port, url=simulator.url)
        await stop.wait()
