"""Opening hours, computed: weekly hours, holidays and breaks, on the company's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from common.knowledge import Company, Holiday

Window = tuple[time, time]
_LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True)
class Day:
    """The hours of one date."""

    date: date
    windows: tuple[Window, ...]
    holiday: Holiday | None = None


@dataclass(frozen=True)
class Status:
    """How it stands at one moment."""

    day: Day
    open_until: time | None = None
    """Open now, until then."""
    reopens: time | None = None
    """The next opening of today."""
    next_day: Day | None = None
    """The next day with opening hours, when today has no opening left."""

    @property
    def is_open(self) -> bool:
        """Whether the company is open."""
        return self.open_until is not None

    @property
    def on_break(self) -> bool:
        """Closed between two openings of today that surround the moment."""
        return not self.is_open and self.reopens is not None and self.reopens != self.day.windows[0][0]


def hours_on(company: Company, day: date) -> Day:
    """The hours of a date: a holiday's own ones replace the weekly ones."""
    holiday = next((each for each in company.holidays if each.day == day), None)
    if holiday:
        special = ((holiday.opens, holiday.closes),) if holiday.opens and holiday.closes else ()
        return Day(day, special, holiday)
    weekly = sorted((each.opens, each.closes) for each in company.hours if each.weekday == day.weekday())
    return Day(day, tuple(weekly))


def status_at(company: Company, now: datetime) -> Status:
    """Open or closed at a local moment, and what comes next."""
    today = hours_on(company, now.date())
    moment = now.time().replace(tzinfo=None)
    reopens = next((opens for opens, _ in today.windows if opens > moment), None)
    closes = next((closes for opens, closes in today.windows if opens <= moment < closes), None)
    next_day = None if reopens or closes else _next_day(company, now.date())
    return Status(today, closes, reopens, next_day)


def _next_day(company: Company, after: date) -> Day | None:
    days = (hours_on(company, after + timedelta(days=n)) for n in range(1, _LOOK_AHEAD_DAYS))
    return next((day for day in days if day.windows), None)


def weekly_groups(company: Company) -> list[tuple[list[int], tuple[Window, ...]]]:
    """Weekdays with equal hours, together: [(Monday..Friday, ...), (Saturday, ...)]. Closed days are left out."""
    groups: list[tuple[list[int], tuple[Window, ...]]] = []
    for weekday in range(7):
        windows = tuple(sorted((each.opens, each.closes) for each in company.hours if each.weekday == weekday))
        if not windows:
            continue
        same = next((days for days, known in groups if known == windows), None)
        if same is None:
            groups.append(([weekday], windows))
        else:
            same.append(weekday)
    return groups


def coming_holidays(company: Company, today: date, limit: int = 3) -> list[Holiday]:
    """The next holidays the company has told of."""
    return sorted((each for each in company.holidays if each.day >= today), key=lambda each: each.day)[:limit]
