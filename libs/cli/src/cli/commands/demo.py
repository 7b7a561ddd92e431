"""`odoo-ai demo`: the whole system with stand-ins for Chatwoot, WhatsApp and Odoo, and a conversation played on it."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import click
import httpx

from cli.broker import connected
from cli.commands.up import run_stack
from cli.console import Console
from cli.demo_world import TENANT, DemoWorld, prepare
from cli.output import FAILED, OK, errors_for_people, examples
from cli.ports import Ports
from cli.settings import CliSettings, environment, load_cli_settings
from cli.stack import SimulatorPlan, Stack, StackPlan
from common.errors import NotReady
from common.nats.bucket import Bucket
from odoo_api.api_keys import BUCKET, create_key
from simulator.client import SimulatorClient
from simulator.scenario import StepResult, play

_READY_SECONDS = 60.0


@click.command(
    short_help="Start it with simulators and play a conversation.",
    epilog=examples("odoo-ai demo", "odoo-ai demo --once"),
)
@click.option("--once", is_flag=True, help="Play the conversation, then stop; exit code 0 only if all of it went well.")
@click.option("--verbose", "-v", is_flag=True, help="Show every log line of every process.")
def demo(once: bool, verbose: bool) -> None:
    """Start everything with simulators, play a sample conversation, then show a page to write as a customer.

    Needs no accounts and no Internet, and touches nothing but $ODOO_AI_DATA/demo and the logs. Each demo starts fresh.
    """
    with errors_for_people():
        console, ports = Console(verbose=verbose), Ports()
        settings = _settings(load_cli_settings(), ports, console)
        world = prepare(settings.data_dir, settings.simulator_port)
        plan = StackPlan(
            settings=settings,
            environ=environment(),
            tenants=world.tenants,
            simulator=SimulatorPlan(settings.simulator_port, world.simulator_environment),
        )
        stage = _Stage(world, console, once=once)
        raise SystemExit(run_stack(Stack(plan, console, ports), console, stage.play))


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


class _Stage:
    """What happens on the running stack."""

    def __init__(self, world: DemoWorld, console: Console, *, once: bool) -> None:
        self._world = world
        self._console = console
        self._once = once
        self._began = time.monotonic()

    async def play(self, stack: Stack) -> int | None:
        """Teach the company, play the conversation, show the page."""
        await _wait_until_healthy(stack.url)
        self._say(f"ready after {time.monotonic() - self._began:.1f} s")
        async with SimulatorClient(stack.url) as simulator:
            await self._teach(stack, simulator)
            self._say("\nA customer writes on WhatsApp ...\n")
            played = await play(simulator, on_step=self._show_step)
        self._say("\n" + played.transcript.render() + "\n")
        for trouble in played.troubles:
            self._say(f"  FAIL  {trouble}")
        self._say("Every message ended as it should." if played.ok else "Not every message ended as it should.")
        if self._once:
            return OK if played.ok else FAILED
        self._say(f"\nWrite as a customer yourself: {stack.url}/simulator\n")
        return None

    async def _teach(self, stack: Stack, simulator: SimulatorClient) -> None:
        """Send the sample company's knowledge the way the Odoo module does: over the public API."""
        headers = {"Authorization": f"Bearer {await self._key(stack)}"}
        began, total = time.monotonic(), 0
        async with httpx.AsyncClient(base_url=stack.url, headers=headers, timeout=60, trust_env=False) as client:
            knowledge = await simulator.knowledge()
            for kind, items in knowledge.items():
                # The hubs read one stream in order: who has the last kind has all of them.
                wait = {"wait": "indexed"} if kind == list(knowledge)[-1] else {}
                answer = await client.put(f"/api/v1/knowledge/{kind}", params=wait, json={"items": items})
                if answer.status_code != httpx.codes.OK or answer.json()["rejected"]:
                    raise NotReady(f"the {kind} items were not accepted: {answer.status_code} {answer.text[:500]}")
                total += len(items)
        self._say(f"taught {total} items of the sample company in {time.monotonic() - began:.1f} s")

    async def _key(self, stack: Stack) -> str:
        async with connected(stack.admin_settings(), connect_seconds=10) as connection:
            now = datetime.now(UTC)
            return (await create_key(Bucket(connection.nc, BUCKET), TENANT, now=now, name="demo")).key

    def _show_step(self, result: StepResult) -> None:
        took = f"{result.seconds:.2f} s" if result.seconds is not None else "no answer"
        self._say(f"  {'ok  ' if not result.troubles else 'FAIL'}  {result.step.title} ({took})")
        for trouble in result.troubles:
            self._say(f"        {trouble}")

    def _say(self, text: str) -> None:
        self._console.say(text)


async def _wait_until_healthy(url: str) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        while True:
            try:
                answer = await client.get(f"{url}/health")
                if answer.status_code == httpx.codes.OK:
                    return
                state = answer.text
            except httpx.HTTPError as error:
                state = type(error).__name__
            if time.monotonic() > deadline:
                raise NotReady(f"the system is not ready after {_READY_SECONDS:g} s: {state}")
            await asyncio.sleep(0.2)
