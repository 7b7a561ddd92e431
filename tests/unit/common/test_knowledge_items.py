import pytest
from pydantic import ValidationError

from common.knowledge import Schedule, parse_item


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
