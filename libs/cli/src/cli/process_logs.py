"""What child processes print, kept where users look for it: `<name>.log` and the dated file of all services."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson

from common.logs import UNIFIED_NAME, AppendedFile

LineSink = Callable[[bytes], None]

_NATS_LINE = re.compile(r"^\[\d+\] (?P<at>\S+ \S+) \[(?P<level>[A-Z]+)\] (?P<event>.*)$")
_NATS_LEVELS = {"INF": "info", "WRN": "warning", "ERR": "error", "FTL": "critical", "DBG": "debug", "TRC": "debug"}


class LogFiles:
    """The two files a process's lines go to. Without a folder they go nowhere."""

    def __init__(self, log_dir: Path | None, name: str) -> None:
        self._files: tuple[AppendedFile, ...] = ()
        if log_dir is not None:
            log_dir.mkdir(parents=True, exist_ok=True)
            self._files = (
                AppendedFile(log_dir, name, dated=False),
                AppendedFile(log_dir, UNIFIED_NAME, dated=True),
            )

    def write(self, line: bytes) -> None:
        """Append one line to both files; a full disk costs the line and nothing else."""
        with contextlib.suppress(OSError):
            for each in self._files:
                each.append(line + b"\n", time.time())


def gateway_sink(log_dir: Path | None, echo: LineSink | None = None) -> LineSink:
    """Caddy prints JSON already; it gets the `service` key that all other lines have."""
    files = LogFiles(log_dir, "gateway")

    def sink(line: bytes) -> None:
        named = b'{"service":"gateway",' + line[1:] if line.startswith(b'{"') else as_json("gateway", line, _now())
        files.write(named)
        if echo is not None:
            echo(named)

    return sink


def nats_sink(log_dir: Path | None, echo: LineSink | None = None) -> LineSink:
    """nats-server prints text lines of its own shape."""
    files = LogFiles(log_dir, "nats")

    def sink(line: bytes) -> None:
        wrapped = nats_line(line, _now())
        files.write(wrapped)
        if echo is not None:
            echo(wrapped)

    return sink


def service_sink(log_dir: Path | None, name: str, echo: LineSink | None = None) -> LineSink:
    """A service writes its own files: only what it prints beside its log (a traceback of a failed start) is added."""
    files = LogFiles(log_dir, name)

    def sink(line: bytes) -> None:
        own = line.startswith(b'{"service":')
        shown = line if own else as_json(name, line, _now())
        if not own and line.strip():
            files.write(shown)
        if echo is not None:
            echo(shown)

    return sink


def as_json(service: str, line: bytes, now: datetime) -> bytes:
    """A text line in the shape of all other lines."""
    return orjson.dumps(
        {
            "service": service,
            "event": line.decode(errors="backslashreplace"),
            "level": "info",
            "timestamp": now.isoformat(),
        }
    )


def nats_line(line: bytes, now: datetime) -> bytes:
    """A line of nats-server in the shape of all other lines."""
    found = _NATS_LINE.match(line.decode(errors="backslashreplace"))
    if found is None:
        return as_json("nats", line, now)
    level = _NATS_LEVELS.get(found["level"], "info")
    return orjson.dumps({"service": "nats", "event": found["event"], "level": level, "timestamp": now.isoformat()})


def _now() -> datetime:
    return datetime.now(UTC)
