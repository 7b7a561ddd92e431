"""When an offer begins and ends in words without a date: "vai até dezembro", "começa no mês que vem"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.days import holidays_in
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language import moods
from hub.truth_gate.language.reading import Span, asks, meaning, tells_topic
from hub.truth_gate.language.vocabulary import MONTH, MONTHS

Judged = tuple[Claim, Judgement]

_WHEN: Final = (
    rf"(?P<when>(?:(?:o |a |el |la |the )?(?:mes de )?(?P<month>{MONTH})(?![a-z]))|(?:o |a |the |"
    rf"la )?(?:vespera de )?(?:natal|"
    r"navidad|nochebuena|christmas(?: eve)?|reveillon|ano novo|ano nuevo)|(?P<this>(?:o |the |el )?(?:fim|final|end) "
    r"(?:do|deste|of the|of this|del|de este) (?P<unit>mes|ano|month|year))|(?P<next>(?:o |a |n[ao] )?(?:mes|semana|"
    r"ano) que "
    r"vem|(?:o |a )?proxim[oa] (?:mes|semana|ano)|next (?:month|week|year)|(?:el |la )?proxim[oa] (?:mes|semana|ano)))"
)
_ENDS: Final = re.compile(
    r"\b(?:ate|hasta|until|till|through|(?:termina|acaba|encerra|expira|vence|ends?|expires?)(?: so)?(?: n[ao]| em|"
    r" on| in| at| en)?)"
    rf" {_WHEN}\b"
)
_BEGINS: Final = re.compile(
    r"\b(?:(?:comeca|inicia|arranca|entra em vigor|volta|starts?|begins?|empieza)(?: a (?:valer|funcionar))?(?: so)?|"
    r"a partir|"
    rf"desde|(?:so )?(?:vale|valera)(?: so)?)(?: d[aeo]| n[ao]| em| on| in| en| from)? {_WHEN}\b"
)
_FAR: Final = {
    "amanha": 1, "hoje": 0, "depois de amanha": 2, "tomorrow": 1, "today": 0, "hoy": 0, "manana": 1, "pasado manana": 2,
}  # fmt: skip
_NEAR: Final = re.compile(
    rf"\b(?P<day>{'|'.join(sorted(_FAR, key=len, reverse=True))}) (?:ja |so |e que )*(?:comeca|inicia|empieza|"
    rf"starts?|begins?|"
    r"(?P<ends>termina|acaba|encerra|ends?))\b"
)
_WORD: Final = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")
_ROLES: Final = {"valid_from": "begin", "valid_until": "end"}
_WEEK: Final = 7
_LAST_DAYS: Final = 4


def of_offers(case: Case) -> Iterator[Judged]:
    """Every such word that is not of the dates of the offer, refused."""
    bounds = [g for g in case.knowledge.of_kind("date") if g.role in _ROLES and g.subject.startswith("promotion:")]
    for sentence in case.subjects.sentences if bounds else ():
        folded = case.reading.folded[slice(*sentence)]
        if asks(folded) or moods.supposes(folded) or is_uncertain(case, sentence[1] - 1):
            continue
        spoken = _spoken_of(case, sentence, {g.subject for g in bounds})
        if near := _NEAR.search(case.reading.folded, *sentence):
            role = "valid_until" if near["ends"] else "valid_from"
            day = (case.today + timedelta(days=_FAR[near["day"]])).isoformat()
            dates = {g.claim.value for g in bounds if g.role == role and g.subject in spoken}
            if dates and day not in dates:
                claim = Claim("statement", "of an offer", *near.span()).with_raw(case.reading)
                yield claim, refuse(f"{min(spoken)} does not {_ROLES[role]} then but on {', '.join(sorted(dates))}")
        for role, pattern in (("valid_until", _ENDS), ("valid_from", _BEGINS)):
            told = pattern.search(case.reading.folded, *sentence)
            dates = {g.claim.value for g in bounds if g.role == role and g.subject in spoken}
            if told and dates and not any(_is_then(case.today, told, date.fromisoformat(d)) for d in dates):
                claim = Claim("statement", "of an offer", *told.span()).with_raw(case.reading)
                yield claim, refuse(f"{min(spoken)} does not {_ROLES[role]} then but on {', '.join(sorted(dates))}")


def _spoken_of(case: Case, sentence: Span, offers: set[str]) -> set[str]:
    """The offers a sentence shares most words with, their codes counted; all of them when it names none."""
    words = _WORD.findall(case.reading.folded[slice(*sentence)])
    said = {meaning(word) for word in words if tells_topic(word)} | set(words)
    codes = {g.subject: g.claim.value for g in case.knowledge.of_kind("sku")}
    shared = {s: len(said & (case.knowledge.words.get(s, frozenset()) | {codes.get(s, "")})) for s in offers}
    most = max(shared.values(), default=0)
    return {subject for subject, number in shared.items() if number == most}


def _is_then(today: date, told: re.Match[str], day: date) -> bool:
    """Whether a date lies in what is said of it."""
    if told["month"]:
        return day.month == MONTHS[told["month"]]
    if told["this"]:
        later = day + timedelta(days=_LAST_DAYS)
        over = later.month != day.month if told["unit"] in ("mes", "month") else later.year != day.year
        return over and (day.year, day.month) >= (today.year, today.month)
    if told["next"]:
        return _is_next(today, told["next"], day)
    feasts = holidays_in(told["when"], today)
    return any(abs((feast - day).days) <= 1 for feast in feasts)


def _is_next(today: date, unit: str, day: date) -> bool:
    if "ano" in unit or "year" in unit:
        return day.year == today.year + 1
    if "mes" in unit or "month" in unit:
        return (day.year, day.month) == (today.year + today.month // 12, today.month % 12 + 1)
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=_WEEK) <= day < monday + timedelta(days=2 * _WEEK)
