"""The bodies that the old modules push: `business_rules` of the unified server and `business_rules2`."""

from __future__ import annotations

from typing import Final

from odoo_api.legacy.odoo_values import (
    OdooBool,
    OdooList,
    OdooMinutes,
    OdooNumber,
    OdooPart,
    OdooShape,
    OdooText,
)

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Break(OdooShape):
    """A break at noon."""

    enabled: OdooBool = False
    start: OdooMinutes = 0
    end: OdooMinutes = 0


class DayHours(OdooShape):
    """Hours of one day that differ."""

    start: OdooMinutes = 0
    end: OdooMinutes = 0


class Days(OdooShape):
    """On which days the company is open."""

    monday: OdooBool = False
    tuesday: OdooBool = False
    wednesday: OdooBool = False
    thursday: OdooBool = False
    friday: OdooBool = False
    saturday: OdooBool = False
    sunday: OdooBool = False
    saturday_hours: OdooPart[DayHours] = DayHours()
    sunday_hours: OdooPart[DayHours] = DayHours()


class BusinessHours(OdooShape):
    """Opening hours of the company."""

    start: OdooMinutes = 0
    end: OdooMinutes = 0
    lunch_break: OdooPart[Break] = Break()
    days: OdooPart[Days] = Days()


class CompanyPush(OdooShape):
    """What all generations say of the company, whatever part of the body it stands in."""

    company_name: OdooText = ""
    name: OdooText = ""
    website: OdooText = ""
    description: OdooText = ""
    company_values: OdooText = ""
    business_area: OdooText = ""
    business_area_other: OdooText = ""
    greeting_message: OdooText = ""
    communication_style: OdooText = ""
    emoji_usage: OdooText = ""
    inform_promotions_at_start: OdooBool = False
    instagram_url: OdooText = ""
    facebook_url: OdooText = ""
    show_website: OdooBool = False
    show_instagram: OdooBool = False
    show_facebook: OdooBool = False
    business_hours: OdooPart[BusinessHours] = BusinessHours()


class RulePush(OdooShape):
    """A rule. The reference contract has no id in it."""

    id: OdooText = ""
    name: OdooText = ""
    description: OdooText = ""
    type: OdooText = ""
    date_start: OdooText = ""
    date_end: OdooText = ""
    start_date: OdooText = ""
    end_date: OdooText = ""


class RulesPush(OdooShape):
    """All rules of a `business.rules` record."""

    basic_info: OdooPart[CompanyPush] = CompanyPush()
    permanent_rules: OdooList[RulePush] = ()
    temporary_rules: OdooList[RulePush] = ()


class ServiceHours(OdooShape):
    """Hours in which a service can be booked; 0 is closed. `has_*` are of the last generation."""

    morning_start: OdooMinutes = 0
    morning_end: OdooMinutes = 0
    afternoon_start: OdooMinutes = 0
    afternoon_end: OdooMinutes = 0
    has_lunch_break: OdooBool = True
    has_afternoon: OdooBool = True


class ServiceWeek(OdooShape):
    """Hours by kind of day; the last generation says `special_hours` for the weekend."""

    weekdays: OdooPart[ServiceHours] = ServiceHours()
    saturday: OdooPart[ServiceHours] = ServiceHours()
    sunday: OdooPart[ServiceHours] = ServiceHours()


class Policies(OdooShape):
    """What holds for a booking."""

    cancellation: OdooText = ""
    rescheduling: OdooText = ""
    required_information: OdooText = ""
    confirmation_instructions: OdooText = ""


class SchedulingPush(OdooShape):
    """A service with its rules."""

    id: OdooText = ""
    rule_id: OdooText = ""
    name: OdooText = ""
    description: OdooText = ""
    service_type: OdooText = ""
    service_type_other: OdooText = ""
    duration: OdooNumber = 1.0
    min_advance_time: OdooNumber = 0.0
    max_advance_time: OdooNumber = 0.0
    days_available: OdooPart[Days] = Days()
    hours: OdooPart[ServiceWeek] = ServiceWeek()
    special_hours: OdooPart[ServiceWeek] = ServiceWeek()
    policies: OdooPart[Policies] = Policies()
    additional_info: OdooPart[Policies] = Policies()


class DocumentPush(OdooShape):
    """A support document."""

    id: OdooText = ""
    name: OdooText = ""
    document_type: OdooText = ""
    content: OdooText = ""
    active: OdooBool = True
    visible_in_ai: OdooBool = True
