"""What is said of days of the opening hours and of services without an hour: judged on the windows that were read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.days import weekday_of
from hub.truth_gate.judging.denial import DENYING, language_of
from hub.truth_gate.judging.opening import windows_of
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import Span, asks, containing, stems

Judged = tuple[Claim, Judgement]

_DAY: Final = re.compile(
    r"\b(?P<after>depois de amanha|pasado manana|day after tomorrow)\b|\b(?P<tomorrow>amanha|tomorrow|"
    r"(?<!por la )(?<!de la )(?<!la )manana)\b|\b(?P<today>hoje|hoy|today)\b"
)
_OPEN: Final = r"(?:abert[oa]s?|abrimos|abre|atendemos|atende|funcionamos|funciona|open|opens|abiert[oa]s?|atendiendo)"
_CLOSED: Final = r"(?:fechamos|fecha|fechad[oa]s?|closed?|cerramos|cerrad[oa]s?|cierra)"
_LUNCH: Final = (
    r"(?:n[ao]|durante [oa]|durante el|at|during|over|en el|en la|a) (?:horario d[eo]l? |hora d[eo]l? )?"
    r"(?:almoco|lunch(?:time)?|almuerzo)"
)
_AT_LUNCH: Final = re.compile(rf"\b{_OPEN}\b[^.!?,;\n]{{0,30}}\b{_LUNCH}\b")
_ALL_DAY: Final = r"(?:o dia (?:todo|inteiro)|todo o dia|dia inteiro|all day|the whole day|todo el dia|el dia entero)"
_CLOSED_ALL_DAY: Final = re.compile(rf"\b{_CLOSED}\b[^.!?,;\n]{{0,20}}\b{_ALL_DAY}\b")
_AS_EVER: Final = re.compile(
    rf"\b{_OPEN}\b[^.!?;\n]{{0,25}}\b(?:normalmente|como sempre|(?:em|no) horario normal|normal(?:ly)?|as usual|"
    r"como siempre|en horario normal|horario (?:normal|de sempre))\b"
)
_ONLY_PART: Final = re.compile(
    rf"\b(?:so|apenas|somente|only|solo)\b[^.!?,;\n]{{0,20}}\b(?:{_OPEN} )?(?P<part>de manha|pela manha|a tarde|"
    rf"de tarde|"
    rf"in the morning|in the afternoon|por la manana|por la tarde)\b|\b{_OPEN} (?:so|apenas|somente|only|solo) "
    r"(?P<part2>de manha|pela manha|a tarde|de tarde|in the morning|in the afternoon|por la manana|por la tarde)\b"
)
_NOON: Final = "12:00"
_LATE_NOON: Final = "13:30"


def of_hours(case: Case) -> Iterator[Judged]:
    """Every such statement that the hours do not carry, refused."""
    hours = [g for g in case.knowledge.of_kind("time") if g.day and g.subject not in case.knowledge.expired]
    company = [g for g in hours if g.subject.startswith("company:")]
    services = [g for g in hours if g.subject.startswith("schedule:")]
    for sentence in case.subjects.sentences if hours else ():
        if asks(case.reading.folded[slice(*sentence)]):
            continue
        for clause in case.subjects.clauses(sentence):
            folded = case.reading.folded[slice(*clause)]
            if moods.supposes(folded) or is_uncertain(case, clause[1] - 1):
                continue
            why = _of_a_service(case, sentence, clause, services) or _of_the_shop(case, clause, company)
            if why:
                yield Claim("statement", "of the hours", *clause).with_raw(case.reading), refuse(why)


def _of_a_service(case: Case, sentence: Span, clause: Span, hours: Sequence[Ground]) -> str:
    """Why a service is not on the day that is named by its distance: "a aula é hoje", "amanhã não tem aula"."""
    near = _DAY.search(case.reading.folded, *clause)
    open_told = any(c.kind == "open" and clause[0] <= c.start < clause[1] for c in case.claims)
    said = stems(case.reading.folded[slice(*clause)]) & stems(case.reading.folded[slice(*sentence)])
    spoken = {g.subject for g in hours if said & case.knowledge.words.get(g.subject, frozenset())}
    if not near or open_told or not spoken:
        return ""
    day = case.today + timedelta(days=2 if near["after"] else 1 if near["tomorrow"] else 0)
    held = [g for g in hours if g.subject in spoken and g.day in (day.isoformat(), str(day.weekday()))]
    if bool(held) == _is_denied(case, clause):
        return f"by its hours {min(spoken)} is {'' if held else 'not '}on {day.isoformat()}"
    return ""


def _of_the_shop(case: Case, clause: Span, hours: Sequence[Ground]) -> str:
    """Why the shop is not open, or closed, as a clause says it of a whole day, of noon, or of a part of a day."""
    if not hours:
        return ""
    folded = case.reading.folded
    denied = _is_denied(case, clause)
    days = _days_of(case, clause, hours)
    windows = [windows_of(hours, day) for day in days]
    if _AT_LUNCH.search(folded, *clause) and not denied and any(map(_pauses, windows)):
        return "by the hours that were read it is closed for lunch"
    if _CLOSED_ALL_DAY.search(folded, *clause) and not denied and any(windows):
        return "by the hours that were read it is open on that day"
    if _AS_EVER.search(folded, *clause) and not denied and (other := _unusual(days, hours)):
        return f"the hours of {other} are others than those of its weekday"
    only = _ONLY_PART.search(folded, *clause)
    if only and not denied and not all(_is_only_in(only["part"] or only["part2"], each) for each in windows):
        return "by the hours that were read it is open at another time of that day as well"
    return ""


def _is_denied(case: Case, clause: Span) -> bool:
    return bool(DENYING[language_of(case, clause)].search(case.reading.folded, *clause))


def _days_of(case: Case, clause: Span, hours: Sequence[Ground]) -> list[set[str]]:
    """The days a clause names, each by the names its hours may go by; every day with hours when it names none."""
    start = containing(case.subjects.sentences, clause[0])[0]
    inside = [c for c in case.claims if start <= c.start < clause[1] and c.kind in ("weekday", "date")]
    near = _DAY.search(case.reading.folded, *clause)
    dates = [c.value for c in inside if c.kind == "date" and c.flag != "partial"]
    named = dates or [c.value for c in inside if c.kind == "weekday"]
    if not named and near:
        named = [(case.today + timedelta(days=2 if near["after"] else 1 if near["tomorrow"] else 0)).isoformat()]
    if not named:
        named = sorted({g.day for g in hours if "-" not in g.day})
    return [_names_of(value, hours) for value in named]


def _names_of(value: str, hours: Sequence[Ground]) -> set[str]:
    if "-" not in value or any(g.day == value for g in hours):
        return {value}
    return {value, weekday_of(value)} - {""}


def _unusual(days: Sequence[set[str]], hours: Sequence[Ground]) -> str:
    """A date among some days whose own hours are not those of its weekday."""
    for value in (each for day in days for each in day if weekday_of(each)):
        usual = windows_of(hours, {weekday_of(value)})
        if windows_of(hours, {value}) and windows_of(hours, {value}) != usual:
            return value
    return ""


def _pauses(windows: Sequence[tuple[str, str]]) -> bool:
    return any(opens >= _NOON and closes <= _LATE_NOON for (_, closes), (opens, _) in pairwise(windows))


def _is_only_in(part: str, windows: Sequence[tuple[str, str]]) -> bool:
    morning = "man" in part or "morning" in part
    return all(closes <= _LATE_NOON if morning else opens >= _NOON for opens, closes in windows)
