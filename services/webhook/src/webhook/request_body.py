"""The body of a webhook request: bounded before it is read, and an object when it is parsed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import orjson
from aiohttp import web

BODY_LIMIT: Final = 256 * 1024
"""A parser can spend 350 ms on 1 MB of brackets; Chatwoot's bodies have a few kilobytes."""

_READ_SECONDS = 10.0


class Refusal(Exception):
    """Answer this request with an error. `reason` is for the metrics; the sender reads `message`."""

    def __init__(self, status: int, message: str, reason: str) -> None:
        self.status = status
        self.message = message
        self.reason = reason
        super().__init__(message)


async def read_body(request: web.Request) -> bytes:
    """The raw bytes, as they were signed.

    Raises:
        Refusal: 413, 415, 408, or 400 for a body that breaks off.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Refusal(415, "compressed bodies are not accepted", "compressed")
    if (request.content_length or 0) > BODY_LIMIT:
        raise _too_large()
    try:
        async with asyncio.timeout(_READ_SECONDS):
            return await _bounded(request)
    except TimeoutError:
        raise Refusal(408, "the body did not arrive in time", "slow") from None
    except aiohttp.ClientPayloadError:
        raise Refusal(400, "the body breaks off", "unreadable") from None


async def _bounded(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise _too_large()
    return bytes(body)


def _too_large() -> Refusal:
    return Refusal(413, f"a webhook has at most {BODY_LIMIT} bytes", "too_large")


def parse(body: bytes) -> Mapping[str, Any]:
    """The JSON object in the body.

    Raises:
        Refusal: 400: bad UTF-8, no JSON, nested too deep, or no object.
    """
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refusal(400, "the body is not valid JSON", "unreadable") from None
    if not isinstance(parsed, dict):
        raise Refusal(400, "the body is not a JSON object", "unreadable")
    return parsed
