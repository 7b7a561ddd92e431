"""A stand-in for Odoo: JSON-2 (19 and later) and JSON-RPC over the sample company."""
