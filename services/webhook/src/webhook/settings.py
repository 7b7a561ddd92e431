"""What the webhook service reads from its environment."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from common.settings import ServiceSettings


class WebhookSettings(ServiceSettings):
    """Settings of this service; each is the environment variable of the same name in capitals."""

    webhook_port: Annotated[int, Field(ge=0, le=65535)] = 8001
    drain_seconds: Annotated[float, Field(ge=0)] = 1.5
    """How long `/health` answers 503 before the port closes: at least two health intervals of the gateway."""
    chatwoot_request_seconds: Annotated[float, Field(gt=0, lt=8)] = 4.0
    """How long one request to Chatwoot may take; well under the 10 s after which a command goes to another process."""
    sender_patience_seconds: Annotated[float, Field(ge=0, lt=8)] = 0.3
    """How long a partition waits for one command before its conversation is parked and the others go on."""
    sender_at_once: Annotated[int, Field(ge=1)] = 16
    """Commands of one tenant that one process carries out at the same time."""
    sender_breaker_failures: Annotated[int, Field(ge=1)] = 5
    """Conversations that fail in a row until nothing is sent to a tenant's Chatwoot for a while."""
    sender_breaker_seconds: Annotated[float, Field(gt=0)] = 5.0
    sender_longest_delay_seconds: Annotated[float, Field(gt=0)] = 30.0
    """The longest time between two attempts at a command; Chatwoot's own Retry-After may ask for more."""
    sender_spacing_seconds: Annotated[float, Field(ge=0, lt=15)] = 2.0
    """How long a message waits at most for the one before it to reach the channel, so that it cannot overtake it."""
    sender_reply_seconds: Annotated[float, Field(gt=0)] = 900.0
    """A reply that could not be delivered for so long is given up: it is no longer an answer."""
    webhook_settle_seconds: Annotated[float, Field(ge=0)] = 16.0
    """How long Chatwoot may go on with a request nobody waits for: its web server ends one after 15 s by default. Only
    after that long is a message that cannot be found posted again."""
    reconcile_requests_per_second: Annotated[float, Field(gt=0, le=50)] = 5.0
    """What the sweep for lost webhooks may ask of one Chatwoot; it allows 3000 a minute from one address by default."""
