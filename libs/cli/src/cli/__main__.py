"""`odoo-ai`: start, check and operate the system."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from cli.output import EXIT_CODES
from cli.settings import read_dotenv

# Loaded when they are used: `odoo-ai up` runs for months and should not carry what `check` and `demo` need.
_COMMANDS = {
    "up": "cli.commands.up:up",
    "demo": "cli.commands.demo:demo",
    "check": "cli.commands.check:check",
    "chatwoot": "cli.commands.chatwoot:chatwoot",
    "odoo": "cli.commands.odoo:odoo",
    "tenant": "cli.commands.tenant:tenant",
    "key": "cli.commands.key:key",
    "dead-letters": "cli.commands.dead_letters:dead_letters",
    "explain": "cli.commands.explain:explain",
    "replay": "cli.commands.replay:replay",
    "erase": "cli.commands.personal_data:erase",
    "export": "cli.commands.personal_data:export",
    "eval": "cli.commands.evaluate:evaluate",
    "reconcile": "cli.commands.reconcile:reconcile",
    "tunnel": "cli.commands.tunnel:tunnel",
    "openapi": "cli.commands.openapi:openapi",
    "provision": "cli.commands.broker:provision_command",
    "nats-config": "cli.commands.broker:nats_config",
}


class _Commands(click.Group):
    """The commands by name, in the order in which one meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them, loaded now."""
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)
@click.version_option(package_name="odoo-ai-cli", prog_name="odoo-ai")
def odoo_ai() -> None:
    """Answers a company's customers in Chatwoot from what is true in its Odoo.

    Settings come from the environment and from .env in this folder; .env.example lists them all.
    """


def main() -> None:
    """The entry point."""
    read_dotenv(Path(".env"))
    odoo_ai()


if __name__ == "__main__":
    main()
