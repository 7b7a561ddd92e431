"""`odoo-ai check`: what works, what does not, and how to mend it."""

from __future__ import annotations

import asyncio

import click

from cli.check_installation import check_broker, check_gateway, check_machine, check_tenant_files
from cli.check_tenant import check_tenant
from cli.findings import Finding, tell
from cli.output import errors_for_people, examples, json_option, run
from cli.settings import CliSettings, environment, load_cli_settings


@click.command(
    short_help="Say what works, what does not, how to mend it.",
    epilog=examples("odoo-ai check", "odoo-ai check --tenant acme", "odoo-ai check --json"),
)
@click.option("--tenant", "only", help="Only this tenant's Chatwoot and Odoo.")
@json_option
def check(only: str | None, as_json: bool) -> None:
    """Check this machine, the broker, the services, and each tenant's Chatwoot and Odoo.

    Changes nothing. Exit code 1 when something does not work; warnings do not count.
    """
    with errors_for_people():
        settings = load_cli_settings()
    tell(run(_check(settings, only)), as_json=as_json)


async def _check(settings: CliSettings, only: str | None) -> list[Finding]:
    findings, tenants = check_tenant_files(settings, environment())
    findings += check_machine(settings)
    findings += await check_broker(settings)
    findings += await check_gateway(settings)
    chosen = [config for name, config in tenants.items() if only in (None, name)]
    for found in await asyncio.gather(*(check_tenant(each) for each in chosen)):
        findings += found
    return findings
