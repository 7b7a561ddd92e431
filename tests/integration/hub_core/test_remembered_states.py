"""Two hubs that remember a conversation: what one of them remembers may be old, and must never decide anything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from support.hub_core import Death, Echo, broker, delivery_of, mortal_ports, watched
from support.hub_lab import POLICY, Lab

from common.events import ChatwootEvent
from hub.event_consumer import EventApplier
from hub.store import ConversationStore
from hub.turns import TurnEngine

pytestmark = pytest.mark.broker

NewLab = Callable[[], Lab]


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[NewLab]:
    async with broker(tmp_path) as (_, nc), watched(nc) as streams:
        yield lambda: Lab(nc, streams)


class RememberingHub:
    """A hub that lives on: its applier and its turns share what they remember."""

    def __init__(self, lab: Lab, *, settles: bool = False) -> None:
        self._lab = lab
        ports = mortal_ports(lab.nc, Death(), lab.clock)
        self.store = ConversationStore(ports.bucket, settles=settles)
        self._applier = EventApplier(ports, self.store)
        self.engine = TurnEngine(ports, Echo(), owner="hub", policy=POLICY, store=self.store)

    async def apply(self, event: ChatwootEvent) -> None:
        await self._applier.handle(event, delivery_of(event))

    async def turn(self) -> None:
        await self._lab.turn(self.engine)


async def test_a_hub_that_remembers_an_old_state_does_not_answer_over_a_person(lab: NewLab) -> None:
    here = lab()
    first, second = RememberingHub(here), RememberingHub(here)
    await first.apply(here.world.customer("oi"))
    await second.apply(here.world.human_reply())
    here.clock.advance(5)

    await first.turn()

    await here.all_published()
    assert here.streams.replies(here.conversation) == []


async def test_a_message_that_another_hub_applied_is_answered_by_the_hub_that_does_not_remember_it(lab: NewLab) -> None:
    here = lab()
    first, second = RememberingHub(here), RememberingHub(here)
    await first.apply(here.world.customer("oi"))
    here.clock.advance(5)
    await first.turn()
    await second.apply(here.world.customer("tem sabonete?"))
    here.clock.advance(5)

    await first.turn()

    await here.all_published()
    assert here.streams.replies(here.conversation) == ["oi", "tem sabonete?"]


async def test_events_that_alternate_between_hubs_are_all_applied(lab: NewLab) -> None:
    here = lab()
    hubs = RememberingHub(here), RememberingHub(here)
    events = [here.world.customer(f"mensagem {number}") for number in range(6)]

    for number, event in enumerate(events):
        await hubs[number % 2].apply(event)
    for number, event in enumerate(events):
        await hubs[(number + 1) % 2].apply(event)

    state = await here.state()
    assert [each.text for each in state.pending] == [f"mensagem {number}" for number in range(6)]


async def test_what_is_remembered_of_an_answered_turn_is_not_sent_again(lab: NewLab) -> None:
    here = lab()
    first, second = RememberingHub(here), RememberingHub(here)
    await first.apply(here.world.customer("oi"))
    here.clock.advance(5)
    await second.turn()

    await first.turn()

    await here.all_published()
    assert here.streams.replies(here.conversation) == ["oi"]


async def _answered(here: Lab, hub: RememberingHub) -> None:
    """A turn whose commands are published, and still stand in the stored state."""
    await hub.apply(here.world.customer("oi"))
    here.clock.advance(5)
    await hub.turn()
    await here.streams.complete(here.nc)
    assert here.streams.replies(here.conversation) == ["oi"]
    assert (await here.state()).outbox


async def test_what_was_published_leaves_the_state_with_the_next_event(lab: NewLab) -> None:
    here = lab()
    hub = RememberingHub(here, settles=True)
    await _answered(here, hub)

    await hub.apply(here.world.customer("e no domingo?"))

    await here.all_published()
    assert here.streams.replies(here.conversation) == ["oi"]


async def test_what_another_hub_published_is_not_said_again_by_the_one_that_goes_on(lab: NewLab) -> None:
    here = lab()
    await _answered(here, RememberingHub(here, settles=True))
    heir = RememberingHub(here, settles=True)

    await heir.apply(here.world.customer("tem sabonete?"))
    here.clock.advance(5)
    await heir.turn()

    await here.streams.complete(here.nc)
    assert here.streams.replies(here.conversation) == ["oi", "tem sabonete?"]


async def test_what_was_published_leaves_the_state_without_an_event_too(lab: NewLab) -> None:
    here = lab()
    hub = RememberingHub(here, settles=True)
    await _answered(here, hub)

    await hub.store.settle(60.0)
    assert (await here.state()).outbox, "not yet"
    await hub.store.settle(0.0)

    await here.all_published()


async def test_settling_does_not_undo_what_another_hub_wrote_meanwhile(lab: NewLab) -> None:
    here = lab()
    first, second = RememberingHub(here, settles=True), RememberingHub(here)
    await _answered(here, first)
    await second.apply(here.world.customer("tem sabonete?"))

    await first.store.settle(0.0)
    here.clock.advance(5)
    await first.turn()

    await here.streams.complete(here.nc)
    assert here.streams.replies(here.conversation) == ["oi", "tem sabonete?"]


async def test_what_was_erased_is_not_settled_any_more(lab: NewLab) -> None:
    here = lab()
    hub = RememberingHub(here, settles=True)
    await _answered(here, hub)

    assert hub.store.forget("acme", here.conversation)
    await hub.store.settle(0.0)

    assert (await here.state()).outbox, "nothing of it was kept to be written"
    assert not hub.store.forget("acme", here.conversation)
