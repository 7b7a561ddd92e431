"""Search domains: prefix notation, the usual operators, dotted paths."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from simulator.odoo.errors import value_error

Value: TypeAlias = Callable[[int, str], Any]
"""Reads a field (or a dotted path) of a record of the searched model, many2one as a bare id."""
Ancestors: TypeAlias = Callable[[int, str, Any], bool]
"""Whether the record's field (or itself, for `id`) is one of the ids or below one of them."""

_ORDERED = frozenset({">", ">=", "<", "<="})
_OPERATORS = _ORDERED | {
    "=",
    "!=",
    "in",
    "not in",
    "like",
    "not like",
    "ilike",
    "not ilike",
    "=like",
    "=ilike",
    "child_of",
}


def matches(domain: list[Any], record_id: int, value: Value, child_of: Ancestors) -> bool:
    """Whether a record is in the domain.

    Raises:
        OdooError: the domain cannot be read.
    """
    tokens = iter(domain)
    result = True
    for each in tokens:
        result = _term(each, tokens, lambda leaf: _leaf(leaf, record_id, value, child_of)) and result
    return result


def _term(part: Any, rest: Iterator[Any], leaf: Callable[[Any], bool]) -> bool:
    if part == "!":
        return not _term(_next(rest), rest, leaf)
    if part in ("&", "|"):
        left, right = _term(_next(rest), rest, leaf), _term(_next(rest), rest, leaf)
        return (left and right) if part == "&" else (left or right)
    return leaf(part)


def _next(rest: Iterator[Any]) -> Any:
    try:
        return next(rest)
    except StopIteration:
        raise value_error("Domain() invalid: an operator lacks its operand") from None


def _leaf(leaf: Any, record_id: int, value: Value, child_of: Ancestors) -> bool:
    if not isinstance(leaf, (list, tuple)) or len(leaf) != 3 or leaf[1] not in _OPERATORS:
        raise value_error(f"Domain() invalid item in domain: {leaf!r}")
    name, operator, wanted = leaf
    if operator == "child_of":
        return child_of(record_id, name, wanted)
    found = value(record_id, name)
    if operator.startswith("not "):
        return not _compare(found, operator.removeprefix("not "), wanted)
    if operator == "!=":
        return not _compare(found, "=", wanted)
    return _compare(found, operator, wanted)


def _compare(found: Any, operator: str, wanted: Any) -> bool:
    if operator == "in":
        return any(_compare(found, "=", each) for each in wanted)
    if operator == "=":
        return wanted in found if isinstance(found, list) else (found or False) == (wanted or False)
    if operator in ("like", "ilike", "=like", "=ilike"):
        return _like(str(found or ""), operator, str(wanted))
    if found is False or found is None:
        return False
    results: dict[str, Callable[[], bool]] = {
        ">": lambda: found > wanted,
        ">=": lambda: found >= wanted,
        "<": lambda: found < wanted,
        "<=": lambda: found <= wanted,
    }
    return results[operator]()


def _like(found: str, operator: str, wanted: str) -> bool:
    pattern = wanted if operator.startswith("=") else f"%{wanted}%"
    expression = re.escape(pattern).replace("%", ".*").replace("_", ".")
    flags = re.DOTALL | (re.IGNORECASE if operator.endswith("ilike") else 0)
    return re.fullmatch(expression, found, flags) is not None
