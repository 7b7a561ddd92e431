"""The gateway as a child process: its public socket is held here, so that connections wait while it restarts."""

from __future__ import annotations

import asyncio
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


def held_address(listener: socket.socket) -> dict[str, str]:
    """The gateway listens on a socket that is open already. Plain http: certificates need ports of its own."""
    return {
        # Any descriptor number will do, as long as the child inherits it under the same number.
        "SERVER_HOST": f"fd/{listener.fileno()}",
        "SERVER_PORT": str(listener.getsockname()[1]),
        "GATEWAY_SITE": "http://",
    }


def site_address(site: str, host: str, port: int) -> dict[str, str]:
    """The gateway listens by itself and, for `https://<host name>`, gets the certificate."""
    return {"SERVER_HOST": host, "SERVER_PORT": str(port), "GATEWAY_SITE": site}


def gateway_environment(
    base: Mapping[str, str], address: Mapping[str, str], upstreams: Upstreams, state_dir: Path
) -> dict[str, str]:
    """What `deploy/gateway/Caddyfile` reads."""
    environment = {
        **base,
        **address,
        "WEBHOOK_UPSTREAMS": " ".join(upstreams.webhook),
        "ODOO_API_UPSTREAMS": " ".join(upstreams.odoo_api),
        "SIMULATOR_UPSTREAM": upstreams.simulator or "",
        # Certificates and their account live here; without HOME Caddy would write into the current folder.
        "HOME": base.get("HOME", str(state_dir)),
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


async def listens(host: str, port: int) -> bool:
    """Whether anybody listens there."""
    try:
        async with asyncio.timeout(1.0):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
