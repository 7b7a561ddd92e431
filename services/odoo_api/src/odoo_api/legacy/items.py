"""Rules, services and documents of old modules as knowledge items: pure translation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from common.knowledge import KnowledgeKind
from odoo_api.legacy.ids import Origin, keys_of
from odoo_api.legacy.odoo_values import as_time, local_day
from odoo_api.legacy.shapes import WEEKDAYS, DocumentPush, RulePush, SchedulingPush, ServiceHours

CATEGORIES: Final = {
    "general": "general",
    "product": "product",
    "service": "service",
    "schedule": "service",
    "delivery": "delivery",
    "payment": "payment",
    "return": "exchange",
    "other": "general",
}
"""Rule types of the modules, and the category that the assistant knows."""

# A dated rule is an offer when it says so; a closed shop over the holidays is dated too, and is no offer.
_OFFER: Final = re.compile(
    r"\b(promo\w*|oferta\w*|desconto\w*|descuento\w*|liquida\w*|cupo[mn]\w*|queima|rebaja\w*|black friday|discount\w*"
    r"|offer\w*|sale)\b|\d\s*%\s*(off|de desconto)|\boff\b|leve \d|gratis"
)


@dataclass(frozen=True)
class Rules:
    """The items of a rules push, by kind."""

    rules: tuple[dict[str, Any], ...]
    promotions: tuple[dict[str, Any], ...]


def rule_items(permanent: Sequence[RulePush], temporary: Sequence[RulePush], origin: Origin, zone: ZoneInfo) -> Rules:
    """Permanent rules, and temporary ones with the days on which they hold: as promotions where they are offers.

    Raises:
        ValueError: a date that is none.
    """
    items: dict[KnowledgeKind, list[dict[str, Any]]] = {"rule": [], "promotion": []}
    for model, rows in (("rule", permanent), ("temporary", temporary)):
        keys = keys_of([(row.id, row.name, row.description) for row in rows])
        for key, row in dict(zip(keys, rows, strict=True)).items():
            kind: KnowledgeKind = "promotion" if model == "temporary" and _is_offer(row) else "rule"
            items[kind].append(_rule(row, origin.item_id(model, key), zone))
    return Rules(tuple(items["rule"]), tuple(items["promotion"]))


def _rule(row: RulePush, item_id: str, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": item_id,
        "title": row.name[:500],
        "text": row.description or row.name,
        "category": CATEGORIES.get(row.type, row.type or "general"),
        "valid_from": local_day(row.date_start or row.start_date, zone),
        "valid_until": local_day(row.date_end or row.end_date, zone, end=True),
    }


def _is_offer(row: RulePush) -> bool:
    decomposed = unicodedata.normalize("NFKD", f"{row.name} {row.description}".lower())
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    return (row.date_end or row.end_date) != "" and _OFFER.search(plain) is not None


def schedule_items(rows: Sequence[SchedulingPush], origin: Origin) -> list[dict[str, Any]]:
    """Services with the hours in which they can be booked."""
    keys = keys_of([(row.rule_id or row.id, row.name, row.description) for row in rows])
    return [_schedule(row, origin.item_id("schedule", key)) for key, row in dict(zip(keys, rows, strict=True)).items()]


def _schedule(row: SchedulingPush, item_id: str) -> dict[str, Any]:
    notes = [row.policies, row.additional_info]
    policies = [
        *(("Cancelamento", each.cancellation) for each in notes),
        *(("Reagendamento", each.rescheduling) for each in notes),
        *(("Confirmação", each.confirmation_instructions) for each in notes),
    ]
    return {
        "id": item_id,
        "service": row.name[:500],
        "description": row.description,
        "duration": max(1, min(round(row.duration * 60), 24 * 60)) if row.duration > 0 else 60,
        "windows": _windows(row),
        "min_advance_hours": max(0, round(row.min_advance_time)),
        "max_advance_days": max(0, round(row.max_advance_time)),
        "policies": "\n".join(f"{title}: {text}" for title, text in policies if text),
        "required_information": "\n".join(each.required_information for each in notes if each.required_information),
    }


def _windows(row: SchedulingPush) -> list[dict[str, Any]]:
    weekend = {5: (row.hours.saturday, row.special_hours.saturday), 6: (row.hours.sunday, row.special_hours.sunday)}
    found: list[dict[str, Any]] = []
    for weekday, name in enumerate(WEEKDAYS):
        if not getattr(row.days_available, name):
            continue
        own = [each for each in weekend.get(weekday, ()) if _spans(each)]
        spans = _spans(own[0]) if own else [] if weekday in weekend else _spans(row.hours.weekdays)
        found += [
            {"weekday": weekday, "opens": as_time(opens).isoformat(), "closes": as_time(closes).isoformat()}
            for opens, closes in spans
        ]
    return found


def _spans(hours: ServiceHours) -> list[tuple[int, int]]:
    """The open hours of a day; without a break the day is one."""
    morning, afternoon = (hours.morning_start, hours.morning_end), (hours.afternoon_start, hours.afternoon_end)
    if not hours.has_afternoon:
        afternoon = (0, 0)
    spans = [(opens, closes) for opens, closes in (morning, afternoon) if as_time(closes) > as_time(opens)]
    if len(spans) == 2 and not hours.has_lunch_break and spans[0][0] < spans[1][1]:
        return [(spans[0][0], spans[1][1])]
    return spans


def document_items(rows: Sequence[DocumentPush], origin: Origin) -> tuple[list[dict[str, Any]], list[str]]:
    """Documents to store, and the ids of those that the assistant must not see any more."""
    keys = keys_of([(row.id, row.name, row.content) for row in rows])
    shown: dict[str, dict[str, Any]] = {}
    hidden: list[str] = []
    for key, row in zip(keys, rows, strict=True):
        item_id = origin.item_id("document", key)
        if row.active and row.visible_in_ai:
            shown[item_id] = {
                "id": item_id,
                "title": row.name[:500],
                "text": row.content,
                "source": f"Odoo: {row.document_type or 'support'}",
            }
        else:
            hidden.append(item_id)
    return list(shown.values()), [each for each in hidden if each not in shown]
