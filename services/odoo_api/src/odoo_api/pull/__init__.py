"""Products read from a company's Odoo, where its module cannot be installed."""
