"""The paths of the old modules, from request to envelope."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from aiohttp import web

from odoo_api.http_api.failures import new_request_id, problem_of
from odoo_api.http_api.idempotency import Idempotency
from odoo_api.legacy.access import Door, Visit
from odoo_api.legacy.envelope import failed, succeeded


@dataclass(frozen=True)
class Reply:
    """What a handler says: `data` of the envelope, what stands beside it, and what goes into `meta`."""

    data: Any
    top: Mapping[str, Any] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)


Handler = Callable[[web.Request, Visit], Awaitable[Reply]]


@dataclass(frozen=True)
class LegacyRoute:
    """A method of a path.

    `account`: where in the path the account id stands; `by_body`: the token is in the body; `plain_error`: the caller
    reads `error` as a text.
    """

    method: Literal["GET", "POST", "PATCH"]
    path: str
    handler: Handler
    account: str | None = None
    by_body: bool = False
    plain_error: bool = False


@dataclass(frozen=True)
class Answerer:
    """What every route does alike."""

    door: Door
    idempotency: Idempotency
    now: Callable[[], datetime]

    def handler(self, route: LegacyRoute) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The aiohttp handler of a route."""

        async def handle(request: web.Request) -> web.StreamResponse:
            request_id = new_request_id()
            try:
                response = await self._answered(route, request, request_id)
            except (ConnectionResetError, asyncio.CancelledError):
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the module gets its envelope
                problem = problem_of(error, request, request_id)
                response = failed(problem, request_id, self.now(), plain=route.plain_error)
            response.headers["Cache-Control"] = "no-store"
            return response

        return handle

    async def _answered(self, route: LegacyRoute, request: web.Request, request_id: str) -> web.Response:
        account = request.match_info[route.account] if route.account else None
        visit = await self.door.enter(request, account, by_body=route.by_body)

        async def act() -> web.Response:
            reply = await route.handler(request, visit)
            return succeeded(reply.data, request_id, self.now(), top=reply.top, **reply.meta)

        if route.method == "GET":
            return await act()
        return await self.idempotency.run(request, visit.caller, visit.content, act)


def app_routes(routes: list[LegacyRoute], answerer: Answerer) -> list[web.RouteDef]:
    """All routes, each also with a trailing slash."""
    found: list[web.RouteDef] = []
    for each in routes:
        handler = answerer.handler(each)
        paths = (each.path.rstrip("/"), each.path.rstrip("/") + "/")
        found += [web.route(each.method, path, handler) for path in paths]
    return found
