"""How a service process runs: event loop, logs, traces, signals, exit code."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import structlog
import uvloop

from common.errors import ConfigurationError, NotReady, OdooAiError
from common.logs import configure_logs
from common.settings import ServiceSettings, load_settings
from common.telemetry import configure_telemetry, shutdown_telemetry

Service = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set, then stops cleanly and returns."""

S = TypeVar("S", bound=ServiceSettings)
MISCONFIGURED = 2


class Running(Protocol):
    """A service at work. `lost`: set when its connection to the broker is gone for good."""

    lost: asyncio.Event

    async def stop(self) -> None:
        """End in order."""
        ...


# A process that cannot finish its shutdown is ended, so that a supervisor can start a fresh one.
HARD_EXIT_SECONDS = 25.0

# Python looks for cycles after every 700 new objects, which took a fifth of a busy hub's time; few of ours are cyclic.
_GC_THRESHOLDS = (20_000, 20, 20)


def run_main(name: str, kind: type[S], run: Callable[[S, asyncio.Event], Awaitable[None]]) -> int:
    """What `__main__` of every service does: read its settings, then run until a signal.

    Returns:
        The exit code, as `run_service` has it.
    """
    try:
        settings = load_settings(kind)
    except ConfigurationError as error:
        sys.stderr.write(f"{name}: {error}\n")
        return MISCONFIGURED
    return run_service(name, settings, lambda stop: run(settings, stop))


async def serve_until(stop: asyncio.Event, build: Callable[[], Awaitable[Running]]) -> None:
    """Build a service and keep it until `stop` is set, which also ends the wait for a broker that does not come.

    Raises:
        NotReady: at start; or later, when the broker is lost for good and a fresh process should take over.
    """
    stopping = asyncio.create_task(stop.wait())
    building = asyncio.ensure_future(build())
    try:
        await asyncio.wait((stopping, building), return_when=asyncio.FIRST_COMPLETED)
        if not building.done():
            return
        service = await building
        lost = asyncio.create_task(service.lost.wait())
        await asyncio.wait((stopping, lost), return_when=asyncio.FIRST_COMPLETED)
        lost.cancel()
        await service.stop()
        if not stop.is_set():
            raise NotReady("the connection to NATS was lost for good")
    finally:
        stopping.cancel()
        building.cancel()
        await asyncio.gather(stopping, building, return_exceptions=True)


def run_service(name: str, settings: ServiceSettings, service: Service) -> int:
    """Run a service until SIGTERM or SIGINT.

    Returns:
        The exit code: 0 after a clean stop, 2 for wrong settings, 1 for anything else.
    """
    configure_logs(name, settings.log_dir, settings.log_level, stdout=settings.log_stdout)
    configure_telemetry(name, settings.instance_id)
    _collect_rarely()
    log = structlog.get_logger(__name__)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_until_stopped(name, service))
    except ConfigurationError as error:
        log.error("service_misconfigured", reason=str(error))
        return MISCONFIGURED
    except OdooAiError as error:
        log.error("service_failed", error=type(error).__name__, reason=str(error))
        return 1
    finally:
        shutdown_telemetry()
    return 0


def _collect_rarely() -> None:
    gc.collect()
    gc.freeze()  # what was imported stays: it need not be looked through again
    gc.set_threshold(*_GC_THRESHOLDS)


async def _until_stopped(name: str, service: Service) -> None:
    log = structlog.get_logger(__name__)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def begin_stop() -> None:
        log.info("service_stopping")
        stop.set()
        timer = threading.Timer(HARD_EXIT_SECONDS, os._exit, args=(70,))
        timer.daemon = True
        timer.start()

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, begin_stop)
    log.info("service_starting", python=sys.version.split()[0])
    await service(stop)
    log.info("service_stopped")
