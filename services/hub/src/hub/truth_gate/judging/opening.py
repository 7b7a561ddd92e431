"""The judgement on times of day: opening hours are tied to their days, to their edge, and to each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from itertools import pairwise
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.claims.opening_words import PARTS
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.days import OF_COMPANY, days_spoken_of
from hub.truth_gate.language.reading import containing, stems

NOW: Final = re.compile(
    r"\b(?:agora|no momento|neste momento|nesse momento|ahora|en este momento|now|right now|currently)\b"
)
_BREAK: Final = re.compile(
    r"\b(?:para (?=d[aeo]s? |entre )|fech\w+|param\w+|almoc\w+|intervalo|pausa|almuerzo|cerr\w+|closed?|lunch|break)\b"
)
_CLOSING: Final = re.compile(r"\b(?:fech\w+|encerr\w+|clos\w+|cierr\w+|cerramos)\b")
_BEGINS: Final = re.compile(
    r"\b(?:abrimos|abre|abriremos|open|opens)\s+(?:(?P<only>so|apenas|somente|solo|only)\b[^.!?\0]*?)?"
    r"(?:as|ao|a las|al|at)\s*$"
)
_REOPENS: Final = re.compile(
    r"\b(?:param\w*|almoc\w*|intervalo|pausa|volt\w+|reabr\w+|lunch|break|reopen|"
    r"volvemos|almuerzo)\b"
)
_PAUSES: Final = re.compile(
    r"(?P<not>\b(?:sem|nao|no|not|without|sin|nem) (?:[a-z]+ ){0,2})?\b(?:par(?:amos|a) [^,]*almoco|intervalo|pausa|"
    r"break|almuerzo|lunch)\b[^,:]*[,:]\s*$"
)
_LETTERS: Final = re.compile(r"[a-z]{4,}(?<!entre)(?<!desde)(?<!from)")
_TO_LUNCH: Final = re.compile(
    r"[^.!?,\n]{0,40}\b(?:fech\w+|par\w+|close[sd]?|cerr\w+|pausa) (?:para |for |por |p/ ?)?(?:o )?(?:almoco|"
    r"lunch|almuerzo)\b"
)
"""After a range: "entre meio-dia e uma a loja para para o almoço"."""
_NOON: Final = "12:00"
_RANGE_LENGTH: Final = 14


def hours_spoken_of(case: Case, claim: Claim) -> list[Ground]:
    """The hours of what the sentence speaks of: a service's when it names it, else the company's, else all."""
    hours = [g for g in case.knowledge.of_kind("time") if g.day and g.subject not in case.knowledge.expired]
    subjects = {g.subject for g in hours}
    if len(subjects) < 2:
        return hours
    said = case.near_context(claim) or stems(case.line_text(claim)) | case.context(claim)
    services = {
        s: len(said & case.knowledge.words.get(s, frozenset())) for s in subjects if not s.startswith("company:")
    }
    if not any(services.values()) and not OF_COMPANY.search(case.clause_text(claim)):
        said = stems(case.sentence_text(claim))
        services = {s: len(said & case.knowledge.words.get(s, frozenset())) for s in services}
    best = max(services, key=lambda each: services[each], default="")
    if best and services[best]:
        return [g for g in hours if g.subject == best]
    return [g for g in hours if g.subject.startswith("company:")] or hours


def hours_objection(case: Case, claim: Claim, hours: Sequence[Ground]) -> str:
    """Why opening hours (all of them have a day) do not carry a time, in any of its readings; empty when they do."""
    objections = [_objection(case, replace(claim, value=value), hours) for value in (claim.value, *claim.alternatives)]
    return "" if "" in objections else objections[0]


def _objection(case: Case, claim: Claim, hours: Sequence[Ground]) -> str:
    if _is_break(case, claim):
        return _break_objection(case, claim, hours)
    fitting = [g for g in hours if claim.flag in ("", g.role) and g.claim.value == claim.value]
    if not fitting:
        return f"{claim.value} is no time at which it {claim.flag or 'opens or closes'}"
    days = days_spoken_of(case, claim) or _usual_days(case, fitting)
    if any(is_closed_date(case, hours, day) for day in days):
        return "the day spoken of has no opening hours"
    if not all(any(g.day in day for g in fitting) for day in days):
        return f"{claim.value} is not the hour of the day spoken of"
    opening = _opening_before(case, claim)
    if opening and not _is_window(hours, days, opening, claim.value):
        return f"{opening.value} to {claim.value} is not one opening of the day spoken of"
    if _opens_first(case, claim) and any(claim.value != _first(hours, day, _part(case, claim)) for day in days):
        return f"{claim.value} is not when the day begins"
    if _closes_for_good(case, claim) and any(claim.value != _last(hours, day) for day in days):
        return f"{claim.value} is not when the day ends"
    present = case.clause_text(claim) if opening else case.sentence_text(claim)
    if claim.flag == "closes" and NOW.search(present) and not _current(case, hours, claim.value):
        return f"{claim.value} is not when the present opening ends"
    return ""


def _usual_days(case: Case, fitting: Sequence[Ground]) -> list[set[str]]:
    """The day meant where none is named: today of the shop, of a service that which has such an hour."""
    ours = any(g.subject.startswith("company:") for g in fitting)
    return [{case.today.isoformat(), str(case.today.weekday())}] if ours else [{fitting[0].day}]


def _closes_for_good(case: Case, claim: Claim) -> bool:
    """Whether it is the end of the day ("fechamos às 18h"): not one end of a range, and no break."""
    if claim.flag != "closes" or _opening_before(case, claim) or _REOPENS.search(case.sentence_text(claim)):
        return False
    return bool(_CLOSING.search(case.reading.folded[max(0, claim.start - 25) : claim.start]))


def _opens_first(case: Case, claim: Claim) -> bool:
    """Whether it is the beginning of the day ("abrimos às 9h"): not after a break, and no further opening."""
    begins = _BEGINS.search(case.reading.folded[max(0, claim.start - 40) : claim.start])
    if claim.flag == "closes" or not begins:
        return False
    return bool(begins["only"]) or (claim.flag == "opens" and not _REOPENS.search(case.sentence_text(claim)))


def _part(case: Case, claim: Claim) -> str:
    """The part of the day that the sentence of a time speaks of; empty when it speaks of none."""
    start, end = containing(case.subjects.sentences, claim.start)
    told = [c.value for c in case.claims if c.kind == "open" and c.value in PARTS and start <= c.start < end]
    return told[-1] if len(set(told)) == 1 else ""


def _first(hours: Sequence[Ground], day: set[str], part: str) -> str:
    """When a day begins, or its afternoon."""
    later = [opens for opens, _ in windows_of(hours, day) if part != "afternoon" or opens >= _NOON]
    return later[0] if later else ""


def _last(hours: Sequence[Ground], day: set[str]) -> str:
    windows = windows_of(hours, day)
    return windows[-1][1] if windows else ""


def is_closed_date(case: Case, hours: Sequence[Ground], day: set[str]) -> bool:
    """A date that was read without hours has none, whatever its weekday has."""
    dates = {each for each in day if "-" in each}
    read = {g.claim.value for g in case.knowledge.of_kind("date") if g.subject.startswith("company:")}
    ours = all(g.subject.startswith("company:") for g in hours)
    return ours and bool(dates & read) and not any(g.day in dates for g in hours)


def _is_break(case: Case, claim: Claim) -> bool:
    """The range of "fechamos para almoço das 12h às 13h"."""
    ranged = claim.flag and ((claim.flag == "closes" and _opening_before(case, claim)) or claim.flag == "opens")
    opening = _opening_before(case, claim)
    if opening and _CLOSING.search(case.reading.folded, opening.end, claim.start):
        return False
    told = _BREAK.search(case.clause_text(claim)) or _TO_LUNCH.match(case.reading.folded, claim.end)
    return bool(ranged and (told or _adds_to_break(case, claim)))


def _adds_to_break(case: Case, claim: Claim) -> bool:
    """Whether a range stands alone behind a break: "paramos para o almoço, das 12h às 13h"."""
    start = case.subjects.clause(claim.start)[0]
    before = case.reading.folded[containing(case.subjects.sentences, claim.start)[0] : start]
    alone = not _LETTERS.search(case.reading.folded[start : claim.start])
    paused = _PAUSES.search(before)
    return bool(alone and paused and not paused["not"])


def _break_objection(case: Case, claim: Claim, hours: Sequence[Ground]) -> str:
    edge = 0 if claim.flag == "opens" else 1
    days = days_spoken_of(case, claim) or [{case.today.isoformat(), str(case.today.weekday())}]
    for day in days:
        breaks = [(end, start) for (_, end), (start, _) in pairwise(windows_of(hours, day))]
        if claim.value not in {each[edge] for each in breaks}:
            return f"{claim.value} is no edge of a break"
    return ""


def _opening_before(case: Case, claim: Claim) -> Claim | None:
    """The first half of "das 9h às 18h"."""
    if claim.flag != "closes":
        return None
    before = [c for c in case.claims if c.kind == "time" and c.flag == "opens" and c.end <= claim.start]
    return before[-1] if before and claim.start - before[-1].end < _RANGE_LENGTH else None


def windows_of(hours: Sequence[Ground], day: set[str]) -> list[tuple[str, str]]:
    """The openings of a day, in order; a date with hours of its own does not have those of its weekday."""
    exact = {g.day for g in hours if g.day in day and "-" in g.day}
    own = [g for g in hours if g.day in (exact or day)]
    opens = sorted({g.claim.value for g in own if g.role == "opens"})
    closes = sorted({g.claim.value for g in own if g.role == "closes"})
    return list(zip(opens, closes, strict=False))


def openings(case: Case, hours: Sequence[Ground], day: set[str]) -> list[tuple[str, str]]:
    """The openings of a day; none of a date that was read to be closed."""
    return [] if is_closed_date(case, hours, day) else windows_of(hours, day)


def _is_window(hours: Sequence[Ground], days: Sequence[set[str]], opening: Claim, closes: str) -> bool:
    """Whether two times are one opening on all days."""
    readings = (opening.value, *opening.alternatives)
    return any(all((opens, closes) in windows_of(hours, day) for day in days) for opens in readings)


def _current(case: Case, hours: Sequence[Ground], closes: str) -> bool:
    moment = case.now.time().replace(tzinfo=None)
    today = {case.today.isoformat(), str(case.today.weekday())}
    return any(
        time.fromisoformat(start) <= moment < time.fromisoformat(end) and end == closes
        for start, end in windows_of(hours, today)
    )
