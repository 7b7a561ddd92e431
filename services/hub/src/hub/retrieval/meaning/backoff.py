"""When a tenant whose vectors could not be had is tried again: a pure function of how often it failed."""

from __future__ import annotations

from typing import Final

_FIRST_SECONDS: Final = 2.0
_LONGEST_SECONDS: Final = 300.0


def wait_seconds(failures: int) -> float:
    """Seconds until the next try after so many failures in a row: 2, 4, 8 and so on up to five minutes."""
    return min(_FIRST_SECONDS * 2.0 ** max(0, min(failures, 30) - 1), _LONGEST_SECONDS)
