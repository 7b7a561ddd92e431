"""Reads the products of the tenants that ask for it, one process at a time per tenant."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from pydantic import ValidationError

from common.errors import OdooAiError, QueryFailed, RevisionConflict
from common.metrics import PRODUCTS_PULLED
from common.nats.bucket import Bucket
from common.nats.tasks import cancel
from common.tenant_directory import TenantDirectory
from common.tenants import TenantProfile
from odoo_api.connections import OdooConnections
from odoo_api.knowledge.mirror import KnowledgeMirror
from odoo_api.knowledge.sync import KnowledgeSync
from odoo_api.odoo.errors import OdooError
from odoo_api.pull.ownership import is_pulled, module_has, pulled_id
from odoo_api.pull.reader import ProductReader
from odoo_api.pull.schedule import LEASE, PullState, everything_is_due, read_until

log = structlog.get_logger(__name__)

_LANGUAGES: Final = {"pt-BR": "pt_BR", "es": "es_ES", "en": "en_US"}
_LOOK_SECONDS: Final = 5.0


class LeaseLost(OdooAiError):
    """Another process reads this tenant's products now."""


@dataclass(frozen=True)
class PullParts:
    """What a pass reads from and writes to. `holder` names this process; `every` is the time between two passes."""

    connections: OdooConnections
    sync: KnowledgeSync
    mirror: KnowledgeMirror
    states: Bucket
    now: Callable[[], datetime]
    holder: str
    every: timedelta


class ProductPull:
    """Runs in every odoo_api; the state in the bucket says which one reads."""

    def __init__(self, directory: TenantDirectory, parts: PullParts) -> None:
        self._directory = directory
        self._parts = parts
        self._look_seconds = min(_LOOK_SECONDS, parts.every.total_seconds())
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look for work."""
        self._task = asyncio.create_task(self._run(), name="product-pull")

    async def stop(self) -> None:
        """Stop; a pass that runs is given up, and run again by whoever is next."""
        if self._task is not None:
            await cancel(self._task)
            self._task = None

    async def _run(self) -> None:
        while True:
            for profile in self._directory.all():
                try:
                    await self._look_after(profile)
                except (RevisionConflict, LeaseLost):
                    continue
                except Exception:  # a fault with one tenant's products must not end the reading of all others
                    log.exception("product_pull_fault", tenant=profile.tenant)
            await asyncio.sleep(self._look_seconds)

    async def _look_after(self, profile: TenantProfile) -> None:
        connection = self._directory.odoo(profile.tenant)
        wanted = connection is not None and connection.pull_products
        try:
            state, revision = await self._state(profile.tenant)
            if wanted and state.is_due(self._parts.now()) and state.is_free(self._parts.holder, self._parts.now()):
                await _Pass(self._parts, profile, state, revision).run()
            elif not wanted and revision and state.is_free(self._parts.holder, self._parts.now()):
                await self._give_up(profile.tenant, revision)
        except (RevisionConflict, LeaseLost):
            raise
        except OdooAiError as error:
            # The broker is away: the next look finds it, or not.
            log.warning("product_pull_failed", tenant=profile.tenant, error=type(error).__name__)

    async def _state(self, tenant: str) -> tuple[PullState, int]:
        entry = await self._parts.states.get(tenant)
        if entry is None:
            return PullState(), 0
        try:
            return PullState.model_validate_json(entry.value), entry.revision
        except ValidationError:
            # Of another version: as if nothing had been read, everything is read again.
            log.warning("pull_state_unreadable", tenant=tenant)
            return PullState(), entry.revision

    async def _give_up(self, tenant: str, revision: int) -> None:
        """The tenant no longer wants it: what was pulled goes."""
        known = await self._parts.mirror.current(tenant, "product")
        await self._parts.sync.patch(
            tenant, "product", [], [each for each in known.items if is_pulled(each)], wait=False
        )
        await self._parts.states.delete(tenant, revision)
        log.info("product_pull_ended", tenant=tenant)


class _Pass:
    """One reading of one tenant's products, under its lease."""

    def __init__(self, parts: PullParts, profile: TenantProfile, state: PullState, revision: int) -> None:
        self._parts = parts
        self._profile = profile
        self._state = state
        self._revision = revision
        self._began_at = parts.now()

    async def run(self) -> None:
        """Read, and note how far; a failure is noted and tried again at the next interval."""
        parts, tenant = self._parts, self._profile.tenant
        await self._hold()
        everything = everything_is_due(self._state, self._began_at, self._profile.timezone)
        try:
            await self._read(everything=everything)
        except (OdooError, QueryFailed) as error:
            PRODUCTS_PULLED.labels(error.code).inc()
            await self._save(self._state.model_copy(update={"trouble": str(error), **self._released()}))
            log.warning("products_not_pulled", tenant=tenant, code=error.code)
            return
        except asyncio.CancelledError:
            # So that whoever is next need not wait for the lease to end.
            with contextlib.suppress(OdooAiError):
                await self._save(self._state.model_copy(update={"holder": "", "held_until": None}))
            raise
        await self._save(self._state.model_copy(update={"trouble": "", **self._released()}))
        log.info("products_pulled", tenant=tenant, everything=everything, holder=parts.holder)

    def _released(self) -> dict[str, Any]:
        return {"holder": "", "held_until": None, "next_at": self._began_at + self._parts.every}

    async def _hold(self) -> None:
        update = {"holder": self._parts.holder, "held_until": self._parts.now() + LEASE}
        await self._save(self._state.model_copy(update=update))

    async def _save(self, state: PullState) -> None:
        states, tenant = self._parts.states, self._profile.tenant
        try:
            self._revision = await states.update(tenant, state.model_dump_json().encode(), self._revision)
        except RevisionConflict as error:
            raise LeaseLost(f"{tenant}: another process reads its products") from error
        self._state = state

    async def _read(self, *, everything: bool) -> None:
        reader = self._reader()
        ids = await reader.ids(None if everything else self._state.read_until)
        newest: datetime | None = None
        offered = unpublished = 0
        async for chunk in reader.chunks(ids):
            await self._store(chunk.items, [pulled_id(each) for each in chunk.not_offered])
            newest = max((each for each in (newest, chunk.newest) if each is not None), default=None)
            offered, unpublished = offered + len(chunk.items), unpublished + chunk.unpublished
            await self._hold()
        update: dict[str, Any] = {"read_until": read_until(self._state.read_until, newest, self._began_at)}
        if everything:
            await self._remove_deleted(frozenset(map(pulled_id, ids)))
            update |= {"complete_at": self._began_at, "products": offered, "unpublished": unpublished}
        self._state = self._state.model_copy(update=update)

    def _reader(self) -> ProductReader:
        client = self._parts.connections.client(self._profile.tenant)
        language = _LANGUAGES[self._profile.locale]
        return ProductReader(client, language, unpublished_too=client.connection.pull_unpublished)

    async def _store(self, items: Sequence[dict[str, Any]], gone: Sequence[str]) -> None:
        parts, tenant = self._parts, self._profile.tenant
        known = (await parts.mirror.current(tenant, "product")).items
        sent_by_module = [each["id"] for each in items if module_has(each["odoo_id"], known)]
        mine = [each for each in items if each["id"] not in sent_by_module]
        deletions = [each for each in (*gone, *sent_by_module) if each in known]
        if mine or deletions:
            outcome = await parts.sync.patch(tenant, "product", mine, deletions, wait=False)
            for name, count in (
                ("changed", len(outcome.created) + len(outcome.updated)),
                ("unchanged", outcome.unchanged),
                ("removed", len(outcome.removed)),
                ("rejected", len(outcome.rejected)),
            ):
                PRODUCTS_PULLED.labels(name).inc(count)

    async def _remove_deleted(self, there: frozenset[str]) -> None:
        """Deleted records leave nothing to read: what Odoo no longer lists goes."""
        known = (await self._parts.mirror.current(self._profile.tenant, "product")).items
        gone = [each for each in known if is_pulled(each) and each not in there]
        if gone:
            await self._store([], gone)
