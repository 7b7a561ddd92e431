"""Which order a customer means, however its number was typed: pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

_WORD_WITH_DIGIT: Final = re.compile(r"[\w/.-]*\d[\w/.-]*")
_CODE: Final = re.compile(r"[A-Za-z]{1,6}[-/]?\d")
_LAST_NUMBER: Final = re.compile(r"(\d+)\D*$")


@dataclass(frozen=True)
class Reference:
    """An order number as it was understood: `code` with its letters, else `number` without leading zeros.

    `typed` is the whole text: a company's own reference of its order may be anything.
    """

    typed: str
    code: str = ""
    number: str = ""

    def domain(self) -> list[Any]:
        """Finds every order that may be meant; `means` then says which are."""
        own = ["client_order_ref", "=ilike", _literal(self.typed)]
        if self.code:
            return ["|", ["name", "=ilike", _literal(self.code)], own]
        return ["|", ["name", "=ilike", f"%{self.number}"], own] if self.number else [own]

    def means(self, name: str, customers_reference: str) -> bool:
        """Whether an order of this name is meant: 42 is S00042, and not S00142."""
        if customers_reference and customers_reference.casefold() == self.typed.casefold():
            return True
        if self.code:
            return name.casefold() == self.code.casefold()
        last = _LAST_NUMBER.search(name)
        return bool(self.number) and last is not None and last[1].lstrip("0") == self.number


def parse_reference(typed: str) -> Reference:
    """Read `S00042`, `s00042`, `#42`, `pedido nº 42` or a customer's own reference."""
    text = typed.strip()
    words = [each.strip("./-") for each in _WORD_WITH_DIGIT.findall(text)]
    code = next((each for each in words if _CODE.match(each)), "")
    if code or not words:
        return Reference(text, code=code)
    return Reference(text, number=re.sub(r"\D", "", words[0]).lstrip("0"))


def _literal(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
