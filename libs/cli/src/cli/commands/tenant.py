"""`odoo-ai tenant`: the companies this system works for."""

from __future__ import annotations

from typing import Any

import click
from pydantic import SecretStr

from cli.broker import admin_connection
from cli.output import Failure, errors_for_people, examples, json_option, print_json, run, table
from cli.settings import CliSettings, environment, load_cli_settings
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_TENANTS
from common.tenant_directory import ApplyResult, apply_tenants
from common.tenant_files import load_tenant_files
from common.tenants import TenantConfig, TenantProfile


@click.group()
def tenant() -> None:
    """List, apply and show tenants."""


@tenant.command("apply", epilog=examples("odoo-ai tenant apply", "odoo-ai tenant apply --prune --json"))
@click.option("--prune", is_flag=True, help="Also remove tenants that have no file any more.")
@json_option
def apply(prune: bool, as_json: bool) -> None:
    """Validate every file in $ODOO_AI_CONFIG/tenants, then make them take effect, without a restart.

    One wrong file changes nothing; the message names the file and the key.
    """
    with errors_for_people():
        settings = load_cli_settings()
        configs = load_tenant_files(settings.config_dir, environment())
    result = run(_apply(settings, configs, prune=prune))
    if as_json:
        print_json({name: list(getattr(result, name)) for name in ("created", "updated", "unchanged", "removed")})
        return
    for name in ("created", "updated", "unchanged", "removed"):
        tenants = getattr(result, name)
        if tenants:
            click.echo(f"{name}: {', '.join(tenants)}")
    if not configs:
        click.echo(f"no tenant files in {settings.config_dir / 'tenants'}")


async def _apply(settings: CliSettings, configs: dict[str, TenantConfig], *, prune: bool) -> ApplyResult:
    async with admin_connection(settings) as connection:
        return await apply_tenants(connection.nc, configs, prune=prune)


@tenant.command("list", epilog=examples("odoo-ai tenant list"))
@json_option
def list_tenants(as_json: bool) -> None:
    """List the tenants that are in effect, and the files that are not."""
    with errors_for_people():
        settings = load_cli_settings()
        files = {path.stem for path in (settings.config_dir / "tenants").glob("*.yaml")}
    applied = run(_profiles(settings))
    rows = [_row(each, has_file=each.tenant in files) for each in applied]
    rows += [{"tenant": name, "state": "not applied"} for name in sorted(files - {each.tenant for each in applied})]
    if as_json:
        print_json(rows)
        return
    columns = ("tenant", "state", "locale", "account", "inboxes", "odoo", "model")
    click.echo(table(columns, [[each.get(column, "") for column in columns] for each in rows]))


async def _profiles(settings: CliSettings) -> list[TenantProfile]:
    async with admin_connection(settings) as connection:
        entries = await Bucket(connection.nc, BUCKET_TENANTS).entries()
    return [TenantProfile.model_validate_json(entries[name].value) for name in sorted(entries)]


def _row(profile: TenantProfile, *, has_file: bool) -> dict[str, Any]:
    model = profile.assistant.model
    return {
        "tenant": profile.tenant,
        "state": "applied" if has_file else "applied, no file",
        "locale": profile.locale,
        "account": profile.chatwoot_account_id,
        "inboxes": ", ".join(map(str, profile.chatwoot_inbox_ids)) or "all",
        "odoo": "yes" if profile.has_odoo else "no",
        "model": model if isinstance(model, str) else " > ".join(model),
    }


@tenant.command("show", epilog=examples("odoo-ai tenant show acme"))
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show a tenant's file as it was understood, without its secrets."""
    with errors_for_people():
        settings = load_cli_settings()
        config = load_tenant_files(settings.config_dir, environment()).get(name)
    if config is None:
        raise Failure(f"there is no file {settings.config_dir / 'tenants' / name}.yaml")
    shown = without_secrets(config.model_dump())
    if as_json:
        print_json(shown)
    else:
        click.echo("\n".join(_lines(shown)))


def without_secrets(value: Any) -> Any:
    """The same structure with every secret replaced by `(set)`."""
    if isinstance(value, dict):
        return {key: without_secrets(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_secrets(each) for each in value]
    if isinstance(value, SecretStr):
        return "(set)"
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def _lines(value: dict[str, Any], indent: str = "") -> list[str]:
    lines: list[str] = []
    for key, each in value.items():
        if isinstance(each, dict):
            lines += [f"{indent}{key}:", *_lines(each, indent + "  ")]
        else:
            lines.append(f"{indent}{key}: {'' if each is None else each}".rstrip())
    return lines
