"""Lengths of time that follow from the opening hours: of a break, of a day's opening, until it opens or closes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.judging.days import days_spoken_of
from hub.truth_gate.judging.opening import hours_spoken_of, openings
from hub.truth_gate.language.reading import containing

Windows = list[tuple[str, str]]

_HOUR: Final = 60
_BREAK: Final = re.compile(r"\b(?:intervalo|pausa|paramos|param|almoco|almuerzo|almorzar|lunch|break)\b")
_AHEAD: Final = re.compile(r"\b(?:falta[mn]?|daqui a|dentro de|em|en|in|restam)\s+(?:uns |umas |about )?$")
_UNTIL_THEN: Final = re.compile(
    r"\s*(?:(?:para|pra|until|till|before|hasta|antes de) (?:a gente |we |nos )?(?:fech|abr|reabr|clos|open|cerr|"
    r"cierr)|left\b)"
)
_CLOSING: Final = re.compile(r"\b(?:fech\w+|encerr\w+|cerr\w+|cierr\w+|clos\w+)\b")
_REOPENING: Final = re.compile(r"\b(?:abr\w+|reabr\w+|volt\w+|open\w*|reopen\w*|volvemos)\b")
_OPEN: Final = re.compile(
    r"\b(?:abert[oa]s?|abiert[oa]s?|open|atendimento|atencion|expediente|funcionamento|atendemos|funcionamos|abrimos)\b"
)
_MORNING: Final = re.compile(r"\s*(?:de manha|pela manha|da manha|in the morning|por la manana)\b")
_AFTERNOON: Final = re.compile(r"\s*(?:a tarde|de tarde|da tarde|in the afternoon|por la tarde)\b")
_A_WEEK: Final = re.compile(
    r"\s*(?:(?:abertos |abiertos |open )?(?:por|na|a la|per|a|each|every) (?:semana|week)\b|semana(?:is|les)\b)"
)
_OF_THEM: Final = re.compile(r"\s*(?:delas|dessas|of them|of those|de ellas)\b")
_NOON: Final = "12:00"


def is_length_of_hours(case: Case, claim: Claim) -> bool:
    """Whether a length is told of the opening hours, and is what they come to on all days spoken of."""
    minutes = _minutes(case, claim)
    hours = hours_spoken_of(case, claim)
    if not minutes or claim.bound or not hours or not all(g.subject.startswith("company:") for g in hours):
        return False
    if _A_WEEK.match(case.reading.folded, claim.end):
        return minutes == sum(_between(*each) for day in range(7) for each in openings(case, hours, {str(day)}))
    today = {case.today.isoformat(), str(case.today.weekday())}
    said = case.sentence_text(claim)
    if _is_ahead(case, claim):
        return minutes in until(case, said, openings(case, hours, today))
    days = [openings(case, hours, day) for day in days_spoken_of(case, claim) or [today]]
    if _BREAK.search(said) and not _OPEN.search(case.clause_text(claim)):
        return all([minutes] == [_between(a[1], b[0]) for a, b in pairwise(windows)] for windows in days)
    part = _part(case, claim)
    told = part is not None or _OPEN.search(said)
    return bool(told) and all(minutes == sum(_between(*each) for each in _of_part(windows, part)) for windows in days)


def _minutes(case: Case, claim: Claim) -> int:
    """How many minutes a number is; a bare one after hours, before a part of the day, counts hours."""
    if claim.unit in ("minute", "hour"):
        return int(claim.number * (_HOUR if claim.unit == "hour" else 1))
    start = containing(case.subjects.sentences, claim.start)[0]
    follows = any(c.unit == "hour" and start <= c.start < claim.start for c in case.claims)
    goes_on = _part(case, claim) or _OF_THEM.match(case.reading.folded, claim.end)
    return int(claim.number * _HOUR) if not claim.unit and follows and goes_on else 0


def _part(case: Case, claim: Claim) -> str | None:
    """The part of the day right behind a length."""
    if _MORNING.match(case.reading.folded, claim.end):
        return "morning"
    return "afternoon" if _AFTERNOON.match(case.reading.folded, claim.end) else None


def _of_part(windows: Windows, part: str | None) -> Windows:
    """The openings of a part of the day; one that goes on over noon is of neither."""
    if part == "morning":
        return [each for each in windows if each[1] <= _NOON]
    return [each for each in windows if each[0] >= _NOON] if part else windows


def _is_ahead(case: Case, claim: Claim) -> bool:
    """Whether a length is told from now on."""
    folded = case.reading.folded
    before = _AHEAD.search(folded, max(0, claim.start - 20), claim.start)
    return bool(before or _UNTIL_THEN.match(folded, claim.end))


def until(case: Case, said: str, windows: Windows) -> Sequence[int]:
    """How many minutes it is from now to the closing, or the opening, that some words speak of."""
    now = f"{case.now:%H:%M}"
    if _CLOSING.search(said):
        current = [closes for opens, closes in windows if opens <= now < closes]
        last = [windows[-1][1]] if current and not _BREAK.search(said) else []
        pausing = current if not _BREAK.search(said) or current[:1] != [windows[-1][1]] else []
        return [_between(now, edge) for edge in (*pausing, *last)]
    closed = not any(opens <= now < closes for opens, closes in windows)
    return (
        [_between(now, opens) for opens, _ in windows if opens > now][:1] if closed and _REOPENING.search(said) else ()
    )


def _between(start: str, end: str) -> int:
    """Minutes from one time to a later one."""
    (hour, minute), (later, last) = (map(int, each.split(":")) for each in (start, end))
    return (later - hour) * _HOUR + last - minute
