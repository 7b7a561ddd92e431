"""`python -m odoo_api`: run the service."""

from __future__ import annotations

import asyncio
import sys

from common.errors import ConfigurationError
from common.run import run_service
from common.settings import load_settings
from odoo_api.app import SERVICE, run
from odoo_api.settings import OdooApiSettings


def main() -> int:
    """Read the settings and run until a signal."""
    try:
        settings = load_settings(OdooApiSettings)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2

    async def service(stop: asyncio.Event) -> None:
        await run(settings, stop)

    return run_service(SERVICE, settings, service)


if __name__ == "__main__":
    sys.exit(main())
