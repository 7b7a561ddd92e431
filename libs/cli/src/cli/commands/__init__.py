"""The commands of `odoo-ai`, one module for each group."""
