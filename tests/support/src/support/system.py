"""The whole system as real processes, for end-to-end tests: killed, paused and restarted at will.

nats-server with one user per service, two copies of each service kept alive as `odoo-ai up` does, and the real gateway.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from support.nats_server import NatsServer, connected, free_port

from cli.gateway_process import Upstreams, gateway_command, gateway_environment, held_address, open_public_socket
from cli.process import Died, ManagedProcess, ProcessSpec
from common.tenant_directory import apply_tenants
from common.tenants import TenantConfig

ROOT = Path(__file__).parents[4]
CADDYFILE = ROOT / "deploy" / "gateway" / "Caddyfile"
READY_SECONDS = 30.0
PORTS = {"webhook": "WEBHOOK_PORT", "odoo_api": "ODOO_API_PORT", "hub": "HUB_PORT"}


class System:
    """All processes of one installation under `directory`.

    Services are started with `copies` of each; the gateway knows all copies of webhook and odoo_api.
    """

    def __init__(
        self, directory: Path, *, copies: int = 2, environment: Mapping[str, str] | None = None, gateway: bool = True
    ) -> None:
        self.directory = directory
        self.nats = NatsServer.with_users(directory / "nats", provisioned=True)
        self.copies = copies
        self.deaths: list[Died] = []
        self.processes: dict[str, list[ManagedProcess]] = {}
        self._ports: dict[str, list[int]] = {}
        self._extra = dict(environment or {})
        self._with_gateway = gateway
        self._listener = open_public_socket("127.0.0.1", 0)
        self.http = httpx.AsyncClient(base_url=self.url, timeout=15)

    @property
    def url(self) -> str:
        """The gateway's address."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def log_dir(self) -> Path:
        return self.directory / "logs"

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def apply(self, *tenants: TenantConfig) -> None:
        """Apply tenants, and give every service the second it takes to notice."""
        async with connected(self.nats) as admin:
            await apply_tenants(admin.nc, {each.tenant: each for each in tenants})
        await asyncio.sleep(1.5)

    def kill(self, name: str, index: int = 0) -> int:
        """SIGKILL one copy; it is started again by itself. Returns its process id."""
        return self._signal(name, index, signal.SIGKILL)

    def pause(self, name: str, index: int = 0) -> int:
        """SIGSTOP one copy."""
        return self._signal(name, index, signal.SIGSTOP)

    def resume(self, pid: int) -> None:
        """SIGCONT a paused process."""
        os.kill(pid, signal.SIGCONT)

    def service_url(self, name: str, index: int = 0) -> str:
        """The private address of one copy."""
        return f"http://127.0.0.1:{self._ports[name][index]}"

    def log(self, name: str) -> str:
        """What the copies of a service wrote to their log file."""
        path = self.log_dir / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def _signal(self, name: str, index: int, number: signal.Signals) -> int:
        pid = self.processes[name][index].pid
        assert pid is not None, f"{name} {index} is not running"
        os.kill(pid, number)
        return pid

    async def _start(self) -> None:
        await self.nats.start()
        self.log_dir.mkdir(exist_ok=True)
        for name in PORTS:
            self._ports[name] = [free_port() for _ in range(self.copies)]
            self.processes[name] = [self._service(name, port) for port in self._ports[name]]
        if self._with_gateway:
            self.processes["gateway"] = [self._gateway()]
        everything = [each for group in self.processes.values() for each in group]
        for each in everything:
            await each.start()
        await asyncio.gather(*(each.wait_ready(READY_SECONDS) for each in everything))

    def _service(self, name: str, port: int) -> ManagedProcess:
        seed = self.directory / f"{name}.seed"
        seed.write_text(self.nats.seed(name).get_secret_value())
        environment = {
            **_clean_environment(),
            "NATS_URL": self.nats.url,
            "NATS_NKEY_SEED_FILE": str(seed),
            "LOG_DIR": str(self.log_dir),
            "LOG_STDOUT": "false",
            "ODOO_AI_CONFIG": str(self.directory / "config"),
            "ODOO_AI_DATA": str(self.directory / "data"),
            PORTS[name]: str(port),
            **self._extra,
        }
        command = [sys.executable, "-m", name]
        return self._managed(name, command, environment, f"http://127.0.0.1:{port}/health")

    def _gateway(self) -> ManagedProcess:
        upstreams = Upstreams(
            webhook=[f"127.0.0.1:{port}" for port in self._ports["webhook"]],
            odoo_api=[f"127.0.0.1:{port}" for port in self._ports["odoo_api"]],
        )
        environment = gateway_environment(
            {**_clean_environment(), **self._extra},
            held_address(self._listener),
            upstreams,
            self.directory / "gateway",
        )
        return self._managed(
            "gateway",
            gateway_command(CADDYFILE),
            environment,
            f"{self.url}/webhook/health",
            inherit=(self._listener.fileno(),),
        )

    def _managed(
        self, name: str, command: list[str], environment: dict[str, str], health: str, inherit: tuple[int, ...] = ()
    ) -> ManagedProcess:
        async def ready() -> bool:
            try:
                return (await self.http.get(health)).status_code == 200
            except httpx.HTTPError:
                return False

        def keep(line: bytes) -> None:
            with (self.log_dir / f"{name}.out").open("ab") as file:
                file.write(line + b"\n")

        return ManagedProcess(
            ProcessSpec(name, command, environment, output=keep, inherit=inherit, ready=ready), self.deaths.append
        )

    async def _stop(self) -> None:
        for name in ("gateway", "webhook", "odoo_api", "hub"):
            await asyncio.gather(*(each.stop() for each in self.processes.get(name, ())))
        self.nats.kill()
        await self.http.aclose()
        self._listener.close()


def _clean_environment() -> dict[str, str]:
    """This process's environment without settings of ours that a developer may have set."""
    foreign = ("OTEL_", "NATS_", "ODOO_AI_", "SERVER_", "GATEWAY_", "LOG_", "WEBHOOK_", "ODOO_API_", "HUB_")
    return {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
