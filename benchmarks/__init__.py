"""`python -m benchmarks` measures the aims of the design; `python -m benchmarks.chaos` breaks the system on purpose.

Everything runs as real processes on loopback, with the settings of `odoo-ai up`. Each aim is measured against a rival
in the same run: this machine's speed cancels out of the ratio, and a bad day of the machine shows on both sides.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"

# Bodies, catalogues and ports are those of the tests; tests/support is a package for pytest, not an installed one.
_SUPPORT = str(ROOT / "tests" / "support" / "src")
if _SUPPORT not in sys.path:
    sys.path.append(_SUPPORT)
