"""`python -m simulator`."""

from __future__ import annotations

import sys

from common.run import run_main
from simulator.app import run
from simulator.settings import SimulatorSettings


def main() -> int:
    """Read the settings and run until a signal."""
    return run_main("simulator", SimulatorSettings, run)


if __name__ == "__main__":
    sys.exit(main())
