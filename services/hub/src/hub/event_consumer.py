"""Applies the events of Chatwoot to the conversations' states, one after the other per conversation.

Order: take the state as remembered or from the leader, apply, write by compare-and-set (which fails over a state that
is not the newest: then it is read from the leader), publish what follows, acknowledge. An event that comes again (an
acknowledgement can be lost) changes nothing, but what follows from it is published again: the crash may have been
between writing and publishing.
"""

from __future__ import annotations

from typing import Final

import structlog

from common import metrics
from common.errors import RevisionConflict
from common.events import ChatwootEvent
from common.nats.consumer import Delivery
from common.nats.topology import TURNS
from common.subjects import turn_record
from common.telemetry import tracer
from common.turns import TurnRecorded
from hub.apply import Effects, Moment, apply_event, effects_of
from hub.conversation import ConversationState
from hub.outbox import flush
from hub.ownership import is_no_news
from hub.ports import Ports
from hub.store import ConversationStore, Stored
from hub.turn_commit import record_message_id

log = structlog.get_logger(__name__)
_tracer = tracer("hub")

ATTEMPTS: Final = 20
"""Compare-and-set rounds. A conversation's events come one by one: only its turn, and a revived process, compete."""


class EventApplier:
    """The handler of the `hub-events` consumers."""

    def __init__(self, ports: Ports, store: ConversationStore | None = None) -> None:
        self._ports = ports
        self._store = store or ConversationStore(ports.bucket)

    async def handle(self, event: ChatwootEvent, delivery: Delivery) -> None:
        """Apply one event; return when all that follows from it is durable."""
        with _tracer.start_as_current_span(f"apply {event.type_name()}") as span:
            span.set_attribute("odoo_ai.tenant", event.tenant)
            span.set_attribute("odoo_ai.conversation", event.conversation_id)
            stored = await self._apply(event, delivery.sequence)
            # Some events are answered with commands and not by a turn.
            await flush(self._store, self._ports.publisher, stored)
            await self._publish(stored.state, effects_of(stored.state, delivery.sequence))

    async def _apply(self, event: ChatwootEvent, sequence: int) -> Stored:
        read = self._store.recent
        for _ in range(ATTEMPTS):
            stored = await read(event.tenant, event.conversation_id)
            read = self._store.load
            stored = stored or Stored(ConversationState.first(event), 0)
            moment = Moment(sequence=sequence, now=self._ports.clock(), tenant=self._ports.tenants.get(event.tenant))
            state = apply_event(stored.state, event, moment)
            if state is stored.state:
                if stored.from_memory and (stored.state.outbox or not is_no_news(state.ownership, event)):
                    continue
                return stored
            try:
                return await self._store.save(state, stored.revision)
            except RevisionConflict:
                continue
        raise RevisionConflict(f"{event.tenant}.{event.conversation_id}: lost {ATTEMPTS} times")

    async def _publish(self, state: ConversationState, effects: Effects) -> None:
        if effects.turn_at is not None:
            at, durably = effects.turn_at, effects.durably
            await self._ports.timers.set(state.tenant, state.conversation_id, at, durably=durably)
        for record in effects.records:
            await self._record(record)

    async def _record(self, record: TurnRecorded) -> None:
        subject = turn_record(record.tenant, record.conversation_id)
        await self._ports.publisher.publish(subject, record, stream=TURNS, msg_id=record_message_id(record.turn_id))
        metrics.TURNS.labels(record.tenant, record.outcome, record.reason).inc()
        log.info(
            "messages_ended",
            tenant=record.tenant,
            conversation=record.conversation_id,
            outcome=record.outcome,
            reason=record.reason,
            messages=len(record.message_ids),
        )
