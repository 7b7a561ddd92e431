"""The turn engine: from a timer that fired to a reply that is sent exactly once.

A turn asks the responder, and commits outcome and commands in one compare-and-set; only then anything is published.
An answer that takes a while, or costs money, is made under a lease in the conversation's state, so that nobody else
makes it too; for a quick one that would be one durable write more than the answer itself needs. Every step can be the
last one of this process:

* before a lease is written: the timer's message comes again and starts over;
* while answering under one: it comes again and waits until the lease has run out;
* after the commit: whoever comes next finds the commands in the state and publishes them, under the same ids;
* after publishing: the commands are published once more, and dropped by the broker as duplicates.

A newer customer message, a take-over or any other loss of ownership removes the lease from the state, and changes what
waits there. Such a turn is stale: it cannot commit, so it sends nothing.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from common import metrics
from common.errors import OdooAiError, RetryLater, RevisionConflict
from common.nats.consumer import Delivery
from common.nats.tasks import cancel
from common.telemetry import tracer
from common.tenants import TenantProfile
from common.turns import TurnDue
from hub.answering import Reply, Responder, TurnInput
from hub.apology import apology
from hub.apply import NO_RESPONDER
from hub.claimed import Claimed
from hub.conversation import ConversationState, Lease
from hub.debounce import BACKUP_SECONDS
from hub.interim import Interim
from hub.judged import judged, respond
from hub.lease import Busy, Claimant, Idle, NotYet, burst, busy_delay, claim, holds
from hub.lease_keeper import LeaseKeeper
from hub.oldest_turn import oldest_turn
from hub.outbox import flush
from hub.ports import Ports
from hub.store import ConversationStore, Stored
from hub.turn_commit import commit

log = structlog.get_logger(__name__)
_tracer = tracer("hub")

ATTEMPTS: Final = 20
_RELEASE_SECONDS: Final = 1.0


@dataclass(frozen=True)
class TurnPolicy:
    """Limits of a turn, in seconds."""

    lease_seconds: float = 12.0
    """After a crash a conversation waits this long at most for its next try. Extended while the responder works."""
    answer_seconds: float = 25.0
    """How long the responder may take before the conversation is handed to a person."""
    interim_seconds: float = 9.0
    """After this the customer is told once that the answer takes a moment longer."""
    quick_seconds: float = 0.25
    """An answer that is ready sooner needs no lease; 0: every answer is made under one."""
    late_seconds: float = BACKUP_SECONDS / 2
    """Later than this after it was due an answer is made under a lease: the broker's timer brings others to it."""


def _new_token() -> str:
    return uuid.uuid4().hex


class TurnEngine:
    """The handler of the `hub-turns` consumer."""

    def __init__(
        self,
        ports: Ports,
        responder: Responder,
        *,
        owner: str,
        policy: TurnPolicy | None = None,
        new_token: Callable[[], str] = _new_token,
        store: ConversationStore | None = None,
    ) -> None:
        self._ports = ports
        self._store = store or ConversationStore(ports.bucket)
        self._responder = responder
        self._owner = owner
        self._policy = policy or TurnPolicy()
        self._new_token = new_token
        self._keeper = LeaseKeeper(self._store, ports.clock, self._policy.lease_seconds)
        self._interim = Interim(ports, self._store, self._policy.interim_seconds)

    async def handle(self, due: TurnDue, delivery: Delivery) -> None:
        """Do what a fired timer asks for."""
        del delivery
        await self._run(due.tenant, due.conversation_id, due.due_at, last_timer=True)

    async def run_early(self, tenant: str, conversation_id: int, fired_for: datetime) -> None:
        """The same for a timer of this process, which the broker's timer is going to repeat."""
        await self._run(tenant, conversation_id, fired_for, last_timer=False)

    async def _run(self, tenant: str, conversation_id: int, fired_for: datetime, *, last_timer: bool) -> None:
        """Answer what waits in a conversation, if it is time and nobody else does.

        Returns when all that was decided is published. `last_timer`: nobody may be left without a timer.

        Raises:
            RetryLater: another turn is at work.
        """
        with _tracer.start_as_current_span("turn") as span:
            span.set_attribute("odoo_ai.tenant", tenant)
            span.set_attribute("odoo_ai.conversation", conversation_id)
            claimed = await self._claim(tenant, conversation_id, fired_for)
            if isinstance(claimed, NotYet) and last_timer:
                await self._ports.timers.set(tenant, conversation_id, claimed.due_at)
            if not isinstance(claimed, Claimed):
                return
            span.set_attribute("odoo_ai.turn_id", claimed.lease.turn_id)
            outcome = await self._answer_and_commit(claimed)
            span.set_attribute("odoo_ai.outcome", outcome)

    async def _claim(self, tenant: str, conversation_id: int, fired_for: datetime) -> Claimed | Idle | NotYet:
        """Find what is to be answered, unless there is nothing to do now. What costs money is never made twice."""
        claimant = Claimant(self._owner, self._new_token(), self._policy.lease_seconds)
        read = self._store.recent
        for _ in range(ATTEMPTS):
            stored = await read(tenant, conversation_id)
            read = self._store.load
            if stored is None:
                return Idle()
            if stored.from_memory and stored.state.outbox:
                continue  # another hub may have sent it long ago
            # What an earlier turn decided leaves before anything new is decided.
            stored = await flush(self._store, self._ports.publisher, stored)
            now = self._ports.clock()
            decided = claim(stored.state, claimant, fired_for=fired_for, now=now)
            if stored.from_memory and not isinstance(decided, Lease):
                continue
            match decided:
                case Idle() | NotYet() as nothing:
                    return nothing
                case Busy(until):
                    raise RetryLater("another turn is at work", delay=busy_delay(until, now))
                case Lease() as lease:
                    claimed = Claimed(stored, lease)
                    if self._may_be_quick(stored.state, now):
                        return claimed
                    if held := await self._hold(claimed):
                        return held
        raise RevisionConflict(f"{tenant}.{conversation_id}: the lease was lost {ATTEMPTS} times")

    def _may_be_quick(self, state: ConversationState, now: datetime) -> bool:
        """Whether to begin without a lease. A model costs money, and a turn that is late may be at work elsewhere."""
        profile = self._ports.tenants.get(state.tenant)
        late = state.timer is not None and (now - state.timer.due_at).total_seconds() > self._policy.late_seconds
        return self._policy.quick_seconds > 0 and not late and (profile is None or not profile.assistant.models)

    async def _hold(self, claimed: Claimed) -> Claimed | None:
        """Write the lease; None: the turn is no longer asked for, or somebody else's."""
        stored = claimed.stored
        for _ in range(ATTEMPTS):
            try:
                leased = stored.state.model_copy(update={"lease": claimed.lease})
                return Claimed(await self._store.save(leased, stored.revision), claimed.lease, held=True)
            except RevisionConflict:
                newer = await self._store.load(stored.state.tenant, stored.state.conversation_id)
                if newer is None or not claimed.may_commit(newer.state):
                    return None
                stored = newer
        raise RevisionConflict(f"{claimed.lease.turn_id}: the lease was lost {ATTEMPTS} times")

    async def _answer_and_commit(self, claimed: Claimed) -> str:
        started, state, lease = time.perf_counter(), claimed.stored.state, claimed.lease
        oldest_turn.begin(lease.token, state, self._ports.clock())
        try:
            answered = await self._answer(claimed)
            committed = await self._commit(*answered) if answered else None
        except asyncio.CancelledError:
            await self._release(state, lease)
            raise
        finally:
            oldest_turn.end(lease.token)
        if answered is None or committed is None:
            await self._stale(state, lease)
            return "stale"
        await flush(self._store, self._ports.publisher, committed)
        metrics.TURN_SECONDS.observe(time.perf_counter() - started)
        self._report(state, lease, answered[1])
        return answered[1].outcome

    async def _answer(self, claimed: Claimed) -> tuple[Claimed, Reply] | None:
        """Ask the responder, under a lease when it takes longer; None: the answer is not wanted any more."""
        state, lease = claimed.stored.state, claimed.lease
        tenant = self._ports.tenants.get(state.tenant)
        if tenant is None:
            nobody = Reply(outcome="ignored", reason="unknown_tenant", memory=state.memory, responder=NO_RESPONDER)
            return claimed, nobody
        turn = self._input(state, lease, tenant)
        work = asyncio.create_task(respond(self._responder, turn), name="respond")
        try:
            if not claimed.held:
                await asyncio.wait({work}, timeout=self._policy.quick_seconds)
            if work.done():
                reply = judged(work, turn, lease)
            else:
                held = claimed if claimed.held else await self._hold(claimed)
                if held is None:
                    return None
                claimed, reply = held, await self._answer_while_held(held, turn, work)
        finally:
            await cancel(work)
        return (claimed, reply) if reply else None

    async def _answer_while_held(self, claimed: Claimed, turn: TurnInput, work: asyncio.Task[Reply]) -> Reply | None:
        """Wait for the responder, keeping the lease meanwhile; None: the lease was lost."""
        state, lease = claimed.stored.state, claimed.lease
        keeper = asyncio.create_task(self._keeper.keep(state, lease), name="keep-lease")
        waiting = asyncio.create_task(self._interim.say(state, lease), name="say-to-wait")
        try:
            await asyncio.wait({work, keeper}, timeout=self._policy.answer_seconds, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return judged(work, turn, lease)
            if keeper.done():
                return None
            log.error("responder_too_slow", turn_id=lease.turn_id, seconds=self._policy.answer_seconds)
            return apology(turn, "time limit")
        finally:
            await cancel(keeper, waiting)

    def _input(self, state: ConversationState, lease: Lease, tenant: TenantProfile) -> TurnInput:
        return TurnInput(
            tenant=tenant,
            messages=burst(state, lease),
            history=state.history,
            summary=state.summary,
            contact=state.contact,
            memory=state.memory,
            now=self._ports.clock(),
            conversation_id=state.conversation_id,
            channel=state.ownership.newest.channel if state.ownership.newest else "",
            turn_id=lease.turn_id,
            lease_token=lease.token,
            recent_turns=state.recent_turns,
        )

    async def _commit(self, claimed: Claimed, reply: Reply) -> Stored | None:
        """Write the turn's end; None: it is stale."""
        stored, lease = claimed.stored, claimed.lease
        for _ in range(ATTEMPTS):
            if not claimed.may_commit(stored.state):
                return None
            try:
                return await self._store.save(commit(stored.state, lease, reply, self._ports.clock()), stored.revision)
            except RevisionConflict:
                # Noise (a delivery report, a label) must not cost an answer: look whether it is still asked for.
                newer = await self._store.load(stored.state.tenant, stored.state.conversation_id)
                if newer is None:
                    return None
                stored = newer
        raise RevisionConflict(f"{lease.turn_id}: the commit lost {ATTEMPTS} times")

    async def _release(self, state: ConversationState, lease: Lease) -> None:
        """This process stops: let another one start the turn at once, not when the lease has run out."""
        try:
            async with asyncio.timeout(_RELEASE_SECONDS):
                stored = await self._store.load(state.tenant, state.conversation_id)
                if stored is not None and holds(stored.state, lease):
                    await self._store.save(stored.state.model_copy(update={"lease": None}), stored.revision)
        except (OdooAiError, TimeoutError) as error:
            log.info("lease_not_released", turn_id=lease.turn_id, error=type(error).__name__)

    async def _stale(self, state: ConversationState, lease: Lease) -> None:
        """Leave nobody waiting: whoever removed the lease set a timer, unless it died in between."""
        metrics.STALE_TURNS.inc()
        log.info("turn_stale", tenant=state.tenant, conversation=state.conversation_id, turn_id=lease.turn_id)
        stored = await self._store.load(state.tenant, state.conversation_id)
        if stored is not None and stored.state.timer is not None:
            await self._ports.timers.set(state.tenant, state.conversation_id, stored.state.timer.due_at)

    def _report(self, state: ConversationState, lease: Lease, reply: Reply) -> None:
        # The responder's own reason may be anything: as a label only the closed vocabularies.
        metrics.TURNS.labels(state.tenant, reply.outcome, reply.hand_off_reason or "").inc()
        if state.timer is not None:
            waited = (self._ports.clock() - state.timer.first_pending_at).total_seconds()
            metrics.CUSTOMER_WAIT_SECONDS.observe(max(waited, 0.0))
        log.info(
            "turn_committed",
            tenant=state.tenant,
            conversation=state.conversation_id,
            turn_id=lease.turn_id,
            outcome=reply.outcome,
            reason=reply.reason,
            messages=len(lease.message_ids),
        )
