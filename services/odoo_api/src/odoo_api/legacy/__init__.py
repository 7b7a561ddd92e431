"""The HTTP contract of the unified server, for Odoo modules that still speak it, on top of the same knowledge sync."""
