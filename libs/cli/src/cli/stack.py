"""All processes of one `odoo-ai up`: which ones, in which order, with which settings."""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from cli import embedded_nats
from cli.broker import admin_settings, connected, embedded_admin
from cli.console import Console
from cli.gateway_process import (
    Upstreams,
    answers,
    gateway_command,
    gateway_environment,
    held_address,
    listens,
    open_public_socket,
    site_address,
)
from cli.ports import Ports
from cli.process import MISCONFIGURED, Died, ProcessSpec
from cli.process_logs import gateway_sink, nats_sink
from cli.services import ServiceEnvironment, base_environment
from cli.settings import CliSettings
from cli.supervisor import Supervisor
from common.errors import ConfigurationError
from common.nats.provision import provision
from common.tenant_directory import ApplyResult, apply_tenants
from common.tenants import TenantConfig

log = structlog.get_logger(__name__)

SERVICES = ("hub", "odoo_api", "webhook")
"""In the order of their start; they stop in the reverse order."""

_START_SECONDS = 60.0


@dataclass(frozen=True)
class SimulatorPlan:
    """The stand-ins of the demo; their environment depends on where the gateway is."""

    port: int
    environment: Callable[[str], dict[str, str]]


@dataclass(frozen=True)
class StackPlan:
    """What to run."""

    settings: CliSettings
    environ: Mapping[str, str]
    tenants: Mapping[str, TenantConfig]
    scale: Mapping[str, int] = field(default_factory=dict)
    external_nats: bool = False
    simulator: SimulatorPlan | None = None


class Stack:
    """Starts, holds and stops the processes."""

    def __init__(self, plan: StackPlan, console: Console, ports: Ports | None = None) -> None:
        self.plan = plan
        self.settings = plan.settings
        self.failed = asyncio.Event()
        """Set when a process refuses its settings: nothing but a person can mend that."""
        self.failure = ""
        self._console = console
        self._supervisor = Supervisor(self._died)
        self._ports = ports or Ports()
        self._nats: embedded_nats.EmbeddedNats | None = None
        self._listener: socket.socket | None = None
        self._lock: int | None = None

    @property
    def supervisor(self) -> Supervisor:
        """The running processes."""
        return self._supervisor

    @property
    def url(self) -> str:
        """Where the gateway is reached."""
        if self._listener is None:
            return f"{self.settings.gateway_site}:{self.settings.server_port}"
        return f"http://{self.settings.reachable_host}:{self._listener.getsockname()[1]}"

    async def start(self) -> None:
        """Start everything, in order, and return when all of it serves.

        Raises:
            ConfigurationError: an address is taken, or a program or file is missing.
            NotReady: something did not start in time.
        """
        self._lock = lock(self.settings.data_dir)
        if not self.settings.has_own_site:
            self._listener = open_public_socket(self.settings.server_host, self.settings.server_port)
        if not self.plan.external_nats:
            await self._start_nats()
        await self._prepare_broker()
        await self._start_services()

    async def stop(self) -> None:
        """Stop everything in order: gateway, webhook, odoo_api, hub, broker."""
        await self._supervisor.stop()
        if self._nats is not None:
            self._nats.withdraw()
        if self._listener is not None:
            self._listener.close()
        if self._lock is not None:
            os.close(self._lock)

    def admin_settings(self) -> CliSettings:
        """How the operator reaches this stack's broker.

        Raises:
            ConfigurationError: the operator's key cannot be read.
        """
        if self._nats is not None:
            return embedded_admin(self.settings, self._nats.url, self._nats.keys_dir)
        return admin_settings(self.settings)

    def _died(self, died: Died) -> None:
        log.error("process_died", process=died.name, exit_code=died.exit_code, restart_in=died.restart_in)
        self._console.say(str(died))
        if died.exit_code == MISCONFIGURED and not self.failed.is_set():
            self.failure = f"{died.name} refuses its settings; see {died.name}.log"
            self.failed.set()

    async def _start_nats(self) -> None:
        settings = self.settings
        wanted = "NATS_PORT" if settings.nats_port else None
        port = self._ports.take(4222 if settings.nats_port is None else settings.nats_port, required=wanted)
        self._nats = embedded_nats.prepare(settings.data_dir, port)
        output = nats_sink(settings.log_dir, self._console.echo)
        await self._supervisor.start([[embedded_nats.process_spec(self._nats, output)]], ready_within=_START_SECONDS)
        self._nats.announce()
        self._console.say(f"nats      {self._nats.url}")

    async def _prepare_broker(self) -> None:
        async with connected(self.admin_settings(), connect_seconds=15.0) as connection:
            await provision(connection.nc)
            applied = await apply_tenants(connection.nc, self.plan.tenants)
        self._console.say(f"tenants   {_told(applied)}")

    async def _start_services(self) -> None:
        ports = {name: self._service_ports(name) for name in SERVICES}
        children = self._child_environment()
        groups = [[children.spec(name, port) for port in ports[name]] for name in SERVICES]
        simulator = self.plan.simulator
        if simulator is not None:
            more = simulator.environment(self.url)
            groups.insert(0, [children.spec("simulator", simulator.port, more=more, stop_seconds=5.0)])
        await self._supervisor.start(groups, ready_within=_START_SECONDS)
        await self._supervisor.start([[self._gateway(ports, children.base)]], ready_within=_START_SECONDS)
        for name in reversed(SERVICES):
            self._console.say(f"{name:<9} " + " ".join(f"http://127.0.0.1:{port}" for port in ports[name]))
        self._console.say(f"gateway   {self.url}")

    def _service_ports(self, name: str) -> tuple[int, ...]:
        variable = f"{name}_port"
        first = getattr(self.settings, variable)
        required = variable.upper() if self.settings.is_set(variable) else None
        more = range(1, self.plan.scale.get(name, 1))
        return (self._ports.take(first, required=required), *(self._ports.take(0) for _ in more))

    def _child_environment(self) -> ServiceEnvironment:
        settings = self.settings
        keys_dir = self._nats.keys_dir if self._nats else settings.nats_keys_dir
        base = base_environment(self.plan.environ, settings.config_dir, keep_broker_key=keys_dir is None)
        url = self._nats.url if self._nats else settings.nats_url
        return ServiceEnvironment(settings, base, url, keys_dir, self._console)

    def _gateway(self, ports: Mapping[str, tuple[int, ...]], base: Mapping[str, str]) -> ProcessSpec:
        settings, listener, simulator = self.settings, self._listener, self.plan.simulator
        upstreams = Upstreams(
            webhook=[f"127.0.0.1:{port}" for port in ports["webhook"]],
            odoo_api=[f"127.0.0.1:{port}" for port in ports["odoo_api"]],
            simulator=f"127.0.0.1:{simulator.port}" if simulator else None,
        )
        host, port = settings.reachable_host, settings.server_port
        address = (
            held_address(listener) if listener else site_address(settings.gateway_site, settings.server_host, port)
        )
        return ProcessSpec(
            name="gateway",
            command=gateway_command(settings.gateway_config),
            environment=gateway_environment(base, address, upstreams, (settings.data_dir / "gateway").resolve()),
            output=gateway_sink(settings.log_dir, self._console.echo),
            inherit=(listener.fileno(),) if listener else (),
            ready=(lambda: answers(self.url)) if listener else (lambda: listens(host, port)),
            stop_seconds=8.0,
        )


def lock(data_dir: Path) -> int:
    """Two stacks on one data folder would be two brokers on one store.

    Returns:
        The descriptor that holds the lock until it is closed.

    Raises:
        ConfigurationError: another stack uses this folder.
    """
    path = data_dir / "run" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise ConfigurationError(
            f"another `odoo-ai` runs on {data_dir}; stop it, or choose another folder", key="ODOO_AI_DATA"
        ) from error
    return descriptor


def _told(applied: ApplyResult) -> str:
    names = sorted([*applied.created, *applied.updated, *applied.unchanged])
    return ", ".join(names) if names else "none yet: write config/tenants/<tenant>.yaml, then `odoo-ai tenant apply`"
