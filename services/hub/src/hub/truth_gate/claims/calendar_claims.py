"""Dates and weekdays, in the ways people write them in chats."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from hub.truth_gate.claims.claims import Bound, Claim, Masked, Place
from hub.truth_gate.claims.clock_claims import lengths, times
from hub.truth_gate.language.numerals import numerals
from hub.truth_gate.language.reading import names_something
from hub.truth_gate.language.vocabulary import MONTH, MONTHS, ORDINAL_NOUN, WEEKDAY, WEEKDAYS

_ISO: Final = re.compile(r"(?<![\w-])(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)")
_NUMERIC: Final = re.compile(
    r"(?<![\w/,.])(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?:(?P=sep)(?P<y>\d{4}|\d{2}))(?![\w/])"
    r"|(?<![\w/,.])(?P<a2>\d{1,2})/(?P<b2>\d{1,2})(?![\w/])"
)
_DAY_MONTH: Final = re.compile(
    rf"(?<![\w,./])(?P<d>\d{{1,2}})(?:o|st|nd|rd|th)?\s*(?:de\s+|of\s+|/|"
    rf"-)?(?P<m>{MONTH})(?![a-z])(?:(?<![a-z]{{4}})\.)?"
    r"(?:\s*(?:de|del|,|/)?\s*(?P<y>\d{4})(?!\d))?"
)
_MONTH_DAY: Final = re.compile(
    rf"(?<![\w])(?P<m>{MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\w%]|[.,:]\d)(?:,?\s*(?P<y>\d{{4}})(?!\d))?"
)
_WORD_DAY: Final = re.compile(rf"\s*(?:de|of)\s+(?P<m>{MONTH})(?![a-z])(?:\s*(?:de|del|,)\s*(?P<y>\d{{4}}))?")
_FIRST: Final = re.compile(rf"\b(?:primeiro|primero|first)(?=\s+(?:de|of)\s+(?:{MONTH})\b)")
_DAY_ONLY: Final = re.compile(
    r"\b(?:(?:dia|dias|o dia|el dia|the)[ \t]+(?P<d>\d{1,2})(?:st|nd|rd|th|o)?(?<!the \d)(?<!the \d\d)|"
    r"the[ \t]+(?P<d2>\d{1,2})(?:st|nd|rd|th))(?![\w%:]|[.,]\d|\s*(?:h\b|horas))"
)
_RANGE_BEFORE: Final = re.compile(
    r"(?<![\w,.:/])(?P<d>\d{1,2})(?:o|st|nd|rd|th)?\s*(?:a|ate|e|y|-|al|to|and|hasta|until)\s*(?:o |el |the )?$"
)
_DEADLINE: Final = re.compile(
    r"\b(?:previst\w+|programad\w+|agendad\w+|marcad\w+|sai|saem|cai|caem|so|apenas|somente|solo|only|ate|until|"
    r"till|hasta|by|valid[oa]s?|vale|termina|acaba|expira|ends?|"
    r"expires?|cheg\w+|entreg\w+|lleg\w+|"
    r"arriv\w+|deliver\w+|ships?|enviad\w+|enviam\w+|despach\w+|pront[oa]s?|ready|volt\w+|retorn\w+|vuelv\w+|"
    r"listo|receb\w+|comec\w+|empiez\w+|"
    r"starts?|begins?)\b[\w\s]{0,14}$"
)
_LAST_DAY: Final = re.compile(
    r"\b(?:ate|until|till|hasta|(?:antes|abaixo) d[aeo]|before|termina\w*|acaba\w*|expira\w*|vence\w*|ends?|"
    r"expires?)\s*(?:o|a|el|the|em|in|on|dia|fim de|no|na|\0|[a-z-]+,)*\s*$"
)
_FIRST_DAY: Final = re.compile(
    r"\b(?:a partir d[eoa]|depois d[aeo]|apos|after|despues del?|mais de|mas de|more than|pelo menos|no minimo|"
    r"al menos|at least|desde|from|starting|comec\w*|empiez\w*|inici\w*|starts?|begins?)\s*(?:o|a|el|the|em|"
    r"in|on|dia|no|na)*\s*$"
)
_BEGINS_THEN: Final = re.compile(
    r",? (?:ja )?(?:tem inicio|se inicia|comeca|inicia|arranca|starts|begins|kicks off|empieza)\b(?! a?s? (?:\d|\0))"
)
_ENDS_THEN: Final = re.compile(
    r",? (?:ja )?(?:termina|acaba|se encerra|encerra|ends|expires|is over)\b(?! a?s? (?:\d|\0))"
)
_RELATIVE: Final = re.compile(
    r"\b(?P<after>depois de amanha|pasado manana|day after tomorrow)\b|\b(?P<tomorrow>amanha|tomorrow|"
    r"(?<!por la )(?<!de la )(?<!a la )(?<!en la )manana)\b|"
    r"\b(?P<today>hoje|hoy|today)\b|\b(?P<before>anteontem|anteayer|day before yesterday)\b|\b(?P<yesterday>ontem|ayer|"
    r"yesterday)\b"
)
_THEN_COMES: Final = re.compile(
    r",? (?:mesmo |cedo |ja )?(?:voce |vc |o senhor |a senhora |usted |you(?:'ll| will)? )?(?:o |a |seu |sua |el |"
    r"your |the )?"
    r"(?:(?:pedido|encomenda|order|pacote|\w*\d+) )?(?:recebe|cheg(?:a|ara)|vai (?:chegar|receber)|recibes?|llega|get|"
    r"receive|arrives)\b"
)
"""What comes on the day that is named before it: "amanhã você recebe o pedido"."""
_NAMED_WEEKDAY: Final = re.compile(rf"(?<![\w-])(?P<w>{WEEKDAY})s?(?:-feiras)?(?![\w-])(?!\s+(?:{ORDINAL_NOUN})\b)")
_SHORT_WEEKDAYS: Final = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

_ORDINALS: Final = frozenset(("segunda", "terca", "quarta", "quinta", "sexta"))
_COUNTING: Final = re.compile(r"\b(?:a|na|da|uma|cada|sua|primeira e|pela)\s+$")
_COUNTED: Final = re.compile(r"\s+(?P<noun>[a-z]{4,})\b(?<!mos)(?<!feira)(?<!ira)")
_SHORT_NAMES: Final = ("seg", "ter", "qua", "qui", "sex", "sab", "dom")
_SHORT_DAY: Final = "|".join(_SHORT_NAMES)
_SHORT_NAME: Final = re.compile(
    rf"(?<![\w-])(?P<w>{_SHORT_DAY})(?:\.?(?: (?:a|e) | ?[-/,] ?)(?P<w2>{_SHORT_DAY})\b|(?=\.?:))"
)
_WISHED: Final = re.compile(
    r"\b(?:bom|boa|bons|otim[oa]|excelente|feliz|lind[oa]|maravilhos[oa]|abencoad[oa]|buen|buena|good|great|nice|"
    r"lovely)\s+$"
)
"""What is wished says nothing of a day: "tenha um ótimo fim de semana"."""
_A_WISH: Final = re.compile(
    r"[^a-z]*(?:(?:um|uma|e|que tenha|tenha|tenham|have|ten|que tengas?) )*(?:a |um |uma )?(?:bo[am]s?|"
    r"otim[oa]s?|feliz|lind[oa]|excelente|"
    r"buen[oa]?s?|good|great|nice|happy|suerte|sucesso|parabens)\b(?!.*\b(?:e|esta|abrimos|fechamos|is|are)\b)"
)
_WEEKEND: Final = re.compile(r"\b(?:fi(?:m|ns) de semana|fina(?:l|is) de semana|fines? de semana|weekends?)\b")


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
        group = "d" if match["d"] else "d2"
        if 1 <= int(match[group]) <= 31:
            masked.take(Claim("date", f"--{int(match[group]):02d}", *match.span(group), flag="partial"))
    _relative_days(masked, today)
    lengths(masked)
    times(masked)
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
    masked.take(Claim("date", value, *span, place=place, bound=_date_bound(masked.text, *span)))


def _date_bound(text: str, start: int, end: int) -> Bound:
    """`under` for a last day, `over` for a first one."""
    if _BEGINS_THEN.match(text, end):
        return "over"
    if _ENDS_THEN.match(text, end):
        return "under"
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
        past = match["yesterday"] or match["before"]
        arrives = _THEN_COMES.match(masked.text, match.end())
        if not past and not arrives and not _DEADLINE.search(masked.text[max(0, match.start() - 40) : match.start()]):
            continue
        days = 2 if match["after"] else 1 if match["tomorrow"] else -1 if match["yesterday"] else -2 if past else 0
        bound = _date_bound(masked.text, *match.span())
        masked.take(Claim("date", (today + timedelta(days=days)).isoformat(), *match.span(), bound=bound))


def _weekdays(masked: Masked) -> None:
    for match in _NAMED_WEEKDAY.finditer(masked.text):
        name = match["w"]
        if _is_wished(masked, match):
            continue
        if name in _SHORT_WEEKDAYS and masked.locale != "en":
            continue
        if name in _ORDINALS and _counts(masked, match):
            continue
        masked.take(Claim("weekday", str(WEEKDAYS[name]), *match.span("w")))
    for match in _SHORT_NAME.finditer(masked.text) if masked.locale == "pt-BR" else ():
        for group in ("w", "w2"):
            if match[group]:
                masked.take(Claim("weekday", str(_SHORT_NAMES.index(match[group])), *match.span(group)))
    for match in _WEEKEND.finditer(masked.text):
        if _WISHED.search(masked.text, max(0, match.start() - 15), match.start()):
            continue
        middle = (match.start() + match.end()) // 2
        masked.take(Claim("weekday", "5", match.start(), middle))
        masked.take(Claim("weekday", "6", middle, match.end()))


def _is_wished(masked: Masked, match: re.Match[str]) -> bool:
    """Whether a weekday stands in a wish: "um ótimo domingo", "boa prova no domingo!"."""
    start = max(masked.text.rfind(end, 0, match.start()) for end in ".!?\n") + 1
    wishes = _A_WISH.match(masked.text, start, match.start())
    return bool(wishes or _WISHED.search(masked.text, max(0, match.start() - 15), match.start()))


def _counts(masked: Masked, match: re.Match[str]) -> bool:
    """Whether it is an ordinal: "a segunda aula", not "na segunda abrimos"."""
    noun = _COUNTED.match(masked.text, match.end())
    article = _COUNTING.search(masked.text, max(0, match.start() - 12), match.start())
    return bool(article and noun and names_something(noun["noun"]))
