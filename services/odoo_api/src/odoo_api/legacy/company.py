"""The company profile out of what old modules push, a part at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from common.knowledge import Company, Link
from odoo_api.legacy.odoo_values import as_clock, as_time, without_empty
from odoo_api.legacy.shapes import WEEKDAYS, BusinessHours, CompanyPush

COMPANY_ID: Final = "main"

_PARTS: Final = ("company_info", "customer_service", "social_media", "basic_info", "company_metadata", "promotions")
_STYLES: Final = {
    "formal": "formal",
    "casual": "descontraído",
    "friendly": "amigável",
    "technical": "técnico",
}
_EMOJIS: Final = {"none": "sem emojis", "moderate": "poucos emojis", "frequent": "muitos emojis"}


def company_push(body: Mapping[str, Any]) -> CompanyPush:
    """Read the company from any generation's body: the parts are laid over each other."""
    flat: dict[str, Any] = {}
    for part in (body, *(body.get(name) for name in _PARTS)):
        if isinstance(part, dict):
            flat.update({name: value for name, value in part.items() if name in CompanyPush.model_fields})
    promotions = body.get("promotions")
    if isinstance(promotions, dict) and "inform_at_start" in promotions:
        flat["inform_promotions_at_start"] = promotions["inform_at_start"]
    return CompanyPush.model_validate(flat)


def company_item(push: CompanyPush, present: Mapping[str, Any]) -> dict[str, Any] | None:
    """The profile with what the push says laid over what is stored; None: nobody ever said the company's name.

    The modules push the profile in two requests that know different things; neither must erase the other's.
    """
    name = push.company_name or push.name or present.get("name", "")
    if not name:
        return None
    said = without_empty(
        {
            "description": "\n\n".join(filter(None, (push.description, push.company_values))),
            "greeting": push.greeting_message,
            "style": _style(push),
            "hours": _hours(push.business_hours),
        }
    )
    links = _links(push, present.get("links", ()))
    merged = {**present, **said, "id": COMPANY_ID, "name": name, "links": links, "updated_at": None}
    return Company.model_validate(merged).model_dump(mode="json")


def _style(push: CompanyPush) -> str:
    words = (_STYLES.get(push.communication_style, push.communication_style), _EMOJIS.get(push.emoji_usage, ""))
    return ", ".join(filter(None, words))


def _links(push: CompanyPush, present: Any) -> list[dict[str, str]]:
    links = {each["title"]: each["url"] for each in present}
    links.update(without_empty({"Site": push.website, "Instagram": push.instagram_url, "Facebook": push.facebook_url}))
    return [Link(title=title, url=url).model_dump() for title, url in links.items()]


def _hours(hours: BusinessHours) -> tuple[dict[str, Any], ...]:
    special = {5: hours.days.saturday_hours, 6: hours.days.sunday_hours}
    found: list[dict[str, Any]] = []
    for weekday, name in enumerate(WEEKDAYS):
        if not getattr(hours.days, name):
            continue
        own = special.get(weekday)
        if own is not None and own.end > own.start:
            found += _entries(weekday, (own.start, own.end))
        elif hours.lunch_break.enabled and hours.start < hours.lunch_break.start < hours.lunch_break.end < hours.end:
            pause = hours.lunch_break
            found += _entries(weekday, (hours.start, pause.start), (pause.end, hours.end))
        else:
            found += _entries(weekday, (hours.start, hours.end))
    return tuple(found)


def _entries(weekday: int, *spans: tuple[int, int]) -> list[dict[str, Any]]:
    return [
        {"weekday": weekday, "opens": as_time(opens).isoformat(), "closes": as_time(closes).isoformat()}
        for opens, closes in spans
        if as_time(closes) > as_time(opens)
    ]


def company_echo(push: CompanyPush) -> dict[str, Any]:
    """What the unified server answered to `sync-company-metadata`."""
    hours, days = push.business_hours, push.business_hours.days
    channels = {
        "website": (push.website, push.show_website),
        "facebook": (push.facebook_url, push.show_facebook),
        "instagram": (push.instagram_url, push.show_instagram),
    }
    return {
        "company_info": {
            "company_name": push.company_name or push.name,
            "description": push.description,
            "company_values": push.company_values,
            "business_area": push.business_area,
            "business_area_other": push.business_area_other,
        },
        "online_channels": {name: {"url": url, "mention_at_end": shown} for name, (url, shown) in channels.items()},
        "business_hours": {
            "days": [number for number, name in enumerate(WEEKDAYS) if getattr(days, name)],
            "start_time": as_clock(hours.start),
            "end_time": as_clock(hours.end),
            "saturday_start_time": as_clock(days.saturday_hours.start),
            "saturday_end_time": as_clock(days.saturday_hours.end),
            "has_lunch_break": hours.lunch_break.enabled,
            "lunch_break_start": as_clock(hours.lunch_break.start),
            "lunch_break_end": as_clock(hours.lunch_break.end),
        },
        "customer_service": {
            "greeting_message": push.greeting_message,
            "communication_style": push.communication_style,
            "emoji_usage": push.emoji_usage,
        },
        "promotions": {"inform_at_start": push.inform_promotions_at_start},
    }
