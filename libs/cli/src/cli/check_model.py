"""Checks of a tenant's models: each is asked for one word, as the hub would ask it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from cli.findings import Finding, failed, fine, warning
from common.errors import ConfigurationError
from common.tenants import TenantConfig

if TYPE_CHECKING:
    from hub.agent.providers import Models

_SECONDS: Final = 20.0
_TOKENS: Final = 64


async def check_models(config: TenantConfig) -> list[Finding]:
    """One finding per model, in the order of the chain."""
    names = config.assistant.models
    if not names:
        return [fine(f"{config.tenant} model", "none: the built-in responder answers")]
    if config.assistant.monthly_budget_usd <= 0:
        return [
            warning(
                f"{config.tenant} model",
                "assistant.monthly_budget_usd is 0, so no model is ever asked",
                "set a budget, or assistant.model: none",
            )
        ]
    # Half a second of imports that no other check needs.
    from hub.agent.providers import Models

    models = Models()
    try:
        return [await _check(config, name, models) for name in names]
    finally:
        await models.close()


async def _check(config: TenantConfig, name: str, models: Models) -> Finding:
    from pydantic_ai.direct import model_request
    from pydantic_ai.exceptions import AgentRunError
    from pydantic_ai.messages import ModelRequest
    from pydantic_ai.settings import ModelSettings

    subject = f"{config.tenant} model {name}"
    try:
        model = await models.model(name, config.models)
        async with asyncio.timeout(_SECONDS):
            await model_request(
                model,
                [ModelRequest.user_text_prompt("Say ok.")],
                model_settings=ModelSettings(max_tokens=_TOKENS, max_retries=0),
            )
    except ConfigurationError as error:
        return failed(subject, str(error), "set models.providers in the tenant file, or the provider's key in .env")
    except (AgentRunError, TimeoutError) as error:
        # The provider's text may repeat the key: only the kind of the error is shown.
        return failed(
            subject,
            f"it does not answer: {type(error).__name__}",
            "check the model's name, the key, the account's credit, and that this machine reaches the provider",
        )
    return _priced(config, name, subject)


def _priced(config: TenantConfig, name: str, subject: str) -> Finding:
    from hub.prices import is_known

    if is_known(config.assistant, name):
        return fine(subject, "it answers, and its price is known")
    return warning(
        subject,
        "it answers, but its price is not known: it counts as a dear one, and the budget ends early",
        "set assistant.model_prices for it",
    )
