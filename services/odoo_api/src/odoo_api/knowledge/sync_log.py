"""When each kind of a tenant's knowledge was last synchronised, and what that did; kept for `GET /api/v1/status`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from pydantic import BaseModel, ConfigDict

from common.errors import OdooAiError
from common.knowledge import KNOWLEDGE_KINDS, KnowledgeKind
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_KNOWLEDGE_SYNCS

log = structlog.get_logger(__name__)

BUCKET: Final = BUCKET_KNOWLEDGE_SYNCS


class LastSync(BaseModel):
    """The counts of a kind's last write, also of one that changed nothing."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    received: int
    created: int
    updated: int
    unchanged: int
    removed: int
    rejected: int


class SyncLog:
    """The last sync of every kind."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def note(self, tenant: str, kind: KnowledgeKind, last: LastSync) -> None:
        """Remember a sync. The sync itself is done: that this cannot be stored is logged and no failure."""
        try:
            await self._bucket.put(f"{tenant}.{kind}", last.model_dump_json().encode())
        except OdooAiError as error:
            log.warning("last_sync_not_noted", tenant=tenant, kind=kind, error=type(error).__name__)

    async def last(self, tenant: str) -> dict[KnowledgeKind, LastSync]:
        """The last sync of each kind that was ever synchronised.

        Raises:
            BrokerUnavailable: the bucket cannot be read.
        """
        entries = await self._bucket.entries(tenant)
        return {
            kind: LastSync.model_validate_json(entries[f"{tenant}.{kind}"].value)
            for kind in KNOWLEDGE_KINDS
            if f"{tenant}.{kind}" in entries
        }
