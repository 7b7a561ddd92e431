"""What a check found: what works, what does not, and how to mend it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import click

from cli.output import FAILED, print_json
from common.errors import OdooAiError

Status = Literal["ok", "warning", "failed"]


@dataclass(frozen=True)
class Finding:
    """The outcome of one check. `mend` says what to do; it is empty when all is well."""

    subject: str
    status: Status
    detail: str
    mend: str = ""

    def shown(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)

    def __str__(self) -> str:
        sign = {"ok": "ok     ", "warning": "warning", "failed": "FAILED "}[self.status]
        mend = f"\n         -> {self.mend}" if self.mend else ""
        return f"{sign}  {self.subject}: {self.detail}{mend}"


def fine(subject: str, detail: str) -> Finding:
    """It works."""
    return Finding(subject, "ok", detail)


def warning(subject: str, detail: str, mend: str) -> Finding:
    """It works, but somebody should look at it."""
    return Finding(subject, "warning", detail, mend)


def failed(subject: str, detail: str, mend: str) -> Finding:
    """It does not work."""
    return Finding(subject, "failed", detail, mend)


def tell(findings: Sequence[Finding], *, as_json: bool) -> None:
    """Print findings.

    Raises:
        SystemExit: 1, when something does not work; warnings do not count.
    """
    good = not any(each.status == "failed" for each in findings)
    if as_json:
        print_json({"ok": good, "checks": [each.shown() for each in findings]})
    else:
        for each in findings:
            click.echo(str(each))
    if not good:
        raise SystemExit(FAILED)


async def attempt(subject: str, mend: str, check: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    """Run a check; one of our errors in it is a failure with this way to mend it."""
    try:
        return await check()
    except OdooAiError as error:
        return [failed(subject, str(error), mend)]
