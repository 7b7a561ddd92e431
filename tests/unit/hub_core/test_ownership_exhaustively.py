"""Every sequence of four acts, compared with the rule as one would say it to a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import permutations

import pytest
from support.hub_world import World

from common.events import ChatwootEvent
from hub.ownership import Ownership, hand_off, observe, repair, standing

LENGTH = 4

Act = Callable[[World], ChatwootEvent]

ACTS: dict[str, Act] = {
    "customer": lambda world: world.customer(),
    "human_reply": lambda world: world.human_reply(),
    "phone_echo": lambda world: world.phone_echo(),
    "automation": lambda world: world.automation(),
    "open": lambda world: world.set_status("open"),
    "pending": lambda world: world.set_status("pending"),
    "resolve": lambda world: world.set_status("resolved"),
    "snooze": lambda world: world.set_status("snoozed"),
    "assign_person": lambda world: world.assign("person"),
    "assign_bot": lambda world: world.assign("our_bot"),
    "assign_captain": lambda world: world.assign("other"),
    "unassign": lambda world: world.assign("nobody"),
    "escalate": lambda world: world.escalate(),
    "noise": lambda world: world.noise(),
}
GIVES_BACK = {"pending", "assign_bot"}
HUMAN = {"human_reply", "phone_echo"}


@dataclass(frozen=True)
class Rule:
    """The rule, told from the acts alone: the bot may speak while Chatwoot keeps the conversation for it, unless a
    person has spoken since it was last elsewhere or given back.
    """

    taken: bool = False
    escalated: bool = False

    def after(self, act: str, before: World, after: World) -> Rule:
        kept = _kept(after)
        escalated = _open_with_bot(after) and (
            act == "assign_bot" or (act == "escalate" and _kept(before)) or (self.escalated and _open_with_bot(before))
        )
        here = kept or escalated
        taken = self.taken
        if not here or act in GIVES_BACK or (act == "unassign" and not _kept(before) and not self.escalated):
            taken = False
        if act in HUMAN and here:
            taken = True
        return replace(self, taken=taken, escalated=escalated)

    def bot_may_speak(self, world: World) -> bool:
        return (_kept(world) or self.escalated) and not self.taken


def _kept(world: World) -> bool:
    return world.status == "pending" and world.assignee in ("nobody", "our_bot")


def _open_with_bot(world: World) -> bool:
    return world.status == "open" and world.assignee == "our_bot"


Step = tuple[tuple[str, ...], World, Rule, Ownership]


def walk(step: Step, depth: int) -> Iterator[Step]:
    yield step
    if depth == 0:
        return
    path, world, rule, known = step
    for name, act in ACTS.items():
        after = world.copy()
        event = act(after)
        yield from walk(((*path, name), after, rule.after(name, world, after), observe(known, event)), depth - 1)


def start(world: World) -> Step:
    """The conversation begins with a customer's message, as conversations do."""
    event = world.customer()
    return (), world, Rule(), observe(Ownership(), event)


@pytest.mark.parametrize("assignee", ["nobody", "our_bot"])
def test_the_bot_speaks_exactly_when_the_rule_says_so(assignee: str) -> None:
    checked = 0
    for path, world, rule, known in walk(start(World(assignee=assignee)), LENGTH):  # type: ignore[arg-type]
        checked += 1
        assert (standing(known).speaker == "bot") is rule.bot_may_speak(world), path

    assert checked == sum(len(ACTS) ** length for length in range(LENGTH + 1))


def test_no_order_of_arrival_makes_the_bot_speak_over_a_person() -> None:
    """Three acts after the first message, delivered in every order: arrival can only make the bot more silent."""
    for path, world, rule, _ in walk(start(World()), 3):
        if len(path) < 3 or rule.bot_may_speak(world):
            continue
        for order in permutations(world.sent):
            known = Ownership()
            for event in order:
                known = observe(known, event)
            assert standing(known).speaker != "bot", (path, [type(each).__name__ for each in order])


def test_every_event_twice_changes_nothing() -> None:
    for path, _, _, known in walk(start(World()), 2):
        world = World()
        events = [world.customer(), *(ACTS[name](world) for name in path)]
        doubled = Ownership()
        for event in events:
            doubled = observe(observe(doubled, event), event)
        assert doubled == known, path


def test_our_hand_off_lasts_until_the_conversation_comes_back() -> None:
    world = World()
    known = hand_off(observe(Ownership(), world.customer()))

    assert standing(known).reason == "handed_off"
    assert standing(observe(known, world.noise())).speaker == "person"
    assert standing(observe(known, world.customer())).speaker == "person"
    opened = observe(known, world.set_status("open"))
    assert standing(opened).speaker == "person"
    assert standing(observe(opened, world.set_status("pending"))).speaker == "bot"


def test_a_status_change_from_before_the_hand_off_does_not_end_it() -> None:
    world = World(status="resolved")
    late = world.set_status("pending")
    known = hand_off(observe(Ownership(), world.customer()))

    assert standing(observe(known, late)).speaker == "person"


def test_an_escalation_is_repaired_once_and_then_respected() -> None:
    world = World(assignee="our_bot")
    known = observe(Ownership(), world.customer())
    known = observe(known, world.escalate())
    assert standing(known).reason == "escalated"

    repaired = repair(known)
    assert standing(observe(repaired, world.customer())).speaker == "bot"
    world.status = "pending"
    back = observe(repaired, world.noise())
    assert standing(back).reason == "pending"

    again = observe(back, world.escalate())
    assert standing(again).reason == "conversation_open"


def test_an_account_webhook_made_after_a_takeover_does_not_date_the_return_after_it() -> None:
    """Its body shows the conversation as it is when the body is made, some time after the change."""
    world = World(status="resolved", delivery="account_webhook")
    known = observe(Ownership(), world.noise())
    known = observe(known, world.customer())
    known = observe(known, world.human_reply())
    late = world.set_status("pending")

    assert standing(observe(known, late)).speaker == "person"


def test_an_open_conversation_of_nobody_belongs_to_the_people() -> None:
    known = observe(Ownership(), World(status="open").customer())

    assert standing(known).reason == "conversation_open"


def test_a_hand_off_holds_where_chatwoot_only_tells_whole_seconds() -> None:
    """Old versions have no `updated_at`: the return and all that came before it then bear the same time."""
    world = World(status="open")
    known = observe(Ownership(), world.noise())
    world.seconds -= 1
    known = hand_off(observe(known, world.set_status("pending")))

    assert standing(known).speaker == "person"
