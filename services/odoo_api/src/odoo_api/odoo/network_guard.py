"""Which addresses a configured Odoo may have: the check runs on the address that is really connected to.

A tenant's base URL is configuration, yet it must not become a way to the machine's neighbours: cloud metadata services,
multicast, or addresses that hide others. The host is resolved here, every address checked, and the connection pinned to
a checked one, so a name that changes its address between check and use (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from odoo_api.odoo.errors import OdooUnavailable

Address = IPv4Address | IPv6Address
Network = str

# Python calls these global although they can embed any IPv4 address, 127.0.0.1 included.
_EMBEDDING = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("2002::/16"))


class AddressPolicy:
    """Globally routable addresses, and the private networks that were named."""

    def __init__(self, private_networks: Sequence[Network]) -> None:
        self._private = tuple(ip_network(each) for each in private_networks)

    def permits(self, address: str) -> bool:
        """Whether a connection to this address may be opened."""
        found: Address = ip_address(address.partition("%")[0])
        if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        if any(found.version == network.version and found in network for network in self._private):
            return True
        if isinstance(found, IPv6Address) and any(found in network for network in _EMBEDDING):
            return False
        return found.is_global and not found.is_multicast


class GuardedTransport(httpx.AsyncBaseTransport):
    """Resolves, checks and pins the address, then hands the request to the ordinary transport."""

    def __init__(self, policy: AddressPolicy, inner: httpx.AsyncBaseTransport) -> None:
        self._policy = policy
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the first permitted address that takes the connection.

        Raises:
            OdooUnavailable: no address of the host is permitted.
        """
        host = request.url.host
        addresses = [each for each in await self._resolve(host, request.url.port) if self._policy.permits(each)]
        if not addresses:
            raise OdooUnavailable("Odoo's address is in a network that ODOO_PRIVATE_NETWORKS does not permit")
        for address in addresses[:-1]:
            try:
                return await self._inner.handle_async_request(self._pinned(request, host, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(self._pinned(request, host, addresses[-1]))

    async def _resolve(self, host: str, port: int | None) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port or 0, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpx.ConnectError(f"the host name cannot be resolved: {error.strerror or 'unknown'}") from error
        return list(dict.fromkeys(str(each[4][0]) for each in found))

    @staticmethod
    def _pinned(request: httpx.Request, host: str, address: str) -> httpx.Request:
        # The Host header is already set from the name; the certificate must still be the name's.
        return httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()
