"""What a reply asserts without a value of its own: comparisons, having things, deeds, places.

Only replies are read for these; in the owner's texts they are words like any others.
"""

from __future__ import annotations

from collections.abc import Iterator

from hub.truth_gate.availability import availability
from hub.truth_gate.case import Case, Judgement
from hub.truth_gate.claims import Claim
from hub.truth_gate.comparisons import comparisons
from hub.truth_gate.coverage import uncovered
from hub.truth_gate.deeds import deeds
from hub.truth_gate.named import named
from hub.truth_gate.ranges import ranges
from hub.truth_gate.seasons import wrongly_over
from hub.truth_gate.speed import same_day
from hub.truth_gate.statements import statements


def assertions(case: Case) -> Iterator[tuple[Claim, Judgement]]:
    """Every such assertion with the judgement on it."""
    yield from comparisons(case)
    yield from availability(case)
    yield from statements(case)
    yield from named(case)
    yield from same_day(case)
    yield from ranges(case)
    yield from uncovered(case)
    yield from deeds(case)
    yield from wrongly_over(case)
