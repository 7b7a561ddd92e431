"""How the Python services are run as child processes."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from cli.console import Console
from cli.nats_keys import SERVICE_USERS, seed_file
from cli.process import ProcessSpec
from cli.process_logs import service_sink
from cli.settings import CliSettings

_TENANT_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
# Of the operator, or different for each process.
_NOT_FOR_CHILDREN = ("NGROK_AUTH_TOKEN", "INSTANCE_ID", "NATS_NKEY_SEED", "NATS_NKEY_SEED_FILE", "NATS_KEYS_DIR")


@dataclass(frozen=True)
class ServiceEnvironment:
    """What all services of a stack share."""

    settings: CliSettings
    base: Mapping[str, str]
    nats_url: str
    keys_dir: Path | None
    console: Console

    def spec(
        self, service: str, port: int, *, more: Mapping[str, str] | None = None, stop_seconds: float = 20.0
    ) -> ProcessSpec:
        """How to run one instance of a service on a port, with `more` in its environment."""
        echo = self.console.echo
        return ProcessSpec(
            name=service,
            command=[sys.executable, "-m", service],
            environment={**self._environment(service, port), **(more or {})},
            output=service_sink(self.settings.log_dir, service, echo),
            ready=lambda: is_alive(port),
            stop_seconds=stop_seconds,
        )

    def _environment(self, service: str, port: int) -> dict[str, str]:
        settings = self.settings
        environment = {
            **self.base,
            "NATS_URL": self.nats_url,
            "ODOO_AI_CONFIG": str(settings.config_dir.resolve()),
            "ODOO_AI_DATA": str(settings.data_dir.resolve()),
            "LOG_DIR": str(settings.log_dir.resolve()) if settings.log_dir else "",
            "LOG_LEVEL": settings.log_level,
            "LOG_STDOUT": "true" if self.console.verbose else "false",
            f"{service.upper()}_PORT": str(port),
            "PYTHONUNBUFFERED": "1",
            # Time for a gateway to notice before the port closes: here the gateway has stopped, or parks the requests.
            "DRAIN_SECONDS": self.base.get("DRAIN_SECONDS", "0"),
        }
        if self.keys_dir is not None and service in SERVICE_USERS:
            environment["NATS_NKEY_SEED_FILE"] = str(seed_file(self.keys_dir, service).resolve())
        return environment


def base_environment(environ: Mapping[str, str], config_dir: Path, *, keep_broker_key: bool) -> dict[str, str]:
    """The environment for child processes: without the tenants' secrets, which travel over the broker instead.

    A hub that found a company's Chatwoot token in its environment would make least privilege on the broker pointless.
    """
    secrets = {name for path in (config_dir / "tenants").glob("*.yaml") for name in _variables(path)}
    dropped = {*_NOT_FOR_CHILDREN, *secrets, *(f"{name}_FILE" for name in secrets)}
    if keep_broker_key:
        dropped -= {"NATS_NKEY_SEED", "NATS_NKEY_SEED_FILE"}
    return {name: value for name, value in environ.items() if name not in dropped}


def _variables(path: Path) -> list[str]:
    try:
        return _TENANT_VARIABLE.findall(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return []


async def is_alive(port: int) -> bool:
    """Whether a service serves on its port."""
    async with httpx.AsyncClient(timeout=1.0, trust_env=False) as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/live")).status_code == 200
        except httpx.HTTPError:
            return False
