"""The judgement on being open or closed, now or on a day, apart from the hours."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import time, timedelta
from itertools import pairwise
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.claims.opening_words import PARTS
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.day_parts import is_said_of_part, part_objection
from hub.truth_gate.judging.days import EVERY_DAY, every_day, holidays_in, spread, weekday_of
from hub.truth_gate.judging.denial import DENYING, language_of
from hub.truth_gate.judging.lengths import until
from hub.truth_gate.judging.moments import is_limited
from hub.truth_gate.judging.opening import NOW, hours_spoken_of, is_closed_date, openings
from hub.truth_gate.language.reading import Span, containing, stems

_NOT: Final = re.compile(r"\b(?:nao|no|not|tampoco)(?: (?:viu|ta|ne|rs))?\W*$")
_ALL_DAY: Final = re.compile(r"(?i)abrimos|abriremos|funcion|t open|not open")
_HOLIDAY: Final = re.compile(r"\b(?:feriado|festivo|holiday|natal|navidad|christmas)\b")
_TODAY: Final = re.compile(r"\b(?:hoje|hoy|today)\b")
_TOMORROW: Final = re.compile(r"\b(?:amanha|tomorrow|manana)\b")
_SOON: Final = {"opens soon": "abre", "closes soon": "fecha"}
_A_WHILE: Final = 60
Days = list[set[str]]

_STATE: Final = {"open": "open", "opens": "open", "closed": "closed"}
_WEEK: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _day_told(day: set[str]) -> str:
    """The name of a day: its date, else its weekday."""
    dates = sorted(each for each in day if "-" in each)
    return dates[0] if dates else ", ".join(_WEEK[int(each)] for each in sorted(day) if each)


def openness_objection(case: Case, claim: Claim) -> str:
    """Why it is not open, or not closed, at the time spoken of; empty when it is as said."""
    hours = hours_spoken_of(case, claim)
    days = _days_of_openness(case, claim)
    if claim.value == "opens" and not days:
        return ""
    if not hours:
        return "no opening hours were read in this turn"
    if claim.value in _STATE:
        return _state_objection(case, claim, hours, days)
    return _JUDGES[claim.value](case, claim, hours, days)


def _state_objection(case: Case, claim: Claim, hours: Sequence[Ground], days: Days) -> str:
    if (not days and claim.value == "opens") or is_limited(case, claim) or is_said_of_part(case, claim):
        return ""
    if not days and claim.value == "open" and _has_hours(case, claim):
        return ""
    if not days:
        held = _open_now(case, hours) == (claim.value == "open")
        return "" if held else f"by the hours that were read it is not {_STATE[claim.value]} now"
    wrong = [day for day in days if bool(openings(case, hours, day)) != (claim.value != "closed")]
    return f"by the hours that were read it is not {_STATE[claim.value]} on {_day_told(wrong[0])}" if wrong else ""


def _has_hours(case: Case, claim: Claim) -> bool:
    """Whether its sentence says from when until when, which is judged by itself, and not that it is so now."""
    start, end = containing(case.subjects.sentences, claim.start)
    told = {c.flag for c in case.claims if c.kind == "time" and start <= c.start < end}
    return {"opens", "closes"} <= told and not NOW.search(case.sentence_text(claim))


def _holiday_objection(case: Case, claim: Claim, hours: Sequence[Ground], days: Days) -> str:
    if claim.value == "holiday" and days and all(is_closed_date(case, hours, day) for day in days):
        read = any(_HOLIDAY.search(t) for s, t in case.knowledge.texts if s.startswith("company:"))
        return "" if read else "no holiday"
    return "nothing that was read says so of holidays"


def _break_objection(case: Case, claim: Claim, hours: Sequence[Ground], days: Days) -> str:
    if claim.value == "on break" and not days:
        on_break = _on_break_now(case, hours) or is_limited(case, claim)
        return "" if on_break else "by the hours that were read there is no break now"
    spoken = days or [{str(day)} for day in range(7)]
    paused = [len(openings(case, hours, day)) > 1 for day in spoken]
    if claim.value == "no break":
        return "the opening hours that were read have a break" if any(paused) else ""
    held = all(paused) if claim.value == "on break" else any(paused)
    return "" if held else "the opening hours that were read have no break"


def _soon_objection(case: Case, claim: Claim, hours: Sequence[Ground], days: Days) -> str:
    left = until(case, _SOON[claim.value], openings(case, hours, _today(case)))
    return "" if any(each <= _A_WHILE for each in left) else f"by the hours that were read it {claim.value[:-5]} later"


def _part_objection(case: Case, claim: Claim, hours: Sequence[Ground], days: Days) -> str:
    return part_objection(case, claim, hours)


_JUDGES: Final[dict[str, Callable[[Case, Claim, Sequence[Ground], Days], str]]] = {
    "holiday": _holiday_objection,
    "open on holidays": _holiday_objection,
    "lunch break": _break_objection,
    "no break": _break_objection,
    "on break": _break_objection,
    "opens soon": _soon_objection,
    "closes soon": _soon_objection,
    **dict.fromkeys(PARTS, _part_objection),
}


def is_as_said(case: Case, weekday: Claim, told: Sequence[Claim]) -> bool:
    """Whether it is open, or closed, on a weekday as the nearest word before it, or of its clause, says."""
    start, end = case.subjects.clause(weekday.start)
    inside = [c for c in told if start <= c.start < end]
    if not inside and _NOT.search(case.reading.folded[start:end]):
        return not openings(case, hours_spoken_of(case, weekday), {weekday.value})
    own = inside or [c for c in told if c.start < weekday.start] or list(told)
    if own[-1].value not in ("open", "opens", "closed"):
        return not openness_objection(case, own[-1])
    opened = bool(openings(case, hours_spoken_of(case, weekday), {weekday.value}))
    return opened == (own[-1].value != "closed")


def is_day_without(case: Case, weekday: Claim) -> bool:
    """Whether a clause denies a service that it names of a weekday on which it has no hours."""
    start, end = case.subjects.clause(weekday.start)
    said = stems(case.reading.folded[start:end])
    services = {g.subject for g in case.knowledge.of_kind("time") if g.day and g.subject.startswith("schedule:")}
    spoken = {each for each in services if said & case.knowledge.words.get(each, frozenset())}
    held = any(g.day == weekday.value and g.subject in spoken for g in case.knowledge.of_kind("time"))
    denied = DENYING[language_of(case, (start, end))].search(case.reading.folded, start, end)
    return bool(spoken and denied) and not held


def denies_days(case: Case, clause: Span) -> bool:
    """Whether a clause denies a service of weekdays only, on none of which it has hours."""
    weekdays = [c for c in case.claims if c.kind == "weekday" and clause[0] <= c.start < clause[1]]
    return bool(weekdays) and all(is_day_without(case, each) for each in weekdays)


def _days_of_openness(case: Case, claim: Claim) -> list[set[str]]:
    """The days a statement is about; none: now."""
    said = case.sentence_text(claim)
    if NOW.search(said):
        return []
    if EVERY_DAY.search(said) and claim.value != "closed":
        return [{str(day)} for day in every_day(said)]
    start, end = containing(case.subjects.sentences, claim.start)
    inside = [c for c in case.claims if start <= c.start < end]
    holidays = [{day.isoformat()} for day in holidays_in(said, case.today)]
    days = holidays + [{c.value, weekday_of(c.value)} for c in inside if c.kind == "date" and c.flag != "partial"]
    weekdays = [c for c in inside if c.kind == "weekday"]
    days = days or [{str(day)} for day in spread(case, _near(case, claim, weekdays))]
    if days:
        return days
    ahead = 1 if _TOMORROW.search(said) else 0
    if ahead or _TODAY.search(said) or (_ALL_DAY.search(claim.raw) and claim.value == "closed"):
        day = (case.today + timedelta(days=ahead)).isoformat()
        return [{day, weekday_of(day)}]
    return []


def _near(case: Case, claim: Claim, weekdays: Sequence[Claim]) -> list[Claim]:
    """Those of the clause, when it names any."""
    start, end = case.subjects.clause(claim.start)
    return [c for c in weekdays if start <= c.start < end] or list(weekdays)


def _open_now(case: Case, hours: Sequence[Ground]) -> bool:
    moment = case.now.time().replace(tzinfo=None)
    windows = openings(case, hours, _today(case))
    return any(time.fromisoformat(start) <= moment < time.fromisoformat(end) for start, end in windows)


def _today(case: Case) -> set[str]:
    return {case.today.isoformat(), str(case.today.weekday())}


def _on_break_now(case: Case, hours: Sequence[Ground]) -> bool:
    moment = f"{case.now:%H:%M}"
    windows = openings(case, hours, _today(case))
    return any(closes <= moment < opens for (_, closes), (opens, _) in pairwise(windows))
