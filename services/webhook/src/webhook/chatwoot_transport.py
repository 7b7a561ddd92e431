"""httpx over aiohttp's connections.

httpx's own pool looks at every idle connection at every request and passes each read and write through three layers: a
third of what a busy sender's processor time went to. The client, its requests and its errors stay those of httpx.

Written here and not taken from a package because of the errors: of a request that failed it has to be certain whether
it can have reached Chatwoot, and what is known to do the same calls a connection that broke one that was never made.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Final

import aiohttp
import httpx
from yarl import URL

_NEVER_MADE: Final = {
    aiohttp.ConnectionTimeoutError: httpx.ConnectTimeout,
    aiohttp.ClientConnectorError: httpx.ConnectError,
    aiohttp.InvalidURL: httpx.UnsupportedProtocol,
    aiohttp.NonHttpUrlClientError: httpx.UnsupportedProtocol,
}
_MADE: Final = {
    asyncio.TimeoutError: httpx.ReadTimeout,
    aiohttp.ClientError: httpx.ReadError,
    OSError: httpx.ReadError,
}


def error_of(error: Exception) -> type[httpx.TransportError] | None:
    """The error of httpx for one of aiohttp's; None: it is none of a connection."""
    for known in (_NEVER_MADE, _MADE):
        for theirs, ours in known.items():
            if isinstance(error, theirs):
                return ours
    return None


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends the requests of one `httpx.AsyncClient`."""

    def __init__(self, *, connections: int, idle_seconds: float = 5.0) -> None:
        """`connections`: at most so many at a time; `idle_seconds`: how long one is kept for the next request."""
        self._connections = connections
        self._idle_seconds = idle_seconds
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read the head of the answer.

        Raises:
            httpx.TransportError: any kind; `ConnectError` and `ConnectTimeout` only if nothing was sent.
        """
        limits = request.extensions.get("timeout", {})
        timeout = aiohttp.ClientTimeout(
            connect=limits.get("pool"), sock_connect=limits.get("connect"), sock_read=limits.get("read")
        )
        with _errors_of_httpx():
            answer = await self._connected().request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=[(name.decode("ascii"), value.decode("latin-1")) for name, value in request.headers.raw],
                data=await request.aread() or None,
                allow_redirects=False,
                timeout=timeout,
            )
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer), request=request)

    async def aclose(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    def _connected(self) -> aiohttp.ClientSession:
        """The session, made when a loop runs."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=self._idle_seconds),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            )
        return self._session


class _Body(httpx.AsyncByteStream):
    """An answer's body, as it comes."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors_of_httpx():
            async for chunk in self._answer.content.iter_any():
                yield chunk

    async def aclose(self) -> None:
        # What was not read to its end cannot be used again: the connection is closed then.
        self._answer.release()


@contextmanager
def _errors_of_httpx() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        ours = error_of(error)
        if ours is None:
            raise
        raise ours(type(error).__name__) from error
