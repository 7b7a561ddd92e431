"""`odoo-ai tunnel`: a public address for a machine behind a router."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import click

from cli.broker import admin_connection
from cli.chatwoot_admin import ChatwootAdmin
from cli.output import OK, errors_for_people, examples, quiet
from cli.settings import CliSettings, environment, load_cli_settings
from cli.tunnel import NgrokTunnel, Tunnel, choose_tunnel
from cli.webhook_address import Pointed, point, restore, webhook_path
from common.errors import ConfigurationError, OdooAiError
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_TENANT_CHATWOOT
from common.tenant_files import load_tenant_files
from common.tenants import ChatwootConnection, TenantConfig
from common.webhook_secrets import WebhookSecrets


@click.command(
    short_help="Open a public address, tell Chatwoot about it.",
    epilog=examples(
        "odoo-ai tunnel",
        "odoo-ai tunnel --set-chatwoot acme",
        "odoo-ai tunnel --url https://assistant.example.com --set-chatwoot acme --leave",
    ),
)
@click.option("--url", help="A public address that leads here already (or PUBLIC_URL); without it ngrok makes one.")
@click.option("--set-chatwoot", "tenants", multiple=True, metavar="TENANT", help="Tell this tenant's Chatwoot, too.")
@click.option(
    "--leave", is_flag=True, help="With --url: set Chatwoot and return, instead of putting it back at the end."
)
def tunnel(url: str | None, tenants: tuple[str, ...], leave: bool) -> None:
    """Open a tunnel to the gateway, print PUBLIC_URL=..., and what to set where. Ctrl-C closes it.

    Needs NGROK_AUTH_TOKEN, or an address of your own. With --set-chatwoot the addresses of the webhooks in Chatwoot are
    changed, read back, and put back when the tunnel closes.
    """
    quiet()
    with errors_for_people():
        settings = load_cli_settings()
        chosen = _chosen(settings, tenants)
        if leave and not (url or settings.public_url):
            raise ConfigurationError("an ngrok address ends with the tunnel: --leave goes with --url", key="--leave")
        way = choose_tunnel(settings, url=url)
    code = _run(_Session(settings, way, chosen), leave=leave)
    if isinstance(way, NgrokTunnel):
        # The SDK's threads race with the end of the interpreter and sometimes crash it: nothing is left to be done.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    raise SystemExit(code)


def _run(session: _Session, *, leave: bool) -> int:
    try:
        with errors_for_people():
            asyncio.run(session.run(leave=leave))
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return OK


def _chosen(settings: CliSettings, names: tuple[str, ...]) -> dict[str, TenantConfig]:
    known = load_tenant_files(settings.config_dir, environment()) if names else {}
    for name in names:
        if name not in known:
            raise ConfigurationError(f"there is no tenant {name!r}", key="--set-chatwoot")
    return {name: known[name] for name in names}


class _Session:
    """One tunnel from open to closed."""

    def __init__(self, settings: CliSettings, way: Tunnel, tenants: dict[str, TenantConfig]) -> None:
        self._settings = settings
        self._way = way
        self._tenants = tenants
        self._pointed: dict[str, Pointed] = {}

    async def run(self, *, leave: bool) -> None:
        """Open, set, wait for a signal, put back, close."""
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        try:
            public_url = await self._way.start()
            click.echo(f"PUBLIC_URL={public_url}")
            for name, config in self._tenants.items():
                await self._point(name, config.chatwoot, public_url)
            if leave:
                return
            click.echo(self._what_to_set(public_url))
            await stop.wait()
        finally:
            if not leave:
                await self._restore()
            await self._way.close()

    async def _point(self, name: str, connection: ChatwootConnection, public_url: str) -> None:
        async with ChatwootAdmin(connection) as admin:
            pointed = await point(admin, name, public_url + webhook_path(name, connection))
        self._pointed[name] = pointed
        click.echo(f"Chatwoot of {name}: {pointed.what} now sends to {public_url}/webhook/chatwoot/{name}")
        if pointed.new_secret:
            await self._store_secret(name, connection, pointed.new_secret)

    async def _restore(self) -> None:
        for name, pointed in self._pointed.items():
            connection = self._tenants[name].chatwoot
            try:
                async with ChatwootAdmin(connection) as admin:
                    restored = await restore(admin, pointed)
                if restored.webhook is not None and pointed.previous_url is None:
                    await self._store(name, connection)
                elif restored.new_secret:
                    await self._store_secret(name, connection, restored.new_secret)
                click.echo(f"Chatwoot of {name}: put back to {pointed.previous_url or 'nothing'}")
            except OdooAiError as error:
                click.echo(f"Chatwoot of {name} was NOT put back: {error}", err=True)

    async def _store_secret(self, name: str, connection: ChatwootConnection, secret: str) -> None:
        """A new account webhook signs with a new secret: the services must know it, and so must the tenant file."""
        known = connection.webhook_secret
        both = known.adding("account_webhook", secret) if known else WebhookSecrets(account_webhook=(secret,))
        await self._store(name, connection.model_copy(update={"webhook_secret": both}))
        path = self._settings.data_dir / "tunnel" / f"{name}.webhook_secret"
        _write_secret(path, secret)
        click.echo(f"Its signing secret is new. The services know it; for the tenant file of {name} it is in {path}")

    async def _store(self, name: str, connection: ChatwootConnection) -> None:
        async with admin_connection(self._settings) as broker:
            bucket = Bucket(broker.nc, BUCKET_TENANT_CHATWOOT)
            await bucket.put(name, connection.model_dump_json().encode())

    def _what_to_set(self, public_url: str) -> str:
        lines = ["", "What to set, unless it was set above:"]
        lines.append(f"  Chatwoot  Settings > Bots > your bot > Webhook URL: {public_url}/webhook/chatwoot/<tenant>")
        lines.append(f"  Odoo      Settings > Odoo AI > Server address:      {public_url}")
        lines.append("Ctrl-C closes the tunnel.")
        return "\n".join(lines)


def _write_secret(path: Path, secret: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")
