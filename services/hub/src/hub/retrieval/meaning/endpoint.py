"""Where a tenant's embeddings come from: its own settings of the provider, then the environment's."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from common.errors import ConfigurationError
from common.tenants import Embeddings, ModelProviders

_OPENAI: Final = "https://api.openai.com/v1"


@dataclass(frozen=True)
class Endpoint:
    """One model of one server with OpenAI's API."""

    base_url: str
    model: str
    dimensions: int | None = None
    api_key: str | None = field(default=None, repr=False)
    question_prefix: str = ""
    item_prefix: str = ""
    tenant: str = ""
    """Who pays for it."""

    @property
    def space(self) -> str:
        """Names what vectors compare with each other: the same model of the same server in the same size."""
        named = f"{self.base_url}|{self.model}|{self.dimensions or 0}"
        return blake2b(named.encode(), digest_size=12).hexdigest()


def endpoint_of(
    tenant: str, settings: Embeddings, providers: ModelProviders | None, openai_key: str | None, openai_url: str | None
) -> Endpoint:
    """Find the endpoint of a tenant's model. `openai_*`: the environment's key and address.

    Raises:
        ConfigurationError: the provider has no address, or OpenAI's no key.
    """
    name, _, model = settings.model.partition(":")
    own = providers.providers.get(name) if providers else None
    address = str(own.base_url).rstrip("/") if own and own.base_url else None
    key = own.api_key.get_secret_value() if own and own.api_key else None
    if name == "openai":
        key = key or (openai_key if address is None else None)
        if key is None and address is None:
            raise ConfigurationError("OPENAI_API_KEY is not set", key="assistant.embeddings")
        address = address or (openai_url or _OPENAI).rstrip("/")
    if address is None:
        raise ConfigurationError(f"set models.providers.{name}.base_url", key="assistant.embeddings")
    return Endpoint(address, model, settings.dimensions, key, settings.question_prefix, settings.item_prefix, tenant)
