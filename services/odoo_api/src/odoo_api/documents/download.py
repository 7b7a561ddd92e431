"""A file whose address a caller gave: fetched from the tenant's own Odoo and from nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

from common.errors import QueryFailed
from common.tenants import OdooConnection
from odoo_api.documents.limits import UnreadableDocument
from odoo_api.odoo.network_guard import AddressPolicy, GuardedTransport

MOST_BYTES: Final = 20 * 1024 * 1024
_SECONDS: Final = 15.0


class OdooFiles:
    """Fetches attachments, without credentials: what is not public or has no access token in its address is refused."""

    def __init__(self, odoo_of: Callable[[str], OdooConnection | None], policy: AddressPolicy) -> None:
        self._odoo_of = odoo_of
        self._policy = policy

    async def fetch(self, tenant: str, url: str) -> bytes:
        """The bytes of a file.

        Raises:
            QueryFailed: `not_configured`: the tenant has no Odoo, so there is no address that may be asked.
            UnreadableDocument: another address than Odoo's, no answer, an error or a redirect, or too large.
        """
        connection = self._odoo_of(tenant)
        if connection is None:
            raise QueryFailed("not_configured", "files are read from the tenant's Odoo, and it has none")
        address = own_address(connection.url, url)
        transport = GuardedTransport(self._policy, httpx.AsyncHTTPTransport(retries=0))
        headers = {"Accept-Encoding": "identity"}
        try:
            async with asyncio.timeout(_SECONDS):
                async with httpx.AsyncClient(transport=transport, trust_env=False, headers=headers) as client:
                    return await _read(client, address)
        except (TimeoutError, httpx.HTTPError) as error:
            raise UnreadableDocument(f"Odoo did not send the file ({type(error).__name__})") from error


def own_address(base_url: str, url: str) -> str:
    """The address of a file in an Odoo.

    Raises:
        UnreadableDocument: it is elsewhere.
    """
    elsewhere = UnreadableDocument("the file's address is not in the tenant's Odoo")
    try:
        base, address = urlsplit(base_url), urlsplit(urljoin(base_url + "/", url))
        same = (base.scheme, base.hostname, base.port) == (address.scheme, address.hostname, address.port)
    except ValueError:
        raise elsewhere from None
    if not same or address.username is not None or address.password is not None:
        raise elsewhere
    return address.geturl()


async def _read(client: httpx.AsyncClient, address: str) -> bytes:
    data = bytearray()
    async with client.stream("GET", address) as response:
        if response.status_code != httpx.codes.OK:
            raise UnreadableDocument(f"Odoo answered {response.status_code} for the file; is it public?")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise UnreadableDocument("Odoo sent the file compressed although that was not asked for")
        async for chunk in response.aiter_raw():
            data += chunk
            if len(data) > MOST_BYTES:
                raise UnreadableDocument(f"the file is larger than {MOST_BYTES // 2**20} MiB")
    return bytes(data)
