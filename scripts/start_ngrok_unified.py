#!/usr/bin/env python3
"""Give the running server a public address, as users of the unified server know it: needs NGROK_AUTH_TOKEN in .env.

The same as `odoo-ai tunnel`: prints `PUBLIC_URL=https://...` and what to set in Chatwoot and Odoo; Ctrl-C closes it.
"""

from __future__ import annotations

from start_unified_server import main

if __name__ == "__main__":
    main("tunnel")
