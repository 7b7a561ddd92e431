"""How a service process runs: event loop, logs, traces, signals, exit code."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable

import structlog
import uvloop

from common.errors import ConfigurationError, OdooAiError
from common.logs import configure_logs
from common.settings import ServiceSettings
from common.telemetry import configure_telemetry, shutdown_telemetry

Service = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set, then stops cleanly and returns."""

# A process that cannot finish its shutdown is ended, so that a supervisor can start a fresh one.
HARD_EXIT_SECONDS = 25.0


def run_service(name: str, settings: ServiceSettings, service: Service) -> int:
    """Run a service until SIGTERM or SIGINT.

    Returns:
        The exit code: 0 after a clean stop, 2 for wrong settings, 1 for anything else.
    """
    configure_logs(name, settings.log_dir, settings.log_level, stdout=settings.log_stdout)
    configure_telemetry(name, settings.instance_id)
    log = structlog.get_logger(__name__)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_until_stopped(name, service))
    except ConfigurationError as error:
        log.error("service_misconfigured", reason=str(error))
        return 2
    except OdooAiError as error:
        log.error("service_failed", error=type(error).__name__, reason=str(error))
        return 1
    finally:
        shutdown_telemetry()
    return 0


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
