"""One conversation, and appliers and turn engines that come and go around its stored state."""

from __future__ import annotations

import itertools

from nats.aio.client import Client
from support.hub_core import Death, Echo, MortalResponder, Streams, TestClock, delivery_of, mortal_ports
from support.hub_world import World

from common.errors import RetryLater
from common.events import ChatwootEvent
from common.nats.api import find
from common.nats.bucket import Bucket
from common.nats.consumer import Delivery
from common.nats.topology import BUCKET_CONVERSATIONS, SCHEDULES
from common.subjects import turn_due, turn_schedule
from hub.answering import Responder
from hub.conversation import ConversationState
from hub.event_consumer import EventApplier
from hub.store import ConversationStore
from hub.turns import TurnEngine, TurnPolicy

_conversations = itertools.count(1)
POLICY = TurnPolicy(lease_seconds=12, answer_seconds=5, late_seconds=3600)
"""The clock is moved by hand, and far: no turn counts as late."""


class Lab:
    """One conversation, and processes that come and go around its state."""

    def __init__(self, nc: Client, streams: Streams, policy: TurnPolicy = POLICY) -> None:
        self.policy = policy
        self.nc = nc
        self.streams = streams
        self.clock = TestClock()
        self.world = World(conversation_id=next(_conversations))
        self.world.next_message_id = self.world.conversation_id * 1000
        self.store = ConversationStore(Bucket(nc, BUCKET_CONVERSATIONS))

    @property
    def conversation(self) -> int:
        return self.world.conversation_id

    def applier(self, death: Death | None = None) -> EventApplier:
        return EventApplier(mortal_ports(self.nc, death or Death(), self.clock))

    def engine(self, responder: Responder | None = None, death: Death | None = None) -> TurnEngine:
        death = death or Death()
        mortal = MortalResponder(responder or Echo(), death)
        return TurnEngine(mortal_ports(self.nc, death, self.clock), mortal, owner="hub", policy=self.policy)

    async def apply_by(self, event: ChatwootEvent, delivery: Delivery, death: Death) -> None:
        await self.applier(death).handle(event, delivery)

    async def apply(self, event: ChatwootEvent) -> None:
        await self.applier().handle(event, delivery_of(event))

    async def turn(self, engine: TurnEngine | None = None) -> None:
        """What the timer does when it fires now; a lease that is in the way runs out."""
        for _ in range(5):
            try:
                await (engine or self.engine()).run_early("acme", self.conversation, self.clock())
                return
            except RetryLater:
                self.clock.advance(POLICY.lease_seconds)
        raise AssertionError("the lease never ended")

    async def state(self) -> ConversationState:
        stored = await self.store.load("acme", self.conversation)
        assert stored is not None
        return stored.state

    async def has_timer(self) -> bool:
        subjects = (turn_schedule("acme", self.conversation), turn_due("acme", self.conversation))
        found = [await find(self.nc, f"STREAM.MSG.GET.{SCHEDULES}", {"last_by_subj": each}) for each in subjects]
        return any(found)

    async def all_published(self) -> None:
        """Wait until everything that is stored for this conversation was seen."""
        await self.streams.complete(self.nc)
        state = await self.state()
        assert state.outbox == ()
