"""Answers in the envelope of the unified server: `{success, data, error, meta}`, and never 200 for a failure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import orjson
from aiohttp import web

from odoo_api.http_api.problems import Problem

_CODES: Final[Mapping[str, str]] = {
    "missing-key": "AUTHORIZATION_ERROR",
    "invalid-key": "AUTHORIZATION_ERROR",
    "insufficient-scope": "AUTHORIZATION_ERROR",
    "unknown-tenant": "AUTHORIZATION_ERROR",
    "wrong-account": "AUTHORIZATION_ERROR",
    "wrong-signature": "AUTHORIZATION_ERROR",
    "missing-account": "MISSING_ACCOUNT_ID",
    "not-found": "NOT_FOUND_ERROR",
    "too-many-requests": "RATE_LIMIT_ERROR",
    "invalid-request": "VALIDATION_ERROR",
    "unreadable-body": "VALIDATION_ERROR",
    "unreadable-document": "VALIDATION_ERROR",
    "unsupported-media-type": "VALIDATION_ERROR",
    "body-too-large": "VALIDATION_ERROR",
    "not-configured": "CONFIGURATION_ERROR",
    "not-in-force": "CONFIGURATION_ERROR",
    "upstream-failed": "ODOO_CONNECTION_ERROR",
    "unavailable": "SERVICE_UNAVAILABLE_ERROR",
    "conflict": "DATABASE_ERROR",
}


def succeeded(
    data: Any, request_id: str, now: datetime, *, top: Mapping[str, Any] | None = None, **meta: Any
) -> web.Response:
    """A success. `top` stands beside the envelope, for callers that look there."""
    body = {
        **(top or {}),
        "success": True,
        "data": data,
        "error": None,
        "meta": {"timestamp": now.timestamp(), "request_id": request_id, **meta},
    }
    return web.Response(body=orjson.dumps(body), content_type="application/json")


def failed(problem: Problem, request_id: str, now: datetime, *, plain: bool = False) -> web.Response:
    """A failure, as the documents of the unified server describe it (`error`) and as it was answered (`detail`).

    `plain`: `error` is the text alone.
    """
    said = problem.detail or problem.kind.advice
    details = {each.field or "body": each.message for each in problem.errors}
    if details:
        said = "; ".join(f"{name}: {message}" for name, message in details.items())
    error = {"code": _CODES.get(problem.kind.slug, "INTERNAL_SERVER_ERROR"), "message": said, "details": details}
    body = {
        "success": False,
        "data": None,
        "error": said if plain else error,
        "detail": error,
        "meta": {"timestamp": now.timestamp(), "request_id": request_id},
    }
    return web.Response(
        body=orjson.dumps(body), status=problem.kind.status, headers=problem.headers, content_type="application/json"
    )
