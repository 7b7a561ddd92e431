#!/usr/bin/env bash
# Shows the Odoo module in a real Odoo 19: it installs, its tests pass, a browser edits a rule and presses Synchronise,
# the running system answers with that rule, and edits while the gateway is dead lose nothing.
#
#   REAL_ODOO_TOOL=/path/to/tool scripts/show_real_odoo.sh [--dead-seconds 120] [--only browser|outage]
#
# The tool manages a real Odoo on loopback: `setup` (done before), `install ADDON`, `test ADDON`, `start`, `stop`, `key`;
# it finds the module in $ODOO_ADDONS. A browser is needed: Debian's packages chromium and chromium-driver.
set -euo pipefail
: "${REAL_ODOO_TOOL:?set REAL_ODOO_TOOL to the program that manages a real Odoo}"
cd "$(dirname "$0")/.."
export ODOO_ADDONS=$PWD/addons REAL_ODOO_TOOL
make --no-print-directory install

echo "== the module's own tests"
"$REAL_ODOO_TOOL" stop
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$REAL_ODOO_TOOL" test odoo_ai > "$log" 2>&1 || true
grep -E 'odoo\.tests\.result: .* of [0-9]+ tests' "$log" || { tail -50 "$log"; exit 1; }
grep -qE 'odoo\.tests\.result: 0 failed, 0 error' "$log" || { grep -E 'FAIL:|ERROR:' "$log"; exit 1; }

echo "== it installs"
"$REAL_ODOO_TOOL" install odoo_ai

echo "== in a browser, against the running system"
export PYTHONPATH=tests/support/src UV_PROJECT_ENVIRONMENT=.venv
scripts/with_real_odoo.sh .venv/bin/uv run --quiet --no-sync --with 'selenium==4.51.0' \
  python scripts/show_real_odoo.py "$@"
