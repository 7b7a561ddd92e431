"""Embeddings that cost something count in the tenant's month, like every other call of a model."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final

from common.metrics import MODEL_USD
from common.tenants import Assistant, TenantProfile
from hub.budget import Pays
from hub.ports import Tenants
from hub.retrieval.meaning.embedder import Embedded, Embedder, EmbeddingFailed
from hub.retrieval.meaning.endpoint import Endpoint

_NOT_CHARGED: Final = frozenset({"unreachable", "key_refused", "too_many", "refused"})
"""Providers do not charge for what they refuse."""


Price = Callable[[Assistant, str, int], Decimal]
"""What so many tokens of a model cost a tenant, in US dollars."""


class PaidEmbedder:
    """Asks the budget before each call and books after it. Implements `hub.retrieval.meaning.embedder.Embedder`."""

    def __init__(self, embedder: Embedder, budget: Pays, tenants: Tenants, now: Callable[[], datetime]) -> None:
        self._embedder = embedder
        self._budget = budget
        self._tenants = tenants
        self._now = now
        self._price: Price | None = None

    async def embed(self, endpoint: Endpoint, texts: Sequence[str], seconds: float) -> Embedded:
        """See `Embedder`.

        Raises:
            EmbeddingFailed: `budget` when the month could cost more than the tenant's limit.
        """
        ask = partial(self._embedder.embed, endpoint, texts, seconds)
        payer = self._tenants.get(endpoint.tenant)
        settings = payer.assistant.embeddings if payer else None
        if payer is None or settings is None:
            return await ask()
        price = partial(await self._price_list(), payer.assistant, settings.model)
        # No token is shorter than a byte.
        most = price(sum(len(text.encode()) for text in texts))
        return await self._pay(payer, price, most, ask) if most else await ask()

    async def close(self) -> None:
        """Close the connections."""
        await self._embedder.close()

    async def _pay(
        self,
        payer: TenantProfile,
        price: Callable[[int], Decimal],
        most: Decimal,
        ask: Callable[[], Awaitable[Embedded]],
    ) -> Embedded:
        call = f"embedding-{secrets.token_hex(8)}"
        if not await self._budget.reserve(payer, call, most, self._now()):
            raise EmbeddingFailed("budget")
        spent = most
        try:
            embedded = await ask()
            spent = price(embedded.tokens) if embedded.tokens else most
            return embedded
        except EmbeddingFailed as failure:
            spent = Decimal(0) if failure.reason in _NOT_CHARGED else most
            raise
        finally:
            MODEL_USD.labels(payer.tenant).inc(float(spent))
            await asyncio.shield(self._budget.settle(payer, call, spent, self._now()))

    async def _price_list(self) -> Price:
        # It takes most of a second to load: once, and not in the thread that serves everybody.
        if self._price is None:
            self._price = await asyncio.to_thread(_loaded)
        return self._price


def _loaded() -> Price:
    from hub.prices import embedding_cost

    return embedding_cost
