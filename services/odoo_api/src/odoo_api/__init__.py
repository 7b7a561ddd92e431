"""The Odoo edge: the HTTP API of the Odoo module in, Odoo RPC out. The only holder of Odoo credentials."""
