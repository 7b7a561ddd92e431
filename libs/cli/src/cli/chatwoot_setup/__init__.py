"""Setting Chatwoot up for a tenant: bot, inboxes, webhook address, secrets; and saying what is missing."""
