"""`odoo-ai reconcile`: look in Chatwoot for what no webhook told, now."""

from __future__ import annotations

import asyncio

import click
from nats.aio.client import Client

from cli.broker import admin_connection
from cli.output import Failure, examples, json_option, print_json, run, table
from cli.settings import load_cli_settings
from common.errors import ConfigurationError, QueryFailed
from common.nats.bucket import Bucket
from common.nats.requests import ask
from common.nats.topology import BUCKET_TENANTS
from common.queries import ReconcileQuery
from common.query_answers import SweepReport
from common.subjects import webhook_query

_ANSWER_SECONDS = 60.0
_NOBODY_YET_SECONDS = 20.0
_AGAIN_SECONDS = 1.0
_COLUMNS = ("tenant", "state", "listed", "looked_at", "left", "requests", "found")
_WHY = {
    "no_user_token": "no user_token: set chatwoot.user_token to the access token of a user (Profile settings)",
    "off": "chatwoot.reconcile_seconds is 0",
}


@click.command(epilog=examples("odoo-ai reconcile", "odoo-ai reconcile acme --json"))
@click.argument("tenant", required=False)
@json_option
def reconcile(tenant: str | None, as_json: bool) -> None:
    """Look in Chatwoot for what no webhook told: of one tenant, or of all.

    The running webhook service does it, as it does by itself every minute. What it finds is answered as if it had
    come by webhook, if it is not too late.
    """
    reports = run(_reconcile(tenant))
    if as_json:
        print_json([each.model_dump(mode="json") for each in reports])
    else:
        click.echo(table(_COLUMNS, [_row(each) for each in reports]))
    troubles = [f"{each.tenant}: {each.reason or _WHY[each.state]}" for each in reports if _failed(each)]
    if troubles:
        raise Failure("; ".join(troubles))


async def _reconcile(tenant: str | None) -> list[SweepReport]:
    async with admin_connection(load_cli_settings()) as connection:
        known = await Bucket(connection.nc, BUCKET_TENANTS).keys()
        if tenant is not None and tenant not in known:
            raise ConfigurationError(f"there is no tenant {tenant!r}: write its file, then `odoo-ai tenant apply`")
        return [await _ask(connection.nc, each) for each in ([tenant] if tenant else known)]


async def _ask(nc: Client, tenant: str) -> SweepReport:
    """Ask the one process that sweeps; after a restart it takes some seconds until there is one."""
    for left in range(round(_NOBODY_YET_SECONDS / _AGAIN_SECONDS), -1, -1):
        try:
            query = ReconcileQuery(tenant=tenant)
            return await ask(nc, webhook_query("reconcile"), query, timeout=_ANSWER_SECONDS, expect=SweepReport)
        except QueryFailed as error:
            if error.code != "unavailable" or not left:
                raise
        await asyncio.sleep(_AGAIN_SECONDS)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _failed(report: SweepReport) -> bool:
    return report.state == "failed" or report.state in _WHY


def _row(report: SweepReport) -> list[object]:
    found = ", ".join(f"{count} {kind}" for kind, count in sorted(report.found.items())) or "nothing"
    shown = report.model_dump() | {"found": found}
    return [shown[column] for column in _COLUMNS]
