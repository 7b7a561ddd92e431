"""Every metric of the system: a closed list, so that dashboards and alerts can rely on the names.

Labels are low in number and never personal: services, streams, outcomes, reasons of a closed vocabulary, tenants.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

WEBHOOKS = Counter("odoo_ai_webhooks_total", "Chatwoot webhooks by outcome", ["outcome", "reason"])
WEBHOOK_SECONDS = Histogram("odoo_ai_webhook_seconds", "Time until a webhook was answered", buckets=_SECONDS)
COMMANDS_SENT = Counter("odoo_ai_commands_total", "Commands carried out in Chatwoot", ["command", "outcome"])
SWEEPS = Counter("odoo_ai_sweeps_total", "Sweeps for lost webhooks by outcome", ["tenant", "outcome"])
SWEEP_FOUND = Counter(
    "odoo_ai_sweep_found_total", "Events that a sweep found and no webhook had told", ["tenant", "event"]
)
SWEEP_REQUESTS = Counter("odoo_ai_sweep_requests_total", "Requests to Chatwoot made by sweeps")
SWEEP_SECONDS = Histogram("odoo_ai_sweep_seconds", "Time of one sweep", buckets=_SECONDS)
SWEEP_BACKLOG = Gauge("odoo_ai_sweep_backlog", "Conversations that a sweep has still to look at", ["tenant"])
READ_BACKS = Counter("odoo_ai_read_backs_total", "Unknown outcomes looked up in Chatwoot", ["found"])
PARKINGS = Counter("odoo_ai_parkings_total", "Conversations whose commands began to wait", ["reason"])
WITHHELD = Counter("odoo_ai_withheld_total", "Commands not carried out over a person", ["reason"])
GIVEN_UP = Counter("odoo_ai_given_up_total", "Commands that could finally not be carried out", ["command", "reason"])
CIRCUIT_OPEN = Gauge("odoo_ai_circuit_open", "1 while this process sends nothing to a tenant's Chatwoot", ["tenant"])

PUBLISH_RETRIES = Counter("odoo_ai_publish_retries_total", "Publishes tried again", ["stream"])
PUBLISH_FAILURES = Counter("odoo_ai_publish_failures_total", "Publishes given up", ["stream"])
MESSAGES_HANDLED = Counter("odoo_ai_messages_total", "Messages by what became of them", ["stream", "outcome"])
HANDLER_SECONDS = Histogram("odoo_ai_handler_seconds", "Time in a handler", ["stream"], buckets=_SECONDS)
DEAD_LETTERS = Counter("odoo_ai_dead_letters_total", "Messages copied to the dead letters", ["stream"])
PULL_STATUSES = Counter("odoo_ai_pull_statuses_total", "Status messages of pull requests", ["stream", "status"])

TURNS = Counter("odoo_ai_turns_total", "Turns by outcome", ["tenant", "outcome", "reason"])
TURN_SECONDS = Histogram("odoo_ai_turn_seconds", "Time from lease to commit", buckets=_SECONDS)
STALE_TURNS = Counter("odoo_ai_stale_turns_total", "Turns that lost to something newer and sent nothing")
CUSTOMER_WAIT_SECONDS = Histogram(
    "odoo_ai_customer_wait_seconds", "From the first waiting message to the committed turn", buckets=_SECONDS
)
OLDEST_PENDING_SECONDS = Gauge("odoo_ai_oldest_pending_seconds", "Longest wait among the turns this hub works on")
STATE_CONFLICTS = Counter("odoo_ai_state_conflicts_total", "Compare-and-set writes that lost")

MODEL_CALLS = Counter(
    "odoo_ai_model_calls_total",
    "Calls of models: answered, failed, or not made because of the breaker, the budget or the time",
    ["tenant", "model", "outcome"],
)
MODEL_FALLBACKS = Counter(
    "odoo_ai_model_fallbacks_total",
    "Turns that the tenant's first model did not answer, by what did: next_model, built_in or people",
    ["tenant", "model", "answered_by"],
)
MODEL_TOKENS = Counter(
    "odoo_ai_model_tokens_total", "Tokens by kind: input, cached (part of input), output", ["tenant", "kind"]
)
MODEL_USD = Counter("odoo_ai_model_usd_total", "What models have cost, in US dollars", ["tenant"])
MODEL_SECONDS = Histogram("odoo_ai_model_seconds", "Time of a model call", buckets=_SECONDS)

EMBEDDING_CALLS = Counter(
    "odoo_ai_embedding_calls_total", "Calls for embeddings by outcome", ["tenant", "purpose", "outcome"]
)
EMBEDDING_TOKENS = Counter("odoo_ai_embedding_tokens_total", "Tokens that were embedded", ["tenant"])
EMBEDDING_SECONDS = Histogram(
    "odoo_ai_embedding_seconds", "Time of a call for embeddings", ["purpose"], buckets=_SECONDS
)
MEANING_SEARCHES = Counter(
    "odoo_ai_meaning_searches_total", "Turns by whether vectors took part, or why words alone answered", ["outcome"]
)
VECTORS = Gauge("odoo_ai_vectors", "Vectors of a tenant in this hub's memory", ["tenant"])
VECTORS_LEFT_OUT = Gauge("odoo_ai_vectors_left_out", "Items without a vector for want of room", ["tenant"])

KNOWLEDGE_CHANGES = Counter("odoo_ai_knowledge_changes_total", "Knowledge items by change", ["kind", "change"])
INDEX_CHANGES = Counter("odoo_ai_index_changes_total", "Knowledge messages applied to the index", ["kind", "change"])
INDEX_SEQUENCE = Gauge("odoo_ai_index_sequence", "KNOWLEDGE sequence this hub has indexed")
ODOO_CALLS = Counter("odoo_ai_odoo_calls_total", "Calls to Odoo by outcome", ["operation", "outcome"])
ODOO_SECONDS = Histogram("odoo_ai_odoo_seconds", "Time of a call to Odoo", ["operation"], buckets=_SECONDS)
ODOO_COMMANDS_DONE = Counter("odoo_ai_odoo_commands_total", "Odoo commands by outcome", ["command", "outcome"])
ODOO_KEY_REFUSED = Gauge("odoo_ai_odoo_key_refused", "1 while an Odoo refuses the tenant's API key", ["tenant"])
PRODUCTS_PULLED = Counter("odoo_ai_products_pulled_total", "Products read from Odoo by outcome", ["outcome"])
API_REQUESTS = Counter("odoo_ai_api_requests_total", "Requests to /api/v1", ["route", "status"])
