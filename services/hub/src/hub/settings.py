"""What the hub reads from its environment."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from common.settings import ServiceSettings


class HubSettings(ServiceSettings):
    """Settings of this service; each is the environment variable of the same name in capitals."""

    hub_port: Annotated[int, Field(ge=0, le=65535)] = 8003
    """Health and metrics only."""
    hub_turns_at_once: Annotated[int, Field(gt=0, le=256)] = 64
    """Turns mostly wait for a model or for Odoo, so one process can have many."""
    hub_answer_seconds: Annotated[float, Field(gt=0, le=120)] = 25.0
    """How long an answer may take before the conversation is handed to a person."""
    hub_model_seconds: Annotated[float, Field(gt=0, le=120)] = 10.0
    """How long one call of a model may take before the next model of the tenant's chain is asked."""
    hub_interim_seconds: Annotated[float, Field(gt=0, le=120)] = 9.0
    """After how long a customer whose answer is not ready is told so, once."""
    hub_items_in_memory: Annotated[int, Field(gt=0)] = 150_000
    """Knowledge items kept in memory, of all tenants together; tenants that nobody writes to wait on disk beyond it."""
    hub_vector_megabytes: Annotated[int, Field(gt=0)] = 200
    """Memory for vectors of tenants that have embeddings, of all tenants together."""
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    """For embeddings of tenants that name no key or address of their own; models read the same variables."""
    hub_lease_seconds: Annotated[float, Field(ge=1, le=60)] = 12.0
    """How long a conversation waits for its next try after a hub died in the middle of a turn."""
    hub_stop_seconds: Annotated[float, Field(ge=0, le=20)] = 8.0
    """How long turns may go on after a stop was asked for; then another hub starts them again."""

    @model_validator(mode="after")
    def _stops_in_time(self) -> Self:
        if self.hub_stop_seconds * 2 >= 25:
            # Consumers, then prompt turns: both may use it up, and the process is ended hard after 25 s.
            raise ValueError("hub_stop_seconds must leave the process time to end: less than 12.5")
        return self
