"""Where indexes of idle tenants wait: files of this process, written in one go and read back in milliseconds.

They are a copy of what the stream holds, so nothing here needs to survive the process.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import NamedTuple

import orjson

from common.knowledge import KnowledgeKind


class Stored(NamedTuple):
    """One item as it came from the stream."""

    kind: KnowledgeKind
    content_hash: str
    body: bytes


class ShelvedProducts(NamedTuple):
    """A product index: its database, and the counts that are not in it."""

    database: bytes
    counts: bytes


class Shelf:
    """A folder that is there as long as the process. Names of tenants are safe as file names (`TENANT_PATTERN`)."""

    def __init__(self) -> None:
        self._path = Path(tempfile.mkdtemp(prefix="odoo-ai-knowledge-"))
        self._delete = weakref.finalize(self, shutil.rmtree, self._path, ignore_errors=True)

    def put(self, tenant: str, items: list[Stored], products: ShelvedProducts | None) -> None:
        """Write what a tenant's index is made of."""
        rows = [[each.kind, each.content_hash, each.body.decode()] for each in items]
        (self._path / f"{tenant}.items").write_bytes(orjson.dumps(rows))
        if products is not None:
            (self._path / f"{tenant}.products").write_bytes(products.database)
            (self._path / f"{tenant}.counts").write_bytes(products.counts)

    def take(self, tenant: str) -> tuple[list[Stored], ShelvedProducts | None]:
        """Read it back and forget it."""
        rows = orjson.loads(self._taken(f"{tenant}.items") or b"[]")
        items = [Stored(kind, content_hash, body.encode()) for kind, content_hash, body in rows]
        database, counts = self._taken(f"{tenant}.products"), self._taken(f"{tenant}.counts")
        return items, ShelvedProducts(database, counts) if database and counts else None

    def close(self) -> None:
        """Delete everything."""
        self._delete()

    def _taken(self, name: str) -> bytes:
        path = self._path / name
        if not path.exists():
            return b""
        content = path.read_bytes()
        path.unlink()
        return content
