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
from datetime import datetime
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


class AppendHandler(logging.Handler):
    """Appends whole lines to `<name>.log`, or to `<day>_<name>.log` by the day of the record (local time)."""

    def __init__(self, directory: Path, name: str, *, dated: bool) -> None:
        super().__init__()
        self._directory = directory
        self._name = name
        self._dated = dated
        self._path: Path | None = None
        self._descriptor: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a full disk or a missing folder must not stop the service."""
        try:
            line = self.format(record).encode(errors="backslashreplace") + b"\n"
            os.write(self._descriptor_for(record.created), line)
        except OSError:
            self.handleError(record)

    def _descriptor_for(self, created: float) -> int:
        day = datetime.fromtimestamp(created).astimezone().strftime("%Y%m%d_") if self._dated else ""
        path = self._directory / f"{day}{self._name}.log"
        if self._descriptor is None or path != self._path:
            self._close_descriptor()
            self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
            self._path = path
        return self._descriptor

    def _close_descriptor(self) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None

    def close(self) -> None:
        """Close the file."""
        self._close_descriptor()
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
        handlers.append(AppendHandler(log_dir, service, dated=False))
        handlers.append(AppendHandler(log_dir, UNIFIED_NAME, dated=True))
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
