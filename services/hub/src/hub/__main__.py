"""`python -m hub`."""

from __future__ import annotations

import sys

from common.run import run_main
from hub.app import SERVICE, run
from hub.settings import HubSettings


def main() -> int:
    """Read the settings and run until a signal."""
    return run_main(SERVICE, HubSettings, run)


if __name__ == "__main__":
    sys.exit(main())
