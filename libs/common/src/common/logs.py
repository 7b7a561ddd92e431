"""JSON logs: on stdout, in `<service>.log`, and all services together in `YYYYMMDD_unified_server.log`.

One line is one `write` to a file opened for appending, so that any number of processes can share a file without losing
or tearing lines; rotating handlers of the standard library lose three lines in four when processes share a file.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import MutableMapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson
import structlog
from opentelemetry import trace

UNIFIED_NAME = "unified_server"

_FORBIDDEN_KEYS = frozenset(
    {
        "text",
        "content",
        "message_text",
        "phone",
        "email",
        "token",
        "secret",
        "api_key",
        "authorization",
        "cpf",
        "password",
    }
)


class AppendedFile:
    """`<name>.log`, or `<day>_<name>.log` by the day of what is written (local time)."""

    def __init__(self, directory: Path, name: str, *, dated: bool) -> None:
        self._directory = directory
        self._name = name
        self._dated = dated
        self._day = range(0)
        self._descriptor: int | None = None

    def append(self, line: bytes, at: float) -> None:
        """Write a line in one piece; `at` in epoch seconds.

        Raises:
            OSError: the disk is full, or the folder is gone.
        """
        if self._descriptor is None or (self._dated and int(at) not in self._day):
            self.close()
            self._descriptor = os.open(self._path(at), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        os.write(self._descriptor, line)

    def close(self) -> None:
        """Close the file; the next line opens it again."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _path(self, at: float) -> Path:
        if not self._dated:
            return self._directory / f"{self._name}.log"
        midnight = datetime.combine(date.fromtimestamp(at), time.min)  # noqa: DTZ012 - files are named by local days
        self._day = range(int(midnight.timestamp()), int((midnight + timedelta(days=1)).timestamp()))
        return self._directory / f"{midnight:%Y%m%d}_{self._name}.log"


class AppendHandler(logging.Handler):
    """Makes one line of a record and appends it to each of some files."""

    def __init__(self, *files: AppendedFile) -> None:
        super().__init__()
        self._files = files

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a full disk or a missing folder must not stop the service."""
        try:
            line = self.format(record).encode(errors="backslashreplace") + b"\n"
            for each in self._files:
                each.append(line, record.created)
        except OSError:
            self.handleError(record)

    def close(self) -> None:
        """Close the files."""
        for each in self._files:
            each.close()
        super().close()


def _add_trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = f"{context.trace_id:032x}"
        event["span_id"] = f"{context.span_id:016x}"
    return event


def _drop_personal_data(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in _FORBIDDEN_KEYS & event.keys():
        event[key] = "[removed]"
    return event


def _render(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def configure_logs(service: str, log_dir: Path | None, level: str, *, stdout: bool) -> None:
    """Send this process's logs, libraries included, to the files and to stdout as JSON lines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        _drop_personal_data,
        lambda _, __, event: {"service": service, **event},
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _render,
        ],
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    _install(_handlers(service, log_dir, stdout=stdout), formatter, level)


def _handlers(service: str, log_dir: Path | None, *, stdout: bool) -> list[logging.Handler]:
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stdout)] if stdout else []
    if log_dir is not None:
        log_dir.mkdir(parents=True, exist_ok=True)
        files = AppendedFile(log_dir, service, dated=False), AppendedFile(log_dir, UNIFIED_NAME, dated=True)
        handlers.append(AppendHandler(*files))
    return handlers


def _install(handlers: list[logging.Handler], formatter: logging.Formatter, level: str) -> None:
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    root.setLevel(level.upper())
    # One line per request or per HTTP call is what traces and metrics are for.
    for noisy in ("aiohttp.access", "httpx", "httpcore", "nats"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
