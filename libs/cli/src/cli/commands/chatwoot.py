"""`odoo-ai chatwoot`: Chatwoot's side of a tenant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cli.chatwoot_admin import ChatwootAdmin
from cli.chatwoot_setup.setup import BOT_KEY, SIGNING_KEY, Setup, Wanted
from cli.chatwoot_setup.steps import Outcome, State, Step, Subject
from cli.chatwoot_setup.texts import LOCALES, closing, locale_of, said, state_word
from cli.env_file import write_variables
from cli.output import FAILED, errors_for_people, examples, json_option, print_json, run
from cli.settings import environment, load_cli_settings
from common.errors import ConfigurationError
from common.tenant_files import Draft, load_draft
from common.tenants import Locale

_SUBJECTS: dict[str, Subject] = {BOT_KEY: "token", SIGNING_KEY: "secret"}
# Where the bot's secret may stand, the most particular place first.
_PLACES = {
    BOT_KEY: (BOT_KEY,),
    SIGNING_KEY: tuple(f"{SIGNING_KEY}{place}" for place in (".agent_bot", ".agent_bot.0", "", ".0", ".any", ".any.0")),
}


@click.group()
def chatwoot() -> None:
    """Set up Chatwoot's side of a tenant."""


@chatwoot.command(
    short_help="Create or repair bot, inbox link, webhook address and secret.",
    epilog=examples(
        "odoo-ai chatwoot setup acme --url https://assistant.example.com --write-env .env",
        "odoo-ai chatwoot setup acme --dry-run",
        "odoo-ai chatwoot setup acme --inbox 3 --replace-bot --json",
    ),
)
@click.argument("tenant")
@click.option("--url", help="The public address of this system (or PUBLIC_URL); else where the bot sends to already.")
@click.option("--inbox", "inboxes", type=int, multiple=True, help="Connect this inbox; else chatwoot.inbox_ids.")
@click.option("--bot-name", help="The name of a new bot; else the assistant's.")
@click.option("--replace-bot", is_flag=True, help="Take an inbox from another bot.")
@click.option(
    "--write-env",
    "env_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the bot's token and secret into this file, under the variables that the tenant file names.",
)
@click.option("--dry-run", is_flag=True, help="Only look and say what would be done.")
@click.option("--lang", type=click.Choice(LOCALES), help="Speak this language; else the tenant's.")
@json_option
def setup(tenant: str, lang: Locale | None, env_file: Path | None, as_json: bool, **options: Any) -> None:
    """Create or repair what TENANT needs in its Chatwoot, as the administrator whose token is chatwoot.user_token.

    Every change is read back. Running it again changes nothing. Tokens and secrets are never shown: with --write-env
    they go into a file that only its owner can read. Exit code 1 when something could not be done.
    """
    with errors_for_people():
        settings = load_cli_settings()
        draft = _draft(settings.config_dir / "tenants" / f"{tenant}.yaml")
        wanted = _wanted(draft, settings.public_url, options)
    locale = lang or _locale(draft)
    outcome = run(_set_up(wanted))
    with errors_for_people():
        outcome = _with_secrets(outcome, draft, env_file, rehearsal=wanted.rehearsal)
    if as_json:
        print_json(_for_programs(outcome, locale))
    else:
        _print(outcome, locale, rehearsal=wanted.rehearsal)
    if not outcome.ok:
        raise SystemExit(FAILED)


def _locale(draft: Draft) -> Locale:
    """The tenant's language; LANG counts when its file names none."""
    named = "locale" in draft.config.model_fields_set
    return draft.config.locale if named else locale_of(environment().get("LANG", "")) or draft.config.locale


def _draft(path: Path) -> Draft:
    if not path.is_file():
        raise ConfigurationError(
            "is not there: write it first, config/tenants/acme.yaml.example shows how", file=str(path)
        )
    return load_draft(path, environment(), may_be_missing=(BOT_KEY, SIGNING_KEY))


def _wanted(draft: Draft, public_url: str | None, options: dict[str, Any]) -> Wanted:
    config = draft.config
    return Wanted(
        tenant=config.tenant,
        connection=config.chatwoot,
        missing=draft.missing,
        public_url=options["url"] or public_url,
        inbox_ids=options["inboxes"] or config.chatwoot.inbox_ids,
        bot_name=options["bot_name"] or f"{config.assistant.name} ({config.tenant})",
        replace_bot=options["replace_bot"],
        rehearsal=options["dry_run"],
    )


async def _set_up(wanted: Wanted) -> Outcome:
    async with ChatwootAdmin(wanted.connection) as admin:
        return await Setup(admin, wanted).run()


def _with_secrets(outcome: Outcome, draft: Draft, env_file: Path | None, *, rehearsal: bool) -> Outcome:
    """Write down what the tenant file does not know, if it was said where."""
    steps = list(outcome.steps)
    for key, value in outcome.unknown_secrets.items():
        variable = next((draft.variables[each] for each in _PLACES[key] if each in draft.variables), None)
        steps.append(_kept(key, value, variable, env_file, rehearsal=rehearsal))
    return replace(outcome, steps=tuple(steps))


def _kept(key: str, value: str, variable: str | None, env_file: Path | None, *, rehearsal: bool) -> Step:
    subject = _SUBJECTS[key]
    if variable is None:
        return Step(subject, "failed", f"{subject}_nowhere")
    if env_file is None or rehearsal:
        unwritten: State = "would_repair" if rehearsal else "failed"
        return Step(subject, unwritten, f"{subject}_unwritten")
    values = {"file": str(env_file), "variable": variable}
    if write_variables(env_file, {variable: value}):
        return Step(subject, "repaired", f"{subject}_written", values)
    return Step(subject, "warning", f"{subject}_as_written", values)


def _for_programs(outcome: Outcome, locale: Locale) -> dict[str, Any]:
    steps = [(each, *said(each, locale)) for each in outcome.steps]
    return {
        "ok": outcome.ok,
        "changed": outcome.changed,
        "steps": [
            {"subject": each.subject, "state": each.state, "reason": each.key, "detail": detail, "mend": mend}
            for each, detail, mend in steps
        ],
    }


def _print(outcome: Outcome, locale: Locale, *, rehearsal: bool) -> None:
    words = [state_word(each, locale) for each in outcome.steps]
    width = max(map(len, words), default=0)
    for each, word in zip(outcome.steps, words, strict=True):
        detail, mend = said(each, locale)
        click.echo(f"{word.ljust(width)}  {detail}" + (f"\n{' ' * width}  -> {mend}" if mend else ""))
    key = "rehearsal" if rehearsal else "done" if outcome.changed else "nothing"
    click.echo("\n" + closing(key if outcome.ok else "unfinished", locale))
