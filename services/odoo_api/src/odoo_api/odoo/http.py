"""JSON over HTTP to a server that is not trusted: bounded in time and size, no redirects, nothing but JSON accepted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from odoo_api.odoo.errors import OdooNotJson, OdooUnavailable
from odoo_api.odoo.network_guard import AddressPolicy, GuardedTransport


@dataclass(frozen=True)
class HttpLimits:
    """How long and how much."""

    connect_seconds: float = 3.0
    request_seconds: float = 10.0
    body_bytes: int = 8 * 1024 * 1024
    connections: int = 8


@dataclass(frozen=True)
class HttpAnswer:
    """A whole answer. `json` is None for a body that is not JSON."""

    status: int
    json: Any
    is_json: bool


class JsonHttp:
    """One Odoo server's HTTP connections."""

    def __init__(self, base_url: str, policy: AddressPolicy, limits: HttpLimits, user_agent: str) -> None:
        self._base_url = base_url
        self._limits = limits
        inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=limits.connections), retries=0)
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(policy, inner),
            timeout=httpx.Timeout(limits.request_seconds, connect=limits.connect_seconds),
            # Compressed answers are not asked for: a small body could then unfold into any size.
            headers={"User-Agent": user_agent, "Accept": "application/json", "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> HttpAnswer:
        """Ask once.

        Raises:
            OdooUnavailable: no connection, no answer in time, or a broken one.
            OdooNotJson: the answer is compressed or too large.
        """
        seconds = timeout or self._limits.request_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(method, path, body, dict(headers or {}))
        except TimeoutError as error:
            raise OdooUnavailable(f"Odoo did not answer within {seconds:g} s") from error
        except httpx.TimeoutException as error:
            raise OdooUnavailable(f"Odoo did not answer in time ({type(error).__name__})") from error
        except httpx.TransportError as error:
            raise OdooUnavailable(f"no connection to Odoo ({type(error).__name__})") from error

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None, headers: dict[str, str]) -> HttpAnswer:
        content = None if body is None else orjson.dumps(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        async with self._client.stream(method, self._base_url + path, content=content, headers=headers) as response:
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise OdooNotJson("the answer is compressed although that was not asked for")
            data = await self._read(response)
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            return HttpAnswer(response.status_code, None, is_json=False)
        try:
            return HttpAnswer(response.status_code, orjson.loads(data), is_json=True)
        except orjson.JSONDecodeError:
            return HttpAnswer(response.status_code, None, is_json=False)

    async def _read(self, response: httpx.Response) -> bytes:
        data = bytearray()
        async for chunk in response.aiter_raw():
            data += chunk
            if len(data) > self._limits.body_bytes:
                raise OdooNotJson(f"the answer is larger than {self._limits.body_bytes} bytes")
        return bytes(data)
