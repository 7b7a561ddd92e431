"""Money, percentages, stock, instalments, measures and bare numbers: what a number means by the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from hub.truth_gate.claims import Bound, Claim, ClaimKind, Masked, decimal_text
from hub.truth_gate.numerals import Numeral, numerals
from hub.truth_gate.vocabulary import CENTS, CURRENCIES, CURRENCY_AFTER, CURRENCY_BEFORE, ITEM_UNIT, UNIT_PATTERNS

_LIST_NUMBER: Final = re.compile(r"(?m)^[\s*_>-]*(?P<n>\d{1,2})\s?(?:[.)]|-|°|\*)(?=[\s*_])")
_BEFORE_MONEY: Final = re.compile(rf"(?P<c>{CURRENCY_BEFORE})\s*$")
_AFTER_MONEY: Final = re.compile(
    rf"\s*(?P<m>mil|k|milhao|milhoes|thousand)?\s*(?:de\s+)?(?P<c>{CURRENCY_AFTER})(?![\w$])"
)
_MULTIPLIER: Final = re.compile(r"\s*(?P<m>mil|k|milhao|milhoes|thousand)(?![\w])")
_CENTS_AFTER: Final = re.compile(rf"\s*(?:{CENTS})(?!\w)")
_TIMES: Final = {"mil": 1000, "k": 1000, "thousand": 1000, "milhao": 10**6, "milhoes": 10**6}
_PERCENT: Final = re.compile(r"\s*(?:%|por cento|por ciento|per ?cent|pct\b)")
_INSTALMENT: Final = re.compile(
    r"\s*(?:x(?!\s*\d+\s*(?:cm|mm|m)\b)(?![a-z])|vezes|parcelas?|cuotas?|pagos|prestacoes|prestacao|instal+ments?|meses sem juros|meses sin intereses|monthly payments)"
)
_OF_AMOUNT: Final = re.compile(
    rf"\s*(?:sem juros |sin intereses |sin interes |interest-free )?\s*(?:(?:iguais|iguales|mensais|fixas|fijas|fixed)\s*)?(?:de|of|por|at|a)?\s*(?:{CURRENCY_BEFORE})?\s*$"
)
_INTEREST_FREE: Final = re.compile(
    r"[\w\s,.$\0]{0,30}?\b(?:sem juros|s/ ?juros|sin intereses|sin interes|interest[- ]free|no interest|without interest)"
)
_STOCK_BEFORE: Final = re.compile(
    r"\b(?:temos|restam|resta|sobram|sobraram|ha|tem|estoque\s*(?:de|:|atual:?|e de)?|stock\s*(?:de|:|of|is)?|tenemos|quedan|hay|"
    r"we have|there are|only|ultimas|ultimos|ultimas|last|disponiveis:?|disponibles:?|available:?|in stock:?|disponivel:|disponible:)"
    r"\s*(?:so|apenas|somente|ainda|solo|only|just|still|as|os|hoje)?\s*$"
)
_STOCK_AFTER: Final = re.compile(
    rf"\s*(?:(?:{ITEM_UNIT})\s*)?(?:ainda\s+)?(?:em estoque|no estoque|em stock|disponive(?:l|is)|a pronta entrega|in stock|"
    r"left|available|en stock|disponibles?|restantes?|remaining|na loja|en existencia)(?!\w)"
)
_LAST_PIECES: Final = re.compile(r"\b(?:ultim[ao]s|last)\s*$")
_PRICE_BEFORE: Final = re.compile(
    r"\b(?:custa\w*|custo\w*|cost\w*|cuesta\w*|cuestan|precos?|precios?|prices?|valor(?:es)?|sai\w*|sale[ns]?|vale[mn]?|"
    r"fica\w*|por|for|apenas|total\w*|paga\w*|pay|a partir de|starting at|frete|envio|shipping)"
    r"\s*(?:e|is|are|es|son|sao|de|em|por|for|a|at|in|apenas|so|somente|only|solo|just|ser|seria|was|era|:|=|\s)*$"
)
_OVER: Final = re.compile(
    r"\b(?P<s>acima de|mais de|maior(?:es)? que|mas de|mayor(?:es)? (?:a|que)|over|above|more than)?"
    r"(?:a partir de|superior(?:es)? a|igual ou superior a|minim[oa] (?:de|e|e de)|minim[oa] of|minimum(?: of| is)?|desde|at least|"
    r"from|starting (?:at|from)|soma\w*|totaliza\w*|pelo menos|ao menos|al menos|no minimo|minim[oa]s?\b[a-z ]{1,24}|minimum [a-z ]{1,24})?\s*$"
)
_OVER_AFTER: Final = re.compile(r"\s*(?:ou mais|o mas|or more|\+|and up|em diante|para cima|e acima|y superior)")
_UNDER: Final = re.compile(
    r"\b(?P<s>abaixo de|menos de|menor(?:es)? (?:que|a)|inferior(?:es)? a|under|below|less than|por menos de)?"
    r"(?:em ate|ate|no maximo|maxim[oa] (?:de|e|e de)|hasta|up to|at most|maximum(?: of)?|within|dentro de|en hasta|maxim[oa]s?\b[a-z ]{1,24})?\s*$"
)
_UNDER_AFTER: Final = re.compile(r"\s*(?:ou menos|o menos|or less|no maximo|at most)")
_EACH: Final = re.compile(
    r"\s*(?:,\s*)?(?:cada|a unidade|por unidade|each|c/u|cada uno|la unidad|/\s?un\w*|per unit|apiece|por par|/mes|por mes)"
)
_RANGE: Final = re.compile(rf"\s*(?:a|ate|-|e|y|to|and|ou|or|hasta)\s*(?:as\s+)?(?:{CURRENCY_BEFORE})?\s*$")
_TAKE_PAY: Final = re.compile(
    r"\b(?:leve|leva|lleva|lleve|compre|compra|buy|take|get)\s+(?P<a>\d+)\b[\s,]*(?:e|y|and)?\s*(?:pague|paga|pay(?: for)?|ganhe|get)\s+(?P<b>\d+)"
    r"|(?<![\w,.])(?P<a2>\d)\s*(?:por|x|for)\s*(?P<b2>\d)(?![\w,.%]|\s*(?:x|vezes|r\$|reais|dias|un))"
)
_BUNDLE: Final = re.compile(
    rf"\s*(?:{ITEM_UNIT})?\s*(?:por|for|saem (?:por|a)|sai por|salen (?:por|a)|custam|cuestan|cost|ficam (?:em|por)|=)\s*(?:apenas|so|only|solo)?\s*(?:{CURRENCY_BEFORE})?\s*$"
)
_WAS_NOW: Final = re.compile(
    rf"\s*(?:{CURRENCY_AFTER})?\s*,?\s*(?:por apenas|por so|por|agora por|agora|for only|for|now|ahora por|ahora|passou a|caiu para)\s*(?:{CURRENCY_BEFORE})?\s*$"
)
_WAS: Final = re.compile(rf"\b(?:de|era|was|antes|from|custava)\s*:?\s*(?:{CURRENCY_BEFORE})?\s*$")
_ORDERED: Final = re.compile(r"\b(?:leve|lleva|compre|compra|buy|take|get|pague|paga|pay)\b")


@dataclass(frozen=True)
class _Found:
    numeral: Numeral
    claim: Claim


def hide_list_numbers(masked: Masked) -> None:
    """Numbers that only count the lines of a list state nothing."""
    for match in _LIST_NUMBER.finditer(masked.text):
        masked.hide(match.span("n"))


def quantities(masked: Masked) -> None:
    """Take every number that is left."""
    _take_pay(masked)
    text = masked.text
    found = _merge_cents(text, [_Found(each, _classify(text, each)) for each in numerals(text, masked.locale)])
    found = _share_ranges(text, found)
    found = _compose(text, found)
    taken_to = 0
    for each in found:
        if each.claim.start >= taken_to and not _is_plain_one(each):
            masked.take(_bounded(text, each.claim))
            taken_to = each.claim.end


def _take_pay(masked: Masked) -> None:
    for match in _TAKE_PAY.finditer(masked.text):
        take, pay = match["a"] or match["a2"], match["b"] or match["b2"]
        if int(take) > int(pay):
            masked.take(Claim("number", f"take {take} pay {pay}", *match.span(), unit="deal"))


def _is_plain_one(found: _Found) -> bool:
    """Such as "um", "una", "one" without a unit, and any small number word that merely counts, are articles and style."""
    return found.numeral.in_words and found.numeral.value == 1 and found.claim.kind == "number"


def _classify(text: str, numeral: Numeral) -> Claim:
    left, right = text[max(0, numeral.start - 40) : numeral.start], text[numeral.end : numeral.end + 60]
    return (
        _as_money(numeral, left, right)
        or _as_marked(numeral, right)
        or _as_stock(numeral, left, right)
        or _as_measure(numeral, right)
        or _as_bare(numeral, left, right)
    )


def _claim(kind: ClaimKind, numeral: Numeral, end: int, value: Decimal | None = None) -> Claim:
    number = numeral.value if value is None else value
    return Claim(kind, decimal_text(number), numeral.start, end, in_words=numeral.in_words)


def _as_money(numeral: Numeral, left: str, right: str) -> Claim | None:
    before, after = _BEFORE_MONEY.search(left), _AFTER_MONEY.match(right)
    if not before and not after:
        return None
    times = (after and after["m"]) or ""
    end = numeral.end + (after.end("c") if after else 0)
    if before and (multiplier := _MULTIPLIER.match(right)):
        times, end = multiplier["m"], numeral.end + multiplier.end()
    start = numeral.start - (len(left) - before.start("c")) if before else numeral.start
    word = before["c"] if before else after["c"] if after else ""
    claim = _claim("price", numeral, end, numeral.value * _TIMES.get(times, 1))
    return replace(claim, start=start, currency=CURRENCIES[word], each=bool(_EACH.match(right[end - numeral.end :])))


def _as_marked(numeral: Numeral, right: str) -> Claim | None:
    if percent := _PERCENT.match(right):
        return _claim("percent", numeral, numeral.end + percent.end())
    if (times := _INSTALMENT.match(right)) and numeral.decimals == 0:
        claim = _claim("instalments", numeral, numeral.end + times.end())
        flag = "interest_free" if _INTEREST_FREE.match(right[times.start() :]) or "juros" in times.group() else ""
        return replace(claim, flag=flag)
    if cents := _CENTS_AFTER.match(right):
        return replace(_claim("price", numeral, numeral.end + cents.end(), numeral.value / 100), unit="cents")
    return None


def _as_stock(numeral: Numeral, left: str, right: str) -> Claim | None:
    after = _STOCK_AFTER.match(right)
    if after:
        return _claim("stock", numeral, numeral.end + after.end())
    unit = UNIT_PATTERNS[-1][1].match(right)
    if unit and (_STOCK_BEFORE.search(left) or _LAST_PIECES.search(left)):
        return _claim("stock", numeral, numeral.end + unit.end())
    return None


def _as_measure(numeral: Numeral, right: str) -> Claim | None:
    for name, pattern in UNIT_PATTERNS:
        if unit := pattern.match(right):
            return replace(_claim("number", numeral, numeral.end + unit.end()), unit=name)
    return None


def _as_bare(numeral: Numeral, left: str, right: str) -> Claim:
    if numeral.decimals == 2 or (_PRICE_BEFORE.search(left) and not re.match(r"\s*[a-z]{3}", right)):
        return replace(_claim("price", numeral, numeral.end), each=bool(_EACH.match(right)))
    if _STOCK_BEFORE.search(left) and not re.match(r"\s*[a-z]{3}", right):
        return _claim("stock", numeral, numeral.end)
    return _claim("number", numeral, numeral.end)


def _merge_cents(text: str, found: list[_Found]) -> list[_Found]:
    """Such as "dezenove e noventa", "19 reais e 90 centavos": one amount."""
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
    return second.claim.kind == "price" or (first.claim.kind == "price" and not second.claim.unit)


def _share_ranges(text: str, found: list[_Found]) -> list[_Found]:
    """Such as "10 a 15 dias", "R$ 10 a 20": both ends are of one kind."""
    shared = list(found)
    for index in range(len(shared) - 1, 0, -1):
        first, second = shared[index - 1], shared[index]
        if not _RANGE.match(text[first.claim.end : second.numeral.start]):
            continue
        if _is_open(first.claim) and not _is_open(second.claim):
            first = _Found(first.numeral, _like(first.claim, second.claim))
        elif first.claim.kind == "price" and _is_open(second.claim) and not second.numeral.in_words:
            second = _Found(second.numeral, _like(second.claim, first.claim))
        if first.claim.kind == second.claim.kind and first.claim.unit == second.claim.unit:
            shared[index - 1] = _Found(first.numeral, replace(first.claim, place="first"))
            shared[index] = _Found(second.numeral, replace(second.claim, place="second"))
    return shared


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
            if last.claim.kind == "instalments" and not last.claim.amount and _OF_AMOUNT.match(between):
                composed[-1] = _tie(text, last, each, "instalments")
                continue
            if _is_bundle(last, each, between):
                composed[-1] = _tie(text, last, each, "bundle")
                continue
            if last.claim.kind == "price" and _WAS_NOW.match(between) and _WAS.search(text[: last.numeral.start]):
                composed[-1] = _Found(last.numeral, replace(last.claim, place="was"))
                each = _Found(each.numeral, replace(each.claim, place="now"))
        composed.append(each)
    return composed


def _is_bundle(count: _Found, price: _Found, between: str) -> bool:
    if count.claim.kind not in ("number", "stock") or count.claim.unit not in ("", "unit") or price.claim.each:
        return False
    return count.numeral.decimals == 0 and 2 <= count.numeral.value <= 999 and bool(_BUNDLE.match(between))


def _tie(text: str, count: _Found, price: _Found, kind: ClaimKind) -> _Found:
    flag = count.claim.flag or ("interest_free" if _INTEREST_FREE.match(text[price.claim.end :][:60]) else "")
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
    for name, before, after in (("over", _OVER, _OVER_AFTER), ("under", _UNDER, _UNDER_AFTER)):
        match = before.search(left)
        if match and match.group().strip():
            return ("over" if name == "over" else "under"), bool(match["s"])
        if after.match(right):
            return ("over" if name == "over" else "under"), False
    return "", False
