"""Whose webhook it is: decided by the path or the addressed inbox, and proved by that tenant's secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from aiohttp import web

from common.tenants import ChatwootConnection, TenantProfile
from common.webhook_secrets import SignedKind
from webhook.address import address_of, candidates
from webhook.request_body import Refusal
from webhook.signature import Guard, Proof

_BEARER: Final = "bearer "


class Tenants(Protocol):
    """The tenants this process knows; `common.tenant_directory.TenantDirectory` is one."""

    def get(self, tenant: str) -> TenantProfile | None:
        """The profile, or None."""

    def all(self) -> Sequence[TenantProfile]:
        """Every tenant."""

    def chatwoot(self, tenant: str) -> ChatwootConnection | None:
        """The connection, or None."""


def proof_of(request: web.Request, *, legacy: bool) -> Proof:
    """What the request brings. Only the legacy paths know tokens outside the path."""
    return Proof(
        timestamp=request.headers.get("X-Chatwoot-Timestamp"),
        signature=request.headers.get("X-Chatwoot-Signature"),
        path_token=request.match_info.get("path_token"),
        legacy_token=_legacy_token(request) if legacy else None,
    )


def _legacy_token(request: web.Request) -> str | None:
    authorization = request.headers.get("Authorization", "")
    if authorization.lower().startswith(_BEARER):
        return authorization[len(_BEARER) :].strip()
    return request.query.get("token")


@dataclass(frozen=True)
class Admitted:
    """A tenant whose credentials fit, and the kind of delivery they belong to (None: not told)."""

    tenant: TenantProfile
    kind: SignedKind | None


def by_path(tenants: Tenants, tenant: str, proof: Proof, body: bytes, now: float) -> Admitted:
    """The tenant named in the path.

    Raises:
        Refusal: 404 for a tenant nobody applied, after the same work; 401 without a word why.
    """
    profile, connection = tenants.get(tenant), tenants.chatwoot(tenant)
    judged = Guard.of(connection).judge(proof, body, now)
    if profile is None or connection is None:
        raise _unknown_tenant()
    if judged.verdict != "genuine":
        raise unauthorised(judged.verdict)
    return Admitted(profile, judged.kind)


def by_address(tenants: Tenants, parsed: Mapping[str, Any], proof: Proof, body: bytes, now: float) -> Admitted:
    """The tenant whose account and inbox the body names, if the body is proved by that tenant's secret.

    Account ids repeat from one Chatwoot to the next: of several candidates, the one whose secret fits is meant.

    Raises:
        Refusal: 404 when nobody has that account; 401 without a word why.
    """
    found = candidates(tenants.all(), address_of(parsed))
    guards = [Guard.of(tenants.chatwoot(each.tenant)) for each in found] or [Guard.of(None)]
    # All of them are tried, also after one has fitted: the time must not tell how many there are.
    judged = [guard.judge(proof, body, now) for guard in guards]
    if not found:
        raise _unknown_tenant()
    for profile, each in zip(found, judged, strict=True):
        if each.verdict == "genuine":
            return Admitted(profile, each.kind)
    raise unauthorised(judged[0].verdict)


def unauthorised(reason: str) -> Refusal:
    """The one answer to everything that is not proved."""
    return Refusal(401, "unauthorized", reason)


def _unknown_tenant() -> Refusal:
    return Refusal(404, "unknown tenant", "unknown_tenant")
