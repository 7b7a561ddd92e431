"""Vectors in memory: one matrix, searched by brute force, changed in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hub.retrieval.meaning.texts import VectorKey

Matrix = NDArray[np.float32]

_FIRST_ROWS: Final = 64
_GROWTH: Final = 1.5
_DEAD_SHARE: Final = 0.25


class Snapshot(NamedTuple):
    """The table at a moment, to be searched in another thread while the table goes on changing."""

    matrix: Matrix
    keys: list[VectorKey | None]
    rows: int


class VectorTable:
    """Vectors by key. Changed from one thread; rows that are removed stay empty until a quarter of all is."""

    def __init__(self, dimensions: int, expected: int = 0) -> None:
        self.dimensions = dimensions
        # Zeros that were never written take no memory: room for all of them at once saves copies.
        self._matrix: Matrix = np.zeros((expected, dimensions), np.float32)
        self._keys: list[VectorKey | None] = []
        self._rows: dict[VectorKey, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def size(self) -> int:
        """What the rows in use take, in bytes."""
        return len(self._keys) * self.dimensions * self._matrix.itemsize

    def put(self, key: VectorKey, vector: Matrix) -> None:
        """Add or replace a vector of length 1."""
        row = self._rows.get(key)
        if row is None:
            row = self._new_row(key)
        self._matrix[row] = vector

    def remove(self, key: VectorKey) -> bool:
        """Forget a vector. False: it was not there."""
        row = self._rows.pop(key, None)
        if row is None:
            return False
        self._keys[row] = None
        if len(self._keys) - len(self._rows) > max(_FIRST_ROWS, _DEAD_SHARE * len(self._keys)):
            self._compact()
        return True

    def snapshot(self) -> Snapshot:
        """What can be searched now. Later rows are not in it, and a removed one is known by its key."""
        return Snapshot(self._matrix, self._keys, len(self._keys))

    def _new_row(self, key: VectorKey) -> int:
        row = len(self._keys)
        if row == len(self._matrix):
            grown = np.zeros((max(_FIRST_ROWS, int(row * _GROWTH)), self.dimensions), np.float32)
            grown[:row] = self._matrix
            self._matrix = grown
        self._keys.append(key)
        self._rows[key] = row
        return row

    def _compact(self) -> None:
        # New objects: a search in another thread still reads the old ones.
        live = [row for row, key in enumerate(self._keys) if key is not None]
        self._matrix = self._matrix[live]
        self._keys = [self._keys[row] for row in live]
        self._rows = {key: row for row, key in enumerate(self._keys) if key is not None}


def unit(vector: Sequence[float]) -> Matrix:
    """The vector with length 1, so that products of vectors are cosines."""
    array = np.asarray(vector, np.float32)
    return array / np.float32(np.linalg.norm(array))


def nearest(table: Snapshot, vector: Matrix, count: int) -> list[tuple[VectorKey, float]]:
    """The most similar ones (cosine, -1..1), best first. May run in any thread."""
    if not table.rows:
        return []
    similar = table.matrix[: table.rows] @ vector
    best = np.argpartition(-similar, count)[:count] if table.rows > count else np.arange(table.rows)
    best = best[np.argsort(-similar[best], kind="stable")]
    found = ((table.keys[row], float(similar[row])) for row in best)
    return [(key, similarity) for key, similarity in found if key is not None]
