"""Aims: a catalogue of 50,000 products from the API to searchable in every hub, and one change of it.

Measured from outside, through the gateway, with two hubs. The rival of the sync is the broker alone: as many bare
publishes of the same size, 64 at once, each acknowledged, that nobody checks, compares or indexes. The rival of the one
change is what a client without PATCH has to do: send everything again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import psutil
from support.catalogue import catalogue

from benchmarks import publish
from benchmarks.installation import TENANT, Installation, Wanted, installed
from benchmarks.publish import PublishPlan
from benchmarks.report import Finding, Options, percentile
from common.nats.api import call
from common.nats.requests import ask_all
from common.nats.topology import KNOWLEDGE, MIB, StreamSpec
from common.queries import IndexStatusQuery
from common.query_answers import IndexStatus
from common.subjects import hub_query

HUBS = 2
_CHANGES = 20
_PATH = "/api/v1/knowledge/product"
_BARE = "BENCH_BARE"


async def run(options: Options) -> list[Finding]:
    """Sync, sync again, change single products."""
    size = int(options.pick(50_000, 5_000))
    items = [each.item.model_dump(mode="json", exclude_none=True) for each in catalogue(size)]
    async with installed(options.data_dir, Wanted(scale={"hub": HUBS}, simulator=False)) as system:
        bench = _Sync(system, items)
        first, stored = await bench.replace()
        options.say(f"  {size} products searchable in {HUBS} hubs after {first:.1f} s")
        again, _ = await bench.replace()
        after = await bench.last_sequence()
        changes = [await bench.change(number) for number in range(_CHANGES)]
        bare = await bench.bare_seconds(options.pick(10, 2))
        hubs = [psutil.Process(each.pid).memory_info().rss / MIB for each in system.processes("hub")]
    return [
        Finding(
            f"sync of {size} products, {HUBS} hubs",
            "< 30 s until searchable",
            f"{first:.1f} s",
            f"{size} bare publishes {bare:.1f} s",
            first / bare,
            first < 30,
        ),
        Finding(
            "the same catalogue again",
            "nothing is written",
            f"{after - stored} messages written, {again:.1f} s",
            "",
            None,
            after == stored,
        ),
        Finding(
            f"one product changed among {size}",
            "< 500 ms until searchable",
            f"median {percentile(changes, 0.5) * 1e3:.0f} ms, slowest {max(changes) * 1e3:.0f} ms",
            f"sending all again {again * 1e3:.0f} ms",
            percentile(changes, 0.5) / again,
            max(changes) < 0.5,
            {"seconds": changes},
        ),
        Finding(
            f"memory of a hub with {size} products",
            "< 300 MB",
            f"{max(hubs):.0f} MB",
            "",
            None,
            max(hubs) < 300,
        ),
    ]


class _Sync:
    def __init__(self, system: Installation, items: Sequence[dict[str, Any]]) -> None:
        self._system = system
        self._items = items

    async def replace(self) -> tuple[float, int]:
        """PUT everything; seconds until every hub has all of it, and the stream's last sequence then."""
        began = time.perf_counter()
        told = await self._system.teach("product", self._items)
        sequence = await self.last_sequence()
        if not told["indexed"]:
            await self._indexed(sequence)
        seconds = time.perf_counter() - began
        await self._find(self._items[-1]["name"], self._items[-1]["id"])
        return seconds, sequence

    async def change(self, number: int) -> float:
        """PATCH one product; seconds until a search for its new name finds it."""
        item = {**self._items[number * 7], "name": f"Zyxwort{'abcdefghijklmnopqrst'[number]}lino Azul {number}"}
        began = time.perf_counter()
        answer = await self._system.api.patch(f"{_PATH}?wait=indexed", json={"upsert": [item]})
        answer.raise_for_status()
        if answer.json()["updated"] != 1 or not answer.json()["indexed"]:
            raise RuntimeError(f"the change was not taken: {answer.text}")
        await self._find(item["name"], item["id"])
        return time.perf_counter() - began

    async def last_sequence(self) -> int:
        """Rises with every write to the stream."""
        info = await call(self._system.admin.nc, f"STREAM.INFO.{KNOWLEDGE}")
        return int(info["state"]["last_seq"])

    async def bare_seconds(self, seconds: float) -> float:
        """How long the broker alone takes to store as many messages of the same size."""
        nc = self._system.admin.nc
        state = (await call(nc, f"STREAM.INFO.{KNOWLEDGE}"))["state"]
        spec = StreamSpec(_BARE, "The rival", ("bench.bare",), 64 * MIB, discard="old")
        await call(nc, f"STREAM.CREATE.{_BARE}", spec.config())
        settings = self._system.stack.admin_settings()
        assert settings.nats_nkey_seed is not None
        seed = settings.nats_nkey_seed.get_secret_value().strip()
        size = state["bytes"] // state["messages"]
        result = await publish.measure(PublishPlan(settings.nats_url, seed, "bench.bare", size, 64, seconds))
        return len(self._items) / result.per_second

    async def _indexed(self, sequence: int) -> None:
        """The API waits some seconds only; go on asking until every hub is there."""
        query = IndexStatusQuery(tenant=TENANT, at_least_sequence=sequence)
        for _ in range(10):
            answers = await ask_all(self._system.admin.nc, hub_query("index-status"), query, 40, expected=HUBS)
            if len([each for each in answers if isinstance(each, IndexStatus) and each.reached]) == HUBS:
                return
        raise RuntimeError("the hubs did not index it")

    async def _find(self, text: str, item_id: str) -> None:
        answer = await self._system.api.get(
            "/api/v1/knowledge/search", params={"q": text, "kind": "product", "limit": 20}
        )
        answer.raise_for_status()
        if item_id not in {each["id"] for each in answer.json()["results"]}:
            raise RuntimeError(f"{item_id} is indexed but not found")
