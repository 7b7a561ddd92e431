"""What is said of the hours of one day beside those of others: the same hours, every other week, on one day only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.judging.days import spread
from hub.truth_gate.judging.denial import DENYING, language_of
from hub.truth_gate.judging.opening import windows_of
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import Span, asks

Judged = tuple[Claim, Judgement]

_SAME: Final = re.compile(
    r"\b(?:(?:n?[oa] |a |ao |a la |at the |the )?(?:mesm[oa]|misma|mismo|same) (?:horario|hora|time|hours)|igual)"
    r"(?: (?:que|d[aeo]s?|del|as|on|a))*\b"
)
_CLOSES: Final = re.compile(r"\b(?:fech\w+|encerr\w+|cerr\w+|cierr\w+|clos\w+)\b")
_OPENS: Final = re.compile(r"\b(?:abr\w+|comec\w+|empez\w+|empiez\w+|opens?|starts?)\b")
_SOME_WEEKS: Final = re.compile(
    r"\b(?P<day>[a-z]+)(?:-feira)? sim,? (?:e )?(?:(?P=day)(?:-feira)?|outr[oa]) nao\b|"
    r"\b(?P<day2>[a-z]+) si,? (?:y )?(?:(?P=day2)|otr[oa]) no\b|\bevery other [a-z]+day\b|"
    r"\b(?:semana|dia) (?:sim|si),? (?:e |y )?(?:semana|dia|outra|otra) (?:nao|no)\b|"
    r"\b(?:sabados?|domingos?|semanas|saturdays|sundays|weeks) (?:alternad[oa]s|alternos|alternas)\b|"
    r"\b(?:de quinze em quinze dias|quinzenalmente|a cada (?:duas|2) semanas|every (?:two|2) weeks|"
    r"cada (?:dos|2) semanas)\b"
)
_BREAK_ONLY: Final = re.compile(
    r"\b(?:so|apenas|somente|solo|only)\b(?: we| n[ao]s?| aos?| as| el| los| on| [a-z]+-feiras?| [a-z]+s?){0,3} "
    r"(?:fech\w+|param\w*|faz\w*|tem\w*|cerr\w+|clos\w+|have|hay|hacemos)"
    r" (?:para |pra |por |for |pausa |intervalo |(?:a )?lunch )?(?:[oa] )?(?:almoco|almuerzo|lunch|break|pausa|"
    r"intervalo)\b"
)


def of_weeks(case: Case) -> Iterator[Judged]:
    """Every such statement that the hours do not carry, refused."""
    hours = [g for g in case.knowledge.of_kind("time") if g.day and g.subject.startswith("company:")]
    for sentence in case.subjects.sentences if hours else ():
        folded = case.reading.folded[slice(*sentence)]
        if asks(folded) or moods.supposes(folded):
            continue
        why = _objection(case, sentence, hours)
        if why:
            yield Claim("statement", "of the week", *sentence).with_raw(case.reading), refuse(why)


def _objection(case: Case, sentence: Span, hours: Sequence[Ground]) -> str:
    folded = case.reading.folded
    if DENYING[language_of(case, sentence)].search(_SOME_WEEKS.sub("", folded[slice(*sentence)])):
        return ""
    weekdays = [c for c in case.claims if c.kind == "weekday" and sentence[0] <= c.start < sentence[1]]
    if (weeks := _SOME_WEEKS.search(folded, *sentence)) and not _is_read(case, weeks.group()):
        return "by the hours that were read every week is alike"
    same = _SAME.search(folded, *sentence)
    if same and not _are_alike(case, weekdays, same.span(), hours):
        return "by the hours that were read these days do not have the same"
    if weekdays and _BREAK_ONLY.search(folded, *sentence):
        told = {str(day) for day in spread(case, weekdays)}
        paused = {g.day for g in hours if "-" not in g.day and len(windows_of(hours, {g.day})) > 1}
        return "" if paused == told else "by the hours that were read the break is on other days as well"
    return ""


def _is_read(case: Case, words: str) -> bool:
    return any(words in text for subject, text in case.knowledge.texts if subject.startswith("company:"))


def _are_alike(case: Case, weekdays: Sequence[Claim], same: Span, hours: Sequence[Ground]) -> bool:
    """Whether the days told before and after "the same time" have it; true when it is told of other things."""
    before = [c for c in weekdays if c.end <= same[0]]
    after = [c for c in weekdays if c.start >= same[1]]
    if not before or not after:
        return True
    edge = _edge_of(case.reading.folded[before[0].start - 30 if before[0].start > 30 else 0 : same[0]])
    days = {*spread(case, before), *spread(case, after)}
    return len({_told(windows_of(hours, {str(day)}), edge) for day in days}) == 1


def _edge_of(before: str) -> str:
    """Which hour is told to be the same: of closing, of opening, or, empty, all."""
    if _CLOSES.search(before):
        return "closes"
    return "opens" if _OPENS.search(before) and "atend" not in before else ""


def _told(windows: Sequence[tuple[str, str]], edge: str) -> tuple[tuple[str, str], ...] | str:
    if not windows or not edge:
        return tuple(windows)
    return windows[-1][1] if edge == "closes" else windows[0][0]
