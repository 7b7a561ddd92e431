"""Reading request bodies that may be hostile: bounded in bytes and in structure before anything is built of them."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from odoo_api.http_api.problems import Problem
from odoo_api.knowledge.plan import FieldError, field_errors

M = TypeVar("M", bound=BaseModel)

# A megabyte of `[[],[],...]` takes 350 ms to parse. Real items have a handful of brackets each.
_BRACKETS_PER_MEGABYTE: Final = 60_000


async def read_body(request: web.Request, limit: int) -> bytes:
    """The raw body.

    Raises:
        Problem: it is compressed or longer than `limit`.
    """
    refuse_compressed(request)
    if request.content_length is not None and request.content_length > limit:
        raise too_large(limit)
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise too_large(limit)
    return bytes(body)


async def read_json(request: web.Request, limit: int) -> tuple[bytes, Any]:
    """The raw body, and what it says in JSON.

    Raises:
        Problem: media type, size, structure or syntax.
    """
    if request.content_type != "application/json":
        raise Problem("unsupported-media-type", "the body must be application/json")
    body = await read_body(request, limit)
    return body, parse_json(body)


def parse_json(body: bytes) -> Any:
    """Parse a body.

    Raises:
        Problem: not JSON, or far more brackets than content.
    """
    if body.count(b"[") + body.count(b"{") > _BRACKETS_PER_MEGABYTE * (1 + len(body) // 2**20):
        raise Problem("unreadable-body", "the JSON has too many brackets for its size")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem("unreadable-body", f"not JSON: {error}") from error


def fit(model: type[M], data: Any) -> M:
    """Validate a body.

    Raises:
        Problem: names every wrong field.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise Problem("invalid-request", errors=field_errors(error)) from error


def refuse_compressed(request: web.Request) -> None:
    """Refuse bodies with a content encoding.

    Raises:
        Problem: the body is compressed; a small one could unfold into any size.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem("unsupported-media-type", "compressed bodies are not accepted")


def too_large(limit: int) -> Problem:
    """The problem of a body over the limit."""
    return Problem("body-too-large", f"at most {limit} bytes")


def query_fields(request: web.Request, model: type[M]) -> M:
    """Validate the query string.

    Raises:
        Problem: an unknown, repeated or wrong parameter.
    """
    repeated = {name for name in request.query if len(request.query.getall(name)) > 1}
    if repeated:
        errors = [FieldError(field=each, type="repeated", message="given more than once") for each in sorted(repeated)]
        raise Problem("invalid-request", errors=errors)
    return fit(model, dict(request.query))
