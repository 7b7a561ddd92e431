"""`odoo-ai erase` and `odoo-ai export`: a customer's rights to their data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from cli.broker import admin_connection
from cli.contact_data import Holdings, Wanted, find_holdings
from cli.erasure import erase as erase_data
from cli.output import Failure, examples, json_option, print_json, run
from cli.settings import load_cli_settings
from common.errors import ConfigurationError
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_TENANTS


def _wanted(_: click.Context, __: click.Parameter, value: str) -> Wanted:
    try:
        return Wanted.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


_contact = click.option(
    "--contact",
    required=True,
    callback=_wanted,
    help="Chatwoot's contact id, the phone with + and country code, or the e-mail address.",
)


@click.command(
    short_help="Erase a customer's data.",
    epilog=examples("odoo-ai erase acme --contact +5511912345678", "odoo-ai erase acme --contact 712 --yes --json"),
)
@click.argument("tenant")
@_contact
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def erase(tenant: str, contact: Wanted, yes: bool, as_json: bool) -> None:
    """Erase what is held of a customer: events, commands, records, timers, states, identity, orders under way.

    A receipt is printed and kept in the data folder. Delete the contact in Chatwoot first. What remains of the
    conversations is ids of messages, without which old messages would be answered again.
    """
    held = run(_find(tenant, contact))
    if not held.counts:
        raise Failure(f"nothing is held of this contact of {tenant}")
    if not yes:
        click.echo(f"{sum(held.counts.values())} records of {len(held.conversations)} conversations", err=True)
        click.confirm("Erase them for good?", abort=True, err=True)
    receipt = run(_erase(tenant, contact))
    kept = _keep(receipt)
    if as_json:
        print_json({**receipt, "receipt": str(kept)})
    else:
        for place, count in receipt["erased"].items():
            click.echo(f"{place}: {count}")
        click.echo(f"receipt: {kept}")
        click.echo("not held here, or not by us:\n" + "\n".join(f"  {each}" for each in receipt["not_held_here"]))
    if not receipt["complete"]:
        raise Failure("something came in meanwhile and is left: delete the contact in Chatwoot, then run it again")


@click.command(
    short_help="Show all that is held of a customer.",
    epilog=examples("odoo-ai export acme --contact maria@example.com --output maria.json"),
)
@click.argument("tenant")
@_contact
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file that only you can read."
)
def export(tenant: str, contact: Wanted, output: Path | None) -> None:
    """Print everything that is held of a customer, as JSON."""
    held = run(_find(tenant, contact))
    if not held.counts:
        raise Failure(f"nothing is held of this contact of {tenant}")
    shown = _exported(held)
    if output is None:
        print_json(shown)
        return
    output.touch(mode=0o600)
    output.chmod(0o600)
    output.write_bytes(orjson.dumps(shown, option=orjson.OPT_INDENT_2, default=str))
    click.echo(f"wrote {output}")


def _exported(held: Holdings) -> dict[str, Any]:
    return {
        "tenant": held.tenant,
        "contact_ids": sorted(held.contact_ids),
        "conversations": sorted(held.conversations),
        "streams": {
            stream: [{"sequence": sequence, "body": body} for sequence, _, body in rows]
            for stream, rows in held.messages.items()
        },
        "buckets": held.keys,
    }


async def _find(tenant: str, contact: Wanted) -> Holdings:
    async with admin_connection(load_cli_settings()) as connection:
        if tenant not in await Bucket(connection.nc, BUCKET_TENANTS).keys():
            raise ConfigurationError(f"there is no tenant {tenant!r}")
        return await find_holdings(connection.nc, tenant, contact)


async def _erase(tenant: str, contact: Wanted) -> dict[str, Any]:
    async with admin_connection(load_cli_settings()) as connection:
        return await erase_data(connection.nc, tenant, contact, datetime.now(UTC))


def _keep(receipt: dict[str, Any]) -> Path:
    """Write the receipt into the data folder."""
    folder = load_cli_settings().data_dir / "receipts"
    folder.mkdir(parents=True, exist_ok=True)
    moment = receipt["erased_at"].replace(":", "").replace("-", "").partition("+")[0]
    file = folder / f"{receipt['tenant']}-{moment}-{receipt['contact_sha256'][:8]}.json"
    file.write_bytes(orjson.dumps(receipt, option=orjson.OPT_INDENT_2))
    return file
