"""The judgement on weekdays, and on dates that only say which day a time or a weekday is."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import DENIED, Case, Judgement, refuse
from hub.truth_gate.grounds.context import context_of
from hub.truth_gate.judging.days import SPREAD, is_taken_out, weekday_of
from hub.truth_gate.judging.opening import hours_spoken_of
from hub.truth_gate.judging.openness import is_as_said, is_day_without
from hub.truth_gate.judging.support import equal, in_force
from hub.truth_gate.language.reading import Span, containing, stems

_ARRIVES: Final = re.compile(
    r"\b(?:cheg(?!uem?\b)\w+|entreg(?:a|ue|ar)\w*|receb\w+|arriv\w+|deliver\w*|lleg\w+|recib\w+|ships?|envi\w+)\b"
)
_DISTANCE: Final = {
    "hoje": 0, "hoy": 0, "today": 0, "amanha": 1, "manana": 1, "tomorrow": 1, "depois de amanha": 2, "pasado manana": 2,
}  # fmt: skip
_DAY: Final = "|".join(sorted(_DISTANCE, key=len, reverse=True))
_RELATIVE_BEFORE: Final = re.compile(rf"\b(?P<day>{_DAY})(?:,? (?:e|es|is)|,| \(|)\s*$")
_RELATIVE_AFTER: Final = re.compile(rf"(?:-feira)?\s*[,(]\s*(?:(?:que )?(?:e|es|is|ja e) )?(?P<day>{_DAY})\b")


def is_day_of_a_time(case: Case, claim: Claim) -> bool:
    """Whether "hoje" only says of which day a time is ("pode vir até as 18h hoje"): the time is judged for it."""
    start, end = containing(case.subjects.sentences, claim.start)
    timed = any(c.kind == "time" and start <= c.start < end for c in case.claims)
    return timed and claim.raw.lower() in _DISTANCE and not _ARRIVES.search(case.reading.folded[start:end])


def is_day_of_hours(case: Case, claim: Claim) -> bool:
    """Whether a date is that of the day named beside it, which has hours: "no sábado, 28/11, abrimos das 9h às 13h"."""
    if _ARRIVES.search(case.sentence_text(claim)) or claim.bound:
        return False
    near = _RELATIVE_BEFORE.search(case.reading.folded[: claim.start])
    near = near or _RELATIVE_AFTER.match(case.reading.folded, claim.end)
    beside = [c for c in case.claims if c.kind == "weekday" and _adjacent(claim.span, c.span, case.reading.folded)]
    if not near and not beside:
        return False
    ahead = _DISTANCE[near["day"]] if near else (int(beside[0].value) - case.today.weekday()) % 7
    day = case.today + timedelta(days=ahead)
    fits = claim.value == day.isoformat() or (claim.flag == "partial" and claim.value[2:] == f"{day.day:02d}")
    return fits and any(g.day in (day.isoformat(), str(day.weekday())) for g in hours_spoken_of(case, claim))


def judge_weekday(case: Case, claim: Claim) -> Judgement:
    """Judge a weekday by the date or day beside it, by hours, by dates that were read, or by a text."""
    sentence = containing(case.subjects.sentences, claim.start)
    beside = [c for c in case.claims if c.kind == "date" and _adjacent(claim.span, c.span, case.reading.folded)]
    if beside and beside[0].flag != "partial":
        fits = weekday_of(beside[0].value) == claim.value
        return Judgement(True, "calendar") if fits else refuse(f"{beside[0].value} is another day of the week")
    if is_taken_out(case, claim):
        held = [g for g in hours_spoken_of(case, claim) if g.day == claim.value]
        return refuse(f"{held[0].subject} is open on that day") if held else Judgement(True, "calendar")
    if (ahead := _days_ahead(case, claim)) is not None:
        fits = (case.today + timedelta(days=ahead)).weekday() == int(claim.value)
        return Judgement(True, "calendar") if fits else refuse("that day is another day of the week")
    grounds = [g for g in case.knowledge.of_kind("weekday") if g.claim.value == claim.value]
    arrives = bool(_ARRIVES.search(case.sentence_text(claim)))
    grounds += [g for g in hours_spoken_of(case, claim) if g.day == claim.value and not arrives]
    dates = [g for g in case.knowledge.of_kind("date") if weekday_of(g.claim.value) == claim.value]
    grounds += [g for g in dates if not arrives or g.claim.value >= case.today.isoformat()]
    valid, why = in_force(case, grounds)
    typed = [g for g in valid if not g.from_text]
    if typed:
        return Judgement(True, typed[0].subject)
    if not valid and is_day_without(case, claim):
        return Judgement(True, "calendar", DENIED)
    closed = [c for c in case.claims if c.kind == "open" and sentence[0] <= c.start < sentence[1]]
    if closed and is_as_said(case, claim, closed):
        return Judgement(True, "calendar")
    context = context_of(case.reading, claim, case.claims, sentence)
    context |= stems(case.sentence_text(claim)) if _is_ranged(case, claim) else frozenset()
    same = _subjects_beside(case, claim, sentence)
    shared = [g for g in valid if not g.context or g.context & context or not context or g.subject in same]
    return Judgement(True, shared[0].subject) if shared else refuse(why or "no fact of this turn is about this weekday")


def _subjects_beside(case: Case, claim: Claim, sentence: Span) -> set[str]:
    """The rules whose prices and times stand in the sentence of one end of a range of weekdays."""
    if not _is_ranged(case, claim):
        return set()
    inside = [c for c in case.claims if c.kind in ("price", "time") and sentence[0] <= c.start < sentence[1]]
    return {g.subject for c in inside for g in equal(case, c) if g.from_text}


def _is_ranged(case: Case, claim: Claim) -> bool:
    """Whether a weekday is one end of a range: the range is judged by the words of its whole sentence."""
    others = [c for c in case.claims if c.kind == "weekday" and c.span != claim.span]
    spans = [(min(c.end, claim.end), max(c.start, claim.start)) for c in others]
    return any(SPREAD.fullmatch(case.reading.folded[start:end]) for start, end in spans if start < end)


def _days_ahead(case: Case, claim: Claim) -> int | None:
    """How far the day named right beside a weekday is ("hoje, terça-feira"); None when none is."""
    folded = case.reading.folded
    around = (folded[max(0, claim.start - 30) : claim.start], folded[claim.end : claim.end + 30])
    found = _RELATIVE_BEFORE.search(around[0]) or _RELATIVE_AFTER.match(around[1])
    return _DISTANCE[found["day"]] if found else None


def _adjacent(first: Span, second: Span, text: str) -> bool:
    between = text[min(first[1], second[1]) : max(first[0], second[0])]
    return bool(
        re.fullmatch(
            r"\s*[,(]?\s*(?:(?:que )?(?:e|cai|sera|es|cae|is|falls|which is)(?: (?:em|n[ao]|on|en))?)?\s*"
            r"(?:dia|the|el|o|uma|um|numa|num|un|a)?\s*",
            between,
        )
    )
