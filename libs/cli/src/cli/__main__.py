"""`odoo-ai`: start, check and operate the system."""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands.broker import nats_config, provision_command
from cli.commands.check import check
from cli.commands.dead_letters import dead_letters
from cli.commands.demo import demo
from cli.commands.key import key
from cli.commands.openapi import openapi
from cli.commands.tenant import tenant
from cli.commands.tunnel import tunnel
from cli.commands.up import up
from cli.output import EXIT_CODES
from cli.settings import read_dotenv


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EXIT_CODES)
@click.version_option(package_name="odoo-ai-cli", prog_name="odoo-ai")
def odoo_ai() -> None:
    """Answers a company's customers in Chatwoot from what is true in its Odoo.

    Settings come from the environment and from .env in this folder; .env.example lists them all.
    """


for command in (up, demo, check, tenant, key, dead_letters, provision_command, tunnel, openapi, nats_config):
    odoo_ai.add_command(command)


def main() -> None:
    """The entry point."""
    read_dotenv(Path(".env"))
    odoo_ai()


if __name__ == "__main__":
    main()
