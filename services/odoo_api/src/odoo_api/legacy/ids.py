"""Ids of items that old modules pushed: stable over repetitions, apart for each `business.rules` record, never bare."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PREFIX: Final = "legacy-"


@dataclass(frozen=True)
class Origin:
    """Which record a push speaks for. The reference contract does not say (""), the last generation does."""

    record: str = ""

    @property
    def prefix(self) -> str:
        """How the ids of all its items begin."""
        return f"{PREFIX}{self.record or 'main'}-"

    def owns(self, item_id: str) -> bool:
        """Whether a full push may remove an item: its own, and those of the time when records were not told apart."""
        return item_id.startswith((self.prefix, Origin().prefix))

    def item_id(self, model: str, key: str) -> str:
        """The id of a record of a model."""
        return f"{self.prefix}{model}-{key}"


def keys_of(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    """A key for each (id, name, text).

    It is the id where there is one, else made of the name, so that an edited text stays the same item; of the text as
    well where several have the same name.
    """
    names = Counter(name for row_id, name, _ in rows if not row_id)
    return [row_id or _digest(name, text if names[name] > 1 else "") for row_id, name, text in rows]


def number_of(item_id: str) -> int:
    """A number for callers that want one: the record's own where the id ends in it, else a stable one."""
    last = item_id.rpartition("-")[2]
    if last.isascii() and last.isdigit() and len(last) < 10:
        return int(last)
    return int.from_bytes(hashlib.sha256(item_id.encode()).digest()[:4], "big") & 0x7FFFFFFF


def _digest(*parts: str) -> str:
    return "x" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
