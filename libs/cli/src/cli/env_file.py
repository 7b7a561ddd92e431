"""Secrets in a file of `NAME=value` lines, such as `.env`: only their lines change, only the owner reads it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from common.errors import ConfigurationError

_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=")
_PLAIN = re.compile(r"[A-Za-z0-9._~+/=:@-]+")


def write_variables(path: Path, values: Mapping[str, str]) -> tuple[str, ...]:
    """Set variables in a file, and return the names of those that were not so before.

    All other lines stay as they are. The new file takes the place of the old one in one step, with mode 0600.

    Raises:
        ConfigurationError: it cannot be written.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        changed = tuple(name for name, value in values.items() if _written(name, value) not in lines)
        if changed:
            kept = [line for line in lines if _name(line) not in changed]
            _replace(path, "\n".join([*kept, *(_written(name, values[name]) for name in changed)]) + "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be written: {type(error).__name__}", file=str(path)) from error
    return changed


def _written(name: str, value: str) -> str:
    if not _PLAIN.fullmatch(value):
        value = "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return f"{name}={value}"


def _name(line: str) -> str | None:
    found = _LINE.match(line)
    return found.group(1) if found else None


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made beside the file, readable by its owner alone from the first byte.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
