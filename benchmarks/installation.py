"""An installation for a measurement: what `odoo-ai up` starts, with a tenant, a key and the simulator beside it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from support.nats_server import free_port

from cli.broker import connected
from cli.console import Console
from cli.ports import Ports
from cli.process import ManagedProcess
from cli.settings import load_cli_settings
from cli.stack import SimulatorPlan, Stack, StackPlan
from common.logs import configure_logs
from common.nats.bucket import Bucket
from common.nats.connection import NatsConnection
from common.nats.topology import BUCKET_API_KEYS
from common.tenants import Assistant, ChatwootConnection, OdooConnection, TenantConfig
from odoo_api.api_keys import create_key
from simulator.client import SimulatorClient
from simulator.company import company_knowledge

TENANT = "bench"
SECRET = "benchmark-webhook-secret"
BOT_TOKEN = "benchmark-bot-token"
USER_TOKEN = "benchmark-user-token"
ODOO_KEY = "benchmark-odoo-key"
DATABASE = "bench"
_FOREIGN = ("OTEL_", "NATS_", "ODOO_AI_", "SERVER_", "GATEWAY_", "LOG_", "WEBHOOK_", "ODOO_API_", "HUB_", "SIMULATOR_")


class _LowPorts(Ports):
    """Ports below those of outgoing connections: nobody takes them while a process is being restarted."""

    def _any(self) -> int:
        return free_port()


@dataclass(frozen=True)
class Wanted:
    """What to run. `environ` goes to every process."""

    scale: Mapping[str, int] = field(default_factory=dict)
    simulator: bool = True
    debounce_seconds: float = 0.4
    reconcile_seconds: float = 60
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Installation:
    """A running installation and what a measurement needs of it."""

    stack: Stack
    tenant: TenantConfig
    admin: NatsConnection
    api: httpx.AsyncClient
    simulator: SimulatorClient | None
    deaths: list[str]

    @property
    def url(self) -> str:
        """The gateway."""
        return self.stack.url

    @property
    def chat(self) -> SimulatorClient:
        """The simulator's control API."""
        assert self.simulator is not None, "started without the simulator"
        return self.simulator

    def processes(self, name: str) -> list[ManagedProcess]:
        """The copies of a service, in the order of their start."""
        return [each for each in self.stack.supervisor.processes if each.spec.name == name]

    def port(self, name: str, index: int = 0) -> int:
        """The private port of a copy."""
        return int(self.processes(name)[index].spec.environment[f"{name.upper()}_PORT"])

    def signal(self, name: str, index: int, number: signal.Signals) -> int | None:
        """Send a signal to a copy; None when it is between two lives."""
        pid = self.processes(name)[index].pid
        if pid is not None:
            os.kill(pid, number)
        return pid

    async def stop(self, *names: str, keep: int = 0) -> None:
        """Stop the copies of services but the first `keep`."""
        for name in names:
            for each in self.processes(name)[keep:]:
                if each.pid is not None:
                    await each.stop()

    async def teach(self, kind: str, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Replace a kind's items, and wait until every hub can find them."""
        answer = await self.api.put(f"/api/v1/knowledge/{kind}?wait=indexed", json={"items": items})
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        if told["rejected"]:
            raise RuntimeError(f"{kind}: {told['rejected'][:3]}")
        return told

    async def teach_the_company(self) -> None:
        """The simulator's sample company."""
        for kind, items in company_knowledge(datetime.now().astimezone().date()).by_kind().items():
            await self.teach(kind, [each.model_dump(mode="json") for each in items])


@asynccontextmanager
async def installed(data_dir: Path, wanted: Wanted) -> AsyncIterator[Installation]:
    """Start everything in an empty folder; stop it at the end.

    The folder has to be on a real disk: the broker writes through to it with every message.
    """
    shutil.rmtree(data_dir, ignore_errors=True)
    ports = _LowPorts()
    settings = load_cli_settings().model_copy(
        update={
            "data_dir": data_dir,
            "config_dir": data_dir / "config",
            "log_dir": data_dir / "logs",
            "log_level": "INFO",
            **{f"{name}_port": ports.take(0) for name in ("server", "nats", "webhook", "odoo_api", "hub", "simulator")},
        }
    )
    for each in (settings.config_dir / "tenants", data_dir / "logs"):
        each.mkdir(parents=True)
    configure_logs("benchmark", data_dir / "logs", "INFO", stdout=False)
    deaths: list[str] = []
    tenant = _tenant(settings.simulator_port, wanted)
    plan = StackPlan(
        settings=settings,
        environ={**clean_environment(), **wanted.environ},
        tenants={TENANT: tenant},
        scale=wanted.scale,
        simulator=SimulatorPlan(settings.simulator_port, _simulator_environment) if wanted.simulator else None,
    )
    stack = Stack(plan, Console(say=deaths.append), _LowPorts())
    async with AsyncExitStack() as exits:
        exits.push_async_callback(stack.stop)
        await stack.start()
        deaths.clear()
        admin = await exits.enter_async_context(connected(stack.admin_settings(), connect_seconds=10))
        created = await create_key(Bucket(admin.nc, BUCKET_API_KEYS), TENANT, now=datetime.now(UTC))
        api = httpx.AsyncClient(
            base_url=stack.url, headers={"Authorization": f"Bearer {created.key}"}, timeout=120, trust_env=False
        )
        await exits.enter_async_context(api)
        client = SimulatorClient(f"http://127.0.0.1:{settings.simulator_port}") if wanted.simulator else None
        if client is not None:
            exits.push_async_callback(client.close)
        yield Installation(stack, tenant, admin, api, client, deaths)


def clean_environment() -> dict[str, str]:
    """This process's environment without settings of ours that a developer may have set."""
    return {key: value for key, value in os.environ.items() if not key.startswith(_FOREIGN)}


def _tenant(simulator_port: int, wanted: Wanted) -> TenantConfig:
    url = f"http://127.0.0.1:{simulator_port}"
    return TenantConfig(
        tenant=TENANT,
        chatwoot=ChatwootConnection.model_validate(
            {
                "base_url": f"{url}/chatwoot",
                "account_id": 1,
                "bot_token": BOT_TOKEN,
                "user_token": USER_TOKEN,
                "webhook_secret": SECRET,
                "reconcile_seconds": wanted.reconcile_seconds,
            }
        ),
        odoo=OdooConnection.model_validate({"base_url": f"{url}/odoo", "database": DATABASE, "api_key": ODOO_KEY}),
        assistant=Assistant(name="Lia", debounce_seconds=wanted.debounce_seconds),
    )


def _simulator_environment(gateway_url: str) -> dict[str, str]:
    return {
        "SIMULATOR_WEBHOOK_URL": f"{gateway_url}/webhook/chatwoot/{TENANT}",
        "SIMULATOR_WEBHOOK_SECRET": SECRET,
        "SIMULATOR_BOT_TOKEN": BOT_TOKEN,
        "SIMULATOR_USER_TOKEN": USER_TOKEN,
        "SIMULATOR_ODOO_DATABASE": DATABASE,
        "SIMULATOR_ODOO_API_KEY": ODOO_KEY,
        "SIMULATOR_DELIVERY_SECONDS": "0.05",
    }
