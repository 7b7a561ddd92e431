"""`python -m hub`."""

from __future__ import annotations

import asyncio
import sys

from common.errors import ConfigurationError
from common.run import run_service
from common.settings import load_settings
from hub.app import SERVICE, run
from hub.settings import HubSettings


def main() -> int:
    """Read the settings and run the service."""
    try:
        settings = load_settings(HubSettings)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2

    async def service(stop: asyncio.Event) -> None:
        await run(settings, stop)

    return run_service(SERVICE, settings, service)


if __name__ == "__main__":
    sys.exit(main())
