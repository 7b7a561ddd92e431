"""Checks of this machine and of the broker."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence

import httpx

from cli.binaries import find_binary
from cli.broker import admin_connection
from cli.findings import Finding, attempt, failed, fine, warning
from cli.ports import Ports
from cli.settings import CliSettings
from cli.stack import lock
from common.errors import ConfigurationError
from common.nats.dead_letters import DeadLetters
from common.nats.provision import missing
from common.nats.publisher import Publisher
from common.system_health import SERVICES, InstanceHealth, collect
from common.tenant_files import load_tenant_files
from common.tenants import TenantConfig

_LITTLE_DISK_BYTES = 2 * 1024**3


def check_tenant_files(
    settings: CliSettings, environ: Mapping[str, str]
) -> tuple[list[Finding], dict[str, TenantConfig]]:
    """Read all tenant files."""
    folder = settings.config_dir / "tenants"
    try:
        tenants = load_tenant_files(settings.config_dir, environ)
    except ConfigurationError as error:
        return [failed("configuration", str(error), "mend the file; nothing of it is in effect until it is right")], {}
    if not tenants:
        return [warning("configuration", f"no tenants in {folder}", f"write {folder}/<tenant>.yaml")], {}
    return [fine("configuration", f"{len(tenants)} tenant(s): {', '.join(tenants)}")], tenants


def check_machine(settings: CliSettings) -> list[Finding]:
    """Programs, disk and the public port."""
    findings = [_program(name) for name in ("nats-server", "caddy")]
    there = next(each for each in (settings.data_dir, *settings.data_dir.resolve().parents) if each.exists())
    free = shutil.disk_usage(there).free
    gib = f"{free / 1024**3:.1f} GiB free for {settings.data_dir}"
    few = warning("disk", gib, "make room: the broker refuses messages when its disk is full")
    findings.append(few if free < _LITTLE_DISK_BYTES else fine("disk", gib))
    if not is_running(settings):
        findings.append(_port(settings))
    return findings


def is_running(settings: CliSettings) -> bool:
    """Whether an `odoo-ai up` runs on this data folder."""
    if not settings.data_dir.is_dir():
        return False
    try:
        os.close(lock(settings.data_dir))
    except ConfigurationError:
        return True
    return False


def _program(name: str) -> Finding:
    try:
        return fine(name, str(find_binary(name)))
    except ConfigurationError:
        return failed(name, "is not installed", "run `make install`")


def _port(settings: CliSettings) -> Finding:
    place = f"{settings.server_host}:{settings.server_port}"
    if Ports(settings.server_host).is_free(settings.server_port):
        return fine("port", f"{place} is free")
    return failed("port", f"{place} is taken by another program", "stop it, or set SERVER_PORT")


async def check_broker(settings: CliSettings) -> list[Finding]:
    """The broker, its streams, the dead letters, and the services that are connected to it."""
    if not settings.has_external_nats and not is_running(settings):
        return [warning("broker", "`odoo-ai up` is not running here", "start it, or set NATS_URL; then check again")]
    return await attempt("broker", "is it running, and may this user connect? See NATS_URL", lambda: _broker(settings))


async def _broker(settings: CliSettings) -> list[Finding]:
    async with admin_connection(settings) as connection:
        url = connection.nc.connected_url
        findings = [fine("broker", f"connected to {url.netloc.rpartition('@')[2] if url else 'it'}")]
        absent = await missing(connection.nc)
        if absent:
            findings.append(failed("streams", f"missing: {', '.join(absent)}", "run `odoo-ai provision`"))
            return findings
        findings.append(fine("streams", "all there"))
        letters = await DeadLetters(connection.nc, Publisher(connection.nc)).count()
        text = f"{letters} message(s) that could not be handled"
        look = warning("dead letters", text, "see `odoo-ai dead-letters list`")
        findings.append(look if letters else fine("dead letters", "none"))
        return findings + _services(await collect(connection.nc))


def _services(answers: Sequence[InstanceHealth]) -> list[Finding]:
    findings = []
    for service in SERVICES:
        instances = [each for each in answers if each.service == service]
        if not instances:
            findings.append(failed(service, "no instance is connected", f"start it; see logs/{service}.log"))
        for each in instances:
            troubles = [f"{name}: {text}" for name, text in each.checks.items() if text != "ok"]
            for name, note in each.notes.items():
                findings.append(warning(f"{service} {name}", note, "see docs/odoo.md"))
            if each.ready:
                findings.append(fine(service, f"{each.instance} is ready, version {each.version}"))
            else:
                detail = f"{each.instance} is {each.status}; " + "; ".join(troubles)
                findings.append(failed(service, detail.rstrip("; "), f"see logs/{service}.log"))
    return findings


async def check_gateway(settings: CliSettings) -> list[Finding]:
    """The gateway of a running stack, asked as the world does."""
    if not is_running(settings):
        return []
    if settings.has_own_site:
        url = f"{settings.gateway_site}:{settings.server_port}/health"
    else:
        url = f"http://{settings.reachable_host}:{settings.server_port}/health"
    async with httpx.AsyncClient(timeout=6, trust_env=False) as client:
        try:
            answer = await client.get(url)
        except httpx.HTTPError as error:
            return [failed("gateway", f"{url}: {type(error).__name__}", "see logs/gateway.log")]
    if answer.status_code == httpx.codes.OK:
        return [fine("gateway", f"{url} says {answer.json()['status']}")]
    return [failed("gateway", f"{url}: status {answer.status_code}", "see which service is not ready above")]
