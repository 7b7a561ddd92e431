"""`odoo-ai key`: the API keys of the Odoo module and other callers of /api/v1."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import click
from nats.aio.client import Client

from cli.broker import admin_connection
from cli.output import Failure, errors_for_people, examples, json_option, print_json, run, table
from cli.settings import CliSettings, load_cli_settings
from common.errors import ConfigurationError
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_TENANTS
from odoo_api.api_keys import (
    ALL_SCOPES,
    BUCKET,
    ApiKey,
    CreatedKey,
    create_key,
    import_key,
    list_keys,
    revoke_key,
)


@click.group()
def key() -> None:
    """Create, list and revoke API keys."""


@key.command(
    "create",
    epilog=examples(
        'odoo-ai key create acme --name "Odoo production"', "odoo-ai key create acme --scope knowledge:read --json"
    ),
)
@click.argument("tenant")
@click.option("--name", default="", help="What the key is for, e.g. the Odoo database.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(ALL_SCOPES), help="Only this; default: all.")
@json_option
def create(tenant: str, name: str, scopes: tuple[Any, ...], as_json: bool) -> None:
    """Make a key for a tenant and print it, this once.

    A tenant has at most two live keys: make the second, put it into use, revoke the first.
    """
    created = run(_create(_settings(), tenant, name, scopes or ALL_SCOPES))
    if as_json:
        print_json({"key": created.key, **_shown(created.record)})
        return
    click.echo(created.key)
    click.echo("Keep it: it is not stored and cannot be shown again.", err=True)


async def _create(settings: CliSettings, tenant: str, name: str, scopes: tuple[Any, ...]) -> CreatedKey:
    async with admin_connection(settings) as connection:
        await _check_tenant(connection.nc, tenant)
        return await create_key(Bucket(connection.nc, BUCKET), tenant, now=_now(), name=name, scopes=scopes)


@key.command("import", epilog=examples("odoo-ai key import acme < token.txt"))
@click.argument("tenant")
@click.option("--name", default="", help="What the token is for, e.g. the Odoo database.")
@json_option
def import_token(tenant: str, name: str, as_json: bool) -> None:
    """Accept the token that an Odoo module of the unified server has already.

    The token is read from standard input, so that it stands in no command line. It opens the paths of the old modules
    only. Better, where the module's token can be edited: put a key of `odoo-ai key create` there.
    """
    token = sys.stdin.readline().strip()
    record = run(_import(_settings(), tenant, token, name))
    if as_json:
        print_json(_shown(record))
    else:
        click.echo(f"imported {record.key_id}")


async def _import(settings: CliSettings, tenant: str, token: str, name: str) -> ApiKey:
    async with admin_connection(settings) as connection:
        await _check_tenant(connection.nc, tenant)
        return await import_key(Bucket(connection.nc, BUCKET), tenant, token, now=_now(), name=name)


async def _check_tenant(nc: Client, tenant: str) -> None:
    if await Bucket(nc, BUCKET_TENANTS).get(tenant) is None:
        raise ConfigurationError(f"there is no tenant {tenant!r}: write its file, then `odoo-ai tenant apply`")


@key.command("list", epilog=examples("odoo-ai key list acme"))
@click.argument("tenant", required=False)
@json_option
def list_all(tenant: str | None, as_json: bool) -> None:
    """List the keys of a tenant, or of all: never the keys themselves."""
    records = [_shown(each) for each in run(_list(_settings(), tenant))]
    if as_json:
        print_json(records)
        return
    columns = ("key_id", "tenant", "name", "created_at", "last_used_at", "state")
    click.echo(table(columns, [[each[column] or "" for column in columns] for each in records]))


async def _list(settings: CliSettings, tenant: str | None) -> list[ApiKey]:
    async with admin_connection(settings) as connection:
        return await list_keys(Bucket(connection.nc, BUCKET), tenant)


@key.command("revoke", epilog=examples("odoo-ai key revoke acme 4fGh7KqLzX"))
@click.argument("tenant")
@click.argument("key_id")
@json_option
def revoke(tenant: str, key_id: str, as_json: bool) -> None:
    """Revoke a key by its id, as `key list` shows it. It stops working within seconds."""
    record = run(_revoke(_settings(), tenant, key_id))
    if record is None:
        raise Failure(f"tenant {tenant!r} has no key {key_id!r}")
    if as_json:
        print_json(_shown(record))
    else:
        click.echo(f"revoked {record.key_id}")


async def _revoke(settings: CliSettings, tenant: str, key_id: str) -> ApiKey | None:
    async with admin_connection(settings) as connection:
        return await revoke_key(Bucket(connection.nc, BUCKET), tenant, key_id, now=_now())


def _shown(record: ApiKey) -> dict[str, Any]:
    shown = record.model_dump(mode="json", exclude={"key_hash"})
    return {**shown, "state": "revoked" if record.revoked_at else "live"}


def _settings() -> CliSettings:
    with errors_for_people():
        return load_cli_settings()


def _now() -> datetime:
    return datetime.now(UTC)
