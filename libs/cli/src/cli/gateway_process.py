"""The gateway as a child process: its public socket is held here, so that connections wait while it restarts."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from cli.binaries import find_binary
from common.errors import ConfigurationError
from common.telemetry import exporting

# The kernel queues this many connections while Caddy is being replaced.
_BACKLOG = 1024


@dataclass(frozen=True)
class Upstreams:
    """Where the gateway finds the services (`host:port`)."""

    webhook: Sequence[str]
    odoo_api: Sequence[str]
    simulator: str | None = None


def open_public_socket(host: str, port: int) -> socket.socket:
    """Bind the public address and keep it.

    Raises:
        ConfigurationError: the address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ConfigurationError(f"cannot listen on {host}:{port}: {error.strerror}", key="SERVER_PORT") from error
    return listener


def gateway_command(caddyfile: Path) -> list[str]:
    """The command line of the gateway.

    Raises:
        ConfigurationError: the program or its configuration is missing.
    """
    if not caddyfile.is_file():
        raise ConfigurationError(f"there is no gateway configuration at {caddyfile}", key="GATEWAY_CONFIG")
    return [str(find_binary("caddy")), "run", "--config", str(caddyfile), "--adapter", "caddyfile"]


def gateway_environment(
    base: Mapping[str, str], listener: socket.socket, upstreams: Upstreams, state_dir: Path
) -> dict[str, str]:
    """What `deploy/gateway/Caddyfile` reads, for a gateway that listens on the given socket."""
    environment = {
        **base,
        # Any descriptor number will do, as long as the child inherits it under the same number.
        "SERVER_HOST": f"fd/{listener.fileno()}",
        "SERVER_PORT": str(listener.getsockname()[1]),
        # Plain http here: certificates belong to a gateway that binds its own ports.
        "GATEWAY_SITE": "http://",
        "WEBHOOK_UPSTREAMS": " ".join(upstreams.webhook),
        "ODOO_API_UPSTREAMS": " ".join(upstreams.odoo_api),
        "SIMULATOR_UPSTREAM": upstreams.simulator or "",
        "XDG_DATA_HOME": str(state_dir),
        "XDG_CONFIG_HOME": str(state_dir),
    }
    return {**environment, **_tracing(base)}


def _tracing(base: Mapping[str, str]) -> dict[str, str]:
    if not exporting(base):
        return {"OTEL_TRACES_EXPORTER": "none", "OTEL_SERVICE_NAME": "odoo-ai-gateway"}
    return {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf", "OTEL_SERVICE_NAME": "odoo-ai-gateway"}


async def answers(url: str) -> bool:
    """Whether the gateway itself answers, whatever the services do."""
    async with httpx.AsyncClient(timeout=1.0, trust_env=False) as client:
        try:
            return (await client.get(f"{url}/is-the-gateway-there")).status_code == 404
        except httpx.HTTPError:
            return False
