"""Times of day, in digits and in words: 9h, 9:30 am, "oito e meia", "7 de la noche"; and lengths like 1h15."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from hub.truth_gate.claims.claims import Claim, Masked
from hub.truth_gate.language.vocabulary import NUMBER_WORDS

_PART: Final = (
    r"(?:\s*(?P<part>[ap](?:\.m\.|m\b)|(?:(?:da|de la|del|in the|na|por la) )?(?:manha|madrugada|tarde|noite|noche|"
    r"manana|morning|"
    r"afternoon|evening)\b|at night\b))?"
)
_CLOCK: Final = re.compile(
    r"(?<![\w:,.])(?P<h>[01]?\d|2[0-3])(?::(?P<m>[0-5]\d)(?::[0-5]\d)?(?:\s?h(?:rs?|oras)?\b)?|\s?(?:h|hs|"
    r"hrs|horas?(?= d[ae] (?:la )?(?:manha|tarde|noite|noche)))(?:\s?(?P<m2>[0-5]\d))?(?:min)?(?!\w))" + _PART
)
_HALF_DAY: Final = re.compile(
    r"(?<![\w:,.])(?P<h>1[0-2]|0?\d)\s?(?P<part>[ap](?:\.m\.|m\b)|(?:da|de la|in the) "
    r"(?:manha|madrugada|tarde|noite|noche|manana|morning|afternoon|evening)\b|at night\b)"
)
_AT: Final = re.compile(
    r"\b(?:as|a las|las|at|das(?= \d{1,2} (?:horas|e mei))|de las(?= \d{1,2} y me))\s+(?P<h>[01]?\d|"
    r"2[0-3])(?:\s*(?:horas|hours|hs))?"
    r"(?:\s+[ey]\s+(?P<half>mei[ao]|media|quinze|cuarto))?(?![\w:%]|[.,]\d|\s*(?:x|h|reais|"
    r"unidades|dias|%)\b)" + _PART
)
_NAMED: Final = re.compile(
    r"\b(?:(?P<noon>meio[- ]dia|mediodia|noon|midday)|(?P<midnight>meia[- ]noite|medianoche|midnight))\b"
    r"(?P<more> (?:e|y) (?:meia|media)\b)?"
)
_PAST: Final = re.compile(r"\b(?P<what>half|quarter) (?P<side>past|to) (?P<word>[a-z]+|\d{1,2})\b" + _PART)
_RANGE_BEFORE: Final = re.compile(
    r"(?<![\w,.:/])(?P<h>[01]?\d|2[0-3])\s*(?:a|as|ate|e|y|-|to|and|ate as|a las|hasta las)\s*$"
)
_TO: Final = re.compile(
    r"(?:\0|^|\s)\s*(?:a|as|ao|ate|ate as|ate o|e|y|and|-|to|a las|al|hasta|hasta las|until|till)\s*$"
)
_APART: Final = re.compile(r"[.!?;\n]\s|\b(?:abr|fech|open|clos|cerr|cierr)")
"""Between two times of two sentences, or of two verbs."""
_AND: Final = re.compile(r"\b(?:e|y|and)\b")
_OPENS: Final = re.compile(
    r"(?<!antes )\b(?:das?|de|from|desde|a partir d[ae]s?|depois d[ae]s?|despues de|after|abr\w*|open\w*|"
    r"(?:comec|empiez|empez|start|begin)\w*(?: a (?:atender|funcionar))?|"
    r"inici\w*|starting at)\s*(?:as|a las|a la|las|at|ao|al|a)?\s*$"
)
_OPENING: Final = re.compile(r"\b(?:abrindo|abriendo|opening)\s+(?:as|a las|at)\s*$")
_CLOSES: Final = re.compile(
    r"\b(?:ate|antes d[ae]|fech\w*|clos\w*|cierr\w*|cerr\w*|until|till|hasta|(?:encerr|termin|acab|end|"
    r"finish)\w*)\s*(?:as|a las|a la|las|at|ao|a|"
    r"o)?\s*$"
)
_LASTS: Final = re.compile(
    r"\b(?:dura\w*|duracao(?: de| e de)?|leva\w*|demora\w*|lasts?|takes?|tarda\w*)\s+(?:cerca de |ate |uns |about )?$"
)
_LENGTH: Final = re.compile(
    r"(?<![\w:,.])(?P<h>\d{1,2})\s?h(?:oras?)?\s?(?:e )?(?P<m>[0-5]\d)(?:\s?min(?:utos)?)?(?!\w)"
)
_HOURS: Final = {
    word: value
    for words in NUMBER_WORDS.values()
    for word, value in words.items()
    if value <= 23 and not word.startswith(("dozen", "docen", "duzia"))
}
_MINUTES: Final = {
    "meia": 30, "meio": 30, "media": 30, "quinze": 15, "quince": 15, "cuarto": 15, "vinte": 20, "dez": 10,
    "quarenta": 40, "trinta": 30, "fifteen": 15, "thirty": 30, "cinco": 5,
}  # fmt: skip
_WORD: Final = "|".join(sorted(_HOURS, key=len, reverse=True))
_SPOKEN: Final = re.compile(
    rf"\b(?:(?P<at>as|das|nas|a las|de las|las|a(?= uma\b)|(?:a|de|hasta) la(?= una\b)|ate as|hasta las|at|desde as|"
    rf"from|to|until|till|by)\s+)?(?P<word>{_WORD})\b"
    rf"(?:\s+(?:horas?|hours|o'clock))?(?:\s+(?:e|y|and)\s+(?P<minutes>{'|'.join(_MINUTES)})\b)?" + _PART
)
_OF_TIMES: Final = re.compile(r"\b(?:abr\w+|fech\w+|ate|encerr\w+|volt\w+|reabr\w+|comec\w+|inici\w+|das|\d+h?)\s*$")
_SEVERAL: Final = re.compile(
    r"\s+(?:que\b|(?!horas\b|tod[oa]s\b)[a-z]{3,}(?<!mo)s\b|(?:saem|ficam|custam|somam|totalizam|valem|salen|quedan|"
    r"cuestan|"
    r"suman|valen)\b)"
)
_TIMED: Final = re.compile(r"\b(?:a|de|desde|hasta|entre|y)\s*$")
"""What stands before a time of day in Spanish: "las 6 toallas" is none."""
_BARE_RANGE: Final = re.compile(
    r"\b(?:abrimos|abert[oa]s?|atendemos|funcionamos|abiert[oa]s?|open|closed?|fechamos|fechad[oa]s?|cerramos|"
    r"(?:almoco|almorzar|almuerzo|lunch|intervalo|pausa|break))(?:,)? (?:de|das|from) (?P<a>1?\d|2[0-3]) "
    r"(?:a|as|to) (?P<b>1?\d|2[0-3])(?=\s*(?:[,.;!)\n]|$))"
)
"""Hours without any sign of being hours, right behind a word of opening: "atendemos de 9 a 13"."""
_OPENS_THEN: Final = re.compile(
    r"[ ,]+(?:(?:ja|ya|a gente|nos|a loja|la tienda|we|we'll|the shop|the store) )*(?:abr(?:e|imos|iremos)|opens?)\b"
    r"(?! (?:as|a las|at|d[ae]s?|de|from) )"
)
_CLOSES_THEN: Final = re.compile(
    r"[ ,]+(?:(?:ja|ya|a gente|nos|a loja|la tienda|we|we'll|the shop|the store) )*"
    r"(?:fech(?:a|amos|aremos)|encerr(?:a|amos|aremos)|cierra|cerramos|clos(?:e|es))\b"
    r"(?! (?:as|a las|at|d[ae]s?|de|from) )"
)
"""What is done at the time that is named before it: "às 18h30 fechamos"."""
_CLEAR: Final = re.compile(r"\d\s?h|^0|:\d\d\s?h")
"""Written so, an hour is one of the 24."""
_HALF_OF_DAY: Final = 12
_LIMITED: Final = re.compile(
    r"\b(?:partir|depois|antes|desde|perto|por volta|alem)\W*$|\b(?:abr\w+|fech\w+|"
    r"funcion\w+|atend\w+)\W*$"
)
_GOES_ON: Final = re.compile(r"(?: e \w+)? (?:as|ate|a|da|em ponto)\b")
"""Beside one of these "das três" is a time, and else some of them: "das três, só o vaso"."""
_TELLING_HOURS: Final = (
    "a la", "de la", "hasta la", "as", "a las", "las", "de las", "hasta las", "ate as", "desde as", "at",
)  # fmt: skip
_COUNTED: Final = re.compile(r"\s*(?:dias?|unidades?|reais|vezes|x\b|por cento|%|mes|units?|days?|e\s|y\s)")


def lengths(masked: Masked) -> None:
    """Take "dura 1h15" as a length of time, before anybody reads a time of day there."""
    for match in _LENGTH.finditer(masked.text):
        if _LASTS.search(masked.text[max(0, match.start() - 30) : match.start()]):
            minutes = int(match["h"]) * 60 + int(match["m"])
            masked.take(Claim("number", str(minutes), *match.span(), unit="minute"))


def times(masked: Masked) -> None:
    """Take times of day."""
    for match in _PAST.finditer(masked.text):
        hour = int(match["word"]) if match["word"].isdigit() else _HOURS.get(match["word"])
        if hour is not None:
            minutes = 30 if match["what"] == "half" else 15
            total = hour * 60 + (minutes if match["side"] == "past" else -minutes)
            _take(masked, match.span(), _shifted(total // 60, total % 60, match["part"]), match["part"])
    _bare_ranges(masked)
    for pattern in (_CLOCK, _HALF_DAY, _AT):
        for match in pattern.finditer(masked.text):
            if pattern is _AT and _is_an_article(masked, *match.span()):
                continue
            groups = match.groupdict()
            minute = int(groups.get("m") or groups.get("m2") or _MINUTES.get(groups.get("half") or "", 0))
            value = _shifted(int(groups["h"]), minute, groups.get("part"))
            _take(masked, (match.start("h"), match.end()), value, groups.get("part"))
    for match in _NAMED.finditer(masked.text):
        hour = 12 if match["noon"] else 0
        _take(masked, match.span(), f"{hour:02d}:{30 if match['more'] else 0:02d}")
    _spoken(masked)


_OF_THINGS: Final = re.compile(
    r"\b(?:lev\w+|compr\w+|quer\w*|peg\w+|pag\w+|todas|separ\w+|reserv\w+|sao|com|para|mais|nem) $|^$|[\n:] ?$"
)
"""What stands before the number of things: "se levar as 6, sobram 36"."""


def _is_an_article(masked: Masked, start: int, end: int) -> bool:
    """Whether "as 4" means "the four": written without the accent of "às 4", and not after a verb of opening."""
    article = masked.reading.text[start:].partition(" ")[0].lower()
    left = masked.text[max(0, start - 20) : start]
    several = _SEVERAL.match(masked.text, end)
    if article == "las":
        return bool(several) and not _TIMED.search(left)
    things = several or _OF_THINGS.search(left) or not masked.reading.text.isascii()
    return article == "as" and bool(things) and not _OF_TIMES.search(left)


def _spoken(masked: Masked) -> None:
    for match in _SPOKEN.finditer(masked.text):
        if _is_a_time(masked, match):
            minute = _MINUTES.get(match["minutes"] or "", 0)
            value = _shifted(_HOURS[match["word"]], minute, match["part"])
            _take(masked, (match.start("word"), match.end()), value, match["part"])


def _bare_ranges(masked: Masked) -> None:
    for match in _BARE_RANGE.finditer(masked.text):
        for group, edge in (("a", "opens"), ("b", "closes")):
            hour = int(match[group])
            later = (f"{hour + _HALF_OF_DAY:02d}:00",) if 1 <= hour < _HALF_OF_DAY else ()
            masked.take(Claim("time", f"{hour:02d}:00", *match.span(group), flag=edge, alternatives=later))


def _is_a_time(masked: Masked, match: re.Match[str]) -> bool:
    if match["part"]:
        return True
    accented = masked.reading.text[match.start()].lower() == "à"
    if match["at"] == "a" or (accented and match["minutes"]):
        return accented
    if accented and not (_COUNTED.match(masked.text, match.end()) or _SEVERAL.match(masked.text, match.end())):
        return True
    if _COUNTED.match(masked.text, match.end()) or not match["at"]:
        return False
    if match["at"] == "de las" and match["word"] in ("dos", "tres") and not match["minutes"]:
        return bool(re.match(r" (?:a|hasta) ", masked.text[match.end() :]))
    if _is_an_article(masked, match.start(), match.end("word")):
        return False
    if match["at"] in _TELLING_HOURS:
        return (
            match["word"] not in ("duas", "dos", "tres") or match["at"] not in ("as", "las") or bool(match["minutes"])
        )
    previous = [c for c in masked.claims if c.kind == "time" and 0 <= match.start() - c.end < len(" ate as ")]
    limited = _LIMITED.search(masked.text[: match.start()]) or _GOES_ON.match(masked.text, match.end())
    return (match["at"] == "das" and bool(limited)) or bool(previous)


def _shifted(hour: int, minute: int, part: str | None) -> str:
    """The time on the 24-hour clock; one that does not exist ("15 pm") stays as it is said."""
    half = re.sub(r"^(?:da|de la|del|in the|na|por la|at) ", "", (part or "").strip()).replace(".", "")
    if half in ("am", "pm") and not 1 <= hour <= 12:
        return f"{hour}:{minute:02d} {half}"
    late = half in ("pm", "tarde", "afternoon", "evening", "noite", "noche", "night")
    if late and 1 <= hour < 12:
        hour += 12
    elif hour == 12 and half in ("am", "noite", "noche", "night", "madrugada"):
        hour = 0
    return f"{hour:02d}:{minute:02d}"


def _later(masked: Masked, span: tuple[int, int], value: str, part: str | None) -> tuple[str, ...]:
    """What an hour may mean as well that is told without its half of the day: "à uma e meia" is 13:30."""
    hour = int(value.split(":")[0])
    told = part or _CLEAR.search(masked.text[slice(*span)]) or not 1 <= hour < _HALF_OF_DAY
    return () if told else (f"{hour + _HALF_OF_DAY}:{value[-2:]}",)


def _take(masked: Masked, span: tuple[int, int], value: str, part: str | None = None) -> None:
    start, end = span
    later = _later(masked, span, value, part)
    left = masked.text[max(0, start - 30) : start]
    before = _RANGE_BEFORE.search(left)
    if before:
        first = start - len(left) + before.start("h")
        opening = f"{int(before['h']):02d}:00"
        first_span = (first, first + len(before["h"]))
        also = _later(masked, first_span, opening, part)
        masked.take(Claim("time", opening, *first_span, flag="opens", place="first", alternatives=also))
        left = masked.text[max(0, start - 30) : start]
    edge = _edge(masked, left, start) or ("" if _TO.search(left) else _edge_then(masked.text, end))
    masked.take(Claim("time", value, start, end, flag=edge, alternatives=later))


def _edge_then(text: str, end: int) -> str:
    """What is said to be done at a time by the words after it."""
    if _CLOSES_THEN.match(text, end):
        return "closes"
    return "opens" if _OPENS_THEN.match(text, end) else ""


def _edge(masked: Masked, left: str, start: int) -> str:
    previous = max((c for c in masked.claims if c.kind == "time" and c.end <= start), key=lambda c: c.end, default=None)
    joint = _TO.search("\0" + masked.text[previous.end : start]) if previous and start - previous.end < 14 else None
    if joint and previous and _APART.search(masked.text, previous.end, start):
        joint = None
    if _OPENING.search(left):
        return "opens"
    if previous and joint and (previous.flag != "closes" or not _AND.search(joint.group())):
        if not previous.flag:
            masked.claims[masked.claims.index(previous)] = replace(previous, flag="opens")
        return "closes"
    if previous and joint:
        return "opens"
    if _CLOSES.search(left):
        return "closes"
    return "opens" if _OPENS.search(left) else ""
