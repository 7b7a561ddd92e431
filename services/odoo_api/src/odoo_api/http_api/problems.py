"""Every way a request can fail: a closed list with stable URIs, answered as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from common.errors import OdooAiError
from common.query_answers import QueryErrorCode
from odoo_api.knowledge.plan import FieldError

URI_PREFIX: Final = "urn:odoo-ai:problem:"


@dataclass(frozen=True)
class Kind:
    """One kind of problem."""

    slug: str
    status: int
    title: str
    advice: str


_KINDS: Final = (
    Kind("missing-key", 401, "No API key", "Send `Authorization: Bearer <key>` or `X-API-Key: <key>`."),
    Kind(
        "invalid-key", 401, "Invalid API key", "The key is unknown or was revoked; make one with `odoo-ai key create`."
    ),
    Kind("insufficient-scope", 403, "The API key may not do this", "Use a key with the scope that is named."),
    Kind(
        "unknown-tenant", 403, "The key's tenant is not set up", "Apply the tenant's file with `odoo-ai tenant apply`."
    ),
    Kind("missing-account", 400, "account_id is required", "Send `account_id` as the module has it."),
    Kind(
        "wrong-account", 403, "The key is not one of this account", "Compare `legacy.account_id` in the tenant's file."
    ),
    Kind(
        "wrong-signature",
        401,
        "The signature does not fit",
        "Compare `legacy.webhook_secret` in the tenant's file with the module's `webhook_secret_key`.",
    ),
    Kind(
        "not-in-force", 409, "What was sent is not what is configured", "The tenant's file decides: `detail` says what."
    ),
    Kind("not-found", 404, "Not found", "Compare the path with /api/v1/openapi.json."),
    Kind("method-not-allowed", 405, "Method not allowed", "The `Allow` header names the methods."),
    Kind("unreadable-body", 400, "The body cannot be read", "Send one JSON object in UTF-8."),
    Kind("body-too-large", 413, "The body is too large", "Send less at once; PATCH takes a kind in parts."),
    Kind("unsupported-media-type", 415, "Unsupported media type", "Use the type that is named, uncompressed."),
    Kind("invalid-request", 422, "The request does not fit", "`errors` names each field."),
    Kind("unreadable-document", 422, "The file has no text that can be read", "`detail` says why."),
    Kind("idempotency-mismatch", 422, "The Idempotency-Key was used for another request", "Use a new key per request."),
    Kind(
        "idempotency-running", 409, "The first request with this key still runs", "Repeat after `Retry-After` seconds."
    ),
    Kind("too-many-requests", 429, "Too many requests", "Repeat after `Retry-After` seconds."),
    Kind("conflict", 409, "Somebody else wrote at the same time", "Repeat the request."),
    Kind("not-configured", 409, "The tenant has no Odoo", "Add `odoo:` to the tenant's file."),
    Kind("upstream-failed", 502, "A system behind this one failed", "`detail` says which and how."),
    Kind("unavailable", 503, "Not available right now", "Nothing is lost: repeat the same request."),
    Kind("internal-error", 500, "An error of this service", "Report the `request_id`."),
)
PROBLEMS: Final[Mapping[str, Kind]] = {each.slug: each for each in _KINDS}

_BY_QUERY_CODE: Final[Mapping[str, str]] = {
    "not_configured": "not-configured",
    "unknown_tenant": "unknown-tenant",
    "validation": "invalid-request",
    "unreadable": "internal-error",
    "conflict": "conflict",
    "unavailable": "unavailable",
    "auth": "upstream-failed",
    "access": "upstream-failed",
    "missing": "upstream-failed",
    "not_json": "upstream-failed",
}


class ProblemDetails(BaseModel):
    """An error answer."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(examples=[URI_PREFIX + "invalid-request"])
    """Stable; what a program should look at."""
    title: str
    status: int
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    request_id: str = ""
    """The trace id of the request, as in the logs."""


class Problem(OdooAiError):
    """A request that cannot be answered as asked. `slug` is one of `PROBLEMS`."""

    def __init__(
        self,
        slug: str,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.kind = PROBLEMS[slug]
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        super().__init__(f"{slug}: {detail}")


def invalid_field(name: str, message: str, kind: str = "value_error") -> Problem:
    """The problem of one wrong field."""
    return Problem("invalid-request", errors=(FieldError(field=name, type=kind, message=message),))


def query_problem(code: QueryErrorCode | str, message: str) -> Problem:
    """The problem of a query that another service did not answer."""
    slug = _BY_QUERY_CODE.get(code, "unavailable")
    headers = {"Retry-After": "2"} if slug == "unavailable" else {}
    return Problem(slug, message, headers=headers)


def problem_response(problem: Problem, request_id: str) -> web.Response:
    """The answer to the caller."""
    details = ProblemDetails(
        type=URI_PREFIX + problem.kind.slug,
        title=problem.kind.title,
        status=problem.kind.status,
        detail=problem.detail or problem.kind.advice,
        errors=problem.errors,
        request_id=request_id,
    )
    headers = dict(problem.headers)
    if problem.kind.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="odoo-ai"'
    return web.Response(
        body=orjson.dumps(details.model_dump(mode="json")),
        status=problem.kind.status,
        headers=headers,
        content_type="application/problem+json",
    )
