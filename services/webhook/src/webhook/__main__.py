"""`python -m webhook`."""

from __future__ import annotations

import sys

from common.run import run_main
from webhook.app import SERVICE, run
from webhook.settings import WebhookSettings


def main() -> int:
    """Read the settings and run until a signal."""
    return run_main(SERVICE, WebhookSettings, run)


if __name__ == "__main__":
    sys.exit(main())
