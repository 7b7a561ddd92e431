"""Keeps the vectors of tenants that have embeddings up to date with their knowledge, in the background."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from common.errors import ConfigurationError
from common.knowledge import KnowledgeKind
from common.metrics import EMBEDDING_CALLS, EMBEDDING_SECONDS, EMBEDDING_TOKENS, VECTORS, VECTORS_LEFT_OUT
from common.nats.tasks import cancel
from common.tenants import Embeddings, TenantProfile
from hub.retrieval.knowledge_base import KnowledgeBase
from hub.retrieval.meaning.backoff import wait_seconds
from hub.retrieval.meaning.batches import BATCH, embed_all
from hub.retrieval.meaning.embedder import Embedder, EmbeddingFailed
from hub.retrieval.meaning.endpoint import Endpoint

if TYPE_CHECKING:
    from hub.retrieval.meaning.cache import VectorCache
    from hub.retrieval.meaning.table import Matrix
    from hub.retrieval.meaning.vectors import TenantVectors, Wanted

log = structlog.get_logger(__name__)

_LOOK_SECONDS: Final = 5.0
"""How often the tenants' settings are looked at; changes of knowledge and questions wake the keeper at once."""
_TURN_SECONDS: Final = 3.0
"""How long one tenant's vectors are worked on before it is the next one's turn."""
_ITEMS_AT_ONCE: Final = 64
_MANY_NEW: Final = 1_000
"""New vectors on disk after which those that nothing needs any more are deleted."""


class Tenants(Protocol):
    """The part of `common.tenant_directory.TenantDirectory` that is needed here."""

    def all(self) -> list[TenantProfile]:
        """Every tenant."""
        ...


FindEndpoint = Callable[[str, Embeddings], Endpoint]
"""The endpoint of a tenant's embeddings; raises ConfigurationError."""


@dataclass
class _Trouble:
    """Why a tenant has to wait, and until when."""

    failures: int = 0
    until: float = 0.0
    told: str = ""


class Keeper:
    """Holds the vectors. Belongs to the event loop's thread; what blocks runs in another.

    Args:
        knowledge: what the items are read from; the keeper listens to its changes.
        tenants: who has embeddings.
        embedder: where vectors come from.
        find_endpoint: the endpoint of a tenant.
        folder: where vectors wait on disk.
        most_bytes: memory for the vectors of all tenants; beyond it those that were asked longest ago leave memory.
    """

    def __init__(
        self,
        knowledge: KnowledgeBase,
        tenants: Tenants,
        embedder: Embedder,
        find_endpoint: FindEndpoint,
        *,
        folder: Path,
        most_bytes: int,
    ) -> None:
        self._knowledge = knowledge
        self._tenants = tenants
        self._embedder = embedder
        self._find_endpoint = find_endpoint
        self._folder = folder
        self._most_bytes = most_bytes
        self._cache: VectorCache | None = None
        self._ready: OrderedDict[str, TenantVectors] = OrderedDict()
        self._building: dict[str, TenantVectors] = {}
        self._resting: set[str] = set()
        self._trouble: dict[str, _Trouble] = {}
        self._new_on_disk: dict[str, int] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to follow."""
        self._knowledge.on_change = self._changed
        self._task = asyncio.create_task(self._run(), name="meaning-keeper")

    async def stop(self) -> None:
        """Stop following. Safe to call when it was not started."""
        if self._task is not None:
            await cancel(self._task)
            self._task = None

    def vectors(self, tenant: str) -> TenantVectors | None:
        """A tenant's vectors, which are then the last to leave memory; None: not there yet, words have to do."""
        if tenant in self._ready:
            self._ready.move_to_end(tenant)
            return self._ready[tenant]
        if tenant in self._resting:
            self._resting.discard(tenant)
            self._wake.set()
        return None

    def _changed(self, tenant: str, kind: KnowledgeKind, item_id: str) -> None:
        for each in (self._ready.get(tenant), self._building.get(tenant)):
            if each is not None:
                each.mark([(kind, item_id)])
                self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            await self._look()
            try:
                await asyncio.wait_for(self._wake.wait(), self._idle_seconds())
            except TimeoutError:
                continue

    def _idle_seconds(self) -> float:
        """Until somebody may be tried again, if that is soon."""
        now = time.monotonic()
        waits = [each.until - now for each in self._trouble.values() if each.until > now]
        return min([_LOOK_SECONDS, *waits])

    async def _look(self) -> None:
        """Bring every tenant up to date that may be, in turns: nobody's change waits for a whole catalogue."""
        wanted = {each.tenant: each.assistant.embeddings for each in self._tenants.all() if each.assistant.embeddings}
        for tenant in [*self._ready, *self._building]:
            if tenant not in wanted:
                self._forget(tenant)
        if not wanted:
            return
        cache = await self._opened_cache(list(wanted))
        for tenant, settings in wanted.items():
            if tenant not in self._resting and self._may_try(tenant):
                await self._try(tenant, settings, cache)

    async def _try(self, tenant: str, settings: Embeddings, cache: VectorCache) -> None:
        try:
            await self._up_to_date(tenant, self._find_endpoint(tenant, settings), cache)
            self._trouble.pop(tenant, None)
        except EmbeddingFailed as failure:
            self._failed(tenant, failure.reason)
        except ConfigurationError as error:
            self._failed(tenant, str(error))

    async def _up_to_date(self, tenant: str, endpoint: Endpoint, cache: VectorCache) -> None:
        ready = self._ready.get(tenant)
        if ready is not None and ready.endpoint == endpoint:
            self._building.pop(tenant, None)
            await self._catch_up(tenant, ready, cache)
            self._make_room()
            return
        # Another model, or none before: the old vectors answer, as long as there are some, until all new ones are here.
        building = self._building.get(tenant)
        if building is None or building.endpoint != endpoint:
            building = self._building[tenant] = await self._new(tenant, endpoint)
        if not await self._catch_up(tenant, building, cache):
            return
        self._ready[tenant] = self._building.pop(tenant)
        self._make_room()
        await asyncio.to_thread(cache.keep_only, tenant, endpoint.space, building.hashes)
        log.info("vectors_ready", tenant=tenant, vectors=len(building), left_out=len(building.left_out))

    async def _new(self, tenant: str, endpoint: Endpoint) -> TenantVectors:
        from hub.retrieval.meaning.vectors import TenantVectors

        knowledge = self._knowledge.tenant(tenant)
        vectors = TenantVectors(endpoint, self._most_bytes, knowledge.count("product"))
        vectors.mark(knowledge.findable())
        return vectors

    async def _catch_up(self, tenant: str, vectors: TenantVectors, cache: VectorCache) -> bool:
        """Work off what changed, for a while; False: there is more. A failure forgets nothing of it."""
        ends = time.monotonic() + _TURN_SECONDS
        while vectors.changed:
            if time.monotonic() >= ends:
                self._wake.set()
                return False
            seen = dict(islice(vectors.changed.items(), _ITEMS_AT_ONCE))
            wanted = vectors.out_of_date(self._knowledge.tenant(tenant), seen)
            await self._take(tenant, vectors, wanted, cache)
            vectors.unmark(seen)
            VECTORS.labels(tenant).set(len(vectors))
            VECTORS_LEFT_OUT.labels(tenant).set(len(vectors.left_out))
            await asyncio.sleep(0)
        if self._new_on_disk.get(tenant, 0) > max(_MANY_NEW, len(vectors)):
            self._new_on_disk[tenant] = 0
            await asyncio.to_thread(cache.keep_only, tenant, vectors.endpoint.space, vectors.hashes)
        return True

    async def _take(self, tenant: str, vectors: TenantVectors, wanted: list[Wanted], cache: VectorCache) -> None:
        if not wanted:
            return
        space = vectors.endpoint.space
        found = await asyncio.to_thread(cache.read, tenant, space, [each.hash for each in wanted])
        missing = {} if vectors.full else {each.hash: each.text for each in wanted if each.hash not in found}
        hashes = list(missing)
        for start in range(0, len(hashes), BATCH):
            some = hashes[start : start + BATCH]
            new = await self._embedded(tenant, vectors.endpoint, {each: missing[each] for each in some})
            await asyncio.to_thread(cache.write, tenant, space, new)
            self._new_on_disk[tenant] = self._new_on_disk.get(tenant, 0) + len(new)
            found |= new
        vectors.take(wanted, found)

    async def _embedded(self, tenant: str, endpoint: Endpoint, texts: dict[bytes, str]) -> dict[bytes, Matrix]:
        from hub.retrieval.meaning.table import unit

        started = time.perf_counter()
        outcome = "cancelled"
        try:
            vectors, tokens = await embed_all(self._embedder, endpoint, list(texts.values()))
            outcome = "ok"
        except EmbeddingFailed as failure:
            outcome = failure.reason
            raise
        finally:
            EMBEDDING_CALLS.labels(tenant, "items", outcome).inc()
            EMBEDDING_SECONDS.labels("items").observe(time.perf_counter() - started)
        EMBEDDING_TOKENS.labels(tenant).inc(tokens)
        pairs = zip(texts, vectors, strict=True)
        return {key: unit(vector) for key, vector in pairs if vector is not None}

    def _make_room(self) -> None:
        while len(self._ready) > 1 and sum(each.size for each in self._ready.values()) > self._most_bytes:
            tenant, _ = self._ready.popitem(last=False)
            self._resting.add(tenant)
            VECTORS.labels(tenant).set(0)
            log.info("vectors_left_memory", tenant=tenant)

    def _forget(self, tenant: str) -> None:
        self._ready.pop(tenant, None)
        self._building.pop(tenant, None)
        VECTORS.labels(tenant).set(0)

    async def _opened_cache(self, tenants: Sequence[str]) -> VectorCache:
        if self._cache is None:
            self._cache = await asyncio.to_thread(_cache, self._folder)
            await asyncio.to_thread(self._cache.forget_others, tenants)
        return self._cache

    def _may_try(self, tenant: str) -> bool:
        return time.monotonic() >= self._trouble.get(tenant, _Trouble()).until

    def _failed(self, tenant: str, why: str) -> None:
        trouble = self._trouble.setdefault(tenant, _Trouble())
        trouble.failures += 1
        wait = wait_seconds(trouble.failures)
        trouble.until = time.monotonic() + wait
        if trouble.told != why:
            # Once for each reason, not once for each try.
            trouble.told = why
            log.warning("vectors_not_up_to_date", tenant=tenant, reason=why, again_in=wait)


def _cache(folder: Path) -> VectorCache:
    # The first import of numpy: not in the thread that serves everybody.
    from hub.retrieval.meaning import vectors  # noqa: F401
    from hub.retrieval.meaning.cache import VectorCache

    return VectorCache(folder)
