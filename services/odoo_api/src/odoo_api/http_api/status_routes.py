"""What a tenant's operator wants to know at a glance: knowledge, hubs, Odoo, keys."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from common.errors import QueryFailed
from common.knowledge import KNOWLEDGE_KINDS, KnowledgeKind
from common.nats.bucket import Bucket
from common.query_answers import IndexStatus
from odoo_api.api_keys import ApiKey, Scope, list_keys
from odoo_api.http_api.answers import answer
from odoo_api.http_api.bodies import query_fields
from odoo_api.http_api.models import NoQuery
from odoo_api.http_api.operation import Caller, Operation
from odoo_api.knowledge.hub_index import HubIndex
from odoo_api.knowledge.mirror import KindState, KnowledgeMirror
from odoo_api.knowledge.sync_log import LastSync, SyncLog
from odoo_api.odoo_state import OdooState, OdooStates


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class KindStatus(_Out):
    """One kind of knowledge."""

    items: int
    last_sync: LastSync | None = Field(description="Null: never since this version.")


class IndexState(_Out):
    """Whether what is stored can be found."""

    complete: bool = Field(description="At least one hub runs, and every running hub has all of it.")
    hubs: int
    behind: int


class KeyUse(_Out):
    """One of the tenant's live keys. `current`: the one of this request."""

    key_id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    last_used_at: datetime | None
    current: bool


class TenantStatus(_Out):
    """The tenant of the key."""

    tenant: str
    knowledge: dict[KnowledgeKind, KindStatus]
    indexed: IndexState
    odoo: OdooState
    keys: tuple[KeyUse, ...]


@dataclass(frozen=True)
class StatusRoutes:
    """The status operation."""

    mirror: KnowledgeMirror
    index: HubIndex
    log: SyncLog
    odoo: OdooStates
    keys: Bucket

    def operations(self) -> list[Operation]:
        """The one operation."""
        return [
            Operation(
                method="GET",
                path="/api/v1/status",
                name="tenantStatus",
                tag="service",
                summary="Knowledge, hubs, Odoo and keys of the tenant",
                handler=self.status,
                scope="knowledge:read",
                response=TenantStatus,
                problems=("invalid-request", "unavailable"),
            )
        ]

    async def status(self, request: web.Request, caller: Caller) -> web.Response:
        """Everything at once."""
        query_fields(request, NoQuery)
        tenant = caller.tenant
        states, hubs, last, odoo, keys = await asyncio.gather(
            self._states(tenant), self._hubs(tenant), self.log.last(tenant), self.odoo.of(tenant),
            list_keys(self.keys, tenant),
        )  # fmt: skip
        return answer(
            TenantStatus(
                tenant=tenant,
                knowledge={
                    kind: KindStatus(items=len(states[kind].items), last_sync=last.get(kind))
                    for kind in KNOWLEDGE_KINDS
                },
                indexed=index_state(max(each.newest for each in states.values()), hubs),
                odoo=odoo,
                keys=key_uses(keys, caller.key_id),
            )
        )

    async def _states(self, tenant: str) -> dict[KnowledgeKind, KindState]:
        found = await asyncio.gather(*(self.mirror.current(tenant, kind) for kind in KNOWLEDGE_KINDS))
        return dict(zip(KNOWLEDGE_KINDS, found, strict=True))

    async def _hubs(self, tenant: str) -> list[IndexStatus]:
        try:
            return await self.index.census(tenant)
        except QueryFailed:
            return []


def index_state(newest: int, hubs: Sequence[IndexStatus]) -> IndexState:
    """How far the hubs are with a tenant whose newest message has this sequence."""
    behind = sum(each.indexed_sequence < newest for each in hubs)
    return IndexState(complete=bool(hubs) and not behind, hubs=len(hubs), behind=behind)


def key_uses(keys: Sequence[ApiKey], current: str) -> tuple[KeyUse, ...]:
    """The live keys, for their owner to see which one is still in use."""
    return tuple(
        KeyUse(
            key_id=each.key_id,
            name=each.name,
            scopes=each.scopes,
            created_at=each.created_at,
            last_used_at=each.last_used_at,
            current=each.key_id == current,
        )
        for each in keys
        if each.revoked_at is None
    )
