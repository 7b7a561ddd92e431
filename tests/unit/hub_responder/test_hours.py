from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from common.knowledge import Company, Holiday, OpeningHours
from hub.responder.hours import coming_holidays, hours_on, status_at, weekly_groups

ZONE = ZoneInfo("America/Sao_Paulo")
COMPANY = Company(
    id="main",
    name="Loja",
    hours=(
        *(OpeningHours(weekday=day, opens=time(9), closes=time(12)) for day in range(5)),
        *(OpeningHours(weekday=day, opens=time(13), closes=time(18)) for day in range(5)),
        OpeningHours(weekday=5, opens=time(9), closes=time(13)),
    ),
    holidays=(
        Holiday(day=date(2026, 12, 25), name="Natal"),
        Holiday(day=date(2026, 12, 24), name="Véspera", opens=time(9), closes=time(11)),
    ),
)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def test_open_until_the_end_of_the_present_opening() -> None:
    status = status_at(COMPANY, at(24, 10))

    assert status.is_open
    assert (status.open_until, status.reopens) == (time(12), time(13))


def test_the_minute_of_closing_is_closed() -> None:
    assert not status_at(COMPANY, at(24, 18)).is_open
    assert status_at(COMPANY, at(24, 9)).is_open


def test_between_two_openings_is_a_break() -> None:
    status = status_at(COMPANY, at(24, 12, 30))

    assert status.on_break
    assert status.reopens == time(13)


def test_before_the_first_opening_is_no_break() -> None:
    status = status_at(COMPANY, at(24, 7))

    assert not status.on_break
    assert status.reopens == time(9)


def test_after_the_last_opening_the_next_day_with_hours_counts() -> None:
    status = status_at(COMPANY, at(28, 15))

    assert status.next_day is not None
    assert status.next_day.date == date(2026, 11, 30)


def test_a_holiday_is_closed_and_skipped() -> None:
    status = status_at(COMPANY, at(24, 12, month=12))

    assert not status.is_open
    assert status.next_day is not None
    assert status.next_day.date == date(2026, 12, 26)


def test_a_holiday_with_hours_replaces_the_weekly_ones() -> None:
    assert hours_on(COMPANY, date(2026, 12, 24)).windows == ((time(9), time(11)),)


def test_days_with_equal_hours_stand_together() -> None:
    assert [days for days, _ in weekly_groups(COMPANY)] == [[0, 1, 2, 3, 4], [5]]


def test_holidays_come_in_order() -> None:
    assert [each.day.day for each in coming_holidays(COMPANY, date(2026, 11, 24))] == [24, 25]


def test_a_company_without_hours_is_never_open() -> None:
    status = status_at(Company(id="main", name="Loja"), at(24, 10))

    assert not status.is_open
    assert status.next_day is None
