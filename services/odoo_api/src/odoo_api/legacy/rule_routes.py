"""`/api/v1/business-rules/*`, and the paths to which the last generation moved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from odoo_api.legacy.access import Visit
from odoo_api.legacy.company import company_echo
from odoo_api.legacy.pushes import LegacyPushes
from odoo_api.legacy.reads import LegacyReads
from odoo_api.legacy.routes import LegacyRoute, Reply

_BASE = "/api/v1/business-rules"


@dataclass(frozen=True)
class RuleRoutes:
    """Pushes of rules, company, services and documents, and what can be read of them."""

    pushes: LegacyPushes
    reads: LegacyReads
    now: Callable[[], datetime]

    def routes(self) -> list[LegacyRoute]:
        """All of them."""
        posts: dict[str, Callable[[web.Request, Visit], Awaitable[Reply]]] = {
            f"{_BASE}/sync": self.rules,
            f"{_BASE}/sync-company-metadata": self.company,
            f"{_BASE}/sync-scheduling-rules": self.schedules,
            f"{_BASE}/sync-support-documents": self.documents,
            f"{_BASE}/clear-support-documents": self.clear_documents,
            "/api/v1/company-metadata/sync": self.company,
            "/api/v1/scheduling-rules/sync": self.schedules,
            "/api/v1/support-documents/sync": self.documents,
        }
        gets: dict[str, Callable[[web.Request, Visit], Awaitable[Reply]]] = {
            f"{_BASE}/semantic-search": self.search,
            f"{_BASE}/active": self.active,
            f"{_BASE}/documents": self.document_list,
            f"{_BASE}/processed/support-documents": self.processed_documents,
            f"{_BASE}/processed/support-document/{{document_id}}": self.processed_document,
            f"{_BASE}/processed/company-metadata": self.processed_company,
            f"{_BASE}/processed/scheduling-rules": self.processed_schedules,
            _BASE: self.page,
        }
        return [
            *(LegacyRoute("POST", path, each, plain_error="documents" in path) for path, each in posts.items()),
            *(LegacyRoute("GET", path, each) for path, each in gets.items()),
        ]

    async def rules(self, _: web.Request, visit: Visit) -> Reply:
        """All rules of a record."""
        done = await self.pushes.rules(visit.tenant, visit.zone, visit.body)
        return Reply(
            {
                "permanent_rules": done.permanent,
                "temporary_rules": done.temporary,
                "vectorized_rules": done.vectorized,
                "removed_rules": done.removed,
                "sync_status": "completed",
                "timestamp": self._timestamp(),
            }
        )

    async def company(self, _: web.Request, visit: Visit) -> Reply:
        """The company profile."""
        push = await self.pushes.company(visit.tenant, visit.body)
        return Reply({**company_echo(push), "sync_status": "success", "timestamp": self._timestamp()})

    async def schedules(self, _: web.Request, visit: Visit) -> Reply:
        """All services."""
        stored, removed = await self.pushes.schedules(visit.tenant, visit.body)
        return Reply(
            {
                "total_rules": stored,
                "vectorized_rules": stored,
                "removed_rules": removed,
                "sync_status": "success",
                "timestamp": self._timestamp(),
            }
        )

    async def documents(self, _: web.Request, visit: Visit) -> Reply:
        """Some documents. The modules look for the result at the top of the body, other callers inside `data`."""
        done = await self.pushes.documents(visit.tenant, visit.body)
        result: dict[str, Any] = {
            "synced_docs": list(done.synced),
            "total": len(done.synced),
            "message": f"{len(done.synced)} documentos sincronizados, {done.removed} removidos",
        }
        data = {**result, "success": True, "vectorized_documents": len(done.synced), "removed_documents": done.removed}
        return Reply(data, top=result)

    async def clear_documents(self, _: web.Request, visit: Visit) -> Reply:
        """Forget all pushed documents."""
        removed = await self.pushes.clear_documents(visit.tenant)
        return Reply({"documents_removed": removed, "success": True, "message": f"{removed} documentos removidos"})

    async def search(self, request: web.Request, visit: Visit) -> Reply:
        """What the assistant would find."""
        found, meta = await self.reads.search(visit, request.query)
        return Reply(found, meta=meta)

    async def active(self, request: web.Request, visit: Visit) -> Reply:
        """The rules that hold today."""
        rows = await self.reads.rules(visit, self.now())
        wanted = request.query.get("rule_type")
        return Reply([each for each in rows if each["active"] and wanted in (None, "", each["type"])])

    async def page(self, request: web.Request, visit: Visit) -> Reply:
        """Rules by the page."""
        return Reply(await self.reads.page(visit, request.query, self.now()))

    async def document_list(self, _: web.Request, visit: Visit) -> Reply:
        """The stored documents."""
        return Reply(await self.reads.document_list(visit))

    async def processed_documents(self, _: web.Request, visit: Visit) -> Reply:
        """The stored documents with their text."""
        return Reply(await self.reads.processed_documents(visit))

    async def processed_document(self, request: web.Request, visit: Visit) -> Reply:
        """One document with its text."""
        return Reply(await self.reads.processed_document(visit, request.match_info["document_id"]))

    async def processed_company(self, _: web.Request, visit: Visit) -> Reply:
        """The stored company profile."""
        return Reply(await self.reads.processed_company(visit))

    async def processed_schedules(self, _: web.Request, visit: Visit) -> Reply:
        """The stored services."""
        return Reply(await self.reads.processed_schedules(visit))

    def _timestamp(self) -> str:
        return self.now().isoformat()
