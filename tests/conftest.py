"""In which order the test files are handed out."""

from __future__ import annotations

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_BUSY = ("unit/truth_gate/test_gate_properties.py", "unit/evaluation/test_shipped_suites.py")
"""Files that keep a processor busy for most of a minute. They begin with those that mostly wait, at the front: left to
the end they would be waited for by all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Busy files first."""
    busy = {_HERE / each for each in _BUSY}
    items.sort(key=lambda item: item.path not in busy)
