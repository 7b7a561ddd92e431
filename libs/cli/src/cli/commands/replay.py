"""`odoo-ai replay`: a recorded turn run again with what is known and installed now. Sends nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, Final

import click
import orjson
from nats.aio.client import Client

from cli.broker import admin_connection
from cli.output import Failure, examples, json_option, print_json, run
from cli.settings import load_cli_settings
from cli.turn_lookup import turn_by_id
from common.facts import Fact
from common.nats.requests import ask
from common.queries import AnswerQuery
from common.query_answers import Answer
from common.subjects import hub_query
from common.turns import TurnRecorded

_ANSWER_SECONDS: Final = 40.0
_COST_NOISE: Final = 1e-5
_COMPARED: Final = ("outcome", "reason", "hand_off_reason", "responder", "prompt_version", "intent")


@click.command(
    short_help="Run a recorded turn again and show the difference.",
    epilog=examples("odoo-ai replay --turn acme.25.3.17547", "odoo-ai replay --turn acme.25.3.17547 --json"),
)
@click.option("--turn", "turn_id", required=True, help="The turn's id, as `odoo-ai explain` shows it.")
@json_option
def replay(turn_id: str, as_json: bool) -> None:
    """Run a turn again with the current version, knowledge and live values, and show what is different.

    Nothing is sent and nothing is ordered in Odoo. A tenant's model is asked again, which costs what it costs. Personal
    data is not in the record, so a step-up cannot be repeated.
    """
    record, answer = run(_replay(turn_id))
    found = list(differences(record, answer))
    if as_json:
        print_json(
            {
                "same": not found,
                "differences": found,
                "before": record.model_dump(mode="json"),
                "now": answer.model_dump(mode="json", exclude={"state"}),
            }
        )
        return
    click.echo("\n".join(found) if found else "no difference: the same reply, from the same facts")


async def _replay(turn_id: str) -> tuple[TurnRecorded, Answer]:
    async with admin_connection(load_cli_settings()) as connection:
        record = await turn_by_id(connection.nc, turn_id)
        if record is None:
            raise Failure(f"there is no turn {turn_id!r}: records are kept for 90 days")
        return record, await _ask(connection.nc, record)


async def _ask(nc: Client, record: TurnRecorded) -> Answer:
    messages = [each["text"] for each in record.given.get("messages", []) if each.get("text", "").strip()]
    if not messages:
        raise Failure("the record does not hold what was asked: it was written before records did, or nothing was")
    state: dict[str, Any] = {key: record.given[key] for key in ("memory", "history", "summary") if key in record.given}
    query = AnswerQuery(
        tenant=record.tenant,
        question=messages[0],
        more=tuple(messages[1:]),
        state=orjson.dumps(state).decode(),
        at=record.started_at,
    )
    return await ask(nc, hub_query("answer"), query, timeout=_ANSWER_SECONDS, expect=Answer)


def differences(record: TurnRecorded, answer: Answer) -> Iterator[str]:
    """What a turn that was run again does differently, line by line."""
    for name in _COMPARED:
        before, now = getattr(record, name), getattr(answer, name)
        if before != now:
            yield f"{name}: {before or '-'} -> {now or '-'}"
    if record.reply.strip() != answer.answer.strip():
        yield "reply:"
        yield from _diff(record.reply, answer.answer)
    yield from _changed("source", {f"{each.kind} {each.id}" for each in record.sources}, _sources(answer))
    yield from _changed("fact", _facts(record.facts), _facts(answer.facts))
    if abs(record.cost_usd - answer.cost_usd) > _COST_NOISE:
        yield f"cost: {record.cost_usd:.5f} -> {answer.cost_usd:.5f} USD"


def _diff(before: str, now: str) -> Iterator[str]:
    for line in difflib.unified_diff(before.splitlines(), now.splitlines(), lineterm="", n=1):
        if not line.startswith(("---", "+++", "@@")):
            yield f"  {line}"


def _changed(what: str, before: set[str], now: set[str]) -> Iterator[str]:
    yield from (f"{what} no longer there: {each}" for each in sorted(before - now))
    yield from (f"{what} new: {each}" for each in sorted(now - before))


def _sources(answer: Answer) -> set[str]:
    return {f"{each.kind} {each.id}" for each in answer.sources}


def _facts(facts: tuple[Fact, ...]) -> set[str]:
    """Facts that a person can compare: values, not whole texts."""
    return {f"{each.subject} {each.kind} {each.value}" for each in facts if each.kind != "text"}
