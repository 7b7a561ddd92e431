"""Knowledge: replace, change, list, read, search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from aiohttp import web
from nats.aio.client import Client
from pydantic import BaseModel

from common import subjects
from common.errors import QueryFailed
from common.knowledge import ITEM_TYPES, KNOWLEDGE_KINDS, KnowledgeKind
from common.nats.requests import ask
from common.queries import SearchQuery
from common.query_answers import SearchHits
from odoo_api.http_api.answers import answer, plain_answer
from odoo_api.http_api.bodies import fit, query_fields, read_json
from odoo_api.http_api.idempotency import Idempotency
from odoo_api.http_api.models import (
    DESCRIBED,
    ListQuery,
    NoQuery,
    PatchBody,
    ReplaceBody,
    SearchQueryString,
    SearchResults,
    SyncResult,
    WriteQuery,
)
from odoo_api.http_api.operation import Caller, Handler, Operation
from odoo_api.http_api.problems import Problem, invalid_field, query_problem
from odoo_api.knowledge.mirror import KnowledgeMirror
from odoo_api.knowledge.sync import KnowledgeSync, SyncOutcome
from odoo_api.pull.ownership import is_sent_by_the_api

TAG = "knowledge"
_SEARCH_SECONDS = 3.0
_WRITE_PROBLEMS = (
    "unreadable-body",
    "body-too-large",
    "unsupported-media-type",
    "invalid-request",
    "idempotency-running",
    "conflict",
    "unavailable",
)


_WRITE: Final[dict[str, Any]] = {
    "scope": "knowledge:write",
    "query": WriteQuery,
    "idempotent": True,
    "problems": _WRITE_PROBLEMS,
}


@dataclass(frozen=True)
class KnowledgeLimits:
    """Bounds of one request."""

    body_bytes: int
    items: int


@dataclass(frozen=True)
class KnowledgeRoutes:
    """The knowledge operations."""

    nc: Client
    sync: KnowledgeSync
    mirror: KnowledgeMirror
    idempotency: Idempotency
    limits: KnowledgeLimits

    def operations(self) -> list[Operation]:
        """All of them."""
        return [self._search_operation(), *(each for kind in KNOWLEDGE_KINDS for each in self._of_kind(kind))]

    async def search(self, request: web.Request, caller: Caller) -> web.Response:
        """Search the way the assistant does."""
        wanted = query_fields(request, SearchQueryString)
        query = SearchQuery(tenant=caller.tenant, text=wanted.q, kind=wanted.kind, limit=wanted.limit)
        try:
            hits = await ask(self.nc, subjects.hub_query("search"), query, timeout=_SEARCH_SECONDS, expect=SearchHits)
        except QueryFailed as error:
            raise query_problem(error.code, str(error)) from error
        return answer(SearchResults(results=hits.results))

    def replacer(self, kind: KnowledgeKind) -> Handler:
        """PUT of a kind."""

        async def replace_all(request: web.Request, caller: Caller) -> web.Response:
            wait = query_fields(request, WriteQuery).wait is not None
            content, data = await read_json(request, self.limits.body_bytes)
            body = fit(ReplaceBody, data)
            self._check_number("items", len(body.items))

            async def act() -> web.Response:
                # What is read from Odoo belongs to the pull: a full list that was sent does not remove it.
                outcome = await self.sync.replace(caller.tenant, kind, body.items, wait=wait, owns=is_sent_by_the_api)
                return answer(sync_result(outcome))

            return await self.idempotency.run(request, caller, content, act)

        return replace_all

    def patcher(self, kind: KnowledgeKind) -> Handler:
        """PATCH of a kind."""

        async def patch(request: web.Request, caller: Caller) -> web.Response:
            wait = query_fields(request, WriteQuery).wait is not None
            content, data = await read_json(request, self.limits.body_bytes)
            body = fit(PatchBody, data)
            self._check_number("upsert", len(body.upsert) + len(body.delete))

            async def act() -> web.Response:
                outcome = await self.sync.patch(caller.tenant, kind, body.upsert, body.delete, wait=wait)
                return answer(sync_result(outcome))

            return await self.idempotency.run(request, caller, content, act)

        return patch

    def lister(self, kind: KnowledgeKind) -> Handler:
        """GET of a kind."""

        async def page(request: web.Request, caller: Caller) -> web.Response:
            wanted = query_fields(request, ListQuery)
            found = await self.mirror.page(caller.tenant, kind, after=wanted.after, limit=wanted.limit)
            return plain_answer({"items": found.items, "next": found.next, "total": found.total})

        return page

    def reader(self, kind: KnowledgeKind) -> Handler:
        """GET of one item."""

        async def read(request: web.Request, caller: Caller) -> web.Response:
            query_fields(request, NoQuery)
            found = await self.mirror.item(caller.tenant, kind, request.match_info["id"])
            if found is None:
                raise Problem("not-found", f"there is no {kind} with this id")
            return plain_answer(found.item)

        return read

    def _check_number(self, name: str, number: int) -> None:
        if number > self.limits.items:
            raise invalid_field(name, f"{number} items; at most {self.limits.items} in one request", "too_long")

    def _search_operation(self) -> Operation:
        return Operation(
            method="GET",
            path="/api/v1/knowledge/search",
            name="searchKnowledge",
            tag=TAG,
            summary="Search the knowledge the way the assistant does",
            handler=self.search,
            scope="knowledge:read",
            query=SearchQueryString,
            response=SearchResults,
            problems=("invalid-request", "upstream-failed", "unavailable"),
        )

    def _of_kind(self, kind: KnowledgeKind) -> list[Operation]:
        replace_body, patch_body, page = DESCRIBED[kind]
        name, path = ITEM_TYPES[kind].__name__, f"/api/v1/knowledge/{kind}"
        replace_all = Operation(
            method="PUT",
            path=path,
            name=f"replace{name}",
            tag=TAG,
            summary=f"Replace all items of kind `{kind}`",
            description=_REPLACE,
            handler=self.replacer(kind),
            body=replace_body,
            response=SyncResult,
            **_WRITE,
        )
        change = replace(
            replace_all,
            method="PATCH",
            name=f"change{name}",
            summary=f"Add, replace and delete items of kind `{kind}`",
            description=_PATCH,
            handler=self.patcher(kind),
            body=patch_body,
        )
        return [replace_all, change, *self._reads(kind, name, path, page)]

    def _reads(self, kind: KnowledgeKind, name: str, path: str, page: type[BaseModel]) -> list[Operation]:
        listing = Operation(
            method="GET",
            path=path,
            name=f"list{name}",
            tag=TAG,
            summary=f"List the items of kind `{kind}`, ordered by id",
            handler=self.lister(kind),
            scope="knowledge:read",
            query=ListQuery,
            response=page,
            problems=("invalid-request", "unavailable"),
        )
        one = replace(
            listing,
            path=path + "/{id}",
            name=f"read{name}",
            summary=f"Read one item of kind `{kind}`",
            handler=self.reader(kind),
            query=NoQuery,
            response=ITEM_TYPES[kind],
            path_fields={"id": "The item's id."},
            problems=("invalid-request", "not-found", "unavailable"),
        )
        return [listing, one]


def sync_result(outcome: SyncOutcome) -> SyncResult:
    """The answer to a write."""
    return SyncResult(
        received=outcome.received,
        created=len(outcome.created),
        updated=len(outcome.updated),
        unchanged=outcome.unchanged,
        removed=len(outcome.removed),
        rejected=outcome.rejected,
        indexed=outcome.indexed,
    )


_REPLACE = (
    "Afterwards the kind has exactly the accepted items: what is stored and was not sent is removed. Items are checked "
    "one by one; a wrong one is listed in `rejected` and its stored version stays. An id sent twice is rejected both "
    "times. While an item without a readable id is rejected, nothing is removed, because it could be any of them. "
    "Unchanged items are neither stored nor indexed again."
)
_PATCH = (
    "Only what is sent changes. An id that stands in both lists is rejected; deleting an id that is not stored is no "
    "error and is not counted in `removed`."
)
