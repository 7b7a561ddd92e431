"""`odoo-ai explain`: why the assistant said what it said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from cli.broker import admin_connection
from cli.output import Failure, examples, json_option, print_json, run
from cli.settings import load_cli_settings
from cli.turn_lookup import turn_by_id, turn_of_message
from common.facts import ToolUse
from common.turns import TurnRecorded


@click.command(
    short_help="Why the assistant said what it said.",
    epilog=examples(
        "odoo-ai explain acme 17547",
        "odoo-ai explain acme 17547 --conversation 25",
        "odoo-ai explain acme 17547 --json",
    ),
)
@click.argument("tenant")
@click.argument("message")
@click.option("--conversation", type=int, help="Chatwoot's number of the conversation: much quicker.")
@json_option
def explain(tenant: str, message: str, conversation: int | None, as_json: bool) -> None:
    """Explain the turn of a message: the question, what was read, what was checked, and the reply.

    MESSAGE is Chatwoot's id of the customer's message or of the assistant's, or the id of a turn. Personal data is not
    in the record.
    """
    record = run(_find(tenant, message, conversation))
    if record is None:
        raise Failure(
            f"no turn of {tenant} knows {message}: records are kept for 90 days, and a message that waits has none yet"
        )
    if as_json:
        print_json(record.model_dump(mode="json"))
    else:
        click.echo("\n".join(lines_of(record)))


async def _find(tenant: str, message: str, conversation: int | None) -> TurnRecorded | None:
    async with admin_connection(load_cli_settings()) as connection:
        if message.isdigit():
            return await turn_of_message(connection.nc, tenant, int(message), conversation)
        return await turn_by_id(connection.nc, message)


def lines_of(record: TurnRecorded) -> Iterator[str]:
    """The record for people to read."""
    took = (record.finished_at - record.started_at).total_seconds()
    yield f"turn         {record.turn_id}"
    yield f"conversation {record.conversation_id}, messages {', '.join(map(str, record.message_ids))}"
    yield f"when         {record.started_at:%Y-%m-%d %H:%M:%S} UTC, {took:.1f} s"
    yield f"outcome      {record.outcome} ({record.reason})" + _because(record.hand_off_reason)
    yield f"answered by  {record.responder}" + (f", {_how(record)}" if record.prompt_version else "")
    if record.why_not_model:
        yield f"no model     {record.why_not_model}"
    if record.input_tokens or record.output_tokens:
        cached = f" ({record.cached_tokens} from cache)" if record.cached_tokens else ""
        yield f"tokens       {record.input_tokens} in{cached}, {record.output_tokens} out, {record.cost_usd:.5f} USD"
    yield from _section("question", record.question.splitlines())
    yield from _section("reply", record.reply.splitlines())
    yield from _section("sources", (f"{each.kind} {each.id}: {each.title}" for each in record.sources))
    yield from _section("tools", map(_tool, record.tools))
    yield from _section(
        "verdicts",
        (
            f"{'passed ' if each.passed else 'REFUSED'} {each.kind} {each.claim!r}: {each.fact_subject or each.why}"
            for each in record.verdicts
        ),
    )
    yield from _section(
        "facts",
        (
            f"{each.read_at:%H:%M:%S} {each.source:<9} {each.subject}: {each.kind} {_short(each.value)}"
            + (f" {each.currency}" if each.currency else "")
            for each in record.facts
        ),
    )


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield title
        yield from (f"  {line}" for line in found)


def _because(reason: str | None) -> str:
    return f", handed off: {reason}" if reason else ""


def _how(record: TurnRecorded) -> str:
    sure = f", confidence {record.confidence:.2f}" if record.confidence is not None else ""
    return f"prompt {record.prompt_version}, intent {record.intent}{sure}"


def _tool(use: ToolUse) -> str:
    shown = ", ".join(f"{key}={value}" for key, value in use.arguments.items())
    return f"{use.name}({shown}): {use.outcome}, {use.seconds:.2f} s"


def _short(value: str) -> str:
    one_line = " ".join(value.split())
    return one_line if len(one_line) <= 100 else f"{one_line[:100]}…"
