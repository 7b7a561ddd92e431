"""The aiohttp application: keys, rates, traces and errors around the operations."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import orjson
from aiohttp import web
from opentelemetry.trace import SpanKind, StatusCode

from common.health import Health, health_routes
from common.metrics import API_REQUESTS
from common.telemetry import extract, tracer
from odoo_api.http_api.answers import answer
from odoo_api.http_api.docs_page import CONTENT_SECURITY_POLICY, docs_page
from odoo_api.http_api.failures import new_request_id, problem_of, route_of
from odoo_api.http_api.gate import STANDING, Gate
from odoo_api.http_api.models import HealthReport
from odoo_api.http_api.openapi import openapi_document
from odoo_api.http_api.operation import Caller, Operation
from odoo_api.http_api.problems import problem_response

_BODY_LIMIT: Final = 2**63
"""Bodies are counted where they are read, each route with its own limit."""

Work = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(
    operations: Sequence[Operation], gate: Gate, health: Health, other_routes: Sequence[web.RouteDef] = ()
) -> web.Application:
    """The application with its operations, the API document, the page, the health routes, and others."""
    operations = [*operations, *_public_operations(health)]
    document = openapi_document(operations)
    app = web.Application(middlewares=[_traced, _failures_as_problems], client_max_size=_BODY_LIMIT)
    for each in operations:
        app.router.add_route(each.method, each.path.replace("{id}", "{id:.+}"), _guarded(each, gate))
    app.router.add_get("/api/v1/openapi.json", _fixed(orjson.dumps(document), "application/json"))
    page = _fixed(docs_page(document).encode(), "text/html", {"Content-Security-Policy": CONTENT_SECURITY_POLICY})
    for path in ("/api/docs", "/api/docs/"):
        app.router.add_get(path, page)
    app.add_routes([*health_routes(health), *other_routes])
    return app


def describe(operations: Sequence[Operation]) -> dict[str, Any]:
    """The OpenAPI document that an application with these operations serves."""
    return openapi_document([*operations, *_public_operations(Health("odoo_api", ""))])


def _public_operations(health: Health) -> list[Operation]:
    async def report(_: web.Request, __: Caller) -> web.Response:
        found = HealthReport.model_validate(await health.report())
        response = answer(found)
        response.set_status(200 if found.status == "ok" else 503)
        return response

    return [
        Operation(
            method="GET",
            path="/api/v1/health",
            name="health",
            tag="service",
            summary="Is this service ready?",
            handler=report,
            response=HealthReport,
            other_answers={503: "Not ready"},
        )
    ]


def _guarded(operation: Operation, gate: Gate) -> Work:
    async def handle(request: web.Request) -> web.StreamResponse:
        caller = await gate.caller(request, operation.scope) if operation.scope else Caller("", "")
        response = await operation.handler(request, caller)
        response.headers["Cache-Control"] = "no-store"
        return response

    return handle


def _fixed(body: bytes, content_type: str, headers: Mapping[str, str] | None = None) -> Work:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=content_type, charset="utf-8", headers=headers)

    return handle


@web.middleware
async def _traced(request: web.Request, handler: Work) -> web.StreamResponse:
    route = route_of(request)
    if not route.startswith("/api/"):
        return await handler(request)
    context = extract(request.headers)
    with tracer("odoo_api").start_as_current_span(
        f"{request.method} {route}", context=context, kind=SpanKind.SERVER
    ) as span:
        span.set_attribute("http.request.method", request.method)
        span.set_attribute("http.route", route)
        response = await handler(request)
        span.set_attribute("http.response.status_code", response.status)
        if response.status >= 500:
            span.set_status(StatusCode.ERROR)
        API_REQUESTS.labels(route, str(response.status)).inc()
        return response


@web.middleware
async def _failures_as_problems(request: web.Request, handler: Work) -> web.StreamResponse:
    try:
        response = await handler(request)
    except (ConnectionResetError, asyncio.CancelledError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets a problem and the log the traceback
        request_id = new_request_id()
        response = problem_response(problem_of(error, request, request_id), request_id)
    if STANDING in request:
        response.headers.update(request[STANDING].headers())
    return response
