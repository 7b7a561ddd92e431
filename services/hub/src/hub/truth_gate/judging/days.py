"""The days that a reply speaks of: by their names, their dates, their distance, or as a part of the week."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case
from hub.truth_gate.language.reading import containing
from hub.truth_gate.language.vocabulary import WEEKDAY, WEEKDAYS

EVERY_DAY: Final = re.compile(
    r"\b(?:tod[oa]s?(?: [oa]s?)? dias?(?! ut)|diariamente|every ?day|daily|todos los dias|a semana (?:toda|inteira)|"
    r"all week|"
    r"nenhum dia|ningun dia|any day)\b"
)
_BUT: Final = re.compile(
    r"\b(?:menos|exceto|salvo|excepto|except(?: for)?|but|fora|tirando)(?: (?:n?[oa]s?|a[os]+|on|el|los|de))? "
    rf"(?P<day>{WEEKDAY})s?\b"
)
_WORKDAYS: Final = re.compile(
    r"\b(?:dias? uteis|dias? de semana|dia de semana|every weekday|weekdays|dias habiles|durante a semana|"
    r"entre semana)\b"
)
OF_COMPANY: Final = re.compile(
    r"\b(?:loja|abr\w+|fech\w+|abert\w+|funcion\w+|tienda|store|shop|open\w*|clos\w+|cerr\w+)\b"
)
_NEAR_DAY: Final = re.compile(r"\b(?:hoje|hoy|today|amanha|tomorrow)\b")
SPREAD: Final = re.compile(r"\s*(?:a|ate|-|to|through|al?)\s*(?:el |o )?")
_HOLIDAYS: Final = (
    (re.compile(r"\b(?:vespera de natal|nochebuena|christmas eve)\b"), 12, 24),
    (re.compile(r"(?<!vespera de )(?<!feliz )\b(?:natal|navidad|christmas(?! eve))\b"), 12, 25),
    (re.compile(r"\b(?:reveillon|vespera de ano novo|nochevieja|new year's eve)\b"), 12, 31),
    (re.compile(r"(?<!vespera de )(?<!feliz )\b(?:ano novo|ano nuevo|new year's day)\b"), 1, 1),
)


def every_day(folded: str) -> list[int]:
    """The days of the week that "todos os dias" means in a sentence: all of them but those it takes out."""
    taken = {WEEKDAYS[match["day"]] for match in _BUT.finditer(folded)}
    return [day for day in range(7) if day not in taken]


def is_taken_out(case: Case, claim: Claim) -> bool:
    """Whether a weekday is one that "todos os dias, menos domingo" takes out."""
    start, end = containing(case.subjects.sentences, claim.start)
    every = EVERY_DAY.search(case.reading.folded, start, end)
    return bool(every) and any(m.start("day") == claim.start for m in _BUT.finditer(case.reading.folded, start, end))


def holidays_in(folded: str, today: date) -> list[date]:
    """The next dates of the holidays of everywhere that a sentence names."""
    found = []
    for pattern, month, day in _HOLIDAYS:
        if pattern.search(folded):
            this_year = date(today.year, month, day)
            found.append(this_year if this_year >= today else date(today.year + 1, month, day))
    return found


def days_spoken_of(case: Case, claim: Claim) -> list[set[str]]:
    """For each day a time is said of: the names its hours may go by. Empty when no day is named."""
    told = any(
        c.kind == "weekday" and case.subjects.clause(claim.start)[0] <= c.start < case.subjects.clause(claim.start)[1]
        for c in case.claims
    )
    if _WORKDAYS.search(case.clause_text(claim) if told else case.sentence_text(claim)):
        return [{str(day)} for day in range(5)]
    if EVERY_DAY.search(case.sentence_text(claim)):
        return [{str(day)} for day in every_day(case.sentence_text(claim))]
    line = case.subjects.line(claim.start)
    clause = case.subjects.clause(claim.start)
    if feasts := holidays_in(case.sentence_text(claim), case.today):
        return [{day.isoformat()} for day in feasts]
    sentence = containing(case.subjects.sentences, claim.start)
    elsewhere = any(c.kind in ("weekday", "date") and line[0] <= c.start < line[1] for c in case.claims)
    if elsewhere and (day := _near_day(case, claim, of_company=False)):
        return [{day.isoformat()} | ({weekday_of(day.isoformat())} - _exceptional(case, day.isoformat()))]
    for span in (clause, (sentence[0], claim.start), (line[0], claim.start), sentence):
        inside = [c for c in case.claims if span[0] <= c.start < span[1]]
        dates = [c.value for c in inside if c.kind == "date" and c.flag != "partial"]
        if dates:
            return [{dates[-1]} | ({weekday_of(dates[-1])} - _exceptional(case, dates[-1]))]
        weekdays = [c for c in inside if c.kind == "weekday"]
        if weekdays:
            return [{str(day)} for day in spread(case, _last_group(case, weekdays))]
        if span == clause and (day := _near_day(case, claim)):
            return [{day.isoformat()} | ({weekday_of(day.isoformat())} - _exceptional(case, day.isoformat()))]
    return []


def _near_day(case: Case, claim: Claim, *, of_company: bool = True) -> date | None:
    """The day that the words before a time name by its distance: "se vier hoje, fechamos às 18h"."""
    start = containing(case.subjects.sentences, claim.start)[0]
    found = list(_NEAR_DAY.finditer(case.reading.folded, start, claim.start))
    named = any(c.kind in ("weekday", "date") and start <= c.start < claim.start for c in case.claims)
    if not found or named or (of_company and not OF_COMPANY.search(case.clause_text(claim))):
        return None
    return case.today + timedelta(days=1 if found[-1].group() in ("amanha", "tomorrow") else 0)


def _last_group(case: Case, weekdays: Sequence[Claim]) -> list[Claim]:
    """The weekdays after the last time that stands between them: "seg a sex 9h-18h, sáb 9h-13h" are two groups."""
    times = [c.end for c in case.claims if c.kind == "time" and c.end <= weekdays[-1].start]
    after = [each for each in weekdays if not times or each.start > times[-1]]
    return after or list(weekdays)


def weekday_of(value: str) -> str:
    """The weekday of an ISO date, as its number."""
    try:
        return str(date.fromisoformat(value).weekday())
    except ValueError:
        return ""


def _exceptional(case: Case, day: str) -> set[str]:
    """A date with hours of its own does not have those of its weekday."""
    return {weekday_of(day)} if any(g.day == day for g in case.knowledge.grounds) else set()


def spread(case: Case, weekdays: Sequence[Claim]) -> list[int]:
    """Name the days of a range: "segunda a sexta" is five days."""
    days = {int(each.value) for each in weekdays}
    for first, second in pairwise(weekdays):
        if SPREAD.fullmatch(case.reading.folded[first.end : second.start]):
            start, end = int(first.value), int(second.value)
            # "De segunda a segunda" is the whole week.
            days |= {(start + offset) % 7 for offset in range((end - start) % 7 + 1 if start != end else 7)}
    return sorted(days)
