"""Paths of the config-service, which the second generation of modules calls instead of the unified server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import yaml
from aiohttp import web
from pydantic import ValidationError

from common.knowledge import KnowledgeKind
from common.legacy_modules import PushFamily, push_family
from odoo_api.http_api.problems import Problem
from odoo_api.knowledge.mirror import KnowledgeMirror
from odoo_api.knowledge.plan import field_errors
from odoo_api.legacy.access import Visit
from odoo_api.legacy.module_pushes import CHECKED, ChannelMapping, judge, mapping_of
from odoo_api.legacy.pushes import LegacyPushes
from odoo_api.legacy.routes import LegacyRoute, Reply
from odoo_api.legacy.yaml_text import parse_yaml

_KINDS: Final[Mapping[str, tuple[KnowledgeKind, ...]]] = {
    "config": ("rule", "promotion"),
    "metadata": ("company",),
    "company_metadata": ("company",),
    "scheduling": ("schedule",),
    "credentials": (),
}
_MOST: Final = 500


@dataclass(frozen=True)
class ConfigRoutes:
    """Pushes wrapped in YAML, credentials, mappings."""

    pushes: LegacyPushes
    mirror: KnowledgeMirror
    now: Callable[[], datetime]

    def routes(self) -> list[LegacyRoute]:
        """All of them."""
        config = "/configs/{account}/{domain}/{config_type}"
        return [
            LegacyRoute("POST", "/odoo-webhook", self.webhook, by_body=True),
            LegacyRoute("POST", config, self.store, account="account"),
            LegacyRoute("GET", config, self.shown, account="account"),
            LegacyRoute("GET", f"{config}/yaml", self.shown, account="account"),
            LegacyRoute("GET", f"{config}/history", self.history, account="account"),
            LegacyRoute("POST", "/company-services/{account}/metadata", self.company_services, account="account"),
            LegacyRoute("GET", "/company-services/{account}/metadata", self.company_shown, account="account"),
            LegacyRoute("GET", "/mapping", self.mapping),
            LegacyRoute("POST", "/mapping", self.mapping_data),
            LegacyRoute("PATCH", "/mapping", self.mapping_data),
            LegacyRoute("POST", "/api/v1/credentials/get", self.no_credentials),
        ]

    async def webhook(self, _: web.Request, visit: Visit) -> Reply:
        """Credentials, a mapping or the company, told apart by `event_type` or by what is in the body."""
        body = visit.body
        if body.get("event_type") == "company_metadata_sync":
            await self.pushes.company(visit.tenant, body)
            return self._versioned(visit, "Dados da empresa sincronizados com sucesso", "metadata_version")
        family = push_family(body) or ("mapping" if "mapping" in body else "credentials")
        message = self._judged(family, mapping_of(body), visit)
        return self._versioned(visit, message, "config_version", "credentials_version", "version")

    async def store(self, request: web.Request, visit: Visit) -> Reply:
        """A body of the reference contract, written as YAML."""
        config_type = request.match_info["config_type"]
        if config_type not in _KINDS:
            raise Problem("not-found", f"there is no config_type {config_type[:50]}")
        inner = parse_yaml(visit.body.get("yaml_content"))
        stored: dict[str, Any] = {}
        if config_type == "config":
            done = await self.pushes.rules(visit.tenant, visit.zone, inner)
            stored = {"vectorized_rules": done.vectorized, "removed_rules": done.removed}
        elif config_type == "scheduling":
            number, removed = await self.pushes.schedules(visit.tenant, inner)
            stored = {"vectorized_rules": number, "removed_rules": removed}
        elif config_type != "credentials":
            await self.pushes.company(visit.tenant, inner)
        text = "" if config_type == "credentials" else visit.body["yaml_content"]
        shown = self._config(request, visit, text, {} if config_type == "credentials" else inner)
        return Reply({**shown, **stored}, top={**shown, "message": CHECKED if config_type == "credentials" else "ok"})

    async def shown(self, request: web.Request, visit: Visit) -> Reply:
        """What is stored, in the words of the knowledge API."""
        config_type = request.match_info["config_type"]
        if config_type not in _KINDS:
            raise Problem("not-found", f"there is no config_type {config_type[:50]}")
        items: dict[str, Any] = {
            kind: list((await self.mirror.page(visit.tenant, kind, after="", limit=_MOST)).items)
            for kind in _KINDS[config_type]
        }
        text = yaml.safe_dump(items, allow_unicode=True, sort_keys=False)
        shown = self._config(request, visit, text, items)
        return Reply(shown, top=shown)

    async def history(self, request: web.Request, visit: Visit) -> Reply:
        """One version: what holds now. Older ones are in nobody's interest."""
        return Reply([self._config(request, visit, "", {})])

    async def company_services(self, _: web.Request, visit: Visit) -> Reply:
        """The company, written as YAML."""
        await self.pushes.company(visit.tenant, parse_yaml(visit.body.get("yaml_content")))
        return self._versioned(visit, "Dados da empresa sincronizados com sucesso", "metadata_version")

    async def company_shown(self, request: web.Request, visit: Visit) -> Reply:
        """The stored company."""
        items = list((await self.mirror.page(visit.tenant, "company", after="", limit=_MOST)).items)
        text = yaml.safe_dump({"company": items}, allow_unicode=True, sort_keys=False)
        return Reply({"yaml_content": text}, top={"yaml_content": text})

    async def mapping(self, _: web.Request, visit: Visit) -> Reply:
        """Which Chatwoot account and inboxes are the tenant's."""
        target = {"account_id": visit.account_id, "domain": "default"}
        shown = {
            "accounts": {str(visit.profile.chatwoot_account_id): target},
            "inboxes": {str(each): target for each in visit.profile.chatwoot_inbox_ids},
            "fallbacks": [],
            "special_numbers": [],
        }
        return Reply(shown, top=shown)

    async def mapping_data(self, _: web.Request, visit: Visit) -> Reply:
        """A table of mappings: those of this account must be in force already, others are nobody's business here."""
        data = visit.body.get("mapping_data")
        accounts = data.get("accounts") if isinstance(data, dict) else None
        if not isinstance(accounts, dict):
            raise Problem("invalid-request", "mapping_data.accounts is missing")
        ours = [
            number
            for number, target in accounts.items()
            if isinstance(target, dict) and target.get("account_id") == visit.account_id
        ]
        for number in ours:
            self._judged("mapping", {"chatwoot_account_id": number}, visit)
        return self._versioned(visit, "Mapeamento conferido", "version")

    async def no_credentials(self, _: web.Request, __: Visit) -> Reply:
        """Credentials never leave this service."""
        raise Problem("not-found", "credentials are not given out; they are in the tenant's file")

    def _judged(self, family: PushFamily, mapping: Mapping[str, Any], visit: Visit) -> str:
        try:
            said = ChannelMapping.model_validate(mapping)
        except ValidationError as error:
            raise Problem("invalid-request", errors=field_errors(error)) from error
        status, message = judge(family, said.chatwoot_account_id, said.inbox, visit.profile)
        if status != web.HTTPOk.status_code:
            raise Problem("not-in-force", message)
        return message

    def _versioned(self, visit: Visit, message: str, *versions: str) -> Reply:
        said: dict[str, Any] = {
            "message": message,
            "account_id": visit.account_id,
            "tenant_id": visit.account_id,
            "domain": visit.body.get("domain") or "default",
            "timestamp": self.now().isoformat(),
            **dict.fromkeys(versions, self.mirror.sequence),
        }
        return Reply(said, top=said)

    def _config(self, request: web.Request, visit: Visit, text: str, data: Mapping[str, Any]) -> dict[str, Any]:
        now = self.now().isoformat()
        return {
            "id": self.mirror.sequence,
            "tenant_id": visit.account_id,
            "domain": request.match_info["domain"],
            "config_type": request.match_info["config_type"],
            "version": self.mirror.sequence,
            "yaml_content": text,
            "json_data": dict(data),
            "created_at": now,
            "updated_at": now,
        }
