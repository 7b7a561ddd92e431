"""The odoo-ai command: start, check, operate."""
