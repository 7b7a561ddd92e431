"""Money, percentages, stock, instalments, measures and bare numbers: what a number means by the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims.claims import Bound, Claim, ClaimKind, Masked, decimal_text
from hub.truth_gate.language import quantity_words as words
from hub.truth_gate.language.numerals import Numeral, numerals
from hub.truth_gate.language.vocabulary import CURRENCIES, UNIT_PATTERNS

_HALF = Decimal("0.5")
_GROUP = 3
_TIME_UNITS = ("minute", "hour", "day", "business_day", "week", "month", "year")


@dataclass(frozen=True)
class _Found:
    numeral: Numeral
    claim: Claim


def hide_list_numbers(masked: Masked) -> None:
    """Numbers that only count the lines of a list state nothing."""
    for match in words.LIST_NUMBER.finditer(masked.text):
        masked.hide(match.span("n"))


def quantities(masked: Masked) -> None:
    """Take every number that is left."""
    _take_pay(masked)
    _take_halves(masked)
    text = masked.text
    found = _merge_cents(text, [_Found(each, _classify(text, each)) for each in numerals(text, masked.locale)])
    found = _share_ranges(masked, found)
    found = _continue_stock(text, found)
    found = _compose(text, found)
    taken_to = 0
    for each in found:
        if each.claim.start >= taken_to and not _is_plain_one(each):
            masked.take(_bounded(text, each.claim))
            taken_to = each.claim.end


def _take_pay(masked: Masked) -> None:
    for match in words.TAKE_PAY.finditer(masked.text):
        take = _small(match["a"] or match["a2"] or match["a3"] or match["a4"])
        pay = take - 1 if match["a4"] else _small(match["b"] or match["b2"] or match["b3"])
        if take > pay:
            masked.take(Claim("number", f"take {take} pay {pay}", *match.span(), unit="deal"))


def _small(word: str) -> int:
    return int(word) if word.isdigit() else words.SMALL[word]


def _take_halves(masked: Masked) -> None:
    """Take "meia hora" and "meio quilo"."""
    for match in words.HALF_A.finditer(masked.text):
        for name, pattern in UNIT_PATTERNS:
            if unit := pattern.match(masked.text, match.end()):
                masked.take(Claim("number", "0.5", match.start(), unit.end(), unit=name))
                break


def _is_plain_one(found: _Found) -> bool:
    """An article: "um", "una", "one", but for a length of time ("um ano")."""
    lasts = found.claim.unit in _TIME_UNITS
    bare = found.claim.kind == "number" or (found.claim.kind == "stock" and found.claim.end == found.numeral.end)
    return found.numeral.in_words and found.numeral.value == 1 and bare and not lasts


def _classify(text: str, numeral: Numeral) -> Claim:
    left, right = text[max(0, numeral.start - 40) : numeral.start], text[numeral.end : numeral.end + 60]
    return (
        _as_money(numeral, left, right)
        or _as_marked(numeral, left, right)
        or _as_stock(numeral, left, right)
        or _as_measure(numeral, right)
        or _as_bare(numeral, left, right)
    )


def _claim(kind: ClaimKind, numeral: Numeral, end: int, value: Decimal | None = None) -> Claim:
    number = numeral.value if value is None else value
    return Claim(kind, decimal_text(number), numeral.start, end, in_words=numeral.in_words)


def _as_money(numeral: Numeral, left: str, right: str) -> Claim | None:
    before, after = words.BEFORE_MONEY.search(left), words.AFTER_MONEY.match(right)
    if not before and not after:
        return None
    times = (after and after["m"]) or ""
    end = numeral.end + (after.end("c") if after else 0)
    if before and (multiplier := words.MULTIPLIER.match(right)):
        times, end = multiplier["m"], numeral.end + multiplier.end()
    start = numeral.start - (len(left) - before.start("c")) if before else numeral.start
    word = before["c"] if before else after["c"] if after else ""
    if numeral.decimals == _GROUP:  # no price has three decimals: "$1,600" is written so in Spanish, too
        numeral = replace(numeral, value=numeral.value.scaleb(_GROUP), decimals=0)
    claim = _claim("price", numeral, end, numeral.value * words.TIMES.get(times, 1))
    each = words.EACH.match(right[end - numeral.end :]) or words.EACH_BEFORE.search(left)
    return replace(claim, start=start, currency=CURRENCIES[word], each=bool(each))


def _as_marked(numeral: Numeral, left: str, right: str) -> Claim | None:
    if percent := words.PERCENT.match(right):
        claim = _claim("percent", numeral, numeral.end + percent.end())
        return replace(claim, flag=words.percent_of(left, right[percent.end() :]))
    named = numeral.in_words and words.MODEL.match(right)
    if not named and (times := words.INSTALMENT.match(right)) and numeral.decimals == 0:
        claim = _claim("instalments", numeral, numeral.end + times.end())
        return replace(claim, flag=_interest(right[times.start() :], times.group()) or _interest_before(left))
    if cents := words.CENTS_AFTER.match(right):
        return replace(_claim("price", numeral, numeral.end + cents.end(), numeral.value / 100), unit="cents")
    return None


def _interest(right: str, times: str) -> str:
    """Whether instalments are said to cost interest, or none."""
    if words.INTEREST_FREE.match(right) or "juros" in times:
        return "interest_free"
    return "interest" if words.WITH_INTEREST.match(right) else ""


def _interest_before(left: str) -> str:
    """The same, told before them: "com juros, parcelamos em até 8x"."""
    told = words.INTEREST_BEFORE.search(left)
    return "" if not told else "interest" if told["at"] else "interest_free"


def _as_stock(numeral: Numeral, left: str, right: str) -> Claim | None:
    after = words.STOCK_AFTER.match(right)
    if after:
        return _claim("stock", numeral, numeral.end + after.end())
    unit = UNIT_PATTERNS[-1][1].match(right)
    if unit and (words.STOCK_BEFORE.search(left) or words.LAST_PIECES.search(left) or words.WITH_PIECES.search(left)):
        return _claim("stock", numeral, numeral.end + unit.end())
    return None


def _as_measure(numeral: Numeral, right: str) -> Claim | None:
    for name, pattern in UNIT_PATTERNS:
        if unit := pattern.match(right):
            half = words.AND_A_HALF.match(right, unit.end())
            end = numeral.end + (half or unit).end()
            return replace(_claim("number", numeral, end, numeral.value + (_HALF if half else 0)), unit=name)
    return None


def _as_bare(numeral: Numeral, left: str, right: str) -> Claim:
    if _TOTAL_OF.search(left) and numeral.decimals == 0 and _COMES_TO.match(right):
        return _claim("number", numeral, numeral.end)
    if numeral.decimals == 2 or (words.PRICE_BEFORE.search(left) and not re.match(r"\s*[a-z]{3}", right)):
        return replace(_claim("price", numeral, numeral.end), each=bool(words.EACH.match(right)))
    if words.STOCK_BEFORE.search(left) and not words.COUNTED.match(right):
        return _claim("stock", numeral, numeral.end)
    return _claim("number", numeral, numeral.end)


_TOTAL_OF: Final = re.compile(r"\btotal (?:de|d[ao]s|for|of|por|para)(?: [oa]s| the| los| las)?\s*$")
_COMES_TO: Final = re.compile(r"\s*(?:da|dao|fica|ficam|sai|saem|e|soma|is|comes|es|son|sale)\b")
"""Around the number of things that a total is of: "o total de dois dá R$ 59,80"."""
_NOTHING_MORE: Final = re.compile(
    r"\s*(?:$|[.,;!?\n]|cada\b|each\b|a unidade|no pix|e (?:quanto|o preco)|es (?:cuanto|el precio))"
)
_LEAST_ALONE: Final = 13
"""From here on "vinte e nove e noventa" alone is an amount; "dez e vinte" may be a time, or two things."""


def _merge_cents(text: str, found: list[_Found]) -> list[_Found]:
    """Make one amount of "dezenove e noventa" and of "19 reais e 90 centavos"."""
    merged: list[_Found] = []
    for each in found:
        last = merged[-1] if merged else None
        if last and _are_cents(text, last, each):
            cents = each.numeral.value / 100
            claim = replace(
                last.claim,
                kind="price",
                value=decimal_text(last.numeral.value + cents),
                end=each.claim.end,
                currency=last.claim.currency or each.claim.currency,
                unit="",
            )
            merged[-1] = _Found(last.numeral, claim)
        else:
            merged.append(each)
    return merged


def _are_cents(text: str, first: _Found, second: _Found) -> bool:
    between = text[first.claim.end : second.numeral.start]
    if not re.fullmatch(r"\s*(?:e|y|and|con|com)\s*", between) or not 0 < second.numeral.value < 100:
        return False
    if second.claim.unit == "cents":
        return first.claim.kind == "price"
    in_words = first.numeral.in_words and second.numeral.in_words and second.numeral.value >= 10
    if not in_words or first.claim.kind not in ("price", "number") or first.claim.unit:
        return False
    ends = bool(_NOTHING_MORE.match(text, second.claim.end)) and first.numeral.value >= _LEAST_ALONE
    return second.claim.kind == "price" or ((first.claim.kind == "price" or ends) and not second.claim.unit)


def _share_ranges(masked: Masked, found: list[_Found]) -> list[_Found]:
    """Give both ends of "10 a 15 dias" and "R$ 10 a 20" one kind; "a 29 é R$ 90" is no range."""
    shared = list(found)
    for index in range(len(shared) - 1, 0, -1):
        first, second = shared[index - 1], shared[index]
        between = (first.claim.end, second.numeral.start)
        if first.numeral.in_words and first.numeral.value == 1 and not first.claim.unit:
            continue
        if not words.RANGE.match(masked.text[slice(*between)]) or "é" in masked.reading.text[slice(*between)].lower():
            continue
        if _is_open(first.claim) and not _is_open(second.claim) and not first.numeral.decimals:
            first = _Found(first.numeral, _like(first.claim, second.claim))
        elif first.claim.kind == "price" and _is_open(second.claim) and not second.numeral.in_words:
            second = _Found(second.numeral, _like(second.claim, first.claim))
        if first.claim.kind == second.claim.kind and first.claim.unit == second.claim.unit:
            shared[index - 1] = _Found(first.numeral, replace(first.claim, place="first"))
            shared[index] = _Found(second.numeral, replace(second.claim, place="second"))
    return shared


def _continue_stock(text: str, found: list[_Found]) -> list[_Found]:
    """Read "temos 5 calças e 3 tênis" as two stocks."""
    told = list(found)
    for index in range(1, len(told)):
        first, second = told[index - 1].claim, told[index].claim
        countable = second.kind == "number" and second.unit in ("", "unit") and not second.amount
        if first.kind == "stock" and countable and words.AND_ALSO.fullmatch(text[first.end : second.start]):
            told[index] = _Found(told[index].numeral, replace(second, kind="stock", unit=""))
    return told


def _is_open(claim: Claim) -> bool:
    return claim.kind in ("number", "price") and not claim.unit and not claim.currency and not claim.amount


def _like(claim: Claim, other: Claim) -> Claim:
    return replace(claim, kind=other.kind, unit=other.unit, currency=other.currency, flag=other.flag)


def _compose(text: str, found: list[_Found]) -> list[_Found]:
    """Tie numbers that only mean something together: "10x de R$ 19,90", "2 por R$ 50", "de R$ 80 por R$ 60"."""
    composed: list[_Found] = []
    for each in found:
        last = composed[-1] if composed else None
        if last and each.claim.kind == "price":
            between = text[last.claim.end : each.numeral.start]
            if last.claim.kind == "instalments" and _is_reckoned(text, each, between):
                composed[-1] = _Found(last.numeral, replace(last.claim, kind="number", unit=""))
                each = _Found(each.numeral, replace(each.claim, each=True))
            elif last.claim.kind == "instalments" and not last.claim.amount and words.OF_AMOUNT.match(between):
                composed[-1] = _tie(text, last, each, "instalments")
                continue
            if _is_bundle(last, each, between):
                composed[-1] = _tie(text, last, each, "bundle")
                continue
            if (
                last.claim.kind == "price"
                and words.WAS_NOW.match(between)
                and words.WAS.search(text[: last.numeral.start])
            ):
                composed[-1] = _Found(last.numeral, replace(last.claim, place="was"))
                each = _Found(each.numeral, replace(each.claim, place="now"))
        composed.append(each)
    return composed


def _is_reckoned(text: str, price: _Found, between: str) -> bool:
    """Whether a number of times a price is an equation, and no plan: "3x R$ 19,90 = ...", "3x R$ 19,90 dá ..."."""
    after = text[price.claim.end :]
    return bool(words.EQUALS.match(after) or (words.COMES_TO.match(after) and not words.OF_EACH.search(between)))


def _was_and_now(text: str, last: _Found, between: str) -> bool:
    return bool(words.WAS_NOW.match(between) and words.WAS.search(text[: last.numeral.start]))


def _is_bundle(count: _Found, price: _Found, between: str) -> bool:
    if count.claim.kind not in ("number", "stock") or count.claim.unit not in ("", "unit") or price.claim.each:
        return False
    counted = words.BUNDLE.match(between) or (count.claim.kind == "number" and words.BUNDLE_OF.match(between))
    return count.numeral.decimals == 0 and 2 <= count.numeral.value <= 999 and bool(counted)


def _tie(text: str, count: _Found, price: _Found, kind: ClaimKind) -> _Found:
    flag = count.claim.flag or _interest(text[price.claim.end :][:60], "")
    claim = replace(
        count.claim,
        kind=kind,
        amount=price.claim.value,
        currency=price.claim.currency,
        end=price.claim.end,
        flag=flag if kind == "instalments" else "",
    )
    return _Found(count.numeral, claim)


def _bounded(text: str, claim: Claim) -> Claim:
    left, right = text[max(0, claim.start - 40) : claim.start], text[claim.end : claim.end + 20]
    bound, strict = _bound(left, right)
    return replace(claim, bound=bound, strict=strict)


def _bound(left: str, right: str) -> tuple[Bound, bool]:
    for name, before, after in (("over", words.OVER, words.OVER_AFTER), ("under", words.UNDER, words.UNDER_AFTER)):
        match = before.search(left)
        if match and match.group().strip():
            return ("over" if name == "over" else "under"), bool(match["s"])
        if after.match(right):
            return ("over" if name == "over" else "under"), False
    return "", False
