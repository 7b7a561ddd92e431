"""Whatever arrives, in whatever order and however often: no message is lost, none ends twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.hub_world import START, TENANT, World

from common.events import ChatwootEvent, CustomerMessageReceived
from hub.answering import Reply
from hub.apply import Moment, apply_event, effects_of
from hub.conversation import ConversationState, Lease
from hub.lease import Claimant, claim, holds
from hub.ownership import standing
from hub.turn_commit import commit

ACTS = st.sampled_from(
    [
        "customer",
        "customer",
        "customer",
        "human_reply",
        "phone_echo",
        "automation",
        "open",
        "pending",
        "resolved",
        "snoozed",
        "person",
        "our_bot",
        "nobody",
        "escalate",
        "noise",
        "delete",
    ]
)


def act(world: World, name: str) -> ChatwootEvent:
    if name in ("open", "pending", "resolved", "snoozed"):
        return world.set_status(name)  # type: ignore[arg-type]
    if name in ("person", "our_bot", "nobody"):
        return world.assign(name)  # type: ignore[arg-type]
    if name == "delete":
        return world.edit(world.next_message_id, "deleted")
    event: ChatwootEvent = getattr(world, name)()
    return event


class Run:
    """Arrivals and turns in any mixture; counts how every message ended."""

    def __init__(self) -> None:
        self.state: ConversationState | None = None
        self.lease: Lease | None = None
        self.ends: Counter[int] = Counter()
        self.records: dict[str, tuple[int, ...]] = {}
        self.steps = 0

    @property
    def now(self):  # type: ignore[no-untyped-def]
        return START + timedelta(seconds=self.steps * 5)

    def arrive(self, event: ChatwootEvent, sequence: int) -> None:
        before = self.state or ConversationState.first(event)
        self.state = apply_event(before, event, Moment(sequence, self.now, TENANT))
        self._count(before)
        for record in effects_of(self.state, sequence).records:
            known = self.records.setdefault(record.turn_id, record.message_ids)
            assert known == record.message_ids
        self._invariants()

    def take(self) -> None:
        if self.state is None:
            return
        found = claim(self.state, Claimant("hub", str(self.steps), 12), fired_for=self.now, now=self.now)
        if isinstance(found, Lease):
            self.lease = found
            self.state = self.state.model_copy(update={"lease": found})

    def finish(self, reply: Reply) -> None:
        if self.state is None or self.lease is None or not holds(self.state, self.lease):
            return
        assert standing(self.state.ownership).speaker == "bot"
        assert self.lease.message_ids == tuple(each.message_id for each in self.state.pending)
        before = self.state
        self.state = commit(self.state, self.lease, reply, self.now)
        self.records[self.lease.turn_id] = self.lease.message_ids
        self._count(before)
        self._invariants()

    def _count(self, before: ConversationState) -> None:
        assert self.state is not None
        known = {(each.message_id, each.turn_id) for each in before.outcomes}
        self.ends.update(
            each.message_id for each in self.state.outcomes if (each.message_id, each.turn_id) not in known
        )

    def _invariants(self) -> None:
        state = self.state
        assert state is not None
        ids = [each.message_id for each in state.pending]
        assert ids == sorted(set(ids))
        assert (state.timer is not None) == bool(state.pending), "what waits has a timer"
        assert not state.pending or standing(state.ownership).speaker == "bot", "only the bot lets messages wait"
        assert state.lease is None or state.pending
        assert len(state.encode()) < 64_000


REPLIES = [
    Reply(outcome="answered", reason="greeting", text="Olá!"),
    Reply(outcome="handed_off", reason="asked", text="Um momento.", note="Pediu", hand_off_reason="customer_request"),
    Reply(outcome="ignored", reason="thanks"),
]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_message_waits_or_has_ended_exactly_once(data: st.DataObject) -> None:
    world, run = World(), Run()
    events = [act(world, name) for name in data.draw(st.lists(ACTS, min_size=1, max_size=12))]
    arrivals = [*enumerate(events, start=1)]
    repeated = data.draw(st.lists(st.sampled_from(arrivals), max_size=6))
    order = data.draw(st.permutations([*arrivals, *repeated]))

    for sequence, event in order:
        run.steps += 1
        run.arrive(event, sequence)
        if data.draw(st.booleans()):
            run.take()
        if data.draw(st.booleans()):
            run.finish(data.draw(st.sampled_from(REPLIES)))

    state = run.state
    assert state is not None
    waiting = Counter(each.message_id for each in state.pending)
    written = Counter({each.message_id: 1 for each in events if isinstance(each, CustomerMessageReceived)})
    assert run.ends + waiting == written
    recorded = Counter(message_id for ids in run.records.values() for message_id in ids)
    assert recorded == run.ends


@settings(max_examples=100, deadline=None)
@given(st.lists(ACTS, min_size=1, max_size=10))
def test_an_event_that_comes_again_at_any_later_time_changes_nothing(names: list[str]) -> None:
    world = World()
    events = [act(world, name) for name in names]
    state = ConversationState.first(events[0])
    for sequence, event in enumerate(events, start=1):
        state = apply_event(state, event, Moment(sequence, START, TENANT))

    for sequence, event in enumerate(events, start=1):
        assert apply_event(state, event, Moment(sequence, START, TENANT)) is state
