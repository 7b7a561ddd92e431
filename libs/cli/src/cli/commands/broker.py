"""`odoo-ai provision` and `odoo-ai nats-config`: the broker's side of an installation."""

from __future__ import annotations

from pathlib import Path

import click

from cli.broker import admin_connection
from cli.nats_keys import SERVICE_USERS, ensure_credentials
from cli.output import errors_for_people, examples, json_option, print_json, run
from cli.settings import load_cli_settings
from common.errors import ConfigurationError
from common.nats.provision import ProvisionResult, provision
from common.nats.server_config import ServerConfig, render_server_config


@click.command(
    "provision",
    short_help="Create or update streams and buckets.",
    epilog=examples(
        "odoo-ai provision", "NATS_URL=nats://nats:4222 NATS_NKEY_SEED_FILE=admin.seed odoo-ai provision --replicas 3"
    ),
)
@click.option(
    "--replicas", default=1, show_default=True, type=click.Choice(["1", "3", "5"]), help="Copies of each stream."
)
@json_option
def provision_command(replicas: str, as_json: bool) -> None:
    """Create or update streams, consumers and buckets on the broker. Safe to repeat."""
    result = run(_provision(int(replicas)))
    counts = {name: len(getattr(result, name)) for name in ("created", "updated", "unchanged")}
    if as_json:
        print_json(counts)
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))


async def _provision(replicas: int) -> ProvisionResult:
    async with admin_connection(load_cli_settings(), connect_seconds=30.0) as connection:
        return await provision(connection.nc, replicas=replicas)


def _folder() -> click.Path:
    return click.Path(file_okay=False, path_type=Path)


@click.command(
    "nats-config",
    short_help="Make keys and configuration for a nats-server.",
    epilog=examples("odoo-ai nats-config --keys keys --output nats.conf --store /data/jetstream"),
)
@click.option("--keys", required=True, type=_folder(), help="Folder of the users' keys.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--store", required=True, type=_folder(), help="Where the server stores, as it sees it.")
@click.option("--listen", default="0.0.0.0:4222", show_default=True, help="The server's address.")
@click.option("--monitor", default="0.0.0.0:8222", show_default=True, help="Address of its monitoring; empty: none.")
def nats_config(keys: Path, output: Path, store: Path, listen: str, monitor: str) -> None:
    """Make a key for each user (once) and write the configuration of a nats-server that knows them.

    A user's seed is in <keys>/<user>/<user>.seed; the services read theirs by NATS_NKEY_SEED_FILE.
    """
    with errors_for_people():
        host, port = _address(listen, "--listen")
        monitoring_host, monitoring_port = _address(monitor, "--monitor") if monitor else ("", None)
        credentials = ensure_credentials(keys, SERVICE_USERS)
        config = ServerConfig(
            store_dir=store,
            public_keys={user: each.public_key for user, each in credentials.items()},
            host=host,
            port=port,
            monitoring_host=monitoring_host,
            monitoring_port=monitoring_port,
        )
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(render_server_config(config))
    click.echo(f"wrote {output} with users {', '.join(credentials)}")


def _address(value: str, option: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit():
        raise ConfigurationError(f"{value!r} is not host:port", key=option)
    return host, int(port)
