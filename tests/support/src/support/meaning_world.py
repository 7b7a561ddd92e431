"""Search by meaning over a knowledge base and the stand-in's embeddings, as a hub puts it together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from support.knowledge_items import changed

from common.health import serve_app
from common.knowledge import Item, KnowledgeItemDeleted, KnowledgeKind, Rule
from common.tenants import Assistant, Embeddings, TenantProfile
from hub.retrieval import KnowledgeBase
from hub.retrieval.meaning.embedder import HttpEmbedder
from hub.retrieval.meaning.endpoint import Endpoint
from hub.retrieval.meaning.keeper import Keeper
from hub.retrieval.meaning.search import MeaningSearch
from hub.retrieval.port import Nearest
from simulator.faults import FaultBoard
from simulator.model.server import ModelServer, build

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = "key-of-the-embeddings"


@dataclass
class MeaningWorld:
    """Knowledge, tenants, an endpoint, and the hub's search by meaning. `most_bytes` counts from the next start on."""

    server: ModelServer
    url: str
    folder: Path
    most_bytes: int = 10_000_000
    knowledge: KnowledgeBase = field(default_factory=KnowledgeBase)
    profiles: dict[str, TenantProfile] = field(default_factory=dict)
    keeper: Keeper | None = None
    search: MeaningSearch | None = None

    async def start(self) -> None:
        """Begin, as at the start of a hub."""
        embedder = HttpEmbedder()
        self.keeper = Keeper(
            self.knowledge, self, embedder, self._endpoint, folder=self.folder, most_bytes=self.most_bytes
        )
        self.search = MeaningSearch(self.keeper, embedder)
        await self.search.start()

    async def stop(self) -> None:
        """Stop; what is on disk stays."""
        if self.search is not None:
            await self.search.stop()
            self.search = None

    def all(self) -> list[TenantProfile]:
        """Every tenant."""
        return list(self.profiles.values())

    def tenant(self, name: str = "acme", **embeddings: Any) -> TenantProfile:
        """Set a tenant up, or anew, with embeddings."""
        settings = Embeddings(**({"model": "stand-in:small", "dimensions": 64} | embeddings))
        profile = TenantProfile(tenant=name, chatwoot_account_id=1, assistant=Assistant(embeddings=settings))
        self.profiles[name] = profile
        return profile

    def put(self, kind: KnowledgeKind, item: Item, tenant: str = "acme") -> None:
        """Tell of an item."""
        change = changed(kind, item, tenant)
        self.knowledge.apply(change, self.knowledge.sequence + 1)

    def drop(self, kind: KnowledgeKind, item_id: str, tenant: str = "acme") -> None:
        """Tell that an item is gone."""
        change = KnowledgeItemDeleted(tenant=tenant, kind=kind, item_id=item_id, changed_at=NOW)
        self.knowledge.apply(change, self.knowledge.sequence + 1)

    def rules(self, number: int, tenant: str = "acme") -> None:
        """Tell of so many rules."""
        for each in range(number):
            self.put("rule", Rule(id=f"r{each}", title=f"Regra {each}", text=f"Texto da regra número {each}."), tenant)

    async def near(self, text: str, tenant: str = "acme") -> Nearest:
        """What the search finds near to a text now."""
        assert self.search is not None
        return (await self.search.near(self.profiles[tenant], [text])).get(text, Nearest())

    async def near_soon(self, text: str, tenant: str = "acme") -> Nearest:
        """The same, once there are vectors."""
        await self.until(lambda: self.kept(tenant) > 0)
        return await self.near(text, tenant)

    def kept(self, tenant: str = "acme") -> int:
        """How many vectors of a tenant are in memory and up to date; 0 while some are missing."""
        assert self.keeper is not None
        vectors = self.keeper.vectors(tenant)
        return len(vectors) if vectors is not None and not vectors.changed else 0

    async def until(self, holds: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait for something."""
        ends = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < ends, "it did not come to that in time"
            await asyncio.sleep(0.01)

    def texts(self) -> list[str]:
        """All texts that were sent to the endpoint, and forget them."""
        texts = [text for request in self.server.embedded for text in request["body"]["input"]]
        self.server.embedded.clear()
        return texts

    def _endpoint(self, tenant: str, settings: Embeddings) -> Endpoint:
        model = settings.model.partition(":")[2]
        return Endpoint(self.url, model, settings.dimensions, KEY, settings.question_prefix, settings.item_prefix)


@asynccontextmanager
async def meaning_world(folder: Path) -> AsyncIterator[MeaningWorld]:
    """An endpoint on loopback; nothing is started yet."""
    server = ModelServer(FaultBoard())
    served = await serve_app(build(server), "127.0.0.1", 0, shutdown_seconds=0.1)
    world = MeaningWorld(server, f"http://127.0.0.1:{served.port}", folder)
    try:
        yield world
    finally:
        await world.stop()
        await served.stop()
