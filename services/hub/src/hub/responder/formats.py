"""Money, quantities, dates and times as people of a language write them."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Final

from babel.dates import format_date, format_time, get_day_names
from babel.numbers import format_decimal, get_currency_precision, get_currency_symbol

from common.tenants import Locale

_BABEL: Final[dict[Locale, str]] = {"pt-BR": "pt_BR", "es": "es", "en": "en_US"}
_DAY: Final[dict[Locale, str]] = {"pt-BR": "EEEE, dd/MM", "es": "EEEE, dd/MM", "en": "EEEE, MMM d"}
_DAY_OF_OTHER_YEAR: Final[dict[Locale, str]] = {
    "pt-BR": "EEEE, dd/MM/yyyy",
    "es": "EEEE, dd/MM/yyyy",
    "en": "EEEE, MMM d, yyyy",
}
_DATE: Final[dict[Locale, str]] = {"pt-BR": "dd/MM/yyyy", "es": "dd/MM/yyyy", "en": "MMM d, yyyy"}


def money(amount: Decimal, currency: str, locale: Locale) -> str:
    """Write "R$ 1.234,56": the symbol the company's customers know, the separators of the language they write."""
    symbol = get_currency_symbol(currency, locale="pt_BR" if currency == "BRL" else _BABEL[locale])
    decimals = "0" * get_currency_precision(currency)
    pattern = f"#,##0.{decimals}" if decimals else "#,##0"
    return f"{symbol} {_plain(format_decimal(amount, format=pattern, locale=_BABEL[locale]))}"


def quantity(amount: Decimal, locale: Locale) -> str:
    """Write "12" or "2,5"."""
    return _plain(format_decimal(amount, format="#,##0.###", locale=_BABEL[locale]))


def day(value: date, today: date, locale: Locale) -> str:
    """Write "quarta-feira, 25/11", with the year when it is another one."""
    pattern = _DAY if value.year == today.year else _DAY_OF_OTHER_YEAR
    return format_date(value, format=pattern[locale], locale=_BABEL[locale])


def full_date(value: date, locale: Locale) -> str:
    """Write "25/11/2026"."""
    return format_date(value, format=_DATE[locale], locale=_BABEL[locale])


def weekday(number: int, locale: Locale) -> str:
    """The name of a weekday (0 = Monday)."""
    return str(get_day_names("wide", locale=_BABEL[locale])[number])


def clock(value: time, locale: Locale) -> str:
    """Write "9h", "18h30", "9:00" or "6:30 PM"."""
    if locale == "pt-BR":
        return f"{value.hour}h{value.minute:02d}" if value.minute else f"{value.hour}h"
    if locale == "es":
        return f"{value.hour}:{value.minute:02d}"
    pattern = "h:mm a" if value.minute else "h a"
    return _plain(format_time(value, format=pattern, locale=_BABEL[locale]))


def capitalised(text: str) -> str:
    """With a capital first letter; the rest as it is."""
    return text[:1].upper() + text[1:]


def _plain(text: str) -> str:
    # Babel's no-break blanks do not survive every channel.
    return text.replace("\xa0", " ").replace("\u202f", " ")
