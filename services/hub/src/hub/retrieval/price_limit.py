"""Step 3 of the front end: what a customer is ready to pay is a condition, not a word to look for."""

from __future__ import annotations

import re
from decimal import Decimal

from common.message import Frozen
from hub.retrieval.units import number_of

_MONEY = r"(?:r\$|rs|us\$|\$)?\s*(?P<{name}>\d+(?:[.,]\d+)*)(?P<{name}k>\s*(?:mil|k))?"
_CURRENCY = r"\s*(?:reais|real|conto|contos|pila|pilas|brl|pesos|dollars?|dolares|euros?)"
_AT_MOST = (
    r"(?:por\s+)?(?:ate|no\s+maximo|maximo(?:\s+de)?|menos\s+(?:de|que)|abaixo\s+de|inferior\s+a|nao\s+passe\s+de|"
    r"under|below|up\s+to|less\s+than|at\s+most|hasta|menos\s+de|debajo\s+de)"
)
_AT_LEAST = r"(?:a\s+partir\s+de|acima\s+de|mais\s+(?:de|que)|no\s+minimo|over|above|more\s+than|desde|mas\s+de)"
_NOT_MONEY = (
    r"(?!\s*(?:%|x\b|vezes\b|parcelas?\b|dias?\b|mes(?:es)?\b|anos?\b|horas?\b|hs?\b|pessoas?\b|pecas?\b|cm\b|ml\b|"
    r"unidades?\b|itens\b|cuotas?\b|times\b|days?\b|years?\b|people\b|[\d:/]))"
)


def _pattern(words: str) -> re.Pattern[str]:
    money = _MONEY.format(name="high")
    return re.compile(rf"\b{words}\s*(?:de\s+|uns\s+)?{money}(?![\w])(?:{_CURRENCY}\b)?{_NOT_MONEY}")


_HIGH = _pattern(_AT_MOST)
_LOW = re.compile(_pattern(_AT_LEAST).pattern.replace("high", "low"))
_BETWEEN = re.compile(
    rf"\b(?:entre|between|de)\s+{_MONEY.format(name='low')}(?:{_CURRENCY})?\s+(?:e|a|ate|y|and|to)\s+"
    rf"{_MONEY.format(name='high')}(?![\w])(?P<unit>{_CURRENCY}\b)?{_NOT_MONEY}"
)


class PriceRange(Frozen):
    """What the customer wants to pay."""

    lowest: Decimal | None = None
    highest: Decimal | None = None

    def __bool__(self) -> bool:
        return self.lowest is not None or self.highest is not None


def take_price_range(text: str) -> tuple[str, PriceRange]:
    """Take the price condition out of a text without marks; amounts with units must be canonical tokens already."""
    for pattern in (_BETWEEN, _HIGH, _LOW):
        match = pattern.search(text)
        if match is None or (pattern is _BETWEEN and not _is_money(match)):
            continue
        groups = match.groupdict()
        wanted = PriceRange(lowest=_amount(groups, "low"), highest=_amount(groups, "high"))
        return f"{text[: match.start()]} {text[match.end() :]}", wanted
    return text, PriceRange()


def _is_money(match: re.Match[str]) -> bool:
    # "de 10 a 20" alone may be anything; "entre" or a currency make it a price.
    return match[0].startswith(("entre", "between")) or "$" in match[0] or bool(match["unit"])


def _amount(groups: dict[str, str | None], name: str) -> Decimal | None:
    written = groups.get(name)
    if not written:
        return None
    return number_of(written) * (1000 if groups.get(f"{name}k") else 1)
