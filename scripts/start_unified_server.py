#!/usr/bin/env python3
"""Start the server, as users of the unified server know it: `SERVER_PORT=8000 scripts/start_unified_server.py`.

The same as `odoo-ai up`: SERVER_HOST and SERVER_PORT count, Ctrl-C stops everything. Works with any Python: it goes on
with the one in `.venv`, which `make install` makes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(command: str) -> None:
    """Become `odoo-ai <command>` of this checkout, with the arguments that were given."""
    program = ROOT / ".venv" / "bin" / "odoo-ai"
    if not program.exists():
        sys.exit(f"{program} is not there yet: run `make install` in {ROOT} first")
    os.chdir(ROOT)
    os.execv(program, [str(program), command, *sys.argv[1:]])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main("up")
