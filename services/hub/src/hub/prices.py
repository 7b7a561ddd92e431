"""What a model costs: the tenant's own prices first, then the public price list that comes with genai-prices."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

import structlog
from genai_prices import Usage, calc_price

from common.tenants import Assistant, ModelPrice

log = structlog.get_logger(__name__)

UNKNOWN: Final = ModelPrice(input=5.0, output=25.0)
"""For a model that nobody has a price of: high, so that the budget holds. `assistant.model_prices` says better."""
UNKNOWN_EMBEDDING: Final = ModelPrice(input=0.2, output=0.0)
"""The same for embeddings: dearer than those that are listed, and cheap enough for a server of one's own."""
_FREE: Final = ModelPrice(input=0.0, output=0.0)
_OWN_MACHINES: Final = ("ollama", "vllm", "lmstudio")
_MILLION: Final = Decimal(1_000_000)


def embedding_cost(assistant: Assistant, model: str, tokens: int) -> Decimal:
    """What it costs to embed so many tokens, in US dollars."""
    return cost(assistant, model, tokens, 0, 0, unknown=UNKNOWN_EMBEDDING)


def cost(
    assistant: Assistant,
    model: str,
    input_tokens: int,
    cached_tokens: int,
    output_tokens: int,
    *,
    unknown: ModelPrice = UNKNOWN,
) -> Decimal:
    """What tokens cost, in US dollars. `cached_tokens` are part of `input_tokens`; `unknown`: if nobody has a price."""
    price = assistant.model_prices.get(model)
    if price is None:
        listed = _listed(model, input_tokens, cached_tokens, output_tokens)
        if listed is not None:
            return listed
        price = _assumed(model, unknown)
    cached = price.input if price.cached_input is None else price.cached_input
    fresh = max(input_tokens - cached_tokens, 0)
    parts = ((fresh, price.input), (cached_tokens, cached), (output_tokens, price.output))
    return sum((Decimal(count) * Decimal(str(each)) for count, each in parts), Decimal(0)) / _MILLION


def is_known(assistant: Assistant, model: str) -> bool:
    """Whether the model's price is the tenant's own, a listed one, or certainly nothing."""
    own = model in assistant.model_prices or model.partition(":")[0] in _OWN_MACHINES
    return own or _listed(model, 1, 0, 1) is not None


def _listed(model: str, input_tokens: int, cached_tokens: int, output_tokens: int) -> Decimal | None:
    provider, _, name = model.partition(":")
    usage = Usage(input_tokens=input_tokens, cache_read_tokens=cached_tokens, output_tokens=output_tokens)
    try:
        return calc_price(usage, name, provider_id=_provider_id(provider)).total_price
    except (LookupError, ValueError):
        return None


def _provider_id(provider: str) -> str:
    """Names of one provider's different APIs mean one price list."""
    return "openai" if provider.startswith("openai-") else provider


@lru_cache(maxsize=128)
def _assumed(model: str, unknown: ModelPrice) -> ModelPrice:
    if model.partition(":")[0] in _OWN_MACHINES:
        return _FREE
    log.warning("model_price_unknown", model=model, assumed_input=unknown.input, assumed_output=unknown.output)
    return unknown
