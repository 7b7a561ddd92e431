"""`python -m simulator`."""

from __future__ import annotations

import sys

from common.errors import ConfigurationError
from common.run import run_service
from common.settings import load_settings
from simulator.app import run
from simulator.settings import SimulatorSettings


def main() -> int:
    """Run the simulator until it is told to stop."""
    try:
        settings = load_settings(SimulatorSettings)
    except ConfigurationError as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 2
    return run_service("simulator", settings, lambda stop: run(settings, stop))


if __name__ == "__main__":
    sys.exit(main())
