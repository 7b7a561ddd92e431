"""What means nearly the same as a question: a part of the hub that is asked before the words are searched."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from common.breaker import Breaker, BreakerPolicy
from common.metrics import EMBEDDING_CALLS, EMBEDDING_SECONDS, EMBEDDING_TOKENS, MEANING_SEARCHES
from common.tenants import TenantProfile
from hub.personal_data import redact
from hub.retrieval.meaning.embedder import Embedder, EmbeddingFailed
from hub.retrieval.meaning.endpoint import Endpoint
from hub.retrieval.meaning.keeper import Keeper
from hub.retrieval.port import Nearest

if TYPE_CHECKING:
    from hub.retrieval.meaning.table import Matrix
    from hub.retrieval.meaning.vectors import TenantVectors

QUESTION_SECONDS: Final = 0.3
"""How long a customer waits for vectors; then words alone answer."""
_POLICY: Final = BreakerPolicy(failures=3, open_seconds=30.0)
_MOST_TEXTS: Final = 4
_LONGEST: Final = 500
_REMEMBERED: Final = 1_000


class MeaningSearch:
    """Finds by meaning. Implements `hub.retrieval.port.Meanings`."""

    def __init__(self, keeper: Keeper, embedder: Embedder, seconds: float = QUESTION_SECONDS) -> None:
        self._keeper = keeper
        self._embedder = embedder
        self._seconds = seconds
        self._breakers: dict[str, Breaker] = {}
        self._known: OrderedDict[tuple[str, bytes], Matrix] = OrderedDict()

    async def start(self) -> None:
        """Begin to keep vectors; they are not waited for."""
        self._keeper.start()

    async def stop(self) -> None:
        """Stop keeping them."""
        await self._keeper.stop()
        await self._embedder.close()

    async def near(self, tenant: TenantProfile, texts: Sequence[str]) -> dict[str, Nearest]:
        """What is near to each text (see `hub.retrieval.port.Meanings`)."""
        settings = tenant.assistant.embeddings
        asked = [text for text in dict.fromkeys(texts) if text.strip()][:_MOST_TEXTS]
        if settings is None or not asked:
            return {}
        vectors = self._keeper.vectors(tenant.tenant)
        if vectors is None:
            return _without("not_ready")
        breaker = self._breakers.get(tenant.tenant, Breaker())
        if breaker.retry_after(time.monotonic(), _POLICY) > 0:
            return _without("left_alone")
        self._breakers[tenant.tenant] = breaker.admitted(time.monotonic())
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._found(tenant.tenant, vectors, asked, settings.weight)
        except (EmbeddingFailed, TimeoutError) as failure:
            self._breakers[tenant.tenant] = self._breakers[tenant.tenant].failed(time.monotonic(), _POLICY)
            return _without(failure.reason if isinstance(failure, EmbeddingFailed) else "timeout")
        self._breakers[tenant.tenant] = Breaker()
        MEANING_SEARCHES.labels("used").inc()
        return found

    async def _found(
        self, tenant: str, vectors: TenantVectors, asked: Sequence[str], weight: float
    ) -> dict[str, Nearest]:
        from hub.retrieval.meaning.vectors import nearest_in

        questions = await self._embedded(tenant, vectors.endpoint, asked)
        tables = vectors.snapshots()

        def search() -> dict[str, Nearest]:
            return {text: nearest_in(tables, vector, weight) for text, vector in questions.items()}

        return await asyncio.to_thread(search)

    async def _embedded(self, tenant: str, endpoint: Endpoint, asked: Sequence[str]) -> dict[str, Matrix]:
        """The vector of each question. Personal data is removed first: it finds nothing and is nobody's business."""
        masked = {text: f"{endpoint.question_prefix}{redact(text)[:_LONGEST]}" for text in asked}
        missing = [each for each in dict.fromkeys(masked.values()) if _key(endpoint, each) not in self._known]
        if missing:
            await self._ask(tenant, endpoint, missing)
        return {text: self._known[_key(endpoint, words)] for text, words in masked.items()}

    async def _ask(self, tenant: str, endpoint: Endpoint, texts: Sequence[str]) -> None:
        from hub.retrieval.meaning.table import unit

        started = time.perf_counter()
        outcome = "timeout"
        try:
            embedded = await self._embedder.embed(endpoint, texts, self._seconds)
            outcome = "ok"
        except EmbeddingFailed as failure:
            outcome = failure.reason
            raise
        finally:
            EMBEDDING_CALLS.labels(tenant, "question", outcome).inc()
            EMBEDDING_SECONDS.labels("question").observe(time.perf_counter() - started)
        EMBEDDING_TOKENS.labels(tenant).inc(embedded.tokens)
        for text, vector in zip(texts, embedded.vectors, strict=True):
            self._known[_key(endpoint, text)] = unit(vector)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def _without(why: str) -> dict[str, Nearest]:
    MEANING_SEARCHES.labels(why).inc()
    return {}


def _key(endpoint: Endpoint, text: str) -> tuple[str, bytes]:
    # The hash, not the words: what customers wrote is kept in no memory that outlives their turn.
    return endpoint.space, blake2b(text.encode(), digest_size=16).digest()
