"""What old modules and their tools read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from nats.aio.client import Client

from common import subjects
from common.errors import QueryFailed
from common.knowledge import KnowledgeKind
from common.nats.requests import ask
from common.queries import SearchQuery
from common.query_answers import SearchHit, SearchHits
from odoo_api.http_api.problems import invalid_field, query_problem
from odoo_api.knowledge.mirror import KnowledgeMirror
from odoo_api.legacy.access import Visit
from odoo_api.legacy.company import COMPANY_ID
from odoo_api.legacy.ids import Origin, number_of

_SEARCH_SECONDS: Final = 3.0
_MOST: Final = 500
_RULE_KINDS: Final[tuple[KnowledgeKind, ...]] = ("rule", "promotion")
_TYPES: Final = {"exchange": "return"}
"""Categories whose name in the modules is another."""


@dataclass(frozen=True)
class LegacyReads:
    """Reads knowledge in the modules' words."""

    nc: Client
    mirror: KnowledgeMirror

    async def search(self, visit: Visit, query: Mapping[str, str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Rules and promotions for a question; the company comes first, as it always did.

        `similarity_score` compares with the best result: what the assistant's search scores is no similarity.
        """
        text, limit = query.get("query", ""), _whole(query, "limit", 5, 1, 50)
        least = _threshold(query.get("score_threshold"))
        if not text:
            raise invalid_field("query", "a text is required", "missing")
        hits = [each for kind in _RULE_KINDS for each in await self._hits(visit, text, kind, limit)]
        best = max((each.score for each in hits), default=0.0) or 1.0
        scored = sorted(((min(1.0, each.score / best), each) for each in hits), key=lambda pair: -pair[0])
        rows = [await self._found(visit, each, score) for score, each in scored[:limit] if score >= least]
        company = await self._company_row(visit)
        found = [each for each in (company, *rows) if each is not None]
        return found, {"query": text, "limit": limit, "score_threshold": least}

    async def rules(self, visit: Visit, now: datetime) -> list[dict[str, Any]]:
        """All rules and promotions."""
        today = now.astimezone(visit.zone).date()
        return [
            _rule_row(kind, item, today)
            for kind in _RULE_KINDS
            for item in (await self.mirror.page(visit.tenant, kind, after="", limit=_MOST)).items
        ]

    async def page(self, visit: Visit, query: Mapping[str, str], now: datetime) -> dict[str, Any]:
        """One page of them."""
        number, size = _whole(query, "page", 1, 1, 10_000), _whole(query, "page_size", 20, 1, 100)
        rows = await self.rules(visit, now)
        if query.get("active_only", "").lower() in ("1", "true"):
            rows = [each for each in rows if each["active"]]
        if query.get("rule_type"):
            rows = [each for each in rows if each["type"] == query["rule_type"]]
        chosen = rows[(number - 1) * size : number * size]
        pages = -(-len(rows) // size)
        return {"rules": chosen, "total": len(rows), "page": number, "page_size": size, "total_pages": pages}

    async def document_list(self, visit: Visit) -> dict[str, Any]:
        """The documents without their text."""
        items = await self._items(visit, "document")
        rows = [
            {
                "id": number_of(each["id"]),
                "name": each["title"],
                "description": each["source"],
                "document_type": each["source"].rpartition(": ")[2],
                "created_at": None,
                "updated_at": each["updated_at"],
                "status": "synced",
            }
            for each in items
        ]
        return {"documents": rows, "total": len(rows)}

    async def processed_documents(self, visit: Visit) -> dict[str, Any]:
        """The documents with their text."""
        rows = [{**_document_row(each), "format": "structured"} for each in await self._items(visit, "document")]
        return {"found": bool(rows), "documents": rows, "total": len(rows)}

    async def processed_document(self, visit: Visit, document_id: str) -> dict[str, Any]:
        """One document by the id that Odoo has for it."""
        found = await self.mirror.item(visit.tenant, "document", Origin().item_id("document", document_id))
        if found is None:
            return {"found": False, "message": "documento não encontrado"}
        return {"found": True, "document": _document_row(found.item)}

    async def processed_company(self, visit: Visit) -> dict[str, Any]:
        """The company profile."""
        found = await self.mirror.item(visit.tenant, "company", COMPANY_ID)
        return {"found": True, "metadata": found.item} if found else {"found": False, "message": "sem dados da empresa"}

    async def processed_schedules(self, visit: Visit) -> dict[str, Any]:
        """The services."""
        items = await self._items(visit, "schedule")
        return {"found": bool(items), "scheduling_rules": items, "total": len(items)}

    async def _items(self, visit: Visit, kind: KnowledgeKind) -> list[dict[str, Any]]:
        return list((await self.mirror.page(visit.tenant, kind, after="", limit=_MOST)).items)

    async def _hits(self, visit: Visit, text: str, kind: KnowledgeKind, limit: int) -> tuple[SearchHit, ...]:
        query = SearchQuery(tenant=visit.tenant, text=text[:500], kind=kind, limit=limit)
        try:
            hits = await ask(self.nc, subjects.hub_query("search"), query, timeout=_SEARCH_SECONDS, expect=SearchHits)
        except QueryFailed as error:
            raise query_problem(error.code, str(error)) from error
        return hits.results

    async def _found(self, visit: Visit, hit: SearchHit, score: float) -> dict[str, Any] | None:
        found = await self.mirror.item(visit.tenant, hit.kind, hit.id)
        return _hit_row(hit.kind, found.item, score) if found is not None else None

    async def _company_row(self, visit: Visit) -> dict[str, Any] | None:
        found = await self.mirror.item(visit.tenant, "company", COMPANY_ID)
        if found is None:
            return None
        return {
            "rule_id": 0,
            "name": found.item["name"],
            "description": found.item["description"],
            "type": "company_metadata",
            "priority": 1,
            "is_temporary": False,
            "rule_data": found.item,
            "similarity_score": 1.0,
        }


def _hit_row(kind: KnowledgeKind, item: Mapping[str, Any], score: float) -> dict[str, Any]:
    return {
        "rule_id": number_of(item["id"]),
        "name": item["title"],
        "description": item["text"],
        "type": _type(item),
        "priority": _priority(item),
        "is_temporary": kind == "promotion" or item["valid_until"] is not None,
        "rule_data": dict(item),
        "similarity_score": round(score, 4),
    }


def _rule_row(kind: KnowledgeKind, item: Mapping[str, Any], today: date) -> dict[str, Any]:
    begins, ends = item["valid_from"], item["valid_until"]
    holds = (begins is None or begins <= today.isoformat()) and (ends is None or today.isoformat() <= ends)
    return {
        "id": number_of(item["id"]),
        "name": item["title"],
        "description": item["text"],
        "type": _type(item),
        "priority": _priority(item),
        "active": item["active"] and holds,
        "rule_data": {"content": item["text"]},
        "is_temporary": kind == "promotion" or ends is not None,
        "start_date": begins,
        "end_date": ends,
        "created_at": None,
        "updated_at": item["updated_at"],
    }


def _document_row(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": number_of(item["id"]),
        "name": item["title"],
        "description": item["source"],
        "document_type": item["source"].rpartition(": ")[2],
        "original_content": item["text"],
        "original_text": item["text"],
        "processed_text": item["text"],
        "ai_processed": False,
        "has_structured_data": False,
        "structured_data": None,
        "last_updated": item["updated_at"],
    }


def _type(item: Mapping[str, Any]) -> str:
    category = str(item["category"])
    return _TYPES.get(category, category)


def _priority(item: Mapping[str, Any]) -> int:
    """Ours from 0 to 100 as theirs from 1 to 4; what nobody chose is their 2."""
    return 1 + min(3, int(item["priority"]) * 4 // 101)


def _whole(query: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
        raise invalid_field(name, f"must be a whole number from {least} to {most}")
    return int(text)


def _threshold(text: str | None) -> float:
    try:
        value = float(text) if text else 0.0
    except ValueError:
        raise invalid_field("score_threshold", "must be a number from 0 to 1") from None
    if not 0 <= value <= 1:
        raise invalid_field("score_threshold", "must be a number from 0 to 1")
    return value
