"""`odoo-ai odoo`: a tenant's Odoo."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import click

from cli.findings import tell
from cli.odoo_check import check_odoo
from cli.output import Failure, errors_for_people, examples, json_option, run
from cli.settings import environment, load_cli_settings
from common.tenant_files import load_tenant_files
from common.tenants import Locale


@click.group()
def odoo() -> None:
    """A tenant's Odoo: what works, what is missing, and how to mend it."""


@odoo.command("check", epilog=examples("odoo-ai odoo check acme", "odoo-ai odoo check acme --language en --json"))
@click.argument("tenant")
@click.option("--language", type=click.Choice(get_args(Locale)), help="Of the answer; the tenant's own by default.")
@json_option
def check(tenant: str, language: Locale | None, as_json: bool) -> None:
    """Say which version answers and how fast, whether the key works and for how long, and which rights and apps lack.

    Reads the tenant's file and asks its Odoo; changes nothing. Exit code 1 when something does not work; warnings do
    not count.
    """
    with errors_for_people():
        settings = load_cli_settings()
        config = load_tenant_files(settings.config_dir, environment()).get(tenant)
    if config is None:
        raise Failure(f"there is no file {settings.config_dir / 'tenants' / tenant}.yaml")
    tell(run(check_odoo(config, language or config.locale, datetime.now(UTC).date())), as_json=as_json)
