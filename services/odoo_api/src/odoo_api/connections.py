"""One Odoo client per tenant, replaced as soon as the tenant's connection changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from common.errors import QueryFailed
from common.tenants import OdooConnection, TenantProfile
from odoo_api.odoo.client import OdooClient

log = structlog.get_logger(__name__)

# Calls that still run on a replaced client may finish; its request time limit is shorter.
_LINGER_SECONDS = 60.0


class Tenants(Protocol):
    """What is needed of the tenant directory."""

    def get(self, tenant: str) -> TenantProfile | None:
        """The tenant's profile, if there is such a tenant."""
        ...

    def odoo(self, tenant: str) -> OdooConnection | None:
        """The tenant's Odoo, if it has one."""
        ...


class OdooConnections:
    """Hands out the client of a tenant's present connection."""

    def __init__(self, tenants: Tenants, make: Callable[[str, OdooConnection], OdooClient]) -> None:
        self._tenants = tenants
        self._make = make
        self._clients: dict[str, OdooClient] = {}
        self._retiring: set[asyncio.Task[None]] = set()

    def client(self, tenant: str) -> OdooClient:
        """The tenant's client.

        Raises:
            QueryFailed: `unknown_tenant` or `not_configured`.
        """
        if self._tenants.get(tenant) is None:
            raise QueryFailed("unknown_tenant", "there is no such tenant")
        connection = self._tenants.odoo(tenant)
        present = self._clients.get(tenant)
        if present is not None and present.connection == connection:
            return present
        self._drop(tenant)
        if connection is None:
            raise QueryFailed("not_configured", "the tenant has no Odoo")
        self._clients[tenant] = self._make(tenant, connection)
        return self._clients[tenant]

    async def forget(self, tenant: str) -> None:
        """Drop the client of a tenant whose connection changed or went."""
        present = self._clients.get(tenant)
        if present is not None and present.connection != self._tenants.odoo(tenant):
            self._drop(tenant)

    def _drop(self, tenant: str) -> None:
        old = self._clients.pop(tenant, None)
        if old is not None:
            log.info("odoo_connection_replaced", tenant=tenant)
            task = asyncio.create_task(_retire(old))
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    async def close(self) -> None:
        """Close all clients, the replaced ones too."""
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        clients, self._clients = list(self._clients.values()), {}
        await asyncio.gather(*(each.close() for each in clients))


async def _retire(client: OdooClient) -> None:
    try:
        await asyncio.sleep(_LINGER_SECONDS)
    finally:
        await client.close()
