"""Models by the tenant's names for them, each made once and kept with its connections."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model, infer_model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers import Provider, infer_provider_class
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from common.errors import ConfigurationError
from common.tenants import ModelProvider, ModelProviders


class Models:
    """Makes models. One connection pool per provider, key and address."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], Model] = {}
        self._opened = AsyncExitStack()

    async def close(self) -> None:
        """Close all connections."""
        self._made.clear()
        await self._opened.aclose()

    async def model(self, name: str, providers: ModelProviders | None) -> Model:
        """The model of a name like `openai:gpt-5-mini`.

        Raises:
            ConfigurationError: the provider is unknown, its package is not installed, or its key is missing.
        """
        provider_name = name.partition(":")[0]
        settings = providers.providers.get(provider_name) if providers else None
        key = (name, settings.model_dump_json() if settings else "")
        if key not in self._made:
            # Importing a provider's package takes up to three seconds.
            made = await asyncio.to_thread(_make, name, settings)
            if key not in self._made:
                self._made[key] = await self._opened.enter_async_context(made)
        return self._made[key]


def _make(name: str, settings: ModelProvider | None) -> Model:
    provider, _, model = name.partition(":")
    try:
        if settings is None:
            return infer_model(name)
        if settings.base_url is not None and provider != "anthropic":
            secret = settings.api_key.get_secret_value() if settings.api_key else None
            url = str(settings.base_url).rstrip("/")
            return OpenAIChatModel(model, provider=OpenAICompatibleProvider(provider, base_url=url, api_key=secret))
        return infer_model(name, lambda _: _provider(provider, settings))
    except (UserError, ImportError, ValueError, TypeError) as error:
        # Some of these texts show what was set in the environment: only the kind is passed on.
        raise ConfigurationError(
            f"the model {name} cannot be used ({type(error).__name__}): is the provider known, its package installed, "
            "and its key set?",
            key="assistant.model",
        ) from error


def _provider(name: str, settings: ModelProvider) -> Provider[object]:
    arguments: dict[str, str] = {}
    if settings.api_key is not None:
        arguments["api_key"] = settings.api_key.get_secret_value()
    if settings.base_url is not None:
        arguments["base_url"] = str(settings.base_url).rstrip("/")
    return infer_provider_class(name)(**arguments)
