"""`python -m common.health_probe URL`: a health check for containers, whose image has no curl."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 2.5


def main(arguments: list[str]) -> int:
    """Answer 0 when the URL answers 200."""
    try:
        with urllib.request.urlopen(arguments[0], timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - our own URL
            return 0 if answer.status == 200 else 1
    except (OSError, urllib.error.URLError):
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
