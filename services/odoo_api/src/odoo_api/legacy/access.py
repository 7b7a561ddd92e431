"""Who calls: the key decides about the tenant, and the account id that the module names has to be that tenant's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from common.legacy_modules import SIGNATURE_HEADER, is_signed
from common.tenants import LegacyModules, TenantProfile
from odoo_api.http_api.bodies import read_json
from odoo_api.http_api.gate import Gate
from odoo_api.http_api.operation import Caller
from odoo_api.http_api.problems import Problem


class LegacyTenants(Protocol):
    """What is needed of the tenant directory."""

    def get(self, tenant: str) -> TenantProfile | None:
        """The profile."""
        ...

    def legacy(self, tenant: str) -> LegacyModules | None:
        """How the tenant's old modules speak."""
        ...


@dataclass(frozen=True)
class Visit:
    """A request that was let in."""

    tenant: str
    account_id: str
    zone: ZoneInfo
    caller: Caller
    profile: TenantProfile
    body: Mapping[str, Any]
    content: bytes


@dataclass(frozen=True)
class Door:
    """Lets the old modules in."""

    gate: Gate
    tenants: LegacyTenants
    body_bytes: int

    async def enter(self, request: web.Request, account_id: str | None = None, *, by_body: bool = False) -> Visit:
        """Check key, account and signature, and read the body.

        `account_id` is the one of the path, when it stands there; else it is in the query or the body. `by_body`: a
        token in the body counts more than a header, in which these callers send something else.

        Raises:
            Problem: names what is missing or wrong.
        """
        # Nobody's body is read before the key is known, unless the key is in it.
        early = None if by_body else await self._caller(request, request.query.get("token"))
        content, body = await _body(request, self.body_bytes)
        caller = early or await self._caller(request, token_of(body))
        profile = self.tenants.get(caller.tenant)
        if profile is None:
            raise Problem("unknown-tenant")
        named = account_id or request.query.get("account_id") or str(body.get("account_id") or "")
        if not named:
            raise Problem("missing-account")
        if named not in accounts_of(profile, self.tenants.legacy(profile.tenant)):
            raise Problem("wrong-account", f"the key is not one of account {named[:100]}")
        self._check_signature(request, profile.tenant, body)
        return Visit(profile.tenant, named, ZoneInfo(profile.timezone), caller, profile, body, content)

    async def _caller(self, request: web.Request, presented: str | None) -> Caller:
        return await self.gate.caller(request, "legacy", presented)

    def _check_signature(self, request: web.Request, tenant: str, body: Mapping[str, Any]) -> None:
        legacy = self.tenants.legacy(tenant)
        given = request.headers.get(SIGNATURE_HEADER)
        if given is None or legacy is None or legacy.webhook_secret is None:
            return
        if not is_signed(legacy.webhook_secret.get_secret_value(), body, given):
            raise Problem("wrong-signature")


def accounts_of(profile: TenantProfile, legacy: LegacyModules | None) -> frozenset[str]:
    """The account ids that mean this tenant: its own name, and what its file says or the unified server's default."""
    configured = legacy.account_id if legacy is not None else f"account_{profile.chatwoot_account_id}"
    return frozenset({profile.tenant, configured})


def token_of(body: Mapping[str, Any]) -> str | None:
    """The token inside a body, as the credentials module sends it."""
    credentials = body.get("credentials")
    nested = credentials.get("token") if isinstance(credentials, dict) else None
    token = body.get("token") or nested
    return token if isinstance(token, str) and token else None


async def _body(request: web.Request, limit: int) -> tuple[bytes, Mapping[str, Any]]:
    if request.method == "GET" or not request.body_exists:
        return b"", {}
    content, data = await read_json(request, limit)
    if not isinstance(data, dict):
        raise Problem("unreadable-body", "the body must be a JSON object")
    return content, data
