"""What a benchmark found, as values; and the one table made of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True)
class Finding:
    """One line of the table. `met` is None where the design names no aim: the line is there for comparison."""

    what: str
    aim: str
    measured: str
    rival: str = ""
    ratio: float | None = None
    met: bool | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """How thoroughly to measure. `quick` is for working on the benchmarks themselves."""

    data_dir: Path
    quick: bool = False
    fastapi: Path | None = None
    """Where FastAPI and uvicorn are installed: the rival in memory is then measured as it was, too."""
    say: Callable[[str], None] = print

    def pick(self, thorough: float, quick: float) -> float:
        """The one of two numbers that fits."""
        return quick if self.quick else thorough


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies; nan without values."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return percentile(values, 0.5)


def table(findings: Sequence[Finding]) -> str:
    """All findings as a Markdown table, readable as it is."""
    rows = [("aim", "wanted", "measured", "rival", "ratio", "met")]
    rows += [(each.what, each.aim, each.measured, each.rival, _ratio(each.ratio), _met(each.met)) for each in findings]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _met(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "NO"


def python_loop_ms() -> float:
    """How fast this machine is right now: a fixed piece of plain Python, the best of five."""

    def once() -> float:
        began = time.perf_counter()
        sum(number * number for number in range(500_000))
        return (time.perf_counter() - began) * 1e3

    return min(once() for _ in range(5))


def save(path: Path, findings: Sequence[Finding], **more: Any) -> None:
    """Write everything that was measured, details included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "cpus": os.cpu_count(),
        "load_average": os.getloadavg(),
        "python_loop_ms": python_loop_ms(),
        **more,
        "findings": [asdict(each) for each in findings],
    }
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str))
