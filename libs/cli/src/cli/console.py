"""What a person sees while processes run: short lines, or with `--verbose` every log line of every process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import click

from cli.process_logs import LineSink


@dataclass(frozen=True)
class Console:
    """Where a running stack reports to."""

    say: Callable[[str], None] = click.echo
    verbose: bool = False

    @property
    def echo(self) -> LineSink | None:
        """Shows log lines, when they are wanted."""
        if not self.verbose:
            return None
        return lambda line: self.say(line.decode(errors="backslashreplace"))
