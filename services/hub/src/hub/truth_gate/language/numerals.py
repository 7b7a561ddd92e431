"""Numbers as they are written: 1.234,56, 1,234.56, "dezenove e noventa", "twenty-five"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from hub.truth_gate.language import vocabulary

_DIGITS = re.compile(r"(?<!\b[a-qs-z])(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)")
_DOZEN = re.compile(r"duzias?|docenas?|dozen")
_HALF_OF = re.compile(r"\b(?:meia|media|half a) $")
_JOIN = re.compile(r"(?:\s+(?:e|y|and)\s+|\s*-\s*|\s+)$")


@dataclass(frozen=True)
class Numeral:
    """A number found in a text."""

    start: int
    end: int
    value: Decimal
    decimals: int = 0
    in_words: bool = False


def parse(raw: str, locale: str) -> Decimal:
    """Read a written number. Both separators: the last one is the decimal one; a lone one is judged by the locale."""
    text = raw.replace(" ", "")
    comma, dot = text.rfind(","), text.rfind(".")
    if comma >= 0 and dot >= 0:
        thousands = "." if comma > dot else ","
    elif comma >= 0:
        thousands = "," if _groups(text, ",") and (locale == "en" or text.count(",") > 1) else ""
    else:
        thousands = "." if _groups(text, ".") and (locale != "en" or text.count(".") > 1) else ""
    if thousands:
        text = text.replace(thousands, "")
    return Decimal(text.replace(",", "."))


def _groups(text: str, separator: str) -> bool:
    head, *groups = text.split(separator)
    return bool(groups) and all(len(group) == 3 for group in groups) and not head.startswith("0")


def numerals(folded: str, locale: str) -> list[Numeral]:
    r"""Every number in a folded text, in order; `\0` marks what other extractors have taken."""
    found = [_of_digits(match, locale) for match in _DIGITS.finditer(folded)]
    found += _in_words(folded, locale)
    return _dozens(folded, sorted(found, key=lambda numeral: numeral.start))


def _dozens(folded: str, found: list[Numeral]) -> list[Numeral]:
    """One number each of "uma dúzia", "duas dúzias", "meia dúzia"."""
    told: list[Numeral] = []
    for numeral in found:
        half = _HALF_OF.search(folded, max(0, numeral.start - len("half a ")), numeral.start)
        last = told[-1] if told else None
        if not _DOZEN.fullmatch(folded, numeral.start, numeral.end):
            told.append(numeral)
        elif half:
            told.append(replace(numeral, start=half.start(), value=numeral.value / 2))
        elif last and folded[last.end : numeral.start] == " ":
            told[-1] = replace(last, end=numeral.end, value=last.value * numeral.value)
        else:
            told.append(numeral)
    return told


def _of_digits(match: re.Match[str], locale: str) -> Numeral:
    raw = match.group()
    value = parse(raw, locale)
    exponent = value.as_tuple().exponent
    return Numeral(match.start(), match.end(), value, max(0, -exponent) if isinstance(exponent, int) else 0)


def _in_words(folded: str, locale: str) -> list[Numeral]:
    words = vocabulary.NUMBER_WORDS[locale]
    tokens = [match for match in re.finditer(r"[a-z]+", folded) if match.group() in words]
    found: list[Numeral] = []
    index = 0
    while index < len(tokens):
        numeral, index = _compose(folded, tokens, index, words)
        found.append(numeral)
    return found


def _compose(folded: str, tokens: list[re.Match[str]], index: int, words: dict[str, int]) -> tuple[Numeral, int]:
    first = tokens[index]
    total, group, last = 0, words[first.group()], first
    previous = group
    index += 1
    while index < len(tokens) and _JOIN.match(folded[last.end() : tokens[index].start()]):
        value = words[tokens[index].group()]
        if value == 1000:
            total, group = total + group * 1000, 0
        elif value == 100 and 0 < group < 10:
            group *= 100
        elif _fits(previous, group, value, total):
            group += value
        else:
            break
        previous, last = value, tokens[index]
        index += 1
    return Numeral(first.start(), last.end(), Decimal(total + group), 0, True), index


def _fits(previous: int, group: int, value: int, total: int) -> bool:
    if previous == 1000 and value < 1000:
        return True
    if group == 0 and total == 0:
        return False
    return (group >= 100 and group % 100 == 0 and value < 100) or (group % 100 >= 20 and group % 10 == 0 and value < 10)
