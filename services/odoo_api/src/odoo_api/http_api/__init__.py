"""The HTTP API for the Odoo module and integrators. Routes are data; the API document is made of them."""
