"""Values as Odoo 14 to 18 write them into JSON: `False` for everything that is empty, hours as decimal numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict

T = TypeVar("T")

_CLOCK: Final = re.compile(r"\s*(\d{1,2}):(\d{2})(?::\d{2})?\s*")
_DAY_MINUTES: Final = 24 * 60


class OdooShape(BaseModel):
    """A part of a body. Fields nobody asked for are passed over: two generations of modules send different ones."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _text(value: Any) -> Any:
    if value is None or value is False:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.replace("\0", "").strip() if isinstance(value, str) else value


def _number(value: Any) -> Any:
    return 0.0 if value is None or value is False or value == "" else value


def _minutes(value: Any) -> Any:
    """Hours as a decimal number or as `HH:MM`, in minutes after midnight."""
    if value is None or value is False or value == "":
        return 0
    if isinstance(value, str):
        found = _CLOCK.fullmatch(value)
        return int(found.group(1)) * 60 + int(found.group(2)) if found else _from_decimal(float(value))
    return _from_decimal(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _from_decimal(hours: float) -> int:
    if not 0 <= hours <= 24:
        raise ValueError("hours are between 0 and 24")
    return round(hours * 60)


def _yes(value: Any) -> Any:
    return bool(value) if value is None or value == "" or isinstance(value, int | float) else value


def _many(value: Any) -> Any:
    return () if value is None or value is False or value == "" else value


def _part(value: Any) -> Any:
    return {} if value is None or value is False or value == "" else value


OdooText = Annotated[str, BeforeValidator(_text)]
OdooNumber = Annotated[float, BeforeValidator(_number)]
OdooMinutes = Annotated[int, BeforeValidator(_minutes)]
OdooBool = Annotated[bool, BeforeValidator(_yes)]
OdooList = Annotated[tuple[T, ...], BeforeValidator(_many)]
OdooPart = Annotated[T, BeforeValidator(_part)]


def as_time(minutes: int) -> time:
    """A time of day; the end of the day, which has none, is its last minute."""
    minutes = max(0, min(minutes, _DAY_MINUTES - 1))
    return time(minutes // 60, minutes % 60)


def as_clock(minutes: int) -> str:
    """`HH:MM`."""
    return as_time(minutes).strftime("%H:%M")


def local_day(text: str, zone: ZoneInfo, *, end: bool = False) -> date | None:
    """The tenant's day of one of Odoo's datetimes, which are UTC without saying so; of a date that very day.

    A period that ends at midnight ends with the day before (`end`).

    Raises:
        ValueError: it is neither.
    """
    if not text:
        return None
    if len(text) == len("YYYY-MM-DD"):
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (moment - timedelta(microseconds=1 if end else 0)).astimezone(zone).date()


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """What says something."""
    return {name: value for name, value in values.items() if value not in ("", (), None)}
