"""All tenants' indexes, fed in stream order."""

from __future__ import annotations

import orjson

from common.knowledge import KnowledgeItemChanged, KnowledgeItemDeleted
from hub.retrieval.port import TenantKnowledge
from hub.retrieval.tenant_index import TenantIndex

Change = KnowledgeItemChanged | KnowledgeItemDeleted


class KnowledgeBase:
    """Holds one index per tenant and applies knowledge messages to them.

    Not thread-safe: it belongs to the event loop's thread, and every call is short. Ask for a tenant's view when it is
    needed: a view kept since before the tenant's first item does not see it.
    """

    def __init__(self) -> None:
        self._tenants: dict[str, TenantIndex] = {}
        self._sequence = 0

    @property
    def sequence(self) -> int:
        """The KNOWLEDGE stream sequence up to which everything is searchable."""
        return self._sequence

    def tenant(self, name: str) -> TenantKnowledge:
        """The view of one tenant; an unknown one knows nothing yet."""
        return self._tenants.get(name) or TenantIndex()

    def apply(self, change: Change, sequence: int) -> None:
        """Make one change searchable. Applying the same change twice is harmless.

        Raises:
            pydantic.ValidationError: the item does not fit its kind; nothing was changed.
        """
        if isinstance(change, KnowledgeItemChanged):
            item = change.parsed()
            index = self._tenants.get(change.tenant)
            if index is None:
                index = self._tenants[change.tenant] = TenantIndex()
            index.put(change.kind, item, change.content_hash, orjson.dumps(change.item))
        elif change.tenant in self._tenants:
            self._tenants[change.tenant].remove(change.kind, change.item_id)
        self.skip(sequence)

    def skip(self, sequence: int) -> None:
        """Take note of a message that changes nothing here."""
        self._sequence = max(self._sequence, sequence)

    def close(self) -> None:
        """Give the memory back."""
        for index in self._tenants.values():
            index.close()
        self._tenants.clear()
