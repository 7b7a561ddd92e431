"""Who may pass: the key, what it may do, whose it is, and how often it asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from common.key_format import is_module_token
from odoo_api.api_keys import ApiKey, Scope
from odoo_api.connections import Tenants
from odoo_api.http_api.key_ring import KeyRing
from odoo_api.http_api.operation import Caller
from odoo_api.http_api.problems import Problem
from odoo_api.http_api.rate import RateLimiter, Standing

STANDING: Final = web.RequestKey("standing", Standing)
"""Where a request keeps what its answer says about the rate."""

# Nobody guesses the 256 bits of a key of ours; an old module's token has 32, which are 68 years at this rate.
_FAILURES_PER_SECOND: Final = 1.0
_FAILURES_AT_ONCE: Final = 60.0


def _failures() -> RateLimiter:
    return RateLimiter(_FAILURES_PER_SECOND, _FAILURES_AT_ONCE)


@dataclass(frozen=True)
class Gate:
    """Keys, their tenants, their rates."""

    keys: KeyRing
    tenants: Tenants
    rates: RateLimiter
    failures: RateLimiter = field(default_factory=_failures)
    clock: Callable[[], float] = time.monotonic

    async def caller(self, request: web.Request, scope: Scope, presented: str | None = None) -> Caller:
        """The caller of a request that needs a scope; `presented` is the key when it does not stand in a header.

        Raises:
            Problem: no key, a wrong one, one that may not do this, or too many requests with it.
        """
        presented = presented or presented_key(request)
        if presented is None:
            raise Problem("missing-key")
        if is_module_token(presented) and scope != "legacy":
            # It opens the old paths only; nobody may try here whether it is one.
            raise Problem("invalid-key")
        record = await self._authenticated(presented, _address(request))
        standing = self.rates.take(record.key_id, self.clock())
        request[STANDING] = standing
        if standing.wait > 0:
            raise Problem("too-many-requests")
        if scope not in record.scopes:
            raise Problem("insufficient-scope", f"the scope {scope} is needed")
        if self.tenants.get(record.tenant) is None:
            raise Problem("unknown-tenant")
        return Caller(record.tenant, record.key_id)

    async def _authenticated(self, presented: str, address: str) -> ApiKey:
        """The record of a live key; who was wrong too often is not told whether this one would be right."""
        guessable = is_module_token(presented) and not self.keys.knows(presented)
        if guessable:
            failures = self.failures.look(address, self.clock())
            if failures.wait > 0:
                raise Problem("too-many-requests", "too many wrong tokens came from here", headers=failures.headers())
        record = await self.keys.authenticate(presented)
        if record is None:
            if guessable:
                self.failures.take(address, self.clock())
            raise Problem("invalid-key")
        return record


def presented_key(request: web.Request) -> str | None:
    """The key of a request, from either header."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    return request.headers.get("X-API-Key") or None


def _address(request: web.Request) -> str:
    # The gateway, the only one that reaches this port, writes the address it saw at the end.
    return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or request.remote or ""
