"""The Chatwoot edge: signed webhooks in, replies out. The only holder of Chatwoot credentials."""
