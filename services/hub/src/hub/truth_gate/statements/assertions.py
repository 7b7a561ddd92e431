"""What a reply asserts without a value of its own: comparisons, having things, deeds, places.

Only replies are read for these; in the owner's texts they are words like any others.
"""

from __future__ import annotations

from collections.abc import Iterator

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement
from hub.truth_gate.statements.attached import attached
from hub.truth_gate.statements.availability import availability
from hub.truth_gate.statements.comparisons import comparisons
from hub.truth_gate.statements.coverage import uncovered
from hub.truth_gate.statements.deeds import deeds
from hub.truth_gate.statements.everyday import everyday
from hub.truth_gate.statements.joined import joined, under_headings
from hub.truth_gate.statements.named import named
from hub.truth_gate.statements.of_contacts import of_contacts
from hub.truth_gate.statements.of_hours import of_hours
from hub.truth_gate.statements.of_offers import of_offers
from hub.truth_gate.statements.of_orders import of_orders
from hub.truth_gate.statements.of_weeks import of_weeks
from hub.truth_gate.statements.polarity import wrongly_told
from hub.truth_gate.statements.price_terms import price_terms
from hub.truth_gate.statements.qualifiers import unread_qualifiers
from hub.truth_gate.statements.ranges import ranges
from hub.truth_gate.statements.reach import wrong_reach
from hub.truth_gate.statements.rule_terms import rule_terms
from hub.truth_gate.statements.seasons import wrongly_over
from hub.truth_gate.statements.served import served_places
from hub.truth_gate.statements.speed import same_day
from hub.truth_gate.statements.statements import statements
from hub.truth_gate.statements.unread import unread_things
from hub.truth_gate.statements.value_terms import value_terms


def assertions(case: Case) -> Iterator[tuple[Claim, Judgement]]:
    """Every such assertion with the judgement on it."""
    yield from comparisons(case)
    yield from availability(case)
    yield from joined(case)
    yield from under_headings(case)
    yield from statements(case)
    yield from named(case)
    yield from same_day(case)
    yield from ranges(case)
    yield from uncovered(case)
    yield from rule_terms(case)
    yield from of_hours(case)
    yield from of_weeks(case)
    yield from of_offers(case)
    yield from of_orders(case)
    yield from of_contacts(case)
    yield from price_terms(case)
    yield from everyday(case)
    yield from value_terms(case)
    yield from attached(case)
    yield from served_places(case)
    yield from deeds(case)
    yield from wrong_reach(case)
    yield from wrongly_over(case)
    yield from wrongly_told(case)
    yield from unread_things(case)
    yield from unread_qualifiers(case)
