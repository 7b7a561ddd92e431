"""`odoo-ai dead-letters`: messages that no consumer could handle."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import click
import orjson

from cli.broker import admin_connection
from cli.output import Failure, examples, json_option, print_json, run, table
from cli.settings import load_cli_settings
from common.nats.dead_letters import DeadLetterEntry, DeadLetters
from common.nats.publisher import Publisher


@click.group("dead-letters", short_help="Messages that could not be handled.")
def dead_letters() -> None:
    """List, show, replay and drop messages that no consumer could handle."""


@asynccontextmanager
async def _opened() -> AsyncIterator[DeadLetters]:
    async with admin_connection(load_cli_settings()) as connection:
        yield DeadLetters(connection.nc, Publisher(connection.nc))


@dead_letters.command(
    "list", epilog=examples("odoo-ai dead-letters list", "odoo-ai dead-letters list --stream CHATWOOT_EVENTS --json")
)
@click.option("--stream", help="Only of this stream, e.g. CHATWOOT_EVENTS.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--after", default=0, help="Start after this number: the next page.")
@json_option
def list_all(stream: str | None, limit: int, after: int, as_json: bool) -> None:
    """List dead letters, oldest first."""
    entries = run(_list(stream, limit, after))
    if as_json:
        print_json([_summary(each) for each in entries])
        return
    columns = ("sequence", "stored_at", "stream", "consumer", "kind", "reason")
    click.echo(table(columns, [[_summary(each)[column] for column in columns] for each in entries]))


async def _list(stream: str | None, limit: int, after: int) -> list[DeadLetterEntry]:
    async with _opened() as letters:
        return await letters.list(stream=stream, limit=limit, after=after)


@dead_letters.command("show", epilog=examples("odoo-ai dead-letters show 17 --json > letter.json"))
@click.argument("sequence", type=int)
@json_option
def show(sequence: int, as_json: bool) -> None:
    """Show a dead letter whole, with its body. It may hold a customer's words."""
    entry = run(_show(sequence))
    if entry is None:
        raise Failure(f"there is no dead letter {sequence}")
    shown = {**_summary(entry), "headers": entry.headers, "body": _body(entry.data)}
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        click.echo(f"{name}: {value}")


async def _show(sequence: int) -> DeadLetterEntry | None:
    async with _opened() as letters:
        return await letters.show(sequence)


@dead_letters.command(
    "replay",
    epilog=examples(
        "odoo-ai dead-letters replay 17",
        "odoo-ai dead-letters replay 17 --body mended.json",
        "odoo-ai dead-letters replay --all --stream CHATWOOT_EVENTS",
    ),
)
@click.argument("sequences", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every dead letter (of --stream, if given).")
@click.option("--stream", help="With --all: only of this stream.")
@click.option("--body", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A mended body for one.")
@json_option
def replay(sequences: tuple[int, ...], everything: bool, stream: str | None, body: Path | None, as_json: bool) -> None:
    """Put messages back where they came in, and drop their dead letters."""
    if bool(sequences) == everything:
        raise click.UsageError("give the numbers of dead letters, or --all")
    if body is not None and len(sequences) != 1:
        raise click.UsageError("--body goes with exactly one dead letter")
    replayed = run(_replay(sequences, stream if everything else None, body.read_bytes() if body else None))
    if as_json:
        print_json({"replayed": replayed})
    else:
        click.echo(f"replayed {len(replayed)}")


async def _replay(sequences: tuple[int, ...], stream: str | None, body: bytes | None) -> list[int]:
    done: list[int] = []
    async with _opened() as letters:
        chosen = sequences or [each.sequence for each in await letters.list(stream=stream, limit=10_000)]
        for sequence in chosen:
            try:
                await letters.replay(sequence, body)
            except LookupError as error:
                raise Failure(f"{error}; replayed before that: {len(done)}") from error
            done.append(sequence)
    return done


@dead_letters.command("drop", epilog=examples("odoo-ai dead-letters drop 17 18"))
@click.argument("sequences", type=int, nargs=-1, required=True)
@json_option
def drop(sequences: tuple[int, ...], as_json: bool) -> None:
    """Delete dead letters for good."""
    dropped = run(_drop(sequences))
    if as_json:
        print_json({"dropped": dropped})
    else:
        click.echo(f"dropped {len(dropped)}")
    if len(dropped) < len(sequences):
        missing = sorted(set(sequences) - set(dropped))
        raise Failure(f"there is no dead letter {', '.join(map(str, missing))}")


async def _drop(sequences: tuple[int, ...]) -> list[int]:
    async with _opened() as letters:
        return [each for each in sequences if await letters.drop(each)]


def _summary(entry: DeadLetterEntry) -> dict[str, Any]:
    return {
        "sequence": entry.sequence,
        "stored_at": entry.stored_at.isoformat(timespec="seconds"),
        "stream": entry.stream,
        "consumer": entry.consumer,
        "subject": entry.input_subject,
        "original_sequence": entry.original_sequence,
        "attempts": entry.attempts,
        "kind": entry.kind,
        "reason": entry.reason,
    }


def _body(data: bytes) -> object:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return data.decode(errors="backslashreplace")
