"""Every sequence of six acts out of everything that can happen, compared with the rule as one would say it."""

from __future__ import annotations

import pytest
from support.hub_world import World
from support.ownership_rule import ACTS, every_order, stories

from hub.ownership import Ownership, hand_off, observe, standing
from support import escalation_rule, ownership_rule

LENGTH = 6
ESCALATION_LENGTH = 4
ARRIVAL_LENGTH = 3


def may_speak(known: Ownership) -> bool:
    return standing(known).speaker == "bot"


def test_the_bot_speaks_exactly_when_the_rule_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    counts, violations = [], []
    for level in ownership_rule.levels(LENGTH):
        counts.append(sum(led.sequences for led in level.values()))
        for place, led in level.items():
            if may_speak(place.known) is not place.rule.may_speak(place.chat):
                violations.append(led.example)

    with capsys.disabled():
        print(f"\nownership: {sum(counts):,} sequences of up to {LENGTH} acts, {len(violations)} violations")
    assert counts == [4 * len(ACTS) ** length for length in range(LENGTH + 1)]
    assert not violations


def test_an_opening_by_chatwoot_is_set_back_as_often_as_the_rule_says() -> None:
    for level in escalation_rule.levels(ESCALATION_LENGTH):
        for place, led in level.items():
            assert may_speak(place.known) is place.repairs.rule.may_speak(place.chat), led.example
            assert place.orders == place.repairs.orders, led.example


def test_no_order_of_arrival_makes_the_bot_speak_over_a_person() -> None:
    """Delivered in every order, what happened can only make the bot more silent than the rule says, never less."""
    for story in stories(ARRIVAL_LENGTH):
        if not story.rule.may_speak(story.chat):
            assert not any(may_speak(known) for known in every_order(story.told)), story.path


def test_what_is_told_again_at_any_later_time_changes_nothing() -> None:
    for story in stories(ARRIVAL_LENGTH):
        known = Ownership()
        for event in story.told:
            known = observe(known, event)
        for event in story.told:
            assert observe(known, event) == known, story.path


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


def test_a_return_that_is_only_seen_as_a_difference_does_not_end_a_later_takeover() -> None:
    """The last change arrives first: what it differs from was changed before the person spoke."""
    world = World(assignee="our_bot")
    first, assigned = world.customer(), world.assign("person")
    back, spoke, released = world.assign("our_bot"), world.human_reply(), world.assign("nobody")

    known = Ownership()
    for event in (first, assigned, released, back, spoke):
        known = observe(known, event)

    assert standing(known).speaker == "person"
