"""Credentials and channel mappings that old Odoo modules push to the webhook's path.

They are about Odoo, so odoo_api judges them. This service passes on a hash of the token and the two numbers of a
mapping; passwords and tokens in the body end here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from aiohttp import web
from nats.aio.client import Client

from common.errors import QueryFailed
from common.key_format import hash_key, key_id_of
from common.legacy_modules import SIGNATURE_HEADER, PushFamily, is_signed
from common.nats.requests import ask
from common.queries import ModulePushQuery
from common.query_answers import ModulePushVerdict
from common.subjects import odoo_query
from common.tenants import LegacyModules, TenantProfile
from webhook.admission import unauthorised
from webhook.request_body import Refusal

_SECONDS: Final = 4.0


class LegacyTenants(Protocol):
    """The tenants, and how their old modules speak."""

    def all(self) -> list[TenantProfile]:
        """Every tenant."""

    def legacy(self, tenant: str) -> LegacyModules | None:
        """The tenant's old modules, if its file says anything of them."""


class ModulePushes:
    """Answers pushes the way the modules read it: 200 for what is in force, anything else is an error to them."""

    def __init__(self, nc: Client, tenants: LegacyTenants) -> None:
        self._nc = nc
        self._tenants = tenants

    async def answer(self, family: PushFamily, body: Mapping[str, Any], request: web.Request) -> Mapping[str, Any]:
        """The body of the answer.

        Raises:
            Refusal: the token, the signature or the mapping does not fit, or odoo_api does not answer.
        """
        account_id, token = _text(body.get("account_id")), _token(body)
        key_id = key_id_of(token)
        if not account_id or key_id is None:
            raise unauthorised("old_family")
        self._check_signature(account_id, body, request.headers.get(SIGNATURE_HEADER))
        mapping = body.get("mapping")
        numbers = mapping if isinstance(mapping, dict) else body
        query = ModulePushQuery(
            family=family,
            account_id=account_id,
            key_id=key_id,
            key_hash=hash_key(token),
            chatwoot_account_id=_number(numbers.get("chatwoot_account_id")),
            chatwoot_inbox_id=_number(numbers.get("chatwoot_inbox_id")),
        )
        try:
            verdict = await ask(self._nc, odoo_query("module-push"), query, timeout=_SECONDS, expect=ModulePushVerdict)
        except QueryFailed as error:
            raise Refusal(500, "the push could not be checked; send it again", "not_checked") from error
        if verdict.status == web.HTTPUnauthorized.status_code:
            raise unauthorised("old_family")
        if verdict.status != web.HTTPOk.status_code:
            raise Refusal(verdict.status, verdict.message, "old_family")
        path = f"tenants/{verdict.tenant}.yaml"
        paths = {"mapping_path": path} if family == "mapping" else {"config_path": path, "credentials_path": path}
        return {"success": True, "message": verdict.message, "account_id": account_id, **paths}

    def _check_signature(self, account_id: str, body: Mapping[str, Any], given: str | None) -> None:
        secrets = [
            legacy.webhook_secret.get_secret_value()
            for profile in self._tenants.all()
            if (legacy := self._tenants.legacy(profile.tenant)) is not None
            and legacy.account_id == account_id
            and legacy.webhook_secret is not None
        ]
        if given is not None and secrets and not any(is_signed(each, body, given) for each in secrets):
            raise unauthorised("wrong_signature")


def _token(body: Mapping[str, Any]) -> str:
    """The token; credentials carry it twice, and the two must be the same."""
    credentials = body.get("credentials")
    inner = _text(credentials.get("token")) if isinstance(credentials, dict) else ""
    outer = _text(body.get("token"))
    if inner and outer and inner != outer:
        raise unauthorised("old_family")
    return outer or inner


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53 else None
