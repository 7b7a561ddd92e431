"""The tenants as applied to the broker: written by `odoo-ai tenant apply`, followed by every service.

Services ask for the bucket's last sequence once a second and read again when it moved. A watcher would be told sooner,
but after a broker restart nats-py's watcher is deaf for 17 s; polling has no such state.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from nats.aio.client import Client
from pydantic import BaseModel, ValidationError

from common.errors import OdooAiError
from common.nats.bucket import Bucket, Entry
from common.nats.tasks import cancel
from common.nats.topology import (
    BUCKET_TENANT_CHATWOOT,
    BUCKET_TENANT_LEGACY,
    BUCKET_TENANT_MODELS,
    BUCKET_TENANT_ODOO,
    BUCKET_TENANTS,
)
from common.tenants import (
    ChatwootConnection,
    LegacyModules,
    ModelProviders,
    OdooConnection,
    TenantConfig,
    TenantProfile,
)

POLL_SECONDS = 1.0

log = structlog.get_logger(__name__)
Section = TypeVar("Section", bound=BaseModel)
OnChange = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class ApplyResult:
    """What an apply changed, by tenant name."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


async def apply_tenants(nc: Client, configs: Mapping[str, TenantConfig], *, prune: bool = False) -> ApplyResult:
    """Write validated tenants to the broker, touching only those that differ.

    Sections are written before the profile: a service never sees a tenant whose credentials are not there yet.

    Args:
        nc: a connection that may write the tenants' buckets.
        configs: the tenants, already validated.
        prune: also remove tenants that are on the broker and not in `configs`.
    """
    profiles, chatwoot, odoo, models, legacy = (
        Bucket(nc, BUCKET_TENANTS),
        Bucket(nc, BUCKET_TENANT_CHATWOOT),
        Bucket(nc, BUCKET_TENANT_ODOO),
        Bucket(nc, BUCKET_TENANT_MODELS),
        Bucket(nc, BUCKET_TENANT_LEGACY),
    )
    created: list[str] = []
    updated: list[str] = []
    unchanged: list[str] = []
    present = set(await profiles.keys())
    for name, config in configs.items():
        changed = await _put_if_different(chatwoot, name, config.chatwoot)
        changed |= await _put_if_different(odoo, name, config.odoo)
        changed |= await _put_if_different(models, name, config.models)
        changed |= await _put_if_different(legacy, name, config.legacy)
        changed |= await _put_if_different(profiles, name, config.profile)
        (unchanged if not changed else updated if name in present else created).append(name)
    removed = sorted(present - configs.keys()) if prune else []
    for name in removed:
        for bucket in (profiles, chatwoot, odoo, models, legacy):
            await bucket.delete(name)
    return ApplyResult(tuple(created), tuple(updated), tuple(unchanged), tuple(removed))


async def _put_if_different(bucket: Bucket, key: str, section: BaseModel | None) -> bool:
    stored = await bucket.get(key)
    if section is None:
        if stored is not None:
            await bucket.delete(key)
        return stored is not None
    value = section.model_dump_json().encode()
    if stored is not None and stored.value == value:
        return False
    await bucket.put(key, value)
    return True


@dataclass(frozen=True)
class _Known:
    profiles: dict[str, TenantProfile] = field(default_factory=dict)
    chatwoot: dict[str, ChatwootConnection] = field(default_factory=dict)
    odoo: dict[str, OdooConnection] = field(default_factory=dict)
    models: dict[str, ModelProviders] = field(default_factory=dict)
    legacy: dict[str, LegacyModules] = field(default_factory=dict)


class TenantDirectory:
    """The tenants as this process knows them, at most about a second old.

    Open it only with the sections the service's NATS user may read.
    """

    def __init__(self, nc: Client, *, sections: tuple[str, ...] = (), on_change: OnChange | None = None) -> None:
        self._profiles = Bucket(nc, BUCKET_TENANTS)
        self._chatwoot = Bucket(nc, BUCKET_TENANT_CHATWOOT) if "chatwoot" in sections else None
        self._odoo = Bucket(nc, BUCKET_TENANT_ODOO) if "odoo" in sections else None
        self._models = Bucket(nc, BUCKET_TENANT_MODELS) if "models" in sections else None
        self._legacy = Bucket(nc, BUCKET_TENANT_LEGACY) if "legacy" in sections else None
        self._on_change = on_change
        self._known = _Known()
        self._sequences: tuple[int, ...] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read once, then follow in the background."""
        await self.refresh()
        self._task = asyncio.create_task(self._follow(), name="tenant-directory")

    async def stop(self) -> None:
        """Stop following."""
        if self._task is not None:
            await cancel(self._task)
            self._task = None

    def get(self, tenant: str) -> TenantProfile | None:
        """The tenant's profile, or None for a tenant nobody applied."""
        return self._known.profiles.get(tenant)

    def all(self) -> list[TenantProfile]:
        """Every tenant, by name."""
        return [self._known.profiles[name] for name in sorted(self._known.profiles)]

    def chatwoot(self, tenant: str) -> ChatwootConnection | None:
        """The tenant's Chatwoot connection; only with the section `chatwoot`."""
        return self._known.chatwoot.get(tenant)

    def odoo(self, tenant: str) -> OdooConnection | None:
        """The tenant's Odoo connection; only with the section `odoo`. None also when the tenant has no Odoo."""
        return self._known.odoo.get(tenant)

    def models(self, tenant: str) -> ModelProviders | None:
        """The providers of the tenant's models; only with the section `models`. None: those of the environment."""
        return self._known.models.get(tenant)

    def legacy(self, tenant: str) -> LegacyModules | None:
        """How the tenant's old modules speak; only with the section `legacy`. None: not said."""
        return self._known.legacy.get(tenant)

    def by_inbox(self, account_id: int, inbox_id: int) -> TenantProfile | None:
        """The tenant of a legacy webhook: first one that names the inbox, then one that takes the whole account."""
        of_account = [each for each in self.all() if each.chatwoot_account_id == account_id]
        for each in of_account:
            if inbox_id in each.chatwoot_inbox_ids:
                return each
        return next((each for each in of_account if not each.chatwoot_inbox_ids), None)

    async def refresh(self) -> None:
        """Read again what changed, and tell `on_change` about each tenant that did."""
        sections = (self._profiles, self._chatwoot, self._odoo, self._models, self._legacy)
        buckets = [each for each in sections if each is not None]
        sequences = tuple([await bucket.last_sequence() for bucket in buckets])
        if sequences == self._sequences:
            return
        before, self._known = self._known, await self._read()
        self._sequences = sequences
        changed = sorted(_changed(before, self._known))
        if changed:
            log.info("tenants_changed", tenants=changed)
        if self._on_change is not None:
            for tenant in changed:
                await self._on_change(tenant)

    async def _read(self) -> _Known:
        return _Known(
            profiles=await _read_section(self._profiles, TenantProfile),
            chatwoot=await _read_section(self._chatwoot, ChatwootConnection),
            odoo=await _read_section(self._odoo, OdooConnection),
            models=await _read_section(self._models, ModelProviders),
            legacy=await _read_section(self._legacy, LegacyModules),
        )

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self.refresh()
            except OdooAiError as error:
                # The broker is away: what is known stays in force.
                log.warning("tenant_refresh_failed", error=type(error).__name__)


async def _read_section(bucket: Bucket | None, kind: type[Section]) -> dict[str, Section]:
    found: dict[str, Section] = {}
    entries: dict[str, Entry] = await bucket.entries() if bucket is not None else {}
    for key, entry in entries.items():
        try:
            found[key] = kind.model_validate_json(entry.value)
        except ValidationError:
            # Applied by a newer version: leave the tenant out rather than serve it half understood.
            log.error("tenant_unreadable", tenant=key, section=kind.__name__)
    return found


def _changed(before: _Known, after: _Known) -> set[str]:
    names: set[str] = set()
    pairs: tuple[tuple[Mapping[str, BaseModel], Mapping[str, BaseModel]], ...] = (
        (before.profiles, after.profiles),
        (before.chatwoot, after.chatwoot),
        (before.odoo, after.odoo),
        (before.models, after.models),
        (before.legacy, after.legacy),
    )
    for old, new in pairs:
        names |= {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return names
