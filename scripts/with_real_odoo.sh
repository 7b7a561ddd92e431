#!/usr/bin/env bash
# Runs a command with REAL_ODOO_URL and REAL_ODOO_KEY set to a real Odoo on loopback.
#
#   REAL_ODOO_TOOL=/path/to/tool scripts/with_real_odoo.sh .venv/bin/pytest tests/real_odoo
#
# The tool must know `start` (prints the base URL; not called when REAL_ODOO_URL answers already) and `key` (prints an
# API key of an administrator). The database is `odoo` and the login `admin` unless REAL_ODOO_DATABASE and
# REAL_ODOO_LOGIN say otherwise; both are used by JSON-RPC.
# The server is left running: stop it with the tool.
set -euo pipefail
: "${REAL_ODOO_TOOL:?set REAL_ODOO_TOOL to the program that starts a real Odoo}"
[ $# -gt 0 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2; }

# Starting one that runs already would leave the tool with the wrong process to stop.
REAL_ODOO_URL=${REAL_ODOO_URL:-http://127.0.0.1:${REAL_ODOO_PORT:-8169}}
if ! curl --fail --silent --max-time 5 --output /dev/null "$REAL_ODOO_URL/web/version"; then
    REAL_ODOO_URL=$("$REAL_ODOO_TOOL" start | tail -1)
fi
REAL_ODOO_KEY=$("$REAL_ODOO_TOOL" key)
export REAL_ODOO_URL REAL_ODOO_KEY
exec "$@"
