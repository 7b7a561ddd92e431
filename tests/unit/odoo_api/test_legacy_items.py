"""What old modules push, as knowledge: pure translation."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.legacy_bodies import METADATA, RULES, SCHEDULING, document

from common.knowledge import parse_item
from odoo_api.legacy.company import company_item, company_push
from odoo_api.legacy.ids import Origin, keys_of, number_of
from odoo_api.legacy.items import Rules, document_items, rule_items, schedule_items
from odoo_api.legacy.odoo_values import local_day
from odoo_api.legacy.shapes import DocumentPush, RulesPush, SchedulingPush

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def rules(body: dict[str, Any] = RULES, origin: Origin = Origin()) -> Rules:  # noqa: B008 - a frozen value
    push = RulesPush.model_validate(body)
    return rule_items(push.permanent_rules, push.temporary_rules, origin, SAO_PAULO)


def test_rules_keep_name_text_and_category() -> None:
    first, second, *_ = rules().rules

    assert (first["title"], first["text"], first["category"]) == ("Trocas", "Trocas em até 7 dias.", "exchange")
    assert second["category"] == "delivery"


def test_a_dated_offer_is_a_promotion_and_other_dated_rules_are_rules() -> None:
    items = rules()

    assert [each["title"] for each in items.promotions] == ["Promoção de verão"]
    assert [each["title"] for each in items.rules] == ["Trocas", "Entrega", "Recesso", "Estacionamento"]


def test_odoos_datetimes_are_utc_and_become_days_of_the_tenant() -> None:
    (offer,) = rules().promotions
    closed = rules().rules[2]

    assert (offer["valid_from"], offer["valid_until"]) == (date(2026, 11, 1), date(2030, 12, 30))
    assert (closed["valid_from"], closed["valid_until"]) == (None, date(2030, 12, 30)), "midnight ends the day before"


def test_rules_without_ids_keep_theirs_when_only_the_text_changes() -> None:
    before = keys_of([("", "Trocas", "7 dias"), ("", "Entrega", "5 dias")])
    after = keys_of([("", "Entrega", "5 dias"), ("", "Trocas", "30 dias")])

    assert set(before) == set(after)
    assert len(set(keys_of([("", "Aviso", "um"), ("", "Aviso", "dois")]))) == 2


def test_permanent_and_temporary_rules_of_the_same_number_are_two_items() -> None:
    row = {"id": 5, "name": "A", "description": "a", "type": "general"}

    items = rules({"permanent_rules": [row], "temporary_rules": [row]}, Origin("9"))

    assert [each["id"] for each in items.rules] == ["legacy-9-rule-5", "legacy-9-temporary-5"]
    assert number_of("legacy-9-rule-5") == 5


def test_a_full_push_removes_only_what_it_owns() -> None:
    origin = Origin("9")

    assert origin.owns("legacy-9-rule-5")
    assert origin.owns("legacy-main-rule-x0")
    assert not origin.owns("legacy-8-rule-5")
    assert not origin.owns("42")


def test_the_company_has_hours_with_a_break_and_a_short_saturday() -> None:
    item = company_item(company_push(METADATA), {})

    assert item is not None
    monday = [(each["opens"], each["closes"]) for each in item["hours"] if each["weekday"] == 0]
    saturday = [(each["opens"], each["closes"]) for each in item["hours"] if each["weekday"] == 5]
    assert monday == [("08:00:00", "12:00:00"), ("13:30:00", "18:00:00")]
    assert saturday == [("08:30:00", "12:00:00")]
    assert not [each for each in item["hours"] if each["weekday"] == 6]
    assert (item["greeting"], item["style"]) == ("Olá! Como posso ajudar?", "amigável, poucos emojis")
    assert {each["title"] for each in item["links"]} == {"Site", "Instagram"}


def test_the_rules_push_does_not_erase_what_only_the_company_push_knows() -> None:
    known = company_item(company_push(METADATA), {})
    assert known is not None

    again = company_item(RulesPush.model_validate(RULES).basic_info, {**known, "phone": "+55 11 4000-0000"})

    assert again == {**known, "phone": "+55 11 4000-0000"}


def test_nobody_said_the_companys_name() -> None:
    assert company_item(company_push({"company_info": {"company_name": False}}), {}) is None


def test_a_service_has_minutes_windows_and_policies() -> None:
    (item,) = schedule_items([SchedulingPush.model_validate(each) for each in SCHEDULING["scheduling_rules"]], Origin())

    assert (item["id"], item["duration"], item["min_advance_hours"], item["max_advance_days"]) == (
        "legacy-main-schedule-7", 90, 24, 30,
    )  # fmt: skip
    windows = [(each["weekday"], each["opens"], each["closes"]) for each in item["windows"]]
    assert windows[:2] == [(0, "08:00:00", "12:00:00"), (0, "14:00:00", "18:00:00")]
    assert [each for each in windows if each[0] >= 5] == [(5, "08:30:00", "12:00:00")]
    assert (item["policies"], item["required_information"]) == ("Cancelamento: Avise um dia antes.", "Endereço")


def test_a_service_without_a_break_is_bookable_through_noon() -> None:
    body = SCHEDULING["scheduling_rules"][0]
    hours = {**body["hours"]["weekdays"], "has_lunch_break": False}

    (item,) = schedule_items([SchedulingPush.model_validate({**body, "hours": {"weekdays": hours}})], Origin())

    assert [(each["opens"], each["closes"]) for each in item["windows"] if each["weekday"] == 0] == [
        ("08:00:00", "18:00:00")
    ]


def test_the_last_generation_has_the_weekend_in_special_hours() -> None:
    body = SCHEDULING["scheduling_rules"][0]
    saturday = {"morning_start": 9.0, "morning_end": 13.0, "afternoon_start": 14.0, "afternoon_end": 16.0}
    push = {
        **body,
        "id": 7,
        "hours": {"weekdays": body["hours"]["weekdays"]},
        "special_hours": {"saturday": {**saturday, "has_afternoon": False}},
    }

    (item,) = schedule_items([SchedulingPush.model_validate(push)], Origin())

    assert [(each["opens"], each["closes"]) for each in item["windows"] if each["weekday"] == 5] == [
        ("09:00:00", "13:00:00")
    ]


def test_hidden_and_archived_documents_go() -> None:
    rows = [document(1), document(2, active=False), document(3, visible_in_ai=False)]

    shown, hidden = document_items([DocumentPush.model_validate(each) for each in rows], Origin())

    assert [each["id"] for each in shown] == ["legacy-main-document-1"]
    assert hidden == ["legacy-main-document-2", "legacy-main-document-3"]


@pytest.mark.parametrize(
    ("text", "end", "day"),
    [
        ("2026-12-25", False, date(2026, 12, 25)),
        ("2026-12-25", True, date(2026, 12, 25)),
        ("2026-12-25 02:00:00", False, date(2026, 12, 24)),
        ("2026-12-25T12:00:00+00:00", True, date(2026, 12, 25)),
        ("", True, None),
    ],
)
def test_days(text: str, end: bool, day: date | None) -> None:
    assert local_day(text, SAO_PAULO, end=end) == day


EMPTY = st.sampled_from([False, None, ""])
TEXT = EMPTY | st.text(max_size=40)
HOUR = EMPTY | st.floats(0, 24) | st.integers(0, 24) | st.from_regex(r"\A([01]\d|2[0-3]):[0-5]\d\Z")
FLAG = st.booleans() | st.none()
WHEN = EMPTY | st.datetimes().map(lambda moment: moment.replace(year=2028, microsecond=0).isoformat(" "))
SPAN = st.fixed_dictionaries({"start": HOUR, "end": HOUR})
A_DAY = st.fixed_dictionaries(
    {
        "morning_start": HOUR,
        "morning_end": HOUR,
        "afternoon_start": HOUR,
        "afternoon_end": HOUR,
        "has_lunch_break": FLAG,
    }
)
WEEK = st.fixed_dictionaries(dict.fromkeys(("monday", "saturday", "sunday"), FLAG))
RULE = st.fixed_dictionaries(
    {"name": st.text(min_size=1, max_size=40).filter(lambda name: name.replace("\0", "").strip()), "description": TEXT},
    optional={"type": TEXT, "date_start": WHEN, "date_end": WHEN, "id": st.integers(1, 10**6)},
)


@given(st.lists(RULE, max_size=4), st.lists(RULE, max_size=4))
def test_whatever_odoo_leaves_empty_becomes_valid_items(permanent: list[Any], temporary: list[Any]) -> None:
    items = rules({"permanent_rules": permanent, "temporary_rules": temporary})

    found = [("rule", each) for each in items.rules] + [("promotion", each) for each in items.promotions]
    for kind, each in found:
        parse_item(kind, each)  # type: ignore[arg-type]
    assert len({each["id"] for _, each in found}) == len(found)


@given(
    st.fixed_dictionaries(
        {
            "name": st.just("Montagem"),
            "description": TEXT,
            "duration": EMPTY | st.floats(0, 100),
            "min_advance_time": EMPTY | st.floats(0, 1000),
            "days_available": EMPTY | WEEK,
            "hours": EMPTY | st.fixed_dictionaries({"weekdays": EMPTY | A_DAY, "saturday": EMPTY | A_DAY}),
            "policies": EMPTY | st.fixed_dictionaries({"cancellation": TEXT}),
        }
    )
)
def test_whatever_hours_a_service_has_it_becomes_a_valid_item(push: dict[str, Any]) -> None:
    (item,) = schedule_items([SchedulingPush.model_validate(push)], Origin())

    parse_item("schedule", item)


@given(
    st.fixed_dictionaries(
        {
            "company_info": EMPTY | st.fixed_dictionaries({"company_name": st.just("Acme"), "website": TEXT}),
            "business_hours": EMPTY
            | st.fixed_dictionaries(
                {
                    "start": HOUR,
                    "end": HOUR,
                    "lunch_break": EMPTY | st.fixed_dictionaries({"enabled": FLAG, "start": HOUR, "end": HOUR}),
                    "days": EMPTY | WEEK,
                }
            ),
        }
    )
)
def test_whatever_a_company_leaves_empty_it_becomes_a_valid_item(push: dict[str, Any]) -> None:
    item = company_item(company_push(push), {"name": "Acme", "links": []})

    assert item is not None
    parse_item("company", item)


@pytest.mark.parametrize("hours", [25.0, -1.0, "x"])
def test_hours_that_are_none_are_named(hours: Any) -> None:
    with pytest.raises(ValidationError):
        company_push({"business_hours": {"start": hours}})
