"""Dates, weekdays and times of day, in the ways people write them in chats."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from hub.truth_gate.claims import Bound, Claim, Masked, Place
from hub.truth_gate.numerals import numerals
from hub.truth_gate.vocabulary import MONTH, MONTHS, ORDINAL_NOUN, WEEKDAY, WEEKDAYS

_ISO: Final = re.compile(r"(?<![\w-])(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)")
_NUMERIC: Final = re.compile(
    r"(?<![\w/,.])(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?:(?P=sep)(?P<y>\d{4}|\d{2}))(?![\w/])"
    r"|(?<![\w/,.])(?P<a2>\d{1,2})/(?P<b2>\d{1,2})(?![\w/])"
)
_DAY_MONTH: Final = re.compile(
    rf"(?<![\w,./])(?P<d>\d{{1,2}})(?:o|st|nd|rd|th)?\s*(?:de\s+|of\s+|/|-)?(?P<m>{MONTH})(?![a-z])\.?"
    r"(?:\s*(?:de|del|,|/)?\s*(?P<y>\d{4})(?!\d))?"
)
_MONTH_DAY: Final = re.compile(
    rf"(?<![\w])(?P<m>{MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\w%]|[.,:]\d)(?:,?\s*(?P<y>\d{{4}})(?!\d))?"
)
_WORD_DAY: Final = re.compile(rf"\s*(?:de|of)\s+(?P<m>{MONTH})(?![a-z])(?:\s*(?:de|del|,)\s*(?P<y>\d{{4}}))?")
_FIRST: Final = re.compile(rf"\b(?:primeiro|primero|first)(?=\s+(?:de|of)\s+(?:{MONTH})\b)")
_DAY_ONLY: Final = re.compile(
    r"\b(?:dia|dias|o dia|el dia|the)[ \t]+(?P<d>\d{1,2})(?:st|nd|rd|th|o)?(?![\w%:]|[.,]\d|\s*(?:h\b|horas))"
)
_RANGE_BEFORE: Final = re.compile(
    r"(?<![\w,.:/])(?P<d>\d{1,2})(?:o|st|nd|rd|th)?\s*(?:a|ate|e|y|-|al|to|and|hasta|until)\s*(?:o |el |the )?$"
)
_DEADLINE: Final = re.compile(
    r"\b(?:ate|until|till|hasta|by|valid[oa]s?|vale|termina|acaba|expira|ends?|expires?|cheg\w+|entreg\w+|lleg\w+|"
    r"arriv\w+|deliver\w+|pront[oa]s?|ready|volt\w+|retorn\w+|vuelv\w+|listo|receb\w+|comec\w+|empiez\w+|starts?|begins?)\b[\w\s]{0,14}$"
)
_LAST_DAY: Final = re.compile(
    r"\b(?:ate|until|till|hasta|termina\w*|acaba\w*|expira\w*|vence\w*|ends?|expires?)\s*(?:o|a|el|the|em|in|on|"
    r"dia|fim de|no|na|\0|[a-z-]+,)*\s*$"
)
_FIRST_DAY: Final = re.compile(
    r"\b(?:a partir d[eoa]|desde|from|starting|comec\w*|empiez\w*|inici\w*|starts?|begins?)\s*(?:o|a|el|the|em|"
    r"in|on|dia|no|na)*\s*$"
)
_RELATIVE: Final = re.compile(
    r"\b(?P<after>depois de amanha|pasado manana|day after tomorrow)\b|\b(?P<tomorrow>amanha|tomorrow|manana)\b|"
    r"\b(?P<today>hoje|hoy|today)\b"
)
_NAMED_WEEKDAY: Final = re.compile(rf"(?<![\w-])(?P<w>{WEEKDAY})s?(?:-feiras)?(?![\w-])(?!\s+(?:{ORDINAL_NOUN})\b)")
_SHORT_WEEKDAYS: Final = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

_CLOCK: Final = re.compile(
    r"(?<![\w:,.])(?P<h>[01]?\d|2[0-3])(?::(?P<m>[0-5]\d)(?::[0-5]\d)?\s?(?:h(?:rs?|oras)?\b)?|\s?(?:h|hs|"
    r"hrs)\s?(?P<m2>[0-5]\d)?(?:min)?(?!\w))"
    r"(?:\s*(?P<half>[ap]\.?m\b\.?))?"
)
_HALF_DAY: Final = re.compile(r"(?<![\w:,.])(?P<h>1[0-2]|0?\d)\s?(?P<half>[ap]\.?m\b\.?)")
_AT: Final = re.compile(
    r"\b(?:as|a las|las|at)\s+(?P<h>[01]?\d|2[0-3])(?:\s*(?:horas|hours|hs))?(?![\w:%]|[.,]\d|\s*(?:x|h|reais|"
    r"unidades|dias|%)\b)"
)
_NAMED_TIME: Final = re.compile(
    r"\b(?:(?P<noon>meio[- ]dia|mediodia|noon|midday)|(?P<midnight>meia[- ]noite|medianoche|midnight))\b"
)
_TIME_RANGE_BEFORE: Final = re.compile(
    r"(?<![\w,.:/])(?P<h>[01]?\d|2[0-3])\s*(?:a|as|ate|e|y|-|to|and|ate as|a las|hasta las)\s*$"
)
_TO: Final = re.compile(r"(?:\0|^|\s)\s*(?:a|as|ate|ate as|e|y|and|-|to|a las|hasta|hasta las|until|till)\s*$")
_OPENS: Final = re.compile(
    r"\b(?:das?|de|from|desde|a partir d[ae]s?|abr\w*|open\w*|comec\w*|inici\w*|starting at)\s*(?:as|a las|las|at)?\s*$"
)
_CLOSES: Final = re.compile(r"\b(?:ate|fech\w*|clos\w*|cierr\w*|until|till|hasta|encerr\w*)\s*(?:as|a las|las|at)?\s*$")


def calendar_claims(masked: Masked, today: date) -> None:
    """Take dates, then times, then weekdays."""
    for match in _ISO.finditer(masked.text):
        _take_date(masked, match.span(), int(match["y"]), int(match["m"]), int(match["d"]), today)
    for match in _NUMERIC.finditer(masked.text):
        _take_numeric(masked, match, today)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(masked.text):
            _take_named_month(masked, match, int(match["d"]), today)
    _word_days(masked, today)
    for match in _DAY_ONLY.finditer(masked.text):
        if 1 <= int(match["d"]) <= 31:
            masked.take(Claim("date", f"--{int(match['d']):02d}", *match.span("d"), flag="partial"))
    _relative_days(masked, today)
    _times(masked)
    _weekdays(masked)


def _take_named_month(masked: Masked, match: re.Match[str], day: int, today: date) -> None:
    year = int(match["y"]) if match["y"] else None
    _take_date(masked, match.span(), year, MONTHS[match["m"]], day, today)


def _word_days(masked: Masked, today: date) -> None:
    for match in _FIRST.finditer(masked.text):
        rest = _WORD_DAY.match(masked.text, match.end())
        if rest:
            year = int(rest["y"]) if rest["y"] else None
            _take_date(masked, (match.start(), rest.end()), year, MONTHS[rest["m"]], 1, today)
    for numeral in numerals(masked.text, masked.locale):
        rest = _WORD_DAY.match(masked.text, numeral.end)
        if rest and numeral.in_words and 1 <= numeral.value <= 31:
            year = int(rest["y"]) if rest["y"] else None
            _take_date(masked, (numeral.start, rest.end()), year, MONTHS[rest["m"]], int(numeral.value), today)


def _take_numeric(masked: Masked, match: re.Match[str], today: date) -> None:
    first, second = int(match["a"] or match["a2"]), int(match["b"] or match["b2"])
    year = _full_year(match["y"])
    readings = ((second, first), (first, second)) if masked.locale != "en" else ((first, second), (second, first))
    for month, day in readings:
        if _resolve(year, month, day, today):
            _take_date(masked, match.span(), year, month, day, today)
            return


def _full_year(raw: str | None) -> int | None:
    if raw is None:
        return None
    return int(raw) if len(raw) == 4 else 2000 + int(raw)


def _take_date(masked: Masked, span: tuple[int, int], year: int | None, month: int, day: int, today: date) -> None:
    resolved = _resolve(year, month, day, today)
    value = resolved.isoformat() if resolved else f"{year or 0:04d}-{month:02d}-{day:02d}"
    before = _RANGE_BEFORE.search(masked.text[max(0, span[0] - 20) : span[0]])
    place: Place = ""
    if before and resolved:
        earlier = _resolve(resolved.year, month, int(before["d"]), today)
        if earlier:
            start = max(0, span[0] - 20) + before.start("d")
            masked.take(Claim("date", earlier.isoformat(), start, start + len(before["d"]), place="first"))
            place = "second"
    masked.take(Claim("date", value, *span, place=place, bound=_date_bound(masked.text, span[0])))


def _date_bound(text: str, start: int) -> Bound:
    """`under` for a last day, `over` for a first one."""
    left = text[max(0, start - 40) : start]
    if _LAST_DAY.search(left):
        return "under"
    return "over" if _FIRST_DAY.search(left) else ""


def _resolve(year: int | None, month: int, day: int, today: date) -> date | None:
    """The date meant: without a year, the one nearest to today."""
    try:
        if year is not None:
            return date(year, month, day)
        return min(_years(month, day, today), key=lambda each: abs((each - today).days))
    except ValueError:
        return None


def _years(month: int, day: int, today: date) -> list[date]:
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found


def _relative_days(masked: Masked, today: date) -> None:
    """Take days said by their distance: "vale até amanhã" states a date, "hoje abrimos" alone does not."""
    for match in _RELATIVE.finditer(masked.text):
        if not _DEADLINE.search(masked.text[max(0, match.start() - 40) : match.start()]):
            continue
        days = 2 if match["after"] else 1 if match["tomorrow"] else 0
        bound = _date_bound(masked.text, match.start())
        masked.take(Claim("date", (today + timedelta(days=days)).isoformat(), *match.span(), bound=bound))


def _times(masked: Masked) -> None:
    for pattern, read in ((_CLOCK, _clock), (_HALF_DAY, _clock), (_AT, _clock), (_NAMED_TIME, _named_time)):
        for match in pattern.finditer(masked.text):
            _take_time(masked, match, read)


def _clock(match: re.Match[str]) -> str:
    groups = match.groupdict()
    hour, minute = int(groups["h"]), int(groups.get("m") or groups.get("m2") or 0)
    half = (groups.get("half") or "").replace(".", "")
    if half and not 1 <= hour <= 12:
        return f"{hour}:{minute:02d} {half}"
    if half == "pm" and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    return f"{hour:02d}:{minute:02d}"


def _named_time(match: re.Match[str]) -> str:
    return "12:00" if match["noon"] else "00:00"


def _take_time(masked: Masked, match: re.Match[str], read: Callable[[re.Match[str]], str]) -> None:
    start = match.start("h") if "h" in match.groupdict() else match.start()
    left = masked.text[max(0, start - 30) : start]
    before = _TIME_RANGE_BEFORE.search(left)
    if before:
        first = len(masked.text[:start]) - len(left) + before.start("h")
        opening = f"{int(before['h']):02d}:00"
        masked.take(Claim("time", opening, first, first + len(before["h"]), flag="opens", place="first"))
        left = masked.text[max(0, start - 30) : start]
    masked.take(Claim("time", read(match), start, match.end(), flag=_edge(masked, left, start)))


def _edge(masked: Masked, left: str, start: int) -> str:
    previous = max((c for c in masked.claims if c.kind == "time" and c.end <= start), key=lambda c: c.end, default=None)
    if previous and _TO.search("\0" + masked.text[previous.end : start]) and start - previous.end < 14:
        return "closes"
    if _CLOSES.search(left):
        return "closes"
    return "opens" if _OPENS.search(left) else ""


def _weekdays(masked: Masked) -> None:
    for match in _NAMED_WEEKDAY.finditer(masked.text):
        name = match["w"]
        if name in _SHORT_WEEKDAYS and masked.locale != "en":
            continue
        masked.take(Claim("weekday", str(WEEKDAYS[name]), *match.span("w")))
