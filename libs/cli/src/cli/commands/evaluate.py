"""`odoo-ai eval`: how well the assistant answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final, get_args

import click

from cli.broker import admin_connection
from cli.evaluation.conversations import measure_conversations, measure_questions
from cli.evaluation.gate import measure_gate
from cli.evaluation.measures import SPLITS, Failed, Measure, Run, Split
from cli.evaluation.report import failures, keep, last_run, shown
from cli.evaluation.retrieval import measure_products, measure_rules
from cli.evaluation.running_system import RunningSystem
from cli.evaluation.sample_company import SampleCompany
from cli.evaluation.script import ConversationSuite, parse_suite, read_suite
from cli.evaluation.suite_files import single_questions, suite_text
from cli.output import FAILED, Misconfigured, errors_for_people, examples, json_option, print_json, run
from cli.settings import CliSettings, load_cli_settings
from common.errors import ConfigurationError
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_TENANTS
from common.tenants import TenantProfile

SAMPLE: Final = "sample"
_SUITES: Final = ("rules", "products", "gate", "conversations", "questions")


@click.command(
    "eval",
    short_help="Measure how well the assistant answers.",
    epilog=examples(
        "odoo-ai eval",
        "odoo-ai eval --only conversations --failures dev",
        "odoo-ai eval acme",
        "odoo-ai eval acme my.yaml",
    ),
)
@click.argument("tenant", required=False)
@click.argument("suite", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--only", type=click.Choice(_SUITES), multiple=True, help="Of the shipped suites, only these.")
@click.option("--failures", "show", type=click.Choice(get_args(Split)), multiple=True, help="List what went wrong.")
@json_option
def evaluate(
    tenant: str | None, suite: Path | None, only: tuple[str, ...], show: tuple[str, ...], as_json: bool
) -> None:
    """Measure answers, print a table, compare with the last run.

    Without TENANT the shipped suites are run on the sample company, in this process: retrieval, truth gate,
    conversations with the built-in responder. With TENANT the running system is asked, with that tenant's knowledge
    and model: SUITE is a file of conversations, by default $ODOO_AI_CONFIG/eval/TENANT.yaml. Nothing is sent to
    anybody. Exit code 1 when an aim is missed.
    """
    if tenant and only:
        raise click.UsageError("--only chooses among the shipped suites; with a tenant give a suite file")
    with errors_for_people():
        settings = load_cli_settings()
    result = run(_of_tenant(settings, tenant, suite) if tenant else _of_sample(only or _SUITES))
    folder = settings.data_dir / "eval"
    last = last_run(folder, result.what)
    keep(folder, result)
    _print(result, last, show or (SPLITS if tenant else ()), as_json=as_json)
    if not result.passed:
        raise SystemExit(FAILED)


def _print(result: Run, last: Run | None, show: tuple[str, ...], *, as_json: bool) -> None:
    listed = [each for each in result.failed if each.split in show]
    if as_json:
        print_json({**result.model_copy(update={"failed": tuple(listed)}).model_dump(mode="json"), "ok": result.passed})
        return
    click.echo(shown(result, last))
    if listed:
        click.echo(f"\n{failures(listed)}")


async def _of_sample(suites: tuple[str, ...]) -> Run:
    measures: list[Measure] = []
    failed: list[Failed] = []
    for name in suites:
        found, wrong = await _shipped(name)
        measures += found
        failed += wrong
    return Run(at=datetime.now(UTC), what=SAMPLE, measures=tuple(measures), failed=tuple(failed))


async def _shipped(name: str) -> tuple[list[Measure], list[Failed]]:
    if name == "rules":
        return measure_rules()
    if name == "products":
        return measure_products()
    if name == "gate":
        return measure_gate()
    if name == "questions":
        return await measure_questions(SampleCompany(), single_questions())
    return await measure_conversations(SampleCompany(), _shipped_conversations())


def _shipped_conversations() -> list[ConversationSuite]:
    names = (f"conversations/{split}.yaml" for split in SPLITS)
    return [parse_suite(suite_text(name), name) for name in names]


async def _of_tenant(settings: CliSettings, tenant: str, suite: Path | None) -> Run:
    file = suite or settings.config_dir / "eval" / f"{tenant}.yaml"
    if not file.exists():
        raise Misconfigured(f"there is no suite {file}: name one, or write it (docs/evaluation.md)")
    script = read_suite(file)
    async with admin_connection(settings) as connection:
        entry = await Bucket(connection.nc, BUCKET_TENANTS).get(tenant)
        if entry is None:
            raise ConfigurationError(f"no tenant {tenant!r} is applied; `odoo-ai tenant list` shows which are")
        system = RunningSystem(connection.nc, TenantProfile.model_validate_json(entry.value))
        measures, failed = await measure_conversations(system, [script])
    return Run(at=datetime.now(UTC), what=tenant, measures=tuple(measures), failed=tuple(failed))
