"""JSON the way Rails writes it: `<`, `>`, `&` and the two line separators escaped, everything else plain UTF-8."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

_ESCAPES = (
    (b"<", b"\\u003c"),
    (b">", b"\\u003e"),
    (b"&", b"\\u0026"),
    (b"\xe2\x80\xa8", b"\\u2028"),
    (b"\xe2\x80\xa9", b"\\u2029"),
)


def dumps(value: Any) -> bytes:
    """Serialise once: the bytes that are signed are the bytes that are sent."""
    # These characters can only stand inside strings, so replacing bytes is safe.
    encoded = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    for plain, escaped in _ESCAPES:
        if plain in encoded:
            encoded = encoded.replace(plain, escaped)
    return encoded


def iso(epoch: float | None) -> str | None:
    """A timestamp as Rails writes it: UTC with milliseconds."""
    if epoch is None:
        return None
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(epoch: float | None) -> int:
    """A timestamp as whole seconds; Ruby turns a missing one into 0."""
    return int(epoch or 0)
