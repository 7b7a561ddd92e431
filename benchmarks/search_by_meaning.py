"""What vectors add to the words and what they cost, with vectors whose quality is known.

First the rules of the suite, part `dev`: how often the right rule comes first by words alone, and with vectors that
are right in none, most or nearly all of the questions (the right rule first, the others in any order). Then many
products in one hub: memory, disk, time of a search, and of a restart that finds its vectors on disk.

    python -m benchmarks.search_by_meaning [--size 50000] [--dimensions 512]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from support.catalogue import catalogue

from benchmarks.report import percentile
from cli.evaluation.suite_files import rule_questions, shop_rules
from common.knowledge import KnowledgeItemChanged
from common.tenants import Assistant, Embeddings, TenantProfile
from hub.retrieval import KnowledgeBase
from hub.retrieval.meaning.embedder import Embedded
from hub.retrieval.meaning.endpoint import Endpoint
from hub.retrieval.meaning.keeper import Keeper
from hub.retrieval.meaning.search import MeaningSearch
from hub.retrieval.port import Near, Nearest
from hub.retrieval.rule_index import RuleIndex

_TENANT: Final = "bench"
_RIGHT: Final = (0.0, 0.6, 0.8, 0.95)
_ASKED: Final = 200
_WEIGHT: Final = 0.25


class RandomVectors:
    """An endpoint that answers at once; what it says means nothing, and costs as much to search."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self.embedded = 0

    async def embed(self, endpoint: Endpoint, texts: Sequence[str], seconds: float) -> Embedded:
        """See `hub.retrieval.meaning.embedder.Embedder`."""
        self.embedded += len(texts)
        numbers = random.Random(texts[0])
        vectors = [[numbers.random() - 0.5 for _ in range(self._dimensions)] for _ in texts]
        return Embedded.model_construct(vectors=vectors, tokens=0)

    async def close(self) -> None:
        """Nothing is open."""


def _rules() -> None:
    index = RuleIndex()
    rules = shop_rules()
    for rule in rules:
        index.put("rule", rule)
    asked = [each for each in rule_questions() if each.split == "dev"]
    numbers = random.Random(9)
    print(f"rules, {len(asked)} questions of dev: right rule first, among the first three")
    print(f"  words alone                 {_found(index, [(q.text, q.right, Nearest()) for q in asked])}")
    for share in _RIGHT:
        near = [(q.text, q.right, _near([rule.id for rule in rules], q.right, share, numbers)) for q in asked]
        print(f"  with vectors right in {share:4.0%}  {_found(index, near)}")


def _near(ids: Sequence[str], right: str, share: float, numbers: random.Random) -> Nearest:
    order = numbers.sample(ids, len(ids))
    if numbers.random() < share:
        order.remove(right)
        order.insert(0, right)
    return Nearest(tuple(Near("rule", each, 0, 0.5) for each in order[:50]), (), _WEIGHT)


def _found(index: RuleIndex, asked: Sequence[tuple[str, str, Nearest]]) -> str:
    hits = [
        ([hit.item.id for hit in index.search(text, 5, lambda _: True, near)], right) for text, right, near in asked
    ]
    first = sum(found[:1] == [right] for found, right in hits) / len(hits)
    three = sum(right in found[:3] for found, right in hits) / len(hits)
    return f"{first:.3f}  {three:.3f}"


class _Tenants:
    def __init__(self, dimensions: int) -> None:
        settings = Embeddings(model="bench:random", dimensions=dimensions)
        self.profile = TenantProfile(tenant=_TENANT, chatwoot_account_id=1, assistant=Assistant(embeddings=settings))

    def all(self) -> list[TenantProfile]:
        return [self.profile]


async def _products(size: int, dimensions: int) -> None:
    knowledge, tenants = KnowledgeBase(), _Tenants(dimensions)
    for sequence, each in enumerate(catalogue(size), start=1):
        item = each.item
        change = KnowledgeItemChanged(
            tenant=_TENANT,
            kind="product",
            item_id=item.id,
            content_hash=item.content_hash(),
            changed_at=datetime(2026, 11, 24, tzinfo=UTC),
            item=item.model_dump(mode="json"),
        )
        knowledge.apply(change, sequence)
    print(f"{size} products, {dimensions} dimensions: {_rss():.0f} MB with words alone")
    with tempfile.TemporaryDirectory() as folder:
        for start in ("first start", "restart"):
            await _started(start, knowledge, tenants, Path(folder), dimensions)


async def _started(start: str, knowledge: KnowledgeBase, tenants: _Tenants, folder: Path, dimensions: int) -> None:
    embedder = RandomVectors(dimensions)
    endpoint = Endpoint("http://127.0.0.1:1", "random", dimensions)
    keeper = Keeper(knowledge, tenants, embedder, lambda *_: endpoint, folder=folder, most_bytes=1_000_000_000)
    search = MeaningSearch(keeper, embedder)
    began = time.perf_counter()
    await search.start()
    while keeper.vectors(_TENANT) is None:
        await asyncio.sleep(0.01)
    ready = time.perf_counter() - began
    took = []
    for number in range(_ASKED):
        began = time.perf_counter()
        await search.near(tenants.profile, [f"pergunta {number}"])
        took.append((time.perf_counter() - began) * 1000)
    await search.stop()
    disk = sum(each.stat().st_size for each in folder.iterdir()) / 1e6
    print(
        f"  {start}: ready after {ready:.1f} s, {embedder.embedded - _ASKED} embedded, {_rss():.0f} MB, "
        f"{disk:.0f} MB on disk, a search {percentile(took, 0.5):.1f} ms, p99 {percentile(took, 0.99):.1f} ms"
    )


def _rss() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument("--dimensions", type=int, default=512)
    options = parser.parse_args()
    _rules()
    asyncio.run(_products(options.size, options.dimensions))


if __name__ == "__main__":
    main()
