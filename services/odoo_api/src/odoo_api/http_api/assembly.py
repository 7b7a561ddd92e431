"""The HTTP API put together of what the service has."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from aiohttp import web
from nats.aio.client import Client

from common.health import Health
from common.nats.bucket import Bucket
from common.nats.topology import BUCKET_API_KEYS, BUCKET_IDEMPOTENCY, BUCKET_KNOWLEDGE_SYNCS
from common.tenant_directory import TenantDirectory
from odoo_api.connections import OdooConnections
from odoo_api.documents.download import OdooFiles
from odoo_api.documents.reader import DocumentReader
from odoo_api.http_api.assistant_routes import AssistantRoutes
from odoo_api.http_api.gate import Gate
from odoo_api.http_api.idempotency import Idempotency
from odoo_api.http_api.key_ring import KeyRing
from odoo_api.http_api.knowledge_routes import KnowledgeLimits, KnowledgeRoutes
from odoo_api.http_api.operation import Operation
from odoo_api.http_api.product_routes import ProductRoutes
from odoo_api.http_api.rate import RateLimiter
from odoo_api.http_api.server import describe, make_app
from odoo_api.http_api.status_routes import StatusRoutes
from odoo_api.http_api.uploads import UploadRoutes
from odoo_api.knowledge.hub_index import HubIndex
from odoo_api.knowledge.mirror import KnowledgeMirror
from odoo_api.knowledge.sync import KnowledgeSync
from odoo_api.knowledge.sync_log import SyncLog
from odoo_api.legacy.assembly import LegacyParts, legacy_routes
from odoo_api.odoo.network_guard import AddressPolicy
from odoo_api.odoo_state import OdooStates
from odoo_api.product_description import TemplateWriter
from odoo_api.settings import OdooApiSettings


@dataclass(frozen=True)
class HttpApi:
    """Every route of `/api` and of the old modules."""

    settings: OdooApiSettings
    nc: Client
    mirror: KnowledgeMirror
    directory: TenantDirectory
    connections: OdooConnections
    now: Callable[[], datetime]

    @cached_property
    def keys(self) -> KeyRing:
        """The keys; `stop` it last."""
        return KeyRing(self._bucket_of_keys, self.now, time.monotonic)

    def application(self, health: Health) -> web.Application:
        """The application to serve."""
        gate = Gate(self.keys, self.directory, RateLimiter(self.settings.api_requests_per_second))
        return make_app(self._operations(), gate, health, legacy_routes(self._legacy_parts(gate)))

    def document(self) -> dict[str, Any]:
        """The OpenAPI document of it."""
        return describe(self._operations())

    def _operations(self) -> list[Operation]:
        settings = self.settings
        limits = KnowledgeLimits(settings.api_knowledge_body_bytes, settings.api_knowledge_items)
        upload_bytes, body_bytes = settings.api_knowledge_body_bytes, settings.api_body_bytes
        writer, locale_of = TemplateWriter(), self.directory.get
        states = OdooStates(self.connections, self.now)
        return [
            *KnowledgeRoutes(self.nc, self.sync, self.mirror, self._idempotency, limits).operations(),
            *UploadRoutes(self.sync, self._idempotency, self._reader, upload_bytes).operations(),
            *AssistantRoutes(self.nc, body_bytes, settings.api_answer_seconds).operations(),
            *ProductRoutes(writer, self.mirror, locale_of, self._idempotency, body_bytes).operations(),
            *StatusRoutes(self.mirror, self._index, self._past, states, self._bucket_of_keys).operations(),
        ]

    def _legacy_parts(self, gate: Gate) -> LegacyParts:
        return LegacyParts(
            nc=self.nc,
            gate=gate,
            tenants=self.directory,
            sync=self.sync,
            mirror=self.mirror,
            idempotency=self._idempotency,
            reader=self._reader,
            files=OdooFiles(self.directory.odoo, AddressPolicy(self.settings.odoo_private_networks.split())),
            writer=TemplateWriter(),
            body_bytes=self.settings.api_knowledge_body_bytes,
            now=self.now,
        )

    @cached_property
    def _bucket_of_keys(self) -> Bucket:
        return Bucket(self.nc, BUCKET_API_KEYS)

    @cached_property
    def _idempotency(self) -> Idempotency:
        return Idempotency(Bucket(self.nc, BUCKET_IDEMPOTENCY), self.now)

    @cached_property
    def _index(self) -> HubIndex:
        return HubIndex(self.nc, self.settings.api_index_wait_seconds)

    @cached_property
    def _past(self) -> SyncLog:
        return SyncLog(Bucket(self.nc, BUCKET_KNOWLEDGE_SYNCS))

    @cached_property
    def sync(self) -> KnowledgeSync:
        """What writes the tenants' knowledge, whoever sends it."""
        return KnowledgeSync(self.nc, self.mirror, self._index, self._past, self.now)

    @cached_property
    def _reader(self) -> DocumentReader:
        return DocumentReader()
