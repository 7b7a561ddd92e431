"""`odoo-ai demo`: the whole system with stand-ins for Chatwoot, WhatsApp and Odoo, and a conversation played on it."""

from __future__ import annotations

import asyncio

import click

from cli.broker import admin_settings
from cli.commands.up import run_stack
from cli.console import Console
from cli.demo_stage import Stage
from cli.demo_world import prepare
from cli.output import OK, errors_for_people, examples, quiet
from cli.ports import Ports
from cli.settings import CliSettings, environment, load_cli_settings
from cli.stack import SimulatorPlan, Stack, StackPlan


@click.command(
    short_help="Start it with simulators and play a conversation.",
    epilog=examples("odoo-ai demo", "odoo-ai demo --once"),
)
@click.option("--once", is_flag=True, help="Play the conversation, then stop; exit code 0 only if all of it went well.")
@click.option("--at", metavar="URL", help="Play on a system that runs already, with the tenant `demo` applied to it.")
@click.option("--verbose", "-v", is_flag=True, help="Show every log line of every process.")
def demo(once: bool, at: str | None, verbose: bool) -> None:
    """Start everything with simulators, play a sample conversation, then show a page to write as a customer.

    Needs no accounts and no Internet, and touches nothing but $ODOO_AI_DATA/demo and the logs. Each demo starts fresh.
    With --at nothing is started: the conversation is played on a running system, as in the demo profile of compose.
    """
    with errors_for_people():
        console, ports = Console(verbose=verbose), Ports()
        if at:
            quiet()
            stage = Stage(console, once=once)
            raise SystemExit(asyncio.run(stage.play(at.rstrip("/"), admin_settings(load_cli_settings()))) or OK)
        settings = _settings(load_cli_settings(), ports, console)
        world = prepare(settings.data_dir, settings.simulator_port)
        plan = StackPlan(
            settings=settings,
            environ=environment(),
            tenants=world.tenants,
            simulator=SimulatorPlan(settings.simulator_port, world.simulator_environment),
        )
        stage = Stage(console, once=once)
        stack = Stack(plan, console, ports)
        raise SystemExit(run_stack(stack, console, lambda running: stage.play(running.url, running.admin_settings())))


def _settings(settings: CliSettings, ports: Ports, console: Console) -> CliSettings:
    """The demo's own folders and broker, and ports that are free."""
    data_dir = settings.data_dir / "demo"
    required = "SERVER_PORT" if settings.is_set("server_port") else None
    port = ports.take(settings.server_port, required=required) if settings.server_port else 0
    if port not in (0, settings.server_port):
        console.say(f"port {settings.server_port} is taken: using {port} (set SERVER_PORT to choose)")
    simulator = ports.take(
        settings.simulator_port, required="SIMULATOR_PORT" if settings.is_set("simulator_port") else None
    )
    changes = {"data_dir": data_dir, "config_dir": data_dir / "config", "gateway_site": "http://"}
    return settings.model_copy(update={**changes, "server_port": port, "simulator_port": simulator})
