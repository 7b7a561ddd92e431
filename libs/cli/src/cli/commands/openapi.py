"""`odoo-ai openapi`: the HTTP API as a document."""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from cli.output import errors_for_people, examples
from odoo_api.app import api_document


@click.command(
    short_help="Print the OpenAPI document of /api/v1.",
    epilog=examples("odoo-ai openapi", "odoo-ai openapi --output openapi.json"),
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def openapi(output: Path | None) -> None:
    """Print the OpenAPI 3.1 document of /api/v1; nothing needs to run."""
    with errors_for_people():
        document = orjson.dumps(api_document(), option=orjson.OPT_INDENT_2).decode()
    if output is None:
        click.echo(document)
    else:
        output.write_text(document + "\n")
