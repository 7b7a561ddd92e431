"""How commands speak: text for people, `--json` for programs, and exit codes that mean something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

import click
import orjson

from common.errors import ConfigurationError, OdooAiError
from common.logs import configure_logs

T = TypeVar("T")

OK, FAILED, MISCONFIGURED = 0, 1, 2

EXIT_CODES = "Exit codes: 0 done, 1 failed, 2 wrong usage, settings or files (nothing was changed)."

json_option: Callable[[Any], Any] = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


class Failure(click.ClickException):
    """The command did not do what it was asked."""

    exit_code = FAILED


class Misconfigured(click.ClickException):
    """Something must be set or mended first."""

    exit_code = MISCONFIGURED


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work, and turn the errors that are meant for people into messages and exit codes."""
    quiet()
    with errors_for_people():
        return asyncio.run(work)


def quiet() -> None:
    """A command prints its result; what it would log on the way is of no use to whoever reads that."""
    configure_logs("odoo-ai", None, "CRITICAL", stdout=False)


class errors_for_people:
    """Turns our own errors into messages and exit codes."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Map our errors; all others are faults and keep their traceback."""
        if isinstance(error, ConfigurationError):
            raise Misconfigured(str(error)) from error
        if isinstance(error, OdooAiError):
            raise Failure(str(error)) from error


def examples(*lines: str) -> str:
    """The end of a command's help."""
    return "\b\n" + "\n".join(["Examples:" if len(lines) > 1 else "Example:", *(f"  {line}" for line in lines)])


def print_json(data: object) -> None:
    """Print a result for programs."""
    click.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2, default=str).decode())


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows under headings, in columns."""
    cells = [list(headings), *([str(each) for each in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )
