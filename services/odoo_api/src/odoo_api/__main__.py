"""`python -m odoo_api`."""

from __future__ import annotations

import sys

from common.run import run_main
from odoo_api.app import SERVICE, run
from odoo_api.settings import OdooApiSettings


def main() -> int:
    """Read the settings and run until a signal."""
    return run_main(SERVICE, OdooApiSettings, run)


if __name__ == "__main__":
    sys.exit(main())
