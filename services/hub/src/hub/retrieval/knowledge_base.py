"""All tenants' indexes, fed in stream order."""

from __future__ import annotations

from common.knowledge import KnowledgeItemChanged, KnowledgeItemDeleted
from hub.retrieval.port import TenantKnowledge
from hub.retrieval.tenant_index import TenantIndex

Change = KnowledgeItemChanged | KnowledgeItemDeleted


class KnowledgeBase:
    """Holds one index per tenant and applies knowledge messages to them.

    Not thread-safe: it belongs to the event loop's thread, and every call is short.
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
        """Make one change searchable. Applying the same change twice is harmless."""
        index = self._tenants.setdefault(change.tenant, TenantIndex())
        if isinstance(change, KnowledgeItemChanged):
            index.put(change.kind, change.parsed())
        else:
            index.remove(change.kind, change.item_id)
        self._sequence = max(self._sequence, sequence)
