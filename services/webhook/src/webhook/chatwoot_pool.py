"""One pooled client per tenant, replaced when the tenant's connection changes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from common.tenants import ChatwootConnection
from webhook.chatwoot_client import REQUEST_SECONDS, ChatwootClient
from webhook.errors import NoConnection

Lookup = Callable[[str], ChatwootConnection | None]


@dataclass
class _Lent:
    client: ChatwootClient
    users: int = 0
    retired: bool = False


class ChatwootPool:
    """Lends clients. One that was replaced is closed when its last user is done with it."""

    def __init__(self, connection_of: Lookup, *, request_seconds: float = REQUEST_SECONDS) -> None:
        self._connection_of = connection_of
        self._request_seconds = request_seconds
        self._lent: dict[str, _Lent] = {}

    @asynccontextmanager
    async def client(self, tenant: str) -> AsyncIterator[ChatwootClient]:
        """The tenant's client, built from the connection as it is now.

        Raises:
            NoConnection: no such tenant is known here.
        """
        lent = await self._current(tenant)
        lent.users += 1
        try:
            yield lent.client
        finally:
            lent.users -= 1
            if lent.retired and not lent.users:
                await lent.client.close()

    async def close(self) -> None:
        """Close every client."""
        for tenant in list(self._lent):
            await self._retire(tenant)

    async def _current(self, tenant: str) -> _Lent:
        connection = self._connection_of(tenant)
        known = self._lent.get(tenant)
        if known and known.client.connection != connection:
            await self._retire(tenant)
            known = None
        if connection is None:
            raise NoConnection(f"no Chatwoot connection for tenant {tenant!r}")
        # Looked up again: another task may have built it while this one was closing the old.
        known = known or self._lent.get(tenant)
        if known is None:
            known = self._lent[tenant] = _Lent(ChatwootClient(connection, request_seconds=self._request_seconds))
        return known

    async def _retire(self, tenant: str) -> None:
        lent = self._lent.pop(tenant)
        lent.retired = True
        if not lent.users:
            await lent.client.close()
