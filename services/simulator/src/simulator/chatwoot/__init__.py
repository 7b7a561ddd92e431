"""A stand-in for Chatwoot with a WhatsApp channel: state, webhooks out, REST in."""
