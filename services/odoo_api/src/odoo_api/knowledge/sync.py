"""Carries out a knowledge sync: validate, compare, publish only what changed, wait until it can be found."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from nats.aio.client import Client

from common import subjects
from common.errors import OdooAiError, QueryFailed, RevisionConflict
from common.knowledge import Item, KnowledgeItemChanged, KnowledgeItemDeleted, KnowledgeKind
from common.metrics import KNOWLEDGE_CHANGES
from common.nats.publisher import Publisher
from common.nats.topology import KNOWLEDGE
from common.query_answers import IndexStatus
from odoo_api.knowledge.batches import Change, batched, digest_header, store_batch
from odoo_api.knowledge.hub_index import HubIndex
from odoo_api.knowledge.mirror import KindState, KnowledgeMirror
from odoo_api.knowledge.plan import (
    Known,
    Plan,
    Rejection,
    Sent,
    check_item,
    plan_patch,
    plan_replace,
    repeated_ids,
)
from odoo_api.knowledge.sync_log import LastSync, SyncLog

log = structlog.get_logger(__name__)

# Validation holds the event loop; live price queries of customers wait meanwhile.
_SLICE = 100
_IN_FLIGHT = 256
_PUBLISH_SECONDS = 10.0
_ATTEMPTS = 3
_WORTH_A_BATCH = 20


@dataclass(frozen=True)
class SyncOutcome:
    """What a sync did."""

    received: int
    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
    rejected: tuple[Rejection, ...]
    indexed: bool


class KnowledgeSync:
    """Writes the knowledge of tenants. Requests for the same kind of a tenant run one after the other."""

    def __init__(
        self, nc: Client, mirror: KnowledgeMirror, index: HubIndex, past: SyncLog, now: Callable[[], datetime]
    ) -> None:
        self._nc = nc
        self._past = past
        self._publisher = Publisher(nc)
        self._mirror = mirror
        self._index = index
        self._now = now
        self._locks: dict[tuple[str, KnowledgeKind], asyncio.Lock] = {}

    async def replace(
        self,
        tenant: str,
        kind: KnowledgeKind,
        raws: Sequence[Any],
        *,
        wait: bool,
        owns: Callable[[str], bool] = lambda _: True,
    ) -> SyncOutcome:
        """Make a kind, or the part of it whose ids the sender `owns`, consist of exactly these items.

        Raises:
            OdooAiError: something could not be stored; what was stored stays, and the request may be repeated.
        """
        sent = await _checked(kind, raws)
        return await self._run(tenant, kind, sent, len(raws), lambda known: plan_replace(known, sent, owns), wait=wait)

    async def patch(
        self, tenant: str, kind: KnowledgeKind, raws: Sequence[Any], deletions: Sequence[str], *, wait: bool
    ) -> SyncOutcome:
        """Add, replace and delete single items. An id in both lists is rejected.

        Raises:
            OdooAiError: something could not be stored; what was stored stays, and the request may be repeated.
        """
        sent = await _checked(kind, raws, also=[{"id": each} for each in dict.fromkeys(deletions)])
        contradicted = {each.id for each in sent.rejected}
        wanted = [each for each in deletions if each not in contradicted]
        received = len(raws) + len(deletions)
        return await self._run(tenant, kind, sent, received, lambda known: plan_patch(known, sent, wanted), wait=wait)

    async def _run(
        self,
        tenant: str,
        kind: KnowledgeKind,
        sent: Sent,
        received: int,
        decide: Callable[[Mapping[str, Known]], Plan],
        *,
        wait: bool,
    ) -> SyncOutcome:
        census = asyncio.create_task(self._index.census(tenant)) if wait else None
        try:
            async with self._locks.setdefault((tenant, kind), asyncio.Lock()):
                known = await self._mirror.current(tenant, kind)
                plan = decide(known.items)
                target = await self._publish(tenant, kind, sent.accepted, plan, known)
        except BaseException:
            if census is not None:
                census.cancel()
            raise
        _count(kind, plan)
        last = LastSync(
            at=self._now(),
            received=received,
            created=len(plan.created),
            updated=len(plan.updated),
            unchanged=plan.unchanged,
            removed=len(plan.removed),
            rejected=len(sent.rejected),
        )
        await self._past.note(tenant, kind, last)
        log.info("knowledge_synced", tenant=tenant, kind=kind, **last.model_dump(exclude={"at"}))
        indexed = census is not None and await self._indexed(tenant, census, target)
        return SyncOutcome(
            received, plan.created, plan.updated, plan.unchanged, plan.removed, sent.rejected, indexed=indexed
        )

    async def _indexed(self, tenant: str, census: asyncio.Task[list[IndexStatus]], sequence: int) -> bool:
        try:
            return await self._index.reached(tenant, await census, sequence)
        except QueryFailed:
            # Stored is stored: not knowing whether it is indexed yet is no failure of the request.
            return False

    async def _publish(
        self,
        tenant: str,
        kind: KnowledgeKind,
        accepted: Mapping[str, tuple[Item, str]],
        plan: Plan,
        known: KindState,
    ) -> int:
        """Publish the changes, deletions last; answers the sequence at which all of it is on the stream."""
        now = self._now()
        highest = max((each.sequence for each in known.items.values()), default=0)

        def changed(item_id: str) -> Change:
            item, digest = accepted[item_id]
            message = KnowledgeItemChanged(
                tenant=tenant,
                kind=kind,
                item_id=item_id,
                content_hash=digest,
                changed_at=now,
                item=item.model_dump(mode="json"),
            )
            return Change(subjects.knowledge(tenant, kind, item_id), message, digest, known.last_sequence(item_id))

        def deleted(item_id: str) -> Change:
            message = KnowledgeItemDeleted(tenant=tenant, kind=kind, item_id=item_id, changed_at=now)
            return Change(subjects.knowledge(tenant, kind, item_id), message, "", known.last_sequence(item_id))

        for make, ids in ((changed, (*plan.created, *plan.updated)), (deleted, plan.removed)):
            highest = max(highest, await self._store_all(tenant, kind, ids, make))
        return highest

    async def _store_all(
        self, tenant: str, kind: KnowledgeKind, ids: Sequence[str], make: Callable[[str], Change]
    ) -> int:
        async def single(change: Change, item_id: str) -> int:
            return await self._store(tenant, kind, item_id, change)

        if len(ids) < _WORTH_A_BATCH:
            return await _in_flight([partial(single, make(each), each) for each in ids])
        highest, done = 0, 0
        for batch in batched(map(make, ids)):
            some = ids[done : done + len(batch)]
            done += len(batch)
            last = await store_batch(self._nc, batch)
            if last is None:
                last = await _in_flight(
                    [partial(single, *pair) for pair in zip((x.change for x in batch), some, strict=True)]
                )
            highest = max(highest, last)
        return highest

    async def _store(self, tenant: str, kind: KnowledgeKind, item_id: str, change: Change) -> int:
        """Store a version on top of the one it replaces: a publish that was given up cannot come late and win."""
        before = change.before
        for attempt in range(_ATTEMPTS):
            try:
                ack = await self._publisher.publish(
                    change.subject,
                    change.message,
                    stream=KNOWLEDGE,
                    headers=digest_header(change.digest),
                    msg_id=f"{change.subject}:{before}:{change.digest}",
                    attempt_timeout=3.0,
                    total_timeout=_PUBLISH_SECONDS,
                    expected_last_subject_sequence=before,
                )
            except RevisionConflict:
                # Our own write whose confirmation was lost, or that of another process: the last request wins.
                stored, before = await self._mirror.newest(tenant, kind, item_id)
                if (stored.content_hash if stored else "") == change.digest:
                    return before
                if attempt == _ATTEMPTS - 1:
                    raise
            else:
                return ack.sequence
        raise AssertionError("unreachable: the last attempt returns or raises")


async def _in_flight(stores: Sequence[Callable[[], Awaitable[int]]]) -> int:
    """Store all, some hundreds at a time; the first failure stops the rest."""
    todo = iter(stores)
    highest = 0

    async def worker() -> None:
        nonlocal highest
        for store in todo:
            highest = max(highest, await store())

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(_IN_FLIGHT, len(stores))):
                group.create_task(worker())
    except ExceptionGroup as failures:
        known, _ = failures.split(OdooAiError)
        raise (known or failures).exceptions[0] from failures
    return highest


async def _checked(kind: KnowledgeKind, raws: Sequence[Any], also: Sequence[Any] = ()) -> Sent:
    repeated = repeated_ids((*raws, *also))
    accepted: dict[str, tuple[Item, str]] = {}
    rejected: list[Rejection] = []
    for start in range(0, len(raws), _SLICE):
        for index in range(start, min(start + _SLICE, len(raws))):
            outcome = check_item(kind, raws[index], index, repeated)
            if isinstance(outcome, Rejection):
                rejected.append(outcome)
            else:
                accepted[outcome[0].id] = outcome
        await asyncio.sleep(0)
    return Sent(accepted, tuple(rejected))


def _count(kind: KnowledgeKind, plan: Plan) -> None:
    for change, number in (
        ("created", len(plan.created)),
        ("updated", len(plan.updated)),
        ("unchanged", plan.unchanged),
        ("removed", len(plan.removed)),
    ):
        KNOWLEDGE_CHANGES.labels(kind, change).inc(number)
