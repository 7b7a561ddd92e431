"""`odoo-ai up`: the whole system on this machine."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence

import click

from cli.console import Console
from cli.output import MISCONFIGURED, OK, errors_for_people, examples
from cli.settings import environment, load_cli_settings
from cli.stack import SERVICES, Stack, StackPlan
from common.errors import ConfigurationError
from common.logs import configure_logs
from common.tenant_files import load_tenant_files

Meanwhile = Callable[[Stack], Awaitable[int | None]]
"""What to do while the stack runs; a number ends it with that exit code, None lets it run on."""


@click.command(
    short_help="Start the whole system; Ctrl-C stops it.",
    epilog=examples("odoo-ai up", "odoo-ai up --scale hub=3", "SERVER_PORT=9000 odoo-ai up --verbose"),
)
@click.option("--scale", multiple=True, metavar="SERVICE=N", help="Run N instances of a service, e.g. hub=3.")
@click.option("--verbose", "-v", is_flag=True, help="Show every log line of every process.")
def up(scale: tuple[str, ...], verbose: bool) -> None:
    """Start all services, the embedded nats-server and the gateway; Ctrl-C stops them in order.

    What dies is started again. With NATS_URL set, that broker is used and none is started.
    """
    with errors_for_people():
        settings = load_cli_settings()
        plan = StackPlan(
            settings=settings,
            environ=environment(),
            tenants=load_tenant_files(settings.config_dir, environment()),
            scale=parse_scale(scale),
            external_nats=settings.has_external_nats,
        )
        console = Console(verbose=verbose)
        raise SystemExit(run_stack(Stack(plan, console), console))


def parse_scale(values: tuple[str, ...]) -> dict[str, int]:
    """Read `hub=3` and the like.

    Raises:
        ConfigurationError: not a service, or not a number from 1 to 32.
    """
    scale: dict[str, int] = {}
    for value in values:
        name, _, number = value.partition("=")
        if name not in SERVICES or not number.isdigit() or not 1 <= int(number) <= 32:
            raise ConfigurationError(
                f"{value!r} is not one of {', '.join(SERVICES)} with a number from 1 to 32", key="--scale"
            )
        scale[name] = int(number)
    return scale


def run_stack(stack: Stack, console: Console, meanwhile: Meanwhile | None = None) -> int:
    """Run a stack until it is told to stop, or `meanwhile` ends it."""
    settings = stack.settings
    configure_logs("supervisor", settings.log_dir, settings.log_level, stdout=console.verbose)
    return asyncio.run(_run(stack, console, meanwhile))


async def _run(stack: Stack, console: Console, meanwhile: Meanwhile | None) -> int:
    stop = asyncio.Event()
    _stop_on_signals(stop, stack, console)
    try:
        work = asyncio.create_task(_work(stack, console, meanwhile))
        waits = [asyncio.create_task(stop.wait()), asyncio.create_task(stack.failed.wait())]
        await asyncio.wait([work, *waits], return_when=asyncio.FIRST_COMPLETED)
        return await _outcome(stack, work, waits)
    finally:
        console.say("stopping ...")
        await stack.stop()
        console.say("stopped")


async def _work(stack: Stack, console: Console, meanwhile: Meanwhile | None) -> int:
    await stack.start()
    result = await meanwhile(stack) if meanwhile else None
    if result is not None:
        return result
    console.say("Everything runs. Ctrl-C stops it.")
    await asyncio.Event().wait()
    return OK


async def _outcome(stack: Stack, work: asyncio.Task[int], waits: Sequence[asyncio.Task[bool]]) -> int:
    for each in waits:
        each.cancel()
    if work.done():
        return work.result()
    work.cancel()
    await asyncio.gather(work, *waits, return_exceptions=True)
    if stack.failed.is_set():
        click.echo(f"Error: {stack.failure}", err=True)
        return MISCONFIGURED
    return OK


def _stop_on_signals(stop: asyncio.Event, stack: Stack, console: Console) -> None:
    """The first signal stops in order, a second one kills."""

    def received() -> None:
        if stop.is_set():
            console.say("killing what is left")
            stack.supervisor.kill()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, received)
