"""Asks each Chatwoot for its version once in a while, and remembers what it can do."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from webhook.capabilities import UNKNOWN, Capabilities, capabilities_of
from webhook.chatwoot_pool import ChatwootPool
from webhook.errors import ChatwootError

REMEMBER_SECONDS: Final = 600.0
"""An update of Chatwoot is noticed within this time."""
ASK_AGAIN_SECONDS: Final = 30.0
"""After a question that was not answered."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Known:
    capabilities: Capabilities
    until: float


class CapabilityProbe:
    """The capabilities of the Chatwoot behind each tenant. Tenants of one server share an answer."""

    def __init__(self, pool: ChatwootPool, *, monotonic: Callable[[], float]) -> None:
        """`monotonic`: seconds on a clock that never goes back."""
        self._pool = pool
        self._monotonic = monotonic
        self._known: dict[str, _Known] = {}
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, tenant: str) -> Capabilities:
        """What the tenant's Chatwoot can do, at most `REMEMBER_SECONDS` old.

        A server that does not answer keeps what it was known for; one that never answered is `UNKNOWN`.

        Raises:
            NoConnection: no such tenant is known here.
        """
        async with self._pool.client(tenant) as client:
            url = client.connection.url
            async with self._asking[url]:
                known = self._known.get(url)
                now = self._monotonic()
                if known is not None and now < known.until:
                    return known.capabilities
                try:
                    fresh = _Known(capabilities_of(await client.version()), now + REMEMBER_SECONDS)
                except ChatwootError as error:
                    log.warning("chatwoot_version_unknown", tenant=tenant, error=type(error).__name__)
                    fresh = _Known(known.capabilities if known else UNKNOWN, now + ASK_AGAIN_SECONDS)
                self._known[url] = fresh
                return fresh.capabilities
