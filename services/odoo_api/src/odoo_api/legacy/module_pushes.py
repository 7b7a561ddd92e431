"""Credentials and channel mappings that old modules push: looked at, compared, never stored.

The unified server wrote them into files. Here the tenant's file decides, so a push can only be in force already or not;
the module is told which, and no secret of it is kept, passed on or logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from common.legacy_modules import PushFamily
from common.queries import ModulePushQuery
from common.query_answers import ModulePushVerdict
from common.tenants import TenantProfile
from odoo_api.http_api.key_ring import KeyRing
from odoo_api.legacy.access import LegacyTenants, accounts_of

CHECKED = "Credenciais conferidas. Nada foi gravado: vale o arquivo do tenant no servidor."
IN_FORCE = "Mapeamento conferido: já está em vigor no arquivo do tenant."


class ChannelMapping(BaseModel):
    """What a mapping says: which inbox of Chatwoot belongs to which account."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    chatwoot_account_id: int | None = None
    chatwoot_inbox_id: int | bool | None = None
    internal_account_id: str | None = None

    @property
    def inbox(self) -> int | None:
        """The inbox; None: all of the account."""
        return None if isinstance(self.chatwoot_inbox_id, bool) else self.chatwoot_inbox_id


def mapping_difference(account: int | None, inbox: int | None, profile: TenantProfile) -> str:
    """What a mapping says that is not so; empty: all of it is in force."""
    if account != profile.chatwoot_account_id:
        return f"chatwoot.account_id é {profile.chatwoot_account_id} no arquivo do tenant, não {account}"
    inboxes = profile.chatwoot_inbox_ids
    if inbox is not None and inboxes and inbox not in inboxes:
        return f"chatwoot.inbox_ids no arquivo do tenant não tem a caixa {inbox}"
    return ""


def judge(family: PushFamily, account: int | None, inbox: int | None, profile: TenantProfile) -> tuple[int, str]:
    """Status and message for the module."""
    if family == "credentials":
        return 200, CHECKED
    difference = mapping_difference(account, inbox, profile)
    return (409, difference) if difference else (200, IN_FORCE)


class ModulePushService:
    """Answers the webhook service, on whose path the first generation pushes."""

    def __init__(self, keys: KeyRing, tenants: LegacyTenants) -> None:
        self._keys = keys
        self._tenants = tenants

    async def answer(self, query: ModulePushQuery) -> ModulePushVerdict:
        """Judge a push whose token came as a hash."""
        record = await self._keys.authenticate_hash(query.key_id, query.key_hash)
        profile = self._tenants.get(record.tenant) if record is not None else None
        if record is None or profile is None or "legacy" not in record.scopes:
            return ModulePushVerdict(status=401, message="token desconhecido")
        if query.account_id not in accounts_of(profile, self._tenants.legacy(profile.tenant)):
            return ModulePushVerdict(status=403, message="o token é de outra conta")
        status, message = judge(query.family, query.chatwoot_account_id, query.chatwoot_inbox_id, profile)
        return ModulePushVerdict(status=status, message=message, tenant=profile.tenant)


def mapping_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The mapping part of a body, nested or flat."""
    nested = body.get("mapping")
    return nested if isinstance(nested, dict) else body
