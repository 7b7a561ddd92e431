"""All tenants' sweeps, in whichever webhook process holds the lease."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import structlog
from nats.aio.client import Client

from common.errors import QueryFailed
from common.events import ChatwootEvent
from common.nats.bucket import Bucket
from common.nats.publisher import Publisher
from common.nats.requests import Service, serve
from common.nats.tasks import cancel
from common.nats.topology import BUCKET_RECONCILIATION, CHATWOOT_EVENTS
from common.queries import QUERIES, ReconcileQuery
from common.query_answers import SweepReport
from common.subjects import chatwoot_event, webhook_query
from common.tenants import ChatwootConnection, TenantProfile
from webhook.clock import Clock
from webhook.reconciliation.arrivals import Arrivals
from webhook.reconciliation.history import ChatwootHistory
from webhook.reconciliation.keeper import Keeper
from webhook.reconciliation.lease import Lease
from webhook.reconciliation.memory import Memory
from webhook.reconciliation.pace import Pace
from webhook.reconciliation.sweep import Sweep

UNSEEN: Final = "no user_token: webhooks that get lost are not found"
_LOOK_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


class Directory(Protocol):
    """The part of `common.tenant_directory.TenantDirectory` that is needed here."""

    def all(self) -> list[TenantProfile]:
        """Every tenant."""
        ...

    def get(self, tenant: str) -> TenantProfile | None:
        """The profile, or None."""
        ...

    def chatwoot(self, tenant: str) -> ChatwootConnection | None:
        """The connection, or None."""
        ...


@dataclass(frozen=True)
class _Kept:
    profile: TenantProfile
    connection: ChatwootConnection
    keeper: Keeper
    task: asyncio.Task[None]


class Sweeper:
    """Sweeps every tenant that can be swept, while it holds the lease."""

    def __init__(
        self,
        nc: Client,
        publisher: Publisher,
        directory: Directory,
        *,
        owner: str,
        requests_per_second: float,
        now: Clock,
    ) -> None:
        self._nc = nc
        self._publisher = publisher
        self._directory = directory
        self._per_second = requests_per_second
        self._now = now
        self._bucket = Bucket(nc, BUCKET_RECONCILIATION)
        self._lease = Lease(self._bucket, owner)
        self._arrivals = Arrivals(nc)
        self._paces: dict[str, Pace] = {}
        self._kept: dict[str, _Kept] = {}
        self._warned: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._service: Service | None = None

    @property
    def leads(self) -> bool:
        """Whether this process is the one that sweeps."""
        return self._lease.held

    def notes(self) -> dict[str, str]:
        """What an operator should know, though nothing is broken."""
        found = {}
        for each in self._directory.all():
            connection = self._directory.chatwoot(each.tenant)
            if connection is not None and connection.user_token is None:
                found[f"reconciliation {each.tenant}"] = UNSEEN
            elif each.tenant in self._kept and (problem := self._kept[each.tenant].keeper.problem):
                found[f"reconciliation {each.tenant}"] = problem
        return found

    async def start(self) -> None:
        """Begin to try for the lease."""
        self._task = asyncio.create_task(self._run(), name="sweeper")

    async def stop(self) -> None:
        """Stop sweeping, and let another process go on at once."""
        if self._task is not None:
            await cancel(self._task)
        await self._step_down()

    async def _run(self) -> None:
        """Lead while the lease is held. Tries, renews and looks at the tenants by one clock."""
        ticks = 0
        renew_every = max(1, round(self._lease.seconds / 3 / _LOOK_SECONDS))
        while True:
            try:
                if not self._lease.held:
                    await self._lease.acquire()
                elif ticks % renew_every == 0:
                    await self._lease.renew()
                if self._lease.held:
                    await self._lead()
                else:
                    await self._step_down()
            except Exception:  # a fault must not end the sweeps for ever
                log.exception("sweeper_fault")
            ticks += 1
            await asyncio.sleep(_LOOK_SECONDS)

    async def _lead(self) -> None:
        if self._service is None:
            log.info("sweeper_leads")
            await self._arrivals.listen()
            self._service = await serve(self._nc, webhook_query("reconcile"), "", QUERIES, self._asked, concurrency=16)
        wanted = {profile.tenant: (profile, connection) for profile, connection in self._sweepable()}
        for tenant, kept in list(self._kept.items()):
            if wanted.get(tenant) != (kept.profile, kept.connection) or kept.task.done():
                await self._drop(tenant)
        for tenant, (profile, connection) in wanted.items():
            if tenant not in self._kept:
                self._kept[tenant] = self._keep(profile, connection)

    async def _step_down(self) -> None:
        if self._service is not None:
            log.info("sweeper_steps_down")
            service, self._service = self._service, None
            await service.stop(grace=2.0)
        for tenant in list(self._kept):
            await self._drop(tenant)
        await self._arrivals.stop()
        await self._lease.release()

    def _sweepable(self) -> Iterator[tuple[TenantProfile, ChatwootConnection]]:
        for profile in self._directory.all():
            connection = self._directory.chatwoot(profile.tenant)
            if connection is None or connection.reconcile_seconds == 0:
                continue
            if connection.user_token is not None:
                yield profile, connection
            elif profile.tenant not in self._warned:
                self._warned.add(profile.tenant)
                log.warning("tenant_not_swept", tenant=profile.tenant, reason=UNSEEN)

    def _keep(self, profile: TenantProfile, connection: ChatwootConnection) -> _Kept:
        pace = self._paces.setdefault(connection.url, Pace(self._per_second))
        history = ChatwootHistory(connection, pace)
        sweep = Sweep(
            profile,
            history,
            Memory(self._bucket, profile.tenant),
            self._pass_on,
            self._arrivals.of(profile.tenant),
            first_seconds=connection.reconcile_seconds,
            wall=self._now,
        )
        keeper = Keeper(profile.tenant, sweep, history, seconds=connection.reconcile_seconds)
        task = asyncio.create_task(keeper.run(), name=f"sweep-{profile.tenant}")
        return _Kept(profile, connection, keeper, task)

    async def _drop(self, tenant: str) -> None:
        task = self._kept.pop(tenant).task
        self._arrivals.forget(tenant)
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            log.error("keeper_fault", tenant=tenant, exc_info=error)
        await cancel(task)

    async def _pass_on(self, event: ChatwootEvent) -> bool:
        """Make an event durable under the id that its webhook has."""
        if not self._lease.held:
            raise QueryFailed("conflict", "another process sweeps now")
        ack = await self._publisher.publish(
            chatwoot_event(event.tenant, event.conversation_id),
            event,
            stream=CHATWOOT_EVENTS,
            msg_id=event.event_id,
        )
        return not ack.duplicate

    async def _asked(self, query: ReconcileQuery) -> SweepReport:
        connection = self._directory.chatwoot(query.tenant)
        if connection is None:
            raise QueryFailed("unknown_tenant", f"nobody applied a tenant {query.tenant!r}")
        if connection.user_token is None:
            return SweepReport(tenant=query.tenant, state="no_user_token")
        if connection.reconcile_seconds == 0:
            return SweepReport(tenant=query.tenant, state="off")
        if query.tenant not in self._kept:
            await self._lead()
        return await self._kept[query.tenant].keeper.now()
