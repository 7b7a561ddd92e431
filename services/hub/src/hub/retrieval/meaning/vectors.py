"""The vectors of one tenant, and what its knowledge wants changed in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from common.knowledge import KnowledgeKind
from hub.retrieval.meaning.endpoint import Endpoint
from hub.retrieval.meaning.table import Matrix, Snapshot, VectorTable, nearest
from hub.retrieval.meaning.texts import VectorKey, text_hash, texts_of
from hub.retrieval.port import Near, Nearest, TenantKnowledge

ItemKey = tuple[KnowledgeKind, str]

_NEAREST: Final = 50
_NUMBER_BYTES: Final = 4


class Wanted(NamedTuple):
    """A text whose vector is missing."""

    key: VectorKey
    hash: bytes
    text: str


class TenantVectors:
    """Vectors of one model, in at most so many bytes: what comes later is found by its words alone.

    Args:
        endpoint: where they come from.
        most_bytes: room for all vectors of the tenant.
        expected: how many there will be, about.
    """

    def __init__(self, endpoint: Endpoint, most_bytes: int, expected: int = 0) -> None:
        self.endpoint = endpoint
        self.changed: dict[ItemKey, int] = {}
        """Items whose vectors may be out of date, the longest ago first, and how often each has changed since."""
        self.left_out: set[VectorKey] = set()
        self._most_bytes = most_bytes
        self._expected = expected
        self._tables: dict[bool, VectorTable] = {}
        self._hashes: dict[VectorKey, bytes] = {}
        self._parts: dict[ItemKey, int] = {}

    def __len__(self) -> int:
        return sum(map(len, self._tables.values()))

    @property
    def size(self) -> int:
        """What the vectors take in memory."""
        return sum(each.size for each in self._tables.values())

    @property
    def hashes(self) -> list[bytes]:
        """The texts that are known."""
        return list(self._hashes.values())

    def mark(self, items: Iterable[ItemKey]) -> None:
        """Note that items have changed."""
        for each in items:
            self.changed[each] = self.changed.get(each, 0) + 1

    def unmark(self, seen: Mapping[ItemKey, int]) -> None:
        """Items are up to date as they were seen; one that has changed since is not."""
        for item, times in seen.items():
            if self.changed.get(item) == times:
                del self.changed[item]

    def out_of_date(self, knowledge: TenantKnowledge, items: Iterable[ItemKey]) -> list[Wanted]:
        """The texts of these items that have no vector yet. What is gone is removed."""
        wanted: list[Wanted] = []
        for kind, item_id in items:
            item = knowledge.item(kind, item_id)
            texts = [f"{self.endpoint.item_prefix}{text}" for text in texts_of(item)] if item else []
            self._trim((kind, item_id), len(texts))
            for part, text in enumerate(texts):
                key, digest = VectorKey(kind, item_id, part), text_hash(text)
                if self._hashes.get(key) != digest:
                    wanted.append(Wanted(key, digest, text))
        return wanted

    @property
    def full(self) -> bool:
        """Whether no vector more fits."""
        row = max((each.dimensions for each in self._tables.values()), default=0) * _NUMBER_BYTES
        return self.size + row > self._most_bytes

    def take(self, wanted: Iterable[Wanted], found: Mapping[bytes, Matrix]) -> None:
        """Take in the vectors that were found; a text without one is not asked for again until it changes."""
        for key, digest, _ in wanted:
            vector = found.get(digest)
            stood = key in self._hashes and key not in self.left_out
            self._hashes[key] = digest
            if vector is not None and (stood or not self.full) and self._fits(vector):
                self._table(key.kind, len(vector)).put(key, vector)
                self.left_out.discard(key)
            else:
                self._remove(key)
                self.left_out.add(key)

    def snapshots(self) -> dict[bool, Snapshot]:
        """What can be searched in another thread now: products (True) and what can be quoted (False)."""
        return {products: table.snapshot() for products, table in self._tables.items()}

    def _fits(self, vector: Matrix) -> bool:
        """A vector of another size is no vector of this model."""
        return {table.dimensions for table in self._tables.values()} <= {len(vector)}

    def _table(self, kind: KnowledgeKind, dimensions: int) -> VectorTable:
        products = kind == "product"
        if products not in self._tables:
            most = self._most_bytes // (dimensions * _NUMBER_BYTES)
            self._tables[products] = VectorTable(dimensions, min(self._expected, most) if products else 0)
        return self._tables[products]

    def _trim(self, item: ItemKey, parts: int) -> None:
        for part in range(parts, self._parts.get(item, 0)):
            key = VectorKey(*item, part)
            self._hashes.pop(key, None)
            self._remove(key)
        if parts:
            self._parts[item] = parts
        else:
            self._parts.pop(item, None)

    def _remove(self, key: VectorKey) -> None:
        table = self._tables.get(key.kind == "product")
        if table is not None:
            table.remove(key)
        self.left_out.discard(key)


def nearest_in(tables: Mapping[bool, Snapshot], vector: Matrix, weight: float) -> Nearest:
    """The nearest products and the nearest of what can be quoted."""
    found = {
        products: tuple(
            Near(key.kind, key.item_id, key.part, similarity) for key, similarity in nearest(table, vector, _NEAREST)
        )
        for products, table in tables.items()
        if table.matrix.shape[1] == len(vector)
    }
    return Nearest(quotable=found.get(False, ()), products=found.get(True, ()), weight=weight)
