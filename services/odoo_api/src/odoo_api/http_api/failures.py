"""Makes a problem of whatever was raised, and logs what is our fault."""

from __future__ import annotations

import uuid
from typing import Any

import structlog
from aiohttp import web
from opentelemetry import trace

from common.errors import NotReady, PublishFailed, QueryFailed, RevisionConflict
from odoo_api.http_api.problems import Problem, query_problem

log = structlog.get_logger(__name__)


def problem_of(error: Exception, request: web.Request, request_id: str) -> Problem:
    """The problem for the caller; a failure of ours is logged under the same id."""
    problem = _problem_of(error)
    if problem.kind.status >= 500:
        _log_failure(error, problem, route=route_of(request), request_id=request_id)
    return problem


def route_of(request: web.Request) -> str:
    """The route's pattern: a path may hold ids."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "/api/unknown"


def new_request_id() -> str:
    """The trace id, or a random one where there is no trace."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else uuid.uuid4().hex


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, web.HTTPException):
        return _http_problem(error)
    if isinstance(error, QueryFailed):
        return query_problem(error.code, str(error))
    if isinstance(error, RevisionConflict):
        return Problem("conflict")
    if isinstance(error, NotReady | PublishFailed):
        return Problem("unavailable", "the broker cannot store or answer right now", headers={"Retry-After": "2"})
    return Problem("internal-error")


def _log_failure(error: Exception, problem: Problem, **about: str) -> None:
    if problem.kind.slug == "internal-error":
        # The caller gets the id only, the log the traceback under the same id.
        log.error("request_fault", exc_info=error, **about)
    else:
        log.warning("request_failed", problem=problem.kind.slug, error=type(error).__name__, **about)


def _http_problem(error: web.HTTPException) -> Problem:
    slugs: dict[int, str] = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large", 400: "unreadable-body"}
    headers: dict[str, Any] = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    return Problem(slugs.get(error.status, "internal-error"), headers=headers)
