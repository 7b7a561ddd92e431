import re

import pytest
from pydantic import ValidationError

from common.knowledge import OpeningHours, Schedule, parse_item
from common.subjects import token, untoken


def test_a_schedule_speaks_of_service_duration_windows_and_policies() -> None:
    sent = {
        "id": "install",
        "service": "Instalação",
        "duration": 90,
        "windows": [{"weekday": 0, "opens": "08:00", "closes": "12:00"}],
        "policies": ["Cancele até a véspera.", "Remarque uma vez."],
    }

    item = parse_item("schedule", sent)

    assert isinstance(item, Schedule)
    assert (item.duration, item.policies) == (90, "Cancele até a véspera.\nRemarque uma vez.")
    assert parse_item("schedule", item.model_dump(mode="json")) == item


def test_a_schedule_stored_by_the_first_version_is_still_read() -> None:
    item = parse_item("schedule", {"id": "a", "service": "x", "duration_minutes": 30, "policies": "uma só"})

    assert isinstance(item, Schedule)
    assert (item.duration, item.policies) == (30, "uma só")


def test_two_durations_are_refused() -> None:
    with pytest.raises(ValidationError):
        parse_item("schedule", {"id": "a", "service": "x", "duration": 30, "duration_minutes": 30})


@pytest.mark.parametrize(("opens", "closes"), [("09:00Z", "18:00"), ("09:00", "18:00:00-03:00"), ("09:00Z", "18:00Z")])
def test_opening_hours_are_those_on_the_door_whatever_offset_is_written_to_them(opens: str, closes: str) -> None:
    hours = OpeningHours.model_validate({"weekday": 0, "opens": opens, "closes": closes})

    assert hours.model_dump(mode="json") == {"weekday": 0, "opens": "09:00:00", "closes": "18:00:00"}


@pytest.mark.parametrize("value", ["l\n", "a.b", "", "*", "é", "=x", "x" * 129])
def test_any_id_is_one_token_of_a_subject_and_comes_back(value: str) -> None:
    encoded = token(value)

    assert re.fullmatch(r"[A-Za-z0-9_=-]+", encoded)
    assert untoken(encoded) == value
