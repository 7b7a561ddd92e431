"""Reading a company's Odoo: transports, versions, errors, and the few questions this system asks."""
