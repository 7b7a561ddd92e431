"""Ranges of weekdays that leave out a day with the same hours: "de terça a sexta" where Monday is open as well."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.days import SPREAD, spread
from hub.truth_gate.judging.opening import hours_spoken_of, windows_of
from hub.truth_gate.language.reading import containing

Judged = tuple[Claim, Judgement]
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def ranges(case: Case) -> Iterator[Judged]:
    """Every range that ends too early or begins too late, refused."""
    weekdays = [c for c in case.claims if c.kind == "weekday"]
    told = set(spread(case, weekdays))
    for first, last in pairwise(weekdays):
        if SPREAD.fullmatch(case.reading.folded[first.end : last.start]) and _tells_hours(case, first):
            left_out = _left_out(case, first, last, told)
            if left_out >= 0:
                claim = Claim("weekday", f"{first.value}-{last.value}", first.start, last.end).with_raw(case.reading)
                yield claim, refuse(f"{_WEEK[left_out]} has the same hours")


def _tells_hours(case: Case, weekday: Claim) -> bool:
    start, end = containing(case.subjects.sentences, weekday.start)
    return any(c.kind in ("time", "open") and start <= c.start < end for c in case.claims)


def _left_out(case: Case, first: Claim, last: Claim, told: set[int]) -> int:
    """The day before or after a range that no other words of the reply speak of; -1 when there is none."""
    hours = hours_spoken_of(case, first)
    for edge, step in ((first, -1), (last, 1)):
        beside = (int(edge.value) + step) % 7
        own = windows_of(hours, {edge.value})
        if beside not in told and own and windows_of(hours, {str(beside)}) == own:
            return beside
    return -1
