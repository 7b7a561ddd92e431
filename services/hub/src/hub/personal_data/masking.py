"""Masking for models, and removal for records.

A model sees `<CPF_1>` where the customer wrote a CPF, the same placeholder for the same value all through the turn. The
value comes back in one place only: the arguments of a tool, which code checks before it uses them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from hub.personal_data.find import Found, find

_PLACEHOLDER: Final = re.compile(r"<(?:EMAIL|PIX|CNPJ|CPF|CARD|PHONE)_\d+>")
_REMOVED: Final = "[…]"
_PHONE_LIKE: Final = re.compile(r"\+?\d[\d ().-]{7,17}\d")
_PHONE_DIGITS: Final = range(10, 15)


class Masking:
    """The placeholders of one turn. `public`: values that are the company's own and may be shown."""

    def __init__(self, public: Iterable[str] = ()) -> None:
        self._public = frozenset(map(_comparable, public))
        self._by_value: dict[tuple[str, str], str] = {}
        self._values: dict[str, str] = {}

    def mask(self, text: str) -> str:
        """The text with a placeholder in place of every piece of personal data."""
        return _replaced(text, find(text), self._placeholder)

    def restore(self, value: Any) -> Any:
        """Put values back into a tool's arguments, however deep; an unknown placeholder stays as it is."""
        if isinstance(value, str):
            return _PLACEHOLDER.sub(lambda found: self._values.get(found[0], found[0]), value)
        if isinstance(value, list):
            return [self.restore(each) for each in value]
        if isinstance(value, dict):
            return {key: self.restore(each) for key, each in value.items()}
        return value

    def reveals(self, text: str) -> bool:
        """Whether a text for the customer holds a placeholder: a reply must not."""
        return _PLACEHOLDER.search(text) is not None

    def _placeholder(self, found: Found) -> str | None:
        if _comparable(found.value) in self._public:
            return None
        key = (found.kind, found.value)
        if key not in self._by_value:
            number = sum(kind == found.kind for kind, _ in self._by_value) + 1
            self._by_value[key] = f"<{found.kind}_{number}>"
            self._values[self._by_value[key]] = found.value
        return self._by_value[key]


def redact(text: str, public: Iterable[str] = ()) -> str:
    """Remove personal data for good, except values of the company itself.

    Stricter than masking: whatever could be a telephone number goes too, since nobody needs it there.
    """
    known = frozenset(map(_comparable, public)) - {""}

    def removed(found: Found) -> str | None:
        return None if _comparable(found.value) in known else _REMOVED

    return _PHONE_LIKE.sub(
        lambda found: found[0] if _may_stay(found[0], known) else _REMOVED, _replaced(text, find(text), removed)
    )


def _may_stay(number: str, known: frozenset[str]) -> bool:
    digits = _comparable(number)
    return len(digits) not in _PHONE_DIGITS or digits in known


def _replaced(text: str, found: Iterable[Found], new: Any) -> str:
    pieces: list[str] = []
    end = 0
    for each in found:
        replacement = new(each)
        if replacement is None:
            continue
        pieces += [text[end : each.start], replacement]
        end = each.end
    return "".join([*pieces, text[end:]])


def _comparable(value: str) -> str:
    """Phones are written in many ways: their digits; everything else in lower case."""
    digits = re.sub(r"\D", "", value)
    return digits if digits and not re.search(r"[A-Za-z@]", value) else value.lower()
