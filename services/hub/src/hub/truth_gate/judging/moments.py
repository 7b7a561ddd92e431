"""The judgement on times that are no edge of the opening hours: "às 19h já estamos fechados", "15h dá sim".

A moment is open or closed; a limit told from the other side ("não abrimos antes das 9h") has to be the very hour.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.days import days_spoken_of
from hub.truth_gate.judging.opening import openings
from hub.truth_gate.language.reading import containing

Windows = list[tuple[str, str]]

_STATES: Final = ("open", "closed", "on break")
_LEFT: Final = 40
_BEFORE: Final = re.compile(r"\b(?:antes d[aeo]s?(?: las?)?|before)\s*(?:as )?$")
_AFTER: Final = re.compile(
    r"\b(?:(?:depois|a partir) d[aeo]s?|apos|passad[oa]s?|(?:despues|a partir) de(?: las?)?|after|past|from)\s*"
    r"(?:as |o )?$"
)
_UNTIL: Final = re.compile(r"\b(?:ate|hasta|until|till)\s*(?:as|o|a|las?|el)?\s*$")
_GOES: Final = re.compile(
    r"(?:[\s\0,]|-feiras?\b|\b(?:de|d[aeo]s?|n[ao]s?|on|el|los|numa?|uma?|hoje|amanha|hoy|manana|today|tomorrow)\b)*"
    r"(?P<not>nao |no )?(?:da|dao|serve|rola|pode ser|funciona|sirve)\b"
    r"(?! (?:(?:sim|si),? )?(?:pra|para)(?! (?:vir|passar|nos|a gente)\b)| tempo)"
)
"""What is said of a moment that somebody proposed: "15h dá sim"."""
_NO_LONGER: Final = re.compile(r"\W*(?:(?:ja|ya) (?:nao|no)|no longer|not any ?more|(?:we're )?not)\W*$")
_PAST: Final = r"(?P<past>(?:pouco mais de|um pouco mais de|poco mas de|(?:just |a little |a bit )?(?:past|after)) )?"
_NOW_IS: Final = re.compile(
    rf"(?:\b(?:agora|ahora|now)(?: ja| mesmo| mismo)?,? (?:sao|e|es|son|it is|it's)|\bright now it(?: i|')s) {_PAST}"
    r"(?:as |las |la )?$"
)
_IT_IS: Final = re.compile(r"\b(?:sao|e|es|son|it is|it's) (?:las |la )?$")
_NOW_AFTER: Final = re.compile(r" (?:agora|ahora|(?:right )?now)\b")
_OTHER: Final = {"open": "closed", "closed": "open", "on break": "open"}


class Told(NamedTuple):
    """What is told of a time: the state, how the time limits it, and the claim that says the state, if one does."""

    state: str
    limit: str
    by: Claim | None = None


def told_of(case: Case, claim: Claim) -> Told | None:
    """What the words around a time tell of it; None when it is the hour of opening or closing itself."""
    if claim.kind != "time":
        return None
    limit = _limit(case, claim)
    state = _state_beside(case, claim)
    if state:
        plain = state.value == "open" and limit in ("until", "range", "after")
        return None if not limit or plain else Told(state.value, limit, state)
    if limit != "at":
        return None
    after = case.reading.folded[claim.end : _next_time(case, claim)]
    if goes := _GOES.match(_masked(case, claim.end, _next_time(case, claim))):
        return Told("closed" if goes["not"] else "open", limit)
    earlier = [c for c in _states_in(case, claim) if c.end <= claim.start]
    return Told(_OTHER[earlier[-1].value], limit) if earlier and _NO_LONGER.match(after) else None


def now_objection(case: Case, claim: Claim) -> str | None:
    """Why it is not the time that is told to be now ("agora são 10h30"); empty when it is, None when none is told."""
    folded = case.reading.folded
    start = containing(case.subjects.sentences, claim.start)[0]
    told = _NOW_IS.search(folded, start, claim.start)
    if not told and not (_IT_IS.search(folded, start, claim.start) and _NOW_AFTER.match(folded, claim.end)):
        return None
    now = f"{case.now:%H:%M}"
    readings = (claim.value, *claim.alternatives)
    held = any(each <= now < f"{each[:3]}59" for each in readings) if told and told["past"] else now in readings
    return "" if held else f"it is not {claim.value} now"


def is_limited(case: Case, state: Claim) -> bool:
    """Whether a state is told of certain times only, which are judged for it."""
    start, end = containing(case.subjects.sentences, state.start)
    times = (c for c in case.claims if c.kind == "time" and start <= c.start < end)
    all_told = (told for each in times if (told := told_of(case, each)))
    return any(told.by == state and told.limit != "until" for told in all_told)


def moment_objection(case: Case, claim: Claim, hours: Sequence[Ground], told: Told) -> str:
    """Why it is not so at a time; empty when it is.

    An hour told without its half of the day ("às 6") may be either, but who hears of a closed door then stays away from
    both.
    """
    if not hours or not all(g.subject.startswith("company:") for g in hours):
        return f"no opening hours of a shop were read that say what is so at {claim.value}"
    days = (
        days_spoken_of(case, claim)
        or _days_before(case, claim)
        or [{case.today.isoformat(), str(case.today.weekday())}]
    )
    windows = [openings(case, hours, day) for day in days]
    readings = (_holds(told, time, windows) for time in (claim.value, *claim.alternatives))
    if all(readings) if (told.state, told.limit) == ("closed", "at") else any(readings):
        return ""
    return f"by the hours that were read it is not {told.state} {told.limit} {claim.value} on the day spoken of"


def _days_before(case: Case, claim: Claim) -> list[set[str]]:
    """The days that the sentence before that of a time speaks of."""
    start = containing(case.subjects.sentences, claim.start)[0]
    earlier = [each for each in case.subjects.sentences if each[0] < start]
    named = [c for c in case.claims if earlier and c.kind == "weekday" and earlier[-1][0] <= c.start < start]
    return [{c.value} for c in named]


def _holds(told: Told, time: str, days: Sequence[Windows]) -> bool:
    if told.limit == "at" and time < "07:00" and told.state != "closed":
        return False
    if told.limit in ("before", "after") and told.state != "open":
        edges = [(each[0][0], each[-1][1]) for each in days if each]
        opens, closes = min(e[0] for e in edges), max(e[1] for e in edges)
        return time == (opens if told.limit == "before" else closes)
    return all(_CHECKS[told.state, told.limit](time, windows) for windows in days)


def _is_open(time: str, windows: Windows) -> bool:
    return any(opens <= time < closes for opens, closes in windows)


def _is_break(time: str, windows: Windows) -> bool:
    return any(closes <= time < opens for (_, closes), (opens, _) in pairwise(windows))


_CHECKS: Final[dict[tuple[str, str], Callable[[str, Windows], bool]]] = {
    ("open", "at"): _is_open,
    ("open", "before"): lambda time, windows: any(opens < time <= closes for opens, closes in windows),
    ("closed", "at"): lambda time, windows: not _is_open(time, windows),
    ("closed", "until"): lambda time, windows: time in {opens for opens, _ in windows},
    ("closed", "range"): lambda time, windows: any(time in (a[1], b[0]) for a, b in pairwise(windows)),
    ("on break", "at"): _is_break,
    ("on break", "until"): lambda time, windows: any(time == opens for _, (opens, _) in pairwise(windows)),
    ("on break", "range"): lambda time, windows: any(time in (a[1], b[0]) for a, b in pairwise(windows)),
}


def _limit(case: Case, claim: Claim) -> str:
    """How a time limits what is told of it; empty when it is an edge."""
    left = case.reading.folded[max(0, claim.start - _LEFT) : claim.start]
    if _in_range(case, claim):
        return "range"
    for name, pattern in (("before", _BEFORE), ("after", _AFTER), ("until", _UNTIL)):
        if pattern.search(left):
            return name
    return "" if claim.flag else "at"


def _in_range(case: Case, claim: Claim) -> bool:
    """Whether a time is one end of "das 12h às 13h30"."""
    times = [c for c in case.claims if c.kind == "time"]
    return any(
        claim in pair and (pair[0].flag, pair[1].flag) == ("opens", "closes") and pair[1].start - pair[0].end < _RANGE
        for pair in pairwise(times)
    )


_RANGE: Final = 14


def _state_beside(case: Case, claim: Claim) -> Claim | None:
    """The state that stands before a time in its clause, else the first one after it that no other time is between."""
    start = case.subjects.clause(claim.start)[0]
    begins, stop = _previous_time(case, claim), _next_time(case, claim)
    opening = [c for c in case.claims if c.kind == "open"]
    before = [c for c in opening if max(start, begins) <= c.start < claim.start]
    if before:
        return before[-1] if before[-1].value in _STATES else None
    after = [c for c in opening if claim.end <= c.start < stop]
    return after[0] if after and after[0].value in _STATES and not (claim.flag and not _limit(case, claim)) else None


def _states_in(case: Case, claim: Claim) -> list[Claim]:
    start, end = containing(case.subjects.sentences, claim.start)
    return [c for c in case.claims if c.kind == "open" and c.value in _STATES and start <= c.start < end]


def _previous_time(case: Case, claim: Claim) -> int:
    """Where the time before a time ends, unless both are of one range."""
    start = containing(case.subjects.sentences, claim.start)[0]
    earlier = [c.end for c in case.claims if c.kind == "time" and start <= c.start and c.end <= claim.start]
    if earlier and claim.flag == "closes" and _in_range(case, claim):
        earlier = earlier[:-1]
    return earlier[-1] if earlier else start


def _next_time(case: Case, claim: Claim) -> int:
    """Where the time after a time begins, unless both are of one range; else where the sentence ends."""
    end = containing(case.subjects.sentences, claim.start)[1]
    later = [c.start for c in case.claims if c.kind == "time" and claim.end <= c.start < end]
    if later and claim.flag == "opens" and _in_range(case, claim):
        later = later[1:]
    return later[0] if later else end


def _masked(case: Case, start: int, end: int) -> str:
    """A stretch without the days it names."""
    folded = list(case.reading.folded)
    for day in case.claims:
        if day.kind in ("weekday", "date"):
            folded[day.start : day.end] = "\0" * (day.end - day.start)
    return "".join(folded[start:end])
