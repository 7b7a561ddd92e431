"""Odoo's JSON values as ours: floats to decimals, `False` to nothing, UTC times without a zone to aware ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from odoo_api.odoo.errors import OdooNotJson

Row: TypeAlias = Mapping[str, Any]

_MONEY_DIGITS = 2


def number(value: Any) -> float:
    """A number; Odoo's `False` is none.

    Raises:
        OdooNotJson: it is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise OdooNotJson("Odoo answered something else than a number")
    return float(value)


def money(amount: Any, digits: int = _MONEY_DIGITS) -> Decimal:
    """A float of Odoo's as an amount, rounded the way Odoo rounds what an order line shows.

    Raises:
        OdooNotJson: it is no number.
    """
    exact = Decimal(repr(round(number(amount), digits + 6)))
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def quantity(value: Any) -> Decimal:
    """A quantity without needless zeros; nothing is zero."""
    exact = Decimal(repr(round(float(value or 0.0), 6)))
    whole = exact.to_integral_value()
    return whole if whole == exact else exact.normalize()


def text(value: Any) -> str:
    """A text; `False` is an empty one."""
    return str(value) if value else ""


def moment(value: Any) -> datetime | None:
    """`2026-11-26 18:01:34` is UTC."""
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC) if value else None


def day(value: Any) -> date | None:
    """`2026-11-26`."""
    return date.fromisoformat(str(value)) if value else None


def related_id(value: Any) -> int | None:
    """The id in a many2one, whichever way it was read: bare, `[id, name]` or `{"id": ...}`."""
    if isinstance(value, Mapping):
        value = value.get("id")
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def related_name(value: Any) -> str:
    """The name in a many2one that was read as `[id, name]` or with `name` or `display_name`."""
    if isinstance(value, Mapping):
        return text(value.get("name") or value.get("display_name"))
    return text(value[1]) if isinstance(value, list) and len(value) == 2 else ""


def rows(value: Any) -> list[Row]:
    """A list of records.

    Raises:
        OdooNotJson: it is none.
    """
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise OdooNotJson("Odoo answered something else than records")
    return value
