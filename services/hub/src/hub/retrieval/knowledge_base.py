"""All tenants' indexes, fed in stream order; those that nobody asks leave memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import orjson

from common.knowledge import KnowledgeItemChanged, KnowledgeItemDeleted, KnowledgeKind
from hub.retrieval.port import TenantKnowledge
from hub.retrieval.shelf import Shelf
from hub.retrieval.tenant_index import TenantIndex

Change = KnowledgeItemChanged | KnowledgeItemDeleted

_ITEMS_IN_MEMORY: Final = 150_000
_TENANT_WORTH: Final = 400
"""What the empty index of a tenant takes, in items."""
_MOST_WAITING: Final = 200
"""Changes kept for a tenant that is out of memory before it is fetched to apply them."""


class KnowledgeBase:
    """Holds one index per tenant and applies knowledge messages to them.

    Not thread-safe: it belongs to the event loop's thread, and every call is short. Ask for a tenant's view when it is
    needed: a view kept since before the tenant's first item does not see it. A view that is held outlives its tenant's
    leaving memory; it then no longer follows the stream.

    Args:
        items_in_memory: How many items may be in memory, all tenants together; beyond it the tenants that were asked
            longest ago wait on disk. The tenant asked last always stays.
    """

    def __init__(self, items_in_memory: int = _ITEMS_IN_MEMORY) -> None:
        self._limit = items_in_memory
        self._tenants: OrderedDict[str, TenantIndex] = OrderedDict()
        self._waiting: dict[str, list[Change]] = {}
        self._worth: dict[str, int] = {}
        self._shelf: Shelf | None = None
        self._sequence = 0
        self.on_change: Callable[[str, KnowledgeKind, str], None] = _nobody
        """Told tenant, kind and id of every item that changed, after it is searchable. At most one may listen."""

    @property
    def sequence(self) -> int:
        """The KNOWLEDGE stream sequence up to which everything is searchable."""
        return self._sequence

    @property
    def in_memory(self) -> tuple[str, ...]:
        """The tenants whose index is in memory, the one asked longest ago first."""
        return tuple(self._tenants)

    def tenant(self, name: str) -> TenantKnowledge:
        """The view of one tenant, fetched from disk if it waits there; an unknown one knows nothing yet."""
        if name not in self._tenants and name not in self._waiting:
            return TenantIndex()
        index = self._present(name)
        self._make_room()
        return index

    def apply(self, change: Change, sequence: int) -> None:
        """Make one change searchable. Applying the same change twice is harmless.

        Raises:
            pydantic.ValidationError: the item does not fit its kind; nothing was changed.
        """
        if change.tenant in self._waiting:
            self._apply_later(change)
        elif isinstance(change, KnowledgeItemChanged) or change.tenant in self._tenants:
            self._apply_now(change)
            self._make_room()
        self.skip(sequence)
        self.on_change(change.tenant, change.kind, change.item_id)

    def skip(self, sequence: int) -> None:
        """Take note of a message that changes nothing here."""
        self._sequence = max(self._sequence, sequence)

    def close(self) -> None:
        """Give memory and files back."""
        for index in self._tenants.values():
            index.close()
        self._tenants.clear()
        self._waiting.clear()
        if self._shelf is not None:
            self._shelf.close()
            self._shelf = None

    def _apply_now(self, change: Change) -> None:
        if not isinstance(change, KnowledgeItemChanged):
            self._tenants[change.tenant].remove(change.kind, change.item_id)
            return
        item = change.parsed()
        index = self._tenants.get(change.tenant)
        if index is None:
            index = self._tenants[change.tenant] = TenantIndex()
        index.put(change.kind, item, change.content_hash, orjson.dumps(change.item))
        self._worth[change.tenant] = index.size + _TENANT_WORTH

    def _apply_later(self, change: Change) -> None:
        """Keep a change of a tenant that is out of memory: a nightly sync must not fetch every one of them."""
        if isinstance(change, KnowledgeItemChanged):
            change.parsed()
        waiting = self._waiting[change.tenant]
        waiting.append(change)
        if len(waiting) >= _MOST_WAITING:
            self._present(change.tenant)
            self._make_room()

    def _present(self, name: str) -> TenantIndex:
        """The index of a known tenant, in memory and asked last."""
        if name in self._waiting:
            waiting = self._waiting.pop(name)
            self._tenants[name] = TenantIndex.restored(*self._shelves().take(name))
            for change in waiting:
                self._apply_now(change)
            self._worth[name] = self._tenants[name].size + _TENANT_WORTH
        self._tenants.move_to_end(name)
        return self._tenants[name]

    def _make_room(self) -> None:
        total = sum(self._worth[name] for name in self._tenants if name in self._worth)
        while total > self._limit and len(self._tenants) > 1:
            name, index = self._tenants.popitem(last=False)
            # Not closed: a turn may still hold the view, and it goes with it.
            self._shelves().put(name, *index.shelved())
            self._waiting[name] = []
            total -= self._worth.pop(name, 0)

    def _shelves(self) -> Shelf:
        if self._shelf is None:
            self._shelf = Shelf()
        return self._shelf


def _nobody(tenant: str, kind: KnowledgeKind, item_id: str) -> None:
    """Nobody listens."""
