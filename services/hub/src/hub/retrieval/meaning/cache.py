"""Vectors on disk, one file per tenant, by model and text: a restart or an idle tenant's return pays nothing again.

They are copies that can be bought again, so a disk that fails costs money and never an answer. The texts are the
company's own knowledge; questions of customers are not kept here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import structlog

from hub.retrieval.meaning.table import Matrix

log = structlog.get_logger(__name__)

_WAIT_SECONDS: Final = 5.0
"""Hubs of one machine share the file."""
_READ_AT_ONCE: Final = 500
# Rows of one to eight kB: with small pages, or in an index, most of the file would be the rest of pages.
_SCHEMA: Final = (
    "PRAGMA page_size = 16384",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "CREATE TABLE IF NOT EXISTS vectors (space TEXT, hash BLOB, vector BLOB, UNIQUE (space, hash))",
)


class VectorCache:
    """Reads and writes block: call them in a thread. Names of tenants are safe as file names (`TENANT_PATTERN`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._complained = False

    def read(self, tenant: str, space: str, hashes: Sequence[bytes]) -> dict[bytes, Matrix]:
        """The vectors that are there."""
        found: dict[bytes, Matrix] = {}
        if not self._path(tenant).exists():
            return found
        with self._forgiving(), self._opened(tenant) as database:
            for start in range(0, len(hashes), _READ_AT_ONCE):
                some = hashes[start : start + _READ_AT_ONCE]
                marks = ",".join("?" * len(some))
                statement = f"SELECT hash, vector FROM vectors WHERE space = ? AND hash IN ({marks})"  # noqa: S608
                for key, packed in database.execute(statement, (space, *some)):
                    found[bytes(key)] = np.frombuffer(packed, np.float16).astype(np.float32)
        return found

    def write(self, tenant: str, space: str, vectors: Mapping[bytes, Matrix]) -> None:
        """Keep vectors, in half precision: cosines change in the fourth digit."""
        rows = [(space, key, vector.astype(np.float16).tobytes()) for key, vector in vectors.items()]
        with self._forgiving():
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._opened(tenant) as database:
                database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def keep_only(self, tenant: str, space: str, hashes: Sequence[bytes]) -> None:
        """Forget vectors of other models and of texts that no item has any more."""
        if not self._path(tenant).exists():
            return
        with self._forgiving(), self._opened(tenant) as database:
            database.execute("CREATE TEMP TABLE kept (hash BLOB PRIMARY KEY) WITHOUT ROWID")
            database.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((each,) for each in hashes))
            database.execute("DELETE FROM vectors WHERE space <> ? OR hash NOT IN (SELECT hash FROM kept)", (space,))

    def forget_others(self, tenants: Sequence[str]) -> None:
        """Delete the files of tenants that have no embeddings any more."""
        with self._forgiving():
            for path in self._folder.glob("*.sqlite"):
                if path.stem not in tenants:
                    for each in self._folder.glob(f"{path.name}*"):
                        each.unlink(missing_ok=True)

    def _path(self, tenant: str) -> Path:
        return self._folder / f"{tenant}.sqlite"

    @contextmanager
    def _opened(self, tenant: str) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path(tenant), timeout=_WAIT_SECONDS)
        try:
            for statement in _SCHEMA:
                database.execute(statement)
            with database:
                yield database
        finally:
            database.close()

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if not self._complained:
                self._complained = True
                log.warning("vector_cache_unusable", error=type(error).__name__)
