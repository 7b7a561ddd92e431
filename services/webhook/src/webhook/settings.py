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
    webhook_settle_seconds: Annotated[float, Field(ge=0)] = 16.0
    """How long Chatwoot may go on with a request nobody waits for: its web server ends one after 15 s by default. Only
    after that long is a message that cannot be found posted again."""
