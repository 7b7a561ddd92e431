"""`/tools/*`, which two product modules call, and the product paths of the unified server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aiohttp import web
from nats.aio.client import Client
from pydantic import ValidationError

from common import subjects
from common.errors import QueryFailed
from common.nats.requests import ask
from common.queries import SearchQuery
from common.query_answers import SearchHits
from odoo_api.http_api.problems import Problem, invalid_field, query_problem
from odoo_api.knowledge.plan import field_errors
from odoo_api.legacy.access import Visit
from odoo_api.legacy.ids import number_of
from odoo_api.legacy.products import FilePush, LegacyProducts, read_push
from odoo_api.legacy.routes import LegacyRoute, Reply

_SEARCH_SECONDS: Final = 3.0


@dataclass(frozen=True)
class ProductButtons:
    """Descriptions, single products, their files, a search."""

    products: LegacyProducts
    nc: Client
    now: Callable[[], datetime]

    def routes(self) -> list[LegacyRoute]:
        """All of them."""
        base = "/api/v1/products"
        return [
            LegacyRoute("POST", "/tools/generate_product_description", self.describe, plain_error=True),
            LegacyRoute("POST", "/tools/sync_product_to_vector_db", self.store, plain_error=True),
            LegacyRoute("POST", "/tools/sync_support_documents", self.store_files, plain_error=True),
            LegacyRoute("POST", f"{base}/{{product_id}}/description", self.describe),
            LegacyRoute("POST", f"{base}/{{product_id}}/sync", self.store),
            LegacyRoute("POST", f"{base}/search", self.search),
            LegacyRoute("GET", f"{base}/sync-status", self.sync_status),
            LegacyRoute("POST", f"{base}/update-prices", self.no_prices),
        ]

    async def describe(self, request: web.Request, visit: Visit) -> Reply:
        """Write a description."""
        push = read_push(_with_path_id(request, visit))
        written = await self.products.describe(visit.tenant, visit.profile.locale, push)
        data = {
            "product_id": push.product_id,
            "description": written.description,
            "key_features": list(written.key_features),
            "use_cases": list(written.use_cases),
        }
        return Reply(data, top={"description": written.description})

    async def store(self, request: web.Request, visit: Visit) -> Reply:
        """Make a product known to the assistant."""
        push = read_push(_with_path_id(request, visit))
        item_id = await self.products.store(visit.tenant, push)
        data = {
            "product_id": push.product_id,
            "vector_id": item_id,
            "sync_status": "completed",
            "timestamp": self.now().isoformat(),
        }
        return Reply(data, top={"vector_id": item_id})

    async def store_files(self, _: web.Request, visit: Visit) -> Reply:
        """Make attachments of a product known."""
        push, rows = read_push(visit.body), visit.body.get("documents")
        if not isinstance(rows, list):
            raise invalid_field("documents", "a list is required")
        try:
            files = tuple(FilePush.model_validate(each) for each in rows)
        except ValidationError as error:
            raise Problem("invalid-request", errors=field_errors(error)) from error
        synced = await self.products.store_files(visit.tenant, push.product_id, files)
        data = {"synced_docs": synced, "total": len(synced)}
        return Reply(data, top=data)

    async def search(self, _: web.Request, visit: Visit) -> Reply:
        """Products for a question. Prices are not in it: they are Odoo's, live."""
        text, limit = visit.body.get("query"), visit.body.get("limit", 10)
        if not isinstance(text, str) or not text:
            raise invalid_field("query", "a text is required", "missing")
        if not isinstance(limit, int) or not 1 <= limit <= 50:
            raise invalid_field("limit", "must be a whole number from 1 to 50")
        query = SearchQuery(tenant=visit.tenant, text=text[:500], kind="product", limit=limit)
        try:
            hits = await ask(self.nc, subjects.hub_query("search"), query, timeout=_SEARCH_SECONDS, expect=SearchHits)
        except QueryFailed as error:
            raise query_problem(error.code, str(error)) from error
        rows = [
            {
                "product_id": number_of(each.id),
                "name": each.title,
                "description": each.snippet,
                "score": each.score,
                "price": None,
                "category_id": None,
            }
            for each in hits.results
        ]
        return Reply({"results": rows, "total": len(rows)})

    async def sync_status(self, request: web.Request, visit: Visit) -> Reply:
        """Which of some products the assistant knows."""
        rows: list[dict[str, Any]] = []
        for text in filter(None, request.query.get("product_ids", "").split(",")[:200]):
            number = _number(text)
            item_id, item = await self.products.stored(visit.tenant, number)
            known = item is not None and item["active"]
            rows.append(
                {
                    "product_id": number,
                    "sync_status": "synced" if known else "not_synced",
                    "last_sync": None,
                    "vector_id": item_id if known else None,
                }
            )
        synced = sum(each["sync_status"] == "synced" for each in rows)
        return Reply({"total": len(rows), "synced": synced, "not_synced": len(rows) - synced, "products": rows})

    async def no_prices(self, _: web.Request, __: Visit) -> Reply:
        """Prices are changed in Odoo."""
        raise Problem("not-in-force", "prices are Odoo's own: change them there; the assistant reads them live")


def _with_path_id(request: web.Request, visit: Visit) -> dict[str, Any]:
    in_path = request.match_info.get("product_id")
    return {**visit.body, **({"product_id": _number(in_path)} if in_path is not None else {})}


def _number(text: str) -> int:
    if not (text.strip().isascii() and text.strip().isdigit() and len(text) < 10):
        raise invalid_field("product_id", "must be a whole number")
    return int(text)
