"""Stand-ins for Chatwoot, WhatsApp, Odoo and a model provider, for the demo and the tests."""
