"""Items of knowledge as the stream tells of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from common.knowledge import Item, KnowledgeItemChanged, KnowledgeKind

CHANGED_AT: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)


def changed(
    kind: KnowledgeKind, item: Item, tenant: str = "acme", *, at: datetime = CHANGED_AT
) -> KnowledgeItemChanged:
    """An item that is new, or not as it was."""
    return KnowledgeItemChanged(
        tenant=tenant,
        kind=kind,
        item_id=item.id,
        content_hash=item.content_hash(),
        changed_at=at,
        item=item.model_dump(mode="json"),
    )
