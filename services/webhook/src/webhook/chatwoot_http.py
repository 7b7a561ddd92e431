"""One HTTP exchange with Chatwoot: bounded in time and size, and every way it can go wrong given a name.

What matters most of a failed POST is whether it may have taken effect: Chatwoot has no idempotency key, and a 500 or a
time-out can come after the row was saved.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal

import httpx
import orjson
from opentelemetry.trace import Span, SpanKind

from common.telemetry import inject, tracer
from webhook.errors import Applied, ChatwootError, NotFound, RateLimited, Refused, Unauthorised, Unavailable

BODY_LIMIT: Final = 8 * 1024 * 1024
LONGEST_RETRY_AFTER: Final = 300.0
_FLOOD_SECONDS = 15.0

_tracer = tracer("webhook")

_NEVER_ARRIVED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.ProxyError,
)
_FINISHED = (httpx.DecodingError, httpx.TooManyRedirects)
# A proxy in front gave up on a Chatwoot that may still be at work.
_STILL_AT_WORK = frozenset({408, 502, 504})


@dataclass(frozen=True)
class Call:
    """One request to be made.

    `template` is the path with `{names}` for what `place` gives: it names the span, so that ids stay out of its name.
    """

    method: Literal["GET", "POST"]
    template: str
    place: Mapping[str, int]
    token: str | None
    """None: whoever asks is told."""
    json: Mapping[str, Any] | None = None
    params: Mapping[str, int | str] | None = None
    expects_json: bool = True
    """False for the calls that Chatwoot answers with an empty body."""


class Exchange:
    """Requests to one Chatwoot."""

    def __init__(self, http: httpx.AsyncClient, *, total_seconds: float, body_limit: int = BODY_LIMIT) -> None:
        """`total_seconds`: from connecting to the last byte; the time-outs of httpx bound single steps only."""
        self._http = http
        self._body_limit = body_limit
        self._total_seconds = total_seconds

    async def send(self, call: Call) -> Any:
        """Send one request and return the decoded answer (None when no JSON is expected).

        Raises:
            ChatwootError: any of its kinds.
        """
        name = f"{call.method} {call.template}"
        with _tracer.start_as_current_span(name, kind=SpanKind.CLIENT) as span:
            span.set_attribute("http.request.method", call.method)
            span.set_attribute("url.template", call.template)
            span.set_attribute("server.address", self._http.base_url.host)
            try:
                return await self._answer(self._request(call), span, expects_json=call.expects_json)
            except ChatwootError as error:
                span.set_attribute("error.type", type(error).__name__)
                raise

    def _request(self, call: Call) -> httpx.Request:
        return self._http.build_request(
            call.method,
            call.template.format(**call.place),
            # The spelling with underscores is dropped by a default nginx; Chatwoot reads both.
            headers=inject({"Api-Access-Token": call.token} if call.token else {}),
            json=call.json,
            params=call.params,
        )

    async def _answer(self, request: httpx.Request, span: Span, *, expects_json: bool) -> Any:
        try:
            async with asyncio.timeout(self._total_seconds):
                response = await self._http.send(request, stream=True)
                try:
                    span.set_attribute("http.response.status_code", response.status_code)
                    body = await _body(response, self._body_limit)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise Unavailable(f"no answer within {self._total_seconds:g} s", applied="in_flight") from error
        except httpx.HTTPError as error:
            raise Unavailable(type(error).__name__, applied=applied_after(error)) from error
        return interpreted(response.status_code, response.headers, body, expects_json=expects_json)


def applied_after(error: httpx.HTTPError) -> Applied:
    """Whether a request that ended in this error can have taken effect."""
    if isinstance(error, _NEVER_ARRIVED):
        return "no"
    return "unknown" if isinstance(error, _FINISHED) else "in_flight"


async def _body(response: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > limit:
            raise Unavailable(f"an answer of more than {limit} bytes", applied="unknown")
    return bytes(body)


def interpreted(status: int, headers: Mapping[str, str], body: bytes, *, expects_json: bool = True) -> Any:
    """Make an answer of Chatwoot a value or an error.

    Raises:
        ChatwootError: any of its kinds.
    """
    if status == 429:
        raise RateLimited("status 429", retry_after=_retry_after(headers.get("Retry-After"), datetime.now(UTC)))
    if status >= 500 or status in _STILL_AT_WORK:
        raise Unavailable(f"status {status}", applied="in_flight" if status in _STILL_AT_WORK else "unknown")
    if 200 <= status < 300 and not expects_json:
        return None
    # Whatever is not JSON was not said by Chatwoot: a proxy, a login page, a tunnel that is down.
    answer = _decoded(status, headers, body)
    if 200 <= status < 300:
        return answer
    raise _refusal(status, answer)


def _decoded(status: int, headers: Mapping[str, str], body: bytes) -> Any:
    content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if 300 <= status < 400:
        raise Unavailable(f"redirected (status {status})", applied="unknown")
    if content_type != "application/json":
        raise Unavailable(f"status {status} with {content_type or 'no'} content type", applied="unknown")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unavailable(f"status {status} with broken JSON", applied="unknown") from error


def _refusal(status: int, answer: Any) -> ChatwootError:
    said = _said(answer)
    if status in (401, 403):
        return Unauthorised(f"status {status}: {said}")
    if status == 404:
        return NotFound(f"status 404: {said}")
    if status == 422 and "Too many messages" in said:
        return RateLimited(f"status 422: {said}", retry_after=_FLOOD_SECONDS, one_conversation=True)
    # Everything raised while a message is created is answered 422; only a validation is sure to precede the save.
    validated = said.startswith("Validation failed") or "only allowed" in said
    # An internal error of Chatwoot may quote what was sent, so its words go no further.
    explained = f"status {status}: {said}" if validated else f"status {status}"
    return Refused(explained, maybe_stored=status == 422 and not validated)


def _said(answer: Any) -> str:
    """Chatwoot's own words, shortened."""
    if not isinstance(answer, dict):
        return ""
    said = answer.get("error") or answer.get("message") or answer.get("errors") or ""
    return str(said)[:200]


def _retry_after(value: str | None, now: datetime) -> float | None:
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(max(until.total_seconds(), 0.0), LONGEST_RETRY_AFTER)
